"""One thing that a reader said of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.datatypes import Outcome


class Verdict(StrEnum):
    """What a reader says of an answer. missing: the guides should cover this, said where there was no direct answer."""

    HELPFUL = "helpful"
    WRONG = "wrong"
    OUTDATED = "outdated"
    MISSING = "missing"


@dataclass(frozen=True)
class Feedback:
    """A verdict on what a question got; number counts up from 1, day is a UTC date, and nothing says who gave it.

    language is the answer's. sections are those that the answer cited, operators those that it was about, generation the index it came from.
    """

    number: int
    day: str
    question: str
    language: str
    outcome: Outcome
    verdict: Verdict
    remark: str
    sections: tuple[str, ...]
    operators: tuple[str, ...]
    generation: str

    @property
    def is_unanswered(self) -> bool:
        """Whether the guides gave no direct answer, or the reader says that one is missing."""
        return self.outcome is not Outcome.ANSWERED or self.verdict is Verdict.MISSING
