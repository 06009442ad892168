"""Small data sets, runs and reports, made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from qa.datatypes import Guide, Language, Outcome, Section, SectionStatus
from qa.evaluation.comparison import Comparison, Scored
from qa.evaluation.dataset import Dataset, EvidenceSpan, Question, Unit
from qa.evaluation.measures import score
from qa.evaluation.outcomes import Asked
from qa.evaluation.report import Report, Seconds
from qa.index.generation import Generation


def question(question_id: str, language: str = "ja", **more: Any) -> Question:
    """Return a question; its text holds its id unless another is given."""
    return Question(**{"question_id": question_id, "text": f"text of {question_id}", "language": language, **more})


def dataset(
    questions: Sequence[Question],
    qrels: Mapping[str, Mapping[str, int]],
    unit: Unit = Unit.SECTION,
    evidence: Mapping[str, tuple[EvidenceSpan, ...]] | None = None,
) -> Dataset:
    """Return a data set called sample."""
    return Dataset("sample", unit, tuple(questions), qrels, {"questions.jsonl": "0" * 64}, evidence or {})


def asked(
    question_id: str = "q",
    *,
    answerable: bool = True,
    outcome: Outcome = Outcome.ANSWERED,
    confidence: float = 0.5,
    cited: Sequence[str] = (),
    language: str = "ja",
    right: bool = False,
    holds_evidence: bool | None = None,
    exact: bool = True,
    split: str = "",
) -> Asked:
    """Return what became of a question."""
    quotes = tuple(f"quote of {each}" for each in cited)
    return Asked(
        question_id, language, answerable, outcome, confidence, tuple(cited), quotes, right, holds_evidence, exact, split
    )


def answerable(*confidences: float) -> list[Asked]:
    """Return answerable questions with these confidences."""
    return [asked(answerable=True, confidence=each) for each in confidences]


def unanswerable(*confidences: float) -> list[Asked]:
    """Return unanswerable questions with these confidences."""
    return [asked(answerable=False, confidence=each) for each in confidences]


def ranking(*ids: str) -> list[tuple[str, float]]:
    """Return ids as a ranking, best first."""
    return [(each, 1 - rank / 100) for rank, each in enumerate(ids)]


def with_values(name: str, values: Mapping[str, Mapping[str, float]]) -> Scored:
    """Return a run that ranks nothing and has these values by measure."""
    return Scored(name, {}, values)


def guide(guide_id: str, language: Language, text: str = "text") -> Guide:
    """Return a guide of one section, `guide_id#fees`."""
    section = Section(f"{guide_id}#fees", "fees", (), 0, 0, len(text), SectionStatus.KNOWN, guide_id, None)
    return Guide(guide_id, language, guide_id, guide_id, None, "2026-11-22", None, (), (section,), text, f"{guide_id}.md")


def generation(*guides: Guide) -> Generation:
    """Return a generation that holds guides and can't be searched."""
    nothing = cast("Any", None)
    known = {(each.guide_id, each.language): each for each in guides}
    return Generation(
        manifest=nothing,
        guides=known,
        passages=(),
        lexicon=nothing,
        vectors=nothing,
        terms=nothing,
        tokens=nothing,
        centres=nothing,
        phrasings=nothing,
    )


def report(
    of: Dataset,
    rankings: Mapping[str, Mapping[str, list[tuple[str, float]]]],
    answers: Sequence[Asked] = (),
    cells: Mapping[str, Mapping[str, list[str]]] | None = None,
    comparisons: Sequence[Comparison] = (),
    milliseconds: Mapping[str, float] | None = None,
) -> Report:
    """Return a report on a data set with a run for each name in rankings, scored as `qa eval` scores them."""
    made = Report(
        dataset=of,
        provenance={"command": "qa eval", "questions": {"unit": of.unit}},
        runs=(),
        cells={kind: dict(groups) for kind, groups in (cells or {}).items()},
        comparisons=tuple(comparisons),
        asked=tuple(answers),
        seconds=Seconds(index=1.0, index_model=0.5, questions=3.0, questions_model=1.5),
        text_of=lambda judged, language: f"text of {judged} for {language}",
    )
    runs = tuple(
        Scored(name, ranked, score(made.measures, of.qrels, ranked), dict(milliseconds or {}))
        for name, ranked in rankings.items()
    )
    return Report(**{**vars(made), "runs": runs})
