from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answering.assistant import Assistant
from qa.answering.evidence import Evidence
from qa.answering.follow_ups import MOST_FOLLOW_UPS, follow_ups, questions_about, questions_in, sections_asked
from qa.answering.questions import QUESTIONS, question_about
from qa.corpus.rules.subject import OPERATOR_SLUGS
from qa.datatypes import GUIDE_LANGUAGES, Guide, Language, SectionStatus
from qa.index.generation import Generation
from qa.retrieval.query import Query

POVO = Query("povo 换卡", Language.ZH_HANS, ("povo",), (), ())
NOTHING = Query("换卡", Language.ZH_HANS, (), (), ())


def evidence(generation: Generation, *places: str) -> list[Evidence]:
    """Return the first words of sections of the guides in zh-Hans as evidence."""
    found = []
    for place in places:
        guide = generation.guides[place.partition("#")[0], Language.ZH_HANS]
        section = guide.section(place.partition("#")[2])
        assert section
        found.append(Evidence(guide, section, section.body + 1, section.body + 3))
    return found


def changed(generation: Generation, *guides: Guide) -> Generation:
    return replace(generation, guides=generation.guides | {(guide.guide_id, guide.language): guide for guide in guides})


def test_there_is_a_question_for_every_section_of_operators_but_the_overview_in_every_language() -> None:
    assert {*QUESTIONS, "overview"} == set(OPERATOR_SLUGS)
    for by_language in QUESTIONS.values():
        assert tuple(each for each in by_language if each is not Language.ZH_HANT) == GUIDE_LANGUAGES
        assert all(question.count("{operator}") == 1 for question in by_language.values())


@pytest.mark.parametrize(
    ("operator", "language", "question"),
    [
        ("povo", Language.ZH_HANS, "povo 销户要花钱吗？"),
        ("乐天移动", Language.ZH_HANS, "乐天移动销户要花钱吗？"),
        ("软银（SoftBank）", Language.ZH_HANS, "软银（SoftBank）销户要花钱吗？"),
        ("IIJmio", Language.ZH_HANT, "IIJmio 退租要花錢嗎？"),
        ("楽天モバイル", Language.JA, "楽天モバイルの解約にお金はかかりますか？"),
        ("Rakuten Mobile", Language.EN, "What does cancelling Rakuten Mobile cost?"),
    ],
)
def test_a_question_names_the_operator_as_its_language_is_written(operator: str, language: Language, question: str) -> None:
    assert question_about("fees", operator, language) == question


def test_what_is_suggested_are_known_sections_of_the_operator_that_were_not_cited(assistant: Assistant) -> None:
    assert assistant.answer("povo 的 SIM 卡要归还吗").follow_ups == ("povo 怎么销户？", "povo 销户要花钱吗？")
    assert assistant.answer("povo 销户费用多少钱").follow_ups == ("povo 怎么销户？", "povo 的 SIM 卡要归还吗？")
    assert assistant.answer("楽天の解約金はいくら").follow_ups == ("楽天モバイルのSIMカードは返却が必要ですか？",)


@pytest.mark.parametrize(
    "question", ["povo 的 SIM 卡要归还吗", "povo の解約方法", "linemo 怎麼銷戶", "povo", "povo 可以代办吗"]
)
def test_a_suggested_question_is_answered_with_its_section_when_it_is_asked(question: str, assistant: Assistant) -> None:
    answer, generation = assistant.answer_from_generation(question)
    slugs = {asked: slug for slug, asked in questions_about(answer.operators[0], answer.language, generation).items()}

    assert answer.follow_ups
    for asked in answer.follow_ups:
        further = assistant.answer(asked)
        assert further.citations[0].section_id == f"{answer.operators[0]}#{slugs[asked]}"
        assert further.language is answer.language


def test_a_question_that_is_not_covered_leads_to_what_is_known_of_its_operator(assistant: Assistant) -> None:
    known = ("povo 怎么销户？", "povo 销户要花钱吗？", "povo 的 SIM 卡要归还吗？")

    assert assistant.answer("povo 可以代办吗").follow_ups == known
    assert assistant.answer("povo 能看 NHK 吗").follow_ups == known
    assert assistant.answer("mineo 怎么销户").follow_ups == ()
    assert assistant.answer("怎么取消NHK").follow_ups == ()


def test_what_earlier_turns_asked_of_the_operator_is_not_suggested_again(assistant: Assistant) -> None:
    answer = assistant.answer("要归还 SIM 卡吗", earlier=["povo 费用多少"])
    other = assistant.answer("linemo 要归还 SIM 卡吗", earlier=["povo 费用多少"])

    assert answer.follow_ups == ("povo 怎么销户？",)
    assert "LINEMO 销户要花钱吗？" in other.follow_ups


def test_the_sections_that_turns_asked_about_are_those_of_the_topics_that_they_name(generation: Generation) -> None:
    turns = [replace(POVO, topics=("cancel", "fees")), replace(POVO, topics=("sim",), operators=("linemo",))]

    assert sections_asked(POVO, turns, generation) == {"fees"}
    assert sections_asked(replace(POVO, operators=("linemo",)), turns, generation) == {"sim"}
    assert sections_asked(NOTHING, turns, generation) == frozenset()


def test_a_section_without_facts_is_never_suggested(generation: Generation) -> None:
    guide = generation.guides["povo", Language.ZH_HANS]
    unknown = tuple(replace(each, status=SectionStatus.UNKNOWN) if each.slug == "fees" else each for each in guide.sections)
    overview = evidence(generation, "povo#overview")

    assert "povo 销户要花钱吗？" in follow_ups(POVO, overview, (), generation)
    assert "povo 销户要花钱吗？" not in follow_ups(POVO, overview, (), changed(generation, replace(guide, sections=unknown)))


def test_a_question_is_not_suggested_to_who_asked_just_that(generation: Generation) -> None:
    asked = replace(POVO, text="povo 怎么销户？")

    assert "povo 怎么销户？" not in follow_ups(asked, evidence(generation, "povo#overview"), (), generation)


def test_what_people_ask_after_a_section_comes_first(generation: Generation) -> None:
    guide = generation.guides["povo", Language.ZH_HANS]
    section = guide.sections[0]
    more = [replace(section, slug=slug, section_id=f"povo#{slug}") for slug in ("inactivity", "keep-number", "abroad")]
    larger = changed(generation, replace(guide, sections=(*guide.sections, *more)))
    kept = Evidence(guide, more[1], section.body, section.end)

    assert follow_ups(POVO, [kept], (), larger) == ("povo 长期不用会怎样？", "人在国外，povo 怎么销户？", "povo 怎么销户？")
    assert len(follow_ups(POVO, [kept], (), larger)) == MOST_FOLLOW_UPS
    # Where a section lacks the facts that were asked for, what people ask after it comes first too.
    assert follow_ups(POVO, [], (), larger, "keep-number")[0] == "povo 长期不用会怎样？"


def titled(guide: Guide, *headings: str) -> Guide:
    """Return guide with sections of these headings."""
    section = guide.sections[0]
    sections = [
        replace(section, section_id=f"{guide.guide_id}#s{number}", slug=f"s{number}", headings=("", heading))
        for number, heading in enumerate(headings)
    ]
    return replace(guide, sections=tuple(sections))


@pytest.mark.parametrize(
    ("language", "heading", "question"),
    [
        (Language.ZH_HANS, "eSIM 要不要归还", "eSIM 要不要归还？"),
        (Language.ZH_HANS, "保号每月多少钱：各家一览", "保号每月多少钱？"),
        (Language.ZH_HANS, "在线销户的步骤：一般按什么顺序办", "在线销户的步骤：一般按什么顺序办？"),
        (Language.ZH_HANS, "概览：什么是携号转网（MNP）", "什么是携号转网？"),
        (Language.ZH_HANS, "容易踩的坑", None),
        (Language.ZH_HANS, "番号お預かり还能办吗", None),
        (Language.ZH_HANS, "LINEMO 的卡要归还吗", None),
        (Language.JA, "eSIMの返却は必要か", "eSIMの返却は必要か？"),
        (Language.JA, "解約金：いくらかかるか（2026年）", "解約金：いくらかかるか？"),
        (Language.JA, "返却の手順", None),
        (Language.EN, "Do I return the eSIM?", "Do I return the eSIM?"),
        (Language.EN, "Can I cancel from abroad? (解約)", "Can I cancel from abroad?"),
        (Language.EN, "au's 一時休止: still offered?", None),
        (Language.EN, "Cancelling from abroad", None),
    ],
)
def test_headings_of_topics_guides_that_are_questions_are_asked(
    language: Language, heading: str, question: str | None, generation: Generation
) -> None:
    guide = replace(titled(generation.guides["twin-a", Language.ZH_HANS], heading), language=language)

    assert questions_in(guide, language, generation) == ({"twin-a#s0": question} if question else {})


def test_an_answer_from_a_topics_guide_leads_to_its_other_questions_those_behind_it_first(generation: Generation) -> None:
    names = [f"第{number}步怎么办" for number in range(5)]
    guide = titled(generation.guides["twin-a", Language.ZH_HANS], *names)
    found = [Evidence(guide, guide.sections[number], 0, 1) for number in (3, 0)]

    assert follow_ups(NOTHING, found, (), generation) == ("第4步怎么办？", "第1步怎么办？", "第2步怎么办？")


def test_readers_of_another_language_are_not_led_to_headings_that_they_may_not_read(generation: Generation) -> None:
    guide = titled(generation.guides["twin-a", Language.ZH_HANS], "要怎么办", "要归还吗")

    assert questions_in(guide, Language.EN, generation) == {}
    assert questions_in(guide, Language.ZH_HANT, generation) == {"twin-a#s0": "要怎麼辦？", "twin-a#s1": "要歸還嗎？"}
