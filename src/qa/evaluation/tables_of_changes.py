"""The tables of what changed: questions whose ranking a comparison moved, answers since the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.evaluation.outcomes import answer_changes
from qa.evaluation.table import Table

if TYPE_CHECKING:
    from qa.evaluation.comparison import Comparison
    from qa.evaluation.report import Report

_SNIPPET = 80  # characters of a passage


def changed(report: Report, comparison: Comparison, most: int) -> Table:
    """Return the questions that a comparison moved most, at most so many, with the passages on top before and after."""
    questions = {question.question_id: question for question in report.dataset.questions}
    rows = []
    for change in comparison.changed[:most]:
        question = questions[change.question_id]
        shown = ((change.old_top, change.old_passage), (change.new_top, change.new_passage))
        tops = [_snippet(top, passage or report.text_of(top, question.language)) for top, passage in shown]
        rows.append((f"{change.question_id} {question.text}", f"{change.old:.2f} → {change.new:.2f}", *tops))
    title = f"Changed most in {comparison.measure}: {comparison.old} → {comparison.new}"
    return Table(title, ("question", "value", "top of old", "top of new"), tuple(rows), is_text=True)


def changed_answers(report: Report, most: int) -> Table:
    """Return the questions that something else became of since the baseline, at most so many, worse ones first."""
    questions = {question.question_id: question.text for question in report.dataset.questions}
    changes = answer_changes(report.before, report.asked)
    worse, better = sum(change.worse for change in changes), sum(change.better for change in changes)
    rows = []
    for change in changes[:most]:
        ends = (f"{outcome}: {', '.join(cited) or 'nothing cited'}" for outcome, cited in (change.old, change.new))
        verdict = "worse" if change.worse else "better" if change.better else "other"
        rows.append((f"{change.question_id} {questions[change.question_id]}", verdict, *ends))
    title = f"Answers since the baseline: {worse} worse, {better} better, {len(changes) - worse - better} other"
    return Table(title, ("question", "", "baseline", "now"), tuple(rows), is_text=True)


def beginning(text: str, characters: int) -> str:
    """Return the first so many characters of text, in one line."""
    words = " ".join(text.split())
    return f"{words[:characters]}…" if len(words) > characters else words


def _snippet(judged: str, text: str) -> str:
    """Return a section's or document's id and how text, its passage, begins."""
    return f"{judged}: {beginning(text, _SNIPPET)}" if judged else "nothing"
