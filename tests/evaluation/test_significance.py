"""Whether a difference is more than noise."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test, ttest_1samp

from qa.evaluation.significance import (
    RESAMPLES,
    Difference,
    bootstrap_interval,
    compare,
    holm,
    randomisation_p,
    smallest_difference,
)

Z_975, Z_80 = 1.959964, 0.841621  # quantiles of the normal distribution


def enumerated_p(change: list[Fraction]) -> float:
    """Return the share of all sign flips whose mean lies as far from 0, in exact arithmetic."""
    flips = list(itertools.product((1, -1), repeat=len(change)))
    nothing = Fraction(0)
    observed = abs(sum(change, nothing))
    far = sum(abs(sum((sign * each for sign, each in zip(flip, change, strict=True)), nothing)) >= observed for flip in flips)
    return far / len(flips)


def as_floats(change: list[Fraction]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(each) for each in change])


def test_p_is_the_share_of_sign_flips_that_are_as_far_from_zero() -> None:
    change = [Fraction(1, 2), Fraction(1, 4), Fraction(-1, 8), Fraction(1), Fraction(0), Fraction(1, 2), Fraction(-1, 4)]
    change += [Fraction(3, 4)]
    assert randomisation_p(as_floats(change)) == pytest.approx(enumerated_p(change), abs=1e-12)


def test_p_counts_both_directions() -> None:
    # Of 2⁴ flips, only all-plus and all-minus are as far from 0.
    assert randomisation_p(np.array([1.0, 0.5, 0.25, 0.125])) == 2 / 2**4
    assert randomisation_p(np.array([0.2] * 10)) == 2 / 2**10


def test_p_of_one_question_that_changed_is_one() -> None:
    assert randomisation_p(np.array([1.0, 0.0, 0.0, 0.0])) == 1.0


@pytest.mark.parametrize("value", [1.0, -0.25, 0.0])
def test_p_of_a_single_question_is_one(value: float) -> None:
    assert randomisation_p(np.array([value])) == 1.0


def test_p_of_no_difference_is_one() -> None:
    assert randomisation_p(np.zeros(20)) == 1.0
    assert randomisation_p(np.array([])) == 1.0


def test_p_of_gains_and_losses_that_cancel_out_is_one() -> None:
    assert randomisation_p(np.array([0.5, -0.5, 0.25, -0.25])) == 1.0


# Differences of reciprocal ranks that cancel out; in floats some of their sums come out at 1e-17 instead.
CANCELLING = [(-2, 5), (1, 72), (-1, 10), (0, 1), (0, 1), (-1, 56), (2, 3), (-1, 6)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=8))
def test_p_of_differences_of_reciprocal_ranks_equals_exact_arithmetic(ranks: list[tuple[int, int]]) -> None:
    def reciprocal(rank: int) -> Fraction:
        return Fraction(1, rank) if rank else Fraction(0)

    change = [reciprocal(new) - reciprocal(old) for old, new in ranks]
    assert randomisation_p(as_floats(change)) == pytest.approx(enumerated_p(change), abs=1e-12)


def test_p_is_not_fooled_by_rounding() -> None:
    change = [Fraction(*each) for each in CANCELLING]
    assert randomisation_p(as_floats(change)) == pytest.approx(enumerated_p(change), abs=1e-12)


@pytest.mark.parametrize("shift", [0.0, 0.03, 0.06])
def test_p_of_many_questions_is_that_of_scipys_paired_test(shift: float) -> None:
    draws = np.random.default_rng(7)
    old = draws.random(80)
    new = np.clip(old + draws.normal(shift, 0.2, 80), 0, 1)
    theirs = permutation_test(
        (new, old),
        lambda first, second, axis: np.mean(first - second, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(8),
    ).pvalue
    ours = randomisation_p(new - old)
    # Two estimates of one share, and theirs is twice a share: four standard errors of their difference.
    error = (ours * (1 - ours) / RESAMPLES + theirs * (2 - theirs) / RESAMPLES) ** 0.5
    assert ours == pytest.approx(theirs, abs=4 * error)


def test_p_of_many_questions_is_never_zero() -> None:
    assert randomisation_p(np.linspace(0.5, 1, 50)) == 1 / (RESAMPLES + 1)


def test_p_is_the_same_for_new_against_old_and_old_against_new() -> None:
    for questions in (9, 60):
        change = np.random.default_rng(3).normal(0.1, 0.4, questions)
        assert randomisation_p(change) == randomisation_p(-change)


def test_p_and_interval_are_the_same_every_time() -> None:
    change = np.random.default_rng(4).normal(0.05, 0.3, 100)
    assert randomisation_p(change) == randomisation_p(change.copy())
    assert bootstrap_interval(change) == bootstrap_interval(change.copy())


def test_under_no_difference_p_is_small_as_seldom_as_it_says() -> None:
    draws = np.random.default_rng(5)
    ps = np.array([randomisation_p(draws.normal(0, 0.3, 9)) for _ in range(400)])
    # 5 % of 400 are 20, with a standard error of √(400 · 0.05 · 0.95) ≈ 4.4.
    assert 7 <= (ps <= 0.05).sum() <= 33


def test_the_interval_is_that_of_means_of_questions_drawn_with_replacement() -> None:
    values = np.random.default_rng(11).choice([0.0, 0.2, 0.5, 1.0], 150)
    draws = np.random.default_rng(12)
    means = [values[draws.integers(0, 150, 150)].mean() for _ in range(20_000)]
    low, high = bootstrap_interval(values)
    assert (low, high) == pytest.approx(tuple(np.percentile(means, [2.5, 97.5])), abs=0.004)
    # … which for as many questions is the mean ± 1.96 standard errors.
    margin = Z_975 * values.std() / 150**0.5
    assert (low, high) == pytest.approx((values.mean() - margin, values.mean() + margin), abs=0.006)


def test_the_interval_of_constant_values_is_a_point() -> None:
    assert bootstrap_interval(np.full(30, 0.25)) == (0.25, 0.25)
    assert bootstrap_interval(np.array([0.75])) == (0.75, 0.75)
    assert bootstrap_interval(np.array([])) == (0.0, 0.0)


def test_the_interval_of_two_values_reaches_from_one_to_the_other() -> None:
    assert bootstrap_interval(np.array([0.0, 1.0])) == (0.0, 1.0)


def test_holm_multiplies_the_smallest_p_by_their_number_the_next_by_one_less() -> None:
    # 4·0.005 = 0.02; 3·0.01 = 0.03; 2·0.03 = 0.06; 1·0.04 = 0.04, which may not fall below 0.06.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_gives_equal_ps_the_same_and_stops_at_one() -> None:
    assert holm([0.02, 0.02, 0.9]) == pytest.approx([0.06, 0.06, 0.9])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([0.04]) == [0.04]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_the_running_maximum_of_ps_times_those_left(ps: list[float]) -> None:
    # As statsmodels' multipletests writes it: sort, multiply by len(ps) … 1, accumulate the maximum, clip, put back.
    order = np.argsort(ps, kind="stable")
    expected = np.empty(len(ps))
    expected[order] = np.clip(np.maximum.accumulate(np.array(ps)[order] * np.arange(len(ps), 0, -1)), 0, 1)
    assert holm(ps) == pytest.approx(list(expected))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_rejects_what_the_step_down_procedure_rejects(ps: list[float]) -> None:
    rejected = set()
    for rank, number in enumerate(sorted(range(len(ps)), key=lambda each: ps[each])):
        if (len(ps) - rank) * ps[number] > 0.05:
            break
        rejected.add(number)
    assert {number for number, each in enumerate(holm(ps)) if each <= 0.05} == rejected


def test_the_smallest_difference_is_the_quantiles_times_the_standard_error() -> None:
    change = np.array([0.0, 0.5, -0.5, 1.0, 0.0, 0.0, 0.25, -0.25])
    mean = 1 / 8
    variance = (3 * mean**2 + (0.5 - mean) ** 2 + (0.5 + mean) ** 2 + (1 - mean) ** 2 + 0.125**2 + 0.375**2) / (8 - 1)
    assert smallest_difference(change) == pytest.approx((Z_975 + Z_80) * variance**0.5 / 8**0.5, rel=1e-5)


def test_the_smallest_difference_halves_with_four_times_the_questions() -> None:
    few, many = np.array([0.0, 1.0] * 50), np.array([0.0, 1.0] * 200)
    assert smallest_difference(many) == pytest.approx(smallest_difference(few) / 2, rel=0.01)


def test_one_question_shows_no_difference_smaller_than_the_whole_scale() -> None:
    assert smallest_difference(np.array([0.3])) == 1.0


def test_a_shift_by_the_smallest_difference_is_found_four_times_in_five() -> None:
    draws = np.random.default_rng(17)
    samples = draws.choice([-0.5, 0.0, 0.0, 0.0, 0.5, 1.0, -1.0], (2000, 100))
    shift = smallest_difference(samples[0])
    spread = samples.std(ddof=1) / samples[0].std(ddof=1)  # what is found depends on the spread of all, not of the first
    # The t test stands for the randomisation test, which it equals at a hundred questions and which takes 2000 times as long.
    found = (ttest_1samp(samples + shift * spread, 0, axis=1).pvalue < 0.05).mean()
    assert found == pytest.approx(0.80, abs=0.04)


def test_the_randomisation_test_finds_the_smallest_difference_as_often() -> None:
    draws = np.random.default_rng(18)
    samples = draws.normal(0, 0.3, (150, 40))
    shift = smallest_difference(samples.ravel()) * 150**0.5  # the standard error is that of 40 questions
    found = np.mean([randomisation_p(sample + shift) < 0.05 for sample in samples])
    # √(0.8 · 0.2 / 150) ≈ 0.033
    assert found == pytest.approx(0.80, abs=0.1)


def test_a_comparison_counts_wins_losses_and_ties_question_by_question() -> None:
    old = {"RR@10": {"a": 0.5, "b": 1.0, "c": 0.0, "d": 0.25, "e": 0.0}}
    new = {"RR@10": {"e": 0.0, "d": 1.0, "c": 0.5, "b": 0.5, "a": 0.5}}
    (found,) = compare(old, new)
    assert (found.wins, found.losses, found.ties) == (2, 1, 2)
    assert found.old == pytest.approx((0.5 + 1 + 0 + 0.25 + 0) / 5)
    assert found.new == pytest.approx((0.5 + 0.5 + 0.5 + 1 + 0) / 5)
    assert found.difference == pytest.approx((0 - 0.5 + 0.5 + 0.75 + 0) / 5)
    assert found.p == enumerated_p([Fraction(0), Fraction(-1, 2), Fraction(1, 2), Fraction(3, 4), Fraction(0)])
    change = np.array([0.0, 0.75, 0.5, -0.5, 0.0])
    assert (found.low, found.high) == bootstrap_interval(change)
    assert found.smallest == pytest.approx((Z_975 + Z_80) * np.std(change, ddof=1) / 5**0.5, rel=1e-5)


def test_a_comparison_is_over_the_questions_and_measures_that_both_have() -> None:
    old = {"AP": {"a": 0.0, "b": 1.0, "gone": 1.0}, "R@5": {"a": 0.0}}
    new = {"AP": {"b": 1.0, "a": 1.0, "added": 0.0}, "nDCG@10": {"a": 0.0}}
    (found,) = compare(old, new)
    assert found.measure == "AP"
    assert (found.old, found.new, found.wins, found.losses, found.ties) == (0.5, 1.0, 1, 0, 1)


@pytest.mark.parametrize(("old", "new"), [({"a": 0.5}, {"b": 0.5}), ({}, {})])
def test_runs_that_share_no_question_have_no_differences(old: dict[str, float], new: dict[str, float]) -> None:
    assert compare({"AP": old}, {"AP": new}) == []


def test_a_comparison_corrects_for_the_measures_that_were_looked_at() -> None:
    questions = [f"q{number}" for number in range(6)]
    zeros, ones = dict.fromkeys(questions, 0.0), dict.fromkeys(questions, 1.0)
    one_measure = compare({"AP": zeros}, {"AP": ones})
    two_measures = compare({"AP": zeros, "R@5": zeros}, {"AP": ones, "R@5": ones})
    assert [each.p for each in (*one_measure, *two_measures)] == [2 / 2**6] * 3
    assert [each.p_holm for each in one_measure] == [2 / 2**6]
    assert [each.p_holm for each in two_measures] == [2 * 2 / 2**6] * 2
    # 0.03125 holds at 5 %, twice that doesn't.
    assert [each.is_significant for each in (*one_measure, *two_measures)] == [True, False, False]


def test_a_difference_is_significant_by_the_corrected_p_alone() -> None:
    def difference(p: float, p_holm: float) -> Difference:
        return Difference("AP", 0.1, 0.2, 0.1, 0.0, 0.2, p, p_holm, 1, 0, 0, 0.1)

    assert difference(0.01, 0.049).is_significant
    assert not difference(0.01, 0.051).is_significant
