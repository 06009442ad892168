"""What an evaluation found, as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from evaluation.samples import asked, dataset, question, ranking, report

from qa.datatypes import Outcome
from qa.evaluation.comparison import compare_runs
from qa.evaluation.dataset import Unit
from qa.evaluation.gate import Check, Verdict
from qa.evaluation.measures import ANSWER_MEASURES, MEASURES
from qa.evaluation.report import Report, Seconds, as_json, interval, latency, question_rows
from qa.evaluation.significance import bootstrap_interval

LANGUAGES = {"a": "zh-Hans", "b": "zh-Hans", "c": "ja", "d": "ja", "e": "en"}
QUESTIONS = [
    *[question(each, language, split="dev" if each in "ab" else "test") for each, language in LANGUAGES.items()],
    question("n", "en", split="test", answerable=False, near_miss=True),
]
DATASET = dataset(QUESTIONS, {each: {"povo#fees": 2, "povo#sim": 1} for each in LANGUAGES})
OLD = dict.fromkeys(LANGUAGES, ranking("povo#sim", "povo#fees"))
NEW = {**OLD, "a": ranking("povo#fees"), "b": ranking("povo#fees", "povo#sim"), "e": []}
CELLS = {
    "language": {"en": ["e"], "ja": ["c", "d"], "zh-Hans": ["a", "b"]},
    "split": {"dev": ["a", "b"], "test": ["c", "d", "e"]},
}
ANSWERS = [
    asked("a", language="zh-Hans", cited=["povo#fees"], right=True, confidence=0.9, holds_evidence=True, split="dev"),
    asked("b", language="zh-Hans", cited=["povo#sim"], confidence=0.8, split="dev"),
    asked("c", language="ja", outcome=Outcome.NOT_COVERED, confidence=0.1, split="test"),
    asked("d", language="ja", outcome=Outcome.RELATED, cited=["povo#sim"], confidence=0.4, split="test"),
    asked("e", language="en", cited=["povo#fees"], right=True, confidence=0.7, split="test"),
    asked("n", language="en", answerable=False, cited=["povo#sim"], confidence=0.75, split="test"),
]


@pytest.fixture
def found() -> Report:
    """Return a report on two runs with a comparison and a verdict."""
    made = report(DATASET, {"lexical": OLD, "new/hybrid": NEW}, ANSWERS, CELLS, milliseconds={"a": 2.0, "b": 4.0, "c": 9.0})
    verdict = Verdict(False, "gate.toml", (Check("AP", "all", 0.5, "at least 0.6", met=False),))
    old, new = made.runs
    return replace(made, comparisons=(compare_runs(old, new, made.headline),), gate=verdict)


def strictly(value: Any) -> Any:
    """Return value as it comes back from JSON; an error where JSON can't hold it as it is."""
    return json.loads(json.dumps(value, allow_nan=False))


def test_a_report_is_json_without_nan_and_has_the_keys_of_the_contract(found: Report) -> None:
    whole = strictly(as_json(found))
    assert {"dataset", "provenance", "runs", "refusal", "gate"} <= set(whole)
    assert whole["dataset"] == "sample"
    assert whole["provenance"] == {"command": "qa eval", "questions": {"unit": "section"}}
    assert [run["mode"] for run in whole["runs"]] == ["lexical", "hybrid"]
    assert [run["name"] for run in whole["runs"]] == ["lexical", "new/hybrid"]
    for run in whole["runs"]:
        assert set(run["measures"]) == {*MEASURES, *ANSWER_MEASURES}
        assert set(run["by_language"]) == {"en", "ja", "zh-Hans"}
        assert set(run["latency_ms"]) == {"p50", "p95"}
    assert whole["gate"] == {
        "met": False,
        "file": "gate.toml",
        "checks": [{"measure": "AP", "cell": "all", "value": 0.5, "limit": "at least 0.6", "met": False}],
    }


def test_measures_are_means_over_all_questions_and_over_each_cell(found: Report) -> None:
    old, new = as_json(found)["runs"]
    assert old["measures"]["RR(rel=2)@10"] == 1 / 2
    assert new["measures"]["RR(rel=2)@10"] == pytest.approx((1 + 1 + 1 / 2 + 1 / 2 + 0) / 5)
    assert {name: cell["RR(rel=2)@10"] for name, cell in new["by_language"].items()} == {"zh-Hans": 1.0, "ja": 0.5, "en": 0.0}
    assert {name: cell["questions"] for name, cell in new["by_split"].items()} == {"dev": 2, "test": 3}
    assert new["questions"] == 5
    assert new["by_operator"] == new["by_topic"] == new["by_pair"] == {}


def test_intervals_are_those_of_the_bootstrap(found: Report) -> None:
    values = np.array([1, 1, 1 / 2, 1 / 2, 0])
    assert interval(found.runs[1], "RR(rel=2)@10") == bootstrap_interval(values)
    assert as_json(found)["runs"][1]["intervals"]["RR(rel=2)@10"] == pytest.approx(list(bootstrap_interval(values)), abs=1e-6)


def test_the_worst_cell_of_each_kind_is_named_where_there_are_enough_questions(found: Report) -> None:
    assert as_json(found)["runs"][1]["worst"] == {}  # no cell has five
    ids = [f"q{number}" for number in range(10)]
    many = report(
        dataset([question(each) for each in ids], {each: {"x": 1} for each in ids}),
        {"hybrid": {each: ranking("x") if each < "q5" else ranking("y", "x") for each in ids}},
        cells={"topic": {"fees": ids[:5], "sim": ids[5:]}, "language": {"ja": ids}},
    )
    assert as_json(many)["runs"][0]["worst"] == {"topic": {"cell": "sim", "measure": "RR@10", "value": 0.5}}


def test_answers_and_refusal_are_given_over_all_by_language_and_by_split(found: Report) -> None:
    whole = as_json(found)
    answers, refusal = whole["answers"], whole["refusal"]
    assert (answers["questions"], answers["answered"], answers["right"]) == (5, 3 / 5, 0.666667)
    assert {name: each["answered"] for name, each in answers["by_language"].items()} == {"en": 1.0, "ja": 0.0, "zh-Hans": 1.0}
    assert {name: each["questions"] for name, each in answers["by_split"].items()} == {"dev": 2, "test": 3}
    assert (refusal["unanswerable"], refusal["false_answers"], refusal["recall"]) == (1, 1.0, 0.0)
    assert refusal["by_language"]["ja"]["area"] is None
    assert refusal["by_language"]["en"]["area"] == (1 / 1 + 1 / 2) / 2  # the unanswerable question is the surer one
    assert [point["threshold"] for point in refusal["curve"]] == [0.9, 0.8, 0.75, 0.7, 0.4, 0.1]


def test_answers_are_given_by_kind_refusals_by_gap_and_both_by_round() -> None:
    questions = [
        question("a", "en", kind="short", round=3, split="test"),
        question("b", "en", kind="story", round=1, split="dev"),
        question("c", "en", kind="short", round=3, split="test", answerable=False, gap="visa"),
    ]
    became = [
        replace(asked(each.question_id, answerable=each.answerable), kind=each.kind, gap=each.gap, round=each.round_and_split)
        for each in questions
    ]
    of = dataset(questions, {"a": {"x": 2}, "b": {"x": 2}})
    whole = as_json(replace(report(of, {"hybrid": {"a": ranking("x"), "b": ranking("y")}}), asked=tuple(became)))

    assert {name: each["questions"] for name, each in whole["answers"]["by_kind"].items()} == {"short": 1, "story": 1}
    assert {name: each["questions"] for name, each in whole["answers"]["by_round"].items()} == {"1, dev": 1, "3, test": 1}
    assert {name: each["false_answers"] for name, each in whole["refusal"]["by_gap"].items()} == {"visa": 1.0}
    assert whole["refusal"]["by_round"]["3, test"]["unanswerable"] == 1
    assert "by_gap" not in whole["answers"]


def test_a_report_on_documents_has_neither_answers_nor_refusal() -> None:
    found = report(dataset([question("a", "en")], {"a": {"d1": 1}}, Unit.DOCUMENT), {"dense": {"a": ranking("d1")}})
    whole = strictly(as_json(found))
    assert (whole["answers"], whole["refusal"], whole["gate"], whole["comparisons"]) == (None, None, None, [])
    assert set(whole["runs"][0]["measures"]) == set(MEASURES)  # the judges told no grades apart
    assert whole["runs"][0]["latency_ms"] is None


def test_a_report_on_unanswerable_questions_alone_is_json_too() -> None:
    refused = [asked("n", answerable=False, outcome=Outcome.NOT_COVERED, confidence=0.0)]
    made = report(dataset([question("n", answerable=False)], {}), {"dense": {}, "hybrid": {}}, refused)
    old, new = made.runs
    found = replace(made, comparisons=(compare_runs(old, new, made.headline),))
    whole = strictly(as_json(found))
    assert whole["answers"]["answered"] is None
    assert (whole["refusal"]["recall"], whole["refusal"]["curve"]) == (1.0, [])


def test_the_share_of_the_model_is_of_all_the_time() -> None:
    assert Seconds(index=6.0, index_model=4.0, questions=4.0, questions_model=1.0).model_share == (4 + 1) / (6 + 4)
    assert Seconds(0.0, 0.0, 0.0, 0.0).model_share == 0.0


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        ([], None),
        ([3.14], {"p50": 3.1, "p95": 3.1}),
        ([float(each) for each in range(101)], {"p50": 50.0, "p95": 95.0}),
        ([4.0, 1.0, 3.0, 2.0], {"p50": 2.5, "p95": pytest.approx(3.9, abs=0.1)}),
    ],
)
def test_latency_is_the_median_and_the_95th_percentile(milliseconds: list[float], expected: dict[str, float] | None) -> None:
    assert latency(milliseconds) == expected


@pytest.mark.parametrize("count", [2, 3, 10, 18, 40])
def test_the_95th_percentile_is_never_longer_than_the_longest_time(count: int) -> None:
    times = latency([10.0 * each for each in range(1, count + 1)])
    assert times
    assert times["p50"] <= times["p95"] <= 10.0 * count


def test_each_question_has_a_row_with_its_judgements_scores_and_answer(found: Report) -> None:
    rows = strictly(question_rows(found))
    assert [row["question_id"] for row in rows] == [each.question_id for each in QUESTIONS]
    first, unanswerable = rows[0], rows[-1]
    assert first["judged"] == {"povo#fees": 2, "povo#sim": 1}
    assert first["runs"]["lexical"]["measures"]["RR(rel=2)@10"] == 1 / 2
    assert first["runs"]["new/hybrid"]["top"] == [["povo#fees", 1.0]]
    assert (first["answer"]["outcome"], first["answer"]["right"], first["answer"]["confidence"]) == ("answered", True, 0.9)
    assert "runs" not in unanswerable
    assert (unanswerable["answerable"], unanswerable["answer"]["outcome"]) == (False, "answered")


def test_a_row_shows_the_first_ten() -> None:
    ids = [f"d{number}" for number in range(12)]
    found = report(dataset([question("a")], {"a": {"d11": 1}}), {"dense": {"a": ranking(*ids)}})
    (row,) = question_rows(found)
    assert [each for each, _ in row["runs"]["dense"]["top"]] == ids[:10]


def test_a_graded_dataset_is_measured_by_what_answers_and_others_by_what_is_relevant() -> None:
    graded, binary = report(DATASET, {}), report(dataset(QUESTIONS, {each: {"d": 1} for each in LANGUAGES}), {})
    assert (graded.headline, graded.measures) == ("RR(rel=2)@10", (*MEASURES, *ANSWER_MEASURES))
    assert (binary.headline, binary.measures) == ("RR@10", MEASURES)


def test_outcomes_are_grouped_by_name_and_questions_without_one_are_in_no_group() -> None:
    found = report(DATASET, {}, [asked("a", split="test"), asked("b", split=""), asked("c", split="dev")])
    assert {name: [each.question_id for each in group] for name, group in found.asked_by("split").items()} == {
        "dev": ["c"],
        "test": ["a"],
    }
    assert list(found.asked_by("language")) == ["ja"]
