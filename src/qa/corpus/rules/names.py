"""What the lexicon says has to hold: guides that topics name are there, and words mean what it says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus.folding import fold
from qa.corpus.lexicon import FILE, NameFinder
from qa.corpus.rules.subject import OPERATOR_SLUGS
from qa.corpus.yaml_text import line_of
from qa.datatypes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.corpus.lexicon import Lexicon
    from qa.datatypes import Guide


def name_problems(lexicon: Lexicon, text: str, folder: str, guides: Sequence[Guide]) -> Iterator[Problem]:
    """Yield where a topic names a section that no guide has, or a word is understood as the topic that it only looks like.

    text is the lexicon as written, folder the name of the corpus' folder.
    """
    file = f"{folder}/{FILE}"
    known = {guide.guide_id for guide in guides if guide.topic}.union(
        section.section_id for guide in guides if guide.topic for section in guide.sections
    )
    for key, topic in lexicon.topics.items():
        for number, name in enumerate(topic.guides):
            if name not in known:
                message = f"topic '{key}' names '{name}', but there is no such topic guide or section"
                yield Problem(file, line_of(text, ("topics", key, "guides", number)), "topic", message)
        for number, slug in enumerate(topic.sections):
            if slug not in OPERATOR_SLUGS:
                message = f"topic '{key}' names '{slug}', but operators' guides have no such section"
                yield Problem(file, line_of(text, ("topics", key, "sections", number)), "topic", message)
    finder = NameFinder(lexicon)
    yield from _distinction_problems(lexicon, finder, text, file)
    yield from _ambiguity_problems(lexicon, finder, text, file)


def _distinction_problems(lexicon: Lexicon, finder: NameFinder, text: str, file: str) -> Iterator[Problem]:
    for number, distinction in enumerate(lexicon.distinct):
        for field, key in (("looks_like", distinction.looks_like), ("means", distinction.means)):
            if key and key not in lexicon.topics:
                line = line_of(text, ("distinct", number, field))
                yield Problem(file, line, "distinct", f"there is no topic '{key}'")
        for place, word in enumerate(distinction.words):
            topics = {mention.key for mention in finder.find(word) if mention.kind == "topic"}
            line = line_of(text, ("distinct", number, "words", place))
            if distinction.looks_like in topics:
                message = f"'{word}' is understood as '{distinction.looks_like}'; make it, whole, an alias of what it means"
                yield Problem(file, line, "distinct", message)
            if distinction.means and distinction.means not in topics:
                yield Problem(file, line, "distinct", f"'{word}' is not understood as '{distinction.means}'; add it there")


def _ambiguity_problems(lexicon: Lexicon, finder: NameFinder, text: str, file: str) -> Iterator[Problem]:
    for number, ambiguity in enumerate(lexicon.ambiguous):
        for place, name in enumerate(ambiguity.names):
            found = [mention for mention in finder.find(name) if mention.kind == "operator"]
            if len(found) != 1 or found[0].text != fold(name) or found[0].key not in ambiguity.means:
                message = f"'{name}' is not understood as one of {', '.join(ambiguity.means)}; make it, whole, an alias of the likeliest"
                yield Problem(file, line_of(text, ("ambiguous", number, "names", place)), "ambiguous", message)
