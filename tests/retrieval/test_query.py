from __future__ import annotations

import pytest
from small_corpus import LEXICON

from qa.corpus.folding import fold, spans_of, without
from qa.corpus.lexicon import NameFinder, parse_lexicon
from qa.datatypes import Language
from qa.errors import QuestionError
from qa.retrieval.query import MAX_CHARACTERS, carried_operators, is_one_name_alone, understand, understand_turns


@pytest.fixture(scope="module")
def finder() -> NameFinder:
    return NameFinder(parse_lexicon(LEXICON, "lexicon.yaml"))


@pytest.mark.parametrize(
    ("question", "operators"),
    [
        ("povo怎么销户", ("povo",)),
        ("POVO2.0 怎么销户", ("povo",)),
        ("ポヴォの解約方法", ("povo",)),
        ("乐天要还卡吗", ("rakuten-mobile",)),
        ("樂天要還卡嗎", ("rakuten-mobile",)),
        ("楽天モバイルの解約", ("rakuten-mobile",)),
        ("从 LINEMO 换到 povo", ("linemo", "povo")),
        ("povo 还是 povo2.0", ("povo",)),
        ("How do I cancel Rakuten Mobile?", ("rakuten-mobile",)),
        ("improvomation", ()),
        ("怎么销户", ()),
    ],
)
def test_operators_are_found_by_any_name_in_the_order_of_their_mention(
    question: str, operators: tuple[str, ...], finder: NameFinder
) -> None:
    query = understand(question, finder)

    assert query.operators == operators
    assert not query.carried


def test_topics_and_names_from_elsewhere_are_found(finder: NameFinder) -> None:
    assert understand("povo 解约费用多少钱", finder).topics == ("cancel", "fees")
    assert understand("怎么取消NHK", finder).elsewhere == ("nhk",)


def test_blank_space_in_a_question_is_collapsed(finder: NameFinder) -> None:
    assert understand("  povo\n\n怎么\t销户　？ ", finder).text == "povo 怎么 销户 ？"


def test_a_follow_up_carries_the_operator_of_the_turn_before_in_its_text(finder: NameFinder) -> None:
    query = understand("要还卡吗", finder, earlier=["povo 怎么销户"])

    assert (query.operators, query.carried) == (("povo",), True)
    assert query.text == "povo 要还卡吗"


def test_a_carried_operator_is_named_in_the_language_of_this_turn(finder: NameFinder) -> None:
    assert understand("解約金はいくら?", finder, earlier=["Rakuten 怎么销户"]).text == "楽天モバイル 解約金はいくら?"


def test_an_operator_is_carried_over_turns_that_name_none(finder: NameFinder) -> None:
    query = understand("费用多少", finder, earlier=["linemo 怎么销户", "povo 怎么销户", "谢谢", ""])

    assert query.operators == ("povo",)


def test_an_operator_named_in_this_turn_replaces_the_one_before(finder: NameFinder) -> None:
    query = understand("linemo 费用多少", finder, earlier=["povo 怎么销户"])

    assert (query.operators, query.carried) == (("linemo",), False)
    assert query.text == "linemo 费用多少"


@pytest.mark.parametrize(
    ("question", "before", "asked"),
    [
        ("那 linemo 呢？", "povo 怎么销户", "LINEMO 怎么销户"),
        ("linemo", "povo 怎么销户", "LINEMO 怎么销户"),
        ("那乐天怎么样？", "povo 的 SIM 卡要归还吗", "乐天移动 的 SIM 卡要归还吗"),
        ("换成 linemo 的话呢", "povo2.0 多少钱", "LINEMO 多少钱"),
        ("要是乐天家呢", "多少钱", "乐天移动 多少钱"),
        ("那樂天呢？", "povo 的 SIM 卡要歸還嗎", "乐天移动 的 SIM 卡要歸還嗎"),
        ("LINEMOは？", "povoの解約金はいくら", "LINEMO の解約金はいくら"),
        ("じゃあ楽天だと？", "povo の解約方法", "楽天モバイル の解約方法"),
        ("楽天モバイルの場合はどうですか", "ポヴォは返却必要?", "楽天モバイル は返却必要?"),
        ("それではラインモなら？", "解約金", "LINEMO 解約金"),
        ("what about Rakuten?", "How do I cancel povo?", "Rakuten Mobile How do I cancel ?"),
        ("And LINEMO, is it the same?", "povo cancellation fee", "LINEMO cancellation fee"),
        ("ok, how about with Rakuten Mobile instead", "Is there a fee?", "Rakuten Mobile Is there a fee?"),
        ("How about povo and LINEMO?", "does Rakuten charge a fee", "povo LINEMO does charge a fee"),
        ("ＰＯＶＯ呢", "linemo 费用", "povo 费用"),
        ("lienmo？", "povo 费用", "LINEMO 费用"),
    ],
)
def test_a_turn_that_names_nothing_but_operators_asks_again_what_the_turn_before_asked(
    question: str, before: str, asked: str, finder: NameFinder
) -> None:
    query, alone, first = understand(question, finder, [before]), understand(question, finder), understand(before, finder)

    assert (query.text, query.carried) == (asked, True)
    assert (query.operators, query.language) == (alone.operators, alone.language)
    assert (query.topics, query.written) == (first.topics, first.written)


@pytest.mark.parametrize("question", ["linemo 要还卡吗", "LINEMOの解約金は？", "what about the fee of LINEMO?", "linemo NHK"])
def test_a_turn_that_asks_something_itself_asks_that(question: str, finder: NameFinder) -> None:
    query = understand(question, finder, ["povo 怎么销户"])

    assert (query.text, query.operators, query.carried) == (question, ("linemo",), False)


def test_what_is_asked_again_is_answered_in_the_language_of_this_turn(finder: NameFinder) -> None:
    query = understand("what about Rakuten?", finder, ["povo の解約金はいくら"])

    assert (query.language, query.written) == (Language.EN, Language.JA)
    assert query.text == "楽天モバイル の解約金はいくら"
    assert understand("LINEMO?", finder, ["povo の解約金はいくら"], language=Language.ZH_HANT).language is Language.ZH_HANT


def test_a_turn_asks_again_over_turns_that_name_nothing_but_operators(finder: NameFinder) -> None:
    query = understand("linemo は？", finder, ["povo の費用", "povo の返却", "楽天は？", "ポヴォなら?", "", "LINEMO"])

    assert (query.text, query.operators, query.topics) == ("LINEMO の返却", ("linemo",), ("sim",))


def test_a_turn_asks_again_what_was_itself_asked_of_an_operator_before(finder: NameFinder) -> None:
    query = understand("乐天呢", finder, ["povo 怎么销户", "要还卡吗"])

    assert (query.text, query.operators, query.topics) == ("乐天移动 要还卡吗", ("rakuten-mobile",), ("sim",))


def test_after_a_turn_that_asked_again_the_operator_is_the_one_it_named(finder: NameFinder) -> None:
    query = understand("费用多少", finder, ["povo 要还卡吗", "那 linemo 呢？"])

    assert (query.text, query.operators, query.topics) == ("LINEMO 费用多少", ("linemo",), ("fees",))


@pytest.mark.parametrize("earlier", [[], ["povo"], ["povo", "", "那 linemo 呢？", "what about Rakuten?"]])
def test_names_alone_that_follow_nothing_but_names_are_all_that_is_asked(earlier: list[str], finder: NameFinder) -> None:
    query = understand("linemo 呢？", finder, earlier)

    assert (query.text, query.operators, query.topics, query.carried) == ("linemo 呢？", ("linemo",), (), False)


@pytest.mark.parametrize("earlier", [["怎么取消NHK"], ["povo 怎么销户", "怎么取消NHK"], ["povo 能看 NHK 吗", "linemo"]])
def test_what_was_asked_about_something_else_is_not_asked_again(earlier: list[str], finder: NameFinder) -> None:
    query = understand("那 povo 呢？", finder, earlier)

    assert (query.text, query.operators, query.carried) == ("那 povo 呢？", ("povo",), False)


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("povo 怎么销户", []),
        ("ＰＯＶＯ２．０と樂天の解約金", []),
        ("ﾗｲﾝﾓを解約したい", []),
        ("How do I cancel lienmo?", []),
        ("要还卡吗", ["樂天 怎麼銷戶"]),
        ("返却は？", ["povo と Rakuten の費用"]),
        ("那樂天和 povo 呢", ["linemo の解約金"]),
        ("lienmo?", ["How do I cancel povo?"]),
        ("じゃあ楽天は？", ["povo の解約金"]),
        ("怎么销户", []),
    ],
)
def test_the_names_of_a_query_are_its_operators_and_stand_in_its_text(
    question: str, earlier: list[str], finder: NameFinder
) -> None:
    query = understand(question, finder, earlier)
    spans = spans_of(query.names, query.text)

    assert {fold(query.text[start:end]) for start, end in spans} == {fold(name) for name in query.names}
    # In the order in which they stand, and no operator's name is left beside them.
    found = (finder.find(query.text[start:end])[0].key for start, end in spans)
    assert tuple(dict.fromkeys(found)) == query.operators
    assert not [mention for mention in finder.find(without(query.text, spans)) if mention.kind == "operator"]


def test_nothing_is_carried_into_a_question_about_something_else(finder: NameFinder) -> None:
    query = understand("怎么取消NHK", finder, earlier=["povo 怎么销户"])

    assert (query.operators, query.carried) == ((), False)


def test_nothing_is_carried_over_a_turn_about_something_else(finder: NameFinder) -> None:
    assert understand("费用多少", finder, earlier=["povo 怎么销户", "怎么取消NHK"]).operators == ()


def test_the_language_that_is_given_is_answered_in_and_the_one_that_was_written_is_known(finder: NameFinder) -> None:
    query = understand("povo 怎么销户", finder, language=Language.EN)

    assert (query.language, query.written) == (Language.EN, Language.ZH_HANS)


def test_a_question_of_names_alone_is_in_the_language_of_the_page(finder: NameFinder) -> None:
    assert understand("povo", finder, hint=Language.JA).language is Language.JA
    assert understand("povo", finder).language is Language.ZH_HANS


@pytest.mark.parametrize("question", ["楽天モバイル cancellation fee", "樂天 cancellation fee"])
def test_a_name_says_nothing_of_the_language_however_it_is_written(question: str, finder: NameFinder) -> None:
    assert understand(question, finder).language is Language.EN


@pytest.mark.parametrize("question", ["", "   ", "\n\t\u3000"])
def test_an_empty_question_is_refused_with_an_example(question: str, finder: NameFinder) -> None:
    with pytest.raises(QuestionError, match=r"^The question is empty\. Mend: ask something, like '.+'$"):
        understand(question, finder)


def test_a_question_of_10000_characters_is_refused_with_what_was_found_and_expected(finder: NameFinder) -> None:
    with pytest.raises(
        QuestionError, match=rf"^The question is 10000 characters long; {MAX_CHARACTERS} are the most\. Mend: ask for"
    ):
        understand("解" * 10_000, finder)


def test_the_longest_question_is_accepted_and_blank_space_around_it_does_not_count(finder: NameFinder) -> None:
    assert understand("解" * MAX_CHARACTERS + " " * 10_000, finder).text == "解" * MAX_CHARACTERS


def test_an_over_long_earlier_turn_does_no_harm(finder: NameFinder) -> None:
    assert understand("费用多少", finder, earlier=["povo " + "解" * 10_000]).operators == ("povo",)


@pytest.mark.parametrize(
    ("earlier", "operators"),
    [
        ([], ()),
        (["怎么销户"], ()),
        (["povo 怎么销户"], ("povo",)),
        (["linemo の解約", "povo と Rakuten の費用", "谢谢", ""], ("povo", "rakuten-mobile")),
        (["povo 怎么销户", "怎么取消NHK"], ()),
        (["povo 怎么销户", "那 linemo 呢"], ("linemo",)),
        (["povo " + "解" * 10_000], ("povo",)),
    ],
)
def test_what_a_question_that_names_none_would_carry_is_known_before_it_is_asked(
    earlier: list[str], operators: tuple[str, ...], finder: NameFinder
) -> None:
    assert carried_operators(earlier, finder) == operators
    assert understand("然后呢", finder, earlier).operators == operators


def test_each_earlier_turn_is_understood_after_those_before_it(finder: NameFinder) -> None:
    earlier = ["povo 怎么销户", "要还卡吗", "那乐天呢", "谢谢", ""]
    turns = understand_turns(earlier, finder)

    assert turns[:4] == [understand(turn, finder, earlier[:number]) for number, turn in enumerate(earlier[:4])]
    assert [turn.operators for turn in turns] == [("povo",), ("povo",), *[("rakuten-mobile",)] * 3]
    assert understand_turns([], finder) == []


@pytest.mark.parametrize(
    ("question", "earlier", "is_alone"),
    [
        ("povo", [], True),
        ("LINEMO 呢？", [], True),
        ("what about Rakuten?", ["povo"], True),
        ("povo 和 linemo", [], False),
        ("povo 怎么销户", [], False),
        ("povo NHK", [], False),
        ("linemo", ["povo 怎么销户"], False),
        ("谢谢", ["povo 怎么销户"], False),
        ("怎么销户", [], False),
    ],
)
def test_one_name_alone_is_all_that_is_known_of_some_questions(
    question: str, earlier: list[str], is_alone: bool, finder: NameFinder
) -> None:
    assert is_one_name_alone(understand(question, finder, earlier)) is is_alone


TOPICS = """\
operators: {povo: {names: {en: povo}}}
topics:
  scams: {aliases: [可信], guides: [scams]}
  fees: {aliases: [多少钱], sections: [fees], guides: [fees]}
  line: {aliases: [号码], general: true}
"""


@pytest.mark.parametrize(
    ("question", "carried"),
    [("有人代办，可信吗", False), ("代办多少钱，可信吗", False), ("那要多少钱", True), ("号码呢", True), ("然后呢", True)],
)
def test_nothing_is_carried_into_a_question_that_topics_guides_alone_tell_of(question: str, carried: bool) -> None:
    query = understand(question, NameFinder(parse_lexicon(TOPICS, "lexicon.yaml")), ["povo 怎么销户"])
    assert (query.carried, query.operators) == (carried, ("povo",) if carried else ())
