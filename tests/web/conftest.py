"""The chats and the generations under test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_corpus import small_settings, write_small_corpus

from qa.config import Settings
from qa.index.generation import Generation
from web.chat_server import QA_CHAT, ChatServer, running
from web.hostile_corpus import write_hostile_corpus

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Settings:
    """Return settings of the small corpus, built."""
    return small_settings(tmp_path_factory.mktemp("small-index"), cache)


@pytest.fixture(scope="session")
def generation(small_index: Settings) -> Generation:
    """Return the small corpus' generation."""
    return Generation.open_current(small_index.index)


@pytest.fixture(scope="session")
def small_chat(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[ChatServer]:
    """Return a chat on the small corpus, started where there was no index yet."""
    folder = tmp_path_factory.mktemp("small-chat")
    corpus = write_small_corpus(folder / "corpus")
    with running(QA_CHAT, folder, folder / "log", corpus=corpus, index=folder / "index", cache=cache) as server:
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
