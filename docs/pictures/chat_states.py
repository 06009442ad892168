"""Every state of the chat that a person can come upon, and how to bring a page there."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asked import question
from playwright.sync_api import Browser, BrowserContext, Playwright, expect
from web.chat_page import PHONE, ChatPage
from web.chat_server import ChatServer, running

from qa.datatypes import Language
from qa.web.languages import browse_path, guide_path
from qa.web.texts import text

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Past what the page does of itself: scrolling, fading in.
SETTLING_MS = 700
PATIENCE_MS = 15_000


@dataclass(frozen=True)
class Servers:
    """The chat, and one in which no answer can be given."""

    usual: ChatServer
    failing: ChatServer


@dataclass(frozen=True)
class State:
    """A state by name; reach brings a page of the chat there."""

    name: str
    reach: Callable[[ChatPage, Language], None]
    also_dark: bool = False
    fails: bool = False

    @contextmanager
    def reached(self, context: BrowserContext, servers: Servers, language: Language) -> Iterator[ChatPage]:
        """Open the chat in a new tab for a person who was never here, bring it to the state, and close it behind the block."""
        server = servers.failing if self.fails else servers.usual
        chat = ChatPage(context.new_page(), server)
        session = context.new_cdp_session(chat.page)
        session.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "local_storage"})
        try:
            chat.page.goto(f"{server.url}/{language}/")
            chat.question.wait_for()
            self.reach(chat, language)
            chat.page.wait_for_timeout(SETTLING_MS)
            yield chat
        finally:
            context.set_offline(offline=False)
            chat.page.close()


@contextmanager
def window(browser: Browser, language: Language, size: tuple[int, int], *, dark: bool) -> Iterator[BrowserContext]:
    """Open a browser of that size whose owner reads language, and close it behind the block."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if size == PHONE else 1,
        has_touch=size == PHONE,
        color_scheme="dark" if dark else "light",
        locale=language.value,
    )
    context.set_default_timeout(PATIENCE_MS)
    with context:
        yield context


def _asking(*kinds: str) -> Callable[[ChatPage, Language], None]:
    def reach(chat: ChatPage, language: Language) -> None:
        for kind in kinds:
            chat.ask(question(kind, language))

    return reach


def _showing(reach: Callable[[ChatPage, Language], None], outcome: str) -> Callable[[ChatPage, Language], None]:
    """Check the outcome as well: a picture of another would go unnoticed."""

    def checked(chat: ChatPage, language: Language) -> None:
        reach(chat, language)
        expect(chat.answers.last).to_have_class(re.compile(rf"\b{outcome}\b"))

    return checked


def _typing(chat: ChatPage, language: Language) -> None:
    chat.question.fill(question("typed", language))


def _waiting(chat: ChatPage, language: Language) -> None:
    """Let no answer come: of the page's calls, one brings the question, and those after it would bring the answer."""
    asked = question("steps", language)
    session = chat.page.context.new_cdp_session(chat.page)
    taken = False

    def on_call(event: dict[str, Any]) -> None:
        nonlocal taken
        if not taken:
            session.send("Fetch.continueRequest", {"requestId": event["requestId"]})
        taken = taken or asked in event["request"].get("postData", "")

    session.on("Fetch.requestPaused", on_call)
    session.send("Fetch.enable", {"patterns": [{"urlPattern": "*/run/predict*"}]})
    chat.send(asked)
    chat.questions.first.wait_for()


def _slow(chat: ChatPage, language: Language) -> None:
    _waiting(chat, language)
    expect(chat.page.locator("#notice")).to_be_visible(timeout=10_000)


def _citation_opened(chat: ChatPage, language: Language) -> None:
    answer = chat.ask(question("steps", language))
    answer.locator("a.marker").first.click()
    expect(answer.locator("details.citation mark").first).to_be_visible()


def _citations_below(chat: ChatPage, language: Language) -> None:
    answer = chat.ask(question("several", language))
    answer.locator("details.citation summary").last.click()
    answer.locator("details.citation").last.scroll_into_view_if_needed()


def _carried(chat: ChatPage, language: Language) -> None:
    _asking("steps", "fees")(chat, language)
    expect(chat.answers.last.locator(".carried")).to_be_visible()


def _did_you_mean(chat: ChatPage, language: Language) -> None:
    chat.ask(question("ambiguous", language))
    said = text("did_you_mean", language).partition("{")[0].strip()
    expect(chat.suggestions.first).to_contain_text(said)


def _too_long(chat: ChatPage, language: Language) -> None:
    chat.ask(question("typed", language) * 60)


def _server_gone(chat: ChatPage, language: Language) -> None:
    chat.ask(question("steps", language))
    chat.page.context.set_offline(offline=True)
    chat.question.fill(question("fees", language))
    chat.question.press("Enter")
    expect(chat.page.locator("#notice")).to_be_visible()


def _feedback_opened(chat: ChatPage, language: Language) -> None:
    answer = chat.ask(question("steps", language))
    answer.locator("button.verdict.wrong, button.verdict.outdated").first.click()
    answer.locator("form.feedback textarea").wait_for()


def _feedback_sent(chat: ChatPage, language: Language) -> None:
    _feedback_opened(chat, language)
    form = chat.answers.last.locator("form.feedback")
    form.locator("[type=submit]").click()
    expect(form.locator("textarea")).to_have_count(0)


def _browse(chat: ChatPage, language: Language) -> None:
    chat.page.goto(f"{chat.server.url}{browse_path(language)}")


def _browse_filtered(chat: ChatPage, language: Language) -> None:
    _browse(chat, language)
    chat.page.locator("#page_sim").select_option("keep")
    chat.page.locator("#page_clear").wait_for()


def _guide(chat: ChatPage, language: Language) -> None:
    chat.page.goto(f"{chat.server.url}{guide_path(language, 'povo')}")


def _guide_section(chat: ChatPage, language: Language) -> None:
    chat.page.goto(f"{chat.server.url}{guide_path(language, 'povo', 'fees')}")


STATES = (
    State("welcome", lambda _chat, _language: None, also_dark=True),
    State("typing", _typing),
    State("waiting", _waiting),
    State("slow", _slow),
    State("answered", _showing(_asking("steps"), "answered"), also_dark=True),
    State("citation", _citation_opened, also_dark=True),
    State("several", _showing(_asking("several"), "answered")),
    State("citations-below", _citations_below),
    State("carried", _carried),
    State("related", _showing(_asking("related"), "related")),
    State("outside", _showing(_asking("outside"), "not_covered"), also_dark=True),
    State("unknown-section", _showing(_asking("unknown"), "not_covered")),
    State("no-guide", _showing(_asking("no_guide"), "not_covered")),
    State("did-you-mean", _did_you_mean),
    State("too-long", _too_long),
    State("busy", _showing(_asking("steps"), "failed"), fails=True),
    State("failed", _showing(_asking("fees"), "failed"), fails=True),
    State("server-gone", _server_gone),
    State("feedback", _feedback_opened),
    State("feedback-sent", _feedback_sent),
    State("browse", _browse, also_dark=True),
    State("browse-filtered", _browse_filtered),
    State("guide", _guide),
    State("guide-section", _guide_section),
)


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Run both chats until the block is left; what they write goes to folder."""
    app, failing = str(ROOT / "app.py"), str(HERE / "failing_chat.py")
    with (
        running((sys.executable, app), folder, folder / "usual.log", feedback_file=folder / "feedback.sqlite") as usual,
        running((sys.executable, failing), folder, folder / "failing.log") as other,
    ):
        yield Servers(usual, other)


def chromium(playwright: Playwright) -> Browser:
    """Return headless Chromium: the one that CHROMIUM names, else Debian's."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
