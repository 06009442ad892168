from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from web.chat.reader import FEE, NOWHERE, SIM, Reader
from web.held_turnstile import held

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Language, Weights
from qa.index.embedder import Embedder
from qa.web.chat.page import MAX_WAITING, _Waiting
from qa.web.chat.turns import read_turns
from qa.web.texts import text
from qa.web.turnstile import Turnstile

SOON_SECONDS = 30.0


@pytest.fixture(scope="module")
def assistant(small_index: Settings, embedder: Embedder) -> Assistant:
    return Assistant(small_index.index, embedder, Weights())


@contextmanager
def answering(reader: Reader, turnstile: Turnstile) -> Iterator[Future[bool]]:
    """Let reader's question be under way for the block; turnstile has one place, which is taken meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        with held(turnstile):
            answered = pool.submit(reader.gets_answers)
            until(lambda: reader.waiting.is_answering and turnstile._come > 1)
            yield answered
        answered.result(SOON_SECONDS)


def until(holds: Callable[[], bool]) -> None:
    """Wait until holds, which has to come soon."""
    late = time.monotonic() + SOON_SECONDS
    while not holds():
        assert time.monotonic() < late
        time.sleep(0.001)


def test_a_question_is_seen_at_once_and_leaves_the_field(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.types(FEE)
    assert (reader.typed, reader.questions, reader.answers) == ("", [FEE], [])


def test_questions_that_wait_are_answered_in_order_each_after_those_before(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    for question in (FEE, SIM, NOWHERE):
        reader.types(question)
    assert reader.questions == [FEE, SIM, NOWHERE]
    assert reader.gets_answers()
    assert reader.questions == [FEE, SIM, NOWHERE]
    assert [message["role"] for message in reader.shown] == ["user", "assistant"] * 3
    assert reader.answers == ["answered", "answered", "not_covered"]
    assert text("carried", Language.ZH_HANS).format(operator="povo") in reader.shown[3]["content"]
    assert reader.waiting == _Waiting()
    assert not reader.gets_answers()


def test_what_is_sent_while_an_answer_is_made_is_answered_next(assistant: Assistant) -> None:
    turnstile = Turnstile(at_once=1)
    reader = Reader.of(assistant, turnstile=turnstile)
    reader.types(FEE)
    with answering(reader, turnstile) as answered:
        reader.types(SIM)
        assert reader.questions == [FEE, SIM]
    assert answered.result()
    assert (reader.questions, reader.answers) == ([FEE, SIM], ["answered"] * 2)


def test_a_call_while_an_answer_is_made_changes_nothing(assistant: Assistant) -> None:
    turnstile = Turnstile(at_once=1)
    reader = Reader.of(assistant, turnstile=turnstile)
    reader.types(FEE)
    with answering(reader, turnstile):
        assert not reader.gets_answers()
        assert reader.waiting.questions == [FEE]
    assert reader.answers == ["answered"]


def test_the_answer_to_a_conversation_that_was_cleared_is_not_shown(assistant: Assistant) -> None:
    turnstile = Turnstile(at_once=1)
    reader = Reader.of(assistant, turnstile=turnstile)
    reader.asks(FEE)
    reader.types(SIM)
    reader.types(NOWHERE)
    with answering(reader, turnstile) as answered:
        reader.begins_anew()
    assert not answered.result()
    assert (reader.shown, reader.stored, reader.subject) == ([], [], "")
    assert not reader.gets_answers()


def test_a_question_after_the_conversation_was_cleared_is_answered_by_itself(assistant: Assistant) -> None:
    turnstile = Turnstile(at_once=1)
    reader = Reader.of(assistant, turnstile=turnstile)
    reader.types(FEE)
    with answering(reader, turnstile):
        reader.begins_anew()
        reader.types(SIM)
    reader.gets_answers()
    assert (reader.questions, len(reader.answers)) == ([SIM], 1)
    assert reader.waiting.questions == []
    assert text("carried", Language.ZH_HANS).format(operator="povo") not in reader.shown[1]["content"]
    assert [turn.question for turn in read_turns(reader.stored)] == [SIM]


def test_an_impatient_finger_asks_once_but_the_same_can_be_asked_again(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.types(FEE)
    reader.types(FEE)
    assert reader.gets_answers()
    assert reader.questions == [FEE]
    reader.asks(FEE)
    assert reader.questions == [FEE, FEE]


def test_what_is_sent_while_enough_questions_wait_stays_in_the_field(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    for number in range(MAX_WAITING + 1):
        reader.types(f"{number}?")
    assert reader.waiting.questions == [f"{number}?" for number in range(MAX_WAITING)]
    assert reader.questions == reader.waiting.questions
    assert reader.typed == f"{MAX_WAITING}?"


@pytest.mark.parametrize("typed", ["", "  ", "\n\t", "\u3000"])
def test_nothing_is_not_asked(typed: str, assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.types(typed)
    assert (reader.waiting, reader.shown, reader.typed) == (_Waiting(), [], typed)
