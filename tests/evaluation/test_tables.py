"""A report as tables, and these in Markdown."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from evaluation.samples import asked, dataset, question, ranking, report
from markdown_it import MarkdownIt

from qa.datatypes import Outcome
from qa.evaluation.comparison import compare_runs
from qa.evaluation.dataset import Unit
from qa.evaluation.gate import Check, Verdict
from qa.evaluation.markdown import as_markdown
from qa.evaluation.report import Report, as_json
from qa.evaluation.table import Table
from qa.evaluation.tables import gate_table, tables
from qa.evaluation.tables_of_changes import beginning

IDS = [f"q{number:02}" for number in range(14)]
OPERATORS = ["povo"] * 7 + ["linemo"] * 7
FIGURE = re.compile(r"[+-]?\d+(?:\.\d+)?")


def rank_of(number: int, name: str) -> int:
    """Return the rank at which a run has what answers the question with this number."""
    return (number * 5 % 7 if name == "lexical" else number * 3 % 4) + 1


def run(name: str) -> dict[str, list[tuple[str, float]]]:
    others = [f"x#{each}" for each in range(9)]
    return {each: ranking(*others[: rank_of(number, name) - 1], "right#fees") for number, each in enumerate(IDS)}


@pytest.fixture
def found() -> Report:
    """Return a report that has every table."""
    answerable = [
        question(
            each, "ja" if number % 3 else "en", operator=OPERATORS[number], topic="fees", split="dev" if number < 5 else "test"
        )
        for number, each in enumerate(IDS)
    ]
    refused = [question(f"n{number}", "ja", split="test", answerable=False) for number in range(3)]
    cells = {
        kind: {name: [each.question_id for each in answerable if getattr(each, kind) == name] for name in names}
        for kind, names in {
            "language": ["en", "ja"],
            "split": ["dev", "test"],
            "operator": ["linemo", "povo"],
            "topic": ["fees"],
        }.items()
    }
    answers = [
        asked(each.question_id, language=each.language, split=each.split, cited=["right#fees"], confidence=0.31 + number / 29)
        for number, each in enumerate(answerable)
    ]
    answers[3] = replace(answers[3], right=True, holds_evidence=True)
    answers[4] = replace(answers[4], outcome=Outcome.RELATED)
    answers += [
        asked(each.question_id, answerable=False, split="test", outcome=outcome, confidence=confidence)
        for each, outcome, confidence in zip(refused, Outcome, (0.77, 0.4, 0.1), strict=True)
    ]
    made = report(
        dataset([*answerable, *refused], {each: {"right#fees": 2} for each in IDS}),
        {"lexical": run("lexical"), "hybrid": run("hybrid")},
        answers,
        {**cells, "pair": {"ja→ja": cells["language"]["ja"]}},
        milliseconds={each: 3.0 + 1.6 * number for number, each in enumerate(IDS)},
    )
    verdict = Verdict(
        met=False,
        file="gate.toml",
        checks=(
            Check("RR(rel=2)@10", "all", 0.5251, "at least 0.5", met=True),
            Check("area", "language:ja", 0.1234, "at most 0.02 worse than 0.061", met=False),
        ),
    )
    old, new = made.runs
    return replace(made, comparisons=(compare_runs(old, new, made.headline),), gate=verdict)


def numbers(value: Any) -> Iterator[float]:
    """Yield every number in a report's JSON, also those in a gate's limits."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, str):
        yield from map(float, FIGURE.findall(value))
    elif isinstance(value, dict):
        for each in value.values():
            yield from numbers(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from numbers(each)


def parsed(markdown: str) -> list[list[list[str]]]:
    """Return the cells of each table of a Markdown text as a reader gets them."""
    found: list[list[list[str]]] = []
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    for opening, token in itertools.pairwise(tokens):
        if opening.type == "table_open":
            found.append([])
        elif opening.type == "tr_open":
            found[-1].append([])
        if opening.type in ("th_open", "td_open"):
            found[-1][-1].append("".join(each.content for each in token.children or []))
    return found


@pytest.mark.parametrize("details", [False, True])
def test_every_figure_in_the_markdown_is_one_of_the_reports(details: bool, found: Report) -> None:
    whole = as_json(found)
    known = list(numbers({key: whole[key] for key in ("runs", "comparisons", "answers", "refusal", "gate", "seconds")}))
    made = [table for table in tables(found, details=details) if not table.is_text]
    shown = 0
    for rows in parsed(as_markdown(made)):
        for row in rows[1:]:
            for figure in FIGURE.findall(" ".join(row[1:]).replace("→", " ")):
                digits = len(figure.partition(".")[2])
                assert any(abs(float(figure) - each) <= 0.5000001 / 10**digits for each in known), (row, figure)
                shown += 1
    assert shown > 100


def table(found: Report, title: str, *, details: bool = False) -> dict[str, tuple[str, ...]]:
    """Return the rows of the table whose title begins so, by their first column."""
    (one,) = (each for each in tables(found, details=details) if each.title.startswith(title))
    return {row[0]: row[1:] for row in one.rows}


def reciprocal(numbers: list[int], name: str) -> float:
    """Return the mean reciprocal rank of the questions with these numbers."""
    return sum(1 / rank_of(number, name) for number in numbers) / len(numbers)


def test_measures_stand_with_their_intervals_a_run_a_column(found: Report) -> None:
    lexical, hybrid = table(found, "sample: 14 questions")["RR(rel=2)@10"]
    assert lexical.startswith(f"{reciprocal(list(range(14)), 'lexical'):.4f} [")
    assert hybrid.startswith(f"{reciprocal(list(range(14)), 'hybrid'):.4f} [")
    low, high = as_json(found)["runs"][1]["intervals"]["RR(rel=2)@10"]
    assert hybrid.endswith(f" [{low:.3f}, {high:.3f}]")


def test_cells_stand_with_their_number_of_questions_and_the_worst_is_marked(found: Report) -> None:
    rows = table(found, "By language: RR(rel=2)@10")
    means = {
        (language, name): reciprocal([number for number in range(14) if (number % 3 > 0) is (language == "ja")], name)
        for language in ("en", "ja")
        for name in ("lexical", "hybrid")
    }
    assert {language: row[0] for language, row in rows.items()} == {"en": "5", "ja": "9"}
    for column, name in enumerate(("lexical", "hybrid"), 1):
        worst = min(("en", "ja"), key=lambda language: means[language, name])
        for language in ("en", "ja"):
            mark = " ← worst" if language == worst else ""
            cell = as_json(found)["runs"][column - 1]["by_language"][language]
            low, high = cell["intervals"]["RR(rel=2)@10"]
            assert low < means[language, name] < high
            assert rows[language][column] == f"{means[language, name]:.3f} [{low:.3f}, {high:.3f}]{mark}"


def test_small_cells_have_no_interval(found: Report) -> None:
    for kind in ("operator", "topic"):
        for row in table(
            replace(found, cells={kind: {"one": ["q0", "q1"], "two": ["q2"]}}), f"By {kind}: RR(rel=2)@10", details=True
        ).values():
            assert "[" not in row[1]


def test_the_worst_operator_is_named_for_each_run_and_all_operators_are_a_detail(found: Report) -> None:
    povo, linemo = list(range(7)), list(range(7, 14))
    worst = table(found, "Worst cells")
    assert list(worst) == ["operator"]  # one topic alone is not the worst
    for cell, name in zip(worst["operator"], ("lexical", "hybrid"), strict=True):
        means = {"povo": reciprocal(povo, name), "linemo": reciprocal(linemo, name)}
        lowest = min(sorted(means), key=lambda each: round(means[each], 9))
        equal = means["povo"] == pytest.approx(means["linemo"])
        assert cell == ("" if equal else f"{lowest} {means[lowest]:.3f} (7)")
    assert list(table(found, "By operator", details=True)) == ["linemo", "povo"]
    assert not [each for each in tables(found) if each.title.startswith("By operator")]


def test_answers_and_refusals_stand_over_all_by_language_and_by_split(found: Report) -> None:
    answers = table(found, "Answers")
    assert list(answers) == ["all", "en", "ja", "dev", "test"]
    assert answers["all"] == ("14", f"{13 / 14:.3f}", f"{1 / 13:.3f}", "1.000", "1.000")
    refusal = table(found, "Refusal")
    assert list(refusal) == ["all", "ja", "test"]  # where there are unanswerable questions
    assert refusal["all"][:4] == ("3", f"{1 / 3:.3f}", f"{2 / 3:.3f}", f"{2 / 3:.3f}")


def test_what_cannot_be_measured_is_a_dash(found: Report) -> None:
    assert table(found, "Answers")["en"][3] == "1.000"
    without = replace(found, asked=tuple(replace(each, holds_evidence=None) for each in found.asked))
    assert table(without, "Answers")["en"][3] == "–"


def test_a_comparison_marks_what_is_significant_with_a_star(found: Report) -> None:
    (comparison,) = found.comparisons
    first, second, *others = comparison.differences
    marked = replace(comparison, differences=(replace(first, p_holm=0.001), replace(second, p_holm=0.2), *others))
    rows = table(replace(found, comparisons=(marked,)), "lexical → hybrid")
    assert rows[first.measure][3] == "0.0010 *"
    assert rows[second.measure][3] == "0.2000"
    each = first
    assert rows[first.measure] == (
        f"{each.old:.3f}",
        f"{each.new:.3f}",
        f"{each.difference:+.4f} [{each.low:+.3f}, {each.high:+.3f}]",
        "0.0010 *",
        f"{each.wins}/{each.losses}/{each.ties}",
        f"{each.smallest:.3f}",
    )


def test_the_questions_that_changed_most_stand_with_both_tops_and_more_of_them_in_detail(found: Report) -> None:
    rows = table(found, "Changed most in RR(rel=2)@10: lexical → hybrid")
    assert (len(rows), len(table(found, "Changed most", details=True))) == (5, 10)
    change = found.comparisons[0].changed[0]
    tops = tuple(f"{top}: text of {top} for" for top in (change.old_top, change.new_top))
    value, *shown = rows[f"{change.question_id} text of {change.question_id}"]
    assert value == f"{change.old:.2f} → {change.new:.2f}"
    assert all(each.startswith(top) for each, top in zip(shown, tops, strict=True))


def test_a_changed_question_is_shown_with_the_passages_that_scored(found: Report) -> None:
    (comparison,) = found.comparisons
    change = replace(comparison.changed[0], old_passage="passage\nof old", new_passage="")
    shown = replace(found, comparisons=(replace(comparison, changed=(change,)),))
    (row,) = table(shown, "Changed most").values()
    assert row[1] == f"{change.old_top}: passage of old"
    assert row[2].startswith(f"{change.new_top}: text of {change.new_top} for ")


def test_answers_that_changed_since_the_baseline_are_counted_and_the_worse_stand_first(found: Report) -> None:
    assert not [each for each in tables(found) if each.title.startswith("Answers since")]
    before = list(found.asked)
    before[3] = replace(before[3], right=False, cited=("x#1",))  # was wrong, is right
    before[4] = replace(before[4], outcome=Outcome.ANSWERED, right=True)  # was right, is refused
    before[5] = replace(before[5], cited=())
    (made,) = (each for each in tables(replace(found, before=tuple(before))) if each.title.startswith("Answers since"))
    assert made.title == "Answers since the baseline: 1 worse, 1 better, 1 other"
    assert made.rows == (
        ("q04 text of q04", "worse", "answered: right#fees", "related: right#fees"),
        ("q05 text of q05", "other", "answered: nothing cited", "answered: right#fees"),
        ("q03 text of q03", "better", "answered: x#1", "answered: right#fees"),
    )


def test_times_are_those_of_each_run_and_say_how_much_was_the_models(found: Report) -> None:
    (time,) = (each for each in tables(found) if each.title.startswith("Time"))
    assert time.title == f"Time: index 1.0 s, questions 3.0 s, {(0.5 + 1.5) / (1 + 3):.0%} of it in the model"
    p50 = f"{3 + 1.6 * 6.5:.1f}"
    assert [row[:2] for row in time.rows] == [("lexical", p50), ("hybrid", p50)]


def test_a_gate_stands_last_with_what_is_not_met_in_capitals(found: Report) -> None:
    assert found.gate
    assert tables(found)[-1] == gate_table(found.gate)
    assert gate_table(found.gate).rows == (
        ("RR(rel=2)@10, all", "0.525", "at least 0.5", "met"),
        ("area, language:ja", "0.123", "at most 0.02 worse than 0.061", "NOT MET"),
    )


def test_every_row_has_a_cell_for_each_heading(found: Report) -> None:
    for each in tables(found, details=True):
        assert each.rows
        assert {len(row) for row in each.rows} == {len(each.header)}, each.title


def test_tables_without_rows_are_left_out() -> None:
    plain = report(dataset([question("a", "en")], {"a": {"d": 1}}, Unit.DOCUMENT), {"dense": {"a": ranking("d")}})
    assert [each.title for each in tables(plain)] == ["sample: 1 questions, mean and 95 % interval"]


def test_a_beginning_is_one_line_of_so_many_characters() -> None:
    assert beginning("ja\n\n| a |  b |\n" + "長" * 100, 20) == ("ja | a | b | " + "長" * 100)[:20] + "…"
    assert beginning("  short\n", 20) == "short"


HOSTILE = {
    "a pipe": "a | b",
    "a row": "a |\n|---|\n| b",
    "a line": "first\nsecond",
    "Windows' lines": "first\r\nsecond",
    "an old line end": "first\rsecond",
    "a blank line": "first\n\n# second",
    "an escaped pipe": "a \\| b",
    "a code span": "`a | b`",
    "a backslash at the end": "a \\",
    "a comment": "a <!-- b",
    "emphasis": "*a* __b__ ~~c~~",
    "a picture": "![a](https://example.com/b.png)",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_breaks_a_table_in_markdown(text: str) -> None:
    made = Table("title", ("one | two", "three"), ((text, "0.5"), ("next", "0.6")), is_text=True)
    (rows,) = parsed(as_markdown([made]))
    assert [len(row) for row in rows] == [2, 2, 2]
    assert [row[-1] for row in rows] == ["three", "0.5", "0.6"]


MARKUP = ["*a* __b__", "`a`", "[a](b)", "![a](b)", "<b>a</b>", "~~a~~", "<https://example.com>", "a &lt; b"]


@pytest.mark.parametrize("text", ["a | b", "a \\| b", "a \\\\| b", "a \\", *MARKUP])
def test_text_comes_out_as_it_went_in(text: str) -> None:
    (rows,) = parsed(as_markdown([Table("title", ("heading", "other"), ((text, "0.5"),))]))
    assert rows[1] == [text, "0.5"]


def test_figures_are_aligned_to_the_right_and_text_to_the_left() -> None:
    figures = as_markdown([Table("t", ("a", "b"), (("x", "1"),))])
    text = as_markdown([Table("t", ("a", "b"), (("x", "y"),), is_text=True)])
    assert figures == "**t**\n\n| a | b |\n| --- | --: |\n| x | 1 |\n"
    assert text == "**t**\n\n| a | b |\n| --- | --- |\n| x | y |\n"


def test_tables_stand_apart(found: Report) -> None:
    made = tables(found)
    assert len(parsed(as_markdown(made))) == len(made)
