"""A report as tables of text, which the terminal, Markdown and the page each show in their own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.evaluation.cells import worst
from qa.evaluation.comparison import MOST_CHANGED
from qa.evaluation.outcomes import answer_measures
from qa.evaluation.refusal import refusal_measures
from qa.evaluation.report import ALL, KINDS_WITH_INTERVALS, interval, latency
from qa.evaluation.table import Table
from qa.evaluation.tables_of_changes import changed, changed_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluation.comparison import Comparison, Scored
    from qa.evaluation.gate import Verdict
    from qa.evaluation.outcomes import Asked
    from qa.evaluation.report import Report

WORST = "← worst"
_FEW = 5  # questions that changed, where details are not wanted
_MEASURED = ("answered", "right", "holds_evidence", "exact")
_REFUSED = ("false_answers", "precision", "recall", "area", "error_at_90", "calibration_error")


def tables(report: Report, *, details: bool = False) -> list[Table]:
    """Return the tables that have rows; with details also those by operator and topic, and more of the questions that changed."""
    kinds = [("language", "By language"), ("pair", "By language of question → evidence"), ("split", "By split")]
    if details:
        kinds += [
            ("operator", "By operator"),
            ("topic", "By topic"),
            ("round", "By round and split"),
            ("kind", "By how it is asked"),
        ]
    found = [
        _measures(report),
        *(_cells(report, kind, title) for kind, title in kinds),
        *([] if details else [_worst(report)]),
        _answers(report, ("round", "kind") if details else ()),
        _refusal(report, ("round", "gap") if details else ()),
        *(
            table
            for comparison in report.comparisons
            for table in (_comparison(comparison), changed(report, comparison, MOST_CHANGED if details else _FEW))
        ),
        changed_answers(report, MOST_CHANGED if details else _FEW),
        _time(report),
        *([gate_table(report.gate)] if report.gate else []),
    ]
    return [table for table in found if table.rows]


def gate_table(verdict: Verdict) -> Table:
    """Return the checks of a gate."""
    rows = tuple(
        (f"{check.measure}, {check.cell}", f"{check.value:.3f}", check.limit, "met" if check.met else "NOT MET")
        for check in verdict.checks
    )
    return Table(f"Gate: {verdict.file}", ("measure, cell", "value", "limit", ""), rows)


def _measures(report: Report) -> Table:
    rows = []
    for measure in report.measures:
        ends = [interval(run, measure) for run in report.runs]
        values = [
            f"{run.mean(measure):.4f} [{low:.3f}, {high:.3f}]" for run, (low, high) in zip(report.runs, ends, strict=True)
        ]
        rows.append((measure, *values))
    title = f"{report.dataset.name}: {len(report.dataset.answerable)} questions, mean and 95 % interval"
    if not_asked := set().union(*(run.not_asked for run in report.runs)):
        title += f"; {len(not_asked)} could not be asked and score 0"
    return Table(title, ("measure", *(run.name for run in report.runs)), tuple(rows))


def _cells(report: Report, kind: str, title: str) -> Table:
    groups = report.cells.get(kind, {})
    lowest = [worst(groups, run.values[report.headline]) for run in report.runs]
    rows = []
    for name, ids in groups.items():
        marks = [WORST if cell and cell[0] == name else "" for cell in lowest]
        values = [f"{_mean(report, run, kind, ids)} {mark}".strip() for run, mark in zip(report.runs, marks, strict=True)]
        rows.append((name, str(len(ids)), *values))
    shown = len(groups) > 1 or kind == "pair"
    return Table(
        f"{title}: {report.headline}", ("cell", "questions", *(run.name for run in report.runs)), tuple(rows if shown else ())
    )


def _mean(report: Report, run: Scored, kind: str, ids: list[str]) -> str:
    """Return the headline measure of a cell, with its interval where the cell is of a kind that has them."""
    mean = f"{run.mean(report.headline, ids):.3f}"
    if kind not in KINDS_WITH_INTERVALS:
        return mean
    low, high = interval(run, report.headline, ids)
    return f"{mean} [{low:.3f}, {high:.3f}]"


def _worst(report: Report) -> Table:
    """Return the worst operator and the worst topic of each run."""
    rows = []
    for kind in ("operator", "topic"):
        groups = report.cells.get(kind, {})
        cells = [worst(groups, run.values[report.headline]) for run in report.runs]
        if any(cells):
            texts = (f"{cell[0]} {cell[1]:.3f} ({len(groups[cell[0]])})" if cell else "" for cell in cells)
            rows.append((kind, *texts))
    return Table(f"Worst cells: {report.headline} (questions)", ("", *(run.name for run in report.runs)), tuple(rows))


def _answers(report: Report, kinds: Sequence[str]) -> Table:
    rows = []
    for name, asked in _groups(report, kinds):
        measured = answer_measures(asked)
        if measured.questions:
            rows.append((name, str(measured.questions), *(_share(getattr(measured, each)) for each in _MEASURED)))
    header = ("answers", "questions", "answered", "cited rightly", "quote holds evidence", "citations exact")
    return Table("Answers", header, tuple(rows))


def _refusal(report: Report, kinds: Sequence[str]) -> Table:
    rows = []
    for name, asked in _groups(report, kinds):
        measured = refusal_measures(asked)
        if measured.unanswerable:
            rows.append((name, str(measured.unanswerable), *(_share(getattr(measured, each)) for each in _REFUSED)))
    header = (
        "refusal",
        "questions",
        "false answers",
        "precision",
        "recall",
        "area",
        "error at 90 %",
        "calibration error",
    )
    return Table("Refusal", header, tuple(rows))


def _groups(report: Report, kinds: Sequence[str]) -> list[tuple[str, Sequence[Asked]]]:
    """Return all questions that the assistant was asked, then those of each language, each split, and each group of kinds."""
    if not report.asked:
        return []
    return [(ALL, report.asked), *(group for each in ("language", "split", *kinds) for group in report.asked_by(each).items())]


def _comparison(comparison: Comparison) -> Table:
    rows = tuple(
        (
            each.measure,
            f"{each.old:.3f}",
            f"{each.new:.3f}",
            f"{each.difference:+.4f} [{each.low:+.3f}, {each.high:+.3f}]",
            f"{each.p_holm:.4f}{' *' if each.is_significant else ''}",
            f"{each.wins}/{each.losses}/{each.ties}",
            _share(each.smallest),
        )
        for each in comparison.differences
    )
    header = ("measure", "old", "new", "difference, 95 %", "p (Holm)", "won/ lost/ tied", "smallest")
    if all(each.wins == each.losses == 0 for each in comparison.differences):
        rows = (("every measure", "", "", "the same on every question", "", "", ""),)
    return Table(f"{comparison.old} → {comparison.new}", header, rows)


def _time(report: Report) -> Table:
    rows = []
    for run in report.runs:
        times = latency(list(run.milliseconds.values()))
        if times:
            rows.append((run.name, f"{times['p50']:.1f}", f"{times['p95']:.1f}"))
    seconds = report.seconds
    title = (
        f"Time: index {seconds.index:.1f} s, questions {seconds.questions:.1f} s, {seconds.model_share:.0%} of it in the model"
    )
    return Table(title, ("ms a question", "p50", "p95"), tuple(rows))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
