"""The tables of what a set of questions is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.evaluation.table import Table

if TYPE_CHECKING:
    from qa.evaluation.describe import Description

_JUDGED = {
    "grades": "grade of a section: 0, 1, 2",
    "answers": "answers, or not",
    "answerable": "question has an answer, or none",
}


def tables_of_questions(description: Description) -> list[Table]:
    """Return the description as tables."""
    groups = (
        ("language", "language"),
        ("kind", "asked how"),
        ("gap", "unanswerable because"),
        ("operator", "operator"),
        ("topic", "topic"),
    )
    return [
        *(_counted(description, kind, heading) for kind, heading in groups),
        _agreed(description),
        _overlapping(description),
    ]


def _counted(description: Description, kind: str, heading: str) -> Table:
    header = (
        heading,
        "questions",
        "answerable, dev",
        "answerable, test",
        "unanswerable, dev",
        "unanswerable, test",
        "near misses",
    )
    names = ("questions", "dev_answerable", "test_answerable", "dev_unanswerable", "test_unanswerable", "near_misses")
    groups = {**description.groups[kind], "all": description.all} if kind == "language" else description.groups[kind]
    rows = [(group, *(str(counts[name]) for name in names)) for group, counts in groups.items()]
    return Table(f"Questions by {kind}", header, tuple(rows))


def _agreed(description: Description) -> Table:
    header = ("the two judges", "judged by both", "agree", "Cohen's κ", "κ, quadratic weights", "Gwet's AC1")
    rows = [
        (
            _JUDGED.get(what, what),
            f"{each.pairs:,}",
            _percent(each.agreed),
            *(f"{value:.3f}" for value in (each.kappa, each.weighted_kappa, each.ac1)),
        )
        for what, each in description.agreement.items()
    ]
    return Table("Agreement", header, tuple(rows))


def _overlapping(description: Description) -> Table:
    header = (
        "rare words",
        "answerable questions",
        "hold rare words",
        "share at least half of them with an answer",
        "share most of them",
    )
    rows = [
        (
            name,
            str(each.questions),
            str(each.with_rare_words),
            *(f"{part} ({_percent(part / max(each.with_rare_words, 1))})" for part in (each.half, each.most)),
        )
        for name, each in description.overlap.items()
    ]
    return Table("Overlap", header, tuple(rows))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
