"""The SQLite file that feedback is kept in. Several processes may write to it at once; each call opens and closes it."""

from __future__ import annotations

import json
import os
import sqlite3
import unicodedata
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qa.datatypes import Outcome
from qa.errors import FeedbackError, QuestionError
from qa.feedback.entry import Feedback, Verdict
from qa.feedback.masking import mask

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

MAX_QUESTION = 2000  # characters
MAX_REMARK = 1000
MAX_ROWS = 100_000
PATIENCE_SECONDS = 10.0  # for another process that writes

_VERSION = 1
_TABLE = """CREATE TABLE feedback (number INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT NOT NULL, question TEXT NOT NULL,
  language TEXT NOT NULL, outcome TEXT NOT NULL, verdict TEXT NOT NULL, remark TEXT NOT NULL, sections TEXT NOT NULL,
  operators TEXT NOT NULL, generation TEXT NOT NULL)"""
_INDEX = "CREATE INDEX feedback_day ON feedback (day)"  # counts and finds without reading the texts
_SCHEMA = (_TABLE, _INDEX, f"PRAGMA user_version = {_VERSION}")
_COLUMNS = "day, question, language, outcome, verdict, remark, sections, operators, generation"
_ELSEWHERE = "or name another with QA_FEEDBACK_FILE=…"


def today() -> str:
    """Return the day in UTC."""
    return datetime.now(UTC).date().isoformat()


class FeedbackStore:
    """Keeps what readers say, masked. The file and its folder are made when the first is added, for their owner alone to read."""

    def __init__(self, path: Path, day: Callable[[], str] = today, max_rows: int = MAX_ROWS) -> None:
        self.path = path
        self._day = day
        self._max_rows = max_rows

    def add(
        self,
        *,
        question: str,
        language: str,
        outcome: Outcome,
        verdict: Verdict,
        remark: str = "",
        sections: Sequence[str] = (),
        operators: Sequence[str] = (),
        generation: str = "",
    ) -> None:
        """Keep one verdict; question and remark are masked and cut to their greatest length.

        QuestionError where the question is empty.
        FeedbackError where the file can't be written to, is no file of feedback, or holds as many as it may.
        """
        kept = _kept(question, MAX_QUESTION)
        if not kept:
            raise QuestionError("There is no question that this is said of. Mend: send the question too")
        row = (
            self._day(),
            kept,
            language,
            outcome.value,
            verdict.value,
            _kept(remark, MAX_REMARK),
            json.dumps(list(sections)),
            json.dumps(list(operators)),
            generation,
        )
        self._create()
        with self._opened() as connection:
            # Taken before the rows are counted, so that no other process adds one meanwhile.
            connection.execute("BEGIN IMMEDIATE")
            if not self._holds_feedback(connection):
                for statement in _SCHEMA:
                    connection.execute(statement)
            if connection.execute("SELECT count(*) FROM feedback").fetchone()[0] >= self._max_rows:
                raise FeedbackError(
                    f"{self.path} holds {self._max_rows:,} entries, the most that are kept. "
                    "Mend: qa feedback export FILE, then move it away"
                )
            connection.execute(f"INSERT INTO feedback ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
            connection.execute("COMMIT")

    def entries(self, since: str | None = None, verdicts: Collection[Verdict] = ()) -> tuple[Feedback, ...]:
        """Return what was said, oldest first: from the day since (YYYY-MM-DD) on, with one of verdicts where any are given.

        Where there is no file yet, nothing was said. FeedbackError where it can't be read.
        """
        if not self.path.exists():
            return ()
        with self._opened() as connection:
            if not self._holds_feedback(connection):
                return ()
            rows = connection.execute(
                f"SELECT number, {_COLUMNS} FROM feedback WHERE day >= ? ORDER BY number",  # noqa: S608
                (since or "",),
            ).fetchall()
        try:
            found = [_entry(row) for row in rows]
        except (ValueError, TypeError) as error:
            raise FeedbackError(_explanation(self.path, error)) from error
        return tuple(entry for entry in found if not verdicts or entry.verdict in verdicts)

    def _create(self) -> None:
        """Make the empty file, readable by its owner alone, where there is none."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            if not self.path.is_file():
                raise FeedbackError(
                    f"{self.path} is no file, or its folder is none. Mend: move what is there away, {_ELSEWHERE}"
                ) from None
        except OSError as error:
            raise FeedbackError(
                f"{self.path} can't be written ({error.strerror}). Mend: its permissions, {_ELSEWHERE}"
            ) from error

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for a block; what SQLite can't do becomes a FeedbackError, and what the block didn't commit is undone."""
        try:
            # By URI: a plain path would make a new file where somebody has just moved it away.
            address = f"{self.path.absolute().as_uri()}?mode=rw"
            with closing(sqlite3.connect(address, PATIENCE_SECONDS, isolation_level=None, uri=True)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise FeedbackError(_explanation(self.path, error)) from error

    def _holds_feedback(self, connection: sqlite3.Connection) -> bool:
        """Whether the file has its form, False where it is still empty; FeedbackError where it is something else."""
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == _VERSION:
            return True
        if version > _VERSION:
            raise FeedbackError(
                f"{self.path} was written by a newer version of this program (its form is {version}, known is {_VERSION}). "
                f"Mend: update the program, {_ELSEWHERE}"
            )
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise FeedbackError(f"{self.path} is a database of something else. Mend: move it away, {_ELSEWHERE}")
        return False


def _kept(text: str, longest: int) -> str:
    """Return text as it is kept: on one line, masked, without what can't be seen, and cut."""
    visible = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    # Cut last: half of a number would not be recognised.
    return mask(" ".join(visible.split()))[:longest]


def _entry(row: tuple[Any, ...]) -> Feedback:
    number, day, question, language, outcome, verdict, remark, sections, operators, generation = row
    return Feedback(
        number=number,
        day=day,
        question=question,
        language=language,
        outcome=Outcome(outcome),
        verdict=Verdict(verdict),
        remark=remark,
        sections=tuple(json.loads(sections)),
        operators=tuple(json.loads(operators)),
        generation=generation,
    )


def _explanation(path: Path, error: Exception) -> str:
    """Return what is wrong with the file, and the mend."""
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"{path} is being written by another program for more than {PATIENCE_SECONDS:.0f} s. Mend: try again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return f"{path} can't be opened or written ({error}). Mend: the permissions of it and its folder, {_ELSEWHERE}"
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return f"{path} can't be written ({error}). Mend: free space on its disk"
    return (
        f"{path} is damaged, or no file of feedback ({error}); it is left as it is. "
        f"Mend: copy it, see what `sqlite3 COPY .recover` finds, and move it away, {_ELSEWHERE}"
    )
