"""The small corpus, built once, and a short way to search it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache as cached
from pathlib import Path

import pytest
from small_corpus import small_settings

from qa.corpus.lexicon import NameFinder
from qa.datatypes import Hit, Language, Mode, Weights
from qa.index.embedder import Embedder, Encoded
from qa.index.generation import Generation
from qa.retrieval.query import Query, understand
from qa.retrieval.retriever import Retriever

ALL = 1000

Search = Callable[..., list[Hit]]


@pytest.fixture(scope="session")
def generation(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Generation:
    """Return a generation of the small corpus."""
    return Generation.open_current(small_settings(tmp_path_factory.mktemp("small"), cache, embedder).index)


@pytest.fixture(scope="session")
def retriever(generation: Generation, embedder: Embedder) -> Retriever:
    """Return a retriever on the small corpus."""
    return Retriever(generation, embedder, Weights())


@pytest.fixture(scope="session")
def finder(generation: Generation) -> NameFinder:
    """Return what finds the small lexicon's names."""
    return NameFinder(generation.lexicon)


@pytest.fixture(scope="session")
def search(retriever: Retriever, finder: NameFinder) -> Search:
    """Return a function that retrieves hits for a question as it is asked, each question embedded once."""

    @cached
    def encode(question: str) -> tuple[Query, Encoded]:
        query = understand(question, finder)
        return query, retriever.encode(query)

    def retrieve(
        question: str,
        k: int = ALL,
        mode: Mode = Mode.HYBRID,
        only_language: Language | None = None,
        only_operator: str | None = None,
    ) -> list[Hit]:
        query, encoded = encode(question)
        return retriever.retrieve(query, k, mode, only_language, only_operator, encoded=encoded)

    return retrieve
