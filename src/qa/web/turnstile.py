"""How many questions are answered at the same time: one keeps a core busy, and a line that is too long helps nobody."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

from qa.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE = 2
LONGEST_LINE = 100
PATIENCE_SECONDS = 30.0
# Threads for all those inside and in line, and for a few who learn that the line is too long.
MOST_INSIDE = AT_ONCE + LONGEST_LINE + 10


class Turnstile:
    """Lets few in at once and keeps the others waiting, first come first served; BusyError where the line is too long or too slow."""

    def __init__(
        self, at_once: int = AT_ONCE, longest_line: int = LONGEST_LINE, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._at_once = at_once
        self._longest_line = longest_line
        self._patience_seconds = patience_seconds
        self._inside = 0
        self._line: list[object] = []
        self._changed = Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold a place inside for the block."""
        self._enter()
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def _enter(self) -> None:
        ticket = object()
        with self._changed:
            is_free = self._inside < self._at_once and not self._line
            if not is_free and len(self._line) >= self._longest_line:
                raise BusyError(f"{len(self._line)} questions wait already. Mend: ask again in a minute")
            self._line.append(ticket)
            try:
                if not self._changed.wait_for(lambda: self._is_next(ticket), self._patience_seconds):
                    raise BusyError(f"No turn came within {self._patience_seconds:.0f} s. Mend: ask again in a minute")
                self._inside += 1
            finally:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _is_next(self, ticket: object) -> bool:
        return self._inside < self._at_once and self._line[0] is ticket
