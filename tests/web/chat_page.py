"""The chat as a person has it before them: a page in headless Chromium."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect
from web.chat_server import ChatServer

DESKTOP = (1280, 900)
PHONE = (390, 844)
# Our own host, and what a page holds within itself.
_OWN = ("data:", "blob:", "about:")


@dataclass
class ChatPage:
    """A chat page in one language. strange collects what should never be: requests elsewhere, errors, dialogs."""

    page: Page
    server: ChatServer
    strange: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, browser: Browser, server: ChatServer, language: str, size: tuple[int, int] = DESKTOP) -> ChatPage:
        """Open the page in language, in a browser that was never here, and wait until it can be used."""
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        chat = cls(context.new_page(), server)
        chat._watch(context)
        chat.page.goto(f"{server.url}/{language}/")
        chat.question.wait_for()
        return chat

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

        context.on("request", on_request)
        context.on("console", on_console)
        context.on("weberror", lambda error: self.strange.append(f"error: {error.error}"))
        context.on("dialog", lambda dialog: self.strange.append(f"dialog: {dialog.message}"))

    def close(self) -> None:
        """Close the browser's window, with all that the browser remembers."""
        self.page.context.close()

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

    def fits_its_width(self) -> bool:
        """Whether nothing makes the page scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
