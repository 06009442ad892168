from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.corpus.search_text import FOOTNOTE, NOT_IN_GUIDE, heading_line, search_text, without_syntax

HEADINGS = ("povo", "费用")
PIECES = [
    "销户",
    "料金",
    "a fee",
    " ",
    "\n",
    "[^s1]",
    "**",
    "__",
    "`",
    "- ",
    "1. ",
    "> ",
    "|",
    "---",
    "[",
    "](",
    ")",
    "\U0001f4f1",
]
MARKDOWN = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(MARKDOWN | st.text(max_size=40), st.integers(0, 9))
@example("- [**解約**](https://a.jp)。[^s1]\n| a | b |\n|---|---|\n", 7)
def test_every_kept_character_stands_where_the_map_says(text: str, start: int) -> None:
    guide = "x" * start + text
    found = search_text(HEADINGS, text, start)
    line = heading_line(HEADINGS)
    assert len(found.text) == len(found.positions)
    assert found.positions[: len(line)] == (NOT_IN_GUIDE,) * len(line)
    kept = found.positions[len(line) :]
    assert found.text == line + "".join(guide[position] for position in kept)
    assert list(kept) == sorted(set(kept))


@given(MARKDOWN)
def test_what_is_embedded_is_what_was_counted_when_splitting(text: str) -> None:
    assert search_text(HEADINGS, text, 0).text == heading_line(HEADINGS) + without_syntax(text)


@given(st.text("销户 povo、。!?()（）「」1,078：/", max_size=40))
def test_plain_text_is_kept_as_it_is(text: str) -> None:
    assert without_syntax(text) == text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("0 日元。[^s1][^mic-2]", "0 日元。"),
        ("在[官网](https://povo.jp/?a=b#c)办", "在官网办"),
        ("[官网]()", "官网"),
        ("**不能撤回**，__真的__，`00000JAPAN`", "不能撤回，真的，00000JAPAN"),
        ("- 一\n* 二\n+ 三\n  - 四\n10. 十", "一\n二\n三\n四\n十"),
        ("> 引用\n>引用", "引用\n引用"),
        ("| 费用 | 条件 |\n|:---|---:|\n| 0 | 无 |", " 费用 | 条件 \n\n 0 | 无 "),
        ("一\n\n---\n\n二", "一\n\n二"),
    ],
)
def test_footnote_marks_link_targets_and_markdown_syntax_are_gone(markdown: str, plain: str) -> None:
    # What stands between paragraphs is of no weight: the model reads any white space as one space.
    assert without_syntax(markdown).split() == plain.split()


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        pytest.param('[官网](https://povo.jp "povo")', "官网", id="title of a link"),
        pytest.param("| a | b |\n|:-:|-|\n| c | d |", " a | b \n c | d ", id="short ruler of a table"),
    ],
)
def test_rarer_markdown_syntax_is_gone_too(markdown: str, plain: str) -> None:
    assert without_syntax(markdown).split() == plain.split()


@pytest.mark.parametrize("text", ["a*b", "2 * 3", "[1]", "f(x)", "A-B", "3.5", "(见上)", "a | b"])
def test_signs_that_are_no_syntax_stay(text: str) -> None:
    assert without_syntax(text) == text


@pytest.mark.parametrize(("mark", "source"), [("[^s1]", "s1"), ("[^mic-2024]", "mic-2024")])
def test_a_footnote_mark_names_its_source(mark: str, source: str) -> None:
    found = FOOTNOTE.fullmatch(mark)
    assert found is not None
    assert found["source"] == source


def test_headings_come_first_from_the_widest_to_the_narrowest() -> None:
    assert search_text(("povo", "费用", "补发"), "550 日元", 0).text == "povo · 费用 · 补发\n550 日元"
