"""An assistant on the small corpus, and a guide written on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_corpus import small_settings

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Guide, Language, Publisher, Section, SectionStatus, Source
from qa.index.embedder import Embedder
from qa.index.generation import Generation

WriteSection = Callable[..., tuple[Guide, Section]]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of the small corpus, built."""
    return small_settings(tmp_path_factory.mktemp("small"), cache, embedder)


@pytest.fixture(scope="session")
def assistant(small: Settings, embedder: Embedder) -> Assistant:
    """Return an assistant that answers from the small corpus."""
    return Assistant(small.index, embedder)


@pytest.fixture(scope="session")
def generation(assistant: Assistant) -> Generation:
    """Return the generation of the small corpus."""
    return assistant.generation


@pytest.fixture
def section_of() -> WriteSection:
    """Return a function that makes a guide of one section whose body is given."""

    def write(body: str, language: Language = Language.ZH_HANS) -> tuple[Guide, Section]:
        head = "## 费用 {#fees}\n"
        text = head + body
        section = Section("povo#fees", "fees", ("povo", "费用"), 0, len(head), len(text), SectionStatus.KNOWN)
        sources = (
            Source("s1", "povo.jp", "https://www.povo.jp/help", Publisher.OPERATOR, "2026-03"),
            Source("s2", "example.org", "https://example.org/a_(b)", Publisher.THIRD_PARTY, None),
        )
        guide = Guide("povo", language, "povo", "povo", None, "2026-11-22", None, sources, (section,), text, "povo.md")
        return guide, section

    return write
