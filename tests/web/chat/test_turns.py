from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from web.chat.posted import JSON, TURNS

from qa.web.chat.turns import MAX_TURNS, Turn, earlier_questions, read_turns

GOOD: dict[str, Any] = {"question": "povo?", "html": "<p>", "options": [["a?", "A"]], "is_break": False}
# Like a turn, but for the kind of one or more of its values.
NEARLY = st.fixed_dictionaries({name: st.one_of(st.just(value), JSON) for name, value in GOOD.items()})


@settings(deadline=None)
@example(turns=[Turn(f"{number}?", "") for number in range(MAX_TURNS + 1)])
@given(turns=st.lists(TURNS, max_size=2 * MAX_TURNS))
def test_a_conversation_comes_back_from_the_browser_as_it_was_up_to_the_last_twenty(turns: list[Turn]) -> None:
    posted = json.loads(json.dumps([turn.stored() for turn in turns]))
    assert read_turns(posted) == turns[-MAX_TURNS:]


@settings(deadline=None)
@given(posted=st.one_of(JSON, NEARLY, st.lists(st.one_of(JSON, NEARLY, TURNS.map(Turn.stored)), max_size=30)))
def test_of_whatever_is_posted_only_turns_are_kept(posted: object) -> None:
    turns = read_turns(posted)
    assert len(turns) <= MAX_TURNS
    for turn in turns:
        assert isinstance(turn.question, str)
        assert isinstance(turn.html, str)
        assert isinstance(turn.is_break, bool)
        assert all(isinstance(value, str) and isinstance(label, str) for value, label in turn.options)
    assert read_turns([turn.stored() for turn in turns]) == turns


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, 1, 1.5, {"a": "b"}, [["a?"]]])
def test_a_turn_with_a_value_of_another_kind_is_none(name: str, value: object) -> None:
    assert read_turns([GOOD | {name: value}, GOOD]) == [Turn("povo?", "<p>", (("a?", "A"),))]


@pytest.mark.parametrize("missing", GOOD)
def test_a_turn_that_lacks_something_is_none(missing: str) -> None:
    assert Turn.read({name: value for name, value in GOOD.items() if name != missing}) is None


@pytest.mark.parametrize("pair", [[], ["a?"], ["a?", "A", "B"], ["a?", 1], [None, "A"], [["a?"], "A"]])
def test_a_turn_with_an_option_that_is_no_pair_of_texts_is_none(pair: list[object]) -> None:
    assert Turn.read(GOOD | {"options": [["a?", "A"], pair]}) is None


@pytest.mark.parametrize(
    "forged", [None, "text", 7, {}, GOOD, [[]], [["question only"]], [["q", "a", []]], [GOOD | {"is_break": 1}]]
)
def test_a_conversation_that_is_none_is_empty(forged: object) -> None:
    assert read_turns(forged) == []


def turns_of(*marked: str) -> list[Turn]:
    """Return a turn for each question; one that ends in a full stop is a break."""
    return [Turn(question, "", is_break=question.endswith(".")) for question in marked]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ([], []),
        (["a", "b"], ["a", "b"]),
        (["a."], []),
        (["a", "b."], []),
        (["a.", "b"], ["b"]),
        (["a", "b.", "c", "d"], ["c", "d"]),
        (["a.", "b", "c.", "d"], ["d"]),
    ],
)
def test_a_question_is_completed_from_those_since_the_last_break(asked: list[str], left: list[str]) -> None:
    assert earlier_questions(turns_of(*asked)) == left
