"""What is compared of each operator, and how it is told: shared by the comparison's guide and the list of operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.corpus.front_matter import Compared, Cost, Profile
from qa.corpus.guides import parse_front_matter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.corpus.comparison_wording import Column, Wording
    from qa.corpus.lexicon import Lexicon
    from qa.datatypes import Guide, Language, Section

# Where an operator's own guide tells more of what is compared.
_SLUGS = {
    "online": "online",
    "cost": "fees",
    "last_month": "final-bill",
    "sim": "sim",
    "abroad": "abroad",
    "status": "overview",
}


@dataclass(frozen=True)
class Row:
    """One operator: its name, what is compared of it, and the guide that says so."""

    operator: str
    name: str
    profile: Profile
    guide: Guide

    def section(self, key: str) -> Section | None:
        """Return the section that tells more of what is compared under key, None where the guide has none."""
        return self.guide.section(_SLUGS[key] if self.guide.operator else self.operator)


@dataclass(frozen=True)
class Told:
    """A value in words, with its confidence and the date that it is as of; these two are empty where there is no value."""

    value: str
    confidence: str
    date: str


def profiles_of(guide: Guide) -> dict[str, Profile]:
    """Return what guide says of each operator for the comparison."""
    return parse_front_matter(guide.text, guide.path)[0].profiles


def rows_of(guides: Sequence[Guide], names: Lexicon, language: Language) -> list[Row]:
    """Return a row for each operator that guides tell of, in the order of names, from the guide in language where there is one."""
    rows: dict[str, Row] = {}
    for guide in guides:
        for operator, profile in profiles_of(guide).items():
            if operator not in rows or guide.language is language:
                name = names.operators[operator].name(language) if operator in names.operators else ""
                rows[operator] = Row(operator, name or operator, profile, guide)
    order = list(names.operators)
    return sorted(rows.values(), key=lambda row: order.index(row.operator) if row.operator in order else len(order))


def value_of(cell: Compared) -> str:
    """Return the key that the wording has for what cell says."""
    if not isinstance(cell, Cost):
        return str(getattr(cell, "value", "unknown"))
    if cell.max_yen is None:
        return "open" if cell.min_yen is not None else "unknown"
    if cell.max_yen == cell.min_yen:
        return "fixed" if cell.max_yen else "free"
    return "always" if cell.min_yen else "range"


def tell(cell: Compared, column: Column, wording: Wording) -> Told:
    """Return what cell says of one operator, in the words of column."""
    words = column.values[value_of(cell)][1]
    if not cell.is_known:
        return Told(words, "", "")
    if isinstance(cell, Cost):
        words = words.format(min=f"{cell.min_yen or 0:,}", max=f"{cell.max_yen or 0:,}")
    return Told(words, wording.confidence[cell.confidence or "low"], cell.date or wording.undated)


def is_unsure(cell: Compared) -> bool:
    """Whether cell has a value that is hardly more than a guess."""
    return cell.is_known and (cell.confidence or "low") == "low"
