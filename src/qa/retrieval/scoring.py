"""What a score is made of. Every score lies in [0, 1] and means the same for every engine, filter and k."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.datatypes import Weights

# An answer stands together: words that are found near each other count for more than words from all over the passage.
WINDOW, STEP = 48, 24  # tokens


def late_interaction(similarities: NDArray[np.float32], weights: NDArray[np.float32], window: float) -> float:
    """Return how much of the question the passage holds, in [0, 1]; 0 where either has no token.

    For each token of the question the best cosine with a token of the passage, and the weighted mean of these, as ColBERT (Khattab and
    Zaharia, 2020) has it, with the mean for the sum, so that long questions score as short ones do. This once over the whole passage and once
    over the best window of it.

    Args:
        similarities: Cosines, shape (question's tokens, passage's tokens).
        weights: Weights of the question's tokens, above 0, shape (question's tokens,).
        window: Weight of the best window beside the whole passage, whose weight is 1.
    """
    if similarities.size == 0:
        return 0.0
    length = similarities.shape[1]
    shares = weights / weights.sum()
    whole = float(shares @ similarities.max(axis=1))
    if length <= WINDOW:
        return _in_unit(whole)
    steps = np.maximum.reduceat(similarities, np.arange(0, length, STEP), axis=1)  # a window is two steps
    near = float((shares @ np.maximum(steps[:, :-1], steps[:, 1:])).max())
    return _in_unit((whole + window * near) / (1 + window))


def likeness(similarities: NDArray[np.float32], weights: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how like a question each of several phrasings is, in [0, 1]: what of the one is found in the other, both ways.

    Args:
        similarities: Cosines, shape (question's tokens, tokens of all phrasings).
        weights: Weights of the question's tokens, above 0, shape (question's tokens,).
        starts: Where each phrasing's tokens begin, and all end; none is empty.
    """
    of_question = (weights / weights.sum()) @ np.maximum.reduceat(similarities, starts[:-1], axis=1)
    of_phrasing = np.add.reduceat(similarities.max(axis=0), starts[:-1]) / np.diff(starts)
    likenesses: NDArray[np.float64] = np.clip((of_question + of_phrasing) / 2, 0.0, 1.0).astype(np.float64)
    return likenesses


def dense_score(cosine: float) -> float:
    """Return a cosine in [-1, 1] as a score in [0, 1]."""
    return min(max((cosine + 1) / 2, 0.0), 1.0)


def fused_score(late: float, coverage: float, phrasing: float | None, weights: Weights) -> float:
    """Return late interaction, coverage and, where there are phrasings, their likeness as one score.

    Coverage (BM25 over its bound) fades by itself where question and passage are in different languages; ranks, as reciprocal rank
    fusion has them, would hide that.
    """
    total, weight = late + weights.coverage * coverage, 1 + weights.coverage
    if phrasing is not None:
        total, weight = total + weights.phrasing * phrasing, weight + weights.phrasing
    return total / weight


def _in_unit(score: float) -> float:
    return min(max(score, 0.0), 1.0)
