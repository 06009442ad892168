"""How far questions repeat the rare words of what answers them: a set written from its passages is easier than people's questions are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.index.terms import analyze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_HALF = 0.5
RARE = 0.01  # of the texts of one language, at most, hold a rare word


@dataclass(frozen=True)
class Overlap:
    """Counts of questions: all, those that hold rare words, those of which one text that answers holds half of these, or most (more)."""

    questions: int
    with_rare_words: int
    half: int
    most: int


class RareWords:
    """The rare words of the texts of one language. Words are terms: Latin words, numbers, and pairs of Han characters or kana."""

    def __init__(self, texts: Iterable[str], names: Iterable[str]) -> None:
        """Count the words of texts; those of names, which a question can't do without, are never rare."""
        words = [_words(text) for text in texts]
        self._counts = Counter(word for each in words for word in each)
        self._most = max(1, int(RARE * len(words)))
        self._names = {word for name in names for word in _words(name)}

    def of(self, text: str) -> frozenset[str]:
        """Return the words of text that some text holds, but few do."""
        return frozenset(word for word in _words(text) - self._names if 0 < self._counts[word] <= self._most)


def overlap(questions: Mapping[str, str], answering: Mapping[str, Sequence[str]], rare: Mapping[str, RareWords]) -> Overlap:
    """Return how many questions repeat rare words.

    Args:
        questions: Texts by id.
        answering: The texts that answer each question.
        rare: The rare words of the language of each question, by id.
    """
    shares = [
        max((len(held & _words(answer)) / len(held) for answer in answering[question]), default=0.0)
        for question, text in questions.items()
        if (held := rare[question].of(text))
    ]
    return Overlap(
        questions=len(questions),
        with_rare_words=len(shares),
        half=sum(share >= _HALF for share in shares),
        most=sum(share > _HALF for share in shares),
    )


def _words(text: str) -> set[str]:
    """Return the terms of text but single characters, which say too little."""
    return {term for term in analyze(text) if len(term) > 1}
