"""Lexical terms and BM25: the only file that knows bm25s. One analyzer serves passages and questions."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from qa.corpus.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

ANALYZER = "fold, words, digits, Han and kana as single characters and bigrams; 2"
FOLDER = "terms"
_METHOD, _K1, _B = "lucene", 1.5, 0.75
_SCRIPT = r"[\u3005\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_RUN = re.compile(rf"(?P<script>{_SCRIPT}+)|[0-9]+|(?:(?!{_SCRIPT})[^\W\d_])+")


def analyze(text: str) -> list[str]:
    """Return the terms of text in order: Latin words and runs of digits whole, Han and kana as characters and bigrams."""
    terms: list[str] = []
    for run in _RUN.finditer(fold(text)):
        characters = run[0]
        terms.append(characters) if run["script"] is None else terms.extend(characters)
        if run["script"] is not None:
            terms.extend(characters[i : i + 2] for i in range(len(characters) - 1))
    return terms


class TermIndex:
    """BM25 over the passages of a generation, scored as the share of the question that was found."""

    def __init__(self, index: Any, vocabulary: dict[str, int], frequencies: list[int], passages: int) -> None:
        self._index = index
        self._vocabulary = vocabulary
        self._frequencies = frequencies
        self._passages = passages

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> Self:
        """Index texts, one a passage, in row order."""
        import bm25s

        documents = [analyze(text) for text in texts]
        counts = Counter(term for terms in documents for term in set(terms))
        vocabulary = {term: number for number, term in enumerate(sorted(counts))}
        index = None
        if vocabulary:
            index = bm25s.BM25(method=_METHOD, k1=_K1, b=_B, backend="numpy")
            ids = [[vocabulary[term] for term in terms] for terms in documents]
            index.index((ids, dict(vocabulary)), create_empty_token=False, show_progress=False)
        return cls(index, vocabulary, [counts[term] for term in vocabulary], len(texts))

    def save(self, folder: Path) -> None:
        """Write the index below folder."""
        (folder / FOLDER).mkdir()
        if self._index is not None:
            self._index.save(folder / FOLDER, show_progress=False)
        described = {"passages": self._passages, "frequencies": self._frequencies, "vocabulary": list(self._vocabulary)}
        (folder / FOLDER / "terms.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what `save` wrote below folder."""
        import bm25s

        described = json.loads((folder / FOLDER / "terms.json").read_text(encoding="utf-8"))
        vocabulary = {term: number for number, term in enumerate(described["vocabulary"])}
        index = bm25s.BM25.load(folder / FOLDER, load_corpus=False) if vocabulary else None
        return cls(index, vocabulary, described["frequencies"], described["passages"])

    def coverage(self, question: str) -> NDArray[np.float32]:
        """Return for each passage the share of question that it covers, shape (passages,), in [0, 1].

        That is BM25 over its upper bound for the question: the sum of its terms' inverse document frequencies, repeated terms counted
        and terms that no passage holds with document frequency 0.
        """
        terms = analyze(question)
        ids = [self._vocabulary[term] for term in terms if term in self._vocabulary]
        if not ids or self._index is None:
            return np.zeros(self._passages, np.float32)
        bound = sum(self._idf(self._document_frequency(term)) for term in terms)
        scores = self._index.get_scores_from_ids(ids)
        shares: NDArray[np.float32] = np.clip(scores / bound, 0.0, 1.0).astype(np.float32)
        return shares

    def _document_frequency(self, term: str) -> int:
        return self._frequencies[self._vocabulary[term]] if term in self._vocabulary else 0

    def _idf(self, document_frequency: int) -> float:
        """Return the inverse document frequency as bm25s' method `lucene` has it."""
        return math.log(1 + (self._passages - document_frequency + 0.5) / (document_frequency + 0.5))
