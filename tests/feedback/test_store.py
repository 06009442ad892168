from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.datatypes import Outcome
from qa.errors import FeedbackError, QuestionError
from qa.feedback import store as store_module
from qa.feedback.entry import Feedback, Verdict
from qa.feedback.store import MAX_QUESTION, MAX_REMARK, FeedbackStore

ONE: dict[str, Any] = {
    "question": "povo 怎么销户",
    "language": "zh-Hans",
    "outcome": Outcome.ANSWERED,
    "verdict": Verdict.WRONG,
    "remark": "价格变了",
    "sections": ("povo#steps", "povo#fees"),
    "operators": ("povo",),
    "generation": "20261122T223407946477Z-6d171234",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "feedback.sqlite"


@pytest.fixture
def store(path: Path) -> FeedbackStore:
    return FeedbackStore(path, day=lambda: "2026-12-01")


def write_file(path: Path, content: bytes) -> bytes:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return content


def refusal(store: FeedbackStore) -> str:
    """Return the one line with which both reading and adding are refused."""
    with pytest.raises(FeedbackError) as reading:
        store.entries()
    with pytest.raises(FeedbackError) as adding:
        store.add(**ONE)
    assert str(reading.value) == str(adding.value)
    assert "\n" not in str(adding.value)
    assert ". Mend: " in str(adding.value)
    return str(adding.value)


def test_what_is_added_is_found_again_whole(store: FeedbackStore) -> None:
    store.add(**ONE)
    store.add(question="LINEMO?", language="en", outcome=Outcome.NOT_COVERED, verdict=Verdict.MISSING)

    first, second = store.entries()
    assert first == Feedback(number=1, day="2026-12-01", **ONE)
    assert second == Feedback(2, "2026-12-01", "LINEMO?", "en", Outcome.NOT_COVERED, Verdict.MISSING, "", (), (), "")
    assert json.loads(json.dumps(asdict(first)))["sections"] == ["povo#steps", "povo#fees"]


def test_nothing_is_written_before_somebody_says_something(store: FeedbackStore, path: Path) -> None:
    assert store.entries() == ()
    assert not path.parent.exists()


def test_the_file_is_its_owners_alone(store: FeedbackStore, path: Path) -> None:
    store.add(**ONE)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_file_holds_the_day_and_no_column_for_who_or_when(store: FeedbackStore, path: Path) -> None:
    store.add(**ONE)

    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(feedback)")]
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert columns == [*Feedback.__dataclass_fields__]
    assert abs(date.fromisoformat(store_module.today()) - datetime.now(UTC).date()) <= timedelta(days=1)


def test_question_and_remark_are_masked_before_they_reach_the_file(store: FeedbackStore, path: Path) -> None:
    store.add(
        **{**ONE, "question": "号码 090-1234-5678 怎么销户", "remark": "写信到 taro@example.jp，卡号 4111 1111 1111 1111"}
    )

    (entry,) = store.entries()
    assert (entry.question, entry.remark) == ("号码 [phone] 怎么销户", "写信到 [e-mail]，卡号 [card]")
    content = path.read_bytes()
    assert not any(secret in content for secret in (b"5678", b"taro", b"1111"))


@pytest.mark.parametrize("between", ["\u200b", "\u202e", "\u2060", "\x00", "\n", "\ufeff"])
def test_what_cannot_be_seen_hides_no_number(between: str, store: FeedbackStore) -> None:
    store.add(**{**ONE, "remark": f"090{between}1234{between}5678"})

    assert store.entries()[0].remark == "[phone]"


def test_control_and_direction_characters_are_not_kept(store: FeedbackStore) -> None:
    store.add(**{**ONE, "question": "\x1b[31mpovo\x07 \u202e怎么\u2066\u2069\n\n销户\t？\ud800", "remark": "\x9b1m a\u2028b"})

    (entry,) = store.entries()
    assert (entry.question, entry.remark) == ("[31mpovo 怎么 销户 ？", "1m a b")


@pytest.mark.parametrize("empty", ["", " \n", "\u200b"])
def test_a_verdict_on_no_question_is_refused(empty: str, store: FeedbackStore, path: Path) -> None:
    with pytest.raises(QuestionError, match="Mend"):
        store.add(**{**ONE, "question": empty})
    assert not path.exists()


def test_long_texts_are_cut_after_masking(store: FeedbackStore) -> None:
    store.add(**{**ONE, "question": "问" * (MAX_QUESTION - 5) + "09012345678", "remark": "x" * 5000})

    (entry,) = store.entries()
    assert entry.question == "问" * (MAX_QUESTION - 5) + "[phon"
    assert entry.remark == "x" * MAX_REMARK


@given(st.text(max_size=100))
def test_any_text_can_be_kept(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    store = FeedbackStore(tmp_path_factory.mktemp("any") / "f.sqlite")
    store.add(**{**ONE, "remark": text})

    remark = store.entries()[0].remark
    assert not {unicodedata.category(character) for character in remark} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert remark == " ".join(remark.split())


def test_entries_are_chosen_by_day_and_verdict(path: Path) -> None:
    days = iter(["2026-11-30", "2026-12-01", "2026-12-02"])
    store = FeedbackStore(path, day=lambda: next(days))
    for verdict in (Verdict.WRONG, Verdict.HELPFUL, Verdict.WRONG):
        store.add(**{**ONE, "verdict": verdict})

    assert [entry.number for entry in store.entries(since="2026-12-01")] == [2, 3]
    assert [entry.number for entry in store.entries(verdicts=(Verdict.WRONG,))] == [1, 3]
    assert [entry.number for entry in store.entries("2026-12-01", (Verdict.WRONG, Verdict.OUTDATED))] == [3]
    assert store.entries(since="2026-12-03") == ()


def test_a_full_file_refuses_more_and_keeps_what_it_holds(path: Path) -> None:
    store = FeedbackStore(path, max_rows=2)
    store.add(**ONE)
    store.add(**ONE)

    with pytest.raises(FeedbackError, match=r"holds 2 entries, the most that are kept\. Mend: qa feedback export FILE"):
        store.add(**ONE)
    assert len(store.entries()) == 2


def test_a_number_is_never_given_twice(store: FeedbackStore, path: Path) -> None:
    store.add(**ONE)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM feedback")
    store.add(**ONE)

    assert [entry.number for entry in store.entries()] == [2]


def test_several_processes_write_at_once_and_nothing_is_lost(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from qa.datatypes import Outcome; from qa.feedback.entry import Verdict\n"
        "from qa.feedback.store import FeedbackStore\n"
        "for n in range(25): FeedbackStore(Path(sys.argv[1])).add(question=f'{sys.argv[2]} {n}', language='en', "
        "outcome=Outcome.ANSWERED, verdict=Verdict.HELPFUL)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), name]) for name in "abcd"]

    assert [writer.wait(120) for writer in writers] == [0, 0, 0, 0]
    assert {entry.question for entry in FeedbackStore(path).entries()} == {f"{name} {n}" for name in "abcd" for n in range(25)}


def test_a_file_that_another_program_holds_is_waited_for_and_then_named(
    store: FeedbackStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(**ONE)
    monkeypatch.setattr(store_module, "PATIENCE_SECONDS", 0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "is being written by another program" in refusal(store)
    store.add(**ONE)
    assert len(store.entries()) == 2


def test_a_file_that_is_no_database_is_left_alone(store: FeedbackStore, path: Path) -> None:
    content = write_file(path, b"my notes\n" * 200)

    assert refusal(store).startswith(
        f"{path} is damaged, or no file of feedback (file is not a database); it is left as it is."
    )
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_left_alone(store: FeedbackStore, path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
    before = path.read_bytes()

    assert "is a database of something else" in refusal(store)
    assert path.read_bytes() == before


def test_a_file_of_a_newer_version_is_left_alone(store: FeedbackStore, path: Path) -> None:
    store.add(**ONE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 7")
    before = path.read_bytes()

    assert "was written by a newer version of this program (its form is 7, known is 1)" in refusal(store)
    assert path.read_bytes() == before


def test_a_damaged_file_is_named_and_left_alone(store: FeedbackStore, path: Path) -> None:
    for _ in range(50):
        store.add(**ONE)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)

    assert "is damaged" in refusal(store)
    assert path.read_bytes() == content


@pytest.mark.parametrize(("column", "value"), [("verdict", "splendid"), ("outcome", ""), ("sections", "["), ("operators", "7")])
def test_a_row_that_was_never_written_so_is_named(column: str, value: str, store: FeedbackStore, path: Path) -> None:
    store.add(**ONE)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE feedback SET {column} = ?", (value,))

    with pytest.raises(FeedbackError, match="is damaged"):
        store.entries()


@pytest.fixture
def read_only() -> Iterator[Path]:
    """Return a file with one entry that this process may read and not write, even where tests run as root."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "feedback.sqlite"
        FeedbackStore(path).add(**ONE)
        path.chmod(0o444)
        path.parent.chmod(0o555)
        user = os.geteuid()
        os.seteuid(user or 65534)
        yield path
        os.seteuid(user)
        path.parent.chmod(0o755)


def test_a_file_that_cannot_be_written_can_be_read_and_is_named(read_only: Path) -> None:
    with pytest.raises(FeedbackError, match=r"can't be opened or written .*readonly.* Mend: the permissions"):
        FeedbackStore(read_only).add(**ONE)
    assert len(FeedbackStore(read_only).entries()) == 1


def test_a_folder_that_cannot_be_written_is_named(read_only: Path) -> None:
    with pytest.raises(FeedbackError, match=r"can't be written \(Permission denied\)\. Mend: "):
        FeedbackStore(read_only.parent / "new" / "feedback.sqlite").add(**ONE)


def test_a_folder_in_place_of_the_file_is_named(store: FeedbackStore, path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(FeedbackError, match=r"feedback\.sqlite is no file, or its folder is none\. Mend: "):
        store.add(**ONE)
    with pytest.raises(FeedbackError, match="Mend: "):
        store.entries()


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("mine")

    with pytest.raises(FeedbackError, match="Mend: "):
        FeedbackStore(tmp_path / "new" / "feedback.sqlite").add(**ONE)
    assert (tmp_path / "new").read_text() == "mine"


def test_an_empty_file_is_a_place_to_begin(store: FeedbackStore, path: Path) -> None:
    write_file(path, b"")

    assert store.entries() == ()
    store.add(**ONE)
    assert len(store.entries()) == 1
