"""What is put before the judges: for each question the best sections of every mode, so that no mode is favoured, as sheets to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from qa.corpus.lexicon import NameFinder
from qa.corpus.search_text import without_syntax
from qa.datatypes import GUIDE_LANGUAGES, Mode
from qa.errors import DatasetError
from qa.evaluation.dataset import Dataset, Unit
from qa.evaluation.run import DEPTH, retrieve_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qa.datatypes import Language
    from qa.evaluation.dataset import Question
    from qa.index.generation import Generation
    from qa.retrieval.retriever import Retriever

Pool = dict[str, list[str]]  # question id → section ids
UNGRADED = "?"  # where a judge puts a grade: a number there would pass for a judgement
HOW_TO_JUDGE = """\
Grade each section for each question, by what the section says, not by what you know:

- 2: whoever reads this section alone has the answer to what is asked (of two questions in one: to one of them, whole).
- 1: no answer, but a part of it, a condition, the step before, the case next to it, or where to ask.
- 0: neither. Another matter of the same operator is 0.

"Not known" and "the sources don't say" are no answer. Where a question names an operator, what is true of another operator is no answer; a general
rule is one where it decides the case. Where it names none, what is true of one operator alone is 1.
"""


@dataclass(frozen=True)
class Sheet:
    """Questions to be judged together: name, the text to read, and its lines in TREC's columns, a mark where the judge's grade goes."""

    name: str
    text: str
    lines: str


def pool(
    questions: Sequence[Question],
    retriever: Retriever,
    generation: Generation,
    depth: int,
    progress: Callable[[int, int], None],
    say: Callable[[str], None],
) -> Pool:
    """Return for each question the first depth sections of each mode, and every known section on the operator and topic that it is about.

    The latter are there since a question that every mode fails on would else look as if nothing answered it. say gets which
    questions could not be asked.
    """
    if depth > DEPTH:
        raise ValueError(f"runs hold {DEPTH} sections a question")
    asked = tuple(replace(question, answerable=True) for question in questions)
    dataset = Dataset("pool", Unit.SECTION, asked, qrels={}, files={})
    runs = retrieve_runs(dataset, retriever, NameFinder(generation.lexicon), tuple(Mode), progress)
    for question_id, why in {each: why for run in runs for each, why in run.not_asked.items()}.items():
        say(f"{question_id} could not be asked in every mode: {why}")
    subjects = _Subjects(generation)
    return {
        question.question_id: sorted(
            {section for run in runs for section, _ in run.rankings[question.question_id][:depth]} | subjects.sections(question)
        )
        for question in questions
    }


def sheets(
    questions: Sequence[Question],
    pooled: Mapping[str, Sequence[str]],
    generation: Generation,
    language: Language,
    size: int,
) -> list[Sheet]:
    """Return sheets of size questions, those on one operator or topic together.

    The sections of a question stand in an order that tells nothing of ranks, modes or another judge. They are given in language, or in
    another one where their guide lacks it.
    """
    shuffled = {
        question: sorted(sections, key=lambda section: sha256(f"{question} {section}".encode()).digest())
        for question, sections in pooled.items()
    }
    ordered = sorted(
        (question for question in questions if pooled.get(question.question_id)),
        key=lambda question: (question.operator or "", question.topic or "", question.question_id),
    )
    parts = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    return [_sheet(number, part, shuffled, generation, language) for number, part in enumerate(parts, 1)]


class _Subjects:
    """The known sections of a generation by what they are about."""

    def __init__(self, generation: Generation) -> None:
        self._topics = [topic for topic in generation.lexicon.topics.values() if not topic.general]
        self._of_operator: dict[str, set[str]] = {}
        self._of_guide: dict[str, set[str]] = {}
        for guide in generation.guides.values():
            for section in guide.sections:
                if section.is_known:
                    self._of_guide.setdefault(guide.guide_id, set()).add(section.section_id)
                    if section.operator:
                        self._of_operator.setdefault(section.operator, set()).add(section.section_id)

    def sections(self, question: Question) -> set[str]:
        """Return the sections on the operator of question, of the guide on its topic, and of those that the lexicon names for it."""
        named = [each for topic in self._topics if question.topic in topic.sections[:1] for each in topic.guides]
        found = set(self._of_operator.get(question.operator or "", ()))
        for name in (question.topic or "", *named):
            guide_id = name.partition("#")[0]
            found |= {section for section in self._of_guide.get(guide_id, ()) if name in (guide_id, section)}
        return found


def _sheet(
    number: int,
    questions: Sequence[Question],
    pooled: Mapping[str, Sequence[str]],
    generation: Generation,
    language: Language,
) -> Sheet:
    sections = sorted({section for question in questions for section in pooled[question.question_id]})
    asked = [
        f"### {question.question_id} ({question.language})\n"
        + "".join(f"Before: {turn}\n" for turn in question.earlier)
        + f"{question.text}\nSections: {', '.join(pooled[question.question_id])}\n"
        for question in questions
    ]
    read = [f"### {section}\n{_text(section, generation, language)}\n" for section in sections]
    text = "\n".join((f"# Sheet {number}\n", HOW_TO_JUDGE, "## Questions\n", *asked, "## Sections\n", *read))
    lines = "".join(
        f"{question.question_id}\t0\t{section}\t{UNGRADED}\n"
        for question in questions
        for section in pooled[question.question_id]
    )
    return Sheet(f"sheet-{number:02}", text, lines)


def _text(section_id: str, generation: Generation, language: Language) -> str:
    """Return the headings and the words of a section."""
    guide_id, _, slug = section_id.partition("#")
    guides = (generation.guides.get((guide_id, each)) for each in (language, *GUIDE_LANGUAGES))
    found = next(((guide, section) for guide in guides if guide and (section := guide.section(slug))), None)
    if found is None:
        raise DatasetError(f"No guide of the index has the section {section_id}. Mend: qa corpus check")
    guide, section = found
    return f"{' · '.join(section.headings)}\n{without_syntax(guide.text[section.body : section.end]).strip()}"
