"""What the lexicon says of words that are no synonyms has to hold for the names as they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus.lexicon import FILE, NameFinder
from qa.datatypes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.corpus.lexicon import Lexicon


def name_problems(lexicon: Lexicon, text: str, folder: str) -> Iterator[Problem]:
    """Yield where a word is understood as the topic that it only looks like, or not as the one that it means.

    text is the lexicon as written, folder the name of the corpus' folder.
    """
    finder = NameFinder(lexicon)
    file = f"{folder}/{FILE}"
    for distinction in lexicon.distinct:
        for key in (distinction.looks_like, distinction.means):
            if key and key not in lexicon.topics:
                yield Problem(file, _line(text, key), "distinct", f"there is no topic '{key}'")
        for word in distinction.words:
            topics = {mention.key for mention in finder.find(word) if mention.kind == "topic"}
            line = _line(text, word)
            if distinction.looks_like in topics:
                message = f"'{word}' is understood as '{distinction.looks_like}'; make it, whole, an alias of what it means"
                yield Problem(file, line, "distinct", message)
            if distinction.means and distinction.means not in topics:
                yield Problem(file, line, "distinct", f"'{word}' is not understood as '{distinction.means}'; add it there")


def _line(text: str, word: str) -> int:
    """Return the line of the last mention of word, where the distinctions stand: at the end of the file."""
    return text.count("\n", 0, max(text.rfind(word), 0)) + 1
