from __future__ import annotations

from datetime import date

import pytest

from qa.web.age import is_old

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("day", ["2025-11-22", "2025-10", "2024", "2024-12-31", "1999-01-01"])
def test_what_is_surely_more_than_a_year_ago_is_old(day: str) -> None:
    assert is_old(day, TODAY)


@pytest.mark.parametrize("day", ["2025-11-23", "2025-11-24", "2026-11-23", "2027-01-01"])
def test_a_day_of_the_last_year_is_not_old(day: str) -> None:
    assert not is_old(day, TODAY)


@pytest.mark.parametrize("day", ["2025-11", "2025", "2026-01", "2026"])
def test_a_month_or_a_year_that_may_lie_within_the_last_year_is_not_old(day: str) -> None:
    assert not is_old(day, TODAY)


def test_the_29th_of_february_is_old_from_the_first_of_march() -> None:
    assert not is_old("2024-02-29", date(2025, 2, 28))
    assert is_old("2024-02-29", date(2025, 3, 1))
