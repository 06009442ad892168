"""Ask the assistant every question, also those that the guides don't answer, and look at what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from qa.datatypes import Outcome
from qa.errors import QuestionError
from qa.evaluation.script import as_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.answering.assistant import Assistant
    from qa.datatypes import Citation
    from qa.evaluation.dataset import Dataset, EvidenceSpan, Question

GROUPS = ("language", "split", "round", "kind", "gap")  # what of Asked tells questions apart


@dataclass(frozen=True)
class Asked:
    """What became of one question.

    right: whether the first citation is of a section that answers. holds_evidence: whether a quote holds words that answer; None where
    none are judged. exact: whether every quote stands in its guide at its offsets, character by character.
    """

    question_id: str
    language: str
    answerable: bool
    outcome: Outcome
    confidence: float
    cited: tuple[str, ...]
    quotes: tuple[str, ...]
    right: bool
    holds_evidence: bool | None
    exact: bool
    split: str = ""
    kind: str = ""
    gap: str = ""
    round: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether the evidence is shown as an answer."""
        return self.outcome is Outcome.ANSWERED


@dataclass(frozen=True)
class AnswerMeasures:
    """Shares in [0, 1], None where nothing could be counted.

    answered: of the answerable questions, those that are answered. right: of these, those whose first citation answers. holds_evidence: of
    the answered ones with judged words, those whose quotes hold them. exact: of all questions that got citations, those whose every quote is.
    """

    questions: int
    answered: float | None
    right: float | None
    holds_evidence: float | None
    exact: float | None


@dataclass(frozen=True)
class AnswerChange:
    """A question of which something else became: each (outcome, sections cited). better, worse: whether the new one is."""

    question_id: str
    old: tuple[Outcome, tuple[str, ...]]
    new: tuple[Outcome, tuple[str, ...]]
    better: bool
    worse: bool


def answer_changes(old: Sequence[Asked], new: Sequence[Asked]) -> list[AnswerChange]:
    """Return the questions of both that another outcome or another citation became of, worse ones first.

    Of an answerable question it is better to be answered rightly than to be refused, and to be refused than to be answered wrongly; of an
    unanswerable one, to be refused.
    """
    before = {each.question_id: each for each in old}
    changes = []
    for now in new:
        was = before.get(now.question_id)
        if was is None or (was.outcome, was.cited) == (now.outcome, now.cited):
            continue
        gain = _merit(now) - _merit(was)
        ends = ((was.outcome, was.cited), (now.outcome, now.cited))
        changes.append(AnswerChange(now.question_id, *ends, better=gain > 0, worse=gain < 0))
    return sorted(changes, key=lambda change: (change.better - change.worse, change.question_id))


def ask_all(dataset: Dataset, assistant: Assistant, progress: Callable[[int, int], None]) -> list[Asked]:
    """Return what becomes of each question, asked as on the page of its language, in the dataset's order."""
    asked = []
    for number, question in enumerate(dataset.questions, 1):
        asked.append(_ask(question, dataset, assistant))
        progress(number, len(dataset.questions))
    return asked


def answer_measures(asked: Sequence[Asked]) -> AnswerMeasures:
    """Return the shares over asked."""
    answerable = [each for each in asked if each.answerable]
    answered = [each for each in answerable if each.is_answered]
    return AnswerMeasures(
        questions=len(answerable),
        answered=_share([each.is_answered for each in answerable]),
        right=_share([each.right for each in answered]),
        holds_evidence=_share([each.holds_evidence for each in answered if each.holds_evidence is not None]),
        exact=_share([each.exact for each in asked if each.cited]),
    )


def _ask(question: Question, dataset: Dataset, assistant: Assistant) -> Asked:
    spans = dataset.evidence.get(question.question_id, ())
    citations: tuple[Citation, ...] = ()
    outcome, confidence, exact = Outcome.NOT_COVERED, 0.0, True
    try:
        answer, generation = assistant.answer_from_generation(
            question.text, earlier=question.earlier, hint=as_language(question.language)
        )
    except QuestionError:
        pass  # a question that can't be asked is not answered
    else:
        outcome, confidence, citations = answer.outcome, answer.confidence, answer.citations
        texts = {citation.marker: generation.guides[citation.guide_id, citation.language].text for citation in citations}
        exact = all(texts[each.marker][each.start : each.end] == each.quote for each in citations)
    return Asked(
        question_id=question.question_id,
        language=question.language,
        answerable=question.answerable,
        outcome=outcome,
        confidence=confidence,
        cited=tuple(citation.section_id for citation in citations),
        quotes=tuple(citation.quote for citation in citations),
        right=bool(citations) and citations[0].section_id in dataset.answering(question.question_id),
        holds_evidence=_holds(spans, citations) if spans else None,
        exact=exact,
        split=question.split,
        kind=question.kind,
        gap=question.gap,
        round=question.round_and_split,
    )


def _holds(spans: Sequence[EvidenceSpan], citations: Sequence[Citation]) -> bool:
    """Whether a quote holds one of spans, whole, of the same section."""
    return any(span.section_id == each.section_id and span.text in each.quote for span in spans for each in citations)


def _merit(asked: Asked) -> int:
    if not asked.is_answered:
        return 0
    return 1 if asked.answerable and asked.right else -1


def _share(values: Sequence[bool]) -> float | None:
    return float(mean(values)) if values else None
