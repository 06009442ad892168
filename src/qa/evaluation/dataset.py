"""What an evaluation measures on: questions, and which sections or documents answer them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from qa.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from qa.datatypes import Problem

MOST_PROBLEMS = 20  # that a message lists
ANSWERS = 2  # the grade of a section that answers; 1 helps


class Unit(StrEnum):
    """What is judged, and therefore ranked: sections of guides, or whole documents."""

    SECTION = "section"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Question:
    """One question.

    language is as labelled, or told by the question's script; earlier are the turns before it, oldest first. kind says how it is asked, gap
    why the guides don't answer it, '' where they do. round is that in which it was written, from 1; 0 where that isn't told.
    """

    question_id: str
    text: str
    language: str
    split: str = ""
    operator: str | None = None
    topic: str | None = None
    answerable: bool = True
    near_miss: bool = False
    kind: str = ""
    gap: str = ""
    round: int = 0
    note: str = ""
    earlier: tuple[str, ...] = ()

    @property
    def round_and_split(self) -> str:
        """Return the name of the cell of questions written in one round and put into one split, '' where no round is told."""
        return f"{self.round}, {self.split}" if self.round else ""


@dataclass(frozen=True)
class EvidenceSpan:
    """Words of a section that answer a question: any one of a question's spans does."""

    section_id: str
    text: str


@dataclass(frozen=True)
class Dataset:
    """Questions with their judgements.

    qrels: by question, the grade of each judged section or document; every answerable question has one. evidence: by question, the words
    that answer. files: names and sha256 of what was read. stale: evidence that the guides no longer hold: no quote
    can.
    """

    name: str
    unit: Unit
    questions: tuple[Question, ...]
    qrels: Mapping[str, Mapping[str, int]]
    files: Mapping[str, str]
    evidence: Mapping[str, tuple[EvidenceSpan, ...]] = field(default_factory=dict)
    stale: tuple[Problem, ...] = ()

    @property
    def answerable(self) -> tuple[Question, ...]:
        """Return the questions that retrieval is measured on."""
        return tuple(question for question in self.questions if question.answerable)

    @property
    def is_graded(self) -> bool:
        """Whether answering is told apart from helping: grades of public sets have meanings of their own."""
        return self.unit is Unit.SECTION and any(
            grade >= ANSWERS for grades in self.qrels.values() for grade in grades.values()
        )

    def answering(self, question_id: str) -> frozenset[str]:
        """Return what answers a question: sections of grade 2 where any grade is so high, else whatever is judged above 0."""
        least = ANSWERS if self.is_graded else 1
        return frozenset(each for each, grade in self.qrels.get(question_id, {}).items() if grade >= least)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text file that are not blank, with their number from 1; DatasetError where it can't be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise DatasetError(f"There is no file {path}. Mend: write it, or name another place") from error
    except IsADirectoryError as error:
        raise DatasetError(f"{path} is a folder, where a file is expected. Mend: name the file") from error
    except OSError as error:
        raise DatasetError(f"{path} can't be read: {error.strerror}. Mend: name a file that can") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path} is not UTF-8: byte {error.start}. Mend: save it as UTF-8") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")


def is_id(text: str) -> bool:
    """Whether a TREC run can hold text as an id: it separates columns by white space, and its tools end an id at a NUL."""
    return text.split() == [text] and "\0" not in text


def refuse(problems: Sequence[Problem], what: str) -> None:
    """Raise DatasetError where there are problems; the first MOST_PROBLEMS are listed."""
    if problems:
        count = f"{len(problems)} fault{'s' if len(problems) > 1 else ''} in {what}"
        more = f", the first {MOST_PROBLEMS} are listed" if len(problems) > MOST_PROBLEMS else ""
        raise DatasetError(f"{count}{more}; nothing was measured. Mend them, then run it again", problems[:MOST_PROBLEMS])
