from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import WriteSection

from qa.answering.evidence import pick_evidence
from qa.corpus.units import units
from qa.datatypes import Guide, Language, Section


def quote(made: tuple[Guide, Section], scores: list[float], *, whole_steps: bool = False) -> str:
    """Return what is quoted where the units of a section have these scores: each is one token that scores so."""
    guide, section = made
    found = units(guide, section)
    assert len(found) == len(scores)
    spans = np.array([(-1, -1), *((unit.start, unit.end) for unit in found)], np.int32)
    # The first token stands for the headings: the best match of all, and no text to quote.
    similarities = np.array([[1.0, *scores]], np.float32)
    evidence = pick_evidence(guide, section, similarities, np.ones(1, np.float32), spans, whole_steps=whole_steps)
    assert (evidence.guide, evidence.section) == (guide, section)
    return guide.text[evidence.start : evidence.end]


def test_the_unit_that_matches_best_is_quoted_exactly(section_of: WriteSection) -> None:
    made = section_of("开头。[^s1]\n\n- 甲[^s1]\n- 乙[^s2]\n- 丙\n")

    assert quote(made, [0.5, 0.5, 0.8, 0.5]) == "- 乙[^s2]"


def test_neighbours_in_a_list_that_match_as_well_are_quoted_along(section_of: WriteSection) -> None:
    made = section_of("开头。\n\n- 甲\n- 乙\n- 丙\n- 丁\n")

    assert quote(made, [0.5, 0.78, 0.8, 0.79, 0.5]) == "- 甲\n- 乙\n- 丙"


@pytest.mark.parametrize(("score", "quoted"), [(0.71, "- 甲\n- 乙"), (0.69, "- 乙")])
def test_a_neighbour_matches_as_well_where_it_scores_less_by_a_tenth_at_most(
    score: float, quoted: str, section_of: WriteSection
) -> None:
    made = section_of("开头。\n\n- 甲\n- 乙\n- 丙\n")

    assert quote(made, [0.5, score, 0.8, 0.5]) == quoted


def test_a_neighbour_behind_one_that_matches_less_is_left_out(section_of: WriteSection) -> None:
    made = section_of("开头。\n\n- 甲\n- 乙\n- 丙\n")

    assert quote(made, [0.5, 0.8, 0.5, 0.8]) == "- 甲"


def test_the_opening_is_quoted_where_details_match_little_better(section_of: WriteSection) -> None:
    made = section_of("开头。[^s1]\n\n- 甲\n")

    assert quote(made, [0.71, 0.8]) == "开头。[^s1]"
    assert quote(made, [0.69, 0.8]) == "- 甲"


def test_the_opening_of_all_that_is_known_of_an_operator_is_quoted_only_where_it_matches_best(section_of: WriteSection) -> None:
    guide, section = section_of("开头。[^s1]\n\n- 甲\n")
    made = guide, replace(section, slug="povo")

    assert quote(made, [0.76, 0.8]) == "- 甲"
    assert quote(made, [0.8, 0.76]) == "开头。[^s1]"


def test_the_lines_of_the_opening_are_quoted_together(section_of: WriteSection) -> None:
    body = "2 家能在线办：甲、乙。[^s1]\n1 家不能：丙。[^s1]"
    made = section_of(f"{body}\n\n- 甲：能\n- 丙：不能\n")

    assert quote(made, [0.5, 0.8, 0.5, 0.5]) == body
    assert quote(made, [0.5, 0.5, 0.5, 0.8]) == "- 丙：不能"


def test_a_run_in_the_first_paragraph_starts_with_its_opening(section_of: WriteSection) -> None:
    made = section_of("开头。[^s1]其次。[^s1]最后。[^s2]")

    assert quote(made, [0.5, 0.8, 0.5]) == "开头。[^s1]其次。[^s1]"


def test_a_claim_that_matches_as_well_as_the_opening_is_quoted_along(section_of: WriteSection) -> None:
    made = section_of("开头。[^s1]其次。[^s1]最后。[^s2]")

    assert quote(made, [0.8, 0.8, 0.5]) == "开头。[^s1]其次。[^s1]"


def test_a_later_paragraph_does_not_drag_in_the_opening(section_of: WriteSection) -> None:
    made = section_of("开头。[^s1]\n\n其次。[^s1]最后。[^s2]")

    assert quote(made, [0.5, 0.5, 0.8]) == "最后。[^s2]"


@pytest.mark.parametrize("best", [0, 1, 2, 3])
def test_numbered_steps_are_quoted_whole_and_with_the_opening_for_a_question_of_how(
    best: int, section_of: WriteSection
) -> None:
    made = section_of("开头。\n\n1. 打开\n2. 登录\n3. 提交\n\n结尾。")
    scores = [0.5] * 5
    scores[best] = 0.8

    assert quote(made, scores, whole_steps=True) == "开头。\n\n1. 打开\n2. 登录\n3. 提交"


def test_what_stands_behind_the_steps_is_quoted_alone_where_it_matches_best(section_of: WriteSection) -> None:
    made = section_of("开头。\n\n1. 打开\n2. 登录\n\n结尾。")

    assert quote(made, [0.5, 0.5, 0.5, 0.8], whole_steps=True) == "结尾。"


def test_steps_that_leave_no_room_for_the_opening_are_quoted_without_it(section_of: WriteSection) -> None:
    steps = "\n".join(f"{number}. {'长' * 300}" for number in (1, 2, 3))
    made = section_of(f"{'开' * 200}。\n\n{steps}")

    assert quote(made, [0.5, 0.5, 0.8, 0.5], whole_steps=True) == steps


def test_one_step_is_quoted_for_any_other_question(section_of: WriteSection) -> None:
    made = section_of("开头。\n\n1. 打开\n2. 登录\n3. 提交\n")

    assert quote(made, [0.5, 0.5, 0.8, 0.5]) == "2. 登录"


def test_bullets_are_not_steps(section_of: WriteSection) -> None:
    made = section_of("开头。\n\n- 打开\n- 登录\n")

    assert quote(made, [0.5, 0.5, 0.8], whole_steps=True) == "- 登录"


@pytest.mark.parametrize(("language", "longest"), [(Language.ZH_HANS, 260), (Language.JA, 320), (Language.EN, 620)])
def test_a_run_grows_no_longer_than_a_reader_takes_in(language: Language, longest: int, section_of: WriteSection) -> None:
    item = "- " + "长" * 98
    made = section_of("开头。\n\n" + "\n".join([item] * 9), language)

    text = quote(made, [0.5, *[0.8] * 9])
    assert len(text) <= longest < len(text) + len("\n" + item)
    assert set(text.split("\n")) == {item}


def test_of_steps_too_long_to_quote_whole_the_best_one_is_quoted(section_of: WriteSection) -> None:
    made = section_of("开头。\n\n" + "\n".join(f"{number}. {'长' * 400}" for number in (1, 2, 3)))

    assert quote(made, [0.5, 0.5, 0.8, 0.5], whole_steps=True) == "2. " + "长" * 400


def test_a_unit_longer_than_that_is_quoted_whole_all_the_same(section_of: WriteSection) -> None:
    assert quote(section_of("长" * 2000), [0.5]) == "长" * 2000


@pytest.mark.parametrize(
    ("weights", "quoted"),
    [
        ((1, 1), "- 甲乙"),  # (0.9 + 0.7) / 2, where the paragraph has (0.75 + 0.75) / 2
        ((3, 1), "- 甲乙"),  # (3 · 0.9 + 0.7) / 4
        ((1, 3), "丙"),  # (0.9 + 3 · 0.7) / 4 = 0.75, less than (0.75 + 3 · 0.76) / 4
    ],
)
def test_the_score_of_a_unit_is_the_weighted_mean_of_each_question_tokens_best_match(
    weights: tuple[float, float], quoted: str, section_of: WriteSection
) -> None:
    guide, section = section_of("开头。\n\n- 甲乙\n\n丙\n")
    opening, first, second = units(guide, section)
    spans = [(opening.start, opening.end), (first.start + 2, first.start + 3), (first.start + 3, first.end)]
    spans.append((second.start, second.end))
    similarities = np.array([[0.1, 0.9, 0.2, 0.75], [0.1, 0.1, 0.7, 0.76]], np.float32)

    for scale in (1, 1000):  # only their ratios count
        of_tokens = np.array(weights, np.float32) * scale
        evidence = pick_evidence(guide, section, similarities, of_tokens, np.array(spans, np.int32), whole_steps=False)
        assert guide.text[evidence.start : evidence.end] == quoted


def test_how_close_a_neighbour_is_and_what_the_opening_is_ahead_are_weighted_too(section_of: WriteSection) -> None:
    guide, section = section_of("开头。\n\n- 甲\n- 乙\n")
    spans = np.array([(unit.start, unit.end) for unit in units(guide, section)], np.int32)
    similarities = np.array([[0.9, 0.9, 0.9], [0.1, 0.5, 0.9]], np.float32)

    def quoted(*weights: float) -> str:
        evidence = pick_evidence(guide, section, similarities, np.array(weights, np.float32), spans, whole_steps=False)
        return guide.text[evidence.start : evidence.end]

    assert quoted(1, 2) == "- 乙"
    assert quoted(4, 1) == "- 甲\n- 乙"
    assert quoted(9, 1) == "开头。"


def test_the_opening_is_quoted_where_the_question_has_no_token(section_of: WriteSection) -> None:
    guide, section = section_of("开头。\n\n- 甲\n")
    spans = np.array([(unit.start, unit.end) for unit in units(guide, section)], np.int32)
    nothing, no_weights = np.zeros((0, len(spans)), np.float32), np.zeros(0, np.float32)

    evidence = pick_evidence(guide, section, nothing, no_weights, spans, whole_steps=False)
    assert guide.text[evidence.start : evidence.end] == "开头。"
