"""What the index' tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from index.building import Workshop
from index.recording_embedder import RecordingEmbedder
from index.small_generation import publish_small

from qa.index.centres import everyday_questions
from qa.index.embedder import QUERY, Embedder
from qa.index.embedding_cache import EmbeddingCache
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


@pytest.fixture(scope="session")
def everyday(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """Return a cache that holds the everyday questions and nothing else: every build needs them."""
    folder = tmp_path_factory.mktemp("everyday")
    questions = [question for of_language in everyday_questions().values() for question in of_language]
    with EmbeddingCache(folder / "embeddings.sqlite", print) as cache:
        cache.encode(questions, QUERY, embedder, False, lambda done: None)
    return folder


@pytest.fixture
def workshop(tmp_path: Path, embedder: Embedder, everyday: Path) -> Workshop:
    """Return a workshop whose corpus has a lexicon, and the guides that a test wrote."""
    shutil.copytree(everyday, tmp_path / "cache")
    (tmp_path / "corpus").mkdir(exist_ok=True)
    (tmp_path / "corpus" / "lexicon.yaml").write_text("operators: {povo: {names: {en: povo}}}\n")
    return Workshop(tmp_path, embedder, tmp_path / "cache")


@pytest.fixture
def recording(embedder: Embedder) -> RecordingEmbedder:
    """Return the model with a list of what it is given, empty."""
    return RecordingEmbedder(embedder)
