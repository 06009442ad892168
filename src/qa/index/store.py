"""Guides, sections, passages and phrasings of a generation in one SQLite file: answering reads nothing from the corpus folder."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.corpus.phrasings import Phrasing
from qa.datatypes import Guide, Language, Passage, Publisher, Section, SectionStatus, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "passages.sqlite"
_SCHEMA = """
CREATE TABLE guides (language TEXT, guide_id TEXT, path TEXT, text TEXT, described TEXT, PRIMARY KEY (language, guide_id));
CREATE TABLE passages (row INTEGER PRIMARY KEY, passage_id TEXT UNIQUE, language TEXT, guide_id TEXT, section_id TEXT,
  headings TEXT, start INTEGER, end INTEGER);
CREATE TABLE lexicon (text TEXT);
CREATE TABLE phrasings (row INTEGER PRIMARY KEY, text TEXT, language TEXT, target TEXT, outside INTEGER);
"""
_DESCRIBED = ("title", "operator", "topic", "checked", "official_url", "sources", "sections")


@dataclass(frozen=True)
class Stored:
    """What the file holds: guides in corpus order, passages and phrasings in row order, the lexicon as written."""

    guides: tuple[Guide, ...]
    passages: tuple[Passage, ...]
    lexicon: str
    phrasings: tuple[Phrasing, ...]


def save(
    folder: Path, guides: Sequence[Guide], passages: Sequence[Passage], lexicon: str, phrasings: Sequence[Phrasing]
) -> None:
    """Write the file into folder; equal content gives equal bytes."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.executescript(_SCHEMA)
        for guide in guides:
            values = asdict(guide)
            described = json.dumps({key: values[key] for key in _DESCRIBED}, ensure_ascii=False)
            row = (guide.language, guide.guide_id, guide.path, guide.text, described)
            connection.execute("INSERT INTO guides VALUES (?, ?, ?, ?, ?)", row)
        for number, passage in enumerate(passages):
            headings = json.dumps(passage.headings, ensure_ascii=False)
            identity = (number, passage.passage_id, passage.language, passage.guide_id, passage.section_id)
            connection.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*identity, headings, passage.start, passage.end)
            )
        connection.execute("INSERT INTO lexicon VALUES (?)", (lexicon,))
        rows = ((number, each.text, each.language, each.target, each.outside) for number, each in enumerate(phrasings))
        connection.executemany("INSERT INTO phrasings VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()


def load(folder: Path) -> Stored:
    """Read the file in folder, which is never written to again."""
    address = f"{(folder / FILE).absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        guides = tuple(
            _guide(language, guide_id, path, text, json.loads(described))
            for language, guide_id, path, text, described in connection.execute("SELECT * FROM guides ORDER BY rowid")
        )
        texts = {(guide.language, guide.guide_id): guide.text for guide in guides}
        passages = tuple(
            Passage(
                passage_id=passage_id,
                guide_id=guide_id,
                section_id=section_id,
                language=Language(language),
                headings=tuple(json.loads(headings)),
                text=texts[Language(language), guide_id][start:end],
                start=start,
                end=end,
            )
            for _, passage_id, language, guide_id, section_id, headings, start, end in connection.execute(
                "SELECT * FROM passages ORDER BY row"
            )
        )
        (lexicon,) = connection.execute("SELECT text FROM lexicon").fetchone()
        phrasings = tuple(
            Phrasing(text, Language(language), target, bool(outside))
            for _, text, language, target, outside in connection.execute("SELECT * FROM phrasings ORDER BY row")
        )
    return Stored(guides, passages, lexicon, phrasings)


def _guide(language: str, guide_id: str, path: str, text: str, described: dict[str, Any]) -> Guide:
    sources = tuple(Source(**{**source, "publisher": Publisher(source["publisher"])}) for source in described.pop("sources"))
    sections = tuple(
        Section(**{**section, "headings": tuple(section["headings"]), "status": SectionStatus(section["status"])})
        for section in described.pop("sections")
    )
    return Guide(
        guide_id=guide_id,
        language=Language(language),
        path=path,
        text=text,
        sources=sources,
        sections=sections,
        **described,
    )
