from __future__ import annotations

import pytest

from qa.datatypes import Language
from qa.retrieval.language import detect_language

ZH_HANS, ZH_HANT, JA, EN = Language.ZH_HANS, Language.ZH_HANT, Language.JA, Language.EN

# Written so that no page can change it: question, names in it, language.
CLEAR = [
    ("手機退租還是停機保號比較划算", (), ZH_HANT),
    ("怎么在线销户？", (), ZH_HANS),
    ("销户要钱吗", (), ZH_HANS),
    ("最后一个月怎么收费", (), ZH_HANS),
    ("人在国内能注销吗", (), ZH_HANS),
    ("SIM卡要还吗", (), ZH_HANS),
    ("eSIM 删了就行吗", (), ZH_HANS),
    ("欠费会进黑名单吗", (), ZH_HANS),
    ("解约", (), ZH_HANS),
    ("违约金多少", (), ZH_HANS),
    ("MNP 预约号怎么拿", (), ZH_HANS),
    ("日本手机号保号", (), ZH_HANS),
    ("App 打不开", (), ZH_HANS),
    ("ドコモ 怎么解约", ("ドコモ",), ZH_HANS),
    ("楽天モバイル的解约费", ("楽天モバイル",), ZH_HANS),
    ("「解約手続き」这个按钮在哪", ("解約手続き",), ZH_HANS),
    ("怎麼線上銷戶？", (), ZH_HANT),
    ("違約金多少", (), ZH_HANT),
    ("SIM卡要還嗎", (), ZH_HANT),
    ("門號要怎麼取消", (), ZH_HANT),
    ("最後一個月會收全額嗎", (), ZH_HANT),
    ("解約要錢嗎", (), ZH_HANT),
    ("人在台灣可以解約嗎", (), ZH_HANT),
    ("攜號轉網", (), ZH_HANT),
    ("我在國外", (), ZH_HANT),
    ("帳單還沒來", (), ZH_HANT),
    ("號碼保留", (), ZH_HANT),
    ("ワイモバイル 銷戶", ("ワイモバイル",), ZH_HANT),
    ("オンラインで解約できますか", (), JA),
    ("解約したい", (), JA),
    ("解約金はいくら", (), JA),
    ("SIMカードの返却", (), JA),
    ("海外から解約できる？", (), JA),
    ("日割り", (), JA),
    ("ｅＳＩＭの解約", (), JA),
    ("ｷｬﾝｾﾙ", (), JA),
    ("キャンセル", (), JA),
    ("契約者が死亡", (), JA),
    ("Rakuten Mobile 解約したい", ("Rakuten Mobile",), JA),
    ("How do I cancel my contract with you?", (), EN),
    ("cancellation fee", (), EN),
    ("return the SIM card", (), EN),
    ("I left Japan", (), EN),
    ("port out to another carrier", (), EN),
    ("can't log in", (), EN),
    ("ドコモ cancel fee", ("ドコモ",), EN),
    ("楽天モバイル cancel", ("楽天モバイル",), EN),
    ("au fee?", ("au",), EN),
]

# Open between some languages: question, names in it, hint, language.
OPEN = [
    ("povo", ("povo",), None, ZH_HANS),
    ("povo", ("povo",), EN, EN),
    ("ソフトバンク", ("ソフトバンク",), JA, JA),
    ("ソフトバンク", ("ソフトバンク",), ZH_HANT, ZH_HANT),
    ("？", (), JA, JA),
    ("取消", (), None, ZH_HANS),
    ("取消", (), JA, JA),
    ("人在日本", (), ZH_HANT, ZH_HANT),
    ("可以取消", (), None, ZH_HANS),
    ("可以取消", (), ZH_HANT, ZH_HANT),
    ("可以取消", (), JA, ZH_HANS),
    ("解約 無料", (), None, JA),
    ("解約 無料", (), ZH_HANT, ZH_HANT),
    ("解約 無料", (), EN, JA),
]


@pytest.mark.parametrize("hint", [None, *Language])
@pytest.mark.parametrize(("question", "names", "language"), CLEAR)
def test_a_question_is_in_the_language_it_is_written_in_whatever_the_page(
    question: str, names: tuple[str, ...], language: Language, hint: Language | None
) -> None:
    assert detect_language(question, names, hint) is language


@pytest.mark.parametrize(("question", "names", "hint", "language"), OPEN)
def test_the_page_decides_what_the_question_leaves_open(
    question: str, names: tuple[str, ...], hint: Language | None, language: Language
) -> None:
    assert detect_language(question, names, hint) is language


def test_names_are_left_out_whatever_their_case() -> None:
    assert detect_language("RAKUTEN mobile 销户", ("rakuten mobile",)) is ZH_HANS
    assert detect_language("RAKUTEN mobile", ("rakuten mobile",), JA) is JA


def test_of_names_that_overlap_the_longer_is_left_out() -> None:
    assert detect_language("Rakuten Mobile", ("Rakuten", "Rakuten Mobile"), ZH_HANT) is ZH_HANT


@pytest.mark.parametrize("question", ["What does 解約 mean?", "Is there a 最低利用期間 on my plan?"])
def test_an_english_sentence_that_quotes_a_japanese_word_is_english(question: str) -> None:
    assert detect_language(question) is EN


@pytest.mark.parametrize("word", ["SIM", "eSIM", "MNP"])
def test_a_word_that_every_language_writes_so_leaves_the_question_open(word: str) -> None:
    assert detect_language(f"povo {word}", ("povo",), ZH_HANS) is ZH_HANS
