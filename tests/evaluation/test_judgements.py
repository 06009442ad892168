from __future__ import annotations

from pathlib import Path

import pytest
from evaluation.datasets import faults_of, written

from qa.evaluation.judgements import FIRST, SECOND, Judgement, Judgements, qrels_lines, read_judgements

QUESTIONS = ("q1", "q2")
SECTIONS = ("povo#fees", "povo#sim", "linemo#fees")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in which the judges agree on one pair and differ on another, which is settled; each judged one alone."""
    written(tmp_path / "first.tsv", "q1\t0\tpovo#fees\t2", "q1\t0\tpovo#sim\t1", "q2\t0\tlinemo#fees\t0")
    written(tmp_path / "second.tsv", "q1\t0\tpovo#fees\t2", "q1\t0\tpovo#sim\t0", "q2\t0\tpovo#fees\t1")
    written(tmp_path / "settled.tsv", "q1\t0\tpovo#sim\t0\tanother matter")
    return tmp_path


def _read(folder: Path) -> Judgements:
    return read_judgements(folder, QUESTIONS, SECTIONS)


def test_what_each_judge_said_is_kept(folder: Path) -> None:
    assert _read(folder) == Judgements(
        judged=(
            Judgement("q1", "povo#fees", 2, 2),
            Judgement("q1", "povo#sim", 1, 0),
            Judgement("q2", "linemo#fees", 0, None),
            Judgement("q2", "povo#fees", None, 1),
        ),
        settled={("q1", "povo#sim"): (0, "another matter")},
    )


def test_others_judgements_are_read_by_name_and_decide_nothing(folder: Path) -> None:
    before = _read(folder).qrels()
    written(folder / "compared/older.tsv", "q1\t0\tpovo#fees\t1", "q2\t0\tpovo#sim\t2")
    written(folder / "compared/desk.tsv", "q1\t0\tpovo#fees\t0")

    assert _read(folder).compared == {
        "desk": {"q1": {"povo#fees": 0}},
        "older": {"q1": {"povo#fees": 1}, "q2": {"povo#sim": 2}},
    }
    assert _read(folder).qrels() == before


def test_a_grade_is_as_settled_else_as_both_say_else_as_the_only_judge_says(folder: Path) -> None:
    assert _read(folder).qrels() == {"q1": {"povo#fees": 2, "povo#sim": 0}, "q2": {"linemo#fees": 0, "povo#fees": 1}}


def test_a_settled_grade_is_the_last_word_also_where_both_agreed(folder: Path) -> None:
    written(folder / "settled.tsv", "q1\t0\tpovo#fees\t1\tonly half of it", "q1\t0\tpovo#sim\t1\tnext to it")

    assert _read(folder).qrels()["q1"] == {"povo#fees": 1, "povo#sim": 1}


def test_differences_that_nobody_settled_are_named(folder: Path) -> None:
    assert _read(folder).unsettled == ()

    written(folder / "settled.tsv")
    assert _read(folder).unsettled == (Judgement("q1", "povo#sim", 1, 0),)


def test_only_what_both_judged_counts_as_judged_twice(folder: Path) -> None:
    assert [each.section_id for each in _read(folder).twice] == ["povo#fees", "povo#sim"]


def test_a_judge_is_left_what_is_pooled_and_what_the_other_judged(folder: Path) -> None:
    judgements = _read(folder)
    pooled = {"q1": ["povo#fees", "linemo#fees"], "q2": ["povo#sim"]}

    assert judgements.left_to(FIRST, pooled) == {"q1": ["linemo#fees"], "q2": ["povo#sim", "povo#fees"]}
    assert judgements.left_to(SECOND, pooled) == {"q1": ["linemo#fees"], "q2": ["povo#sim", "linemo#fees"]}
    assert pooled == {"q1": ["povo#fees", "linemo#fees"], "q2": ["povo#sim"]}


def test_qrels_stand_by_question_then_by_grade_from_the_highest() -> None:
    lines = qrels_lines({"q2": {"b#x": 0, "a#x": 0}, "q1": {"a#x": 1, "b#x": 2}})

    assert lines.splitlines() == ["q1\t0\tb#x\t2", "q1\t0\ta#x\t1", "q2\t0\ta#x\t0", "q2\t0\tb#x\t0"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("q1\t0\tpovo#sim\t0", "a line is question, 0, section, grade (0, 1 or 2) and reason, separated by tabs [form]"),
        ("q1\t0\tpovo#sim\t0\t ", "a line is question, 0, section, grade (0, 1 or 2) and reason, separated by tabs [form]"),
        ("q1\t0\tpovo#sim\t3\twhy", "a line is question, 0, section, grade (0, 1 or 2) and reason, separated by tabs [form]"),
        ("q2\t0\tpovo#sim\t1\twhy", "no judge judged 'q2' and 'povo#sim' [not-judged]"),
    ],
)
def test_a_line_of_what_was_settled_that_cant_be_is_named(folder: Path, line: str, fault: str) -> None:
    written(folder / "settled.tsv", "q1\t0\tpovo#sim\t0\tanother matter", "", line)

    assert faults_of(lambda: _read(folder)) == [f"settled.tsv:3: {fault}"]


def test_what_is_settled_twice_is_named(folder: Path) -> None:
    written(folder / "settled.tsv", *["q1\t0\tpovo#sim\t0\tanother matter"] * 2)

    assert faults_of(lambda: _read(folder)) == ["settled.tsv:2: 'q1' and 'povo#sim' are settled above [judged-twice]"]


def test_a_grade_above_two_is_refused(folder: Path) -> None:
    written(folder / "second.tsv", "q1\t0\tpovo#fees\t3")

    assert faults_of(lambda: _read(folder)) == ["second.tsv:1: the grade 3 is above 2, the highest [grade]"]


@pytest.mark.parametrize("name", ["first.tsv", "second.tsv"])
def test_a_judgement_of_what_isnt_there_is_named(folder: Path, name: str) -> None:
    written(folder / name, "q1\t0\tpovo#fees\t2", "q9\t0\tpovo#fees\t2", "q1\t0\tpovo#nothing\t2")

    assert faults_of(lambda: _read(folder)) == [
        f"{name}:2: there is no question 'q9' [unknown-question]",
        f"{name}:3: there is no section 'povo#nothing' [unknown-section]",
    ]
