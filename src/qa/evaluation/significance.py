"""Is a difference more than noise? Over questions, paired: two systems are compared on each question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

SEED = 20261122
RESAMPLES = 9999
ALPHA, POWER = 0.05, 0.80
CONFIDENCE = 1 - ALPHA
_BATCH = 500
_DIGITS = 12  # of a mean: far below any difference of measures, far above rounding


@dataclass(frozen=True)
class Difference:
    """New minus old in one measure. low, high: the 95 % bootstrap interval of the mean difference.

    p: of the paired randomisation test, two-sided; p_holm: corrected for the number of measures in this comparison. smallest: the difference
    that questions as many, and differences as varied, as these would show four times in five, before the correction; None where no question differs.
    """

    measure: str
    old: float
    new: float
    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    wins: int
    losses: int
    ties: int
    smallest: float | None

    @property
    def is_significant(self) -> bool:
        """Whether the difference holds at 5 % after the correction."""
        return self.p_holm <= ALPHA


def compare(old: Mapping[str, Mapping[str, float]], new: Mapping[str, Mapping[str, float]]) -> list[Difference]:
    """Return the difference in each measure; both hold the same questions: `old[measure][question_id]`."""
    pairs = {
        measure: _paired(old[measure], new[measure]) for measure in new if old.get(measure, {}).keys() & new[measure].keys()
    }
    ps = {measure: randomisation_p(after - before) for measure, (before, after) in pairs.items()}
    corrected = dict(zip(ps, holm(list(ps.values())), strict=True))
    differences = []
    for measure, (before, after) in pairs.items():
        change = after - before
        low, high = bootstrap_interval(change)
        differences.append(
            Difference(
                measure=measure,
                old=float(before.mean()),
                new=float(after.mean()),
                difference=float(change.mean()),
                low=low,
                high=high,
                p=ps[measure],
                p_holm=corrected[measure],
                wins=int((change > 0).sum()),
                losses=int((change < 0).sum()),
                ties=int((change == 0).sum()),
                smallest=smallest_difference(change) if change.any() else None,
            )
        )
    return differences


def randomisation_p(change: NDArray[np.float64]) -> float:
    """Return how often differences as large come about where each question's sign is drawn by chance, in (0, 1].

    change: new minus old for each question, shape (questions,). Exact up to 13 questions, else from RESAMPLES draws. After Fisher; for
    retrieval Smucker, Allan and Carterette, 2007.
    """
    from scipy.stats import permutation_test

    if len(change) < 2 or not change.any():  # noqa: PLR2004
        return 1.0
    result = permutation_test(
        (change,),
        # Rounded: sums that are equal in fractions differ in their last bits.
        lambda sample, axis: np.abs(sample.mean(axis=axis)).round(_DIGITS),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        alternative="greater",
        rng=np.random.default_rng(SEED),
    )
    return float(result.pvalue)


def bootstrap_interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % percentile interval of the mean of values, shape (questions,), over RESAMPLES draws of questions."""
    if len(values) < 2 or (values == values[0]).all():  # noqa: PLR2004
        mean = float(values.mean()) if len(values) else 0.0
        return mean, mean
    from scipy.stats import bootstrap

    interval = bootstrap(
        (values,),
        np.mean,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def holm(ps: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number by Holm's step-down method (1979), in the order given."""
    corrected = [0.0] * len(ps)
    largest = 0.0
    for rank, number in enumerate(sorted(range(len(ps)), key=lambda each: ps[each])):
        largest = max(largest, min(1.0, (len(ps) - rank) * ps[number]))
        corrected[number] = largest
    return corrected


def smallest_difference(change: NDArray[np.float64]) -> float:
    """Return the mean difference that a test at 5 % finds with 80 % power, from the spread of change, shape (questions,)."""
    from scipy.stats import norm

    if len(change) < 2:  # noqa: PLR2004
        return 1.0
    standard_error = float(change.std(ddof=1)) / len(change) ** 0.5
    needed: float = norm.ppf(1 - ALPHA / 2) + norm.ppf(POWER)
    return float(needed * standard_error)


def _paired(old: Mapping[str, float], new: Mapping[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    questions = [question for question in new if question in old]
    return np.array([old[question] for question in questions]), np.array([new[question] for question in questions])
