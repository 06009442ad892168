"""What is too old to be relied on without a second look."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def is_old(day: str, today: date) -> bool:
    """Whether day (YYYY, YYYY-MM or YYYY-MM-DD) is surely more than a year before today: of what it may mean, the last day counts."""
    year, *rest = map(int, day.split("-"))
    return (year + 1, *rest) < (today.year, today.month, today.day)[: 1 + len(rest)]
