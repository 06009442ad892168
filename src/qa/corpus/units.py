"""Cut a section into the units that can be quoted: claims of a paragraph, items of a list, rows of a table.

A claim is the sentences up to a footnote mark: what rests on one source is never quoted in part, since a condition could be lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qa.corpus.search_text import SENTENCE_TAIL, SOURCE_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.datatypes import Guide, Section

_SENTENCE = re.compile(rf".+?(?:[。！？]{SENTENCE_TAIL}|[.!?]{SENTENCE_TAIL}(?=\s)|$)", re.DOTALL)
_ENDS_IN_MARK = re.compile(rf"\[\^{SOURCE_ID}\]$")
_NUMBERED = re.compile(r"\s*\d+\.\s")
_BULLET = re.compile(r"\s*[-*+]\s")


class Kind(StrEnum):
    """What a unit is a part of."""

    PARAGRAPH = "paragraph"
    NUMBERED = "numbered list"
    BULLETS = "list"
    TABLE = "table"


@dataclass(frozen=True)
class Unit:
    """`guide.text[start:end]`; units of one block stand side by side. block counts the section's blocks from 0."""

    start: int
    end: int
    block: int
    kind: Kind


def units(guide: Guide, section: Section) -> list[Unit]:
    """Return the units of section in order; together they hold all its text but blank space and list indentation."""
    found: list[Unit] = []
    block, previous = -1, None
    for start, end in _lines(guide.text, section.body, section.end):
        line = guide.text[start:end]
        if not line.strip():
            previous = None
            continue
        kind = _kind(line)
        if kind is not previous:
            block, previous = block + 1, kind
        if kind is Kind.PARAGRAPH:
            found.extend(Unit(start + s, start + e, block, kind) for s, e in _claims(line))
        else:
            found.append(Unit(start + len(line) - len(line.lstrip()), start + len(line.rstrip()), block, kind))
    return found


def _kind(line: str) -> Kind:
    if _NUMBERED.match(line):
        return Kind.NUMBERED
    if _BULLET.match(line):
        return Kind.BULLETS
    return Kind.TABLE if line.lstrip().startswith("|") else Kind.PARAGRAPH


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline
        yield start, stop
        start = stop + 1


def _claims(line: str) -> Iterator[tuple[int, int]]:
    start = None
    for sentence in _SENTENCE.finditer(line):
        text = sentence[0].rstrip()
        if not text.strip():
            continue
        if start is None:
            start = sentence.start() + len(text) - len(text.lstrip())
        if _ENDS_IN_MARK.search(text) or not line[sentence.end() :].strip():
            yield start, sentence.start() + len(text)
            start = None
