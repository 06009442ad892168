"""What to ask instead, where an operator's name is misspelt or means several."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from qa.answering.decide import unknown_section
from qa.answering.reader import for_reader
from qa.corpus.folding import fold, spans_of
from qa.retrieval.query import MAX_CHARACTERS, understand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.corpus.lexicon import NameFinder
    from qa.corpus.near_names import NearNames
    from qa.index.generation import Generation
    from qa.retrieval.query import Query

MOST_MEANT = 3


def did_you_mean(
    query: Query, turns: Sequence[Query], finder: NameFinder, near: NearNames, generation: Generation
) -> tuple[str, ...]:
    """Return questions to ask instead of query, at most MOST_MEANT: each names an operator that query may have meant.

    turns are those before. None are returned for what is about something else, completed by an earlier turn or going on with one's operator.
    """
    if query.elsewhere or query.carried or any(set(turn.operators) & set(query.operators) for turn in turns):
        return ()
    found = _other_meanings(query, finder, generation) if query.operators else _respelt(query, finder, near)
    return tuple(islice(found, MOST_MEANT))


def _other_meanings(query: Query, finder: NameFinder, generation: Generation) -> Iterator[str]:
    """Yield query with each other operator in place of an ambiguous name, without those of which the guides can't tell it."""
    for ambiguity in generation.lexicon.ambiguous:
        ambiguous = {fold(name) for name in ambiguity.names}
        meant = [key for key in ambiguity.means if key in query.operators]
        names = [name for name in query.names if name in ambiguous]
        if not names or len(meant) != 1:
            continue
        for key in ambiguity.means:
            # By the topics that query names itself: an operator's name may name one too, as that of a prepaid card does.
            if key in meant or key not in generation.operators or unknown_section(replace(query, operators=(key,)), generation):
                continue
            if asked := _renamed(query, names[0], key, finder):
                yield asked.text


def _respelt(query: Query, finder: NameFinder, near: NearNames) -> Iterator[str]:
    """Yield query with the operators' names that its first nearly right word may have meant."""
    for found in near.find(query.text)[:1]:
        for key in found.operators:
            if asked := _renamed(query, found.word, key, finder):
                yield asked.text


def _renamed(query: Query, name: str, key: str, finder: NameFinder) -> Query | None:
    """Return query with the operator key in place of name, wherever it stands; None where that isn't understood as key."""
    text = query.text
    meant = for_reader(finder.names([key], query.language)[0], query.language.of_guides, query.language)
    for start, end in reversed(spans_of([name], text)):
        text = f"{text[:start]}{meant}{text[end:]}"
    if len(text) > MAX_CHARACTERS:  # a longer name than the one asked with
        return None
    asked = understand(text, finder, hint=query.language)
    return asked if asked.operators == (key,) and not asked.elsewhere else None
