"""The stored baseline: what was ranked and answered when it was last accepted, scored anew with today's judgements."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.corpus.yaml_text import Closed
from qa.datatypes import Outcome
from qa.errors import DatasetError
from qa.evaluation.outcomes import Asked
from qa.evaluation.run import Run
from qa.index.storage import replace_text

if TYPE_CHECKING:
    from pathlib import Path

    from qa.evaluation.comparison import Scored
    from qa.evaluation.report import Report
    from qa.evaluation.trec import Ranking

FILE = "baseline.json"
_FORMAT = 1


class AnswerRow(Closed):
    """What became of a question, as the file has it."""

    outcome: Outcome
    confidence: float
    cited: tuple[str, ...]
    holds_evidence: bool | None
    exact: bool


class QuestionRow(Closed):
    """A question, as the file has it."""

    ranking: tuple[str, ...] | None = None
    answer: AnswerRow | None = None


@dataclass(frozen=True)
class Baseline:
    """Rankings in one mode, without scores, and outcomes, by question."""

    mode: str
    rankings: dict[str, Ranking]
    outcomes: dict[str, AnswerRow]

    def run(self) -> Run:
        """Return the rankings as a run."""
        return Run(f"{self.mode}, baseline", self.rankings)

    def asked(self, report: Report) -> list[Asked]:
        """Return what became of report's questions when the baseline was stored; questions that are new since are left out."""
        now = {each.question_id: each for each in report.asked}
        return [
            Asked(
                question_id=question,
                language=now[question].language,
                answerable=now[question].answerable,
                outcome=was.outcome,
                confidence=was.confidence,
                cited=was.cited,
                quotes=(),
                right=bool(was.cited) and was.cited[0] in report.dataset.answering(question),
                holds_evidence=was.holds_evidence,
                exact=was.exact,
                split=now[question].split,
                kind=now[question].kind,
                gap=now[question].gap,
                round=now[question].round,
            )
            for question, was in self.outcomes.items()
            if question in now
        ]


def read_baseline(path: Path) -> Baseline:
    """Return the baseline stored at path; DatasetError where it can't be read."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != _FORMAT:
            raise DatasetError(f"{path} is of another version of this program. Mend: qa eval --update-baseline")
        rows = {question: QuestionRow(**row) for question, row in stored["questions"].items()}
        return Baseline(
            mode=str(stored["mode"]),
            rankings={
                question: [(each, float(-rank)) for rank, each in enumerate(row.ranking)]
                for question, row in rows.items()
                if row.ranking is not None
            },
            outcomes={question: row.answer for question, row in rows.items() if row.answer},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{path} is no baseline. Mend: qa eval --update-baseline") from error


def write_baseline(path: Path, report: Report, run: Scored) -> None:
    """Store run and the outcomes as the baseline: one question a line, so that a change can be read."""
    asked = {each.question_id: each for each in report.asked}
    rows = []
    for question in report.dataset.questions:
        row: dict[str, Any] = {}
        if question.answerable:
            row["ranking"] = [each for each, _ in run.rankings[question.question_id]]
        if outcome := asked.get(question.question_id):
            row["answer"] = {
                "outcome": outcome.outcome,
                "confidence": outcome.confidence,
                "cited": outcome.cited,
                "holds_evidence": outcome.holds_evidence,
                "exact": outcome.exact,
            }
        rows.append(f"  {json.dumps(question.question_id)}: {json.dumps(row, ensure_ascii=False)}")
    measures = {measure: round(run.mean(measure), 4) for measure in report.measures}
    head = json.dumps(
        {"format": _FORMAT, "mode": run.name, "provenance": dict(report.provenance), "measures": measures}, indent=1
    )
    text = head.removesuffix("\n}") + ',\n "questions": {\n' + ",\n".join(rows) + "\n }\n}\n"
    replace_text(path, text)
