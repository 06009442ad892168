"""What a question asks for, told by the phrasings that it is like."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from qa.corpus.phrasings import target_of
from qa.retrieval.scoring import likeness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.datatypes import Section
    from qa.index.phrasing_index import PhrasingIndex
    from qa.retrieval.query_vectors import QueryVectors

NEAREST = 400  # phrasings, by embedding, that are compared token by token
_VOICES = 3  # a target is as like as this many of its phrasings in the mean: one alone may be like by chance


@dataclass(frozen=True)
class Asking:
    """How like the question is to the phrasings of each target, in [0, 1]: sections' targets, and what is outside the guides.

    Targets none of whose phrasings is among the nearest are as like as the farthest of these. Empty where there are no phrasings.
    """

    sections: Mapping[str, float]
    outside: Mapping[str, float]

    def of(self, section: Section) -> float | None:
        """Return how like the question is to those that section answers; the median of all where nobody wrote any, None without phrasings."""
        if not self.sections:
            return None
        found = self.sections.get(target_of(section))
        return median(self.sections.values()) if found is None else found

    @property
    def margin(self) -> float:
        """Return by how much the question is more like one that the guides answer than one that they don't; 0 without phrasings."""
        return max(self.sections.values()) - max(self.outside.values()) if self.sections and self.outside else 0.0


class PhrasingMatcher:
    """Compares questions with the phrasings of a generation."""

    def __init__(self, index: PhrasingIndex) -> None:
        self._index = index
        self._has_tokens = index.tokens.lengths > 0
        self._targets = {False: _targets(index, outside=False), True: _targets(index, outside=True)}

    def match(self, query: QueryVectors) -> Asking:
        """Return how like query is to the phrasings of each target."""
        asks = query.tokens[query.asks]
        rows = self._index.vectors.nearest(query.embedding, NEAREST)
        rows = rows[self._has_tokens[rows]]
        if not len(rows) or not len(asks):
            return Asking({}, {})
        vectors, starts = self._index.tokens.gathered(rows)
        likenesses = likeness(asks @ vectors.T, query.weights[query.asks], starts)
        found: dict[tuple[bool, str], list[float]] = {}
        for row, like in zip(rows, likenesses, strict=True):
            phrasing = self._index.phrasings[row]
            found.setdefault((phrasing.outside, phrasing.target), []).append(float(like))
        farthest = float(likenesses.min())
        return Asking(*(self._scores(found, farthest, outside=outside) for outside in (False, True)))

    def _scores(self, found: dict[tuple[bool, str], list[float]], farthest: float, *, outside: bool) -> dict[str, float]:
        """Return for each target the mean of its best phrasings, those that are not among the nearest as the farthest of these."""
        scores = dict.fromkeys(self._targets[outside], farthest)
        for (is_outside, target), likenesses in found.items():
            if is_outside is outside:
                best = sorted(likenesses, reverse=True)[:_VOICES]
                scores[target] = (sum(best) + farthest * (_VOICES - len(best))) / _VOICES
        return scores


def _targets(index: PhrasingIndex, *, outside: bool) -> list[str]:
    return list(dict.fromkeys(each.target for each in index.phrasings if each.outside is outside))
