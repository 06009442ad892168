"""Groups of questions that are measured apart: a mean over all hides the language or the operator that fails."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qa.datatypes import Language
from qa.evaluation.dataset import Unit
from qa.evaluation.script import as_language, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.evaluation.dataset import Dataset, Question
    from qa.index.generation import Generation

LEAST = 5  # questions of a cell that may be called the worst: of fewer, one decides
_ROUNDING = 1e-9
Cells = dict[str, dict[str, list[str]]]  # kind → name → question ids


def cells(dataset: Dataset, generation: Generation) -> Cells:
    """Return the cells of the answerable questions.

    By language, by pair of question's and evidence's language, by split, operator, topic, by how they are asked (kind),
    and by the round in which they were written, with the split.
    Kinds of which the dataset tells nothing are left out.
    """
    languages = _document_languages(dataset, generation)
    found: Cells = {}
    for question in dataset.answerable:
        evidence = languages.get(question.question_id, "")
        names = {
            "language": question.language,
            "pair": f"{question.language}→{evidence}" if evidence else "",
            "split": question.split,
            "operator": question.operator or "",
            "topic": question.topic or "",
            "kind": question.kind,
            "round": question.round_and_split,
        }
        for kind, name in names.items():
            if name:
                found.setdefault(kind, {}).setdefault(name, []).append(question.question_id)
    return {kind: dict(sorted(groups.items())) for kind, groups in found.items()}


def worst(cells_of_kind: Mapping[str, Sequence[str]], values: Mapping[str, float]) -> tuple[str, float] | None:
    """Return the cell with the lowest mean and that mean, among those with LEAST questions; None where they don't differ."""
    means = {
        name: sum(values[question] for question in questions) / len(questions)
        for name, questions in cells_of_kind.items()
        if len(questions) >= LEAST
    }
    differ = means and max(means.values()) - min(means.values()) > _ROUNDING
    return min(means.items(), key=lambda cell: (cell[1], cell[0])) if differ else None


def _document_languages(dataset: Dataset, generation: Generation) -> dict[str, str]:
    """Return for each question the language that most of what answers it is written in, for a reader of the question's language."""
    found: dict[str, str] = {}
    for question in dataset.answerable:
        answering = sorted(dataset.answering(question.question_id))
        counts = Counter(filter(None, (_language(dataset.unit, each, question, generation) for each in answering)))
        if counts:
            found[question.question_id] = counts.most_common(1)[0][0]
    return found


def _language(unit: Unit, answering: str, question: Question, generation: Generation) -> str:
    if unit is Unit.DOCUMENT:
        guide = next(
            (generation.guides[key] for key in ((answering, each) for each in Language) if key in generation.guides), None
        )
        return language_of(guide.text) if guide else ""
    guide = generation.guide(answering.partition("#")[0], as_language(question.language) or Language.EN)
    return guide.language if guide else ""
