from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, expect
from web.chat_page import ChatPage
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.texts import LANGUAGE_NAMES, text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
QUESTIONS = {
    Language.ZH_HANS: "povo 怎么在线销户？",
    Language.ZH_HANT: "povo 怎麼線上銷戶？",
    Language.JA: "povoの解約方法は?",
    Language.EN: "How do I cancel povo online?",
}


@dataclass(frozen=True)
class Asked:
    """A page on which a question was asked and answered."""

    language: Language
    chat: ChatPage
    answer: Locator

    def citation(self, *, opened: bool) -> Locator:
        """Return the first citation, opened or closed by a click on its summary where it isn't."""
        citation = self.answer.locator("details.citation").first
        if (citation.get_attribute("open") is not None) != opened:
            citation.locator("summary").click()
        return citation


@pytest.fixture(scope="module", params=list(Language))
def asked(request: pytest.FixtureRequest, browser: Browser, real_chat: ChatServer) -> Iterator[Asked]:
    """Return the page of each language with its question asked."""
    chat = ChatPage.opened(browser, real_chat, request.param)
    yield Asked(request.param, chat, chat.ask(QUESTIONS[request.param]))
    chat.close()
    assert chat.strange == []


def test_a_question_is_answered_in_its_language(asked: Asked) -> None:
    expect(asked.answer).to_have_class("answer answered")
    expect(asked.answer).to_have_attribute("lang", asked.language.value)
    expect(asked.answer.locator(".outcome")).to_contain_text(text("answered", asked.language))
    expect(asked.answer.locator(".quote").first).to_contain_text("povo")
    expect(asked.chat.questions).to_have_text([QUESTIONS[asked.language]])
    expect(asked.chat.question).to_have_value("")


def test_a_marker_opens_its_citation_at_the_highlighted_quote(asked: Asked) -> None:
    citation = asked.citation(opened=False)
    expect(citation.locator("mark").first).not_to_be_visible()
    asked.answer.locator("a.marker").first.click()
    expect(citation).to_have_attribute("open", "")
    expect(citation.locator("mark").first).to_be_visible()
    quote = asked.answer.locator(".quote p:not(.note), .quote li").first.inner_text().removesuffix("[1]").strip()
    expect(citation.locator("mark").first).to_contain_text(quote[:20])


def test_an_opened_citation_links_sources_and_the_operator_and_shows_its_date(asked: Asked) -> None:
    citation = asked.citation(opened=True)
    expect(citation.locator(".checked")).to_have_text(re.compile(r"\d{4}-\d{2}-\d{2}"))
    expect(citation.locator(".official")).to_contain_text(text("official_link", asked.language))
    places = (".official a", ".sources a", "sup a")
    for place in places:
        expect(citation.locator(place).first).to_be_visible()
    for link in citation.locator(", ".join(places)).all():
        expect(link).to_have_attribute("href", re.compile(r"^https?://"))
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", re.compile("noopener noreferrer"))


def test_readers_of_traditional_characters_are_told_of_the_conversion(open_chat: OpenChat, real_chat: ChatServer) -> None:
    answer = open_chat(real_chat, "zh-Hant").ask(QUESTIONS[Language.ZH_HANT])
    expect(answer.locator(".note").first).to_have_text(text("converted", Language.ZH_HANT))
    expect(answer.locator(".quote").first).to_contain_text("退租")


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
    chat.question.clear()
    chat.ask(QUESTIONS[Language.EN])
    expect(chat.questions).to_have_text([QUESTIONS[Language.EN]])


def test_a_page_leads_to_the_other_languages_and_the_last_one_is_remembered(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    expect(chat.page.locator(".languages a")).to_have_text(list(LANGUAGE_NAMES.values()))
    chat.page.locator(".languages a", has_text=LANGUAGE_NAMES[Language.JA]).click()
    expect(chat.page).to_have_title(text("title", Language.JA))
    chat.page.goto(f"{real_chat.url}/")
    expect(chat.page).to_have_url(f"{real_chat.url}/ja/")


def test_a_link_to_another_language_leads_there_in_the_same_tab(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    link = chat.page.locator(".languages a", has_text=LANGUAGE_NAMES[Language.JA])
    assert link.get_attribute("target") in (None, "_self")
