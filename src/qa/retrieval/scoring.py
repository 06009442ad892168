"""What a score is made of. Every score lies in [0, 1] and means the same for every engine, filter and k."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.datatypes import Weights


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


def fused_score(late: float, cosine: float, coverage: float, weights: Weights) -> float:
    """Return late interaction, cosine (in [-1, 1]) and coverage as one score.

    Coverage (BM25 over its bound) fades by itself where question and passage are in different languages; ranks, as reciprocal rank
    fusion has them, would hide that.
    """
    total = late + weights.cosine * max(cosine, 0.0) + weights.coverage * coverage
    return total / (1 + weights.cosine + weights.coverage)
