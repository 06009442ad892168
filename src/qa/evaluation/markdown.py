"""Tables in Markdown, as a pull request shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluation.table import Table


def as_markdown(found: Sequence[Table]) -> str:
    """Return tables in Markdown, as a pull request shows them."""
    parts = []
    for table in found:
        ruler = ["---" if table.is_text or not number else "--:" for number in range(len(table.header))]
        rows = [table.header, ruler, *table.rows]
        lines = ["| " + " | ".join(_in_markdown(cell) for cell in row) + " |" for row in rows]
        parts.append(f"**{_in_markdown(table.title)}**\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _in_markdown(text: str) -> str:
    """Return text as Markdown that shows it as it is: no markup, no mention (a word-joiner parts @ from a name), no break of the table."""
    line = re.sub(r"([\\`*_\[\]<>|~&])", r"\\\1", " ".join(text.splitlines()))
    return re.sub(r"(?<!\w)@", "@\u2060", line)
