"""Words of a question that are near an operator's name: what may be a slip of the finger where no operator is named."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rapidfuzz.distance import DamerauLevenshtein

from qa.corpus.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.corpus.lexicon import Lexicon

# Shorter words are too close to others. Kana and Han are written without spaces, so a run of one script has to do for a word.
_WORD = re.compile(r"[a-z][a-z0-9]{3,}|[ァ-ヺー]{4,}|[ぁ-ゖー]{4,}|[一-鿿]{4,}")
_LONG = 7  # letters of a Latin word in which two slips may be


@dataclass(frozen=True)
class NearName:
    """A word of a question, as it stands there after folding, and the operators whose names it is near, the nearest first."""

    word: str
    operators: tuple[str, ...]


class NearNames:
    """Finds words that are nearly an operator's name: one slip away, or two in Latin words of seven letters, the first letter being right.

    Ordinary words are left alone: those of the lexicon's other entries, and those that stand in texts.
    """

    def __init__(self, lexicon: Lexicon, texts: Sequence[str]) -> None:
        self._texts = texts
        others = [*lexicon.topics.values(), *lexicon.elsewhere.values()]
        self._others = {word for entry in others for word in _words(*entry.names.values(), *entry.aliases)}
        self._operators: dict[str, list[str]] = defaultdict(list)
        for key, entry in lexicon.operators.items():
            for name in dict.fromkeys(fold(name) for name in (*entry.names.values(), *entry.aliases)):
                if _WORD.fullmatch(name):
                    self._operators[name].append(key)

    def find(self, question: str) -> tuple[NearName, ...]:
        """Return the words of question that are near a name, in their order."""
        found = []
        for word in dict.fromkeys(_WORD.findall(fold(question))):
            slips: dict[str, int] = {}
            for name, operators in self._operators.items():
                if (distance := _slips(word, name)) is not None:
                    slips |= {key: min(distance, slips.get(key, distance)) for key in operators}
            # What is ordinary is asked last: it is gathered from all texts when it is first needed.
            if slips and word not in self._others and word not in self._ordinary:
                found.append(NearName(word, tuple(sorted(slips, key=slips.__getitem__))))
        return tuple(found)

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        return _words(*self._texts)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in _WORD.findall(fold(text)))


def _slips(word: str, name: str) -> int | None:
    """Return by how many slips word is another than name, None where it is too many for it to be meant."""
    is_latin = word.isascii()
    if is_latin and word[0] != name[0]:
        return None
    most = 2 if is_latin and len(word) >= _LONG else 1
    slips = DamerauLevenshtein.distance(word, name, score_cutoff=most)
    return slips if slips <= most else None
