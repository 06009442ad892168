"""A report as one self-contained HTML page: figures, tables, pictures, and each question with what became of it."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from qa.evaluation.dataset import ANSWERS, Unit
from qa.evaluation.outcomes import answer_measures
from qa.evaluation.pictures import first_rank, percent, pictures
from qa.evaluation.refusal import refusal_measures
from qa.evaluation.report import interval
from qa.evaluation.script import language_of
from qa.evaluation.tables import WORST, tables
from qa.evaluation.tables_of_changes import beginning

if TYPE_CHECKING:
    from qa.evaluation.comparison import Scored
    from qa.evaluation.dataset import Dataset, EvidenceSpan, Question
    from qa.evaluation.outcomes import Asked
    from qa.evaluation.report import Report

TEMPLATE = "page.html.jinja"
SECTIONS_SHOWN, SECTION_CHARACTERS = 5, 160
DOCUMENTS_SHOWN, DOCUMENT_CHARACTERS = 3, 100


@dataclass(frozen=True)
class Figure:
    """A headline figure: what it is, and what it is out of."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class Ranked:
    """What is ranked at rank: its grade in words, its score, how its text begins, and in which language."""

    rank: int
    judged: str
    grade: str
    score: float
    text: str
    language: str


@dataclass(frozen=True)
class RunOfQuestion:
    """What a run made of a question. first is the rank of the first answer, None where none is ranked."""

    name: str
    first: int | None
    top: tuple[Ranked, ...]


@dataclass(frozen=True)
class Entry:
    """A question with its judgements, what each run ranks, and what became of it where the assistant was asked."""

    question: Question
    judged: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceSpan, ...]
    runs: tuple[RunOfQuestion, ...]
    asked: Asked | None

    @property
    def is_first(self) -> bool:
        """Whether every run ranks an answer first; unanswerable questions have none to be ranked."""
        return all(run.first == 1 for run in self.runs)

    @property
    def is_false_answer(self) -> bool:
        """Whether a question is answered that has no answer."""
        return self.asked is not None and self.asked.is_answered and not self.asked.answerable


def as_page(report: Report) -> str:
    """Return the page: it asks no host for anything, and everything that comes from questions, documents and ids is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["sha256"] = _sha256
    template = environment.from_string(files("qa.evaluation").joinpath(TEMPLATE).read_text(encoding="utf-8"))
    shown = entries(report)
    return template.render(
        report=report,
        figures=headline_figures(report),
        tables=tables(report, details=True),
        pictures=pictures(report),
        entries=shown,
        left_out=len(report.dataset.questions) - len(shown),
        languages=sorted({entry.question.language for entry in shown}),
        outcomes=sorted({each.outcome for each in report.asked}),
        provenance=list(flat(report.provenance)),
        worst=WORST,
    )


def headline_figures(report: Report) -> list[Figure]:
    """Return the figures for the top of the page: each run's headline measure, then what became of the questions."""
    found = []
    for run in report.runs:
        low, high = interval(run, report.headline)
        found.append(
            Figure(run.name, f"{run.mean(report.headline):.3f}", f"{report.headline}, 95\u00a0%: {low:.3f}–{high:.3f}")
        )
    if report.asked:
        answers, refusal = answer_measures(report.asked), refusal_measures(report.asked)
        found += [
            Figure("answered", percent(answers.answered), f"of {answers.questions} answerable questions"),
            Figure("false answers", percent(refusal.false_answers), f"of {refusal.unanswerable} unanswerable questions"),
            Figure("quote holds evidence", percent(answers.holds_evidence), "of the answers with judged words"),
            Figure("citations exact", percent(answers.exact), "of the answers that cite"),
        ]
    return found


def entries(report: Report) -> list[Entry]:
    """Return the questions to look at: all, or of a set of documents those that some run doesn't answer at rank 1."""
    asked = {each.question_id: each for each in report.asked}
    of_documents = report.dataset.unit is Unit.DOCUMENT
    return [
        _entry(report, question, asked.get(question.question_id))
        for question in report.dataset.questions
        if not of_documents or any(run.values[report.headline].get(question.question_id, 1.0) < 1 for run in report.runs)
    ]


def flat(value: Any, place: str = "") -> Sequence[tuple[str, str]]:
    """Return the leaves of a nested mapping with the keys that lead to each."""
    if not isinstance(value, Mapping):
        return [(place, str(value))]
    return [leaf for key, each in value.items() for leaf in flat(each, f"{place} · {key}" if place else str(key))]


def _entry(report: Report, question: Question, asked: Asked | None) -> Entry:
    dataset, key = report.dataset, question.question_id
    judged = sorted(dataset.qrels.get(key, {}).items(), key=lambda each: (-each[1], each[0]))
    return Entry(
        question=question,
        judged=tuple((each, _grade(dataset, key, each)) for each, _ in judged),
        evidence=dataset.evidence.get(key, ()),
        runs=tuple(_run(report, run, question) for run in report.runs) if question.answerable else (),
        asked=asked,
    )


def _run(report: Report, run: Scored, question: Question) -> RunOfQuestion:
    of_documents = report.dataset.unit is Unit.DOCUMENT
    shown, characters = (DOCUMENTS_SHOWN, DOCUMENT_CHARACTERS) if of_documents else (SECTIONS_SHOWN, SECTION_CHARACTERS)
    top = []
    for rank, (judged, score) in enumerate(run.rankings.get(question.question_id, [])[:shown], 1):
        passage = run.passage(question.question_id, judged)
        text = beginning(passage or report.text_of(judged, question.language), characters)
        grade = _grade(report.dataset, question.question_id, judged)
        top.append(Ranked(rank, judged, grade, score, text, language_of(text)))
    return RunOfQuestion(run.name, first_rank(report, run, question.question_id), tuple(top))


def _grade(dataset: Dataset, question_id: str, judged: str) -> str:
    """Return what the judges said of a section or document for a question, in a word."""
    grade = dataset.qrels.get(question_id, {}).get(judged)
    if grade is None:
        return "unjudged"
    if grade <= 0:
        return "no"
    return "answers" if grade >= ANSWERS or not dataset.is_graded else "helps"


def _sha256(text: str) -> str:
    """Return the hash by which a page's policy allows an inline script or style."""
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()
