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

# Log-odds that the best hit answers; chosen on the dev questions, see docs/decisions/refusing.md.
INTERCEPT, SCORE_WEIGHT = -0.5, 45.0
TYPICAL_SCORE = 0.78
NO_SUBJECT = -2.5
NO_OPERATOR = -0.5
ELSEWHERE = -4.0
ANSWERED_FROM, RELATED_FROM = 0.5, 0.25


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
    guided = {guide.operator for guide in generation.guides.values()}
    missing = [operator for operator in query.operators if operator not in guided]
    if missing and len(missing) == len(query.operators):
        return Decision(Outcome.NOT_COVERED, 0.0, Reason.NO_GUIDE, missing[0])
    if slug := _unknown_section(query, generation):
        return Decision(Outcome.NOT_COVERED, 0.0, Reason.UNKNOWN_SECTION, slug)
    confidence = _confidence(query, hits[0].score) if hits else 0.0
    if confidence >= ANSWERED_FROM:
        return Decision(Outcome.ANSWERED, confidence)
    if confidence >= RELATED_FROM:
        return Decision(Outcome.RELATED, confidence)
    return Decision(Outcome.NOT_COVERED, confidence, Reason.OUTSIDE)


def _unknown_section(query: Query, generation: Generation) -> str:
    """Return the slug of the section that query asks for where the guide of its one operator has no facts for it, else ''."""
    if len(query.operators) != 1:
        return ""
    guide = generation.guide(query.operators[0], query.language)
    topics = generation.lexicon.specific(query.topics)
    slugs = [slug for topic in topics for slug in topic.sections]
    sections = [section for slug in slugs if guide and (section := guide.section(slug))]
    if sections and all(section.status is SectionStatus.UNKNOWN for section in sections):
        return sections[0].slug
    return ""


def _confidence(query: Query, score: float) -> float:
    """Return the probability that a hit with score answers query."""
    log_odds = INTERCEPT + SCORE_WEIGHT * (score - TYPICAL_SCORE)
    if not query.operators:
        log_odds += NO_OPERATOR if query.topics else NO_SUBJECT
        if query.elsewhere:
            log_odds += ELSEWHERE
    return 1 / (1 + math.exp(-log_odds))
