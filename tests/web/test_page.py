from __future__ import annotations

import logging
from typing import Any, cast

import gradio as gr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.assistant import Assistant
from qa.datatypes import Language
from qa.web.page import MAX_TURNS, MAX_WAITING, _chosen, _messages, _take, _turn, _valid
from qa.web.rendering import render_message
from qa.web.texts import text

JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda values: st.one_of(st.lists(values, max_size=4), st.dictionaries(st.text(), values, max_size=3)),
)
TURN = st.tuples(st.text(), st.text(), st.lists(st.text(), max_size=3)).map(list)


class BrokenAssistant:
    """An assistant whose index has come to harm."""

    def answer_from_generation(self, *_arguments: object, **_options: object) -> None:
        raise RuntimeError("the index has come to harm")


@settings(deadline=None)
@given(posted=st.one_of(JSON, st.lists(st.one_of(JSON, TURN), max_size=30)))
def test_of_whatever_is_posted_as_history_only_turns_are_kept_and_can_be_shown(posted: object) -> None:
    turns = _valid(posted)
    assert len(turns) <= MAX_TURNS
    assert len(_messages(turns)) == 2 * len(turns)


@settings(deadline=None)
@given(turns=st.lists(TURN, max_size=2 * MAX_TURNS))
def test_a_history_of_turns_is_kept_as_it_is_up_to_the_last_twenty(turns: list[list[Any]]) -> None:
    assert _valid(turns) == turns[-MAX_TURNS:]


def test_only_the_last_answer_suggests_questions() -> None:
    messages = _messages([["one", "<p>1</p>", ["a?"]], ["two", "<p>2</p>", ["b?", "c?"]]])
    assert [message["role"] for message in messages] == ["user", "assistant"] * 2
    assert "options" not in messages[1]
    assert messages[3]["options"] == [{"value": "b?", "label": "b?"}, {"value": "c?", "label": "c?"}]


def test_what_is_sent_while_enough_questions_wait_stays_in_the_field() -> None:
    waiting: list[str] = []
    for number in range(MAX_WAITING + 1):
        field, waiting, messages = _take(gr.EventData(None, None), f"{number}?", waiting, [])
    assert waiting == [f"{number}?" for number in range(MAX_WAITING)]
    assert field == messages == gr.skip()


@pytest.mark.parametrize("chosen", ["a?", {"value": "a?", "label": "A"}, {"text": "a?"}])
def test_a_chosen_suggestion_or_example_is_a_question(chosen: object) -> None:
    assert _chosen(chosen) == "a?"


@pytest.mark.parametrize("language", Language)
def test_where_answering_breaks_the_reader_is_told_so_and_the_log_has_the_trace(
    language: Language, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        turn = _turn(cast("Assistant", BrokenAssistant()), "povo?", [], language)
    assert turn == ["povo?", render_message(text("failed", language), language), []]
    assert "the index has come to harm" in caplog.text
