from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from threading import Event, Lock, Thread

import pytest
from web.held_turnstile import held

from qa.errors import BusyError
from qa.web.turnstile import Turnstile

SOON_SECONDS = 10.0


def until(holds: Callable[[], bool]) -> None:
    """Wait until holds, which has to come soon."""
    late = time.monotonic() + SOON_SECONDS
    while not holds():
        assert time.monotonic() < late
        time.sleep(0.001)


class Visitors:
    """Threads that go through a turnstile; each stays inside until it is let go."""

    def __init__(self, turnstile: Turnstile) -> None:
        self._turnstile = turnstile
        self._threads: list[Thread] = []
        self._lock = Lock()
        self.leave = Event()
        self.inside: list[str] = []
        self.most_inside = 0
        self.left = 0
        self.entered: list[str] = []
        self.refused: list[str] = []

    def come(self, *names: str) -> None:
        """Let visitors come one after the other, each waiting or inside before the next one comes."""
        for name in names:
            self._threads.append(Thread(target=self._visit, args=(name,), daemon=True))
            self._threads[-1].start()
            until(lambda: self.seen() == len(self._threads))

    def seen(self) -> int:
        """Return how many came so far: they wait, are or were inside, or were refused."""
        with self._lock:
            return len(self.refused) + self.left + self._turnstile._come

    def stay_until_all_left(self) -> None:
        """Let everyone go, those who wait too."""
        self.leave.set()
        for thread in self._threads:
            thread.join(SOON_SECONDS)
            assert not thread.is_alive()

    def _visit(self, name: str) -> None:
        try:
            self._turnstile.take_turn(lambda: self._stay(name))
        except BusyError:
            self.refused.append(name)
        else:
            self.left += 1

    def _stay(self, name: str) -> None:
        with self._lock:
            self.inside.append(name)
            self.entered.append(name)
            self.most_inside = max(self.most_inside, len(self.inside))
        self.leave.wait(SOON_SECONDS)
        with self._lock:
            self.inside.remove(name)


@pytest.fixture
def visiting() -> Iterator[Callable[[Turnstile], Visitors]]:
    """Return a function that gives a turnstile visitors, all of whom leave after the test."""
    with ExitStack() as after:

        def visit(turnstile: Turnstile) -> Visitors:
            visitors = Visitors(turnstile)
            after.callback(visitors.stay_until_all_left)
            return visitors

        yield visit


Visiting = Callable[[Turnstile], Visitors]


def test_only_so_many_are_inside_at_once_and_all_get_their_turn(visiting: Visiting) -> None:
    visitors = visiting(Turnstile(at_once=2, longest_line=10))
    visitors.come(*"abcdef")
    until(lambda: len(visitors.inside) == 2)
    assert sorted(visitors.inside) == ["a", "b"]
    visitors.stay_until_all_left()
    assert visitors.most_inside == 2
    assert sorted(visitors.entered) == [*"abcdef"]


def test_who_came_first_is_served_first(visiting: Visiting) -> None:
    visitors = visiting(Turnstile(at_once=1, longest_line=50))
    names = [f"{number:02}" for number in range(30)]
    visitors.come(*names)
    visitors.stay_until_all_left()
    assert visitors.entered == names


def test_who_comes_to_a_line_that_is_full_learns_it_at_once(visiting: Visiting) -> None:
    visitors = visiting(Turnstile(at_once=1, longest_line=2))
    visitors.come(*"abcde")
    assert visitors.refused == ["d", "e"]
    visitors.stay_until_all_left()
    assert visitors.entered == ["a", "b", "c"]


def test_a_free_place_needs_no_line() -> None:
    turnstile = Turnstile(at_once=1, longest_line=0)
    with held(turnstile), pytest.raises(BusyError, match="Mend: ask again in a minute"), held(turnstile):
        pass
    with held(turnstile):
        pass


def test_who_waited_too_long_is_told_so_and_leaves_the_line(visiting: Visiting) -> None:
    turnstile = Turnstile(at_once=1, longest_line=1, patience_seconds=0.3)
    visitors = visiting(turnstile)
    visitors.come("a")
    for _ in range(3):
        with pytest.raises(BusyError, match="Mend: ask again in a minute"), held(turnstile):
            pass
    visitors.stay_until_all_left()
    with held(turnstile):
        pass


def test_who_waits_behind_one_that_gave_up_still_gets_a_turn(visiting: Visiting) -> None:
    turnstile = Turnstile(at_once=1, longest_line=5)
    visitors = visiting(turnstile)
    visitors.come("inside")
    turnstile._patience_seconds = 0.3
    visitors.come("impatient")
    turnstile._patience_seconds = SOON_SECONDS
    visitors.come("patient")
    until(lambda: visitors.refused == ["impatient"])
    visitors.stay_until_all_left()
    assert visitors.entered == ["inside", "patient"]


@pytest.mark.parametrize("error", [ValueError, BusyError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_error_inside_frees_the_place(error: type[BaseException]) -> None:
    turnstile = Turnstile(at_once=1, longest_line=0)

    def fail() -> None:
        raise error

    for _ in range(3):
        with pytest.raises(error):
            turnstile.take_turn(fail)
    with held(turnstile):
        pass


def test_no_place_is_lost_when_many_come_and_go() -> None:
    turnstile = Turnstile(at_once=3, longest_line=4, patience_seconds=0.002)
    outcomes: list[str] = []

    def visit(number: int) -> None:
        for turn in range(40):
            try:
                turnstile.take_turn(partial(time.sleep, 0.0005 if (number + turn) % 3 else -1))  # which is an error
            except (BusyError, ValueError) as error:
                outcomes.append(type(error).__name__)
            else:
                outcomes.append("served")

    threads = [Thread(target=visit, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {*outcomes} == {"served", "BusyError", "ValueError"}
    until(lambda: turnstile._come == 0)
    with ExitStack() as all_places:
        for _ in range(3):
            all_places.enter_context(held(turnstile))
