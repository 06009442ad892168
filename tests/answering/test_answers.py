from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest

from qa.answering.assistant import HITS, Assistant
from qa.answering.compose import MOST_CITATIONS
from qa.datatypes import Answer, Language, Outcome

QUESTIONS = [
    "povo 怎么销户？",
    "povo 销户费用多少钱",
    "povo 的 SIM 卡要归还吗",
    "povo と LINEMO の解約金",
    "povo の解約方法",
    "楽天の解約金はいくら",
    "linemo 怎麼銷戶",
    "linemo 要還卡嗎",
    "SIM 卡要归还吗",
    "号码保管服务是什么",
    "Does LINEMO charge a cancellation fee?",
    "费用",
]


def sections(answer: Answer) -> list[str]:
    return [f"{citation.language}/{citation.section_id}" for citation in answer.citations]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_the_slice_of_the_guide_that_its_offsets_name(question: str, assistant: Assistant) -> None:
    answer, generation = assistant.answer_from_generation(question)

    for citation in answer.citations:
        guide = generation.guides[citation.guide_id, citation.language]
        section = guide.section(citation.section_id.partition("#")[2])
        assert citation.quote == guide.text[citation.start : citation.end] != ""
        assert section
        assert section.body <= citation.start < citation.end <= section.end
        assert citation.sources
        assert "[^" not in citation.display
        assert all(f"]({source.url})" in citation.display for source in citation.sources)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answers_text_holds_the_marker_of_each_citation_in_order_and_no_footnote(
    question: str, assistant: Assistant
) -> None:
    answer = assistant.answer(question)

    markers = [citation.marker for citation in answer.citations]
    assert markers == list(range(1, len(markers) + 1))
    assert [int(found) for found in re.findall(r" \[(\d+)\](?=\n\n|$)", answer.text)] == markers
    assert "[^" not in answer.text
    assert len(markers) <= MOST_CITATIONS
    assert len(set(sections(answer))) == len(markers)


@pytest.mark.parametrize("question", [*QUESTIONS, "你好", "mineo 怎么销户", "povo 可以代办吗"])
def test_an_answer_survives_json(question: str, assistant: Assistant) -> None:
    answer = assistant.answer(question)
    written = json.loads(json.dumps(asdict(answer)))

    assert (written["text"], written["confidence"]) == (answer.text, answer.confidence)
    assert [hit["score"] for hit in written["hits"]] == [hit.score for hit in answer.hits]
    assert 0.0 <= answer.confidence <= 1.0
    assert len(answer.hits) <= HITS


@pytest.mark.parametrize(
    ("question", "section", "quote"),
    [
        ("povo 销户费用多少钱", "zh-Hans/povo#fees", "povo2.0 销户费用为 0 日元：没有解约费，也没有携号转出费。[^s1][^s2]"),
        ("povo 的 SIM 卡要归还吗", "zh-Hans/povo#sim", "povo2.0 的 SIM 卡不用归还，自行销毁即可。[^s2]"),
        ("povo のSIMカードは返却必要?", "ja/povo#sim", "povo2.0のSIMカードは返却不要で、自分で破棄します。[^s2]"),
        ("楽天の解約金はいくら", "ja/rakuten-mobile#fees", "楽天モバイルの解約金は、1年以内に解約すると1,078円です。[^s1]"),
    ],
)
def test_a_clear_question_is_answered_from_its_section(question: str, section: str, quote: str, assistant: Assistant) -> None:
    answer = assistant.answer(question)

    assert answer.outcome is Outcome.ANSWERED
    assert sections(answer)[0] == section
    assert answer.citations[0].quote == quote


def test_a_question_in_words_that_no_guide_has_is_answered_as_its_phrasings_say(assistant: Assistant) -> None:
    answer = assistant.answer("povo 退掉要花我几块钱")

    assert answer.outcome is Outcome.ANSWERED
    assert sections(answer) == ["zh-Hans/povo#fees"]


def test_what_a_section_without_facts_would_answer_is_not_answered_in_whatever_words_it_is_asked(assistant: Assistant) -> None:
    assert assistant.answer("linemo 拜托朋友替我办行吗").outcome is Outcome.RELATED


def test_who_asks_how_gets_all_the_steps(assistant: Assistant) -> None:
    answer = assistant.answer("povo 怎么销户？")
    (quote,) = [citation.quote for citation in answer.citations if citation.section_id == "povo#steps"]

    assert quote.splitlines() == [
        "povo2.0 的销户在官网的支持页面里办：登录以后按提示提交。[^s1]",
        "",
        "1. 打开 povo 官网，选「サポート」（支持）。[^s1]",
        "2. 选择解约理由，用登记的邮箱登录。[^s2]",
        "3. 按画面提示提交，提交后不能撤回。[^s1]",
    ]


def test_a_guide_that_is_not_in_the_readers_language_is_cited_in_the_nearest(assistant: Assistant) -> None:
    answer = assistant.answer("povo と LINEMO の解約金")

    assert answer.language is Language.JA
    assert set(sections(answer)) == {"zh-Hans/linemo#fees", "ja/povo#fees"}


def test_a_question_is_not_refused_because_the_guide_is_in_another_language(assistant: Assistant) -> None:
    answer = assistant.answer("乐天移动要还卡吗")

    assert answer.language is Language.ZH_HANS
    assert sections(answer) == ["ja/rakuten-mobile#sim"]


def test_a_follow_up_is_answered_for_the_operator_of_the_turn_before_and_says_so(assistant: Assistant) -> None:
    answer = assistant.answer("要归还 SIM 卡吗", earlier=["povo 怎么销户？"])

    assert (answer.operators, answer.carried) == (("povo",), True)
    assert sections(answer)[0] == "zh-Hans/povo#sim"


@pytest.mark.parametrize(
    ("earlier", "question", "operator", "section", "language"),
    [
        (["povo 的 SIM 卡要归还吗"], "那 linemo 呢？", "linemo", "zh-Hans/linemo#sim", Language.ZH_HANS),
        (["povo 的 SIM 卡要归还吗", "linemo 呢"], "那乐天呢？", "rakuten-mobile", "ja/rakuten-mobile#sim", Language.ZH_HANS),
        (["楽天の解約金はいくら"], "じゃあ povo は？", "povo", "ja/povo#fees", Language.JA),
        (["Is there a cancellation fee for Rakuten?"], "what about LINEMO?", "linemo", "zh-Hans/linemo#fees", Language.EN),
        (["povo 要還卡嗎"], "linemo？", "linemo", "zh-Hans/linemo#sim", Language.ZH_HANS),
    ],
)
def test_a_turn_that_names_another_operator_alone_gets_the_answer_to_the_question_before(
    earlier: list[str], question: str, operator: str, section: str, language: Language, assistant: Assistant
) -> None:
    answer = assistant.answer(question, earlier=earlier)

    assert (answer.operators, answer.carried, answer.language) == ((operator,), True, language)
    assert answer.outcome is Outcome.ANSWERED
    assert sections(answer)[0] == section


def test_the_answers_language_is_the_asked_one_where_given(assistant: Assistant) -> None:
    answer = assistant.answer("povo 怎么销户？", language=Language.JA)

    assert answer.language is Language.JA
    assert set(sections(answer)) <= {"ja/povo#overview", "ja/povo#steps"}


def test_the_page_decides_the_language_of_a_name_alone(assistant: Assistant) -> None:
    assert assistant.answer("povo", hint=Language.JA).language is Language.JA


def test_traditional_chinese_readers_see_converted_quotes(assistant: Assistant) -> None:
    answer = assistant.answer("povo 銷戶費用多少錢")

    assert answer.language is Language.ZH_HANT
    assert answer.text.startswith("povo2.0 退租費用為 0 日圓")
    assert answer.citations[0].display.startswith("povo2.0 退租費用為 0 日圓")
    assert answer.citations[0].quote.startswith("povo2.0 销户费用为 0 日元")


def test_an_answer_says_what_was_asked_complete_in_itself(assistant: Assistant) -> None:
    assert assistant.answer(" povo\n怎么销户？").asked == "povo 怎么销户？"
    assert assistant.answer("要归还 SIM 卡吗", earlier=["povo 怎么销户？"]).asked == "povo 要归还 SIM 卡吗"
    assert assistant.answer("linemo？", earlier=["povo 要归还 SIM 卡吗"]).asked == "LINEMO 要归还 SIM 卡吗"
    assert assistant.answer("NHK？", earlier=["povo 怎么销户？"]).asked == "NHK？"


@pytest.mark.parametrize(
    ("earlier", "question"), [(["povo 怎么销户？"], "要归还 SIM 卡吗"), (["povo 怎么销户"], "linemo 呢"), (["povo"], "代办呢")]
)
def test_what_was_asked_is_answered_alike_when_it_is_asked_again_alone(
    earlier: list[str], question: str, assistant: Assistant
) -> None:
    first = assistant.answer(question, earlier=earlier)
    again = assistant.answer(first.asked)

    assert first.carried
    assert not again.carried
    assert (again.outcome, sections(again), again.operators) == (first.outcome, sections(first), first.operators)


@pytest.mark.parametrize(
    ("name", "language", "overview", "introduction"),
    [
        ("povo", Language.ZH_HANS, "zh-Hans/povo#overview", "下面是 povo 的概况。"),
        ("ポヴォ", Language.JA, "ja/povo#overview", "povoの概要です。"),
        ("What about LINEMO?", Language.EN, "zh-Hans/linemo#overview", "Here is the overview of LINEMO."),
    ],
)
def test_an_operators_name_alone_gets_its_overview(
    name: str, language: Language, overview: str, introduction: str, assistant: Assistant
) -> None:
    answer, generation = assistant.answer_from_generation(name, hint=language)

    assert answer.outcome is Outcome.RELATED
    assert sections(answer) == [overview]
    assert answer.text.startswith(introduction)
    guide = generation.guides[answer.citations[0].guide_id, answer.citations[0].language]
    section = guide.section("overview")
    assert section
    assert answer.citations[0].quote == guide.text[section.body : section.end].strip()


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("povo 和 LINEMO", []),
        ("谢谢", ["povo 怎么销户"]),
        ("povo NHK", []),
        ("povo 销户", []),
        ("linemo", ["povo 要归还 SIM 卡吗"]),
    ],
)
def test_more_than_one_name_is_no_request_for_an_overview(question: str, earlier: list[str], assistant: Assistant) -> None:
    answer = assistant.answer(question, earlier=earlier)

    assert "概况" not in answer.text


def test_an_operator_without_a_guide_has_no_overview(assistant: Assistant) -> None:
    assert assistant.answer("mineo").outcome is Outcome.NOT_COVERED


def test_the_operators_of_the_next_question_are_those_that_it_would_carry(assistant: Assistant) -> None:
    for earlier in (["povo 怎么销户", "谢谢"], ["povo と LINEMO の解約金"], ["povo", "怎么取消NHK"], ["你好"], []):
        assert assistant.carries(earlier) == assistant.answer("然后呢", earlier=earlier).operators
    assert assistant.carries(["povo と LINEMO の解約金", "谢谢"]) == ("povo", "linemo")


@pytest.mark.parametrize("question", ["povo 的 SIM 卡要歸還嗎", "povo 可以代辦嗎", "mineo 怎麼銷戶"])
def test_traditional_chinese_readers_see_no_simplified_name(question: str, assistant: Assistant) -> None:
    answer = assistant.answer(question, language=Language.ZH_HANT)

    assert not re.search("[销户费归还乐动办]", " ".join((answer.text, *answer.follow_ups)))
