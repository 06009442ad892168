"""Put an answer together: evidence with markers, or what the guides do cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.answering.citing import cite, mark, without_footnotes
from qa.answering.decide import Decision, Reason
from qa.answering.evidence import Evidence, pick_evidence
from qa.answering.follow_ups import follow_ups
from qa.answering.reader import for_reader
from qa.answering.wording import say
from qa.corpus.characters import quotable
from qa.corpus.units import units
from qa.datatypes import Answer, Hit, Outcome
from qa.retrieval.query import is_one_name_alone

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qa.index.generation import Generation
    from qa.retrieval.query import Query
    from qa.retrieval.query_vectors import QueryVectors

MOST_CITATIONS = 3
STEPS = "steps"  # the lexicon's topic of those who ask how
# A further passage is cited where its score is at least this share of the best one's.
_NEXT_CITATION = 0.94


def find_evidence(query: Query, hits: Sequence[Hit], encoded: QueryVectors, generation: Generation) -> list[Evidence]:
    """Return the evidence of the best hits, at most one a section, best first."""
    chosen: dict[str, Evidence] = {}
    asks_how = STEPS in query.topics or all(topic.general for topic in generation.lexicon.specific(query.topics))
    for hit in hits:
        if len(chosen) == MOST_CITATIONS or hit.score < _NEXT_CITATION * hits[0].score:
            break
        passage = hit.passage
        guide = generation.guides[passage.guide_id, passage.language]
        section = guide.section(passage.section_id.partition("#")[2])
        if section is None or section.section_id in chosen:
            continue
        rows = generation.rows(section.section_id, guide.language)
        similarities = np.concatenate([generation.tokens.similarities(encoded.tokens, row) for row in rows], axis=1)
        spans = np.concatenate([generation.tokens.spans(row) for row in rows])
        # A topic's numbered list, like a checklist, is one answer; an operator's steps are one to those who ask how.
        whole = asks_how or section.operator is None
        chosen[section.section_id] = pick_evidence(guide, section, similarities, encoded.weights, spans, whole_steps=whole)
    return list(chosen.values())


def find_overview(query: Query, generation: Generation) -> list[Evidence]:
    """Return the overview, whole, of the operator whose name is all that query says; nothing where it says more or there is none."""
    if not is_one_name_alone(query):
        return []
    # Where operators share a guide, one section holds all that is known of one of them.
    known = [section for section in generation.sections_about(query.operators[0], query.language) if section.is_known]
    guide = generation.guide(known[0].section_id.partition("#")[0], query.language) if known else None
    if guide is None:
        return []
    found = units(guide, known[0])
    return [Evidence(guide, known[0], found[0].start, found[-1].end)]


def compose(
    query: Query,
    hits: list[Hit],
    decision: Decision,
    evidence: list[Evidence],
    generation: Generation,
    asked: Collection[str] = (),
) -> Answer:
    """Return the answer whose evidence was found; a related one says first what it is instead.

    asked are the slugs of operators' sections that earlier turns asked about.
    """
    citations = tuple(cite(marker, each, query.language) for marker, each in enumerate(evidence, 1))
    quotes = [for_reader(quotable(without_footnotes(each.quote)), each.language, query.language) for each in citations]
    parts = [f"{quote} {mark(each.marker)}" for quote, each in zip(quotes, citations, strict=True)]
    if decision.outcome is Outcome.RELATED:
        parts.insert(0, _introduction(query, generation))
    return Answer(
        outcome=decision.outcome,
        text="\n\n".join(parts),
        citations=citations,
        hits=tuple(hits),
        confidence=decision.confidence,
        follow_ups=follow_ups(query, evidence, asked, generation),
        language=query.language,
        operators=query.operators,
        carried=query.carried,
        generation=generation.id,
        asked=query.text,
    )


def not_covered(
    query: Query, hits: list[Hit], decision: Decision, generation: Generation, asked: Collection[str] = ()
) -> Answer:
    """Return the answer that says so, with what the guides do cover and the operator's own link; asked as for `compose`."""
    language = query.language
    names = {key: operator.name(language) for key, operator in generation.lexicon.operators.items()}
    parts = [say("not_covered", language)]
    if decision.reason is Reason.NO_GUIDE:
        parts = [say("no_guide", language, operator=names[decision.key])]
    elif decision.reason is Reason.UNKNOWN_SECTION:
        operator = query.operators[0]
        topic = generation.lexicon.topic_of_section(decision.key, language)
        parts = [say("unknown_section", language, operator=names.get(operator, operator), topic=topic)]
    for operator in query.operators:
        official = next((section.official_url for section in generation.sections_about(operator, language)), None)
        if official:
            parts.append(say("official", language, operator=names.get(operator, operator), url=official))
    if decision.reason is not Reason.UNKNOWN_SECTION:
        parts.append(say("covered", language, count=str(len(generation.operators))))
    return Answer(
        outcome=Outcome.NOT_COVERED,
        text="\n\n".join(parts),
        citations=(),
        hits=tuple(hits),
        confidence=decision.confidence,
        follow_ups=follow_ups(query, (), asked, generation, decision.key),
        language=language,
        operators=query.operators,
        carried=query.carried,
        generation=generation.id,
        asked=query.text,
    )


def _introduction(query: Query, generation: Generation) -> str:
    """Return what a related answer opens with."""
    if not is_one_name_alone(query):
        return say("related", query.language)
    return say("overview", query.language, operator=generation.lexicon.operators[query.operators[0]].name(query.language))
