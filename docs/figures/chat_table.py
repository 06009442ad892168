"""The tables of docs/chat.md, from docs/figures/chat.json: each a header and its rows."""

from __future__ import annotations

from typing import Any

Table = tuple[list[str], list[list[str]]]
VISITS = {"first": "first visit", "again": "second visit"}
WAYS = {"page": "as the page asks", "endpoint": "`POST /api/ask`"}


def asking(figures: dict[str, Any]) -> Table:
    """Return how long a person waits for the whole answer."""
    rows = [
        [name, *(f"{found[key]:,}" for key in ("questions", "p50_ms", "p95_ms", "max_ms"))]
        for name, found in (("all", figures), *figures["by_language"].items())
    ]
    return ["asked in", "questions", "p50, ms", "p95, ms", "longest, ms"], rows


def loading(figures: dict[str, Any]) -> Table:
    """Return what the page weighs and when it can be used."""
    rows = [
        [
            f"{row['where']}, {VISITS[row['visit']]}",
            f"{row['bytes'] / 1024:,.0f}",
            str(row["requests"]),
            *(f"{row[key] / 1000:.1f}" for key in ("first_paint_ms", "usable_ms")),
        ]
        for row in figures["rows"]
    ]
    return ["", "KB over the wire", "requests", "something is shown, s", "the field can be used, s"], rows


def load(figures: dict[str, Any]) -> Table:
    """Return how the chat fares when many ask at once."""
    rows = [
        [
            WAYS[way],
            f"{found['questions']:,}",
            ", ".join(f"{count} {kind}" for kind, count in found["errors"].items()) or "0",
            f"{found['per_second']:.1f}",
            *(f"{found[key] / 1000:.1f}" for key in ("p50_ms", "p95_ms", "max_ms")),
            f"{found['health_max_ms']:,}",
            f"{found['memory_before_mb']:,} → {found['memory_after_mb']:,}",
        ]
        for way, found in figures["rows"].items()
    ]
    header = [f"{figures['users']} people, {figures['minutes']:g} minutes", "questions", "errors", "answers a second"]
    return [*header, "p50, s", "p95, s", "longest, s", "longest `/health`, ms", "memory, MB"], rows


TABLES = {each.__name__: each for each in (asking, loading, load)}
