"""What can go wrong, as a tree.

QAError                  the message says what was found, what was expected, and the command that mends it
├── SettingsError        qa.toml or a QA_* variable
├── FileError            files that people wrote; carries the problems with file and line
│   ├── CorpusError      a guide or the lexicon
│   └── DatasetError     questions, judgements, documents or runs of an evaluation
├── ModelError           the embedding model
├── GenerationError      no generation, a damaged one, or one of another model
├── QuestionError        an empty or over-long question
├── UnknownGuideError    a guide that is not there
├── BusyError            too many questions at once
├── FeedbackError        the file that feedback is kept in
└── ServerError          the web chat could not start
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.datatypes import Problem


class QAError(Exception):
    """Any error that is explained to the person who gets it, in one line, without a traceback."""


class SettingsError(QAError):
    """A setting that is unknown or has no valid value."""


class FileError(QAError):
    """Files that can't be used; problems lists each fault with its file and line."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class CorpusError(FileError):
    """Guides or a lexicon that can't be used."""


class DatasetError(FileError):
    """Questions, judgements, documents or runs that nothing can be measured on."""


class ModelError(QAError):
    """A model that can't be unpacked or loaded."""


class GenerationError(QAError):
    """A generation that is missing, damaged or made for other settings."""


class QuestionError(QAError):
    """A question that can't be asked as it is."""


class UnknownGuideError(QAError):
    """A guide that was named and is not there."""


class BusyError(QAError):
    """Too many questions at once; a moment later there are fewer."""


class FeedbackError(QAError):
    """Feedback that can't be kept or read."""


class ServerError(QAError):
    """A web chat that can't be started."""
