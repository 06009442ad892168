from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Request, expect
from web.chat_page import ChatPage
from web.chat_questions import TOO_LONG, question
from web.chat_server import ChatServer

from qa.answering.reader import for_reader
from qa.datatypes import Language
from qa.web.texts import LANGUAGE_NAMES, text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
# What Gradio says of itself where nobody tells it otherwise.
GRADIOS_OWN = (
    "clear",
    "textbox",
    "submit",
    "common.",
    "chatbot",
    "copy message",
    "built with",
    "gradio",
    "via api",
    "settings",
)
# The same for everybody: names, and what has no letters.
SHARED = {*LANGUAGE_NAMES.values(), "povo", "docomo", "LINEMO"}
_HAS_LETTERS = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"^(https?://\S+|[\w.-]+\.(jp|com|net))$")
# Every text node that is rendered and every attribute that is shown or read out, without what guides and readers wrote.
_SAID = """() => {
  const foreign = ".quote, .section, .sources, .from, .question, script, style, noscript, .payload";
  const said = [document.title];
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest(foreign) || !element.checkVisibility()) continue;
    for (const name of ["placeholder", "title", "aria-label", "alt", "aria-description", "aria-placeholder"]) {
      if (element.hasAttribute(name)) said.push(element.getAttribute(name));
    }
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) said.push(node.data);
  }
  return [...new Set(said.map((each) => each.trim()).filter(Boolean))];
}"""


def said_by(chat: ChatPage) -> set[str]:
    """Return what the page itself says as it stands, without guides' text, names and numbers."""
    said = chat.page.evaluate(_SAID)
    return {each for each in said if _HAS_LETTERS.search(each) and not _ADDRESS.search(each) and each not in SHARED}


def walk(chat: ChatPage, language: Language) -> set[str]:
    """Return what the page says in every state that it can be brought to."""
    said = said_by(chat)
    chat.ask(question("related", language))  # a name that comes first; later it would go on with what was asked before
    calls = chat.hold("answer")
    chat.send(question("steps", language))
    chat.wait_until(lambda: bool(calls))
    said |= said_by(chat)
    calls[0].continue_()
    answer = chat.answer(1)
    answer.locator("summary").first.click()
    answer.locator("button.verdict.wrong").click()
    chat.ask(question("follow_up", language))
    said |= said_by(chat)
    answer.locator("form.feedback [type=submit]").click()
    expect(answer.locator("form.feedback textarea")).to_have_count(0)
    for button in ("copy", "again"):
        answer.locator(f".{button}").click()
        said |= said_by(chat)
    for kind in ("outside", "ambiguous"):
        chat.ask(question(kind, language))
        said |= said_by(chat)
    chat.ask(TOO_LONG)
    chat.page.context.set_offline(offline=True)
    expect(chat.notice).to_have_text(text("lost", language))
    said |= said_by(chat)
    chat.page.context.set_offline(offline=False)
    expect(chat.notice).to_have_text(text("back", language))
    chat.forgive("ERR_INTERNET_DISCONNECTED")
    return said | said_by(chat)


@pytest.fixture(scope="module")
def said(browser: Browser, real_chat: ChatServer) -> dict[Language, set[str]]:
    """Return what the pages say, each in its language."""
    found = {}
    for language in Language:
        chat = ChatPage.opened(browser, real_chat, language, permissions=["clipboard-write"])
        found[language] = walk(chat, language)
        chat.close()
        assert chat.strange == []
    return found


# A choice: texts of each view and state that a walk has to come by.
@pytest.mark.parametrize("language", list(Language))
def test_a_walk_comes_by_the_texts_of_every_state(language: Language, said: dict[Language, set[str]]) -> None:
    whole = "\n".join(said[language])
    for key in (
        *("title", "tagline", "placeholder", "question_label", "send", "skip", "browse", "footer", "conversation", "new_chat"),
        *("answered", "related", "not_covered", "copy", "copied", "link", "link_copied", "whole_guide", "all_operators"),
        *("feedback_helpful", "feedback_wrong", "feedback_outdated", "feedback_missing", "feedback_remark", "feedback_privacy"),
        *("feedback_send", "feedback_thanks", "lost", "back"),
    ):
        assert text(key, language) in whole, key
    for key in ("subject", "carried", "did_you_mean", "too_long", "checked", "official_link"):
        fixed = max(re.split(r"\{\w+\}", text(key, language)), key=len).strip()
        assert fixed in whole, key


@pytest.mark.parametrize(("one", "other"), list(combinations(Language, 2)))
def test_nothing_that_a_page_says_is_the_same_in_two_languages(
    one: Language, other: Language, said: dict[Language, set[str]]
) -> None:
    both = said[one] & said[other]
    if {one, other} == {Language.ZH_HANS, Language.ZH_HANT}:
        # Some words are written alike in both scripts.
        both = {each for each in both if for_reader(each, Language.ZH_HANS, Language.ZH_HANT) != each}
    assert both == set()


@pytest.mark.parametrize("language", list(Language))
def test_no_page_says_anything_of_gradios_own(language: Language, said: dict[Language, set[str]]) -> None:
    assert [each for each in said[language] if any(own in each.lower() for own in GRADIOS_OWN)] == []


@pytest.mark.parametrize("language", [Language.ZH_HANS, Language.ZH_HANT, Language.JA])
def test_no_page_but_the_english_one_says_anything_in_english(language: Language, said: dict[Language, set[str]]) -> None:
    english = [each for each in said[language] if re.search(r"\b[a-z]{3,} [a-z]{2,}\b", each)]
    assert english == []


def test_what_a_page_says_does_not_depend_on_the_browsers_language(open_chat: OpenChat, real_chat: ChatServer) -> None:
    def says(locale: str) -> set[str]:
        chat = open_chat(real_chat, "en", locale=locale)
        chat.ask(question("steps", Language.EN))
        return said_by(chat)

    assert says("ja-JP") == says("en-US")


@pytest.mark.parametrize("language", list(Language))
def test_every_part_of_a_page_says_which_language_it_is_in(
    language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, language)
    expect(chat.page.locator("html")).to_have_attribute("lang", language.value)
    expect(chat.page.locator(".welcome")).to_have_attribute("lang", language.value)
    expect(chat.question).to_have_attribute("lang", language.value)
    # The card follows the question, not the page.
    asked_in = Language.EN if language is Language.JA else Language.JA
    answer = chat.ask(question("steps", asked_in))
    for part in (answer, answer.locator(".quote").first, answer.locator(".section").first):
        expect(part).to_have_attribute("lang", asked_in.value)
    expect(answer.locator(".outcome")).to_contain_text(text("answered", asked_in))


def test_a_passage_in_another_language_says_so(open_chat: OpenChat, small_chat: ChatServer) -> None:
    answer = open_chat(small_chat, "en").ask("How much does it cost to cancel Rakuten Mobile?")
    expect(answer).to_have_attribute("lang", "en")
    expect(answer.locator(".note")).to_have_text(text("in_language", Language.EN).format(language="日本語"))
    for part in (".quote", ".section"):
        expect(answer.locator(part).first).to_have_attribute("lang", "ja")


def test_no_font_is_loaded_from_anywhere(browser: Browser, real_chat: ChatServer) -> None:
    chat = ChatPage.opened(browser, real_chat, "ja")
    fonts: list[str] = []

    def on_request(request: Request) -> None:
        if request.resource_type == "font" or re.search(r"\.(woff2?|ttf|otf)\b", request.url):
            fonts.append(request.url)

    chat.page.context.on("request", on_request)
    chat.reload()
    chat.ask(question("steps", Language.JA))
    assert fonts == []
    assert chat.page.evaluate("document.fonts.size") == 0
    chat.close()


def test_the_header_leads_to_the_other_languages_and_the_last_one_is_remembered(
    open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, "en")
    languages = chat.page.locator("header.site .languages a")
    expect(languages).to_have_text(list(LANGUAGE_NAMES.values()))
    expect(chat.page.locator("header.site .languages [aria-current]")).to_have_text("English")
    languages.get_by_text(LANGUAGE_NAMES[Language.JA]).click()
    expect(chat.page).to_have_title(text("title", Language.JA))
    assert len(chat.page.context.pages) == 1
    chat.page.goto(f"{real_chat.url}/")
    expect(chat.page).to_have_url(f"{real_chat.url}/ja/")


@pytest.fixture(
    params=[
        *(("zh-HK", "zh-Hant"), ("zh-TW", "zh-Hant"), ("zh-SG", "zh-Hans"), ("zh-CN", "zh-Hans"), ("yue", "zh-Hans")),
        *(("yue-HK", "zh-Hant"), ("ja-JP", "ja"), ("en-GB", "en"), ("fr-FR", "zh-Hans")),
    ],
    ids="-".join,
)
def arrival(request: pytest.FixtureRequest, browser: Browser, real_chat: ChatServer) -> Iterator[tuple[str, str]]:
    """Return where a browser of a locale came to that was never here, and where it should have."""
    locale, language = request.param
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{real_chat.url}/", wait_until="commit")
    yield page.url, f"{real_chat.url}/{language}/"
    context.close()


def test_a_browser_comes_to_the_page_in_its_language(arrival: tuple[str, str]) -> None:
    came_to, expected = arrival
    assert came_to == expected
