"""Decide what becomes of a question: answered, related or not covered."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qa.datatypes import Hit, Outcome, SectionStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.index.generation import Generation
    from qa.retrieval.query import Query

# Log-odds that the question is answered, by signal: fitted on an earlier set of dev questions; docs/decisions/refusing.md says why kept.
WEIGHTS = {
    "intercept": -0.23,
    "score": 2.18,
    "operator": 0.21,
    "line": 0.02,
    "topics": 0.21,
    "elsewhere": -3.22,
}
ANSWERED_FROM, RELATED_FROM = 0.55, 0.42
_TYPICAL_SCORE, _SCORE_SPREAD = 0.78, 0.05
_MOST_TOPICS = 3


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


def decide(query: Query, hits: Sequence[Hit], generation: Generation) -> Decision:
    """Return what becomes of query, given its hits."""
    missing = [operator for operator in query.operators if operator not in generation.operators]
    if missing and len(missing) == len(query.operators):
        return Decision(Outcome.NOT_COVERED, 0.0, Reason.NO_GUIDE, missing[0])
    if slug := _unknown_section(query, generation):
        return Decision(Outcome.NOT_COVERED, 0.0, Reason.UNKNOWN_SECTION, slug)
    confidence = _confidence(signals(query, hits[0], generation)) if hits else 0.0
    if confidence >= ANSWERED_FROM:
        return Decision(Outcome.ANSWERED, confidence)
    # Whatever is asked of an operator that has a guide, its closest passages are worth a look.
    if confidence >= RELATED_FROM or (hits and _asks_of_operator(query) and not query.elsewhere):
        return Decision(Outcome.RELATED, confidence)
    return Decision(Outcome.NOT_COVERED, confidence, Reason.OUTSIDE)


def signals(query: Query, best: Hit, generation: Generation) -> dict[str, float]:
    """Return what speaks for the best hit to answer query, by the names that WEIGHTS has."""
    topics = generation.lexicon.topics
    return {
        "intercept": 1.0,
        "score": (best.score - _TYPICAL_SCORE) / _SCORE_SPREAD,
        "operator": float(_asks_of_operator(query)),
        "line": float("line" in query.topics),
        "topics": float(min(sum(not topics[key].general for key in query.topics), _MOST_TOPICS)),
        "elsewhere": float(bool(query.elsewhere)),
    }


def _asks_of_operator(query: Query) -> bool:
    """Whether query is about an operator: one that it names, or an earlier turn's where it names a topic."""
    return bool(query.operators) and (not query.carried or bool(query.topics))


def _unknown_section(query: Query, generation: Generation) -> str:
    """Return the slug of the section that query asks for where the guide of its one operator has no facts for it, else ''."""
    if len(query.operators) != 1:
        return ""
    about = {section.slug: section for section in generation.sections_about(query.operators[0], query.language)}
    topics = generation.lexicon.specific(query.topics)
    sections = [about[slug] for topic in topics for slug in topic.sections if slug in about]
    if sections and all(section.status is SectionStatus.UNKNOWN for section in sections):
        return sections[0].slug
    return ""


def _confidence(found: dict[str, float]) -> float:
    """Return the probability, in [0, 1], that a question with these signals is answered."""
    return 1 / (1 + math.exp(-sum(WEIGHTS[name] * value for name, value in found.items())))
