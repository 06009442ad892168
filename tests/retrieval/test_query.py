from __future__ import annotations

import pytest
from small_corpus import LEXICON

from qa.corpus.lexicon import NameFinder, parse_lexicon
from qa.datatypes import Language
from qa.errors import QuestionError
from qa.retrieval.query import MAX_CHARACTERS, understand


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
    query = understand("linemo 呢？", finder, earlier=["povo 怎么销户"])

    assert (query.operators, query.carried) == (("linemo",), False)
    assert query.text == "linemo 呢？"


def test_nothing_is_carried_into_a_question_about_something_else(finder: NameFinder) -> None:
    query = understand("怎么取消NHK", finder, earlier=["povo 怎么销户"])

    assert (query.operators, query.carried) == ((), False)


def test_nothing_is_carried_over_a_turn_about_something_else(finder: NameFinder) -> None:
    assert understand("费用多少", finder, earlier=["povo 怎么销户", "怎么取消NHK"]).operators == ()


def test_a_language_that_is_given_is_not_detected(finder: NameFinder) -> None:
    assert understand("povo 怎么销户", finder, language=Language.EN).language is Language.EN


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
