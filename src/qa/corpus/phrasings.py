"""Phrasings: questions as people type them, by the section that answers them. A question that comes in is compared with them all.

    corpus/phrasings/operators.yaml        by the slug that operators' guides share, without an operator's name
    corpus/phrasings/topics/<guide>.yaml   by the slug of that topic's guide
    corpus/phrasings/outside.yaml          by what the guides don't cover: buying, roaming, chit-chat …

Each holds slug → language → phrasings. A corpus may do without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import RootModel

from qa.corpus.lexicon import Name
from qa.corpus.yaml_text import parse_model, read_utf8
from qa.datatypes import Language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.datatypes import Section

FOLDER = "phrasings"
OPERATORS, OUTSIDE, TOPICS = "operators.yaml", "outside.yaml", "topics"


class PhrasingFile(RootModel[dict[str, dict[Language, tuple[Name, ...]]]]):
    """A file as written: slug → language → phrasings."""


@dataclass(frozen=True)
class Phrasing:
    """A question as somebody types it.

    target is what it asks for: the slug of operators' sections, the id of a topic's section, or, where outside is true, something that the
    guides don't cover.
    """

    text: str
    language: Language
    target: str
    outside: bool = False


def target_of(section: Section) -> str:
    """Return the target of the phrasings that ask for section."""
    # Where operators share a guide, the section named like its operator is like no other.
    return section.slug if section.operator not in (None, section.slug) else section.section_id


def phrasing_paths(corpus: Path) -> list[Path]:
    """Return the files of phrasings below corpus, in their order."""
    folder = corpus / FOLDER
    paths = [folder / OPERATORS, *sorted((folder / TOPICS).glob("*.yaml")), folder / OUTSIDE]
    return [path for path in paths if path.is_file()]


def read_phrasings(corpus: Path) -> list[Phrasing]:
    """Return the phrasings below corpus, in their files' order; CorpusError says what is wrong and where."""
    return [phrasing for path in phrasing_paths(corpus) for phrasing in _phrasings(path, read_phrasing_file(path, corpus)[0])]


def read_phrasing_file(path: Path, corpus: Path) -> tuple[PhrasingFile, str]:
    """Return the file at path and its text; CorpusError says what is wrong and where."""
    file = path.relative_to(corpus.parent).as_posix()
    text = read_utf8(path, file) or ""
    return parse_model(text, file, PhrasingFile), text


def target(path: Path, slug: str) -> str:
    """Return the target that slug stands for in the file at path."""
    return f"{path.stem}#{slug}" if path.parent.name == TOPICS else slug


def _phrasings(path: Path, file: PhrasingFile) -> Iterator[Phrasing]:
    for slug, by_language in file.root.items():
        for language, texts in by_language.items():
            for text in texts:
                yield Phrasing(" ".join(text.split()), language, target(path, slug), path.name == OUTSIDE)
