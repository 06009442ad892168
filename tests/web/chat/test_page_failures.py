from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from web.chat.reader import FEE, NOWHERE, SIM, Reader
from web.held_turnstile import held
from web.page_html import PageHTML
from web.rendered import holding

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Answer, Language, Weights
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.retrieval.query import MAX_CHARACTERS
from qa.web.chat.card import render_message
from qa.web.chat.turns import read_turns
from qa.web.texts import text
from qa.web.turnstile import Turnstile


@pytest.fixture(scope="module")
def assistant(small_index: Settings, embedder: Embedder) -> Assistant:
    return Assistant(small_index.index, embedder, Weights())


class BrokenAssistant(Assistant):
    """An assistant whose index has come to harm since it was opened."""

    def answer_from_generation(self, *_arguments: object, **_options: object) -> tuple[Answer, Generation]:
        raise RuntimeError("the index has come to harm")


class ForgetfulAssistant(Assistant):
    """An assistant that answers from guides which its generation doesn't hold."""

    def answer_from_generation(self, *arguments: Any, **options: Any) -> tuple[Answer, Generation]:
        answer, generation = super().answer_from_generation(*arguments, **options)
        return answer, holding(generation)


def test_half_a_character_is_no_reason_to_say_nothing(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(f"{FEE}\ud83d")
    assert reader.answers == ["answered"]
    json.dumps([reader.shown, reader.stored], ensure_ascii=False).encode()


@pytest.mark.parametrize("language", Language)
def test_where_answering_breaks_the_reader_is_told_so_and_the_log_has_the_trace(
    language: Language, small_index: Settings, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader.of(BrokenAssistant(small_index.index, embedder, Weights()), language)
    with caplog.at_level(logging.ERROR):
        reader.asks("povo?")
    assert reader.shown[1]["content"] == render_message(text("failed", language), language)
    assert reader.options == [("povo?", text("ask_again", language))]
    assert reader.subject == ""
    assert "the index has come to harm" in caplog.text


def test_where_an_answer_cannot_be_shown_the_reader_is_told_so_and_can_go_on(
    small_index: Settings, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader.of(ForgetfulAssistant(small_index.index, embedder, Weights()))
    with caplog.at_level(logging.ERROR):
        reader.asks(FEE, NOWHERE)
    assert reader.answers == ["failed", "not_covered"]
    assert "KeyError" in caplog.text


@pytest.mark.parametrize("language", Language)
def test_where_too_many_ask_the_reader_is_told_so_and_can_ask_again(language: Language, assistant: Assistant) -> None:
    turnstile = Turnstile(at_once=1, longest_line=0)
    reader = Reader.of(assistant, language, turnstile)
    with held(turnstile):
        reader.asks(FEE)
    assert reader.shown[1]["content"] == render_message(text("busy", language), language)
    assert reader.options == [(FEE, text("ask_again", language))]
    assert reader.subject == ""


def test_a_question_that_did_not_get_its_turn_gets_it_when_it_is_asked_again(assistant: Assistant) -> None:
    turnstile = Turnstile(at_once=1, patience_seconds=0.3)
    reader = Reader.of(assistant, turnstile=turnstile)
    with held(turnstile):
        reader.asks(FEE)
    assert reader.answers == ["failed"]
    ((question, _),) = reader.options
    reader.chooses({"value": question})
    assert reader.gets_answers()
    assert (reader.questions, reader.answers) == ([FEE, FEE], ["failed", "answered"])


@pytest.mark.parametrize("language", Language)
def test_an_over_long_question_is_refused_in_words_and_not_kept_whole(language: Language, assistant: Assistant) -> None:
    reader = Reader.of(assistant, language)
    typed = "字" * (MAX_CHARACTERS + 1)
    reader.asks(typed)
    said = text("too_long", language).format(length=MAX_CHARACTERS + 1)
    assert reader.shown[1]["content"] == render_message(said, language)
    assert reader.questions[0].endswith("…")
    assert len(reader.questions[0]) < len(typed) / 5
    assert reader.options == []


def test_after_what_was_not_answered_the_next_question_starts_anew(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(FEE)
    assert reader.subject
    reader.asks("字" * (MAX_CHARACTERS + 1))
    assert reader.subject == ""
    assert [turn.is_break for turn in read_turns(reader.stored)] == [False, True]
    reader.asks(SIM)
    assert "carried" not in PageHTML.read(reader.shown[-1]["content"]).attributes_of("p")[1]["class"]
