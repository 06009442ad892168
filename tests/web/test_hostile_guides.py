from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.hostile_corpus import ATTACKS, FORGED_MARKER, SOURCE_TITLE, TITLE
from web.page_html import PageHTML
from web.rendered import GUIDE, SOURCES, answer_from, guide_of, html_of, page_of

from qa.datatypes import Language
from qa.index.generation import Generation
from qa.web.rendering import render_question

ATTRIBUTES = {"class", "lang", "id", "href", "target", "rel", "start"}
TAGS = {
    *("div", "p", "details", "summary", "small", "a", "sup", "mark", "br", "hr", "em", "strong", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"),
}


def assert_harmless(html: str) -> None:
    page = PageHTML.read(html)
    assert (page.strays, page.open_tags) == ([], [])
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert all(link["href"].startswith(("https://", "http://", "#c-m-")) for link in page.attributes_of("a"))


HOSTILE = st.lists(
    st.one_of(st.sampled_from([*ATTACKS, "\n\n", "\n- ", '"', "'", ">", "](", "销户"]), st.text(max_size=9))
).map("".join)


@settings(deadline=None)
@given(body=HOSTILE, title=HOSTILE, source_title=HOSTILE, path=HOSTILE, reader=st.sampled_from(Language))
def test_an_answer_is_harmless_whatever_the_guide_and_its_front_matter_say(
    body: str, title: str, source_title: str, path: str, reader: Language, generation: Generation
) -> None:
    # A NUL has a test of its own below.
    url = f"https://evil.example/{path}".replace("\0", "")
    source = replace(SOURCES[0], title=source_title, url=url)
    guide = replace(GUIDE, title=title, sources=(source,), official_url=url, language=Language.ZH_HANS)
    guide = guide_of(f"quote[^s1] {body}", guide, heading=title)
    assert_harmless(html_of(answer_from(guide, ["quote[^s1]"], reader), guide, generation))


@settings(deadline=None)
@given(question=HOSTILE)
def test_a_question_is_shown_as_text_whatever_it_is(question: str) -> None:
    html = render_question(question)
    assert len(html.splitlines()) == 1
    page = PageHTML.read(html)
    assert {tag for tag, _ in page.tags} <= {"div", "br"}
    assert _visible(page.text) == _visible(question)


def _visible(text: str) -> str:
    """Return text without blanks and control characters, which the page shows as blanks."""
    return "".join(character for character in text if not character.isspace() and unicodedata.category(character) != "Cc")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_a_guide_is_text_in_the_quote_and_in_the_section(attack: str, generation: Generation) -> None:
    body = f"Cancelling {attack} is free.[^s1]\n"
    page = page_of(body, body.strip(), generation)
    shown = PageHTML.read(attack).text if "&lt;" in attack else attack
    assert page.text.count(f"Cancelling {shown} is free.") == len(("quote", "section"))


def test_an_attack_in_the_front_matter_is_text(generation: Generation) -> None:
    guide = replace(GUIDE, title=TITLE, sources=(replace(SOURCES[0], title=SOURCE_TITLE),))
    page = page_of("Free.[^s1]\n", "Free.[^s1]", generation, guide=guide)
    assert TITLE in page.text
    assert SOURCE_TITLE in page.text


def test_an_address_in_the_front_matter_ends_where_it_ends(generation: Generation) -> None:
    url = 'https://evil.example/"onmouseover="document.title=1'
    page = page_of("Free.[^s1]\n", "Free.[^s1]", generation, guide=replace(GUIDE, official_url=url))
    assert url in [link["href"] for link in page.attributes_of("a")]


def test_a_forged_marker_is_no_link(generation: Generation) -> None:
    body = f"Free {FORGED_MARKER}.[^s1]\n"
    page = page_of(body, body.strip(), generation)
    assert [link["href"] for link in page.attributes_of("a") if link["href"].startswith("#")] == ["#c-m-1"]
    assert f"Free {FORGED_MARKER}." in page.text


def test_a_message_is_one_line_even_where_the_guide_holds_line_breaks_as_entities(generation: Generation) -> None:
    body = r"Free &#13;&#13; \!\[picture\](https://evil.example/p.png)"
    guide = guide_of(f"{body} &#10;&#10; too.")
    assert len(html_of(answer_from(guide, [body], Language.EN), guide, generation).splitlines()) == 1


@pytest.mark.parametrize("place", ["title", "source"])
def test_a_message_is_one_line_even_where_the_front_matter_holds_line_breaks(place: str, generation: Generation) -> None:
    broken = "a title\n\n![picture](https://evil.example/p.png)"
    guide = replace(GUIDE, title=broken) if place == "title" else replace(GUIDE, sources=(replace(SOURCES[0], title=broken),))
    guide = guide_of("Free.[^s1]\n", guide)
    assert len(html_of(answer_from(guide, ["Free.[^s1]"], Language.EN), guide, generation).splitlines()) == 1


@pytest.mark.parametrize("path", ["解约", "a&国"])
def test_addresses_are_not_converted_to_traditional_characters(path: str, generation: Generation) -> None:
    url = f"https://example.com/{path}"
    guide = replace(GUIDE, language=Language.ZH_HANS, sources=(replace(SOURCES[0], url=url),))
    page = page_of("免费。[^s1]\n", "免费。[^s1]", generation, Language.ZH_HANT, guide)
    assert {link["href"] for link in page.attributes_of("a") if "example.com" in link["href"]} == {url}


def test_a_japanese_title_is_not_converted_to_traditional_characters(generation: Generation) -> None:
    guide = replace(GUIDE, language=Language.JA, sources=(replace(SOURCES[0], title="海外からの国際電話"),))
    page = page_of("無料です。[^s1]\n", "無料です。[^s1]", generation, Language.ZH_HANT, guide)
    assert "海外からの国際電話" in page.text


def test_a_nested_list_item_is_quoted_as_text(generation: Generation) -> None:
    page = page_of("1. One.\n    - Nested.[^s1]\n", "    - Nested.[^s1]", generation)
    assert page.attributes_of("code") == []


def test_a_nul_in_an_address_does_not_cut_the_message(generation: Generation) -> None:
    source = replace(SOURCES[0], url="https://example.com/a\0b")
    guide = guide_of("免费。[^s1]\n", replace(GUIDE, language=Language.ZH_HANS, sources=(source,)))
    assert_harmless(html_of(answer_from(guide, ["免费。[^s1]"], Language.ZH_HANT), guide, generation))
