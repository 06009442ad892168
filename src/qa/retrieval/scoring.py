"""What a score is made of. Every score lies in [0, 1] and means the same for every engine, filter and k."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# docs/decisions/ranking.md has the table that chose these, on the dev questions.
COSINE_WEIGHT, COVERAGE_WEIGHT = 0.25, 0.1
# A topic's guide where the question names an operator, or one operator's guide where it names none.
OTHER_SUBJECT = 0.9
# A section that is not about what the question names.
OTHER_SECTION = 0.95


def late_interaction(similarities: NDArray[np.float32]) -> float:
    """Return the mean over the question's tokens of the best cosine with a token of the passage, in [0, 1].

    similarities: shape (question's tokens, passage's tokens). 0 where either has none. After ColBERT (Khattab and Zaharia, 2020),
    with the mean for the sum, so that long questions score as short ones do.
    """
    if similarities.size == 0:
        return 0.0
    return float(np.clip(similarities.max(axis=1).mean(), 0.0, 1.0))


def dense_score(cosine: float) -> float:
    """Return a cosine in [-1, 1] as a score in [0, 1]."""
    return min(max((cosine + 1) / 2, 0.0), 1.0)


def fused_score(late: float, cosine: float, coverage: float) -> float:
    """Return late interaction, cosine (in [-1, 1]) and coverage as one score.

    Coverage (BM25 over its bound) fades by itself where question and passage are in different languages; ranks, as reciprocal rank
    fusion has them, would hide that.
    """
    total = late + COSINE_WEIGHT * max(cosine, 0.0) + COVERAGE_WEIGHT * coverage
    return total / (1 + COSINE_WEIGHT + COVERAGE_WEIGHT)
