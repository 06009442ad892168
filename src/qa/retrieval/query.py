"""Understand a question: its language, the operators and topics it names, what it leaves to the turns before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.datatypes import Language
from qa.errors import QuestionError
from qa.retrieval.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.corpus.lexicon import NameFinder

# A guard against pasted documents; the model's own bound is checked in tokens.
MAX_CHARACTERS = 2000


@dataclass(frozen=True)
class Query:
    """A question understood. operators, topics and elsewhere are keys of the lexicon, in the order of their mention.

    carried says that the operators were named in an earlier turn, not in this one. Questions that are about no single operator (which
    operators …, can I trust …) carry none.
    """

    text: str
    language: Language
    operators: tuple[str, ...]
    topics: tuple[str, ...]
    elsewhere: tuple[str, ...]
    carried: bool = False

    def carrying(self, operators: tuple[str, ...], names: Sequence[str]) -> Query:
        """Return the query completed with operators of an earlier turn; names are put before its text."""
        return replace(self, text=f"{' '.join(names)} {self.text}", operators=operators, carried=True)


def understand(
    question: str,
    finder: NameFinder,
    earlier: Sequence[str] = (),
    language: Language | None = None,
    hint: Language | None = None,
) -> Query:
    """Return question as a Query; QuestionError where it is empty or too long.

    Args:
        question: What was asked.
        finder: Finds the lexicon's names.
        earlier: The questions of the turns before, oldest first.
        language: The language to answer in; detected where None.
        hint: The language of the page, for questions that could be in several.
    """
    text = " ".join(question.split())
    if not text:
        raise QuestionError("The question is empty. Mend: ask something, like 'povo 怎么在线销户？'")
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(
            f"The question is {len(text)} characters long; {MAX_CHARACTERS} are the most. Mend: ask for one thing in a few sentences"
        )
    query = _understand_alone(text, finder, language, hint)
    if query.operators or query.elsewhere or finder.is_of_topics_alone(query.topics):
        return query
    for turn in reversed(earlier):
        before = _understand_alone(" ".join(turn.split())[:MAX_CHARACTERS], finder, language, hint)
        if before.operators:
            return query.carrying(before.operators, finder.names(before.operators, query.language))
        if before.elsewhere:
            break
    return query


def _understand_alone(text: str, finder: NameFinder, language: Language | None, hint: Language | None) -> Query:
    mentions = finder.find(text)
    named = {
        kind: tuple(dict.fromkeys(m.key for m in mentions if m.kind == kind)) for kind in ("operator", "topic", "elsewhere")
    }
    if language is None:
        names = tuple(m.text for m in mentions if m.kind != "topic")
        language = detect_language(text, names, hint)
    return Query(text, language, named["operator"], named["topic"], named["elsewhere"])
