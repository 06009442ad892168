"""Decide what becomes of a question: answered, related or not covered."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from qa.corpus.phrasings import target_of
from qa.datatypes import Hit, Outcome
from qa.retrieval.query import is_names_alone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.corpus.lexicon import Topic
    from qa.datatypes import Section
    from qa.index.generation import Generation
    from qa.retrieval.phrasing import Asking
    from qa.retrieval.query import Query

FITTED = "refusing.toml"
_FURTHEST = 0.05  # by how much a section without facts may be less asked for than one with, and still say something


class Reason(StrEnum):
    """Why a question is not covered, where more can be said than that."""

    NO_GUIDE = "no_guide"
    UNKNOWN_SECTION = "unknown_section"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Decision:
    """The outcome; confidence, in [0, 1], that the best hit answers. key is the operator without a guide or the unknown section's slug."""

    outcome: Outcome
    confidence: float
    reason: Reason | None = None
    key: str = ""


@dataclass(frozen=True)
class Refusing:
    """What a confidence is made of, and from which confidence a question is answered or shown related passages."""

    weights: Mapping[str, float]
    answered_from: float
    related_from: float

    def confidence(self, found: Mapping[str, float]) -> float:
        """Return the probability, in [0, 1], that a question with these signals is answered."""
        return 1 / (1 + math.exp(-sum(weight * found[name] for name, weight in self.weights.items())))


@cache
def fitted() -> Refusing:
    """Return what `make fit-refusing` fitted on the dev questions."""
    values = tomllib.loads((files(__package__) / FITTED).read_text("utf-8"))
    return Refusing(values["weights"], values["answered_from"], values["related_from"])


def decide(query: Query, asking: Asking, hits: Sequence[Hit], generation: Generation) -> Decision:
    """Return what becomes of query, given what it asks for and its hits."""
    missing = [operator for operator in query.operators if operator not in generation.operators]
    if missing and len(missing) == len(query.operators):
        return Decision(Outcome.NOT_COVERED, 0.0, Reason.NO_GUIDE, missing[0])
    if slug := unknown_section(query, generation):
        return Decision(Outcome.NOT_COVERED, 0.0, Reason.UNKNOWN_SECTION, slug)
    refusing = fitted()
    confidence = refusing.confidence(signals(query, asking, hits[0], generation)) if hits else 0.0
    asks = not (query.operators and is_names_alone(query))  # an operator's name alone is no question
    if confidence >= refusing.answered_from and asks:
        return Decision(Outcome.ANSWERED, confidence)
    # What the guides could tell of an operator is worth a look, even where it isn't the answer.
    could_be = not query.elsewhere and (asking.margin >= 0 or any(not topic.general for topic in _topics(query, generation)))
    if confidence >= refusing.related_from or (hits and _asks_of_operator(query) and could_be):
        return Decision(Outcome.RELATED, confidence)
    return Decision(Outcome.NOT_COVERED, confidence, Reason.OUTSIDE)


def signals(query: Query, asking: Asking, best: Hit, generation: Generation) -> dict[str, float]:
    """Return what speaks for the best hit to answer query, by name.

    score: of the best hit. margin: by how much the question is more like those that the guides answer than like those that they don't.
    elsewhere: whether something well known is named that they don't cover. unknown: by how much the question asks more for a section that has
    no facts for its one operator than for any that has.
    """
    return {
        "intercept": 1.0,
        "score": best.score,
        "margin": asking.margin,
        "elsewhere": float(bool(query.elsewhere)),
        "unknown": _unknown_by_phrasing(query, asking, generation),
    }


def unknown_section(query: Query, generation: Generation) -> str:
    """Return the slug of the section that query names where the guide of its one operator has no facts for it, else ''."""
    about = {section.slug: section for section in _sections_of_operator(query, generation)}
    sections = [about[slug] for topic in _topics(query, generation) for slug in topic.sections if slug in about]
    if sections and not any(section.is_known for section in sections):
        return sections[0].slug
    return ""


def _asks_of_operator(query: Query) -> bool:
    """Whether query is about an operator: one that it names, or an earlier turn's where it names a topic."""
    return bool(query.operators) and (not query.carried or bool(query.topics))


def _topics(query: Query, generation: Generation) -> list[Topic]:
    """Return the topics that query names, without the general ones where others are left."""
    return generation.lexicon.specific(query.topics)


def _sections_of_operator(query: Query, generation: Generation) -> tuple[Section, ...]:
    """Return the sections about the one operator that query is about; none where it is about several or none."""
    if len(query.operators) != 1:
        return ()
    return generation.sections_about(query.operators[0], query.language)


def _unknown_by_phrasing(query: Query, asking: Asking, generation: Generation) -> float:
    """Return how much more is asked for sections without facts than for those with, at least -_FURTHEST."""
    if not asking.sections or not _asks_of_operator(query):
        return -_FURTHEST
    likenesses: dict[bool, float] = {}
    for section in _sections_of_operator(query, generation):
        found = asking.sections.get(target_of(section))
        if found is not None:
            likenesses[section.is_known] = max(found, likenesses.get(section.is_known, 0.0))
    if len(likenesses) < 2:  # noqa: PLR2004
        return -_FURTHEST
    return max(likenesses[False] - likenesses[True], -_FURTHEST)
