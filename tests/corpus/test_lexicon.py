from __future__ import annotations

import pytest

from qa.corpus.lexicon import Lexicon, NameFinder, Topic, parse_lexicon
from qa.datatypes import Language

TEXT = """\
operators:
  au: {names: {zh-Hans: au, ja: au}, aliases: [エーユー]}
  uq-mobile: {names: {en: UQ mobile}, aliases: [UQ]}
  rakuten: {names: {zh-Hans: 乐天移动, ja: 楽天モバイル}, aliases: [乐天]}
  ymobile: {names: {en: Y!mobile}}
  docomo: {names: {ja: ドコモ}}
topics:
  cancel: {names: {zh-Hans: 销户, en: cancellation}, aliases: [解约, cancel], sections: [overview, steps], general: true}
  fees: {names: {zh-Hans: 费用}, aliases: [多少钱, au 费用], sections: [fees, overview]}
elsewhere:
  nhk: {names: {ja: NHK}}
"""


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return parse_lexicon(TEXT, "lexicon.yaml")


@pytest.fixture(scope="module")
def finder(lexicon: Lexicon) -> NameFinder:
    return NameFinder(lexicon)


def found(finder: NameFinder, question: str, kind: str = "operator") -> list[str]:
    return [mention.key for mention in finder.find(question) if mention.kind == kind]


@pytest.mark.parametrize("question", ["au 怎么销户", "我的au卡", "auの解約", "「au」", "AU?", "ａｕ 解約", "NHKとau"])
def test_a_latin_name_is_found_as_a_whole_word(finder: NameFinder, question: str) -> None:
    assert found(finder, question) == ["au"]


@pytest.mark.parametrize("question", ["because of a fee", "restaurant", "aui", "1au", "xau1", "UQx", "au2台"])
def test_a_latin_name_is_not_found_inside_a_word(finder: NameFinder, question: str) -> None:
    assert found(finder, question) == []


@pytest.mark.parametrize("question", ["楽天を解約", "樂天怎麼銷戶", "乐天怎么销户", "楽天モバイル", "樂天移動"])
def test_a_name_is_found_in_traditional_japanese_and_simplified_form(finder: NameFinder, question: str) -> None:
    assert found(finder, question) == ["rakuten"]


@pytest.mark.parametrize(
    ("question", "operator"),
    [("ﾄﾞｺﾓの解約", "docomo"), ("ト\u3099コモ", "docomo"), ("Ｙ！ＭＯＢＩＬＥ", "ymobile"), ("y!Mobile 怎么销户", "ymobile")],
)
def test_a_name_is_found_in_any_width_and_case(finder: NameFinder, question: str, operator: str) -> None:
    assert found(finder, question) == [operator]


def test_of_two_names_that_begin_alike_the_longest_is_found(finder: NameFinder) -> None:
    mentions = [mention.text for mention in finder.find("乐天移动和UQ mobile") if mention.kind == "operator"]
    assert mentions == ["乐天移动", "uq mobile"]


def test_of_two_names_that_overlap_the_longest_is_found() -> None:
    names = NameFinder(parse_lexicon("topics: {a: {aliases: [乐天手机]}, b: {aliases: [手机卡销户]}}", "lexicon.yaml"))
    assert [mention.key for mention in names.find("乐天手机卡销户")] == ["b"]


def test_names_of_different_kinds_may_overlap(finder: NameFinder) -> None:
    assert [(mention.kind, mention.key) for mention in finder.find("au 费用")] == [("operator", "au"), ("topic", "fees")]


def test_what_stands_inside_a_longer_name_of_a_topic_is_not_named_elsewhere() -> None:
    text = "topics: {discount: {aliases: [光回線割引, NHK]}}\nelsewhere: {home: {aliases: [光回線]}, nhk: {aliases: [NHK]}}"
    names = NameFinder(parse_lexicon(text, "lexicon.yaml"))
    assert found(names, "光回線割引をやめる", "elsewhere") == []
    assert found(names, "光回線をやめる", "elsewhere") == ["home"]
    assert found(names, "NHK をやめる", "elsewhere") == ["nhk"]


def test_an_operator_inside_a_longer_name_of_a_topic_is_named_all_the_same(finder: NameFinder) -> None:
    assert found(finder, "au 费用") == ["au"]


@pytest.mark.parametrize(
    ("text", "operators"),
    [
        ("UQ mobile と楽天モバイルと樂天", {"uq-mobile", "rakuten"}),
        ("because of a fee", set[str]()),
        ("docoomo and ymobil", set[str]()),
        ("NHK", set[str]()),
    ],
)
def test_the_operators_that_a_guides_text_names_are_those_spelt_right(
    finder: NameFinder, text: str, operators: set[str]
) -> None:
    assert finder.operators(text) == operators


def test_mentions_come_in_the_order_of_the_question(finder: NameFinder) -> None:
    assert found(finder, "从UQ转到au还是乐天") == ["uq-mobile", "au", "rakuten"]


def test_a_name_that_two_entries_share_names_both() -> None:
    shared = NameFinder(parse_lexicon("operators: {a: {aliases: [povo]}, b: {aliases: [Povo]}}", "lexicon.yaml"))
    assert [mention.key for mention in shared.find("povo")] == ["a", "b"]


def test_an_empty_lexicon_finds_nothing() -> None:
    assert NameFinder(Lexicon()).find("povo 怎么销户") == ()


@pytest.mark.parametrize(
    ("language", "name"),
    [(Language.ZH_HANT, "乐天移动"), (Language.JA, "楽天モバイル"), (Language.EN, "乐天移动")],
)
def test_a_name_that_a_language_lacks_comes_from_the_nearest(lexicon: Lexicon, language: Language, name: str) -> None:
    assert lexicon.operators["rakuten"].name(language) == name


def test_operators_are_named_in_the_language_of_the_question(finder: NameFinder) -> None:
    assert finder.names(["rakuten", "nobody", "ymobile"], Language.JA) == ["楽天モバイル", "Y!mobile"]


def test_general_topics_count_only_where_no_other_is_named(lexicon: Lexicon) -> None:
    cancel, fees = lexicon.topics["cancel"], lexicon.topics["fees"]
    assert lexicon.specific(["cancel", "fees"]) == [fees]
    assert lexicon.specific(["cancel"]) == [cancel]
    assert lexicon.specific(["unheard"]) == []


@pytest.mark.parametrize(
    ("guide_id", "slug", "operator", "is_of"),
    [
        pytest.param("povo", "fees", "povo", True, id="a fixed section of an operator's guide"),
        pytest.param("povo", "sim", "povo", False, id="another one"),
        pytest.param("others", "hana", "hana", True, id="the section of an operator that shares a guide"),
        pytest.param("mnp", "fees", None, False, id="a section of a topic's guide that is named alike"),
        pytest.param("short-term", "rules", None, True, id="any section of a topic's guide that is named whole"),
        pytest.param("comparison", "cost", None, True, id="a section that is named with its guide"),
        pytest.param("comparison", "sim", None, False, id="another section of that guide"),
    ],
)
def test_a_section_is_of_a_topic_that_names_it(guide_id: str, slug: str, operator: str | None, is_of: bool) -> None:
    topic = Topic(sections=("overview", "fees"), guides=("short-term", "comparison#cost"))
    assert topic.is_of(guide_id, slug, operator) is is_of


@pytest.mark.parametrize(("slug", "name"), [("fees", "费用"), ("overview", "销户"), ("steps", "")])
def test_a_section_is_called_as_the_topic_it_answers_first(lexicon: Lexicon, slug: str, name: str) -> None:
    assert lexicon.topic_of_section(slug, Language.ZH_HANS) == name
