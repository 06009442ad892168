"""The chat as a person has it before them: a page in headless Chromium."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, Request, Route, expect
from web.chat_server import ChatServer

DESKTOP = (1280, 900)
PHONE = (390, 844)
SMALL_PHONE = (360, 640)
PATIENCE_SECONDS = 30
# Our own host, and what a page holds within itself.
_OWN = ("data:", "blob:", "about:")
# Whether so many lines of an element can be read: nothing outside of the window, nothing covered by what stands above it.
_IS_READ = """(element, lines) => {
  const { left, top } = element.getBoundingClientRect();
  const height = parseFloat(getComputedStyle(element).lineHeight);
  const points = Array.from({ length: lines }, (_, line) => [left + 8, top + (line + 0.5) * height]);
  return points.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
}"""


@dataclass
class ChatPage:
    """A chat page in one language. strange collects what should never be: requests elsewhere, errors, dialogs."""

    page: Page
    server: ChatServer
    strange: list[str] = field(default_factory=list)
    _listeners: dict[str, Callable[..., None]] = field(default_factory=dict, repr=False)

    @classmethod
    def opened(
        cls, browser: Browser, server: ChatServer, language: str, size: tuple[int, int] = DESKTOP, **browsing: Any
    ) -> ChatPage:
        """Open the page in language, in a browser that was never here, and wait until it can be used.

        browsing is what else sets the browser apart, as Playwright calls it: locale, color_scheme, permissions.
        """
        return cls.opened_in(browser.new_context(**browsing), server, language, size)

    @classmethod
    def opened_in(cls, context: BrowserContext, server: ChatServer, language: str, size: tuple[int, int] = DESKTOP) -> ChatPage:
        """Open the page in language in context and wait until it can be used."""
        chat = cls(context.new_page(), server)
        chat.page.set_viewport_size({"width": size[0], "height": size[1]})
        chat._watch(context)
        chat.go(f"/{language}/")
        return chat

    def go(self, path: str) -> None:
        """Open the chat at path and wait until it can be used."""
        self.page.goto(f"{self.server.url}{path}")
        self.question.wait_for()

    def reload(self) -> None:
        """Load the page anew and wait until it can be used."""
        self.page.reload()
        self.question.wait_for()

    def _watch(self, context: BrowserContext) -> None:
        def on_request(request: Request) -> None:
            if not request.url.startswith((f"{self.server.url}/", *_OWN)):
                self.strange.append(f"request to {request.url}")

        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.strange.append(f"console: {message.text}")

        self._listeners |= {
            "request": on_request,
            "console": on_console,
            "weberror": lambda error: self.strange.append(f"error: {error.error}"),
            "dialog": lambda dialog: self.strange.append(f"dialog: {dialog.message}"),
        }
        for event, listener in self._listeners.items():
            context.on(event, listener)  # type: ignore[call-overload]

    def forgive(self, *expected: str) -> None:
        """Forget what was strange and says one of expected: a test that stops the server expects the browser to complain."""
        self.strange = [strange for strange in self.strange if not any(each in strange for each in expected)]

    def close(self) -> None:
        """Close the browser's window, with all that the browser remembers."""
        self.page.context.close()

    def leave(self) -> BrowserContext:
        """Close the page and return the browser's window, which has forgotten everything but the files that it loaded."""
        context = self.page.context
        self.page.goto("about:blank")
        storage = context.new_cdp_session(self.page)
        storage.send("Storage.clearDataForOrigin", {"origin": self.server.url, "storageTypes": "all"})
        context.clear_cookies()
        for event, listener in self._listeners.items():
            context.remove_listener(event, listener)
        for page in context.pages:
            page.close()
        return context

    @property
    def question(self) -> Locator:
        """The field that questions are typed into."""
        return self.page.locator("#question textarea")

    @property
    def answers(self) -> Locator:
        """The answers, oldest first."""
        return self.page.locator("#chat .answer")

    @property
    def questions(self) -> Locator:
        """The questions that were asked, oldest first."""
        return self.page.locator("#chat .question")

    @property
    def suggestions(self) -> Locator:
        """The follow-up questions that can be clicked."""
        return self.page.locator("#chat .options .option")

    @property
    def notice(self) -> Locator:
        """What the page says of the connection."""
        return self.page.locator("#notice")

    @property
    def subject(self) -> Locator:
        """The chip that says whom the next question is about, and takes that away."""
        return self.page.locator("#subject")

    @property
    def new_chat(self) -> Locator:
        """The button that begins a new conversation."""
        return self.page.locator("#new-chat")

    def send(self, question: str) -> None:
        """Type question and send it. One that was sent before must have left the field."""
        expect(self.question).to_have_value("")
        self.question.fill(question)
        self.question.press("Enter")

    def ask(self, question: str) -> Locator:
        """Send question and return its answer."""
        number = self.answers.count()
        self.send(question)
        return self.answer(number)

    def answer(self, number: int) -> Locator:
        """Return the answer of that number, from 0, once it is there."""
        answer = self.answers.nth(number)
        answer.wait_for()
        return answer

    def hold(self, name: str) -> list[Route]:
        """Hold back the page's next call of a method of its chat; it is in the list as soon as it is made."""
        events = self.page.evaluate("window.gradio_config.dependencies.map(({ id, api_name }) => [id, api_name])")
        # Gradio numbers the names of those that stand twice.
        called = {number for number, known in events if known.rpartition("_")[0] == name or known == name}
        held: list[Route] = []

        def on_call(route: Route) -> None:
            if not held and (route.request.post_data_json or {})["fn_index"] in called:
                held.append(route)
            else:
                route.fallback()

        self.page.route("**/gradio_api/run/predict*", on_call)
        return held

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until is_so: for what no expectation of Playwright's can say. It may be asked while the page is loaded anew."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                if is_so():
                    return
            except Error as error:
                if "context was destroyed" not in error.message:
                    raise
            self.page.wait_for_timeout(20)
        raise AssertionError("It did not come to that")

    def is_read(self, element: Locator, lines: int = 1) -> bool:
        """Whether the first lines of element can be read as the page stands: within the window, and covered by nothing."""
        return bool(element.evaluate(_IS_READ, lines))

    def fits_its_width(self) -> bool:
        """Whether nothing makes the page scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
