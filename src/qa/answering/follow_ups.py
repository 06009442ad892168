"""What to ask next: other sections of the guide that an answer rests on, or of the operator's where nothing answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.answering.questions import QUESTIONS, question_about
from qa.answering.reader import for_reader
from qa.corpus.folding import spans_of
from qa.datatypes import Language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from qa.answering.evidence import Evidence
    from qa.datatypes import Guide
    from qa.index.generation import Generation
    from qa.retrieval.query import Query

MOST_FOLLOW_UPS = 3
# What people ask next, after a section where that is known, and else.
_AFTER = {
    "abroad": ("credentials", "online", "sim", "final-bill"),
    "agent": ("credentials", "abroad", "online"),
    "device": ("fees", "mnp", "restrictions"),
    "eight-day": ("fees", "device", "steps"),
    "inactivity": ("keep-number", "steps", "fees"),
    "keep-number": ("inactivity", "mnp", "abroad"),
    "mnp": ("final-bill", "sim", "points", "fees"),
    "restrictions": ("credentials", "device", "abroad"),
}
_ELSE = (
    "steps",
    "fees",
    "final-bill",
    "sim",
    "abroad",
    "keep-number",
    "mnp",
    "esim",
    "points",
    "credentials",
    "device",
    "pitfalls",
)
# Answered from another section first: the operator's name says eSIM, and is taken to ask about eSIMs.
_NOT_ASKED = frozenset(("tourist-data-sim", slug) for slug in ("pitfalls", "inactivity", "steps", "mnp", "keep-number"))
# Which headings of topics' guides are questions, and what in them would be taken for another language.
_QUESTION = {
    Language.ZH_HANS: re.compile("吗|怎么|什么|多少|哪|谁|几|还是|能不能|要不要|有没有|会不会|行不行|是不是"),
    Language.JA: re.compile("か$"),
    Language.EN: re.compile(r"\?$"),
}
_FOREIGN = {Language.ZH_HANS: re.compile("[ぁ-ヺ]"), Language.EN: re.compile("[ぁ-ヺ一-鿿]")}
_PREFIX = re.compile("^(?:概览|概要|Overview)[：:] ?")
_ASIDE = re.compile(r" ?[(（][^()（）]*[)）]$")


def follow_ups(
    query: Query, evidence: Sequence[Evidence], asked: Collection[str], generation: Generation, missing: str = ""
) -> tuple[str, ...]:
    """Return what to ask next, at most MOST_FOLLOW_UPS questions in the language of query that the guides answer.

    Args:
        query: The question.
        evidence: What answers it, best first; none where nothing does.
        asked: Slugs of operators' sections that earlier turns asked about.
        generation: The guides.
        missing: The slug of the section that would have answered.
    """
    named = query.operators[:1] if len(query.operators) == 1 or not evidence else ()
    operator = next((operator for operator in (*named, *(each.guide.operator for each in evidence[:1])) if operator), None)
    if operator:
        slugs = [
            slug for slug in (missing, *(each.section.slug for each in evidence if each.section.operator == operator)) if slug
        ]
        found = questions_about(operator, query.language, generation)
        order = dict.fromkeys((*(_AFTER.get(slugs[0], ()) if slugs else ()), *_ELSE))
        wanted = [found[slug] for slug in order if slug in found and slug not in (*slugs, *asked)]
    elif evidence:
        guide, cited = evidence[0].guide, {each.section.section_id for each in evidence}
        found = questions_in(guide, query.language, generation)
        ahead = [section.section_id for section in guide.sections]
        start = ahead.index(evidence[0].section.section_id)
        wanted = [found[each] for each in (*ahead[start:], *ahead[:start]) if each in found and each not in cited]
    else:
        wanted = []
    return tuple(question for question in dict.fromkeys(wanted) if question != query.text)[:MOST_FOLLOW_UPS]


def sections_asked(query: Query, turns: Iterable[Query], generation: Generation) -> frozenset[str]:
    """Return the slugs of operators' sections that turns asked about, of an operator that query is about."""
    return frozenset(
        slug
        for turn in turns
        if set(turn.operators) & set(query.operators)
        for topic in generation.lexicon.specific(turn.topics)
        for slug in topic.sections[:1]
    )


def questions_about(operator: str, language: Language, generation: Generation) -> dict[str, str]:
    """Return the questions in language that operator's guide answers, by the slugs of the sections; none where it shares a guide."""
    # A section that is named like its operator tells of it in a guide that it shares.
    known = {each.slug for each in generation.sections_about(operator, language) if each.is_known and each.slug != operator}
    if not known or operator not in generation.lexicon.operators:
        return {}
    name = generation.lexicon.operators[operator].name(language)
    return {
        slug: question_about(slug, name, language) for slug in QUESTIONS if slug in known and (operator, slug) not in _NOT_ASKED
    }


def questions_in(guide: Guide, language: Language, generation: Generation) -> dict[str, str]:
    """Return the headings of a topic's guide that are questions, by section, for a reader of language.

    Those that name operators are left out; all are where the guide is in another language.
    """
    if guide.language is not language.of_guides:
        return {}
    names = {name for operator in generation.lexicon.operators.values() for name in operator.names.values()}
    asking = {each.section_id: _as_question(each.headings[-1], guide.language) for each in guide.sections if each.is_known}
    return {
        section: for_reader(question, guide.language, language)
        for section, question in asking.items()
        if question and not spans_of(names, question)
    }


def _as_question(heading: str, written: Language) -> str:
    """Return heading as a question of whoever reads it, what stands before a colon where that is one; '' where it is none."""
    heading = _PREFIX.sub("", heading)
    foreign = _FOREIGN.get(written)
    for part in (heading.partition("：")[0], heading):
        question = _ASIDE.sub("", part)
        if _QUESTION[written].search(question) and not (foreign and foreign.search(question)):
            return question if written is Language.EN else f"{question}？"
    return ""
