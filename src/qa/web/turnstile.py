"""How many questions are answered at the same time: one keeps a core busy, and a line that is too long helps nobody."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from qa.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
AT_ONCE = max(2, os.cpu_count() or 2)
LONGEST_LINE = 100
PATIENCE_SECONDS = 30.0
# Threads for all those inside and in line, and for a few who learn that the line is too long.
MOST_INSIDE = AT_ONCE + LONGEST_LINE + 10


class Turnstile:
    """Lets few do their work at once and keeps the others waiting, first come first served.

    The work is done by a few threads of its own: the model keeps memory and helpers for every thread that it ever ran in.
    """

    def __init__(
        self, at_once: int = AT_ONCE, longest_line: int = LONGEST_LINE, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._places = ThreadPoolExecutor(at_once, thread_name_prefix="turn")
        self._at_once = at_once
        self._longest_line = longest_line
        self._patience_seconds = patience_seconds
        self._come = 0  # who are inside or in line
        self._lock = Lock()

    def take_turn(self, work: Callable[[], _T]) -> _T:
        """Return what work returns once its turn came; BusyError where the line is too long, or no turn comes for too long."""
        with self._lock:
            if self._come >= self._at_once + self._longest_line:
                raise BusyError(f"{self._come - self._at_once} questions wait already. Mend: ask again in a minute")
            self._come += 1
            turn = self._places.submit(work)  # before the next one may come
        turn.add_done_callback(self._leave)
        try:
            return turn.result(self._patience_seconds)
        except TimeoutError:
            if not turn.cancel():  # it is under way, or the error is the work's own
                return turn.result()
            waited = f"No turn came within {self._patience_seconds:.0f} s"
            raise BusyError(f"{waited}. Mend: ask again in a minute") from None

    def _leave(self, _turn: Future[_T]) -> None:
        with self._lock:
            self._come -= 1
