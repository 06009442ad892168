from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect
from web.accessibility import serious_violations
from web.chat_page import DESKTOP, PHONE, ChatPage
from web.chat_questions import TOO_LONG, question
from web.chat_server import ChatServer

from qa.datatypes import Language

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
Scheme = Literal["light", "dark"]
LOOKS: list[tuple[Scheme, tuple[int, int], Language]] = [
    ("light", PHONE, Language.ZH_HANS),
    ("light", DESKTOP, Language.JA),
    ("dark", PHONE, Language.EN),
    ("dark", DESKTOP, Language.ZH_HANT),
]
WIDTHS = (360, 600, 800, 1024, 1920)


def _typing(chat: ChatPage, language: Language) -> None:
    chat.question.fill(question("steps", language))


def _answered(chat: ChatPage, language: Language) -> None:
    chat.new_chat.click()
    expect(chat.answers).to_have_count(0)
    answer = chat.ask(question("steps", language))
    answer.locator("a.marker").first.click()
    expect(answer.locator("mark").first).to_be_visible()
    expect(chat.subject).to_be_visible()


def _refused(chat: ChatPage, language: Language) -> None:
    chat.question.clear()
    expect(chat.ask(question("related", language))).to_have_class("answer related")
    expect(chat.ask(question("outside", language))).to_have_class("answer not_covered")
    expect(chat.ask(TOO_LONG)).to_have_class("answer failed")


def _offered(chat: ChatPage, language: Language) -> None:
    chat.new_chat.click()
    expect(chat.answers).to_have_count(0)
    chat.ask(question("ambiguous", language))
    expect(chat.suggestions.first).to_be_visible()


def _saying(chat: ChatPage, language: Language) -> None:
    chat.answers.last.locator("button.verdict.wrong").click()
    expect(chat.page.locator("form.feedback textarea")).to_be_focused()


def _thanked(chat: ChatPage, language: Language) -> None:
    chat.page.locator("form.feedback [type=submit]").click()
    expect(chat.page.locator("form.feedback textarea")).to_have_count(0)


def _lost(chat: ChatPage, language: Language) -> None:
    chat.page.context.set_offline(offline=True)
    expect(chat.notice).to_be_visible()


def _back(chat: ChatPage, language: Language) -> None:
    chat.page.context.set_offline(offline=False)
    expect(chat.notice).to_have_class("back")
    chat.forgive("ERR_INTERNET_DISCONNECTED")


# Each from the one before it.
STATES: dict[str, Callable[[ChatPage, Language], None]] = {
    "welcome": lambda chat, language: None,
    "typing": _typing,
    "related, not covered, too long": _refused,
    "answered, its citation opened": _answered,
    "another meaning is offered": _offered,
    "feedback form": _saying,
    "thanks": _thanked,
    "the server is lost": _lost,
    "it is back": _back,
}


@pytest.mark.parametrize(
    ("scheme", "size", "language"), LOOKS, ids=[f"{scheme}-{size[0]}-{language}" for scheme, size, language in LOOKS]
)
def test_nothing_keeps_people_from_using_the_page_in_any_state(
    scheme: Scheme, size: tuple[int, int], language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    # Without what fades in: half-faded text has no contrast.
    chat = open_chat(real_chat, language, size=size, color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    for state, reach in STATES.items():
        reach(chat, language)
        assert chat.fits_its_width(), state
        if violations := serious_violations(chat.page):
            found[state] = violations
    assert found == {}


def test_the_checker_does_find_what_is_wrong_with_a_chat(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    chat.page.evaluate("document.getElementById('notice').innerHTML = '<button></button><b style=\"color: #ccc\">pale</b>'")
    chat.page.evaluate("document.getElementById('notice').hidden = false")
    assert {rule.partition(" ")[0] for rule in serious_violations(chat.page)} == {"button-name", "color-contrast"}


@pytest.fixture(scope="module")
def spread(browser: Browser, real_chat: ChatServer) -> Iterator[ChatPage]:
    """Return a page with everything on it that may be wide."""
    chat = ChatPage.opened(browser, real_chat, "en")
    for kind in ("steps", "comparison", "outside", "ambiguous"):
        chat.ask(question(kind, Language.EN))
    for summary in chat.page.locator("details.citation summary").all():
        summary.click()
    chat.answers.first.locator("button.verdict.wrong").click()
    yield chat
    chat.close()
    assert chat.strange == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways(width: int, spread: ChatPage) -> None:
    spread.page.set_viewport_size({"width": width, "height": 800})
    assert spread.fits_its_width()


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_typed_into_stays_in_sight(width: int, spread: ChatPage) -> None:
    spread.page.set_viewport_size({"width": width, "height": 800})
    for height in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        spread.page.evaluate(f"window.scrollTo({{ top: {height}, behavior: 'instant' }})")
        expect(spread.question).to_be_in_viewport(ratio=1)
        assert spread.is_read(spread.question)


def test_the_page_follows_the_browsers_colours(open_chat: OpenChat, real_chat: ChatServer) -> None:
    def background(scheme: Scheme) -> str:
        chat = open_chat(real_chat, "en", color_scheme=scheme)
        return str(chat.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light, dark = background("light"), background("dark")
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(15, 23, 42)")
