"""A turnstile with a place taken, so that others have to wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from qa.web.turnstile import Turnstile

SOON_SECONDS = 30.0


@contextmanager
def held(turnstile: Turnstile) -> Iterator[None]:
    """Hold a place inside for the block; BusyError where none is to be had."""
    inside, leave = Event(), Event()

    def stay() -> None:
        inside.set()
        leave.wait(SOON_SECONDS)

    with ThreadPoolExecutor(1) as visitor:
        staying = visitor.submit(turnstile.take_turn, stay)
        try:
            while not (inside.is_set() or staying.done()):
                time.sleep(0.001)
            if not inside.is_set():
                staying.result()
            yield
        finally:
            leave.set()
        staying.result()
