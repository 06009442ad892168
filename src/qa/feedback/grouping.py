"""Feedback put together by the question that it is about."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.corpus.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.feedback.entry import Feedback


@dataclass(frozen=True)
class Asked:
    """A question, as it was last asked, and everything that was said of what it got, oldest first."""

    question: str
    entries: tuple[Feedback, ...]

    @property
    def count(self) -> int:
        """Return how often something was said."""
        return len(self.entries)

    @property
    def last(self) -> Feedback:
        """Return what was said last."""
        return self.entries[-1]

    @property
    def verdicts(self) -> dict[str, int]:
        """Return how often each verdict was given, the most frequent first."""
        return dict(Counter(entry.verdict.value for entry in self.entries).most_common())

    @property
    def outcomes(self) -> dict[str, int]:
        """Return how often the question got each outcome, the most frequent first."""
        return dict(Counter(entry.outcome.value for entry in self.entries).most_common())

    @property
    def sections(self) -> tuple[str, ...]:
        """Return the sections that its answers cited, the most frequent first."""
        return tuple(each for each, _ in Counter(each for entry in self.entries for each in entry.sections).most_common())

    @property
    def operators(self) -> tuple[str, ...]:
        """Return the operators that its answers were about, the most frequent first."""
        return tuple(each for each, _ in Counter(each for entry in self.entries for each in entry.operators).most_common())


def by_question(entries: Iterable[Feedback]) -> list[Asked]:
    """Return entries by question, the most frequent first, then the latest; width, case, Han variants, blanks and marks don't count."""
    found: dict[str, list[Feedback]] = {}
    for entry in entries:
        found.setdefault(_key(entry.question), []).append(entry)
    asked = [Asked(group[-1].question, tuple(group)) for group in found.values()]
    return sorted(asked, key=lambda each: (-each.count, -each.last.number))


def _key(question: str) -> str:
    letters = "".join(each for each in fold(question) if unicodedata.category(each)[0] not in "PZS")
    return letters or question
