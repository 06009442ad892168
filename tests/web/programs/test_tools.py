from __future__ import annotations

import asyncio
import json
from dataclasses import fields

import pytest
from anyio import to_thread
from pydantic import BaseModel
from web.held_turnstile import held

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Citation, Language, Mode, Outcome, Parts, Passage, Source, Weights
from qa.errors import BusyError, QuestionError, UnknownGuideError
from qa.index.embedder import Embedder
from qa.web.programs import examples
from qa.web.programs.results import (
    AskResult,
    CitationResult,
    ErrorResult,
    GuideResult,
    GuidesResult,
    HitResult,
    PartsResult,
    SearchResult,
    SourceResult,
)
from qa.web.programs.tools import Tools
from qa.web.turnstile import Turnstile

FEE = "povo 销户费用多少钱"


@pytest.fixture(scope="module")
def assistant(small_index: Settings, embedder: Embedder) -> Assistant:
    return Assistant(small_index.index, embedder, Weights())


@pytest.fixture(scope="module")
def tools(assistant: Assistant) -> Tools:
    return Tools(assistant, Turnstile())


def test_ask_returns_the_assistants_answer(tools: Tools, assistant: Assistant) -> None:
    result, answer = tools.ask(FEE), assistant.answer(FEE)
    assert (result.question, result.outcome, result.language) == (FEE, Outcome.ANSWERED, Language.ZH_HANS)
    assert (result.text, result.confidence, result.follow_ups) == (answer.text, answer.confidence, answer.follow_ups)
    assert (result.asked, result.did_you_mean) == (answer.asked, answer.did_you_mean)
    assert result.generation == assistant.generation.id
    assert list(result.timings_ms) == ["answer"]


@pytest.mark.parametrize(("result", "value"), [(CitationResult, Citation), (SourceResult, Source), (PartsResult, Parts)])
def test_a_result_has_every_field_of_its_value_in_the_same_order(result: type[BaseModel], value: type) -> None:
    assert [name for name in result.model_fields if name != "path"] == [field.name for field in fields(value)]


def test_a_hit_has_every_field_of_its_passage(tools: Tools, assistant: Assistant) -> None:
    names = [field.name for field in fields(Passage)]
    assert list(HitResult.model_fields) == [*names, "score", "parts", "path"]
    (hit,) = tools.search(FEE, 1).hits
    (expected,) = assistant.search(FEE, 1)
    assert [getattr(hit, name) for name in names] == [getattr(expected.passage, name) for name in names]
    assert hit.score == expected.score


def test_a_result_survives_json(tools: Tools) -> None:
    result = tools.ask(FEE)
    assert AskResult.model_validate_json(json.dumps(result.model_dump(mode="json"))) == result


@pytest.mark.parametrize(
    ("question", "language", "path"),
    [
        (FEE, None, "/zh-Hans/guides/povo#fees"),
        ("povo 解約金いくら", None, "/ja/guides/povo#fees"),
        (FEE, Language.ZH_HANT, "/zh-Hant/guides/povo#fees"),
    ],
)
def test_a_citations_path_leads_to_its_section_for_the_reader(
    question: str, language: Language | None, path: str, tools: Tools
) -> None:
    assert tools.ask(question, language).citations[0].path == path


def test_without_pages_nothing_names_a_path(assistant: Assistant) -> None:
    tools = Tools(assistant, Turnstile(), pages=False)
    for result in (tools.ask(FEE), tools.search(FEE), tools.guides(), tools.guide("povo")):
        assert '"path"' not in result.model_dump_json()


def test_the_questions_before_complete_a_question(tools: Tools) -> None:
    completed = tools.ask("SIM 卡要归还吗", earlier=["povo 怎么销户"])
    assert completed.citations[0].section_id == "povo#sim"
    assert completed.question == "SIM 卡要归还吗"


def test_search_takes_every_argument(tools: Tools, assistant: Assistant) -> None:
    result = tools.search("解約金", 2, Mode.LEXICAL, Language.JA, "povo")
    expected = assistant.search("解約金", 2, Mode.LEXICAL, Language.JA, "povo")
    assert [hit.passage_id for hit in result.hits] == [hit.passage.passage_id for hit in expected]
    assert (result.mode, result.generation, len(result.hits)) == (Mode.LEXICAL, assistant.generation.id, 2)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (Language.ZH_HANS, {"povo": "zh-Hans", "linemo": "zh-Hans", "rakuten-mobile": "ja"}),
        (Language.ZH_HANT, {"povo": "zh-Hans", "linemo": "zh-Hans", "rakuten-mobile": "ja"}),
        (Language.JA, {"povo": "ja", "linemo": "zh-Hans", "rakuten-mobile": "ja"}),
        (None, {"povo": "zh-Hans", "linemo": "zh-Hans", "rakuten-mobile": "ja"}),
    ],
)
def test_guides_lists_each_guide_once_in_the_nearest_language(
    language: Language | None, written: dict[str, str], tools: Tools
) -> None:
    listed = tools.guides(language).guides
    assert {guide.guide_id: guide.language for guide in listed if guide.operator} == written
    assert sorted(guide.guide_id for guide in listed if guide.topic) == ["sim-return", "twin-a", "twin-b"]


def test_titles_and_headings_are_converted_for_readers_of_traditional_chinese(tools: Tools) -> None:
    povo = next(guide for guide in tools.guides(Language.ZH_HANT).guides if guide.guide_id == "povo")
    assert povo.sections
    assert povo.title == "povo 的解約與退租"
    assert "概覽" in povo.sections[0].headings


def test_a_section_without_facts_says_so(tools: Tools) -> None:
    known = {section.section_id: section.is_known for section in tools.guide("povo").sections}
    assert known == {f"povo#{slug}": slug != "agent" for slug in ("overview", "steps", "fees", "sim", "agent")}


def test_sections_are_left_out_of_the_list_where_they_are_not_wanted(tools: Tools) -> None:
    assert {guide.sections for guide in tools.guides(sections=False).guides} == {None}


@pytest.mark.parametrize("language", [Language.ZH_HANS, Language.JA, Language.ZH_HANT])
def test_a_citation_can_be_checked_against_the_whole_guide(language: Language, tools: Tools) -> None:
    for citation in tools.ask("povo 销户步骤", language).citations:
        guide = tools.guide(citation.guide_id, citation.language)
        section = next(each for each in guide.sections if each.section_id == citation.section_id)
        assert guide.text[citation.start : citation.end] == citation.quote
        assert section.start < citation.start < citation.end <= section.end
        assert guide.text[section.start :].startswith("## ")


def test_a_hit_can_be_checked_against_the_whole_guide(tools: Tools) -> None:
    for hit in tools.search("SIM 卡").hits:
        assert tools.guide(hit.guide_id, hit.language).text[hit.start : hit.end] == hit.text


def test_a_guide_that_is_not_there_is_refused_with_those_that_are(tools: Tools) -> None:
    with pytest.raises(UnknownGuideError, match=r"^No guide is called 'nope'\. Mend: one of .*linemo.*povo"):
        tools.guide("nope")


@pytest.mark.parametrize("question", ["", " \n", "字" * 2001, "povo \ud800"])
def test_what_is_no_question_is_refused(question: str, tools: Tools) -> None:
    with pytest.raises(QuestionError, match="Mend"):
        tools.ask(question)
    with pytest.raises(QuestionError, match="Mend"):
        tools.search(question, mode=Mode.LEXICAL)


def test_who_asks_or_searches_goes_through_the_turnstile(assistant: Assistant) -> None:
    turnstile = Turnstile(at_once=1, patience_seconds=0.3)
    tools = Tools(assistant, turnstile)
    with held(turnstile):
        with pytest.raises(BusyError, match="No turn came"):
            tools.ask(FEE)
        with pytest.raises(BusyError, match="No turn came"):
            tools.search(FEE)
        assert tools.guides().guides
    assert tools.ask(FEE).outcome is Outcome.ANSWERED


def test_a_long_line_takes_no_thread_from_the_rest_of_the_server(assistant: Assistant) -> None:
    turnstile = Turnstile(at_once=1)
    tools = Tools(assistant, turnstile)

    async def queue() -> list[BaseException | AskResult]:
        with held(turnstile):
            line = [asyncio.create_task(tools.in_line(tools.ask, "")) for _ in range(60)]
            await asyncio.sleep(0.1)
            assert await asyncio.wait_for(to_thread.run_sync(lambda: "served"), 5) == "served"
            assert not any(task.done() for task in line)
        return await asyncio.gather(*line, return_exceptions=True)

    assert {type(each) for each in asyncio.run(queue())} == {QuestionError}


@pytest.mark.parametrize(
    ("example", "result"),
    [
        (examples.ASK, AskResult),
        (examples.SEARCH, SearchResult),
        (examples.GUIDES, GuidesResult),
        (examples.GUIDE, GuideResult),
        (examples.FAULT, ErrorResult),
    ],
)
def test_an_example_is_what_a_result_looks_like(example: dict[str, object], result: type[BaseModel]) -> None:
    assert result.model_validate(example).model_dump(mode="json") == example
