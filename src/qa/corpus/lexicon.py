"""Names of operators and terms in every language: corpus/lexicon.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from rapidfuzz.distance import DamerauLevenshtein

from qa.corpus.folding import fold
from qa.corpus.yaml_text import Closed, line_of, parse_model, read_utf8
from qa.datatypes import Language
from qa.errors import CorpusError

FILE = "lexicon.yaml"
# Shorter names are too close to ordinary words for slips to be told from them.
_LATIN_NAME = re.compile(r"(?<![a-z0-9])[a-z]{5,}(?![a-z0-9])")


def _not_blank(name: str) -> str:
    if not fold(name).strip():
        raise ValueError("a name is blank; delete it")
    return name


Name = Annotated[str, AfterValidator(_not_blank)]
OperatorKey = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Names(Closed):
    """What something is called, per language, and everything else that people call it."""

    names: dict[Language, Name] = Field(default_factory=dict)
    aliases: tuple[Name, ...] = ()

    def name(self, language: Language) -> str:
        """Return the name in language, else in the nearest one that has a name."""
        order = (language, language.of_guides, Language.EN, Language.ZH_HANS, Language.JA)
        return next((self.names[each] for each in order if each in self.names), "")


class Topic(Names):
    """What a question can be about.

    sections are the slugs of operators' guides that hold the answer, guides the topic guides that do, whole or by section ids.
    A general topic (cancelling, a mobile line) says that a question belongs here, but not which section answers it.
    """

    sections: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    general: bool = False

    def is_of(self, guide_id: str, slug: str, operator: str | None) -> bool:
        """Whether the section slug of the guide, about operator or none, is about this topic."""
        if operator is not None and slug in (*self.sections, operator):
            return True  # where operators share a guide, the section named like its operator holds all that is known of it
        return guide_id in self.guides or f"{guide_id}#{slug}" in self.guides


class Distinction(Closed):
    """Words that look like a topic but don't mean it: they mean another one, or none. because is for the maintainers."""

    words: tuple[Name, ...]
    looks_like: str
    means: str | None = None
    because: str


class Ambiguity(Closed):
    """Names that people use for each of several operators. because is for the maintainers.

    A question with such a name is understood as the operator whose alias it is; the others are what it may have meant.
    """

    names: Annotated[tuple[Name, ...], Field(min_length=1)]
    means: Annotated[tuple[OperatorKey, ...], Field(min_length=2)]
    because: str


class Lexicon(Closed):
    """The lexicon as written. elsewhere names well-known things that the guides don't cover, distinct what are no synonyms."""

    operators: dict[OperatorKey, Names] = Field(default_factory=dict)
    topics: dict[str, Topic] = Field(default_factory=dict)
    elsewhere: dict[str, Names] = Field(default_factory=dict)
    distinct: tuple[Distinction, ...] = ()
    ambiguous: tuple[Ambiguity, ...] = ()

    def specific(self, topics: Sequence[str]) -> list[Topic]:
        """Return the topics with these keys, without the general ones where others are left."""
        known = [self.topics[key] for key in topics if key in self.topics]
        return [topic for topic in known if not topic.general] or known

    def topic_of_section(self, slug: str, language: Language) -> str:
        """Return what the topic whose answer is the section slug of an operator's guide is called in language, else ''."""
        return next((topic.name(language) for topic in self.topics.values() if slug in topic.sections[:1]), "")


@dataclass(frozen=True)
class Mention:
    """A name found in a question: text, as it stands there after folding, names the lexicon's entry kind/key."""

    kind: str
    key: str
    text: str


class NameFinder:
    """Finds the lexicon's names in a question; of overlapping names of one kind the longest counts.

    Where no operator is named, a Latin word one slip away from an operator's name (docmo, lienmo) counts as that name.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._operators = lexicon.operators
        self._topics = lexicon.topics
        self._keys: dict[str, dict[str, list[str]]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        entries: dict[str, dict[str, Names]] = {
            "operator": dict(lexicon.operators),
            "topic": dict(lexicon.topics),
            "elsewhere": dict(lexicon.elsewhere),
        }
        for kind, names in entries.items():
            keys: dict[str, list[str]] = {}
            for key, entry in names.items():
                for alias in {fold(name) for name in (*entry.names.values(), *entry.aliases)}:
                    keys.setdefault(alias, []).append(key)
            self._keys[kind] = keys
            alternatives = "|".join(_pattern(alias) for alias in sorted(keys, key=lambda a: (-len(a), a)))
            # A look-ahead, so that names are found at every place, also inside others.
            self._patterns[kind] = re.compile(f"(?=({alternatives or '(?!)'}))")
        self._latin_names = [alias for alias in self._keys["operator"] if _LATIN_NAME.fullmatch(alias)]

    def find(self, question: str) -> tuple[Mention, ...]:
        """Return the names in question, by kind, then in the order in which they stand."""
        folded = fold(question)
        mentions = [
            Mention(kind, key, name)
            for kind, pattern in self._patterns.items()
            for name in _longest([(match.start(), match[1]) for match in pattern.finditer(folded)])
            for key in self._keys[kind][name]
        ]
        # What stands inside a topic's longer name is not meant by itself: a discount for home internet is not home internet.
        topics = [mention.text for mention in mentions if mention.kind == "topic"]
        mentions = [m for m in mentions if m.kind != "elsewhere" or not any(m.text != t and m.text in t for t in topics)]
        if not any(mention.kind == "operator" for mention in mentions):
            mentions.extend(self._misspelt(folded))
        return tuple(mentions)

    def operators(self, text: str) -> frozenset[str]:
        """Return the operators that text, which may be long, names; only right spellings count."""
        folded = fold(text)
        keys = self._keys["operator"]
        found = [(match.start(), alias) for alias in keys if alias in folded for match in re.finditer(_pattern(alias), folded)]
        return frozenset(key for name in _longest(found) for key in keys[name])

    def is_of_topics_alone(self, topics: Sequence[str]) -> bool:
        """Whether one of topics is told of in topics' guides alone: a question about it isn't about one operator."""
        return any(self._topics[key].guides and not self._topics[key].sections for key in topics)

    def _misspelt(self, folded: str) -> list[Mention]:
        mentions = []
        for word in _LATIN_NAME.findall(folded):
            close = {
                key
                for alias in self._latin_names
                if DamerauLevenshtein.distance(word, alias, score_cutoff=1) <= 1
                for key in self._keys["operator"][alias]
            }
            if len(close) == 1:
                mentions.append(Mention("operator", close.pop(), word))
        return mentions

    def names(self, operators: Sequence[str], language: Language) -> list[str]:
        """Return what operators are called in language."""
        return [self._operators[key].name(language) for key in operators if key in self._operators]


def _longest(found: Sequence[tuple[int, str]]) -> list[str]:
    """Return the names found, with the offsets at which they stand, in order; of overlapping ones the longest, then the first."""
    found = sorted(found, key=lambda name: (-len(name[1]), name[0]))
    taken: list[tuple[int, str]] = []
    for start, name in found:
        if all(start + len(name) <= other or other + len(text) <= start for other, text in taken):
            taken.append((start, name))
    return [name for _, name in sorted(taken)]


def _pattern(alias: str) -> str:
    """Return a pattern for a folded alias: Latin names and numbers match as whole words, 「au」 not inside 「because」."""
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", alias) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", alias) else ""
    return before + re.escape(alias) + after


def parse_lexicon(text: str, file: str) -> Lexicon:
    """Return the lexicon written in text; CorpusError says what is wrong and where."""
    lexicon = parse_model(text, file, Lexicon)
    for number, ambiguity in enumerate(lexicon.ambiguous):
        for place, key in enumerate(ambiguity.means):
            if key not in lexicon.operators:
                line = line_of(text, ("ambiguous", number, "means", place))
                raise CorpusError(f"{file}:{line}: ambiguous.{number}.means: there is no operator '{key}'. Mend that line")
    return lexicon


def read_lexicon(corpus: Path) -> tuple[Lexicon, str]:
    """Read corpus/lexicon.yaml: the lexicon and its text. A corpus without the file has an empty lexicon, which the check reports."""
    file = f"{corpus.name}/{FILE}"
    text = read_utf8(corpus / FILE, file) or ""
    return parse_lexicon(text, file), text
