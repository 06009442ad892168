"""Which operators are shown and in what order: what the form asks for, as it stands in the page's address."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

from qa.corpus.comparison_rows import value_of
from qa.corpus.folding import fold
from qa.corpus.front_matter import Cost
from qa.corpus.lexicon import NameFinder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.corpus.comparison_rows import Row
    from qa.corpus.front_matter import Compared
    from qa.corpus.lexicon import Lexicon

# What can be chosen, best first, and the values of the comparison that it stands for.
FILTERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "online": {"yes": ("full",), "partly": ("partial",), "no": ("none",), "unknown": ("unknown",)},
    "cost": {"free": ("free",), "fee": ("range", "fixed", "always"), "unknown": ("open", "unknown")},
    "sim": {"keep": ("not required", "discard allowed"), "return": ("return required",), "unknown": ("unknown",)},
    "abroad": {"yes": ("possible", "possible-with-conditions"), "no": ("not-possible",), "unknown": ("unknown",)},
}
SORTS = ("size", "name", "online", "cost", "sim", "abroad")
LONGEST_NAME = 60
_CONFIDENCE = ("high", "medium", "low")


@dataclass(frozen=True)
class OperatorChoice:
    """The form's fields; an empty one asks for nothing, and an empty sort keeps the comparison's order."""

    name: str = ""
    online: str = ""
    cost: str = ""
    sim: str = ""
    abroad: str = ""
    sort: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Return what an address asks for; what can't be chosen is passed over."""
        chosen = {key: query.get(key, "") for key, groups in FILTERS.items() if query.get(key) in groups}
        sort = query.get("sort", "")
        return cls(query.get("name", "").strip()[:LONGEST_NAME], **chosen, sort=sort if sort in SORTS[1:] else "")

    @property
    def query(self) -> str:
        """Return the choice as the query of an address, "" for none."""
        asked = {field.name: value for field in fields(self) if (value := getattr(self, field.name))}
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def narrows(self) -> bool:
        """Whether operators may be left out."""
        return any((self.name, self.online, self.cost, self.sim, self.abroad))

    def apply(self, rows: Sequence[Row], names: Lexicon) -> list[Row]:
        """Return the rows that are asked for, in the order asked for; of equals, the one that comes first in rows."""
        found = _called(self.name, rows, names) if self.name else {row.operator for row in rows}
        kept = [row for row in rows if row.operator in found and all(self._matches(row, key) for key in FILTERS)]
        if self.sort == "name":
            return sorted(kept, key=lambda row: fold(row.name))
        if self.sort == "cost":
            return sorted(kept, key=_dearness)
        if self.sort:
            return sorted(kept, key=lambda row: _rank(row.profile.compared[self.sort], FILTERS[self.sort]))
        return kept

    def _matches(self, row: Row, key: str) -> bool:
        chosen = getattr(self, key)
        return not chosen or value_of(row.profile.compared[key]) in FILTERS[key][chosen]


def group_of(key: str, cell: Compared) -> str:
    """Return the choice of FILTERS[key] that stands for cell."""
    return next(group for group, values in FILTERS[key].items() if value_of(cell) in values)


def _called(name: str, rows: Sequence[Row], names: Lexicon) -> set[str]:
    """Return the operators that name may mean: those that it names, in any script, and those whose names it is a part of."""
    written = {row.operator: {row.name} for row in rows}
    aliases = dict(written)
    for key, entry in names.operators.items():
        written[key] = {*written.get(key, ()), *entry.names.values()}
        aliases[key] = {*written[key], *entry.aliases}
    named = {mention.key for mention in NameFinder(names).find(name) if mention.kind == "operator"}
    found = named | _having(name, written)
    return found or _having(name, aliases)


def _having(part: str, names: Mapping[str, set[str]]) -> set[str]:
    folded = fold(part)
    return {key for key, called in names.items() if any(folded in fold(each) for each in called)}


def _rank(cell: Compared, groups: Mapping[str, tuple[str, ...]]) -> tuple[int, int]:
    """Return where cell stands: by what it says, best first, then by how sure that is."""
    values = [value for group in groups.values() for value in group]
    return values.index(value_of(cell)), _CONFIDENCE.index(cell.confidence or "low")


def _dearness(row: Row) -> tuple[int, int, int, int]:
    """Return how much leaving may cost at the most, then at the least; what has no known most comes behind, the unknown last."""
    cost: Cost = row.profile.cost
    known = 2 if cost.min_yen is None else 1 if cost.max_yen is None else 0
    return known, cost.max_yen or 0, cost.min_yen or 0, _CONFIDENCE.index(cost.confidence or "low")
