from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import ir_measures
import numpy as np
import pytest
from evaluation.datasets import error_of, faults_of, written
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.evaluation.measures import MEASURES, score
from qa.evaluation.trec import Ranking, in_order, read_qrels, read_run, run_lines, separated

DOCUMENTS = ("d1", "d2", "d10", "D2", "é", "e\u0301", "号码保管", "povo#fees", "\uffee", "\U00020bb7", *"ABCDEFGHIJKLMN")
_scores = st.one_of(
    st.sampled_from([0.0, -0.0, 0.5, 0.5 + 1e-9, 0.5 + 2e-9, 1.0, 1.0 - 1e-9, 1e-9, -1e-9, 20.0]),
    st.floats(-1e6, 1e6, allow_subnormal=False),
)


@st.composite
def _ranked(draw: st.DrawFn) -> Ranking:
    """Draw a ranking, best first, with many equal and almost equal scores."""
    documents = draw(st.permutations(DOCUMENTS))[: draw(st.integers(1, len(DOCUMENTS)))]
    scores = draw(st.lists(_scores, min_size=len(documents), max_size=len(documents)))
    return list(zip(documents, sorted(scores, reverse=True), strict=True))


# --- judgements


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    return read_qrels(path, {"q1", "q2"}, {"d1", "d2", "povo#fees"}, "document")


@pytest.mark.parametrize(
    "lines",
    [
        ["q1\t0\td1\t2", "q1\t0\tpovo#fees\t0", "q2\tQ0\td2\t1"],
        ["q1 0 d1 2", "q1   0  povo#fees   0  ", "q2 Q0 d2 1"],
        ["q1\td1\t2", "q1\tpovo#fees\t0", "q2\td2\t1"],
        ["q1 d1 2", "q1 povo#fees 0", "q2 d2 1"],
        ["query-id\tcorpus-id\tscore", "q1\td1\t2", "q1\tpovo#fees\t0", "q2\td2\t1"],
        ["topic iteration document Relevance", "q1 0 d1 2", "q1 0 povo#fees 0", "q2 0 d2 1"],
        ["q1\t0\td1\t2 ", "q1\t0\t povo#fees\t0", "", " q2\t0\td2\t+1"],
    ],
    ids=["TREC, tabs", "TREC, spaces", "BEIR, tabs", "three, spaces", "BEIR with header", "TREC with header", "space around"],
)
def test_judgements_of_three_and_four_columns_are_read(tmp_path: Path, lines: list[str]) -> None:
    path = written(tmp_path / "qrels.tsv", *lines)

    assert _qrels(path) == {"q1": {"d1": 2, "povo#fees": 0}, "q2": {"d2": 1}}


def test_judgements_of_a_file_with_bom_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_bytes("\ufeffquery-id\tcorpus-id\tscore\r\nq1\td1\t1\r\n\r\nq2\td1\t2\r\n".encode())

    assert _qrels(path) == {"q1": {"d1": 1}, "q2": {"d1": 2}}


def test_an_iteration_between_tabs_may_be_empty(tmp_path: Path) -> None:
    assert _qrels(written(tmp_path / "qrels.tsv", "q1\t\td1\t1")) == {"q1": {"d1": 1}}


def test_a_negative_grade_counts_as_0(tmp_path: Path) -> None:
    assert _qrels(written(tmp_path / "qrels.tsv", "q1 0 d1 -2", "q1 0 d2 1", "q1 0 d1 0")) == {"q1": {"d1": 0, "d2": 1}}


def test_the_same_grade_twice_is_no_fault(tmp_path: Path) -> None:
    assert _qrels(written(tmp_path / "qrels.tsv", "q1 0 d1 1", "q1 0 d1 1")) == {"q1": {"d1": 1}}


def test_a_file_without_judgements_judges_nothing(tmp_path: Path) -> None:
    assert _qrels(written(tmp_path / "qrels.tsv", "query-id\tcorpus-id\tscore")) == {}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("q1", "qrels.tsv:3: 1 columns, where 4 (TREC) or 3 (BEIR) are expected [columns]"),
        ("q1 1", "qrels.tsv:3: 2 columns, where 4 (TREC) or 3 (BEIR) are expected [columns]"),
        ("q1 0 d1 1 x", "qrels.tsv:3: 5 columns, where 4 (TREC) or 3 (BEIR) are expected [columns]"),
        ("q1\t0\td1\t1\t", "qrels.tsv:3: 5 columns, where 4 (TREC) or 3 (BEIR) are expected [columns]"),
        ("q1 0 d2 1.0", "qrels.tsv:3: the grade '1.0' is no whole number [grade]"),
        ("q1 0 d2 ²", "qrels.tsv:3: the grade '²' is no whole number [grade]"),
        ("q1 0 d2 nan", "qrels.tsv:3: the grade 'nan' is no whole number [grade]"),
        ("q1\t0\td2\t", "qrels.tsv:3: there is no grade yet: judge it, or leave the line out [no-grade]"),
        ("q1\t0\td2\t?", "qrels.tsv:3: there is no grade yet: judge it, or leave the line out [no-grade]"),
        ("query-id corpus-id score", "qrels.tsv:3: the grade 'score' is no whole number [grade]"),
        ("q9 0 d1 1", "qrels.tsv:3: there is no question 'q9' [unknown-question]"),
        ("Q1 0 d1 1", "qrels.tsv:3: there is no question 'Q1' [unknown-question]"),
        ("q1 0 d9 1", "qrels.tsv:3: there is no document 'd9' [unknown-document]"),
        ("q1 0 d1 2", "qrels.tsv:3: 'q1' and 'd1' have another grade above [judged-twice]"),
    ],
)
def test_a_faulty_judgement_is_named_by_its_line(tmp_path: Path, line: str, fault: str) -> None:
    path = written(tmp_path / "qrels.tsv", "q1 0 d1 1", "", line, "q2 0 d1 1")

    assert faults_of(lambda: _qrels(path)) == [fault]


@pytest.mark.parametrize("grade", ["9" * 5000, str(2**63), "-" + "9" * 5000], ids=["5000 digits", "2^63", "negative"])
def test_a_grade_that_no_judge_gives_is_a_fault(tmp_path: Path, grade: str) -> None:
    # The scorer takes memory for each possible grade, and a grade beyond its integers ends the process.
    path = written(tmp_path / "qrels.tsv", "q1 0 d1 1", f"q1 0 d2 {grade}")

    assert [fault[:13] for fault in faults_of(lambda: _qrels(path))] == ["qrels.tsv:2: "]


def test_all_faults_of_judgements_are_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path / "qrels.tsv", "q1 0 d1 1", "q1", "q9 0 d1 1", "q1 0 d9 1", "q1 0 d1 x", "q1 0 d1 2")

    error = error_of(lambda: _qrels(path))

    assert [(problem.line, problem.rule) for problem in error.problems] == [
        (2, "columns"),
        (3, "unknown-question"),
        (4, "unknown-document"),
        (5, "grade"),
        (6, "judged-twice"),
    ]
    assert str(error) == f"5 faults in {path}; nothing was measured. Mend them, then run it again"


def test_of_many_faults_the_first_twenty_are_told_and_all_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "qrels.tsv", *(f"q1 0 x{number} 1" for number in range(1, 24)))

    error = error_of(lambda: _qrels(path))

    assert [problem.line for problem in error.problems] == list(range(1, 21))
    assert str(error).startswith(f"23 faults in {path}, the first 20 are listed")


def test_judgements_of_sections_call_them_sections(tmp_path: Path) -> None:
    path = written(tmp_path / "qrels.tsv", "q1 0 povo#gone 1")

    assert faults_of(lambda: read_qrels(path, {"q1"}, {"povo#fees"}, "section")) == [
        "qrels.tsv:1: there is no section 'povo#gone' [unknown-section]"
    ]


# --- scores without ties


@settings(deadline=None)
@given(_ranked())
@example([("a", 0.5), ("b", 0.5 - 1e-9), ("c", 0.5 - 2e-9)])
@example([("a", 0.0), ("b", 0.0), ("c", -0.0)])
def test_separated_scores_fall_strictly_in_single_precision_in_the_same_order(ranking: Ranking) -> None:
    found = separated(ranking)
    singles = np.array([value for _, value in found], np.float32)

    assert [document for document, _ in found] == [document for document, _ in ranking]
    assert (singles[1:] < singles[:-1]).all()
    assert singles.astype(float).tolist() == [value for _, value in found]


@settings(deadline=None)
@given(_ranked())
def test_separating_what_is_separated_changes_nothing(ranking: Ranking) -> None:
    once = separated(ranking)

    assert separated(once) == once


@given(st.floats(0, 1), st.integers(1, 100))
@example(1.0, 100)
@example(0.0, 100)
def test_separated_scores_stay_within_a_hundred_thousandth_of_what_they_were(value: float, length: int) -> None:
    assert all(abs(found - value) < 1e-5 for _, found in separated([(str(rank), value) for rank in range(length)]))


def test_scores_that_single_precision_tells_apart_stay_as_they_are() -> None:
    assert separated([("b", 0.75), ("a", 0.5), ("c", -0.25)]) == [("b", 0.75), ("a", 0.5), ("c", -0.25)]


def test_an_equal_score_falls_by_the_smallest_step_of_single_precision() -> None:
    step = 2**-24  # between 1/2 and 1

    assert separated([("a", 0.75), ("b", 0.75), ("c", 0.75)]) == [("a", 0.75), ("b", 0.75 - step), ("c", 0.75 - 2 * step)]


def test_nothing_ranked_is_nothing_separated() -> None:
    assert separated([]) == []


def test_a_ranking_is_ordered_by_score_and_equal_ones_by_descending_id() -> None:
    ranking = [("d10", 0.5), ("d2", 0.5 + 1e-9), ("a", 0.25), ("é", 0.5), ("b", 2.0)]

    assert [document for document, _ in in_order(ranking)] == ["b", "é", "d2", "d10", "a"]


# --- runs


def test_a_run_is_written_in_trecs_six_columns() -> None:
    text = run_lines("hybrid", {"q1": [("povo#fees", 0.75), ("号码", 0.1)], "q2": [], "q10": [("a", 1e-9)]})

    assert text == ("q1 Q0 povo#fees 1 0.75 hybrid\nq1 Q0 号码 2 0.1 hybrid\nq10 Q0 a 1 1e-09 hybrid\n")


def _run(path: Path) -> dict[str, Ranking]:
    return read_run(path, {"q1", "q2"}, {"d1", "d2", "d10"}, "document")


def test_a_run_is_read_by_its_scores_not_by_its_ranks_or_lines(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.run",
        "q2 Q0 d1 7 -3e-1 x",
        "q1 Q0 d10 1 0.5 x",
        "",
        "q1\tQ0\td1\t2\t0.25\tx",
        "q1 Q0 d2 3 0.5 x",
    )

    assert _run(path) == {"q2": [("d1", -0.3)], "q1": [("d2", 0.5), ("d10", 0.5), ("d1", 0.25)]}


def test_a_run_with_bom_and_crlf_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    path.write_bytes("\ufeffq1 Q0 d1 1 2 x\r\nq1 Q0 d2 2 1 x\r\n".encode())

    assert _run(path) == {"q1": [("d1", 2.0), ("d2", 1.0)]}


def test_questions_that_are_not_asked_are_left_out_with_their_documents(tmp_path: Path) -> None:
    path = written(tmp_path / "a.run", "q9 Q0 elsewhere 1 nan x", "q1 Q0 d1 1 1 x")

    assert _run(path) == {"q1": [("d1", 1.0)]}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("q1 Q0 d2 2 0.5", "a.run:2: 5 columns, where a TREC run has 6 [columns]"),
        ("q1 Q0 d2 2 0.5 my run", "a.run:2: 7 columns, where a TREC run has 6 [columns]"),
        ("q9", "a.run:2: 1 columns, where a TREC run has 6 [columns]"),
        ("q1 Q0 d2 2 nan x", "a.run:2: the score 'nan' is no number [score]"),
        ("q1 Q0 d2 2 -inf x", "a.run:2: the score '-inf' is no number [score]"),
        ("q1 Q0 d2 2 1e400 x", "a.run:2: the score '1e400' is no number [score]"),
        ("q1 Q0 d2 2 0,5 x", "a.run:2: the score '0,5' is no number [score]"),
        ("q1 Q0 d9 2 0.5 x", "a.run:2: there is no document 'd9' [unknown-document]"),
        ("q1 Q0 d1 2 0.5 x", "a.run:2: 'd1' is ranked twice for 'q1' [duplicate-id]"),
    ],
)
def test_a_faulty_line_of_a_run_is_named(tmp_path: Path, line: str, fault: str) -> None:
    path = written(tmp_path / "a.run", "q1 Q0 d1 1 0.75 x", line, "q2 Q0 d1 1 0.75 x")

    assert faults_of(lambda: _run(path)) == [fault]


@pytest.mark.parametrize("value", ["1e39", "-1e39"])
def test_a_score_beyond_single_precision_in_which_runs_are_compared_is_a_fault(tmp_path: Path, value: str) -> None:
    path = written(tmp_path / "a.run", "q1 Q0 d1 1 0.75 x", f"q1 Q0 d2 2 {value} x")

    assert [fault[:9] for fault in faults_of(lambda: _run(path))] == ["a.run:2: "]


def test_all_faults_of_a_run_are_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path / "a.run", "q1 Q0 d1 1 x x", "q1", "q1 Q0 d9 1 1 x", "q1 Q0 d2 1 1 x", "q1 Q0 d2 1 1 x")

    assert [fault.partition(": ")[0] for fault in faults_of(lambda: _run(path))] == ["a.run:1", "a.run:2", "a.run:3", "a.run:5"]


@pytest.mark.parametrize("lines", [[], ["", " "], ["q9 Q0 d1 1 1 x"]], ids=["empty", "blank", "of other questions"])
def test_a_run_that_ranks_nothing_for_the_questions_is_refused(tmp_path: Path, lines: list[str]) -> None:
    path = written(tmp_path / "a.run", *lines)

    assert str(error_of(lambda: _run(path))).startswith(f"{path} ranks nothing for these questions. Mend: ")


def _scored_from_files(run: Path, qrels: Path) -> dict[str, dict[str, float]]:
    """Return what ir_measures itself makes of the two files."""
    metrics = ir_measures.iter_calc(
        [ir_measures.parse_measure(measure) for measure in MEASURES],
        list(ir_measures.read_trec_qrels(str(qrels))),
        list(ir_measures.read_trec_run(str(run))),
    )
    values: dict[str, dict[str, float]] = {}
    for metric in metrics:
        values.setdefault(str(metric.measure), {})[metric.query_id] = metric.value
    return values


_judged = st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 2), min_size=1)
_rankings = st.dictionaries(st.sampled_from(["q1", "q2", "質問"]), _ranked(), min_size=1)


@settings(deadline=None)
@given(_rankings, st.fixed_dictionaries(dict.fromkeys(("q1", "q2", "質問"), _judged)))
@example(
    {"q1": [("d2", 0.5), ("d10", 0.5), ("é", 0.5)], "q2": [("d10", 0.5 + 1e-9), ("d2", 0.5)], "質問": [("é", 1.0)]},
    {"q1": {"d10": 1, "é": 2}, "q2": {"d10": 1}, "質問": {"e\u0301": 1}},
)
def test_a_written_run_is_read_back_and_scored_by_ir_measures_to_the_same_figures(
    tmp_path_factory: pytest.TempPathFactory, rankings: dict[str, Ranking], qrels: Mapping[str, Mapping[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    found = {question: separated(ranking) for question, ranking in rankings.items()}
    run = folder / "hybrid.run"
    run.write_text(run_lines("hybrid", found), encoding="utf-8")
    judged = [f"{question} 0 {document} {grade}" for question, grades in qrels.items() for document, grade in grades.items()]
    expected = score(MEASURES, qrels, found)

    assert read_run(run, qrels, DOCUMENTS, "document") == found
    assert list(read_run(run, qrels, DOCUMENTS, "document")) == list(found)
    theirs = _scored_from_files(run, written(folder / "qrels.txt", *judged))
    assert set(theirs) == set(expected)
    for measure, values in expected.items():
        assert theirs[measure] == pytest.approx(values, abs=1e-9), measure
