"""The chats and the generations under test."""

from __future__ import annotations

import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from retrieval.small_phrasings import phrased_settings
from web.chat_page import DESKTOP, ChatPage
from web.chat_server import QA_CHAT, ChatServer, running
from web.hostile_corpus import write_hostile_corpus

from qa.config import Settings
from qa.index.embedder import Embedder
from qa.index.generation import Generation

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of the small corpus with phrasings, built."""
    return phrased_settings(tmp_path_factory.mktemp("small-index"), cache, embedder)


@pytest.fixture(scope="session")
def generation(small_index: Settings) -> Generation:
    """Return the small corpus' generation."""
    return Generation.open_current(small_index.index)


@pytest.fixture(scope="session")
def small_chat(tmp_path_factory: pytest.TempPathFactory, small_index: Settings, cache: Path) -> Iterator[ChatServer]:
    """Return a chat on the small corpus, of which a guide was damaged after the index had been built."""
    folder = shutil.copytree(small_index.index.parent, tmp_path_factory.mktemp("small-chat") / "chat")
    with (folder / "corpus" / "zh-Hans" / "operators" / "povo.md").open("a", encoding="utf-8") as guide:
        guide.write("\n## A heading without its slug\n")
    with running(QA_CHAT, folder, folder / "log", corpus=folder / "corpus", index=folder / "index", cache=cache) as server:
        yield server


@pytest.fixture(scope="session")
def real_chat(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[ChatServer]:
    """Return a chat on the project's guides, started by app.py from another working directory."""
    folder = tmp_path_factory.mktemp("real-chat")
    with running((sys.executable, str(ROOT / "app.py")), folder, folder / "log", index=folder / "index", cache=cache) as server:
        yield server


@pytest.fixture(scope="session")
def hostile_chat(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[ChatServer]:
    """Return a chat on guides that try to do harm."""
    folder = tmp_path_factory.mktemp("hostile-chat")
    corpus = write_hostile_corpus(folder / "corpus")
    with running(QA_CHAT, folder, folder / "log", corpus=corpus, index=folder / "index", cache=cache) as server:
        yield server


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[dict[str, list[BrowserContext]]]:
    """Return browsers' windows that nobody uses, by what sets them apart: the next reader needn't load every file anew."""
    free: dict[str, list[BrowserContext]] = defaultdict(list)
    yield free
    for context in [context for contexts in free.values() for context in contexts]:
        context.close()


@pytest.fixture
def open_chat(browser: Browser, windows: dict[str, list[BrowserContext]]) -> Iterator[Callable[..., ChatPage]]:
    """Return ChatPage.opened; after the test, no page may have asked another host for anything, nor had an error."""
    opened: list[tuple[str, ChatPage]] = []

    def open_chat(server: ChatServer, language: str, size: tuple[int, int] = DESKTOP, **browsing: Any) -> ChatPage:
        kind = repr(sorted(browsing.items()))
        context = windows[kind].pop() if windows[kind] else browser.new_context(**browsing)
        opened.append((kind, ChatPage.opened_in(context, server, language, size)))
        return opened[-1][1]

    yield open_chat
    strange = [strange for _, chat in opened for strange in chat.strange]
    for kind, chat in opened:
        windows[kind].append(chat.leave())
    assert strange == []
