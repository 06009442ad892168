"""The conversation as the reader's browser keeps it; anything can be posted in its place."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

MAX_TURNS = 20


@dataclass(frozen=True)
class Turn:
    """A question and its answer as HTML.

    options are further questions with their labels. is_break says that the next question starts anew: the operator was taken out, or
    there was no answer.
    """

    question: str
    html: str
    options: tuple[tuple[str, str], ...] = ()
    is_break: bool = False

    @classmethod
    def read(cls, stored: object) -> Self | None:
        """Return what the browser kept as a turn, None where it is none."""
        match stored:
            case {"question": str(question), "html": str(html), "options": list(options), "is_break": bool(is_break)}:
                pairs = [tuple(pair) for pair in options if isinstance(pair, list)]
                if all(len(pair) == 2 and all(isinstance(each, str) for each in pair) for pair in pairs):  # noqa: PLR2004
                    return cls(question, html, tuple(pairs), is_break)
        return None

    def stored(self) -> dict[str, Any]:
        """Return the turn as the browser keeps it."""
        return asdict(self) | {"options": [list(pair) for pair in self.options]}


def read_turns(stored: object) -> list[Turn]:
    """Return the turns that the browser kept, oldest first, without what is none."""
    if not isinstance(stored, list):
        return []
    return [turn for each in stored[-MAX_TURNS:] if (turn := Turn.read(each))]


def earlier_questions(turns: list[Turn]) -> list[str]:
    """Return the questions that the next one may leave things to, oldest first."""
    breaks = [number for number, turn in enumerate(turns, 1) if turn.is_break]
    return [turn.question for turn in turns[breaks[-1] if breaks else 0 :]]
