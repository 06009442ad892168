from __future__ import annotations

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.folding import fold


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
