from __future__ import annotations

import pytest
from conftest import WriteSection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.corpus.units import Kind, units
from qa.datatypes import Guide, Section

_PIECES = ["povo is free", "解約", "[^s1]", "[^s2]", ". ", "。", "！", "? ", "」", "）", '"', "\n", "\n\n", "- ", "* ", "1. "]
_PIECES += ["12. ", "| a | b |", "|---|---|", "  ", "\t", "$5.20", " ", "\u3000", "\x0b", "\u2028", "e.g. x", "😀"]


def quoted(made: tuple[Guide, Section]) -> list[str]:
    guide, section = made
    return [guide.text[unit.start : unit.end] for unit in units(guide, section)]


@pytest.mark.parametrize(
    ("body", "claims"),
    [
        ("0 日元。没有违约金。[^s1]须年满 18 岁。[^s2]", ["0 日元。没有违约金。[^s1]", "须年满 18 岁。[^s2]"]),
        ("0 日元。[^s1][^s2] 没有违约金。", ["0 日元。[^s1][^s2]", "没有违约金。"]),
        ("It costs $5.20. There is no fee.[^s1] Ask first.", ["It costs $5.20. There is no fee.[^s1]", "Ask first."]),
        ("「無料です。」[^s1]確認してください。", ["「無料です。」[^s1]", "確認してください。"]),
        ("没有句号", ["没有句号"]),
        ("  前后有空格。  ", ["前后有空格。"]),
        ("第一段。[^s1]\n\n第二段。[^s1]", ["第一段。[^s1]", "第二段。[^s1]"]),
    ],
)
def test_a_claim_is_the_sentences_up_to_a_footnote_mark(body: str, claims: list[str], section_of: WriteSection) -> None:
    assert quoted(section_of(body)) == claims


def test_a_condition_is_never_cut_off_from_the_claim_it_belongs_to(section_of: WriteSection) -> None:
    body = "销户免费。但是一年内销户收 1,078 日元。[^s1]"

    assert quoted(section_of(body)) == [body]


def test_each_list_item_is_a_unit_whole(section_of: WriteSection) -> None:
    body = "- 邮箱：要能打开。[^s1] 打不开就不行。[^s2]\n* 证件\n+ 其他\n"

    assert quoted(section_of(body)) == ["- 邮箱：要能打开。[^s1] 打不开就不行。[^s2]", "* 证件", "+ 其他"]


def test_each_table_row_is_a_unit(section_of: WriteSection) -> None:
    body = "| 运营商 | 归还 |\n|---|---|\n| povo | 不用[^s1] |\n"

    assert quoted(section_of(body)) == body.splitlines()


def test_units_know_what_they_are_part_of_and_which_stand_together(section_of: WriteSection) -> None:
    guide, section = section_of("开头。[^s1]接着。\n\n1. 打开\n2. 提交\n- 注意\n\n| a |\n\n结尾。")

    assert [(unit.kind, unit.block) for unit in units(guide, section)] == [
        (Kind.PARAGRAPH, 0),
        (Kind.PARAGRAPH, 0),
        (Kind.NUMBERED, 1),
        (Kind.NUMBERED, 1),
        (Kind.BULLETS, 2),
        (Kind.TABLE, 3),
        (Kind.PARAGRAPH, 4),
    ]


def test_the_heading_and_the_sections_around_are_no_units(section_of: WriteSection) -> None:
    guide, section = section_of("0 日元。")

    assert quoted((guide, section)) == ["0 日元。"]


def test_a_blank_section_has_no_units(section_of: WriteSection) -> None:
    assert quoted(section_of("\n  \n")) == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
@example("0 日元。」[^s1]")
@example("\u2028")
def test_units_hold_all_text_but_blank_space_in_order_and_never_overlap(section_of: WriteSection, body: str) -> None:
    guide, section = section_of(body)
    at = section.body
    for unit in units(guide, section):
        assert at <= unit.start < unit.end <= section.end
        assert not guide.text[at : unit.start].strip()
        assert guide.text[unit.start : unit.end].strip()
        at = unit.end
    assert not guide.text[at : section.end].strip()
