"""The stored baseline, scored anew with today's judgements."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from evaluation.samples import asked, dataset, question, ranking, report

from qa.datatypes import Outcome
from qa.errors import DatasetError
from qa.evaluation.baseline import Baseline, read_baseline, write_baseline
from qa.evaluation.comparison import compare_runs
from qa.evaluation.evaluate import scored_run
from qa.evaluation.gate import Drop, Gate, judge, value_of
from qa.evaluation.measures import JUDGED
from qa.evaluation.outcomes import answer_measures
from qa.evaluation.refusal import refusal_measures
from qa.evaluation.report import Report

QUESTIONS = [question("a", "ja"), question("b", "zh-Hans"), question("n", "en", answerable=False)]
QRELS = {"a": {"povo#fees": 2, "povo#sim": 1}, "b": {"linemo#fees": 2}}
RANKINGS = {"a": ranking("povo#sim", "povo#fees"), "b": ranking("linemo#fees", "povo#fees")}
ANSWERS = [
    asked("a", language="ja", cited=["povo#sim", "povo#fees"], confidence=0.8125, holds_evidence=False),
    asked("b", language="zh-Hans", cited=["linemo#fees"], confidence=0.9375, right=True, holds_evidence=True),
    asked("n", language="en", answerable=False, outcome=Outcome.RELATED, cited=["povo#sim"], confidence=0.5, exact=False),
]
REPORT = report(dataset(QUESTIONS, QRELS), {"hybrid": RANKINGS}, ANSWERS)


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[Report], Baseline]:
    """Return a function that writes a report's run as baseline and reads it back."""

    def store(of: Report) -> Baseline:
        write_baseline(tmp_path / "baseline.json", of, of.runs[-1])
        return read_baseline(tmp_path / "baseline.json")

    return store


def test_a_baseline_that_is_written_and_read_gives_the_same_figures(stored: Callable[[Report], Baseline]) -> None:
    baseline = stored(REPORT)
    assert scored_run(REPORT, baseline.run()).values == REPORT.runs[0].values
    was = baseline.asked(REPORT)
    assert answer_measures(was) == answer_measures(ANSWERS)
    assert refusal_measures(was) == refusal_measures(ANSWERS)
    assert was == [replace(each, quotes=()) for each in ANSWERS]


def test_a_baseline_gives_the_same_figures_also_for_long_rankings(stored: Callable[[Report], Baseline]) -> None:
    long = [f"povo#s{number}" for number in range(30)]
    judged = dataset([question("a")], {"a": {long[0]: 2, long[24]: 2}})
    deep = report(judged, {"hybrid": {"a": ranking(*long)}})
    assert deep.runs[0].values["AP"]["a"] == pytest.approx((1 / 1 + 2 / 25) / 2)
    assert scored_run(deep, stored(deep).run()).values == deep.runs[0].values


def test_a_baseline_tells_confidences_apart_as_the_assistant_did(stored: Callable[[Report], Baseline]) -> None:
    answers = [
        asked("a", confidence=0.7312345, language="ja"),
        asked("b", confidence=0.9, language="zh-Hans"),
        asked("n", confidence=0.7312344, answerable=False, language="en"),
    ]
    close = report(REPORT.dataset, {"hybrid": RANKINGS}, answers)
    assert refusal_measures(stored(close).asked(close)) == refusal_measures(answers)


def test_judgements_that_changed_since_apply_to_the_baseline_too(stored: Callable[[Report], Baseline]) -> None:
    baseline = stored(REPORT)
    judged_anew = report(dataset(QUESTIONS, {**QRELS, "a": {"povo#sim": 2}}), {"hybrid": RANKINGS}, ANSWERS)
    assert [each.right for each in baseline.asked(REPORT)] == [False, True, False]
    assert [each.right for each in baseline.asked(judged_anew)] == [True, True, False]
    assert scored_run(REPORT, baseline.run()).values["RR(rel=2)@10"] == {"a": 1 / 2, "b": 1.0}
    assert scored_run(judged_anew, baseline.run()).values["RR(rel=2)@10"] == {"a": 1.0, "b": 1.0}


def test_a_question_that_has_become_unanswerable_since_is_scored_as_such(stored: Callable[[Report], Baseline]) -> None:
    baseline = stored(REPORT)
    now = report(
        dataset([QUESTIONS[0], replace(QUESTIONS[1], answerable=False), QUESTIONS[2]], {"a": QRELS["a"]}),
        {"hybrid": {"a": RANKINGS["a"]}},
        ANSWERS,
    )
    assert [each.answerable for each in baseline.asked(now)] == [each.answerable for each in ANSWERS]
    changed = report(
        now.dataset, {"hybrid": {"a": RANKINGS["a"]}}, [ANSWERS[0], replace(ANSWERS[1], answerable=False), ANSWERS[2]]
    )
    assert [each.answerable for each in baseline.asked(changed)] == [True, False, False]
    assert set(scored_run(changed, baseline.run()).values["AP"]) == {"a"}


def with_new_questions(value: float) -> Report:
    """Return a report on two more questions, which score 1; the old ones score value, 1 or 1/2."""
    new = [question("c", "ja"), question("d", "ja")]
    qrels = {each: {"povo#fees": 2} for each in "abcd"}
    old = ranking("povo#fees") if value == 1 else ranking("povo#sim", "povo#fees")
    rankings = {"a": old, "b": old, "c": ranking("povo#fees"), "d": ranking("povo#fees")}
    answers = [*ANSWERS, asked("c", confidence=0.9), asked("d", confidence=0.9)]
    return report(dataset([*QUESTIONS, *new], qrels), {"hybrid": rankings}, answers, {"language": {"ja": ["a", "c", "d"]}})


@pytest.fixture
def before() -> Report:
    """Return a report on the questions a and b, each of which scores 1."""
    qrels = {each: {"povo#fees": 2} for each in "ab"}
    return report(dataset(QUESTIONS, qrels), {"hybrid": dict.fromkeys("ab", ranking("povo#fees"))}, ANSWERS)


def test_questions_that_are_new_since_are_not_compared(stored: Callable[[Report], Baseline], before: Report) -> None:
    baseline, now = stored(before), with_new_questions(1)
    assert [each.question_id for each in baseline.asked(now)] == ["a", "b", "n"]
    found = compare_runs(scored_run(now, baseline.run()), now.runs[0], now.headline)
    assert found.changed == ()
    assert [(each.measure, each.wins, each.losses, each.ties) for each in found.differences] == [
        (measure, 0, 0, 2) for measure in now.measures if measure != JUDGED
    ]


@pytest.mark.parametrize("cell", ["all", "language:ja"])
def test_questions_that_are_new_since_do_not_hide_a_drop_of_the_old_ones(
    cell: str, stored: Callable[[Report], Baseline], before: Report
) -> None:
    baseline, now = stored(before), with_new_questions(1 / 2)
    was = value_of(now, scored_run(now, baseline.run()), baseline.asked(now))
    gate = Gate(drop=(Drop(measure="RR@10", cell=cell, most=0.1),))
    assert was("RR@10", cell) == 1.0
    assert not judge(gate, "gate.toml", value_of(now, now.runs[0], now.asked), was).met


@pytest.mark.parametrize("more", [0.01234, -0.01234])
def test_a_report_never_drops_below_its_own_baseline(more: float, stored: Callable[[Report], Baseline]) -> None:
    answers = [replace(each, confidence=each.confidence + more) for each in ANSWERS]
    same = report(REPORT.dataset, {"hybrid": RANKINGS}, answers)
    baseline = stored(same)
    names = [
        *same.measures,
        "answered",
        "right",
        "holds_evidence",
        "exact",
        "area",
        "error_at_90",
        "calibration_error",
        "recall",
    ]
    gate = Gate(drop=tuple(Drop(measure=name, most=0) for name in names))
    was = value_of(same, scored_run(same, baseline.run()), baseline.asked(same))
    verdict = judge(gate, "gate.toml", value_of(same, same.runs[0], same.asked), was)
    assert [check.measure for check in verdict.checks if not check.met] == []


def test_questions_that_are_gone_since_are_left_out(stored: Callable[[Report], Baseline]) -> None:
    now = report(dataset(QUESTIONS[:1], {"a": QRELS["a"]}), {"hybrid": {"a": RANKINGS["a"]}}, ANSWERS[:1])
    baseline = stored(REPORT)
    assert [each.question_id for each in baseline.asked(now)] == ["a"]
    assert list(scored_run(now, baseline.run()).values["AP"]) == ["a"]


def test_a_baseline_is_named_as_such(stored: Callable[[Report], Baseline]) -> None:
    assert stored(REPORT).run().name == "hybrid, baseline"


def test_a_baseline_is_json_with_one_question_a_line_and_the_figures_it_was_accepted_with(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(path, REPORT, REPORT.runs[0])
    text = path.read_text("utf-8")
    whole = json.loads(text)
    assert list(whole["questions"]) == ["a", "b", "n"]
    assert whole["measures"]["RR(rel=2)@10"] == pytest.approx((1 / 2 + 1) / 2)
    assert whole["provenance"] == REPORT.provenance
    for each in QUESTIONS:
        (line,) = (line for line in text.splitlines() if line.strip().startswith(f'"{each.question_id}":'))
        assert json.loads("{" + line.removesuffix(",") + "}") == {each.question_id: whole["questions"][each.question_id]}


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        write_baseline(tmp_path / name, REPORT, REPORT.runs[0])
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_unanswerable_questions_have_an_outcome_and_no_ranking(tmp_path: Path) -> None:
    write_baseline(tmp_path / "baseline.json", REPORT, REPORT.runs[0])
    row = json.loads((tmp_path / "baseline.json").read_text("utf-8"))["questions"]["n"]
    assert set(row) == {"answer"}


def test_a_baseline_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text('{"format": 0}', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"baseline\.json is of another version.*--update-baseline"):
        read_baseline(path)


def written(**answer: Any) -> str:
    """Return a baseline whose one answer has these values; None takes one out."""
    whole = {**asdict(ANSWERS[0]), **answer}
    kept = {key: value for key, value in whole.items() if value is not None}
    return json.dumps({"format": 1, "questions": {"a": {"ranking": ["povo#fees"], "answer": kept}}})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "<<<<<<< HEAD\n{}\n",
        "[]",
        "1",
        "null",
        "{}",
        '{"format": 1}',
        '{"format": 1, "questions": []}',
        '{"format": 1, "questions": {"a": 1}}',
        '{"format": 1, "questions": {"a": {"ranking": 1}}}',
        '{"format": 1, "questions": {"a": {"answer": {}}}}',
        '{"format": 1, "questions": {"a": {"answer": 1}}}',
        written(outcome="perhaps"),
        written(confidence="high"),
        written(cited=1),
        written(exact=None),
    ],
)
def test_a_damaged_baseline_is_refused_with_its_mend(text: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"baseline\.json is no baseline\. Mend: qa eval --update-baseline"):
        read_baseline(path).asked(REPORT)


def test_a_baseline_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_bytes(b'{"format": "\xff"}')
    with pytest.raises(DatasetError, match="is no baseline"):
        read_baseline(tmp_path / "baseline.json")
