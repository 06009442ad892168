from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, expect
from web.chat_page import PHONE, SMALL_PHONE, ChatPage
from web.chat_questions import TOO_LONG, question
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.languages import guide_path
from qa.web.texts import text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
# Long answers, all of them: none fits on a small phone.
ASKED_IN_TURN = ("povo 怎么在线销户？", "docomo 怎么销户？", "哪些运营商可以全程在线销户？")


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
    yield Asked(request.param, chat, chat.ask(question("steps", request.param)))
    chat.close()
    assert chat.strange == []


def test_a_question_is_answered_in_its_language(asked: Asked) -> None:
    expect(asked.answer).to_have_class("answer answered")
    expect(asked.answer).to_have_attribute("lang", asked.language.value)
    expect(asked.answer.locator(".outcome")).to_contain_text(text("answered", asked.language))
    expect(asked.answer.locator(".quote").first).to_contain_text("povo")
    expect(asked.chat.questions).to_have_text([question("steps", asked.language)])
    expect(asked.chat.question).to_have_value("")


def test_where_to_check_an_answer_is_seen_without_opening_anything(asked: Asked) -> None:
    asked.citation(opened=False)
    official = asked.answer.locator(".to-check a.official").first
    expect(official).to_be_visible()
    expect(official).to_contain_text(text("official_link", asked.language).format(operator="povo"))
    expect(official).to_have_attribute("href", re.compile(r"^https://(\w+\.)*povo\.jp/"))
    expect(asked.answer.locator(".to-check .checked")).to_have_text(re.compile(r"\d{4}-\d{2}-\d{2}"))


def test_every_quote_names_the_citation_that_its_marker_opens(asked: Asked) -> None:
    markers = asked.answer.locator("a.marker")
    quotes = asked.answer.locator(".quote").count()
    expect(markers).to_have_count(quotes)
    expect(asked.answer.locator("details.citation")).to_have_count(quotes)
    for number in range(quotes):
        citation = asked.answer.locator("details.citation").nth(number)
        if citation.get_attribute("open") is not None:
            citation.locator("summary").click()
        expect(citation.locator("mark").first).not_to_be_visible()
        markers.nth(number).click()
        expect(citation).to_have_attribute("open", "")
        expect(citation.locator("mark").first).to_be_in_viewport()
        expect(citation.locator("summary")).to_contain_text(markers.nth(number).inner_text())


def test_what_is_quoted_is_highlighted_in_its_section(asked: Asked) -> None:
    citation = asked.citation(opened=True)
    quote = asked.answer.locator(".quote p:not(.from), .quote li").first.inner_text().removesuffix("[1]").strip()
    expect(citation.locator("mark").first).to_contain_text(quote[:20])


def test_an_opened_citation_links_its_sources_and_the_whole_guide_and_shows_its_date(asked: Asked) -> None:
    citation = asked.citation(opened=True)
    expect(citation.locator(".dated")).to_have_text(re.compile(r"\d{4}-\d{2}-\d{2}"))
    path = guide_path(asked.language, "povo")
    expect(citation.locator(".dated a.inside")).to_have_attribute("href", re.compile(rf"^{re.escape(path)}#\w+"))
    outside = (".sources a", "sup a")
    for place in outside:
        expect(citation.locator(place).first).to_be_visible()
    for link in asked.answer.locator(", ".join((*outside, "a.official"))).all():
        expect(link).to_have_attribute("href", re.compile(r"^https?://"))
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", re.compile("noopener noreferrer"))


def test_an_answer_comes_on_the_page_in_a_moment(asked: Asked) -> None:
    answered = asked.chat.answers.count()
    asked.chat.send(question("follow_up", asked.language))
    # The question at once, while its answer is still made.
    expect(asked.chat.questions.last).to_have_text(question("follow_up", asked.language), timeout=5_000)
    expect(asked.chat.answer(answered)).to_be_visible()


def stands_at_the_top(element: Locator) -> bool:
    """Whether element begins within the first lines of the window."""
    box = element.bounding_box()
    return box is not None and 0 <= box["y"] < 60


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE], ids=["390x844", "360x640"])
def test_an_answer_is_read_from_its_beginning_without_scrolling(
    size: tuple[int, int], open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, "zh-Hans", size=size)
    for asked in ASKED_IN_TURN:
        answer = chat.ask(asked)
        chat.wait_until(lambda: stands_at_the_top(chat.questions.last))
        assert chat.is_read(chat.questions.last)
        assert chat.is_read(answer.locator(".outcome"))
        assert chat.is_read(answer.locator(".quote").first, lines=5)


def test_the_checker_of_what_is_read_knows_what_is_covered(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans", size=SMALL_PHONE)
    answer = chat.ask(ASKED_IN_TURN[0])
    # The last line is below the window, the end of a long answer under the field.
    assert not chat.is_read(answer.locator(".to-check"))
    assert not chat.is_read(answer.locator(".quote").first, lines=30)


@pytest.mark.parametrize("language", [Language.ZH_HANS, Language.EN])
def test_a_comparison_is_read_on_a_small_phone_without_scrolling_sideways(
    language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, language, size=SMALL_PHONE)
    answer = chat.ask(question("comparison", language))
    expect(answer.locator(".quote").first).to_contain_text("docomo")
    assert chat.fits_its_width()
    for summary in answer.locator("summary").all():
        summary.click()
    assert chat.fits_its_width()
    for part in answer.locator(".quote, .section").all():
        assert part.evaluate("each => each.scrollWidth <= each.clientWidth"), part.inner_text()[:80]


def test_readers_of_traditional_characters_are_told_of_the_conversion(asked: Asked) -> None:
    notes = asked.chat.answers.first.locator(".note")
    if asked.language is Language.ZH_HANT:
        expect(notes).to_have_text([text("converted", Language.ZH_HANT)])
        expect(asked.answer.locator(".quote").first).to_contain_text("退租")
    else:
        expect(notes).to_have_count(0)


def test_a_follow_up_question_keeps_the_operator_and_says_so(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    expect(chat.ask(question("steps", Language.ZH_HANS)).locator(".carried")).to_have_count(0)
    follow_up = chat.ask("要多少钱？")
    expect(follow_up.locator(".carried")).to_have_text(text("carried", Language.ZH_HANS).format(operator="povo"))
    expect(follow_up.locator("summary").first).to_contain_text("povo")


def test_what_is_related_says_that_it_is_no_answer(open_chat: OpenChat, real_chat: ChatServer) -> None:
    answer = open_chat(real_chat, "ja").ask(question("related", Language.JA))
    expect(answer).to_have_class("answer related")
    expect(answer.locator(".outcome")).to_contain_text(text("related", Language.JA))
    expect(answer.locator(".lead")).to_be_visible()
    expect(answer.locator(".quote").first).to_contain_text("povo")


def test_a_question_that_the_guides_do_not_cover_is_refused_and_leads_to_what_they_do(
    open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, "en")
    answer = chat.ask(question("outside", Language.EN))
    expect(answer).to_have_class("answer not_covered")
    expect(answer.locator(".outcome")).to_contain_text(text("not_covered", Language.EN))
    expect(answer.locator("details.citation, a.marker")).to_have_count(0)
    with chat.page.expect_popup() as opened:  # the conversation stays where it is
        answer.get_by_text(text("all_operators", Language.EN)).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(text("browse_title", Language.EN))


@pytest.mark.parametrize("language", [Language.ZH_HANT, Language.JA])
def test_an_over_long_question_is_refused_in_the_pages_language(
    language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, language)
    expect(chat.ask(TOO_LONG)).to_have_text(text("too_long", language).format(length=len(TOO_LONG)))
    expect(chat.ask(question("steps", language))).to_have_class("answer answered")


def test_a_blank_question_is_not_asked(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    chat.send("   ")
    chat.question.clear()
    chat.ask(question("steps", Language.EN))
    expect(chat.questions).to_have_text([question("steps", Language.EN)])
