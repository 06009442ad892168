from __future__ import annotations

import gradio as gr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.chat.posted import JSON, TURNS
from web.chat.reader import FEE, NOTHING_NEW, NOWHERE, SIM, Reader
from web.page_html import PageHTML

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Language, Outcome, Weights
from qa.index.embedder import Embedder
from qa.web.chat.page import _chosen, _messages, _Waiting
from qa.web.chat.turns import MAX_TURNS, Turn, read_turns
from qa.web.languages import browse_path
from qa.web.texts import text

MISSPELT = "povoo 怎么销户"


@pytest.fixture(scope="module")
def assistant(small_index: Settings, embedder: Embedder) -> Assistant:
    return Assistant(small_index.index, embedder, Weights())


@pytest.mark.parametrize("chosen", ["a?", {"value": "a?", "label": "A"}, {"text": "a?"}])
def test_a_chosen_option_or_example_is_a_question_and_what_is_being_typed_stays(chosen: object, assistant: Assistant) -> None:
    assert _chosen(chosen) == "a?"
    reader = Reader.of(assistant)
    reader.typed = "half a thou"
    reader.chooses(chosen)
    assert (reader.questions, reader.typed) == (["a?"], "half a thou")


def test_what_the_guides_were_searched_for_instead_comes_before_what_to_ask_next(assistant: Assistant) -> None:
    answer = assistant.answer(MISSPELT)
    assert answer.did_you_mean
    assert answer.follow_ups
    reader = Reader.of(assistant)
    reader.asks(MISSPELT)
    label = text("did_you_mean", Language.ZH_HANS)
    assert reader.options == [
        *((meant, label.format(question=meant)) for meant in answer.did_you_mean),
        *((further, further) for further in answer.follow_ups),
    ]


def test_only_the_last_answer_offers_questions_and_none_does_while_one_waits(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(FEE, SIM)
    assert reader.options
    assert ["options" in message for message in reader.shown] == [False, False, False, True]
    reader.types(FEE)
    assert not any("options" in message for message in reader.shown)


@pytest.mark.parametrize(
    ("language", "operator"),
    [
        (Language.ZH_HANS, "乐天移动"),
        (Language.ZH_HANT, "樂天移動"),
        (Language.JA, "楽天モバイル"),
        (Language.EN, "Rakuten Mobile"),
    ],
)
def test_the_chip_names_whom_the_next_question_is_about_in_the_pages_language(
    language: Language, operator: str, assistant: Assistant
) -> None:
    reader = Reader.of(assistant, language)
    reader.asks("楽天モバイルの解約金はいくらですか")
    assert reader.subject == text("subject", language).format(operator=operator)


def test_the_chip_names_all_whom_the_next_question_is_about(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks("povo 和 LINEMO 的 SIM 卡要归还吗")
    assert reader.subject == text("subject", Language.ZH_HANS).format(operator="povo, LINEMO")


@pytest.mark.parametrize("question", ["哪些公司要归还 SIM 卡", NOWHERE])
def test_without_an_operator_there_is_no_chip(question: str, assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(question)
    assert reader.chip is not None
    assert reader.subject == ""


def test_what_the_chip_says_is_what_the_next_answer_does(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(FEE)
    assert reader.subject == text("subject", Language.ZH_HANS).format(operator="povo")
    reader.asks(SIM)
    assert text("carried", Language.ZH_HANS).format(operator="povo") in reader.shown[-1]["content"]


def test_taking_the_chip_away_lets_the_next_question_start_anew_and_loses_nothing(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(NOWHERE, FEE)
    shown = reader.shown
    assert reader.sees(reader.chat.forget_subject(reader.waiting, reader.stored))
    assert (reader.shown, reader.subject) == (shown, "")
    reader.asks(SIM)
    assert text("carried", Language.ZH_HANS).format(operator="povo") not in reader.shown[-1]["content"]
    assert reader.chat.forget_subject(reader.waiting, [])[:2] == ([], [])


def test_the_conversation_is_there_again_when_the_page_is_opened_again(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(FEE, SIM)
    shown, subject = reader.shown, reader.subject
    reader.chip = None
    reader.opens()
    assert (reader.shown, reader.subject) == (shown, subject)
    assert subject
    assert not reader.gets_answers()


def test_where_there_is_no_conversation_opening_the_page_leaves_it_alone(assistant: Assistant) -> None:
    chat = Reader.of(assistant).chat
    assert chat.open(_Waiting(), [], gr.Request(query_params={})) == (_Waiting(), NOTHING_NEW, NOTHING_NEW)


def test_the_question_in_the_address_is_asked_once(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.opens(q=f" {FEE}\n")
    assert reader.questions == [FEE]
    assert reader.gets_answers()
    assert reader.answers == ["answered"]
    reader.opens(q=FEE)  # the page is loaded anew
    assert reader.questions == [FEE]
    assert not reader.gets_answers()


def test_the_question_in_the_address_comes_after_the_conversation_that_was_kept(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(FEE, SIM)
    reader.opens(q=FEE)
    assert reader.questions == [FEE, SIM, FEE]
    assert not any("options" in message for message in reader.shown)
    assert reader.gets_answers()
    assert (reader.questions, len(reader.answers)) == ([FEE, SIM, FEE], 3)


@pytest.mark.parametrize("address", [{"q": ""}, {"q": " \n"}, {"question": FEE}])
def test_an_address_that_asks_nothing_asks_nothing(address: dict[str, str], assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.opens(**address)
    assert (reader.waiting, reader.shown) == (_Waiting(), [])


def test_a_new_conversation_begins_with_nothing(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(FEE)
    reader.begins_anew()
    assert (reader.shown, reader.stored, reader.subject) == ([], [], "")
    reader.asks(SIM)
    assert text("carried", Language.ZH_HANS).format(operator="povo") not in reader.shown[-1]["content"]


def test_a_long_conversation_keeps_its_last_twenty_turns(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.stored = [Turn(f"{number}?", "<p>old</p>").stored() for number in range(MAX_TURNS)]
    reader.asks(FEE)
    assert len(reader.stored) == MAX_TURNS
    assert reader.questions == [*(f"{number}?" for number in range(1, MAX_TURNS)), FEE]


@pytest.mark.parametrize("page", Language)
def test_an_answer_in_another_language_leads_to_pages_in_the_pages_own(page: Language, assistant: Assistant) -> None:
    reader = Reader.of(assistant, page)
    reader.asks("ジムの退会方法は？")
    card = PageHTML.read(reader.shown[1]["content"])
    assert card.tags[0] == ("article", {"class": f"answer {Outcome.NOT_COVERED}", "lang": "ja"})
    assert browse_path(page) in [link["href"] for link in card.attributes_of("a")]


def test_no_two_answers_share_an_anchor(assistant: Assistant) -> None:
    reader = Reader.of(assistant)
    reader.asks(FEE, FEE)
    cards = [PageHTML.read(reader.shown[at]["content"]) for at in (1, 3)]
    first, second = ({each["id"] for each in card.attributes_of("div") if "id" in each} for card in cards)
    assert first
    assert first.isdisjoint(second)


@settings(deadline=None)
@given(posted=st.one_of(JSON, st.lists(st.one_of(JSON, TURNS.map(Turn.stored)), max_size=30)), waiting=st.lists(st.text()))
def test_whatever_is_posted_as_the_conversation_can_be_shown(posted: object, waiting: list[str]) -> None:
    turns = read_turns(posted)
    messages = _messages(turns, waiting)
    assert [message["role"] for message in messages] == ["user", "assistant"] * len(turns) + ["user"] * len(waiting)
    offering = [number for number, message in enumerate(messages) if "options" in message]
    assert offering == ([len(messages) - 1] if turns and turns[-1].options and not waiting else [])
