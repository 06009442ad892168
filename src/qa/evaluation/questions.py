"""Read the questions and judgements of the guides: evaluation/questions.jsonl, qrels.tsv and evidence.jsonl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from qa.corpus.yaml_text import Closed
from qa.datatypes import Language, Problem
from qa.errors import DatasetError
from qa.evaluation.dataset import ANSWERS, Dataset, EvidenceSpan, Question, Unit, read_lines, refuse
from qa.evaluation.trec import read_qrels
from qa.index.storage import sha256_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from qa.datatypes import Guide

QUESTIONS, QRELS, EVIDENCE = "questions.jsonl", "qrels.tsv", "evidence.jsonl"
ALL = "all"  # the name of no split: every question
DEV = "dev"  # the split that settings are chosen on

_Row = TypeVar("_Row", bound=Closed)
_Text = Annotated[str, Field(pattern=r"\S")]
_Id = Annotated[str, Field(pattern=r"^\S+$")]

# How a question is asked, and why the guides don't answer it; '' where that isn't told.
Kind = Literal["", "plain", "short", "misspelt", "nickname", "story", "two-part", "follow-up", "mixed"]
Gap = Literal[
    "", "no-facts", "other-operator", "same-brand", "fixed-line", "other-contract", "other-country",
    "usage", "buying", "roaming", "visa", "injection", "chit-chat",
]  # fmt: skip


class QuestionRow(Closed):
    """A line of questions.jsonl."""

    question_id: _Id
    text: _Text
    language: Language
    split: Literal["dev", "test"]
    operator: str | None = None
    topic: str | None = None
    answerable: bool
    near_miss: bool = False
    kind: Kind = ""
    gap: Gap = ""
    round: int = 0
    note: str = ""
    earlier: tuple[_Text, ...] = ()


class EvidenceRow(Closed):
    """A line of evidence.jsonl."""

    question_id: _Id
    section_id: _Id
    text: _Text


def read_project(folder: Path, guides: Mapping[tuple[str, Language], Guide], split: str = ALL) -> Dataset:
    """Return the questions of split with their judgements by section of guides.

    DatasetError lists, with file and line, what can't be measured on: rows of another form, ids that stand twice, judgements of questions
    or sections that are not there, answerable questions without a judgement. Evidence that its section no longer holds, since the guide was
    edited, is no hindrance: the dataset names it, and no quote holds it.
    """
    questions = read_questions(folder / QUESTIONS)
    known = {question.question_id: question for question in questions.values()}
    sections = {section.section_id for guide in guides.values() for section in guide.sections}
    qrels = read_qrels(folder / QRELS, known, sections, "section")
    refuse(_contradictions(questions, qrels), str(folder))
    evidence, stale = _read_evidence(folder / EVIDENCE, known, guides) if (folder / EVIDENCE).exists() else ({}, [])
    asked = tuple(question for question in questions.values() if split in (ALL, question.split))
    if not asked:
        raise DatasetError(f"{folder / QUESTIONS} holds no question of split '{split}'. Mend: --split {ALL}, or write some")
    names = [name for name in (QUESTIONS, QRELS, EVIDENCE) if (folder / name).is_file()]
    return Dataset(
        name=folder.resolve().name if split == ALL else f"{folder.resolve().name}, {split}",
        unit=Unit.SECTION,
        questions=asked,
        qrels={question.question_id: qrels.get(question.question_id, {}) for question in asked if question.answerable},
        files={name: sha256_file(folder / name) for name in names},
        evidence={key: spans for key, spans in evidence.items() if key in {question.question_id for question in asked}},
        stale=tuple(stale),
    )


def _rows(path: Path, form: type[_Row], problems: list[Problem]) -> Iterator[tuple[int, _Row]]:
    """Yield the rows of a JSONL file that have the form; the others become problems."""
    for line, text in read_lines(path):
        try:
            yield line, form.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            problems.append(Problem(path.name, line, "form", f"{place}: {first['msg']}" if place else first["msg"]))


def read_questions(path: Path) -> dict[int, Question]:
    """Return the questions by the line on which they stand; DatasetError lists lines of another form, and ids that stand twice."""
    problems: list[Problem] = []
    questions: dict[int, Question] = {}
    lines: dict[str, int] = {}
    for line, row in _rows(path, QuestionRow, problems):
        if (first := lines.setdefault(row.question_id, line)) != line:
            message = f"the id '{row.question_id}' is that of line {first} too"
            problems.append(Problem(path.name, line, "duplicate-id", message))
        questions[line] = Question(**{**row.model_dump(), "language": row.language.value})
    refuse(problems, str(path))
    if not questions:
        raise DatasetError(f"{path} holds no question. Mend: write one a line, as evaluation/README.md shows")
    return questions


def _contradictions(questions: Mapping[int, Question], qrels: Mapping[str, Mapping[str, int]]) -> list[Problem]:
    problems = []
    for line, question in questions.items():
        best = max(qrels.get(question.question_id, {}).values(), default=0)
        if question.answerable and best == 0:
            message = f"{question.question_id} is answerable, but {QRELS} has nothing that answers it or helps"
            problems.append(Problem(QUESTIONS, line, "unjudged", message))
        elif not question.answerable and best >= ANSWERS:
            message = f"{question.question_id} is not answerable, but {QRELS} has a section that answers it (grade {best})"
            problems.append(Problem(QUESTIONS, line, "contradiction", message))
    return problems


def _read_evidence(
    path: Path, questions: Mapping[str, Question], guides: Mapping[tuple[str, Language], Guide]
) -> tuple[dict[str, tuple[EvidenceSpan, ...]], list[Problem]]:
    problems: list[Problem] = []
    stale: list[Problem] = []
    evidence: dict[str, tuple[EvidenceSpan, ...]] = {}
    for line, row in _rows(path, EvidenceRow, problems):
        question = questions.get(row.question_id)
        if question is None:
            problems.append(Problem(path.name, line, "unknown-question", f"there is no question '{row.question_id}'"))
            continue
        guide_id, _, slug = row.section_id.partition("#")
        language = Language(question.language).of_guides
        guide = guides.get((guide_id, language))
        section = guide.section(slug) if guide else None
        if guide is None and any(known == guide_id for known, _ in guides):
            message = f"'{guide_id}' has no guide in {language}, the language of these words; write it, or delete them"
            stale.append(Problem(path.name, line, "lost-evidence", message))
        elif guide is None or section is None:
            problems.append(Problem(path.name, line, "unknown-section", f"there is no section '{row.section_id}'"))
        elif row.text not in guide.text[section.body : section.end]:
            message = f"'{row.section_id}' no longer holds “{row.text[:40]}…” in {guide.language}; copy its words anew"
            stale.append(Problem(path.name, line, "lost-evidence", message))
        if section is not None:
            evidence[row.question_id] = (*evidence.get(row.question_id, ()), EvidenceSpan(row.section_id, row.text))
    refuse(problems, str(path))
    return evidence, stale
