"""The small corpus with phrasings and without, each built once, and a short way to search it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache as cached
from pathlib import Path

import pytest
from retrieval.small_phrasings import phrased_settings
from small_corpus import small_settings

from qa.corpus.lexicon import NameFinder
from qa.datatypes import Hit, Language, Mode, Weights
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.retrieval.query import Query, understand
from qa.retrieval.query_vectors import QueryVectors
from qa.retrieval.retriever import Retriever

ALL = 1000

Search = Callable[..., list[Hit]]


@pytest.fixture(scope="session")
def generation(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Generation:
    """Return a generation of the small corpus with phrasings."""
    return Generation.open_current(phrased_settings(tmp_path_factory.mktemp("phrased"), cache, embedder).index)


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Generation:
    """Return a generation of the small corpus without phrasings."""
    return Generation.open_current(small_settings(tmp_path_factory.mktemp("small"), cache, embedder).index)


@pytest.fixture(scope="session")
def retriever(generation: Generation, embedder: Embedder) -> Retriever:
    """Return a retriever on the small corpus with phrasings."""
    return Retriever(generation, embedder, Weights())


@pytest.fixture(scope="session")
def plain_retriever(plain: Generation, embedder: Embedder) -> Retriever:
    """Return a retriever on the small corpus without phrasings."""
    return Retriever(plain, embedder, Weights())


@pytest.fixture(scope="session")
def finder(generation: Generation) -> NameFinder:
    """Return what finds the small lexicon's names."""
    return NameFinder(generation.lexicon)


@pytest.fixture(scope="session")
def search(retriever: Retriever, finder: NameFinder) -> Search:
    """Return a function that retrieves hits for a question as it is asked, each question embedded once."""
    return _search(retriever, finder)


@pytest.fixture(scope="session")
def plain_search(plain_retriever: Retriever, finder: NameFinder) -> Search:
    """Return what `search` returns, where there are no phrasings."""
    return _search(plain_retriever, finder)


def _search(retriever: Retriever, finder: NameFinder) -> Search:
    @cached
    def encode(question: str) -> tuple[Query, QueryVectors]:
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
