from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from qa.datatypes import Weights
from qa.retrieval.scoring import dense_score, fused_score, late_interaction

_shares = st.floats(0, 1)
_cosines = arrays(np.float32, st.tuples(st.integers(0, 5), st.integers(0, 5)), elements=st.floats(-1.0, 1.0, width=32))


def test_late_interaction_is_the_mean_of_each_question_tokens_best_cosine() -> None:
    similarities = np.array([[0.5, 0.9, -0.2], [0.25, 0.125, 0.0]], np.float32)

    assert late_interaction(similarities) == pytest.approx((0.9 + 0.25) / 2)


def test_late_interaction_does_not_grow_with_the_length_of_the_question() -> None:
    row = [[0.5, 0.75]]

    assert late_interaction(np.array(row * 7, np.float32)) == late_interaction(np.array(row, np.float32)) == 0.75


def test_a_question_that_points_away_from_the_passage_scores_0() -> None:
    assert late_interaction(np.array([[-0.5, -0.25]], np.float32)) == 0.0


@pytest.mark.parametrize("shape", [(0, 4), (3, 0), (0, 0)])
def test_late_interaction_is_0_where_question_or_passage_has_no_token(shape: tuple[int, int]) -> None:
    assert late_interaction(np.zeros(shape, np.float32)) == 0.0


@settings(deadline=None)
@given(_cosines)
def test_late_interaction_lies_between_0_and_1(similarities: NDArray[np.float32]) -> None:
    assert 0.0 <= late_interaction(similarities) <= 1.0


def test_late_interaction_of_rounded_unit_vectors_never_exceeds_1() -> None:
    assert late_interaction(np.array([[1.0000004]], np.float32)) == 1.0


@pytest.mark.parametrize(
    ("cosine", "score"), [(-1.0, 0.0), (0.0, 0.5), (0.8, (0.8 + 1) / 2), (1.0, 1.0), (1.0000004, 1.0), (-1.0000004, 0.0)]
)
def test_a_cosine_is_mapped_to_0_to_1(cosine: float, score: float) -> None:
    assert dense_score(cosine) == pytest.approx(score)


@pytest.mark.parametrize(
    ("late", "cosine", "coverage"), [(0.8, 0.9, 0.5), (0.8, 0.9, 0.0), (0.0, 0.0, 1.0), (1.0, 1.0, 1.0), (0.8, -0.5, 0.5)]
)
def test_the_fused_score_is_late_interaction_a_quarter_of_the_cosine_and_a_tenth_of_coverage(
    late: float, cosine: float, coverage: float
) -> None:
    expected = (late + 0.25 * max(cosine, 0) + 0.1 * coverage) / (1 + 0.25 + 0.1)

    assert fused_score(late, cosine, coverage, Weights()) == pytest.approx(expected)


@settings(deadline=None)
@given(_shares, st.floats(-1, 1), _shares)
def test_the_fused_score_lies_between_0_and_1(late: float, cosine: float, coverage: float) -> None:
    assert 0.0 <= fused_score(late, cosine, coverage, Weights()) <= 1.0


@settings(deadline=None)
@given(_shares, st.floats(-1, 1), _shares, _shares)
def test_more_coverage_never_lowers_the_fused_score(late: float, cosine: float, one: float, other: float) -> None:
    assert fused_score(late, cosine, min(one, other), Weights()) <= fused_score(late, cosine, max(one, other), Weights())
