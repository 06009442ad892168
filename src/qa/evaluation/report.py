"""What an evaluation found, and its form as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.evaluation.cells import worst
from qa.evaluation.measures import ANSWER_MEASURES, MEASURES
from qa.evaluation.outcomes import AnswerMeasures, Asked, answer_changes, answer_measures
from qa.evaluation.refusal import RefusalMeasures, refusal_measures, risk_coverage
from qa.evaluation.significance import bootstrap_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qa.evaluation.cells import Cells
    from qa.evaluation.comparison import Comparison, Scored
    from qa.evaluation.dataset import Dataset
    from qa.evaluation.gate import Verdict

_DIGITS = 6  # of shares: far below any noise
_CURVE_DIGITS = 4
_LEAST_FOR_QUANTILES = 2
ALL = "all"
KINDS_WITH_INTERVALS = ("language", "split", "round")  # of cells: those large enough to say something


@dataclass(frozen=True)
class Seconds:
    """Where the time went, in seconds: building the index and asking, and how much of each was spent in the model."""

    index: float
    index_model: float
    questions: float
    questions_model: float

    @property
    def model_share(self) -> float:
        """Return the share of the time that was spent in the model, in [0, 1]."""
        total = self.index + self.questions
        return (self.index_model + self.questions_model) / total if total else 0.0


@dataclass(frozen=True)
class Report:
    """What an evaluation found.

    runs are the new ones. asked: what became of each question now, before: when the baseline was stored. text_of returns the text of a
    section or document for readers of a language.
    """

    dataset: Dataset
    provenance: Mapping[str, Any]
    runs: tuple[Scored, ...]
    cells: Cells
    comparisons: tuple[Comparison, ...]
    asked: tuple[Asked, ...]
    seconds: Seconds
    text_of: Callable[[str, str], str]
    gate: Verdict | None = None
    before: tuple[Asked, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the measures of the dataset, those of the first table first."""
        return (*MEASURES, *ANSWER_MEASURES) if self.dataset.is_graded else MEASURES

    @property
    def headline(self) -> str:
        """Return the measure that cells and changes are shown by."""
        return "RR(rel=2)@10" if self.dataset.is_graded else "RR@10"

    def asked_by(self, kind: str) -> dict[str, list[Asked]]:
        """Return what became of all questions by language, split, round, kind or gap, which kind says, sorted; {} where they tell none."""
        groups: dict[str, list[Asked]] = {}
        for each in self.asked:
            groups.setdefault(getattr(each, kind), []).append(each)
        return {name: groups[name] for name in sorted(groups) if name}


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as `qa eval --json` prints it."""
    return {
        "dataset": report.dataset.name,
        "provenance": dict(report.provenance),
        "runs": [run_as_json(report, run) for run in report.runs],
        "comparisons": [_comparison(comparison) for comparison in report.comparisons],
        "answers": _with_groups(report, answer_measures, "language", "split", "round", "kind") if report.asked else None,
        "refusal": _with_groups(report, refusal_measures, "language", "split", "round", "gap") | _curve(report)
        if report.asked
        else None,
        "changed_answers": [asdict(change) for change in answer_changes(report.before, report.asked)],
        "gate": asdict(report.gate) if report.gate else None,
        "seconds": {**_rounded(asdict(report.seconds), 3), "model_share": round(report.seconds.model_share, 3)},
    }


def run_as_json(report: Report, run: Scored) -> dict[str, Any]:
    """Return the measures of one run, overall with intervals and by cell, and its times."""
    value: dict[str, Any] = {
        "name": run.name,
        "mode": run.name.rpartition("/")[2],
        "questions": len(report.dataset.answerable),
        "measures": {measure: _round(run.mean(measure)) for measure in report.measures},
        "intervals": {measure: [_round(end) for end in interval(run, measure)] for measure in report.measures},
    }
    for kind in ("language", "pair", "split", "operator", "topic", "kind", "round"):
        value[f"by_{kind}"] = {name: _cell(report, run, kind, ids) for name, ids in report.cells.get(kind, {}).items()}
    lowest = {kind: worst(groups, run.values[report.headline]) for kind, groups in report.cells.items()}
    value["worst"] = {
        kind: {"cell": cell[0], "measure": report.headline, "value": _round(cell[1])} for kind, cell in lowest.items() if cell
    }
    value["latency_ms"] = latency(list(run.milliseconds.values()))
    value["not_asked"] = dict(run.not_asked)
    return value


def _cell(report: Report, run: Scored, kind: str, ids: list[str]) -> dict[str, Any]:
    """Return the measures of a run in one cell, with intervals for those of KINDS_WITH_INTERVALS."""
    value: dict[str, Any] = {"questions": len(ids), **{measure: _round(run.mean(measure, ids)) for measure in report.measures}}
    if kind in KINDS_WITH_INTERVALS:
        value["intervals"] = {measure: [_round(end) for end in interval(run, measure, ids)] for measure in report.measures}
    return value


def interval(run: Scored, measure: str, ids: list[str] | None = None) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a measure's mean over the questions, or over those with ids."""
    values = run.values[measure]
    return _interval(tuple(values[each] for each in (values if ids is None else ids) if each in values))


@lru_cache(maxsize=1024)  # every form of the report asks for the same ones
def _interval(values: tuple[float, ...]) -> tuple[float, float]:
    return bootstrap_interval(np.array(values))


def latency(milliseconds: Sequence[float]) -> dict[str, float] | None:
    """Return the median and the 95th percentile, None where nothing was timed."""
    if len(milliseconds) < _LEAST_FOR_QUANTILES:
        return {"p50": round(milliseconds[0], 1), "p95": round(milliseconds[0], 1)} if milliseconds else None
    return {"p50": round(median(milliseconds), 1), "p95": round(quantiles(milliseconds, n=20, method="inclusive")[-1], 1)}


def question_rows(report: Report) -> list[dict[str, Any]]:
    """Return one object a question: what it is, what each run ranks and scores, what the assistant made of it."""
    outcomes = {each.question_id: each for each in report.asked}
    rows = []
    for question in report.dataset.questions:
        row: dict[str, Any] = asdict(question)
        row["judged"] = dict(report.dataset.qrels.get(question.question_id, {}))
        if question.answerable:
            row["runs"] = {
                run.name: {
                    "measures": {measure: _round(run.values[measure][question.question_id]) for measure in report.measures},
                    "top": [[each, score] for each, score in run.rankings.get(question.question_id, [])[:10]],
                }
                for run in report.runs
            }
        if asked := outcomes.get(question.question_id):
            row["answer"] = _rounded(asdict(asked))
        rows.append(row)
    return rows


def _comparison(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison without the passages of what changed: JSON names them by id, and holds no text of a public set."""
    value: dict[str, Any] = _rounded(asdict(comparison))
    for change in value["changed"]:
        del change["old_passage"], change["new_passage"]
    return value


def _with_groups(
    report: Report,
    measures: Callable[[Sequence[Asked]], AnswerMeasures] | Callable[[Sequence[Asked]], RefusalMeasures],
    *kinds: str,
) -> dict[str, Any]:
    """Return the answers' or the refusal's measures over all questions, and by each of kinds."""
    value: dict[str, Any] = _rounded(asdict(measures(report.asked)))
    for kind in kinds:
        value[f"by_{kind}"] = {name: _rounded(asdict(measures(asked))) for name, asked in report.asked_by(kind).items()}
    return value


def _curve(report: Report) -> dict[str, Any]:
    return {"curve": [_rounded(asdict(point), _CURVE_DIGITS) for point in risk_coverage(report.asked)]}


def _round(value: float) -> float:
    return round(value, _DIGITS)


def _rounded(value: Any, digits: int = _DIGITS) -> Any:
    """Return value with every float in it rounded."""
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, dict):
        return {key: _rounded(each, digits) for key, each in value.items()}
    return [_rounded(each, digits) for each in value] if isinstance(value, list | tuple) else value
