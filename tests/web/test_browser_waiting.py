from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect
from web.chat_page import ChatPage
from web.chat_server import ChatServer

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
QUESTION = "povo 怎么在线销户？"


def wait_for(held: list[Route], chat: ChatPage) -> Route:
    """Return the call that is held back, once it is made."""
    chat.wait_until(lambda: bool(held))
    return held[0]


@pytest.fixture
def held(open_chat: OpenChat, real_chat: ChatServer) -> tuple[ChatPage, Route]:
    """Return a page whose question has been taken, and the call for its answer, which is on its way until it is continued."""
    chat = open_chat(real_chat, "zh-Hans")
    calls = chat.hold("answer")
    chat.send(QUESTION)
    expect(chat.questions).to_have_text([QUESTION])
    return chat, wait_for(calls, chat)


def test_a_question_that_is_sent_while_the_page_loads_stays_on_it(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    opening, answering = chat.hold("open"), chat.hold("answer")
    chat.reload()
    opens = wait_for(opening, chat)
    chat.send(QUESTION)
    answer = wait_for(answering, chat)
    with chat.page.expect_response(opens.request.url):
        opens.continue_()
    chat.page.wait_for_timeout(200)
    expect(chat.questions).to_have_text([QUESTION], timeout=1)
    answer.continue_()
    chat.answer(0)
    expect(chat.questions).to_have_text([QUESTION])


def test_nothing_comes_back_into_a_new_chat_that_is_begun_while_an_answer_is_on_its_way(held: tuple[ChatPage, Route]) -> None:
    chat, call = held
    chat.new_chat.click()
    expect(chat.questions).to_have_count(0)
    with chat.page.expect_response(call.request.url):
        call.continue_()
    # The next answer comes after whatever that one did.
    chat.ask("LINEMO 怎么销户？")
    expect(chat.questions).to_have_text(["LINEMO 怎么销户？"])
    expect(chat.answers).to_have_count(1)
    chat.reload()
    chat.answer(0)
    expect(chat.questions).to_have_text(["LINEMO 怎么销户？"])


def test_a_reload_while_an_answer_is_on_its_way_puts_the_question_back_into_the_field(held: tuple[ChatPage, Route]) -> None:
    chat, _ = held
    chat.question.fill("要多少钱？")
    chat.reload()
    expect(chat.question).to_have_value(f"{QUESTION}\n要多少钱？")
    expect(chat.questions).to_have_count(0)


def test_what_is_typed_while_an_answer_is_awaited_stays(held: tuple[ChatPage, Route]) -> None:
    chat, call = held
    chat.question.fill("要多少钱？")
    call.continue_()
    chat.answer(0)
    expect(chat.question).to_have_value("要多少钱？")


def test_what_is_sent_while_an_answer_is_awaited_is_answered_next(held: tuple[ChatPage, Route]) -> None:
    chat, call = held
    chat.send("要多少钱？")
    expect(chat.question).to_have_value("")
    chat.send("SIM 卡要还吗？")
    expect(chat.questions).to_have_text([QUESTION, "要多少钱？", "SIM 卡要还吗？"])
    call.continue_()
    expect(chat.answer(2).locator(".carried")).to_contain_text("povo")
    expect(chat.questions).to_have_text([QUESTION, "要多少钱？", "SIM 卡要还吗？"])


def test_a_question_that_is_sent_twice_in_one_breath_is_asked_once(held: tuple[ChatPage, Route]) -> None:
    chat, call = held
    chat.send(QUESTION)
    chat.question.clear()
    call.continue_()
    chat.answer(0)
    chat.ask("要多少钱？")
    expect(chat.questions).to_have_text([QUESTION, "要多少钱？"])
