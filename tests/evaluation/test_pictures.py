from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pytest
from evaluation.reports import asked_report, full_report

from evaluation import samples
from qa.answering.decide import fitted
from qa.datatypes import Outcome
from qa.evaluation import drawing as shapes
from qa.evaluation.outcomes import Asked
from qa.evaluation.pictures import (
    Picture,
    cells_picture,
    confidence_picture,
    first_rank,
    histogram,
    percent,
    pictures,
    rank_counts,
    ranks_picture,
    risk_picture,
)
from qa.evaluation.report import Report


@dataclass(frozen=True)
class Drawing:
    """What is in a picture."""

    root: ET.Element

    @classmethod
    def of(cls, picture: Picture | None) -> Drawing:
        assert picture is not None
        return cls(ET.fromstring(picture.svg))

    def all(self, tag: str, style: str = "") -> list[ET.Element]:
        return [each for each in self.root.iter(tag) if style in each.get("class", "").split() or not style]

    def texts(self, style: str = "") -> list[str]:
        return [each.text or "" for each in self.all("text", style)]

    def bars(self, style: str = "") -> list[ET.Element]:
        """Return the bars, without the legend's samples, which stand above the first name or axis."""
        return [each for each in self.all("rect", style) if number(each, "y") > 20]

    @property
    def plot(self) -> tuple[float, float, float, float]:
        """Return left, right, top and bottom of the area that the grid lines span."""
        lines = self.all("line", "grid")
        heights = [number(line, "y1") for line in lines]
        return number(lines[0], "x1"), number(lines[0], "x2"), min(heights), max(heights)


def number(element: ET.Element, name: str) -> float:
    return float(element.get(name, "nan"))


def points(line: ET.Element) -> list[tuple[float, float]]:
    pairs = [pair.split(",") for pair in line.get("points", "").split()]
    return [(float(x), float(y)) for x, y in pairs]


def runs_report(ranks: Mapping[str, Sequence[int]], cells: dict[str, dict[str, list[str]]] | None = None) -> Report:
    """Return a report on questions q0, q1 …: by run, the rank of what answers each, 0 for none."""
    count = len(next(iter(ranks.values())))
    questions = [samples.question(f"q{each}") for each in range(count)]
    rankings = {
        name: {
            f"q{each}": samples.ranking(*(f"d{other}" for other in range(1, rank)), *(["answer"] if rank else ["d0"]))
            for each, rank in enumerate(of_run)
        }
        for name, of_run in ranks.items()
    }
    dataset = samples.dataset(questions, {each.question_id: {"answer": 1} for each in questions})
    return samples.report(dataset, rankings, cells=cells)


def answers(language: str, right: Sequence[float], wrong: Sequence[float]) -> list[Asked]:
    """Return what became of answerable and of unanswerable questions with these confidences."""
    return [
        samples.asked(
            language=language,
            answerable=kind,
            confidence=each,
            outcome=Outcome.ANSWERED if each >= fitted().answered_from else Outcome.NOT_COVERED,
        )
        for kind, confidences in ((True, right), (False, wrong))
        for each in confidences
    ]


@pytest.mark.parametrize(("ids", "rank"), [((), None), (("no",), None), (("yes",), 1), (("no", "helps", "yes", "too"), 3)])
def test_the_first_rank_is_that_of_the_first_that_answers(ids: Sequence[str], rank: int | None) -> None:
    dataset = samples.dataset([samples.question("q")], {"q": {"yes": 2, "too": 2, "helps": 1, "no": 0}})
    report = samples.report(dataset, {"dense": {"q": samples.ranking(*ids)}})
    assert first_rank(report, report.runs[0], "q") == rank


def test_a_question_that_a_run_lacks_has_no_first_rank() -> None:
    dataset = samples.dataset([samples.question("q")], {"q": {"yes": 2}})
    report = samples.report(dataset, {"dense": {}})
    assert first_rank(report, report.runs[0], "q") is None


def test_ranks_are_counted_alone_up_to_5_then_together_up_to_10_then_with_none() -> None:
    assert rank_counts([1, 1, 2, 3, 4, 5, 6, 10, 11, 20, None]) == [2, 1, 1, 1, 1, 2, 3]


def test_a_histogram_has_twenty_equal_bins_and_1_counts_in_the_last() -> None:
    counts = histogram([0.0, 0.049, 0.05, 0.5, 0.99, 1.0])
    assert len(counts) == 20
    assert {number: count for number, count in enumerate(counts) if count} == {0: 2, 1: 1, 10: 1, 19: 2}


@pytest.mark.parametrize(("share", "said"), [(0.9531, "95.3\u00a0%"), (1, "100.0\u00a0%"), (0, "0.0\u00a0%"), (None, "–")])
def test_a_share_is_said_as_a_percentage(share: float | None, said: str) -> None:
    assert percent(share) == said


def test_pictures_come_in_the_order_of_the_page_where_there_is_data_for_all() -> None:
    assert [picture.key for picture in pictures(full_report())] == ["risk", "cells", "confidence", "ranks"]


def test_without_answers_only_pictures_of_runs_are_drawn() -> None:
    assert [picture.key for picture in pictures(runs_report({"dense": [1, 2]}))] == ["ranks"]


def test_without_runs_only_pictures_of_answers_are_drawn() -> None:
    assert [picture.key for picture in pictures(asked_report(answers("ja", [0.9], [0.1])))] == ["risk", "confidence"]


@pytest.mark.parametrize("kinds", [([0.9, 0.8], []), ([], [0.2, 0.1])])
def test_where_one_kind_of_question_is_missing_neither_risk_nor_confidence_is_drawn(
    kinds: tuple[list[float], list[float]],
) -> None:
    assert pictures(asked_report(answers("ja", *kinds))) == []


def test_each_picture_is_named_and_described_by_its_own_title_and_caption() -> None:
    found = pictures(full_report())
    for picture in found:
        root = Drawing.of(picture).root
        named = {each.get("id"): each.text for each in root if each.tag in {"title", "desc"}}
        assert root.get("role") == "img"
        assert named == {root.get("aria-labelledby"): picture.title, root.get("aria-describedby"): picture.caption}
    assert len({picture.key for picture in found}) == len(found)


def test_everything_is_drawn_inside_the_picture() -> None:
    for picture in pictures(full_report()):
        drawing = Drawing.of(picture)
        _, _, width, height = map(float, drawing.root.get("viewBox", "").split())
        for each in drawing.all("rect"):
            assert 0 <= number(each, "x") <= number(each, "x") + number(each, "width") <= width
            assert 0 <= number(each, "y") <= number(each, "y") + number(each, "height") <= height
        assert all(0 <= number(each, "y") <= height for each in drawing.all("text"))


def test_the_line_of_risk_against_coverage_goes_through_its_points() -> None:
    picture = risk_picture(asked_report(answers("ja", [0.9, 0.7], [0.8, 0.1])))
    drawing = Drawing.of(picture)
    left, right, top, bottom = drawing.plot
    # Accepted one by one: right; right, wrong; right, wrong, right; and the last wrong one.
    expected = [(0, 0), (1 / 2, 0), (1 / 2, 1 / 2), (2 / 2, 1 / 3), (2 / 2, 2 / 4)]
    highest = 0.6  # the end of the axis that is nearest above 1/2
    (line,) = drawing.all("polyline")
    for point, (x, y) in zip(points(line), expected, strict=True):
        assert point == pytest.approx((left + x * (right - left), bottom - y / highest * (bottom - top)), abs=0.1)
    assert [text for text in drawing.texts("tick") if text.startswith("60")] == ["60\u00a0%"]


def test_the_share_answered_now_is_marked_with_its_risk() -> None:
    picture = risk_picture(asked_report(answers("ja", [0.9, 0.7, 0.3, 0.2], [0.8, 0.1])))
    drawing = Drawing.of(picture)
    left, right, top, bottom = drawing.plot
    (mark,) = drawing.all("circle", "now")
    highest = 0.6  # the end of the axis that is nearest above 1/2, the risk where 0.8 is accepted
    assert number(mark, "cx") == pytest.approx(left + 2 / 4 * (right - left), abs=0.1)
    assert number(mark, "cy") == pytest.approx(bottom - (1 / 3) / highest * (bottom - top), abs=0.1)
    assert picture is not None
    assert picture.caption.startswith(
        "50.0\u00a0% of the answerable questions are answered now; of all 3 answers 1 (33.3\u00a0%) are to questions that have none."
    )


def test_the_mark_is_drawn_where_nothing_is_answered() -> None:
    drawing = Drawing.of(risk_picture(asked_report(answers("ja", [0.3], [0.1]))))
    left, _, _, bottom = drawing.plot
    (mark,) = drawing.all("circle", "now")
    assert (number(mark, "cx"), number(mark, "cy")) == (left, bottom)


@pytest.mark.parametrize(("confidence", "anchor"), [(0.9, "end"), (0.3, None)])
def test_the_words_beside_the_mark_lead_into_the_picture(confidence: float, anchor: str | None) -> None:
    drawing = Drawing.of(risk_picture(asked_report(answers("ja", [confidence], [0.1]))))
    assert [each.get("text-anchor") for each in drawing.all("text", "said")] == [anchor]


def test_a_language_with_five_of_either_kind_has_a_line_of_its_own() -> None:
    many, few = ([0.9, 0.8, 0.7, 0.6, 0.5], [0.4, 0.3, 0.2, 0.1, 0.0]), ([0.9] * 5, [0.1] * 4)
    drawing = Drawing.of(risk_picture(asked_report(answers("en", *many) + answers("ja", *few) + answers("zh-Hans", *many))))
    assert drawing.texts("name") == ["all", "en", "zh-Hans"]
    assert len(drawing.all("polyline")) == 3
    # The line of all is drawn last, above the others; no two lines look the same.
    assert [each.get("class") for each in drawing.all("polyline")] == ["curve c2", "curve c1", "curve c0"]


def test_a_single_language_has_no_line_beside_that_of_all() -> None:
    drawing = Drawing.of(risk_picture(asked_report(answers("en", [0.9] * 5, [0.1] * 5))))
    assert drawing.texts("name") == ["all"]


def test_cells_have_a_bar_for_each_run_as_long_as_its_mean() -> None:
    cells = {"language": {"en": ["q0", "q1"], "ja": ["q2"]}}
    drawing = Drawing.of(cells_picture(runs_report({"dense": [1, 2, 4], "hybrid": [1, 1, 0]}, cells)))
    expected = {"s0": [(1 / 1 + 1 / 2) / 2, 1 / 4], "s1": [(1 / 1 + 1 / 1) / 2, 0.0]}
    for style, means in expected.items():
        assert [number(bar, "width") / shapes.BAR_WIDTH for bar in drawing.bars(style)] == pytest.approx(means, abs=1e-4)
    assert drawing.texts("value") == ["0.750", "1.000", "0.250", "0.000"]
    assert drawing.texts("name") == ["dense", "hybrid", "en", "ja"]
    assert drawing.texts("count") == ["2", "1"]
    assert drawing.texts("head") == ["Language"]


def test_cells_are_drawn_by_language_pair_and_split_and_by_nothing_else() -> None:
    two = {"a": ["q0"], "b": ["q1"]}
    cells = {"language": two, "pair": two, "split": two, "operator": two, "topic": two}
    drawing = Drawing.of(cells_picture(runs_report({"dense": [1, 1]}, cells)))
    assert drawing.texts("head") == ["Language", "Question → evidence", "Split"]


def test_a_kind_with_a_single_cell_is_left_out_unless_it_is_the_pair_of_languages() -> None:
    one = {"a": ["q0", "q1"]}
    drawing = Drawing.of(cells_picture(runs_report({"dense": [1, 1]}, {"language": one, "pair": one, "split": one})))
    assert drawing.texts("head") == ["Question → evidence"]
    assert cells_picture(runs_report({"dense": [1, 1]}, {"language": one, "split": one})) is None


def test_the_caption_names_the_cell_where_the_last_run_is_lowest_among_those_of_five_questions() -> None:
    cells = {"language": {"en": ["q0", "q1", "q2", "q3", "q4"], "ja": ["q5", "q6", "q7", "q8", "q9"], "zh-Hans": ["q10"]}}
    ranks = {"dense": [0] * 5 + [1] * 6, "hybrid": [1] * 5 + [2] * 5 + [0]}
    picture = cells_picture(runs_report(ranks, cells))
    assert picture is not None
    assert picture.caption.endswith("hybrid is lowest in ja: 0.500 over 5 questions.")


def test_the_caption_calls_no_cell_the_lowest_where_all_are_small() -> None:
    picture = cells_picture(runs_report({"dense": [1, 2]}, {"language": {"en": ["q0"], "ja": ["q1"]}}))
    assert picture is not None
    assert "lowest" not in picture.caption


def test_confidence_is_drawn_upwards_for_answerable_questions_and_downwards_for_the_others() -> None:
    drawing = Drawing.of(confidence_picture(asked_report(answers("ja", [0.97, 0.97, 0.97, 0.52], [0.02, 0.02, 0.97, 0.97]))))
    left, right, top, bottom = drawing.plot
    middle, half, highest = (top + bottom) / 2, (bottom - top) / 2, 0.8  # the end of the axis that is nearest above 3/4
    for style, shares in {"s0": {10: 1 / 4, 19: 3 / 4}, "s1": {0: 2 / 4, 19: 2 / 4}}.items():
        bars = drawing.bars(style)
        assert [number(bar, "height") for bar in bars] == pytest.approx(
            [shares.get(each, 0) / highest * half for each in range(20)], abs=0.1
        )
        centres = [number(bar, "x") + number(bar, "width") / 2 for bar in bars]
        assert centres == pytest.approx([left + (each + 0.5) / 20 * (right - left) for each in range(20)], abs=0.1)
    assert all(number(bar, "y") + number(bar, "height") == pytest.approx(middle, abs=0.1) for bar in drawing.bars("s0"))
    assert all(number(bar, "y") == pytest.approx(middle, abs=0.1) for bar in drawing.bars("s1"))


def test_the_confidence_from_which_a_question_is_answered_is_marked() -> None:
    drawing = Drawing.of(confidence_picture(asked_report(answers("ja", [0.9], [0.1]))))
    left, right, _, _ = drawing.plot
    (line,) = drawing.all("line", "threshold")
    assert number(line, "x1") == pytest.approx(left + fitted().answered_from * (right - left), abs=0.1)


def test_the_caption_of_confidence_names_the_medians() -> None:
    picture = confidence_picture(asked_report(answers("ja", [0.9, 0.8, 0.1], [0.3, 0.2])))
    assert picture is not None
    assert f"of the 3 answerable questions have a confidence of at least {0.8:.2f}" in picture.caption
    assert f"half of the 2 unanswerable ones of at most {(0.3 + 0.2) / 2:.2f}" in picture.caption


def test_ranks_have_a_bar_for_each_run_with_its_count_and_share() -> None:
    picture = ranks_picture(runs_report({"dense": [1, 1, 1, 7], "hybrid": [1, 2, 11, 0]}))
    drawing = Drawing.of(picture)
    largest = 3
    dense, hybrid = ([number(bar, "width") / shapes.BAR_WIDTH for bar in drawing.bars(style)] for style in ("s0", "s1"))
    assert dense == pytest.approx([each / largest for each in (3, 0, 0, 0, 0, 1, 0)], abs=1e-4)
    assert hybrid == pytest.approx([each / largest for each in (1, 1, 0, 0, 0, 0, 2)], abs=1e-4)
    assert drawing.texts("value")[:4] == ["3 · 75\u00a0%", "1 · 25\u00a0%", "0 · 0\u00a0%", "1 · 25\u00a0%"]
    assert picture is not None
    assert picture.caption == (
        "Of 4 questions an answer is ranked first for: dense 3, hybrid 1; none among the first 10 for: dense 0, hybrid 2."
    )


def test_runs_beyond_the_styles_of_the_page_begin_anew_and_their_legend_goes_on_in_further_rows() -> None:
    names = [f"settings-{each}/hybrid" for each in range(shapes.SERIES + 1)]
    drawing = Drawing.of(ranks_picture(runs_report({name: [1] for name in names})))
    assert drawing.texts("name")[: len(names)] == names
    legend = drawing.all("rect")[: len(names)]
    assert [each.get("class") for each in legend] == [*(f"s{each}" for each in range(shapes.SERIES)), "s0"]
    assert len({(each.get("x"), each.get("y")) for each in legend}) == len(names)
    assert drawing.all("rect")[2 * len(names) - 1].get("class") == "s0"
    first_bar = min(number(each, "y") for each in drawing.all("rect")[len(names) :])
    assert first_bar > max(number(each, "y") for each in legend)
    assert all(number(each, "x") < shapes.WIDTH for each in legend)


@pytest.mark.parametrize(("name", "shown"), [("a" * 16, "a" * 16), ("a" * 17, "a" * 15 + "…"), ("漢" * 9, "漢" * 7 + "…")])
def test_the_name_of_a_cell_is_shortened_to_the_room_it_has(name: str, shown: str) -> None:
    cells = {"language": {name: ["q0"], "b": ["q1"]}}
    assert shown in Drawing.of(cells_picture(runs_report({"dense": [1, 1]}, cells))).texts("name")


def test_names_from_outside_are_escaped() -> None:
    hostile = "<b>&\"'"
    cells = {"language": {hostile: ["q0"], "b": ["q1"]}}
    drawing = Drawing.of(cells_picture(runs_report({hostile: [1, 1]}, cells)))
    assert drawing.texts("name") == [hostile, hostile, "b"]
    assert drawing.all("b") == []
