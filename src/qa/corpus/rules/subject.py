"""Whom or what a guide is about: its name, its fixed sections, its overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus.units import Kind, units
from qa.datatypes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.corpus.lexicon import Lexicon
    from qa.datatypes import Guide, Language

OPERATOR_SLUGS = (
    "overview",
    "online",
    "steps",
    "credentials",
    "fees",
    "final-bill",
    "sim",
    "esim",
    "points",
    "device",
    "mnp",
    "restrictions",
    "agent",
    "eight-day",
    "inactivity",
    "keep-number",
    "abroad",
    "pitfalls",
)
_OVERVIEW_LINES = 3  # what it costs, when the service stops, what happens to the SIM


def subject_problems(guide: Guide, lexicon: Lexicon) -> Iterator[Problem]:
    """Yield where guide is not called what it is about, or an operator's guide lacks its sections."""
    if (guide.operator or guide.topic) != guide.guide_id:
        yield Problem(guide.path, 1, "id", f"operator or topic must be the file's name, '{guide.guide_id}'")
    for operator in dict.fromkeys(section.operator for section in guide.sections if section.operator):
        if operator not in lexicon.operators:
            yield Problem(guide.path, 1, "lexicon", f"operator '{operator}' is not in lexicon.yaml")
    if not guide.operator:
        return
    slugs = tuple(section.slug for section in guide.sections)
    if slugs != OPERATOR_SLUGS:
        missing = [slug for slug in OPERATOR_SLUGS if slug not in slugs]
        extra = [slug for slug in slugs if slug not in OPERATOR_SLUGS]
        detail = f"missing: {missing}; not of the set: {extra}" if missing or extra else "another order"
        yield Problem(guide.path, 1, "slugs", f"an operator's guide has the fixed sections, in their order ({detail})")
    if overview := guide.section("overview"):
        found = sum(unit.kind is Kind.BULLETS for unit in units(guide, overview))
        if overview.is_known and found != _OVERVIEW_LINES:
            message = (
                f"the overview has {found} list items; expected {_OVERVIEW_LINES}: the cost, when the service stops, the SIM"
            )
            yield Problem(guide.path, guide.line(overview.start), "overview", message)


def repeated_operators(guides: Sequence[Guide]) -> Iterator[Problem]:
    """Yield where a second guide in a language tells of the same operator."""
    first: dict[tuple[Language, str], Guide] = {}
    for guide in guides:
        for operator in dict.fromkeys(section.operator for section in guide.sections if section.operator):
            known = first.setdefault((guide.language, operator), guide)
            if known is not guide:
                yield Problem(
                    guide.path, 1, "operator", f"{known.path} tells of '{operator}' already; an operator has one guide"
                )
