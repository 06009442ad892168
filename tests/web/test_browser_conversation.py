from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect
from web.chat_page import PHONE, ChatPage
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.texts import text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
QUESTION = "povo 怎么在线销户？"


def test_a_suggested_question_is_asked_when_it_is_clicked(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    suggested = chat.suggestions.first.inner_text()
    chat.suggestions.first.click()
    expect(chat.answer(1)).to_have_class("answer answered")
    expect(chat.questions).to_have_text([QUESTION, suggested])


def test_an_example_is_asked_when_it_is_clicked(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    example = text("examples", Language.EN).split("|")[1]
    chat.page.locator("#chat").get_by_role("button").filter(has_text=example).click()
    chat.answer(0)
    expect(chat.questions).to_have_text([example])


def test_the_conversation_survives_a_reload(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    first = chat.ask(QUESTION).inner_text()
    second = chat.ask("要多少钱？").inner_text()
    chat.reload()
    chat.answer(1)
    assert chat.answers.all_inner_texts() == [first, second]
    expect(chat.ask("SIM 卡要还吗？").locator(".carried")).to_contain_text("povo")


def test_a_new_chat_clears_the_conversation_for_good(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    chat.page.locator("#new-chat").click()
    expect(chat.answers).to_have_count(0)
    chat.reload()
    expect(chat.ask("怎么销户？").locator(".carried")).to_have_count(0)
    expect(chat.answers).to_have_count(1)


def test_another_reader_sees_nothing_of_a_conversation(open_chat: OpenChat, real_chat: ChatServer) -> None:
    open_chat(real_chat, "zh-Hans").ask(QUESTION)
    other = open_chat(real_chat, "zh-Hans")
    other.ask("怎么销户？")
    expect(other.answers).to_have_count(1)


def test_enter_that_ends_an_input_methods_composition_does_not_send(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "ja")
    chat.question.click()
    keyboard = chat.page.context.new_cdp_session(chat.page)
    keyboard.send("Input.imeSetComposition", {"text": "povoのかいやく", "selectionStart": 8, "selectionEnd": 8})
    # As macOS sends it; elsewhere the key is called "Process", which nothing could take for an Enter.
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    keyboard.send("Input.insertText", {"text": "povoの解約方法は?"})
    expect(chat.question).to_have_value("povoの解約方法は?")
    chat.question.press("Enter")
    chat.answer(0)
    expect(chat.questions).to_have_text(["povoの解約方法は?"])


def hold(chat: ChatPage, *inputs: str) -> list[Route]:
    """Hold back the page's next call that brings these inputs along; it is in the list as soon as it is made."""
    held: list[Route] = []

    def on_call(route: Route) -> None:
        call = route.request.post_data_json or {}
        if len(call["data"]) == len(inputs) and not held:
            held.append(route)
        else:
            route.fallback()

    chat.page.route("**/gradio_api/run/predict*", on_call)
    return held


def wait_for(held: list[Route], chat: ChatPage) -> Route:
    """Return the call that is held back, once it is made."""
    while not held:
        chat.page.wait_for_timeout(20)
    return held[0]


@pytest.fixture
def held(open_chat: OpenChat, real_chat: ChatServer) -> tuple[ChatPage, Route]:
    """Return a page whose question has been taken, and the call for its answer, which is on its way until it is continued."""
    chat = open_chat(real_chat, "zh-Hans")
    calls = hold(chat, "waiting", "turns")
    chat.send(QUESTION)
    expect(chat.questions).to_have_text([QUESTION])
    return chat, wait_for(calls, chat)


def test_a_question_that_is_sent_while_the_page_loads_stays_on_it(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    restoring, answering = hold(chat, "turns"), hold(chat, "waiting", "turns")
    chat.reload()
    restore = wait_for(restoring, chat)
    chat.send(QUESTION)
    answer = wait_for(answering, chat)
    with chat.page.expect_response(restore.request.url):
        restore.continue_()
    chat.page.wait_for_timeout(200)
    expect(chat.questions).to_have_text([QUESTION], timeout=1)
    answer.continue_()
    chat.answer(0)


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


@pytest.mark.parametrize("language", [Language.ZH_HANS, Language.EN])
def test_nothing_makes_a_phone_scroll_sideways(language: Language, open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, language, size=PHONE)
    assert chat.fits_its_width()
    answer = chat.ask(QUESTION)
    assert chat.fits_its_width()
    answer.locator("a.marker").first.click()
    expect(answer.locator("mark").first).to_be_visible()
    assert chat.fits_its_width()
    chat.ask("https://example.com/" + "a" * 400)
    assert chat.fits_its_width()
