from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from web.chat_page import ChatPage
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.texts import text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
QUESTIONS = {
    Language.ZH_HANS: "povo 怎么在线销户？",
    Language.ZH_HANT: "povo 怎麼線上銷戶？",
    Language.JA: "povoの解約方法は?",
    Language.EN: "How do I cancel povo online?",
}
LANGUAGES = pytest.mark.parametrize("language", Language)


@LANGUAGES
def test_a_question_is_answered_in_its_language(language: Language, open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, language)
    answer = chat.ask(QUESTIONS[language])
    expect(answer).to_have_class("answer answered")
    expect(answer).to_have_attribute("lang", language.value)
    expect(answer.locator(".outcome")).to_contain_text(text("answered", language))
    expect(answer.locator(".quote").first).to_contain_text("povo")
    expect(chat.questions).to_have_text([QUESTIONS[language]])
    expect(chat.question).to_have_value("")


@LANGUAGES
def test_a_marker_opens_its_citation_at_the_highlighted_quote(
    language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    answer = open_chat(real_chat, language).ask(QUESTIONS[language])
    citation = answer.locator("details.citation").first
    expect(citation).not_to_have_attribute("open", re.compile(""))
    expect(citation.locator("mark").first).not_to_be_visible()
    answer.locator("a.marker").first.click()
    expect(citation).to_have_attribute("open", "")
    expect(citation.locator("mark").first).to_be_visible()
    quote = answer.locator(".quote p:not(.note), .quote li").first.inner_text().removesuffix("[1]").strip()
    expect(citation.locator(".section")).to_contain_text(quote[:20])


@LANGUAGES
def test_an_opened_citation_links_sources_and_the_operator_and_shows_its_date(
    language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    answer = open_chat(real_chat, language).ask(QUESTIONS[language])
    citation = answer.locator("details.citation").first
    citation.locator("summary").click()
    expect(citation.locator(".checked")).to_have_text(re.compile(r"\d{4}-\d{2}-\d{2}"))
    expect(citation.locator(".official")).to_contain_text(text("official_link", language))
    links = [*citation.locator(".official a").all(), *citation.locator(".sources a").all(), *citation.locator("sup a").all()]
    assert len(links) >= len(("official", "source", "footnote"))
    for link in links:
        expect(link).to_be_visible()
        expect(link).to_have_attribute("href", re.compile(r"^https?://"))
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", re.compile("noopener noreferrer"))


def test_readers_of_traditional_characters_are_told_of_the_conversion(open_chat: OpenChat, real_chat: ChatServer) -> None:
    answer = open_chat(real_chat, "zh-Hant").ask(QUESTIONS[Language.ZH_HANT])
    expect(answer.locator(".note").first).to_have_text(text("converted", Language.ZH_HANT))
    expect(answer.locator(".quote").first).to_contain_text("銷戶")


def test_a_follow_up_question_keeps_the_operator_and_says_so(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    expect(chat.ask(QUESTIONS[Language.ZH_HANS]).locator(".carried")).to_have_count(0)
    follow_up = chat.ask("要多少钱？")
    expect(follow_up.locator(".carried")).to_have_text(text("carried", Language.ZH_HANS).format(operator="povo"))
    expect(follow_up.locator("summary").first).to_contain_text("povo")


def test_a_question_that_the_guides_do_not_cover_is_refused_with_what_they_do(
    open_chat: OpenChat, real_chat: ChatServer
) -> None:
    answer = open_chat(real_chat, "en").ask("How do I cancel my gym membership?")
    expect(answer).to_have_class("answer not_covered")
    expect(answer.locator(".outcome")).to_contain_text(text("not_covered", Language.EN))
    expect(answer).to_contain_text("Operators: ")
    expect(answer.locator("details.citation, a.marker")).to_have_count(0)


@pytest.mark.parametrize("language", [Language.ZH_HANT, Language.JA])
def test_an_over_long_question_is_refused_in_the_pages_language(
    language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    question = "问" * 2001
    chat = open_chat(real_chat, language)
    expect(chat.ask(question)).to_have_text(text("too_long", language).format(length=len(question)))
    expect(chat.ask(QUESTIONS[language])).to_have_class("answer answered")


def test_a_blank_question_is_not_asked(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    chat.send("   ")
    chat.ask(QUESTIONS[Language.EN])
    expect(chat.questions).to_have_text([QUESTIONS[Language.EN]])


def test_a_page_leads_to_the_other_languages_and_the_last_one_is_remembered(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    expect(chat.page.locator(".languages a")).to_have_text(["简体中文", "繁體中文", "日本語"])
    chat.page.goto(f"{real_chat.url}{chat.page.locator('.languages a[lang=ja]').get_attribute('href')}")
    expect(chat.page).to_have_title(text("title", Language.JA))
    chat.page.goto(f"{real_chat.url}/")
    expect(chat.page).to_have_url(f"{real_chat.url}/ja/")


@pytest.mark.xfail(strict=True, reason="Gradio's sanitizer gives every link in gr.Markdown target=_blank")
def test_a_link_to_another_language_leads_there_in_the_same_tab(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    assert chat.page.locator(".languages a[lang=ja]").get_attribute("target") is None
