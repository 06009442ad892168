from __future__ import annotations

import pytest

from qa.datatypes import Language
from qa.evaluation.script import guide_language, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("povo 怎么在线销户？", "zh-Hans"),
        ("已经回国了，号码还能保留多久？", "zh-Hans"),
        ("请问 Rakuten Mobile 的 eSIM 要不要退", "zh-Hans"),
        ("SoftBank eSIM 怎么转到新手机", "zh-Hans"),
        ("手机号", "zh-Hans"),
        ("電話號碼可以保留嗎？", "zh-Hant"),
        ("povo 要怎麼在線上解約，需要準備什麼文件？", "zh-Hant"),
        ("取消合約要多少錢", "zh-Hant"),
        ("日本通信要打電話退還是網頁就可以", "zh-Hant"),
        ("au可以在my au上面直接退嗎", "zh-Hant"),
        ("LinksMate 怎麼退", "zh-Hant"),
        ("如何解約", "zh-Hant"),
        ("ドコモを解約したいです。", "ja"),
        ("解約金はいくら？", "ja"),
        ("povoの解約", "ja"),
        ("楽天モバイル 解約 方法", "ja"),
        ("ﾄﾞｺﾓ", "ja"),
        ("携帯電話解約方法", "ja"),
        ("SIMカードを返却しないといけませんか", "ja"),
        ("How do I cancel my SoftBank line from abroad?", "en"),
        ("Wie kündige ich meinen Vertrag?", "en"),
        ("¿Cómo cancelo mi línea?", "en"),
        ("eSIM", "en"),
        ("휴대폰을 해지하는 방법을 알려 주세요", "other"),
        ("Как расторгнуть договор?", "other"),
        ("كيف ألغي خطي؟", "other"),
        ("090-1234-5678", "other"),
        ("２０２６", "other"),
        ("？！😀", "other"),
        ("", "other"),
        (" \n", "other"),
        ("\0", "other"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "我想取消ドコモ的合约，需要带什么证件去门店办理？",
        "在日本用手机两年了，听说ソフトバンク的违约金取消了，现在销户还要付多少钱？",
        "手机是au的かえトクプログラム买的 退号以后还要还手机吗",
        "ワイモバ不去店能退么",
        "《超昂闪忍ハルカ》是2008年发售的日本成人游戏。",
    ],
)
def test_chinese_that_names_something_japanese_stays_chinese(text: str) -> None:
    assert language_of(text) == "zh-Hans"


@pytest.mark.parametrize(
    "text",
    [
        "Can I cancel a 楽天モバイル contract in English?",
        "What does 解約 mean on the bill?",
        "The poet 李白 (Li Bai) was born in 701.",
    ],
)
def test_english_that_names_something_foreign_stays_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize("text", ["SoftBankのeSIMをMNPで解約したい", "Rakuten Mobile の違約金はいくら"])
def test_latin_names_do_not_make_a_japanese_question_english(text: str) -> None:
    assert language_of(text) == "ja"


def test_a_russian_text_with_a_latin_name_is_not_english() -> None:
    assert language_of("Как отключить SIM?") == "other"


def test_a_long_japanese_text_that_is_mostly_han_stays_japanese() -> None:
    text = "総務省令和五年度電気通信事業法改正施行規則第二十二条の二の十七に基づく違約金上限額"

    assert language_of(text) == "ja"


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("zh-Hans", Language.ZH_HANS),
        ("zh-Hant", Language.ZH_HANS),
        ("ja", Language.JA),
        ("en", Language.EN),
        ("other", Language.EN),
        ("fr", Language.EN),
        ("", Language.EN),
    ],
)
def test_a_text_is_stored_under_a_language_of_guides(label: str, language: Language) -> None:
    assert guide_language(label) is language
