"""Rules for the questions and judgements of the guides: what `qa questions check` reports."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from qa.corpus.folding import fold
from qa.datatypes import Problem
from qa.errors import DatasetError
from qa.evaluation.dataset import ANSWERS
from qa.evaluation.judgements import FOLDER, JUDGES, SETTLED, qrels_lines, read_judgements
from qa.evaluation.questions import EVIDENCE, QRELS, QUESTIONS, read_project, read_questions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from qa.corpus.phrasings import Phrasing
    from qa.datatypes import Guide, Language
    from qa.evaluation.dataset import Dataset, Question
    from qa.evaluation.judgements import Judgements

ALIKE = 90  # of 100: texts that differ in an ending or a mark
Line = int


def check_questions(
    folder: Path,
    guides: Mapping[tuple[str, Language], Guide],
    operators: Collection[str],
    phrasings: Sequence[Phrasing] = (),
) -> tuple[int, list[Problem]]:
    """Return the number of questions in folder and every fault, by file and line.

    operators are those that a question can be about, phrasings what the assistant compares questions with.
    """
    number = 0
    try:
        questions = read_questions(folder / QUESTIONS)
        number = len(questions)
        dataset = read_project(folder, guides)
        judgements = read_judgements(
            folder / FOLDER,
            {question.question_id for question in questions.values()},
            {section.section_id for guide in guides.values() for section in guide.sections},
        )
    except DatasetError as error:
        # What was found is listed up to a number; the message says whether there is more.
        return number, [*error.problems, Problem(folder.name, 1, "files", str(error))]
    topics = {guide.guide_id for guide in guides.values()} | {
        section.slug for guide in guides.values() if guide.operator for section in guide.sections
    }
    return number, [
        *_labels(questions, dataset, operators, topics),
        *_unjudged(questions, judgements),
        *_leaks(questions),
        *_repeated(questions),
        *_phrased(questions, phrasings),
        *unsettled(judgements),
        *_other_qrels(judgements, folder / QRELS),
        *dataset.stale,
        *_evidence(questions, dataset),
    ]


def _labels(
    questions: Mapping[Line, Question], dataset: Dataset, operators: Collection[str], topics: Collection[str]
) -> Iterator[Problem]:
    """Yield labels that contradict each other or the judgements."""
    for line, each in questions.items():
        grades = dataset.qrels.get(each.question_id, {}).values()
        if each.answerable and max(grades, default=0) < ANSWERS:
            yield _fault(
                line, "answerable", f"{each.question_id} is answerable, but no section answers it; make it answerable: false"
            )
        if each.answerable == bool(each.gap):
            wanted = "has no gap" if each.answerable else "says in gap why the guides don't answer it"
            yield _fault(
                line, "gap", f"{each.question_id} is {'' if each.answerable else 'not '}answerable: such a question {wanted}"
            )
        if each.near_miss and each.answerable:
            yield _fault(line, "near-miss", f"{each.question_id} is answerable, so it is no near miss")
        if each.operator and each.operator not in operators:
            yield _fault(line, "operator", f"{each.question_id}: '{each.operator}' is no operator of the lexicon")
        if each.topic and each.topic not in topics:
            yield _fault(
                line, "topic", f"{each.question_id}: '{each.topic}' is no topic's guide and no section of an operator's"
            )
        if not each.kind:
            yield _fault(line, "kind", f"{each.question_id} doesn't say in kind how it is asked")
        elif bool(each.earlier) != (each.kind == "follow-up"):
            yield _fault(line, "kind", f"{each.question_id}: a follow-up, and nothing else, has an earlier turn")


def _unjudged(questions: Mapping[Line, Question], judgements: Judgements) -> Iterator[Problem]:
    """Yield questions that nobody judged, or one judge alone: that nothing answers a question is a judgement too."""
    done = {judge: judgements.questions_of(judge) for judge in JUDGES}
    for line, each in questions.items():
        for judge, judged in done.items():
            if each.question_id not in judged:
                name = judge.removesuffix(".tsv")
                yield _fault(
                    line, "unjudged", f"{each.question_id} has no judgement in {judge}. Mend: qa questions pool {name} DIR"
                )
    for judge, other in (JUDGES, JUDGES[::-1]):
        once = [each for each in judgements.judged if each.question_id in done[judge] and each.by(judge) is None]
        if once:
            name = judge.removesuffix(".tsv")
            message = (
                f"{len(once)} pairs of {other} are not judged here, the first is {once[0].question_id} and {once[0].section_id}"
            )
            yield Problem(f"{FOLDER}/{judge}", 1, "judged-once", f"{message}. Mend: qa questions pool {name} DIR")


def _leaks(questions: Mapping[Line, Question]) -> Iterator[Problem]:
    """Yield questions whose operator or topic is in the other split too: what is tuned on one would be known to the other."""
    splits: dict[tuple[str, str], tuple[str, str]] = {}
    for line, each in questions.items():
        what = ("operator", each.operator) if each.operator else ("topic", each.topic)
        if what[1] is None:
            continue
        split, first = splits.setdefault((what[0], what[1]), (each.split, each.question_id))
        if split != each.split:
            yield _fault(
                line, "split", f"{each.question_id} is in {each.split}; the {what[0]} '{what[1]}' is in {split}, with {first}"
            )


def _repeated(questions: Mapping[Line, Question]) -> Iterator[Problem]:
    """Yield questions that are all but the same as one before."""
    lines = list(questions)
    texts = [fold(" ".join((*each.earlier, each.text))) for each in questions.values()]
    for number, text in enumerate(texts):
        found = process.extractOne(text, texts[:number], scorer=fuzz.ratio, score_cutoff=ALIKE)
        if found:
            first, second = questions[lines[found[2]]], questions[lines[number]]
            yield _fault(
                lines[number], "repeated", f"{second.question_id} says what {first.question_id} says; keep one of them"
            )


def _phrased(questions: Mapping[Line, Question], phrasings: Sequence[Phrasing]) -> Iterator[Problem]:
    """Yield questions that a phrasing all but repeats: it would give the answer away."""
    texts = [fold(each.text) for each in phrasings]
    for line, each in questions.items():
        found = process.extractOne(fold(each.text), texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if found:
            phrasing = phrasings[found[2]]
            message = (
                f"{each.question_id} is said by a phrasing of '{phrasing.target}', '{phrasing.text}'; delete that phrasing"
            )
            yield _fault(line, "phrased", message)


def unsettled(judgements: Judgements) -> Iterator[Problem]:
    """Yield what the judges differ on and nobody settled."""
    for each in judgements.unsettled:
        message = (
            f"{each.question_id} and {each.section_id}: the judges say {each.first} and {each.second}; say here which, and why"
        )
        yield Problem(f"{FOLDER}/{SETTLED}", 1, "unsettled", message)


def _other_qrels(judgements: Judgements, path: Path) -> Iterator[Problem]:
    """Yield a problem where qrels.tsv is not what `qa questions merge` writes."""
    found = path.read_text(encoding="utf-8")
    wanted = qrels_lines(judgements.qrels())
    if found != wanted:
        pairs = zip_longest(found.split("\n"), wanted.split("\n"))
        line = next(number for number, (one, other) in enumerate(pairs, 1) if one != other)
        yield Problem(QRELS, line, "qrels", "from here on it isn't what the judges say. Mend: qa questions merge")


def _evidence(questions: Mapping[Line, Question], dataset: Dataset) -> Iterator[Problem]:
    """Yield sections that answer and of which no words are told, and words of a section that doesn't."""
    for line, each in questions.items():
        spans = dataset.evidence.get(each.question_id, ())
        told = {span.section_id for span in spans}
        for section in sorted(dataset.answering(each.question_id) - told if each.answerable else ()):
            yield _fault(line, "evidence", f"{each.question_id}: {EVIDENCE} has no words of {section}, which answers it")
        for section in sorted({span.section_id for span in spans} - dataset.answering(each.question_id)):
            yield _fault(line, "evidence", f"{each.question_id}: {EVIDENCE} has words of {section}, which doesn't answer it")


def _fault(line: int, rule: str, message: str) -> Problem:
    return Problem(QUESTIONS, line, rule, message)
