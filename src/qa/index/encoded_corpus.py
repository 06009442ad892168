"""Everything that a build has the model encode: passages, phrasings, and the everyday questions that centres are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.corpus.han import simplified
from qa.datatypes import Language
from qa.index.centres import Centres, everyday_questions
from qa.index.embedder import PASSAGE, QUERY, Embedder

if TYPE_CHECKING:
    from qa.index.embedding_cache import EmbeddingCache, StoredText
    from qa.index.guide_source import Corpus


@dataclass(frozen=True)
class EncodedCorpus:
    """What the model made of passages and phrasings, each in row order, and of the everyday questions."""

    passages: list[StoredText]
    phrasings: list[StoredText]
    centres: Centres


def encode_corpus(
    cache: EmbeddingCache,
    corpus: Corpus,
    texts: Sequence[str],
    embedder: Embedder,
    *,
    centre_share: float,
    full: bool,
    progress: Callable[[int, int], None],
) -> tuple[EncodedCorpus, int]:
    """Return texts, the phrasings and the everyday questions encoded, and how many of texts came from the cache.

    texts are the passages as the model reads them. progress is called with the number done and that of all.
    """
    everyday = everyday_questions()
    # Traditional Chinese is simplified, as questions are.
    asked = [simplified(each.text) if each.language is Language.ZH_HANT else each.text for each in corpus.phrasings]
    asked += [question for questions in everyday.values() for question in questions]
    total = len(texts) + len(asked)
    passages, reused = cache.encode(texts, PASSAGE, embedder, full, lambda done: progress(done, total))
    questions, _ = cache.encode(asked, QUERY, embedder, full, lambda done: progress(len(texts) + done, total))
    phrasings, rest = questions[: len(corpus.phrasings)], questions[len(corpus.phrasings) :]
    vectors = {}
    for language, of_language in everyday.items():
        tokens = [each.tokens for each in rest[: len(of_language)]]
        vectors[language] = np.concatenate([each.vectors * each.scales[:, None] for each in tokens])
        rest = rest[len(of_language) :]
    return EncodedCorpus(passages, phrasings, Centres.from_vectors(vectors, centre_share)), reused
