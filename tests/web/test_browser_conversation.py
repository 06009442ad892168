from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from web.chat_page import PHONE, ChatPage
from web.chat_questions import question
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.languages import chat_path
from qa.web.texts import LANGUAGE_NAMES, text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
QUESTION = "povo 怎么在线销户？"
CHIP = text("subject", Language.ZH_HANS).format(operator="povo")


def cards(chat: ChatPage) -> list[str]:
    """Return what stands in the conversation, to the letter."""
    found = chat.page.locator("#chat .question, #chat .answer").evaluate_all("cards => cards.map((card) => card.outerHTML)")
    assert found
    return list(map(str, found))


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


@pytest.mark.parametrize("language", list(Language))
def test_another_meaning_of_a_name_is_offered_and_asked_when_it_is_clicked(
    language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, language)
    chat.ask(question("ambiguous", language))
    label, _, _ = text("did_you_mean", language).partition("{")
    offered = chat.suggestions.filter(has_text=label)
    expect(offered).to_have_count(1)
    meant = offered.inner_text().removeprefix(label)
    offered.click()
    chat.answer(1)
    expect(chat.questions).to_have_text([question("ambiguous", language), meant])
    expect(chat.suggestions.filter(has_text=label)).to_have_count(0)


def test_a_reload_keeps_a_conversation_to_the_letter(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    chat.ask("要多少钱？")
    before, suggested = cards(chat), chat.suggestions.all_inner_texts()
    chat.reload()
    chat.answer(1)
    assert cards(chat) == before
    expect(chat.suggestions).to_have_text(suggested)
    expect(chat.subject).to_have_text(CHIP)
    chat.answers.first.locator("a.marker").first.click()
    expect(chat.answers.first.locator("mark").first).to_be_visible()
    expect(chat.ask("SIM 卡要还吗？").locator(".carried")).to_contain_text("povo")


def test_another_language_keeps_the_conversation(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    before = cards(chat)
    chat.page.locator("header.site").get_by_text(LANGUAGE_NAMES[Language.JA]).click()
    expect(chat.page).to_have_title(text("title", Language.JA))
    chat.answer(0)
    assert cards(chat) == before
    expect(chat.subject).to_have_text(text("subject", Language.JA).format(operator="povo"))
    expect(chat.ask("いくらかかりますか？").locator(".carried")).to_have_text(
        text("carried", Language.JA).format(operator="povo")
    )


def test_whom_the_next_question_is_about_is_shown_and_can_be_taken_away(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    expect(chat.subject).not_to_be_visible()
    chat.ask(QUESTION)
    expect(chat.subject).to_have_text(CHIP)
    chat.subject.click()
    expect(chat.subject).not_to_be_visible()
    chat.reload()
    chat.answer(0)
    expect(chat.subject).not_to_be_visible()
    expect(chat.ask("SIM 卡要还吗？").locator(".carried")).to_have_count(0)
    chat.ask("LINEMO 怎么销户？")
    expect(chat.subject).to_have_text(text("subject", Language.ZH_HANS).format(operator="LINEMO"))


def test_a_new_chat_clears_the_conversation_for_good(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    chat.new_chat.click()
    expect(chat.answers).to_have_count(0)
    expect(chat.subject).not_to_be_visible()
    chat.reload()
    expect(chat.ask("怎么销户？").locator(".carried")).to_have_count(0)
    expect(chat.answers).to_have_count(1)


def test_another_reader_sees_nothing_of_a_conversation(open_chat: OpenChat, real_chat: ChatServer) -> None:
    open_chat(real_chat, "zh-Hans").ask(QUESTION)
    other = open_chat(real_chat, "zh-Hans")
    expect(other.ask("怎么销户？").locator(".carried")).to_have_count(0)
    expect(other.answers).to_have_count(1)


@pytest.mark.parametrize("path", ["/ja/", "/"])
def test_a_link_to_a_question_asks_it_once(path: str, open_chat: OpenChat, real_chat: ChatServer) -> None:
    asked = question("steps", Language.JA)
    chat = open_chat(real_chat, "ja")  # which the browser now remembers
    chat.go(chat_path(Language.JA, asked).replace("/ja/", path))
    expect(chat.answer(0)).to_have_attribute("lang", "ja")
    expect(chat.page).to_have_url(f"{real_chat.url}/ja/")
    chat.reload()
    chat.answer(0)
    chat.ask(question("follow_up", Language.JA))
    expect(chat.questions).to_have_text([asked, question("follow_up", Language.JA)])


def test_a_link_to_a_question_asks_it_after_the_conversation_that_is_kept(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask("LINEMO 怎么销户？")
    chat.go(chat_path(Language.ZH_HANS, QUESTION))
    chat.answer(1)
    expect(chat.questions).to_have_text(["LINEMO 怎么销户？", QUESTION])


def test_the_link_of_an_answer_asks_what_was_understood(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    link = chat.ask("要多少钱？").locator("a.again").get_attribute("href")
    assert link is not None
    other = open_chat(real_chat, "en")
    other.go(link)
    answer = other.answer(0)
    expect(answer.locator(".carried")).to_have_count(0)
    expect(answer.locator(".quote").first).to_contain_text("povo")


def test_what_is_typed_survives_a_reload_and_another_language(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.question.fill("povo 怎么")
    chat.reload()
    expect(chat.question).to_have_value("povo 怎么")
    chat.page.locator("header.site").get_by_text(LANGUAGE_NAMES[Language.ZH_HANT]).click()
    expect(chat.page).to_have_title(text("title", Language.ZH_HANT))
    expect(chat.question).to_have_value("povo 怎么")
    chat.question.press("End")
    chat.page.keyboard.type("销户")
    chat.question.press("Enter")
    chat.answer(0)
    expect(chat.questions).to_have_text(["povo 怎么销户"])
    chat.reload()
    chat.answer(0)
    expect(chat.question).to_have_value("")


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
