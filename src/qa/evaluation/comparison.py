"""Two systems on the same questions: where they differ, and whether that is more than noise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qa.evaluation.measures import JUDGED
from qa.evaluation.significance import Difference, compare

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from qa.evaluation.trec import Ranking

MOST_CHANGED = 10  # questions that a comparison shows


@dataclass(frozen=True)
class Scored:
    """A run with its values: `values[measure][question_id]`, in [0, 1]."""

    name: str
    rankings: Mapping[str, Ranking]
    values: Mapping[str, Mapping[str, float]]
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    not_asked: Mapping[str, str] = field(default_factory=dict)
    passages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def mean(self, measure: str, questions: list[str] | None = None) -> float:
        """Return the mean of measure over questions, over all where None."""
        values = self.values[measure]
        chosen = (
            list(values.values()) if questions is None else [values[question] for question in questions if question in values]
        )
        return sum(chosen) / len(chosen) if chosen else 0.0

    def has(self, questions: list[str] | None) -> bool:
        """Whether any of questions was asked, any at all where None."""
        asked = next(iter(self.values.values()), {})
        return bool(asked if questions is None else asked.keys() & set(questions))

    def top(self, question_id: str) -> str:
        """Return what is ranked first for a question, '' where nothing is."""
        ranking = self.rankings.get(question_id)
        return ranking[0][0] if ranking else ""

    def passage(self, question_id: str, judged: str) -> str:
        """Return the passage for which a section or document is ranked, '' where that isn't known."""
        return self.passages.get(question_id, {}).get(judged, "")

    def top_passage(self, question_id: str) -> str:
        """Return the passage for which a question's first section or document is ranked, '' where that isn't known."""
        return self.passage(question_id, self.top(question_id))

    def over(self, questions: Collection[str]) -> Scored:
        """Return the run over questions alone."""
        values = {
            measure: {question: value for question, value in found.items() if question in questions}
            for measure, found in self.values.items()
        }
        return replace(self, values=values)


@dataclass(frozen=True)
class Change:
    """A question on which two systems differ: the values, what each ranks first, and the passage for which; '' where that isn't known."""

    question_id: str
    old: float
    new: float
    old_top: str
    new_top: str
    old_passage: str
    new_passage: str


@dataclass(frozen=True)
class Comparison:
    """New against old in every measure, and the questions that changed most in one of them, most first."""

    old: str
    new: str
    differences: tuple[Difference, ...]
    measure: str
    changed: tuple[Change, ...]


def compare_runs(old: Scored, new: Scored, measure: str) -> Comparison:
    """Return the comparison of two runs over the questions that both were asked; measure says which changes are shown."""
    before, after = old.values[measure], new.values[measure]
    changes = [
        Change(
            question_id=question,
            old=before[question],
            new=after[question],
            old_top=old.top(question),
            new_top=new.top(question),
            old_passage=old.top_passage(question) or new.passage(question, old.top(question)),
            new_passage=new.top_passage(question),
        )
        for question in after
        if question in before and after[question] != before[question]
    ]
    changes.sort(key=lambda change: (-abs(change.new - change.old), change.question_id))
    quality = {each: values for each, values in new.values.items() if each != JUDGED}
    return Comparison(old.name, new.name, tuple(compare(old.values, quality)), measure, tuple(changes[:MOST_CHANGED]))
