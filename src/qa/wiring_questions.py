"""Put the work on questions and judgements together: check, describe, pool for the judges, merge what they judged."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qa import wiring
from qa.config import load_settings
from qa.corpus.guides import read_corpus
from qa.corpus.lexicon import read_lexicon
from qa.corpus.phrasings import read_phrasings
from qa.datatypes import Language, Problem
from qa.errors import CorpusError, DatasetError
from qa.evaluation.dataset import refuse
from qa.evaluation.describe import Description, describe
from qa.evaluation.judgements import FOLDER, SETTLED, Judgements, qrels_lines, read_judgements
from qa.evaluation.pool import Sheet, pool, sheets
from qa.evaluation.questions import QRELS, QUESTIONS, read_project, read_questions
from qa.evaluation.questions_check import check_questions, unsettled
from qa.index.storage import replace_text
from qa.retrieval.retriever import Retriever

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from qa.datatypes import Guide
    from qa.evaluation.evaluate import Progress

SHEET_SIZE = 30  # questions: what is read in one sitting


def check() -> tuple[int, list[Problem]]:
    """Return the number of questions, and every fault of questions, judgements and evidence by file and line."""
    settings = load_settings()
    lexicon, _ = read_lexicon(settings.corpus)
    return check_questions(settings.evaluation, _guides(settings.corpus), lexicon.operators, read_phrasings(settings.corpus))


def description() -> Description:
    """Return what the questions are made of; DatasetError where they or the judgements can't be read."""
    settings = load_settings()
    guides = _guides(settings.corpus)
    lexicon, _ = read_lexicon(settings.corpus)
    names = [name for operator in lexicon.operators.values() for name in (*operator.names.values(), *operator.aliases)]
    return describe(read_project(settings.evaluation, guides), _judgements(settings.evaluation, guides), guides, names)


def write_sheets(
    judge: str, folder: Path, depth: int, language: Language, progress: Progress, say: Callable[[str], None], *, every: bool
) -> list[Sheet]:
    """Write sheets with what judge hasn't judged, two files each, into folder, and return them; DatasetError where folder holds sheets.

    Args:
        judge: The judge's file, `judgements.FIRST` or `SECOND`.
        folder: Where the sheets go.
        depth: Sections of each mode that are put before the judge, whatever the other judge judged besides.
        language: The language that the sections are to be read in.
        progress: Where it reports how far it is.
        say: What a person should know meanwhile.
        every: Pool every question, since guides or ranking changed; else those alone of which judge judged nothing.
    """
    if folder.is_file() or any(folder.glob("sheet-*")):
        found = "is a file" if folder.is_file() else "holds sheets already, perhaps filled in"
        raise DatasetError(f"{folder} {found}. Mend: name another folder")
    settings = load_settings()
    questions = list(read_questions(settings.evaluation / QUESTIONS).values())
    judgements = _judgements(settings.evaluation, _guides(settings.corpus))
    asked = [question for question in questions if every or question.question_id not in judgements.questions_of(judge)]
    if not asked and not any(judgements.left_to(judge, {}).values()):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    system = wiring.open_system(settings, None, "", None, progress, say)
    retriever = Retriever(system.generation, system.embedder, system.weights)
    pooled = pool(asked, retriever, system.generation, depth, partial(progress, "Pooling"), say)
    written = sheets(questions, judgements.left_to(judge, pooled), system.generation, language, SHEET_SIZE)
    for sheet in written:
        replace_text(folder / f"{sheet.name}.md", sheet.text)
        replace_text(folder / f"{sheet.name}.tsv", sheet.lines)
    return written


def merge() -> tuple[Path, int]:
    """Write qrels.tsv from what the judges say; return its path and number of lines. DatasetError lists what they differ on."""
    settings = load_settings()
    judgements = _judgements(settings.evaluation, _guides(settings.corpus))
    if not judgements.judged:
        raise DatasetError(
            f"{settings.evaluation / FOLDER} holds no judgement; {QRELS} stays as it is. Mend: qa questions pool first DIR"
        )
    refuse(list(unsettled(judgements)), f"{FOLDER}/{SETTLED}")
    lines = qrels_lines(judgements.qrels())
    replace_text(settings.evaluation / QRELS, lines)
    return settings.evaluation / QRELS, lines.count("\n")


def _guides(corpus: Path) -> dict[tuple[str, Language], Guide]:
    """Return the guides as they are in corpus; CorpusError where some can't be read: judgements of theirs would look wrong."""
    guides, problems = read_corpus(corpus)
    if problems or not guides:
        raise CorpusError(f"{len(problems)} faults in the guides of {corpus}. Mend them first: qa corpus check", problems)
    return {(guide.guide_id, guide.language): guide for guide in guides}


def _judgements(evaluation: Path, guides: Mapping[tuple[str, Language], Guide]) -> Judgements:
    questions = {question.question_id for question in read_questions(evaluation / QUESTIONS).values()}
    sections = {section.section_id for guide in guides.values() for section in guide.sections}
    return read_judgements(evaluation / FOLDER, questions, sections)
