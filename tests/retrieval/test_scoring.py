from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from qa.datatypes import Weights
from qa.retrieval.scoring import STEP, WINDOW, dense_score, fused_score, late_interaction, likeness

_shares = st.floats(0, 1)
_window = st.floats(0, 10)
_LONGEST = 3 * WINDOW


def _cosines(tokens: st.SearchStrategy[int], others: st.SearchStrategy[int]) -> st.SearchStrategy[NDArray[np.float32]]:
    # Unit vectors that were rounded: cosines a little above 1 come up.
    return arrays(np.float32, st.tuples(tokens, others), elements=st.floats(-1.0, 1.0000005960464478, width=32))


def _with_weights(cosines: NDArray[np.float32]) -> st.SearchStrategy[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    weights = arrays(np.float32, len(cosines), elements=st.floats(0.0078125, 4.0, width=32))
    return st.tuples(st.just(cosines), weights)


_asked = _cosines(st.integers(1, 5), st.integers(1, _LONGEST)).flatmap(_with_weights)


def ones(similarities: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ones(len(similarities), np.float32)


def weighted_mean(best: list[float], weights: NDArray[np.float32]) -> float:
    shares = [float(weight) for weight in weights]
    return float(np.dot(shares, best) / sum(shares))


def plain_late_interaction(similarities: NDArray[np.float32], weights: NDArray[np.float32], window: float) -> float:
    """Return late interaction as its docstring has it, token by token and window by window."""
    rows = [[float(cosine) for cosine in row] for row in similarities]
    length = len(rows[0])
    whole = weighted_mean([max(row) for row in rows], weights)
    starts = [start for start in range(0, length, 24) if start == 0 or start + 24 < length]
    near = max(weighted_mean([max(row[start : start + 48]) for row in rows], weights) for start in starts)
    return min(max((whole + window * near) / (1 + window), 0.0), 1.0)


def plain_likeness(question: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    """Return how like the question is to one phrasing, token by token; question holds the cosines with the phrasing's tokens."""
    of_question = weighted_mean([max(map(float, row)) for row in question], weights)
    best = [max(map(float, column)) for column in question.T]
    of_phrasing = sum(best) / len(best)
    return min(max((of_question + of_phrasing) / 2, 0.0), 1.0)


def test_late_interaction_is_the_weighted_mean_of_each_question_tokens_best_cosine() -> None:
    similarities = np.array([[0.5, 0.9, -0.2], [0.25, 0.125, 0.0]], np.float32)

    assert late_interaction(similarities, np.array([1, 1], np.float32), 2) == pytest.approx((0.9 + 0.25) / 2)
    assert late_interaction(similarities, np.array([3, 1], np.float32), 2) == pytest.approx((3 * 0.9 + 0.25) / 4)


def test_words_near_each_other_count_for_more_than_words_from_all_over_the_passage() -> None:
    together, apart = np.zeros((2, 96), np.float32), np.zeros((2, 96), np.float32)
    together[0, 30] = together[1, 60] = 1.0  # within tokens 24 to 72
    apart[0, 10] = apart[1, 60] = 1.0

    assert late_interaction(together, ones(together), 2) == pytest.approx(1.0)
    assert late_interaction(apart, ones(apart), 2) == pytest.approx((1 + 2 * 0.5) / (1 + 2))
    assert late_interaction(apart, ones(apart), 0) == late_interaction(together, ones(together), 0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("first", "last", "length", "near"),
    [
        (0, 47, 96, 1.0),
        (0, 48, 96, 0.5),
        (23, 24, 96, 1.0),
        (24, 71, 96, 1.0),
        (23, 48, 96, 0.5),
        (48, 95, 96, 1.0),
        (0, 47, 48, 1.0),
        (0, 48, 49, 0.5),
        (24, 48, 49, 1.0),
        (47, 72, 73, 0.5),
        (48, 72, 73, 1.0),
    ],
)
def test_a_window_has_48_tokens_and_begins_at_every_24th(first: int, last: int, length: int, near: float) -> None:
    assert (WINDOW, STEP) == (48, 24)
    similarities = np.zeros((2, length), np.float32)
    similarities[0, first] = similarities[1, last] = 1.0

    assert late_interaction(similarities, ones(similarities), 3) == pytest.approx((1 + 3 * near) / (1 + 3))


@settings(deadline=None)
@given(_asked, _window)
def test_late_interaction_is_what_the_plain_loops_say(
    asked: tuple[NDArray[np.float32], NDArray[np.float32]], window: float
) -> None:
    similarities, weights = asked

    assert late_interaction(similarities, weights, window) == pytest.approx(
        plain_late_interaction(similarities, weights, window), abs=1e-5
    )


@settings(deadline=None)
@given(_asked, _window)
def test_late_interaction_lies_between_0_and_1(asked: tuple[NDArray[np.float32], NDArray[np.float32]], window: float) -> None:
    score = late_interaction(*asked, window)

    assert type(score) is float
    assert 0.0 <= score <= 1.0


@settings(deadline=None)
@given(_asked, st.floats(0.0009765625, 1024.0, width=32))
def test_weights_count_by_their_ratios(asked: tuple[NDArray[np.float32], NDArray[np.float32]], factor: float) -> None:
    similarities, weights = asked

    expected = pytest.approx(late_interaction(similarities, weights, 2), abs=1e-5)
    assert late_interaction(similarities, weights * np.float32(factor), 2) == expected


@settings(deadline=None)
@given(_asked, _window)
def test_the_window_never_raises_the_score(asked: tuple[NDArray[np.float32], NDArray[np.float32]], window: float) -> None:
    assert late_interaction(*asked, window) <= late_interaction(*asked, 0) + 1e-5


def test_late_interaction_does_not_grow_with_the_length_of_the_question() -> None:
    row = [[0.5, 0.75]]
    one, seven = np.array(row, np.float32), np.array(row * 7, np.float32)

    assert late_interaction(seven, ones(seven), 2) == pytest.approx(late_interaction(one, ones(one), 2)) == 0.75


def test_a_question_that_points_away_from_the_passage_scores_0() -> None:
    assert late_interaction(np.array([[-0.5, -0.25]], np.float32), np.ones(1, np.float32), 2) == 0.0


@pytest.mark.parametrize("shape", [(0, 4), (0, 100), (3, 0), (0, 0)])
def test_late_interaction_is_0_where_question_or_passage_has_no_token(shape: tuple[int, int]) -> None:
    assert late_interaction(np.zeros(shape, np.float32), np.ones(shape[0], np.float32), 2) == 0.0


@pytest.mark.parametrize("length", [1, 100])
def test_late_interaction_of_rounded_unit_vectors_never_exceeds_1(length: int) -> None:
    assert late_interaction(np.full((1, length), 1.0000004, np.float32), np.ones(1, np.float32), 2) == 1.0


def test_likeness_is_the_mean_of_what_the_question_and_what_the_phrasing_finds_in_the_other() -> None:
    # Two phrasings, of one token and of two.
    similarities = np.array([[0.5, 0.2, 0.8], [0.9, 0.1, 0.4]], np.float32)
    first = ((3 * 0.5 + 1 * 0.9) / 4 + 0.9) / 2
    second = ((3 * 0.8 + 1 * 0.4) / 4 + (0.2 + 0.8) / 2) / 2

    assert likeness(similarities, np.array([3, 1], np.float32), np.array([0, 1, 3])) == pytest.approx([first, second])


@settings(deadline=None)
@given(st.data())
def test_likeness_is_what_the_plain_loops_say_and_lies_between_0_and_1(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    tokens = st.integers(1, 5)
    similarities, weights = data.draw(_cosines(tokens, st.just(sum(lengths))).flatmap(_with_weights))
    starts = np.cumsum([0, *lengths])

    found = likeness(similarities, weights, starts)
    assert found.shape == (len(lengths),)
    assert all(0.0 <= each <= 1.0 for each in found)
    phrasings = [similarities[:, begin:end] for begin, end in pairwise(starts)]
    assert found == pytest.approx([plain_likeness(each, weights) for each in phrasings], abs=1e-5)


def test_a_question_is_no_more_like_a_phrasing_because_of_another_beside_it() -> None:
    similarities, weights = np.array([[0.4, 0.1, 0.9], [0.3, 0.6, 0.2]], np.float32), np.ones(2, np.float32)

    alone = likeness(similarities[:, :2], weights, np.array([0, 2]))
    assert likeness(similarities, weights, np.array([0, 2, 3]))[0] == pytest.approx(alone[0])


@pytest.mark.parametrize(
    ("cosine", "score"), [(-1.0, 0.0), (0.0, 0.5), (0.8, (0.8 + 1) / 2), (1.0, 1.0), (1.0000004, 1.0), (-1.0000004, 0.0)]
)
def test_a_cosine_is_mapped_to_0_to_1(cosine: float, score: float) -> None:
    assert dense_score(cosine) == pytest.approx(score)


SHARES = [(0.8, 0.5, 0.9), (0.8, 0.0, 0.2), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 1.0, 1.0)]


@pytest.mark.parametrize(("late", "coverage", "phrasing"), SHARES)
def test_the_fused_score_is_late_interaction_a_fifth_of_coverage_and_twice_the_likeness_to_phrasings(
    late: float, coverage: float, phrasing: float
) -> None:
    expected = (late + 0.2 * coverage + 2 * phrasing) / (1 + 0.2 + 2)

    assert fused_score(late, coverage, phrasing, Weights()) == pytest.approx(expected)


@pytest.mark.parametrize(("late", "coverage", "_"), SHARES)
def test_without_phrasings_the_fused_score_is_late_interaction_and_a_fifth_of_coverage(
    late: float, coverage: float, _: float
) -> None:
    expected = (late + 0.2 * coverage) / (1 + 0.2)

    assert fused_score(late, coverage, None, Weights()) == pytest.approx(expected)
    assert fused_score(late, coverage, 0.7, Weights(phrasing=0)) == pytest.approx(expected)


@settings(deadline=None)
@given(_shares, _shares, st.none() | _shares, _window, _window)
def test_the_fused_score_lies_between_its_least_part_and_its_greatest(
    late: float, coverage: float, phrasing: float | None, coverage_weight: float, phrasing_weight: float
) -> None:
    parts = [late, coverage, *([] if phrasing is None else [phrasing])]
    score = fused_score(late, coverage, phrasing, Weights(coverage=coverage_weight, phrasing=phrasing_weight))

    assert min(parts) - 1e-9 <= score <= max(parts) + 1e-9


@settings(deadline=None)
@given(_shares, _shares, _shares, _shares)
def test_no_part_that_rises_lowers_the_fused_score(late: float, coverage: float, phrasing: float, more: float) -> None:
    before = fused_score(late, coverage, phrasing, Weights())

    assert fused_score(max(late, more), coverage, phrasing, Weights()) >= before
    assert fused_score(late, max(coverage, more), phrasing, Weights()) >= before
    assert fused_score(late, coverage, max(phrasing, more), Weights()) >= before
