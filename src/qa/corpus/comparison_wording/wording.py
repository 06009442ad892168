"""What the generated comparison needs words for; each language has a module with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One section. values has, in the order in which they are told, the words for a value: of several operators, and of one."""

    heading: str
    opening: str
    values: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Wording:
    """Everything that the comparison says in one language."""

    title: str
    source: str
    comma: str
    stop: str
    group: str
    unsure: str
    legend: str
    row: str
    unknown: str
    undated: str
    confidence: Mapping[str, str]
    columns: Mapping[str, Column]
