"""How well the assistant knows what it doesn't know."""

from __future__ import annotations

import itertools

import pytest
from evaluation.samples import answerable, asked, unanswerable
from hypothesis import given
from hypothesis import strategies as st

from qa.datatypes import Outcome
from qa.evaluation.outcomes import Asked
from qa.evaluation.refusal import Point, area_under, calibration_error, refusal_measures, risk_coverage

ANY = st.lists(
    st.builds(
        lambda is_answerable, confidence, outcome: asked(answerable=is_answerable, confidence=confidence, outcome=outcome),
        st.booleans(),
        st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.9, 1.0]) | st.floats(0, 1),
        st.sampled_from(Outcome),
    ),
    max_size=30,
)


def test_the_curve_has_a_point_for_each_confidence_from_the_highest() -> None:
    found = risk_coverage([*unanswerable(0.6, 0.1), *answerable(0.9, 0.3)])
    assert found == [
        Point(threshold=0.9, coverage=1 / 2, risk=0 / 1, false_answers=0 / 2),
        Point(threshold=0.6, coverage=1 / 2, risk=1 / 2, false_answers=1 / 2),
        Point(threshold=0.3, coverage=2 / 2, risk=1 / 3, false_answers=1 / 2),
        Point(threshold=0.1, coverage=2 / 2, risk=2 / 4, false_answers=2 / 2),
    ]
    # From 0 to 1/2 the risk is 0; from 1/2 to 1 it goes from 1/2 to 1/3.
    assert area_under(found) == pytest.approx(1 / 2 * 0 + 1 / 2 * (1 / 2 + 1 / 3) / 2)


def test_equal_confidences_are_one_point_whatever_their_order() -> None:
    tied = [*answerable(0.5, 0.5), *unanswerable(0.5)]
    assert risk_coverage(tied) == risk_coverage(tied[::-1]) == [Point(0.5, 2 / 2, 1 / 3, 1 / 1)]
    assert area_under(risk_coverage(tied)) == pytest.approx(1 / 3)


def test_a_tie_is_told_from_its_neighbours() -> None:
    found = risk_coverage([*answerable(0.8, 0.5), *unanswerable(0.5, 0.2)])
    assert [(point.threshold, point.coverage, point.risk) for point in found] == [
        (0.8, 1 / 2, 0.0),
        (0.5, 2 / 2, 1 / 3),
        (0.2, 2 / 2, 2 / 4),
    ]


def test_perfect_separation_has_no_area_and_no_error() -> None:
    found = refusal_measures([*unanswerable(0.3, 0.1, 0.2), *answerable(0.9, 0.5, 0.7)])
    assert (found.area, found.error_at_90) == (0.0, 0.0)


def test_reversed_separation_has_the_largest_area() -> None:
    found = refusal_measures([*unanswerable(0.9, 0.8), *answerable(0.3, 0.2)])
    # Risk 1 where nothing is covered, then 2/3 at a half and 2/4 at the end.
    assert found.area == pytest.approx(1 / 2 * (1 + 2 / 3) / 2 + 1 / 2 * (2 / 3 + 2 / 4) / 2)
    assert found.error_at_90 == 2 / 4


def test_the_error_at_90_is_the_risk_where_nine_in_ten_are_first_covered() -> None:
    ten = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.1]
    found = refusal_measures([*answerable(*ten), *unanswerable(0.87, 0.5, 0.4)])
    assert found.error_at_90 == 1 / (9 + 1)


def test_the_error_at_90_of_a_tie_that_leaps_over_90_is_the_ties() -> None:
    found = refusal_measures([*answerable(0.9, 0.9, 0.9, 0.4, 0.4), *unanswerable(0.5, 0.4, 0.3)])
    assert found.error_at_90 == 2 / (5 + 2)


@pytest.mark.parametrize("only", [answerable(0.9, 0.2), unanswerable(0.9, 0.2), []])
def test_there_is_no_curve_where_one_kind_of_question_is_missing(only: list[Asked]) -> None:
    found = refusal_measures(only)
    assert risk_coverage(only) == []
    assert (found.area, found.error_at_90) == (None, None)


def test_without_unanswerable_questions_nothing_can_be_said_of_refusing_them() -> None:
    found = refusal_measures(answerable(0.9, 0.2))
    assert (found.questions, found.unanswerable) == (2, 0)
    assert (found.recall, found.false_answers) == (None, None)
    assert found.answered == 1.0


def test_of_no_questions_nothing_is_measured() -> None:
    found = refusal_measures([])
    assert {**vars(found)} == {**dict.fromkeys(vars(found)), "questions": 0, "unanswerable": 0}


def test_precision_and_recall_are_of_refusing_and_a_related_passage_refuses() -> None:
    found = refusal_measures(
        [
            asked(answerable=False, outcome=Outcome.NOT_COVERED),
            asked(answerable=False, outcome=Outcome.RELATED),
            asked(answerable=False, outcome=Outcome.RELATED),
            asked(answerable=False, outcome=Outcome.ANSWERED),
            asked(answerable=True, outcome=Outcome.RELATED),
            asked(answerable=True, outcome=Outcome.NOT_COVERED),
            *[asked(answerable=True, outcome=Outcome.ANSWERED) for _ in range(6)],
        ]
    )
    assert found.precision == 3 / 5
    assert found.recall == 3 / 4
    assert found.false_answers == 1 / 4
    assert found.answered == 6 / 8
    assert (found.questions, found.unanswerable) == (12, 4)


def test_who_never_refuses_has_no_precision() -> None:
    assert refusal_measures([*answerable(0.9), *unanswerable(0.8)]).precision is None


def test_the_calibration_error_weighs_each_bins_gap_by_its_size() -> None:
    found = [*answerable(0.95, 0.91), *unanswerable(0.99), *answerable(0.15), *unanswerable(0.12, 0.11, 0.18)]
    upper = abs((0.95 + 0.91 + 0.99) / 3 - 2 / 3)
    lower = abs((0.15 + 0.12 + 0.11 + 0.18) / 4 - 1 / 4)
    assert calibration_error(found) == pytest.approx(3 / 7 * upper + 4 / 7 * lower)


def test_the_calibration_error_of_certainty_that_is_right_is_zero_and_of_certainty_that_is_wrong_one() -> None:
    assert calibration_error([*answerable(1.0, 1.0), *unanswerable(0.0)]) == 0.0
    assert calibration_error([*unanswerable(1.0, 1.0), *answerable(0.0)]) == 1.0
    assert calibration_error([]) is None


def test_certainty_shares_the_last_bin() -> None:
    # Apart they would add up to |0.95 − 1| + |1 − 0|.
    assert calibration_error([*answerable(0.95), *unanswerable(1.0)]) == pytest.approx(abs(0.95 + 1 - 1) / 2)


def test_a_confidence_on_the_edge_of_two_bins_belongs_to_the_upper_one() -> None:
    # Were 0.2 in the bin of 0.1, the gap would be |0.3 − 1| / 2; apart they add up to |0.2 − 0| + |0.1 − 1|.
    assert calibration_error([*unanswerable(0.2), *answerable(0.1)]) == pytest.approx((0.2 + 0.9) / 2)


@given(ANY)
def test_every_share_lies_between_0_and_1(found: list[Asked]) -> None:
    measures = refusal_measures(found)
    for name, value in vars(measures).items():
        if name not in ("questions", "unanswerable"):
            assert value is None or 0 <= value <= 1 + 1e-12, name


@given(ANY)
def test_along_the_curve_coverage_and_false_answers_never_fall_and_end_at_1(found: list[Asked]) -> None:
    curve = risk_coverage(found)
    for earlier, later in itertools.pairwise(curve):
        assert earlier.threshold > later.threshold
        assert earlier.coverage <= later.coverage
        assert earlier.false_answers <= later.false_answers
    if curve:
        base_rate = sum(not each.answerable for each in found) / len(found)
        assert (curve[-1].coverage, curve[-1].risk, curve[-1].false_answers) == (1.0, base_rate, 1.0)


@given(ANY)
def test_the_measures_of_ranked_confidences_do_not_depend_on_their_scale(found: list[Asked]) -> None:
    before = refusal_measures(found)
    after = refusal_measures(
        [asked(answerable=each.answerable, outcome=each.outcome, confidence=each.confidence / 2) for each in found]
    )
    if len({each.confidence for each in found}) == len({each.confidence / 2 for each in found}):  # the least halves to 0
        assert (before.area, before.error_at_90) == (after.area, after.error_at_90)
