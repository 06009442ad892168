from __future__ import annotations

from dataclasses import replace

import pytest
from web.page_html import PageHTML
from web.rendered import GUIDE, answer_from, guide_of, html_of, page_of

from qa.datatypes import Answer, Language, Outcome
from qa.index.generation import Generation
from qa.web.rendering import render_answer, render_message, render_question
from qa.web.texts import LANGUAGE_NAMES, text

ELSEWHERE = {"target": "_blank", "rel": "noopener noreferrer nofollow"}
BODY = "Cancelling is free.[^s1] A new card costs 3,850 yen.[^s2]\n"


def not_covered(message: str, language: Language = Language.EN) -> Answer:
    return Answer(Outcome.NOT_COVERED, message, (), (), 0.1, (), language)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("language", Language)
def test_an_answer_says_its_outcome_in_its_language(outcome: Outcome, language: Language, generation: Generation) -> None:
    guide = guide_of(BODY)
    page = PageHTML.read(html_of(answer_from(guide, ["Cancelling is free."], language, outcome), guide, generation))
    assert page.tags[0] == ("div", {"class": f"answer {outcome}", "lang": language.value})
    assert text(outcome, language) in page.text


def test_every_marker_leads_to_its_own_citation(generation: Generation) -> None:
    guide = guide_of(BODY)
    answer = answer_from(guide, ["Cancelling is free.[^s1]", "A new card costs 3,850 yen.[^s2]"], Language.EN)
    page = PageHTML.read(html_of(answer, guide, generation))
    led_to = [link["href"].removeprefix("#") for link in page.attributes_of("a") if link.get("class") == "marker"]
    assert led_to == [section["id"] for section in page.attributes_of("div") if "id" in section]
    assert len(set(led_to)) == len(answer.citations)


def test_the_same_answer_given_twice_has_other_anchors(generation: Generation) -> None:
    guide = guide_of(BODY)
    answer = answer_from(guide, ["Cancelling is free."], Language.EN)
    anchors = [
        {
            each["id"]
            for each in PageHTML.read(html_of(answer, guide, generation, message_id)).attributes_of("div")
            if "id" in each
        }
        for message_id in ("m1", "m2")
    ]
    assert anchors[0].isdisjoint(anchors[1])


def test_a_quote_is_shown_with_its_marker_and_without_footnote_marks(generation: Generation) -> None:
    assert "Cancelling is free. [1]" in page_of(BODY, "Cancelling is free.[^s1]", generation).text


@pytest.mark.parametrize(
    ("body", "quote", "shown"),
    [
        ("- One.\n- Two.\n", "- Two.", "Two. [1]"),
        ("1. One.\n2. Two.\n", "2. Two.", "Two. [1]"),
        ("| a | b |\n|---|---|\n| c | d |\n", "| a | b |\n|---|---|\n| c | d |", "d [1]"),
        ("**One.**\n", "**One.**", "One. [1]"),
    ],
)
def test_the_marker_stands_inside_the_quotes_last_block(body: str, quote: str, shown: str, generation: Generation) -> None:
    assert shown in page_of(body, quote, generation).text


def test_the_quote_is_highlighted_in_its_section(generation: Generation) -> None:
    page = page_of(BODY, "A new card costs 3,850 yen.[^s2]", generation)
    assert page.marked == "A new card costs 3,850 yen."
    assert "Cancelling is free." in page.text.partition("Leaving povo · Fees")[2]


def test_a_citation_links_its_own_sources_and_says_who_published_them_and_when(generation: Generation) -> None:
    dated = page_of(BODY, "Cancelling is free.[^s1]", generation)
    undated = page_of(BODY, "A new card costs 3,850 yen.[^s2]", generation)
    assert "povo: how to cancel (operator's page, page dated 2026-03)" in dated.text
    assert "A blog (" not in dated.text
    assert "A blog (third party, undated)" in undated.text
    assert {"href": "https://blog.example.org/a?b=1&c=2", **ELSEWHERE} in undated.attributes_of("a")


def test_a_citation_shows_the_operators_link_and_the_day_of_compilation(generation: Generation) -> None:
    page = page_of(BODY, "Cancelling is free.", generation)
    assert {"href": "https://povo.jp/", **ELSEWHERE} in page.attributes_of("a")
    assert "Official page (the last word): povo.jp" in page.text
    assert "compiled 2026-11-22" in page.text


def test_a_guide_without_an_official_page_shows_no_official_link(generation: Generation) -> None:
    page = page_of(BODY, "Cancelling is free.", generation, guide=replace(GUIDE, official_url=None))
    assert text("official_link", Language.EN) not in page.text


def test_an_answer_that_goes_on_about_an_operator_says_so(generation: Generation) -> None:
    guide = guide_of(BODY)
    answer = replace(answer_from(guide, ["Cancelling is free."], Language.JA), carried=True, operators=("rakuten-mobile",))
    page = PageHTML.read(html_of(answer, guide, generation))
    assert text("carried", Language.JA).format(operator="楽天モバイル") in page.text


@pytest.mark.parametrize("reader", [Language.ZH_HANS, Language.ZH_HANT, Language.JA])
def test_a_passage_of_another_language_is_marked_as_such(reader: Language, generation: Generation) -> None:
    page = page_of(BODY, "Cancelling is free.", generation, reader)
    assert text("in_language", reader).format(language=LANGUAGE_NAMES[Language.EN]) in page.text
    assert {each["lang"] for each in page.attributes_of("div") if each.get("class") in ("quote", "section")} == {"en"}


def test_readers_of_traditional_characters_get_simplified_guides_converted_and_are_told(generation: Generation) -> None:
    guide = replace(GUIDE, language=Language.ZH_HANS, title="povo：销户")
    page = page_of("销户费用为 0 日元。[^s1]\n", "销户费用为 0 日元。[^s1]", generation, Language.ZH_HANT, guide)
    assert page.marked == "退租費用為 0 日圓。"
    assert "povo：退租" in page.text
    assert text("converted", Language.ZH_HANT) in page.text
    assert {each["lang"] for each in page.attributes_of("div")} == {"zh-Hant"}


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.RELATED])
def test_an_answer_in_the_guides_own_language_needs_no_note(outcome: Outcome, generation: Generation) -> None:
    guide = guide_of(BODY)
    html = html_of(answer_from(guide, ["Cancelling is free."], Language.EN, outcome), guide, generation)
    assert {"class": "note"} not in PageHTML.read(html).attributes_of("p")


def test_what_is_not_covered_is_said_in_paragraphs_with_the_operators_link(generation: Generation) -> None:
    page = PageHTML.read(render_answer(not_covered("No guide.\n\nSee povo's page: https://povo.jp/"), generation, "m"))
    assert page.text == "– Not coveredNo guide.See povo's page: https://povo.jp/"
    assert page.attributes_of("a") == [{"href": "https://povo.jp/", **ELSEWHERE}]
    assert page.attributes_of("details") == []


@pytest.mark.parametrize("address", ["https://povo.jp/?a=1&b=2", "https://povo.jp/it's", "https://povo.jp/a_(b)"])
def test_an_address_that_is_not_covered_by_a_guide_is_linked_as_it_is(address: str, generation: Generation) -> None:
    page = PageHTML.read(render_answer(not_covered(f"See {address}"), generation, "m"))
    assert [link["href"] for link in page.attributes_of("a")] == [address]


def test_a_question_is_shown_as_typed_on_its_own_lines() -> None:
    page = PageHTML.read(render_question("<b>one</b> & two\n\n  three"))
    assert page.tags == [("div", {"class": "question"}), ("br", {})]
    assert page.text == "<b>one</b> & two  three"


def test_a_message_of_the_page_is_in_its_language_and_escaped() -> None:
    page = PageHTML.read(render_message("1 < 2", Language.JA))
    assert page.tags == [("div", {"class": "answer", "lang": "ja"}), ("p", {})]
    assert page.text == "1 < 2"
