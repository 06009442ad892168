"""Put feedback together: where it is kept, and what the maintainers make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.config import load_settings
from qa.feedback.store import FeedbackStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.config import Settings
    from qa.evaluation.candidates import Candidates
    from qa.feedback.entry import Feedback


def feedback_store(settings: Settings) -> FeedbackStore | None:
    """Return where the page keeps feedback, None where it is switched off."""
    return FeedbackStore(settings.feedback_file) if settings.feedback else None


def kept() -> FeedbackStore:
    """Return what was kept, also where the page takes none any more."""
    return FeedbackStore(load_settings().feedback_file)


def to_questions(entries: Sequence[Feedback]) -> tuple[Candidates, Path]:
    """Return candidates for the questions that are measured on, and the file of those, of which there may be none yet."""
    from qa.corpus.lexicon import NameFinder, read_lexicon
    from qa.corpus.phrasings import read_phrasings
    from qa.evaluation.candidates import candidates
    from qa.evaluation.questions import QUESTIONS, read_questions
    from qa.feedback.grouping import by_question

    settings = load_settings()
    lexicon, _ = read_lexicon(settings.corpus)
    path = settings.evaluation / QUESTIONS
    return candidates(
        by_question(entries),
        list(read_questions(path).values()) if path.exists() else [],
        [phrasing.text for phrasing in read_phrasings(settings.corpus)],
        NameFinder(lexicon),
        lexicon.operators,
    ), path
