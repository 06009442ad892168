"""What a set of questions is made of: counts, how far its judges agree, how far it repeats the words of what answers it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.corpus.search_text import heading_line, without_syntax
from qa.datatypes import GUIDE_LANGUAGES, Language
from qa.evaluation.agreement import Agreement, agreement
from qa.evaluation.dataset import ANSWERS
from qa.evaluation.overlap import Overlap, RareWords, overlap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qa.datatypes import Guide
    from qa.evaluation.dataset import Dataset, Question
    from qa.evaluation.judgements import Judgement, Judgements

Counts = dict[str, int]
Groups = dict[str, Counts]
_GROUPS: dict[str, Callable[[Question], str]] = {
    "language": lambda question: question.language,
    "operator": lambda question: question.operator or "",
    "topic": lambda question: question.topic or "",
    "kind": lambda question: question.kind,
    "gap": lambda question: question.gap,
    "split": lambda question: question.split,
}


@dataclass(frozen=True)
class Description:
    """Counts of the questions, in all and by group; judgements by grade; agreement by what is asked of the judges; overlap by language."""

    all: Counts
    groups: dict[str, Groups]
    grades: Counts
    evidence: int
    differed: int
    agreement: dict[str, Agreement]
    overlap: dict[str, Overlap]


def describe(
    dataset: Dataset, judgements: Judgements, guides: Mapping[tuple[str, Language], Guide], names: Iterable[str]
) -> Description:
    """Return what dataset is made of; names are the operators', which are no rare words."""
    grades = Counter(str(grade) for of_question in judgements.qrels().values() for grade in of_question.values())
    return Description(
        all=_counts(dataset.questions),
        groups={kind: _groups(dataset.questions, name) for kind, name in _GROUPS.items()},
        grades=dict(sorted(grades.items())),
        evidence=sum(map(len, dataset.evidence.values())),
        differed=sum(each.first != each.second for each in judgements.twice),
        agreement=_agreement(dataset, judgements),
        overlap=_overlap(dataset, guides, tuple(names)),
    )


def _counts(questions: Sequence[Question]) -> Counts:
    found = Counter[str]()
    for question in questions:
        found["questions"] += 1
        found["answerable" if question.answerable else "unanswerable"] += 1
        found["near_misses"] += question.near_miss
        found[f"{question.split}_{'answerable' if question.answerable else 'unanswerable'}"] += 1
    names = ("questions", "answerable", "unanswerable", "near_misses")
    splits = (f"{split}_{what}" for split in ("dev", "test") for what in ("answerable", "unanswerable"))
    return {name: found[name] for name in (*names, *splits)}


def _groups(questions: Sequence[Question], name: Callable[[Question], str]) -> Groups:
    members: dict[str, list[Question]] = {}
    for question in questions:
        if name(question):
            members.setdefault(name(question), []).append(question)
    return {each: _counts(members[each]) for each in sorted(members)}


def _agreement(dataset: Dataset, judgements: Judgements) -> dict[str, Agreement]:
    """Return the agreement on grades, on what answers, on which questions can be answered, and on grades by language."""
    languages = {question.question_id: question.language for question in dataset.questions}
    twice = judgements.twice
    if not twice:
        return {}
    best: dict[str, tuple[int, int]] = {}
    for each in twice:
        first, second = best.get(each.question_id, (0, 0))
        best[each.question_id] = (max(first, each.first or 0), max(second, each.second or 0))
    answered = [(int(first >= ANSWERS), int(second >= ANSWERS)) for first, second in best.values()]
    found = {
        "grades": _of(twice, int),
        "answers": _of(twice, lambda grade: int(grade >= ANSWERS)),
        "answerable": agreement([first for first, _ in answered], [second for _, second in answered]),
    }
    for name, grades in judgements.compared.items():
        both = [
            (each.first, grades[each.question_id][each.section_id])
            for each in twice
            if each.first is not None and each.section_id in grades.get(each.question_id, {})
        ]
        if both:
            found[f"{name}: grades"] = agreement([first for first, _ in both], [other for _, other in both])
            found[f"{name}: answers"] = agreement(
                [int(first >= ANSWERS) for first, _ in both], [int(other >= ANSWERS) for _, other in both]
            )
    for language in dict.fromkeys(languages.values()):
        if of_language := [each for each in twice if languages[each.question_id] == language]:
            found[f"grades, {language}"] = _of(of_language, int)
    return found


def _of(judged: Sequence[Judgement], seen_as: Callable[[int], int]) -> Agreement:
    return agreement([seen_as(each.first or 0) for each in judged], [seen_as(each.second or 0) for each in judged])


def _overlap(dataset: Dataset, guides: Mapping[tuple[str, Language], Guide], names: Sequence[str]) -> dict[str, Overlap]:
    """Return the overlap of the answerable questions, in all and by language, with the sections that answer them."""
    texts: dict[Language, dict[str, str]] = {language: {} for language in GUIDE_LANGUAGES}
    for guide in guides.values():
        for section in guide.sections:
            if section.is_known:
                words = without_syntax(guide.text[section.body : section.end])
                texts[guide.language][section.section_id] = heading_line(section.headings) + words
    rare = {language: RareWords(of_language.values(), names) for language, of_language in texts.items()}

    def of(questions: Sequence[Question]) -> Overlap:
        languages = {question.question_id: Language(question.language).of_guides for question in questions}
        return overlap(
            {question.question_id: question.text for question in questions},
            {
                question: [texts[language][each] for each in dataset.answering(question) if each in texts[language]]
                for question, language in languages.items()
            },
            {question: rare[language] for question, language in languages.items()},
        )

    asked_in = dict.fromkeys(question.language for question in dataset.answerable)
    by_language = {name: of([each for each in dataset.answerable if each.language == name]) for name in asked_in}
    return {"all": of(dataset.answerable), **by_language}
