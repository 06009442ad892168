"""What the index' tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from index.building import Workshop
from index.small_generation import publish_small

from qa.index.embedder import Embedder
from qa.index.manifest import Manifest

# A busy machine is no fault of the index.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Return an empty index folder."""
    folder = tmp_path / "index"
    folder.mkdir()
    return folder


@pytest.fixture
def published(index: Path) -> Manifest:
    """Return the manifest of a generation published in index."""
    return publish_small(index)


@pytest.fixture
def workshop(tmp_path: Path, embedder: Embedder) -> Workshop:
    """Return a workshop whose corpus has a lexicon, and the guides that a test wrote."""
    (tmp_path / "corpus").mkdir(exist_ok=True)
    (tmp_path / "corpus" / "lexicon.yaml").write_text("operators: {povo: {names: {en: povo}}}\n")
    return Workshop(tmp_path, embedder, tmp_path / "cache")
