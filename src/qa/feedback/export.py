"""Feedback as text for other programs: JSON Lines, or CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa.feedback.entry import Feedback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_FORMULA = ("=", "+", "-", "@")


def as_json_lines(entries: Iterable[Feedback]) -> str:
    """Return an object a line, with the fields of Feedback."""
    return "".join(f"{json.dumps(asdict(entry), ensure_ascii=False)}\n" for entry in entries)


def as_csv(entries: Iterable[Feedback]) -> str:
    """Return a table with a header and the mark by which spreadsheets recognise UTF-8; several sections or operators share a cell."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(Feedback.__dataclass_fields__)
    for entry in entries:
        writer.writerow(map(_cell, asdict(entry).values()))
    return f"\ufeff{written.getvalue()}"


def _cell(value: object) -> str:
    text = " ".join(value) if isinstance(value, tuple) else str(value)
    # Anybody can send feedback, and a spreadsheet would run a text that begins like a formula.
    return f"'{text}" if text.startswith(_FORMULA) else text


FORMS: Mapping[str, Callable[[Iterable[Feedback]], str]] = {".jsonl": as_json_lines, ".csv": as_csv}
