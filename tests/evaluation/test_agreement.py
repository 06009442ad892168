from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.agreement import Agreement, agreement

# Cohen 1960, table 1, in hundredths: (first judge, second judge) → pairs.
COHEN = {
    (0, 0): 44, (1, 0): 5, (2, 0): 1,
    (0, 1): 7, (1, 1): 20, (2, 1): 3,
    (0, 2): 9, (1, 2): 5, (2, 2): 6,
}  # fmt: skip
GRADES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)


def _judged(counts: dict[tuple[int, int], int]) -> tuple[list[int], list[int]]:
    pairs = [pair for pair, count in counts.items() for _ in range(count)]
    return [first for first, _ in pairs], [second for _, second in pairs]


def test_kappa_is_that_of_cohens_example() -> None:
    found = agreement(*_judged(COHEN))

    assert found.pairs == 100
    assert found.agreed == pytest.approx(0.70)
    assert found.kappa == pytest.approx((0.70 - 0.41) / (1 - 0.41))
    by_chance = (0.55 * 0.45 + 0.30 * 0.70 + 0.15 * 0.85) / 2
    assert found.ac1 == pytest.approx((0.70 - by_chance) / (1 - by_chance))


def test_quadratic_weights_punish_a_difference_of_two_four_times() -> None:
    near = agreement([0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 2, 1])
    far = agreement([0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 2, 0])

    assert near.agreed == far.agreed
    assert far.weighted_kappa < near.weighted_kappa
    # 1 − observed / expected squared difference: 1/6 and 4/6 over the mean of all 36 pairs' squares.
    assert near.weighted_kappa == pytest.approx(1 - (1 / 6) / (42 / 36))
    assert far.weighted_kappa == pytest.approx(1 - (4 / 6) / (48 / 36))


def test_where_one_grade_is_rare_kappa_is_low_and_ac1_is_not() -> None:
    # Gwet 2008's paradox: nearly everything is 0 to both.
    found = agreement(*_judged({(0, 0): 118, (0, 1): 5, (1, 0): 2}))

    assert found.agreed == pytest.approx(118 / 125)
    assert found.kappa < 0
    by_chance = 2 * (243 / 250) * (7 / 250)
    assert found.ac1 == pytest.approx((118 / 125 - by_chance) / (1 - by_chance))
    assert found.ac1 > 0.9


def test_judges_who_always_gave_one_grade_agree() -> None:
    assert agreement([0, 0], [0, 0]) == Agreement(2, 1.0, 1.0, 1.0, 1.0)


def test_nothing_judged_has_no_agreement() -> None:
    with pytest.raises(ValueError, match="no pair was judged by both"):
        agreement([], [])


@given(GRADES)
def test_it_doesnt_matter_who_is_called_first(pairs: list[tuple[int, int]]) -> None:
    first, second = [list(grades) for grades in zip(*pairs, strict=True)]
    one, other = agreement(first, second), agreement(second, first)

    assert one.agreed == other.agreed
    for name in ("kappa", "weighted_kappa", "ac1"):
        assert getattr(one, name) == pytest.approx(getattr(other, name))


@given(GRADES)
def test_coefficients_are_one_only_where_all_is_judged_alike(pairs: list[tuple[int, int]]) -> None:
    found = agreement([first for first, _ in pairs], [second for _, second in pairs])

    alike = all(first == second for first, second in pairs)
    for value in (found.kappa, found.weighted_kappa, found.ac1):
        assert value <= 1 + 1e-12
        assert (value == pytest.approx(1)) == alike
