"""What is embedded and indexed for a passage: its headings and its text without Markdown syntax, with the way back to the guide."""

from __future__ import annotations

import re
from dataclasses import dataclass

SOURCE_ID = r"[A-Za-z0-9_-]+"
FOOTNOTE = re.compile(rf"\[\^(?P<source>{SOURCE_ID})\]")
# What may follow a sentence's full stop and still belong to it: closing brackets and quotes, emphasis, footnote marks.
SENTENCE_TAIL = rf"[」』）”’)\"*_`]*(?:[ ]?\[\^{SOURCE_ID}\])*"
_SYNTAX = re.compile(
    rf"{FOOTNOTE.pattern.replace('?P<source>', '?:')}"  # footnote marks
    r"|\]\([^)\n]*\)"  # a link's target
    r"|\[(?=[^\]^]*\]\()"  # what opens a link
    r"|^[ \t]*(?:[-*+]|\d+\.)[ \t]+"  # list markers
    r"|\*\*|__|`"  # emphasis and code
    r"|^[ \t]*>[ \t]?"  # block quotes
    r"|^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t:-]*$|^[ \t]*-{3,}[ \t]*$"  # a table's ruler, a rule
    r"|^[ \t]*\||\|[ \t]*$",  # a table's outer bars
    re.MULTILINE,
)
NOT_IN_GUIDE = -1


@dataclass(frozen=True)
class SearchText:
    """text[i] stands at guide.text[positions[i]]; NOT_IN_GUIDE marks what was put before the passage (its headings)."""

    text: str
    positions: tuple[int, ...]


def heading_line(headings: tuple[str, ...]) -> str:
    """Return what is put before a passage's own text."""
    return " · ".join(headings) + "\n"


def without_syntax(text: str) -> str:
    """Return text without footnote marks, link targets and Markdown syntax."""
    return _SYNTAX.sub("", text)


def search_text(headings: tuple[str, ...], text: str, start: int) -> SearchText:
    """Return the search text of the passage `guide.text[start : start + len(text)] == text`."""
    line = heading_line(headings)
    kept: list[int] = []
    at = 0
    for syntax in _SYNTAX.finditer(text):
        kept.extend(range(at, syntax.start()))
        at = syntax.end()
    kept.extend(range(at, len(text)))
    positions = (*(NOT_IN_GUIDE for _ in line), *(start + i for i in kept))
    return SearchText(line + "".join(text[i] for i in kept), positions)
