from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from playwright.sync_api import Locator, expect
from web.chat_page import ChatPage
from web.chat_server import ChatServer
from web.hostile_corpus import ATTACKS, FORGED_MARKER, NAME, QUESTION, SOURCE_TITLE, TITLE

from qa.datatypes import Language
from qa.web.texts import text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
FOREIGN = "script, img, svg, iframe, object, embed, form, input, style, link, video, [style], [src], [onclick], [onerror]"
MARKDOWN = ("**bold** _it_ `code`", "[link](https://evil.example)", "![p](https://evil.example/p.png)", "# head", "$$x$$")


def opened_answer(chat: ChatPage) -> Locator:
    """Return the answer to the corpus' question, its citation opened."""
    answer = chat.ask(QUESTION)
    answer.locator("details.citation summary").first.click()
    expect(answer.locator(".section").first).to_be_visible()
    return answer


def test_nothing_in_a_hostile_guide_becomes_an_element(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en")
    answer = opened_answer(chat)
    expect(answer.locator(FOREIGN)).to_have_count(0)
    expect(answer.locator('a[href^="javascript"], a[href^="data"], [onmouseover]')).to_have_count(0)
    expect(chat.page).to_have_title(text("title", Language.EN))


def test_every_attack_is_read_as_text(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    section = opened_answer(open_chat(hostile_chat, "en")).locator(".section").first
    for attack in ATTACKS:
        expect(section).to_contain_text(unescape(attack))


def test_a_hostile_front_matter_and_lexicon_are_read_as_text(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en")
    answer = opened_answer(chat)
    expect(answer.locator("summary").first).to_contain_text(TITLE)
    expect(answer.locator(".sources").first).to_contain_text(SOURCE_TITLE)
    expect(chat.suggestions.first).to_contain_text(NAME)
    chat.suggestions.first.click()
    expect(chat.answer(1)).to_contain_text("free")
    expect(chat.questions.nth(1)).to_contain_text(NAME)
    expect(chat.page.locator("#chat").locator("script, img, [onclick], [onerror], b")).to_have_count(0)


def test_a_forged_marker_is_no_link(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    answer = opened_answer(open_chat(hostile_chat, "en"))
    expect(answer.locator(".section").first).to_contain_text(FORGED_MARKER)
    expect(answer.locator('a[href^="#"]')).to_have_count(answer.locator("details.citation").count())
    expect(answer.locator(".section").first.locator('a[href^="#"]')).to_have_count(0)


def test_a_hostile_question_is_shown_as_typed_and_stays_so_after_a_reload(
    open_chat: OpenChat, hostile_chat: ChatServer
) -> None:
    chat = open_chat(hostile_chat, "en")
    questions = [f"cancel povo {attack}" for attack in (*ATTACKS, *MARKDOWN)]
    for question in questions:
        chat.ask(question)
    expect(chat.questions).to_have_text(questions)
    chat.reload()
    expect(chat.questions).to_have_text(questions)
    expect(chat.questions.locator(FOREIGN)).to_have_count(0)
    expect(chat.questions.locator("a, strong, em, code, h1")).to_have_count(0)


def test_a_hostile_guide_does_not_make_a_phone_scroll_sideways(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en", size=(390, 844))
    opened_answer(chat)
    assert chat.fits_its_width()
