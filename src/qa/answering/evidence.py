"""Pick the words of a section that answer: one run of claims, list items or table rows, as an exact span of the guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.corpus.units import Kind, Unit, units
from qa.datatypes import Language

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.datatypes import Guide, Section

# A neighbour within this much of the best unit's score belongs to the answer.
_CLOSE = 0.1
# A section opens with its answer: details have to match the question better by this much to be quoted instead.
_OPENING_BONUS = 0.1
_LONGEST = {Language.ZH_HANS: 260, Language.JA: 320, Language.EN: 620}
_LONGEST_LIST = 4


@dataclass(frozen=True)
class Evidence:
    """`guide.text[start:end]` answers the question."""

    guide: Guide
    section: Section
    start: int
    end: int


def pick_evidence(
    guide: Guide,
    section: Section,
    similarities: NDArray[np.float32],
    weights: NDArray[np.float32],
    spans: NDArray[np.int32],
    *,
    whole_steps: bool,
) -> Evidence:
    """Return the run of units of section that answers best.

    Args:
        guide: The guide.
        section: The section to quote.
        similarities: Cosines of the question's tokens with the section's, shape (q, tokens).
        weights: Weights of the question's tokens, shape (q,).
        spans: Offsets of the section's tokens in the guide, -1 for its headings, shape (tokens, 2).
        whole_steps: Whether numbered steps are quoted together, as an answer to "how do I cancel" needs them.

    A section opens with its answer: that is preferred, and a run in the first paragraph starts with it.
    """
    found = units(guide, section)
    scores = [_score(unit, similarities, weights, spans) for unit in found]
    # Where operators share a guide, one section holds all that is known of one of them, and its opening answers one question of many.
    bonus = 0.0 if section.slug == section.operator else _OPENING_BONUS
    best = int(np.argmax([scores[0] + bonus, *scores[1:]]))
    longest = _LONGEST[guide.language]
    together = _together(guide, found, best, whole_steps=whole_steps)
    if together and _length(found, *together) <= _LONGEST_LIST * longest:
        first, last = together
        if _length(found, 0, last) <= _LONGEST_LIST * longest:
            first = 0  # with the sentence that opens the section
    else:
        first = 0 if found[best].block == 0 and _length(found, 0, best) <= longest else best
        first, last = _widen(found, scores, first, best, scores[best] - _CLOSE, longest)
    return Evidence(guide, section, found[first].start, found[last].end)


def _together(guide: Guide, found: list[Unit], best: int, *, whole_steps: bool) -> tuple[int, int] | None:
    """Return the units that answer only together, where best is one of them: steps where wanted, or the lines of the opening."""
    steps = [number for number, unit in enumerate(found) if unit.kind is Kind.NUMBERED] if whole_steps else []
    if steps and best in (0, *steps):
        return steps[0], steps[-1]
    opening = _block(found, 0)
    has_lines = "\n" in guide.text[found[0].start : found[opening[1]].end]
    return opening if has_lines and found[0].kind is Kind.PARAGRAPH and best <= opening[1] else None


def _score(unit: Unit, similarities: NDArray[np.float32], weights: NDArray[np.float32], spans: NDArray[np.int32]) -> float:
    """Return the weighted mean over the question's tokens of the best cosine with a token of unit; -1 where it has none."""
    inside = (spans[:, 0] >= unit.start) & (spans[:, 1] <= unit.end)
    if not inside.any() or similarities.size == 0:
        return -1.0
    return float(weights @ similarities[:, inside].max(axis=1) / weights.sum())


def _block(found: list[Unit], at: int) -> tuple[int, int]:
    members = [number for number, unit in enumerate(found) if unit.block == found[at].block]
    return members[0], members[-1]


def _length(found: list[Unit], first: int, last: int) -> int:
    return found[last].end - found[first].start


def _widen(found: list[Unit], scores: list[float], first: int, last: int, floor: float, longest: int) -> tuple[int, int]:
    """Return the run first…last with the neighbours of its block that score at least floor, as long as it stays short."""
    lowest, highest = _block(found, last)
    while last < highest and scores[last + 1] >= floor and _length(found, first, last + 1) <= longest:
        last += 1
    while first > lowest and scores[first - 1] >= floor and _length(found, first - 1, last) <= longest:
        first -= 1
    return first, last
