from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from web.page_html import PageHTML
from web.rendered import (
    BODY,
    FREE,
    GUIDE,
    RAKUTEN,
    TOPIC,
    answer_citing,
    answer_from,
    answer_of,
    classes_of,
    guide_of,
    holding,
    html_of,
    links_of,
    page_of,
    seen_of,
)

from qa.datatypes import Language, Outcome
from qa.index.generation import Generation
from qa.web.chat.card import render_answer, render_message, render_question
from qa.web.texts import LANGUAGE_NAMES, text

EVERY_KIND = list(product(Outcome, Language))


@pytest.mark.parametrize(("outcome", "language"), EVERY_KIND)
def test_an_answer_says_its_outcome_by_a_symbol_and_in_words_of_its_language(
    outcome: Outcome, language: Language, generation: Generation
) -> None:
    guide = guide_of(BODY)
    page = seen_of(html_of(answer_of(outcome, language, guide), guide, generation))
    symbol = {Outcome.ANSWERED: "✓", Outcome.RELATED: "≈", Outcome.NOT_COVERED: "–"}[outcome]
    assert page.tags[0] == ("article", {"class": f"answer {outcome}", "lang": language.value})
    assert page.text.startswith(f"{symbol} {text(outcome, language)}")


def test_every_marker_leads_to_its_own_citation(generation: Generation) -> None:
    guide = guide_of(BODY)
    answer = answer_from(guide, ["Cancelling is free.[^s1]", "A new card costs 3,850 yen.[^s2]"], Language.EN)
    page = PageHTML.read(html_of(answer, guide, generation))
    led_to = [address.removeprefix("#") for address in links_of(page, "marker")]
    assert led_to == [section["id"] for section in page.attributes_of("div") if "id" in section]
    assert len(set(led_to)) == len(answer.citations)


def test_the_same_answer_given_twice_has_other_anchors(generation: Generation) -> None:
    guide = guide_of(BODY)
    answer = answer_from(guide, [FREE], Language.EN)
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
    assert FREE in page.text.partition("Leaving povo · Fees")[2]


def test_what_several_quotes_are_about_stands_above_each_by_the_operators_name(generation: Generation) -> None:
    guides = guide_of(BODY), guide_of(BODY, RAKUTEN), guide_of(BODY, TOPIC)
    answer = answer_citing([(guide, FREE) for guide in guides], Language.ZH_HANT)
    page = seen_of(render_answer(answer, holding(generation, *guides), "m", Language.ZH_HANT, feedback=False))
    assert classes_of(page, "p").count("from") == len(guides)
    for above in ("povo · Fees", "樂天移動 · Fees", "Returning the SIM · Fees"):
        assert page.text.count(f"{above}{FREE} [") == 1


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.RELATED])
def test_a_single_quote_has_no_title(outcome: Outcome, generation: Generation) -> None:
    guide = guide_of(BODY)
    assert "from" not in classes_of(seen_of(html_of(answer_from(guide, [FREE], Language.EN, outcome), guide, generation)), "p")


def test_an_answer_that_goes_on_about_an_operator_says_so(generation: Generation) -> None:
    guide = guide_of(BODY)
    answer = replace(answer_from(guide, [FREE], Language.JA), carried=True, operators=("rakuten-mobile",))
    page = seen_of(html_of(answer, guide, generation))
    assert text("carried", Language.JA).format(operator="楽天モバイル") in page.text


def test_an_answer_that_carries_nothing_names_no_operator_above_it(generation: Generation) -> None:
    assert "carried" not in classes_of(page_of(BODY, FREE, generation), "p")


@pytest.mark.parametrize("reader", [Language.ZH_HANS, Language.ZH_HANT, Language.JA])
def test_passages_of_another_language_are_marked_as_such_once(reader: Language, generation: Generation) -> None:
    guide = guide_of(BODY)
    page = seen_of(html_of(answer_of(Outcome.ANSWERED, reader, guide), guide, generation))
    assert page.text.count(text("in_language", reader).format(language=LANGUAGE_NAMES[Language.EN])) == 1
    assert classes_of(page, "p").count("note") == 1
    shown_in = [each["lang"] for each in page.attributes_of("div") if each.get("class") in ("quote", "section")]
    assert shown_in == ["en"] * 4


def test_readers_of_traditional_characters_get_simplified_guides_converted_and_are_told(generation: Generation) -> None:
    guide = replace(GUIDE, language=Language.ZH_HANS, title="povo：销户")
    page = page_of("销户费用为 0 日元。[^s1]\n", "销户费用为 0 日元。[^s1]", generation, Language.ZH_HANT, guide)
    assert page.marked == "退租費用為 0 日圓。"
    assert "povo：退租" in page.text
    assert text("converted", Language.ZH_HANT) in page.text
    assert {each["lang"] for each in page.attributes_of("div") if "lang" in each} == {"zh-Hant"}


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.RELATED])
def test_an_answer_in_the_guides_own_language_needs_no_note(outcome: Outcome, generation: Generation) -> None:
    guide = guide_of(BODY)
    html = html_of(answer_from(guide, [FREE], Language.EN, outcome), guide, generation)
    assert "note" not in classes_of(seen_of(html), "p")


@pytest.mark.parametrize("language", Language)
def test_only_what_is_related_begins_by_saying_that_it_is_no_answer(language: Language, generation: Generation) -> None:
    guide = guide_of(BODY)
    related, answered = (answer_from(guide, [FREE], language, each) for each in (Outcome.RELATED, Outcome.ANSWERED))
    lead = related.text.partition("\n\n")[0]
    assert lead != answered.text.partition("\n\n")[0]
    assert seen_of(html_of(related, guide, generation)).text.count(lead) == 1
    assert "lead" not in classes_of(seen_of(html_of(answered, guide, generation)), "p")


# What the chat's sanitiser keeps; it drops data-* and aria-* everywhere. Of these, only the arrow of a link has one, for our own pages.
KEPT = {
    "a": {"class", "href", "target", "rel"},
    "button": {"type", "class"},
    "span": {"class", "aria-hidden"},
    "div": {"class", "id", "lang"},
    **{tag: {"class", "lang"} for tag in ("article", "p", "details", "summary", "ul", "li", "small", "sup", "b", "mark", "br")},
}


@pytest.mark.parametrize(("outcome", "language"), EVERY_KIND)
def test_a_card_holds_only_what_the_chat_keeps(outcome: Outcome, language: Language, generation: Generation) -> None:
    guide = guide_of(BODY, replace(GUIDE, checked="2020-01-01"))
    answer = replace(answer_of(outcome, language, guide), carried=True, operators=("povo",))
    html = html_of(answer, guide, generation)
    page = PageHTML.read(html)
    assert (page.strays, page.open_tags) == ([], [])
    assert len(html.splitlines()) == 1
    for tag, attributes in page.tags:
        assert set(attributes) <= KEPT[tag]


def test_a_question_is_shown_as_typed_on_its_own_lines() -> None:
    page = PageHTML.read(render_question("<b>one</b> & two\n\n  three"))
    assert page.tags == [("div", {"class": "question"}), ("br", {})]
    assert page.text == "<b>one</b> & two  three"


def test_a_message_of_the_page_is_in_its_language_and_escaped() -> None:
    page = PageHTML.read(render_message("1 < 2", Language.JA))
    assert page.tags == [("article", {"class": "answer failed", "lang": "ja"}), ("p", {})]
    assert page.text == "1 < 2"
