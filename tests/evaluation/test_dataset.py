from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation.datasets import error_of

from qa.datatypes import Problem
from qa.errors import DatasetError
from qa.evaluation.dataset import Dataset, Question, Unit, read_lines, refuse
from qa.index.storage import sha256_file


def _dataset(qrels: Mapping[str, Mapping[str, int]], *questions: Question) -> Dataset:
    return Dataset("guides", Unit.SECTION, questions, qrels, {})


@pytest.mark.parametrize(
    "content",
    ["一\n\nthree\n", "一\r\n\r\nthree\r\n", "\ufeff一\n \t\nthree", "一\n\u3000\nthree\n\n\n", "一\r\rthree"],
    ids=["plain", "CRLF", "BOM and no last newline", "blank lines at the end", "CR alone"],
)
def test_lines_keep_their_numbers_and_lose_only_their_ends(tmp_path: Path, content: str) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes(content.encode())

    assert list(read_lines(path)) == [(1, "一"), (3, "three")]


def test_a_line_keeps_the_space_around_it(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes(b" 1\tone \t\n")

    assert list(read_lines(path)) == [(1, " 1\tone \t")]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\v", "\f", "\x1c"])
def test_only_a_newline_ends_a_line(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes(f"1\tone{separator}more\n2\ttwo\n".encode())

    assert list(read_lines(path)) == [(1, f"1\tone{separator}more"), (2, "2\ttwo")]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes(b"")

    assert not list(read_lines(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"

    assert str(error_of(lambda: list(read_lines(path)))).startswith(f"There is no file {path}. Mend: ")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    assert str(error_of(lambda: list(read_lines(tmp_path)))).startswith(f"{tmp_path} is a folder, where a file is expected")


def test_a_file_that_is_not_utf_8_is_named_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes("1\t解約".encode("shift_jis"))

    assert str(error_of(lambda: list(read_lines(path)))) == f"{path} is not UTF-8: byte 2. Mend: save it as UTF-8"


def test_a_path_through_a_file_is_refused_as_a_place_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    file.write_bytes(b"")

    assert str(file / "topics.tsv") in str(error_of(lambda: list(read_lines(file / "topics.tsv"))))


def test_a_link_to_itself_is_refused_as_a_place_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.symlink_to(path)

    assert str(path) in str(error_of(lambda: list(read_lines(path))))


def test_a_file_is_known_by_the_sha256_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_bytes(b"abc")

    assert sha256_file(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_no_problem_is_no_error() -> None:
    refuse([], "qrels.tsv")


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (1, "1 fault in q.tsv; nothing was measured. Mend them, then run it again"),
        (20, "20 faults in q.tsv; nothing was measured. Mend them, then run it again"),
        (21, "21 faults in q.tsv, the first 20 are listed; nothing was measured. Mend them, then run it again"),
        (1000, "1000 faults in q.tsv, the first 20 are listed; nothing was measured. Mend them, then run it again"),
    ],
)
def test_faults_are_counted_and_the_first_twenty_listed(count: int, message: str) -> None:
    problems = [Problem("q.tsv", line, "columns", "2 columns") for line in range(1, count + 1)]

    with pytest.raises(DatasetError) as caught:
        refuse(problems, "q.tsv")

    assert str(caught.value) == message
    assert caught.value.problems == tuple(problems[:20])


def test_retrieval_is_measured_on_answerable_questions_in_their_order() -> None:
    first, second = Question("q2", "b", "en"), Question("q1", "a", "en")
    refused = Question("q0", "weather", "en", answerable=False)

    assert _dataset({}, first, refused, second).answerable == (first, second)


def test_where_grades_reach_2_only_they_answer() -> None:
    dataset = _dataset({"q1": {"a": 2, "b": 1, "c": 0, "d": 3}, "q2": {"a": 1}})

    assert dataset.is_graded
    assert dataset.answering("q1") == {"a", "d"}
    assert dataset.answering("q2") == frozenset()


def test_where_grades_end_at_1_it_answers() -> None:
    dataset = _dataset({"q1": {"a": 1, "b": 0}, "q2": {}})

    assert not dataset.is_graded
    assert dataset.answering("q1") == {"a"}
    assert dataset.answering("q2") == frozenset()


def test_grades_of_documents_have_meanings_of_their_own_and_whatever_is_relevant_answers() -> None:
    dataset = replace(_dataset({"q1": {"a": 2, "b": 1, "c": 0}}), unit=Unit.DOCUMENT)

    assert not dataset.is_graded
    assert dataset.answering("q1") == {"a", "b"}


def test_nothing_answers_a_question_without_judgements() -> None:
    assert _dataset({"q1": {"a": 1}}).answering("q9") == frozenset()
