"""How far two judges agree, beyond what chance would bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Agreement:
    """Two judges on the same things. agreed: the share judged alike, in [0, 1]. The coefficients are at most 1; 0 is chance.

    kappa is Cohen's (1960); weighted_kappa is his with quadratic weights (1968), for grades in order: a difference of two weighs four times
    one of one. ac1 is Gwet's (2008, doi:10.1348/000711006X126600), which stays meaningful where one grade is rare, as kappa doesn't.
    All are 1 where both judges always gave one and the same grade, for which kappa is not defined.
    """

    pairs: int
    agreed: float
    kappa: float
    weighted_kappa: float
    ac1: float


def agreement(first: Sequence[int], second: Sequence[int]) -> Agreement:
    """Return the agreement of two judges' grades of the same things, in the same order; ValueError where there are none."""
    from sklearn.metrics import cohen_kappa_score

    pairs = len(first)
    grades = sorted({*first, *second})
    if not pairs:
        raise ValueError("no pair was judged by both")
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / pairs
    if len(grades) == 1:
        return Agreement(pairs, 1.0, 1.0, 1.0, 1.0)
    return Agreement(
        pairs=pairs,
        agreed=agreed,
        kappa=float(cohen_kappa_score(first, second)),
        weighted_kappa=float(cohen_kappa_score(first, second, weights="quadratic")),
        ac1=_ac1([*first, *second], grades, agreed),
    )


def _ac1(both: Sequence[int], grades: Sequence[int], agreed: float) -> float:
    shares = [both.count(grade) / len(both) for grade in grades]
    by_chance = sum(share * (1 - share) for share in shares) / (len(grades) - 1)
    return (agreed - by_chance) / (1 - by_chance)
