"""What two judges, reading apart, made of sections, how their differences were settled, and the judgements that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.datatypes import Problem
from qa.evaluation.dataset import ANSWERS, read_lines, refuse
from qa.evaluation.trec import read_qrels

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

FOLDER = "judgements"
FIRST, SECOND, SETTLED = "first.tsv", "second.tsv", "settled.tsv"
JUDGES = (FIRST, SECOND)
COMPARED = "compared"  # a folder of others' judgements, which decide nothing
_COLUMNS = 5  # of settled.tsv: TREC's four, and the reason
Pair = tuple[str, str]  # question id, section id


@dataclass(frozen=True)
class Judgement:
    """A question and a section, with the grade that either judge gave; None where that judge didn't judge the pair."""

    question_id: str
    section_id: str
    first: int | None
    second: int | None

    def by(self, judge: str) -> int | None:
        """Return the grade that judge, FIRST or SECOND, gave."""
        return self.first if judge == FIRST else self.second


@dataclass(frozen=True)
class Judgements:
    """All of it.

    judged: in the order of the judges' files. settled: grade and reason by pair; such a grade is the last word. compared: by name,
    grades that others gave by question and section, for comparison.
    """

    judged: tuple[Judgement, ...]
    settled: Mapping[Pair, tuple[int, str]]
    compared: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)

    @property
    def twice(self) -> tuple[Judgement, ...]:
        """Return what both judged."""
        return tuple(each for each in self.judged if each.first is not None and each.second is not None)

    @property
    def unsettled(self) -> tuple[Judgement, ...]:
        """Return what the judges differ on and nobody settled."""
        return tuple(
            each for each in self.twice if each.first != each.second and (each.question_id, each.section_id) not in self.settled
        )

    def questions_of(self, judge: str) -> frozenset[str]:
        """Return the questions that judge, FIRST or SECOND, judged anything of."""
        return frozenset(each.question_id for each in self.judged if each.by(judge) is not None)

    def left_to(self, judge: str, pooled: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Return what judge, FIRST or SECOND, has yet to judge: what is pooled, and what the other judged, by question."""
        done: set[Pair] = set()
        left = {question: list(sections) for question, sections in pooled.items()}
        for each in self.judged:
            if each.by(judge) is not None:
                done.add((each.question_id, each.section_id))
            elif each.section_id not in left.setdefault(each.question_id, []):
                left[each.question_id].append(each.section_id)
        return {
            question: [section for section in sections if (question, section) not in done]
            for question, sections in left.items()
        }

    def qrels(self) -> dict[str, dict[str, int]]:
        """Return the grade of each judged section by question: as settled, else as both judges say, else as the only one does."""
        grades: dict[str, dict[str, int]] = {}
        for each in self.judged:
            grade = each.first if each.first is not None else each.second
            settled = self.settled.get((each.question_id, each.section_id))
            grades.setdefault(each.question_id, {})[each.section_id] = settled[0] if settled else grade or 0
        return grades


def read_judgements(folder: Path, questions: Collection[str], sections: Collection[str]) -> Judgements:
    """Return the judgements in folder; DatasetError lists, with file and line, what is of another form or of what isn't there."""
    first, second = (read_qrels(folder / name, questions, sections, "section", ANSWERS) for name in JUDGES)
    pairs = dict.fromkeys(
        (question, section) for grades in (first, second) for question in grades for section in grades[question]
    )
    judged = tuple(
        Judgement(question, section, first.get(question, {}).get(section), second.get(question, {}).get(section))
        for question, section in pairs
    )
    others = sorted((folder / COMPARED).glob("*.tsv"))
    return Judgements(
        judged=judged,
        settled=_read_settled(folder / SETTLED, pairs),
        compared={path.stem: read_qrels(path, questions, sections, "section", ANSWERS) for path in others},
    )


def qrels_lines(qrels: Mapping[str, Mapping[str, int]]) -> str:
    """Return qrels in TREC's four columns, by question, of each the highest grades first, then by section."""
    return "".join(
        f"{question}\t0\t{section}\t{grade}\n"
        for question in sorted(qrels)
        for section, grade in sorted(qrels[question].items(), key=lambda judged: (-judged[1], judged[0]))
    )


def _read_settled(path: Path, pairs: Collection[Pair]) -> dict[Pair, tuple[int, str]]:
    settled: dict[Pair, tuple[int, str]] = {}
    problems: list[Problem] = []
    for line, row in read_lines(path):
        columns = [column.strip() for column in row.split("\t")]
        if len(columns) != _COLUMNS or columns[3] not in ("0", "1", "2") or not columns[4]:
            message = "a line is question, 0, section, grade (0, 1 or 2) and reason, separated by tabs"
            problems.append(Problem(path.name, line, "form", message))
            continue
        pair = (columns[0], columns[2])
        if pair not in pairs:
            problems.append(Problem(path.name, line, "not-judged", f"no judge judged '{pair[0]}' and '{pair[1]}'"))
        elif pair in settled:
            problems.append(Problem(path.name, line, "judged-twice", f"'{pair[0]}' and '{pair[1]}' are settled above"))
        settled[pair] = (int(columns[3]), columns[4])
    refuse(problems, str(path))
    return settled
