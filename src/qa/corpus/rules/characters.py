"""What deceives the eye: characters that can't be seen, and brackets that read like the marker of a citation."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from qa.corpus.characters import FORGED_MARKER, INVISIBLE
from qa.corpus.guides import front_matter_line
from qa.datatypes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.datatypes import Guide


def character_problems(guide: Guide) -> Iterator[Problem]:
    """Yield every invisible character of guide's file, and what reads like a marker in its title, its sources' titles and its text."""
    yield from invisible_problems(guide.text, guide.path)
    titles = {("title",): guide.title} | {("sources", n, "title"): source.title for n, source in enumerate(guide.sources)}
    for place, title in titles.items():
        yield from _marker_problems(title, guide.path, front_matter_line(guide.text, place))
    body = guide.sections[0].start
    for number, line in enumerate(guide.text[body:].split("\n"), guide.line(body)):
        yield from _marker_problems(unescape(line), guide.path, number)


def invisible_problems(text: str, file: str) -> Iterator[Problem]:
    """Yield every character of text that can't be seen or turns the direction of writing, also where it is written as an entity."""
    for number, line in enumerate(text.split("\n"), 1):
        for character in INVISIBLE.finditer(unescape(line)):
            yield Problem(file, number, "invisible", f"invisible character U+{ord(character[0]):04X}; delete it")


def _marker_problems(text: str, file: str, line: int) -> Iterator[Problem]:
    for forged in FORGED_MARKER.finditer(text):
        message = f"“{forged[0]}” reads like the marker of a citation; use other brackets"
        yield Problem(file, line, "marker", message)
