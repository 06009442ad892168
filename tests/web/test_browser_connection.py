from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from web.chat_page import ChatPage
from web.chat_server import QA_CHAT, ChatServer, environment, free_port, running

from qa.config import Settings
from qa.datatypes import Language
from qa.web.texts import text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
QUESTION = "povo 怎么销户？"
TYPED = "SIM 卡要还吗？"
COMPLAINTS = (
    "ERR_CONNECTION_REFUSED",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
    "ERR_FAILED",
)
# Notes down every notice, also those that are gone again before a test can look, and over a reload.
_NOTE_DOWN = """new MutationObserver(() => {
  const notice = document.getElementById("notice");
  const said = JSON.parse(sessionStorage.getItem("said") ?? "[]");
  if (!notice || notice.hidden || said.at(-1) === notice.textContent) return;
  sessionStorage.setItem("said", JSON.stringify([...said, notice.textContent]));
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })"""


def note_down(chat: ChatPage) -> None:
    """Let the page keep what it says of the connection."""
    chat.page.add_init_script(_NOTE_DOWN)
    chat.page.evaluate(_NOTE_DOWN)


def said(chat: ChatPage) -> list[str]:
    """Return what the page said of the connection, oldest first, without what it repeats."""
    return list(chat.page.evaluate("JSON.parse(sessionStorage.getItem('said') ?? '[]')"))


def shows_nothing_of_gradios(chat: ChatPage) -> bool:
    """Whether Gradio's own messages, which are in English, stay out of sight."""
    seen = chat.page.locator("body").inner_text()
    return not chat.page.locator(".toast-wrap").is_visible() and "Connection" not in seen and "Error" not in seen


@dataclass
class House:
    """A folder with the small corpus and its index, the port that it is served on, and readers' pages, one in each language."""

    folder: Path
    cache: Path
    port: str = field(default_factory=lambda: str(free_port()))
    chats: dict[Language, ChatPage] = field(default_factory=dict)
    ended: int | None = None

    @property
    def settings(self) -> dict[str, str | Path]:
        return {"corpus": self.folder / "corpus", "index": self.folder / "index", "cache": self.cache}

    def serving(self) -> AbstractContextManager[ChatServer]:
        """Serve it for a block."""
        return running(QA_CHAT, self.folder, self.folder / "log", port=self.port, **self.settings)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory, small_index: Settings, cache: Path, browser: Browser) -> Iterator[House]:
    """Return a house whose server was stopped after each reader had an answer and had typed a further question."""
    house = House(shutil.copytree(small_index.index.parent, tmp_path_factory.mktemp("house") / "house"), cache)
    with house.serving() as server:
        for language in Language:
            chat = house.chats[language] = ChatPage.opened(browser, server, language)
            note_down(chat)
            chat.ask(QUESTION)
            chat.question.fill(TYPED)
    house.ended = server.process.returncode
    yield house
    for chat in house.chats.values():
        chat.close()
        chat.forgive(*COMPLAINTS)
        assert chat.strange == []


def test_a_server_ends_when_it_is_told_to_though_pages_are_open(stopped: House) -> None:
    assert stopped.ended != -signal.SIGKILL


@pytest.mark.parametrize("language", list(Language))
def test_who_types_while_the_server_is_gone_learns_of_it_in_their_language(language: Language, stopped: House) -> None:
    chat = stopped.chats[language]
    chat.question.press("End")

    def is_said() -> bool:
        chat.page.keyboard.type(" ")
        return chat.notice.is_visible()

    chat.wait_until(is_said)
    expect(chat.notice).to_have_text(text("lost", language))
    expect(chat.notice).to_be_in_viewport()
    assert chat.question.input_value().strip() == TYPED
    expect(chat.questions).to_have_text([QUESTION])


def test_what_is_sent_while_the_server_is_gone_stays_in_the_field(stopped: House) -> None:
    chat = stopped.chats[Language.ZH_HANS]
    chat.page.evaluate("window.isOld = true")
    with chat.page.expect_event("requestfailed", lambda request: "/run/predict" in request.url):
        chat.question.press("Enter")
    assert chat.question.input_value().strip() == TYPED
    expect(chat.notice).to_have_text(text("lost", Language.ZH_HANS))
    expect(chat.answers).to_have_count(1)
    assert shows_nothing_of_gradios(chat)


@pytest.fixture(scope="module")
def restarted(stopped: House) -> Iterator[House]:
    """Return the house once it is served again."""
    with stopped.serving():
        yield stopped


@pytest.mark.parametrize("language", list(Language))
def test_when_the_server_is_back_the_page_says_so_and_has_everything_it_had(language: Language, restarted: House) -> None:
    chat = restarted.chats[language]
    chat.wait_until(lambda: said(chat) == [text("lost", language), text("back", language)])
    expect(chat.notice).to_be_hidden()
    chat.answer(0)
    expect(chat.questions).to_have_text([QUESTION])
    assert chat.question.input_value().strip() == TYPED
    assert shows_nothing_of_gradios(chat)


def test_where_gradio_loads_the_page_anew_nothing_that_was_there_is_missing(restarted: House) -> None:
    chat = restarted.chats[Language.ZH_HANS]
    chat.wait_until(lambda: not chat.page.evaluate("window.isOld"))
    chat.answer(0)
    chat.wait_until(lambda: chat.question.input_value().strip() == TYPED)
    chat.question.press("Enter")
    expect(chat.answer(1).locator(".carried")).to_contain_text("povo")
    expect(chat.question).to_have_value("")


def test_a_page_that_was_not_loaded_anew_goes_on_as_before(restarted: House) -> None:
    chat = restarted.chats[Language.JA]
    chat.question.press("Enter")
    chat.answer(1)
    expect(chat.questions).to_have_text([QUESTION, TYPED])


def test_a_rebuilt_index_is_asked_once_it_is_published_and_the_old_one_until_then(restarted: House) -> None:
    chat = restarted.chats[Language.EN]
    chat.question.fill("")
    guide = restarted.folder / "corpus" / "zh-Hans" / "operators" / "povo.md"
    written = guide.read_text(encoding="utf-8")
    guide.write_text(written.replace("povo2.0 销户费用为 0 日元", "povo2.0 销户费用为 7,700 日元"), encoding="utf-8")
    command = [sys.executable, "-m", "qa.cli", "index", "build"]
    building = subprocess.Popen(
        command,
        cwd=restarted.folder,
        env=environment(**restarted.settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    answers: list[str] = []

    def ask() -> None:
        chat.new_chat.click()
        expect(chat.answers).to_have_count(0)
        answers.append(chat.ask("povo 销户费用多少钱？").locator(".quote").first.inner_text())

    while building.poll() is None:
        ask()
    assert building.returncode == 0
    ask()
    old = [answer for answer in answers if "0 日元" in answer and "7,700" not in answer]
    new = [answer for answer in answers if "7,700" in answer]
    assert answers == old + new
    assert old
    assert new


def test_an_answer_that_takes_long_says_so_until_it_is_there(open_chat: OpenChat, small_chat: ChatServer) -> None:
    chat = open_chat(small_chat, "zh-Hant")
    calls = chat.hold("answer")
    chat.send(QUESTION)
    expect(chat.notice).to_have_text(text("slow", Language.ZH_HANT))
    expect(chat.notice).to_be_visible()
    calls[0].continue_()
    chat.answer(0)
    expect(chat.notice).to_be_hidden()


def test_a_question_whose_answer_is_cut_off_comes_back_into_the_field(open_chat: OpenChat, small_chat: ChatServer) -> None:
    chat = open_chat(small_chat, "ja")
    note_down(chat)
    chat.ask("LINEMO 怎么销户？")
    calls = chat.hold("answer")
    chat.send(QUESTION)
    chat.wait_until(lambda: bool(calls))
    calls[0].abort()
    chat.wait_until(lambda: said(chat) == [text("lost", Language.JA), text("back", Language.JA)])
    expect(chat.question).to_have_value(QUESTION)
    chat.answer(0)
    expect(chat.questions).to_have_text(["LINEMO 怎么销户？"])
    chat.question.press("Enter")
    chat.answer(1)
    chat.forgive("ERR_FAILED")


def test_where_something_in_between_answers_for_the_server_the_question_stays(
    open_chat: OpenChat, small_chat: ChatServer
) -> None:
    chat = open_chat(small_chat, "en")
    note_down(chat)
    taking = chat.hold("take")
    chat.send(QUESTION)
    chat.wait_until(lambda: bool(taking))
    taking[0].fulfill(status=502, content_type="text/html", body="<h1>502 Bad Gateway</h1>")
    chat.wait_until(lambda: said(chat) == [text("lost", Language.EN), text("back", Language.EN)])
    expect(chat.question).to_have_value(QUESTION)
    assert "Bad Gateway" not in chat.page.locator("body").inner_text()
    assert shows_nothing_of_gradios(chat)
    chat.question.press("Enter")
    chat.answer(0)
    chat.forgive("502")
