"""How often something may be done by everybody together: nothing is remembered of who did it."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class TokenBucket:
    """Holds up to a minute's tokens, all at the start, and gets them back evenly over a minute."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_minute = a_minute
        self._clock = clock
        self._tokens = float(a_minute)
        self._at = clock()
        self._lock = Lock()

    def take(self) -> bool:
        """Take a token; False where there is none."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._a_minute, self._tokens + (now - self._at) * self._a_minute / 60)
            self._at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
