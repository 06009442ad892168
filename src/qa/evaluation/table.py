"""The form that figures take on their way to the terminal, to Markdown and to the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A title, a heading for each column, and rows as long. The first column is text, the others are figures unless is_text."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_text: bool = False
