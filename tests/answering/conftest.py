"""An assistant on the small corpus with phrasings."""

from __future__ import annotations

from pathlib import Path

import pytest
from retrieval.small_phrasings import phrased_settings

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Weights
from qa.index.embedder import Embedder
from qa.index.generation import Generation


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of the small corpus with phrasings, built."""
    return phrased_settings(tmp_path_factory.mktemp("small"), cache, embedder)


@pytest.fixture(scope="session")
def assistant(small: Settings, embedder: Embedder) -> Assistant:
    """Return an assistant that answers from the small corpus."""
    return Assistant(small.index, embedder, Weights())


@pytest.fixture(scope="session")
def generation(assistant: Assistant) -> Generation:
    """Return the generation of the small corpus."""
    return assistant.generation
