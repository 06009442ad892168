from __future__ import annotations

from collections.abc import Sequence

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.folding import fold, spans_of, without


@pytest.mark.parametrize(
    "forms",
    [
        ("解约", "解約"),
        ("转出", "轉出", "転出"),
        ("乐天", "樂天", "楽天"),
        ("号码", "號碼"),
        ("归还", "歸還", "帰還"),
        ("软银", "軟銀"),
        ("费用", "費用"),
        ("保号卡", "保號卡"),
    ],
)
def test_simplified_traditional_and_japanese_forms_fold_to_the_simplified_one(forms: tuple[str, ...]) -> None:
    assert {fold(form) for form in forms} == {forms[0]}


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＰＯＶＯ２．０", "povo2.0"),
        ("ﾄﾞｺﾓ", "ドコモ"),
        ("か\u3099", "が"),
        ("Ｙ！ｍｏｂｉｌｅ", "y!mobile"),
        ("㍿　Ⅲ", "株式会社 iii"),
        ("SoftBank", "softbank"),
    ],
)
def test_width_case_and_composed_characters_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text("povo2.0 がドコモ、。ー!?销户卡在网上办理", max_size=40))
def test_what_is_folded_already_stays(text: str) -> None:
    assert fold(text) == text


def test_every_traditional_character_folds_as_its_simplified_one() -> None:
    traditional = [chr(code_point) for code_point in range(0x4E00, 0xA000)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    assert [(t, s) for t, s in zip(traditional, simplified, strict=True) if fold(t) != fold(s)] == []


def cut(names: Sequence[str], text: str) -> list[str]:
    return [text[start:end] for start, end in spans_of(names, text)]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("povo2.0", "ＰＯＶＯ２．０"),
        ("乐天", "樂天"),
        ("楽天", "乐天"),
        ("ドコモ", "ﾄﾞｺﾓ"),
        ("ド", "ト\u3099"),
        ("キロ", "㌔"),
        ("Y!mobile", "Ｙ！ＭＯＢＩＬＥ"),
    ],
)
def test_a_name_is_found_at_its_offsets_however_it_is_written(name: str, written: str) -> None:
    assert spans_of([name], f"我的{written}卡和{written}") == [(2, 2 + len(written)), (4 + len(written), 4 + 2 * len(written))]


@pytest.mark.parametrize("text", ["because of it", "my AUTO pay", "1au", "au2", "ｂｅｃａｕｓｅ", "auau"])
def test_a_latin_name_inside_a_word_is_not_found(text: str) -> None:
    assert spans_of(["au"], text) == []


@pytest.mark.parametrize("text", ["au because", "我的au卡", "「AU」", "cancel au!", "auの解約", "ａｕ"])
def test_a_latin_name_is_found_beside_everything_but_letters_and_digits(text: str) -> None:
    assert [fold(name) for name in cut(["au"], text)] == ["au"]


def test_of_names_that_overlap_the_longest_is_found_and_then_the_first() -> None:
    assert cut(["乐天", "乐天移动", "移动"], "乐天移动和乐天") == ["乐天移动", "乐天"]
    assert cut(["ドド"], "ドドド") == ["ドド"]


def test_spans_ascend_whatever_the_order_of_the_names() -> None:
    assert cut(["povo", "楽天モバイル", "au"], "auとpovoと楽天モバイル") == ["au", "povo", "楽天モバイル"]


@pytest.mark.parametrize(("names", "text"), [([], "povo"), (["povo"], ""), ([""], "povo"), (["povo"], "ahamo")])
def test_where_no_name_stands_there_are_no_spans(names: list[str], text: str) -> None:
    assert spans_of(names, text) == []


_NAMES = ("au", "楽天", "ドコモ", "UQ mobile", "povo2.0")
_PIECES = (*_NAMES, "ﾄﾞｺﾓ", "樂天", "ＡＵ", "because", "㌔", "か\u3099", " ", "、", "の解約")


@given(st.lists(st.sampled_from(_NAMES)), st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_spans_hold_names_do_not_overlap_and_leave_no_other_text_out(names: list[str], text: str) -> None:
    spans = spans_of(names, text)
    ends = [0, *(end for span in spans for end in span), len(text)]
    assert ends == sorted(ends)
    assert {fold(text[start:end]) for start, end in spans} <= {fold(name) for name in names}
    kept = [text[end:start] for end, start in zip(ends[::2], ends[1::2], strict=True)]
    assert without(text, spans) == " ".join(kept)


def test_a_space_stands_where_a_name_was() -> None:
    assert without("从au到povo", [(1, 3), (4, 8)]) == "从 到 "
    assert without("povo", []) == "povo"
