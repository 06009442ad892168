"""Whether a change may land."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evaluation.samples import asked, dataset, question, ranking, report, with_values

from qa.datatypes import Mode, Outcome
from qa.errors import DatasetError
from qa.evaluation.gate import Bound, Check, Drop, Gate, Verdict, is_better_when_higher, judge, read_gate, value_of
from qa.evaluation.refusal import refusal_measures


def values(found: dict[tuple[str, str], float]) -> Any:
    return lambda measure, cell: found[measure, cell]


def met(gate: Gate, now: float, was: float | None = None, measure: str = "AP") -> bool:
    before = None if was is None else values({(measure, "all"): was})
    (check,) = judge(gate, "gate.toml", values({(measure, "all"): now}), before).checks
    return check.met


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str) -> Path:
        path = tmp_path / "gate.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_gate_is_read_as_it_is_written(write: Any, tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text("{}", encoding="utf-8")
    path = write(
        """\
mode = "lexical"
tolerance = 0.01
baseline = "baseline.json"
[[bound]]
measure = "RR@10"
least = 0.8
[[bound]]
measure = "false_answers"
cell = "language:ja"
most = 0.1
[[drop]]
measure = "R@5"
cell = "topic:fees"
most = 0.02
"""
    )
    assert read_gate(path) == Gate(
        mode=Mode.LEXICAL,
        tolerance=0.01,
        baseline="baseline.json",
        bound=(Bound(measure="RR@10", least=0.8), Bound(measure="false_answers", cell="language:ja", most=0.1)),
        drop=(Drop(measure="R@5", cell="topic:fees", most=0.02),),
    )


BOUND = '[[bound]]\nmeasure = "AP"\nleast = 0.5\n'


def test_a_gate_is_of_mode_hybrid_and_without_slack_unless_it_says_otherwise(write: Any) -> None:
    gate = read_gate(write(BOUND))
    assert (gate.mode, gate.tolerance, gate.baseline, gate.drop) == (Mode.HYBRID, 0.0, None, ())


@pytest.mark.parametrize("text", ["", "# later", 'mode = "dense"\n', "tolerance = 0.1\n", "bound = []\ndrop = []\n"])
def test_a_gate_that_asks_for_nothing_is_refused(text: str, write: Any) -> None:
    with pytest.raises(DatasetError, match=r"gate\.toml: .*asks for nothing; write a \[\[bound\]\] or a \[\[drop\]\].*Mend"):
        read_gate(write(text))


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('[[bound]]\nmeasure = "AP"\nleast = 0.5\nmost = 0.6\n', "bound.0", "name one of 'least' and 'most'"),
        ('[[bound]]\nmeasure = "AP"\n', "bound.0", "name one of 'least' and 'most'"),
        ('[[bound]]\nmeasure = "AP"\nleast = 80\n', "bound.0.least", "less than or equal to 1"),
        ('[[bound]]\nmeasure = "AP"\nleast = nan\n', "bound.0.least", "less than or equal to 1"),
        ("[[bound]]\nleast = 0.8\n", "bound.0.measure", "required"),
        ('[[bound]]\nmeasure = "AP"\nleast = 0.8\nmin = 1\n', "bound.0.min", "not permitted"),
        ('[[drop]]\nmeasure = "AP"\n', "drop.0.most", "required"),
        ('[[drop]]\nmeasure = "AP"\nmost = -0.1\n', "drop.0.most", "greater than or equal to 0"),
        ("tolerance = 0.3\n", "tolerance", "less than or equal to 0.2"),
        ('mode = "fuzzy"\n', "mode", "'hybrid', 'dense' or 'lexical'"),
        ("floors = 1\n", "floors", "not permitted"),
    ],
)
def test_a_gate_of_another_form_is_refused_with_the_place(text: str, place: str, reason: str, write: Any) -> None:
    path = write(text)
    with pytest.raises(DatasetError) as caught:
        read_gate(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: {place}: ")
    assert reason in message
    assert "Mend" in message


def test_what_is_not_toml_is_refused_with_the_line(write: Any) -> None:
    with pytest.raises(DatasetError, match=r"gate\.toml is not TOML: .*line 2.*Mend"):
        read_gate(write("tolerance = 0.1\nmode = \n"))


def test_what_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_bytes(b"mode = '\xff'\n")
    with pytest.raises(DatasetError, match="is not TOML"):
        read_gate(tmp_path / "gate.toml")


def test_a_gate_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"There is no gate .*floors\.toml\. Mend"):
        read_gate(tmp_path / "floors.toml")


@pytest.mark.parametrize(("now", "expected"), [(0.81, True), (0.8, True), (0.79, False)])
def test_least_is_met_from_the_bound_upwards(now: float, expected: bool) -> None:
    assert met(Gate(bound=(Bound(measure="AP", least=0.8),)), now) is expected


@pytest.mark.parametrize(("now", "expected"), [(0.09, True), (0.1, True), (0.11, False)])
def test_most_is_met_up_to_the_bound(now: float, expected: bool) -> None:
    assert met(Gate(bound=(Bound(measure="false_answers", most=0.1),)), now, measure="false_answers") is expected


def test_bounds_of_0_are_bounds() -> None:
    assert not met(Gate(bound=(Bound(measure="AP", most=0.0),)), 0.01)
    verdict = judge(Gate(bound=(Bound(measure="AP", least=0.0),)), "gate.toml", values({("AP", "all"): 0.0}), None)
    assert verdict.checks == (Check("AP", "all", 0.0, "at least 0", met=True),)


@pytest.mark.parametrize(
    ("measure", "now", "expected"),
    [
        ("AP", 0.5, True),
        ("AP", 0.375, True),
        ("AP", 0.37, False),
        ("AP", 1.0, True),
        ("false_answers", 0.625, True),
        ("false_answers", 0.63, False),
        ("false_answers", 0.0, True),
    ],
)
def test_a_drop_is_bounded_in_the_direction_that_is_worse(measure: str, now: float, expected: bool) -> None:
    assert met(Gate(drop=(Drop(measure=measure, most=0.125),)), now, 0.5, measure) is expected


def test_tolerance_gives_every_check_the_same_slack() -> None:
    least = Gate(tolerance=0.02, bound=(Bound(measure="AP", least=0.8),))
    most = Gate(tolerance=0.02, bound=(Bound(measure="AP", most=0.1),))
    drop = Gate(tolerance=0.02, drop=(Drop(measure="AP", most=0.05),))
    assert (met(least, 0.785), met(least, 0.775)) == (True, False)
    assert (met(most, 0.115), met(most, 0.125)) == (True, False)
    assert (met(drop, 0.435, 0.5), met(drop, 0.425, 0.5)) == (True, False)


# In floats 0.7 + 0.1 < 0.8, 0.3 - 0.1 > 0.2, 0.8 - 0.7 > 0.1 and 0.8 - 0.7 - 0.05 > 0.05.
@pytest.mark.parametrize(
    ("gate", "now", "was"),
    [
        (Gate(tolerance=0.1, bound=(Bound(measure="AP", least=0.8),)), 0.7, None),
        (Gate(tolerance=0.1, bound=(Bound(measure="AP", most=0.2),)), 0.3, None),
        (Gate(drop=(Drop(measure="AP", most=0.1),)), 0.7, 0.8),
        (Gate(tolerance=0.05, drop=(Drop(measure="AP", most=0.05),)), 0.7, 0.8),
        (Gate(bound=(Bound(measure="AP", least=0.7),)), sum([0.1] * 7), None),
    ],
)
def test_what_lies_on_the_limit_is_met_whatever_floats_make_of_it(gate: Gate, now: float, was: float | None) -> None:
    assert met(gate, now, was)


def test_a_verdict_lists_its_checks_in_the_order_of_the_file_and_one_that_is_not_met_is_enough() -> None:
    gate = Gate(
        bound=(Bound(measure="AP", least=0.5), Bound(measure="area", cell="language:ja", most=0.1)),
        drop=(Drop(measure="AP", most=0.02),),
    )
    now = values({("AP", "all"): 0.6, ("area", "language:ja"): 0.2})
    verdict = judge(gate, "gate.toml", now, values({("AP", "all"): 0.61}))
    assert verdict == Verdict(
        met=False,
        file="gate.toml",
        checks=(
            Check("AP", "all", 0.6, "at least 0.5", met=True),
            Check("area", "language:ja", 0.2, "at most 0.1", met=False),
            Check("AP", "all", 0.6, "at most 0.02 worse than 0.610", met=True),
        ),
    )
    assert verdict.line == "Gate not met: 1 of 3 checks"
    assert judge(Gate(bound=gate.bound[:1]), "gate.toml", now, None).line == "Gate met: 1 check"


@pytest.mark.parametrize("baseline", ["", 'baseline = "baseline.json"', 'baseline = "."'])
def test_drops_without_a_baseline_are_an_error(baseline: str, write: Any) -> None:
    with pytest.raises(DatasetError, match=r"gate\.toml bounds drops, but there is no baseline.*--update-baseline"):
        read_gate(write(f'{baseline}\n[[drop]]\nmeasure = "AP"\nmost = 0.1\n'))


def test_a_gate_without_drops_needs_no_baseline(write: Any) -> None:
    assert read_gate(write(f'baseline = "baseline.json"\n{BOUND}')).baseline == "baseline.json"


def test_only_shares_of_failures_are_better_when_lower() -> None:
    assert [each for each in vars(refusal_measures([])) if not is_better_when_higher(each)] == [
        "area",
        "error_at_90",
        "false_answers",
        "calibration_error",
    ]
    assert is_better_when_higher("nDCG@10")


QUESTIONS = [question("a", "ja"), question("b", "ja"), question("c", "en"), question("n", "en", answerable=False)]
QRELS = {"a": {"x": 2}, "b": {"x": 2}, "c": {"x": 2}}
ANSWERS = [
    replace(asked("a", language="ja", right=True, confidence=0.9, split="dev"), kind="short"),
    replace(asked("b", language="ja", right=False, confidence=0.8, split="test"), kind="short", round="3, test"),
    asked("c", language="en", right=True, confidence=0.7, split="dev"),
    replace(asked("n", language="en", answerable=False, outcome=Outcome.NOT_COVERED, confidence=0.1), gap="visa"),
]
REPORT = report(
    dataset(QUESTIONS, QRELS),
    {"hybrid": {"a": ranking("x"), "b": ranking("y", "x"), "c": ranking("y")}},
    ANSWERS,
    {"language": {"en": ["c"], "ja": ["a", "b"]}},
)
VALUE = value_of(REPORT, REPORT.runs[0], REPORT.asked)


@pytest.mark.parametrize(
    ("measure", "cell", "expected"),
    [
        ("RR@10", "all", (1 + 1 / 2 + 0) / 3),
        ("RR@10", "language:ja", (1 + 1 / 2) / 2),
        ("RR(rel=2)@10", "language:en", 0.0),
        ("right", "all", 2 / 3),
        ("right", "language:ja", 1 / 2),
        ("right", "split:dev", 2 / 2),
        ("recall", "all", 1 / 1),
        ("false_answers", "language:en", 0 / 1),
        ("false_answers", "gap:visa", 0 / 1),
        ("right", "kind:short", 1 / 2),
        ("right", "round:3, test", 0 / 1),
    ],
)
def test_a_gate_may_look_at_any_measure_of_rankings_answers_and_refusals(measure: str, cell: str, expected: float) -> None:
    assert VALUE(measure, cell) == pytest.approx(expected)


def test_an_unknown_cell_of_a_ranking_is_an_error_that_names_those_known() -> None:
    with pytest.raises(DatasetError, match=r"no cell 'language:fr'. Known: all, language:en, language:ja"):
        VALUE("AP", "language:fr")


@pytest.mark.parametrize(
    ("measure", "cell"),
    [
        ("nDCG@11", "all"),  # no such measure
        ("right", "language:fr"),  # no such language
        ("questions", "language:fr"),
        ("right", "topic:fees"),  # answers are not told apart by topic
        ("right", "language"),
        ("recall", "language:ja"),  # no unanswerable question
    ],
)
def test_what_cannot_be_measured_is_an_error_that_names_the_measures(measure: str, cell: str) -> None:
    with pytest.raises(DatasetError, match=r"can't be measured.*nDCG@10.*holds_evidence.*Mend") as caught:
        VALUE(measure, cell)
    assert f"'{measure}' of '{cell}'" in str(caught.value)


def test_a_cell_of_which_a_run_has_no_question_is_an_error_and_not_0() -> None:
    before = value_of(REPORT, with_values("hybrid, baseline", {"AP": {"a": 0.5, "gone": 1.0}}), [])
    assert (before("AP", "all"), before("AP", "language:ja")) == ((0.5 + 1) / 2, 0.5)
    message = r"No question of 'language:en' is in hybrid, baseline\. Mend: qa eval --update-baseline"
    with pytest.raises(DatasetError, match=message):
        before("AP", "language:en")
    with pytest.raises(DatasetError, match="No question of 'all' is in empty"):
        value_of(REPORT, with_values("empty", {"AP": {}}), [])("AP", "all")


def test_a_drop_of_answers_over_a_cell_that_the_baseline_lacks_is_an_error() -> None:
    old = value_of(REPORT, REPORT.runs[0], [each for each in ANSWERS if each.language == "ja"])
    gate = Gate(drop=(Drop(measure="right", cell="language:en", most=1.0),))
    with pytest.raises(DatasetError, match="'right' of 'language:en' can't be measured"):
        judge(gate, "gate.toml", VALUE, old)


def test_without_answers_only_rankings_can_be_bounded() -> None:
    value = value_of(REPORT, with_values("run", {"AP": {"a": 0.5, "b": 0.5, "c": 0.5}}), [])
    assert value("AP", "all") == 0.5
    with pytest.raises(DatasetError, match="can't be measured"):
        value("right", "all")
