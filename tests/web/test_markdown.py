from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.hostile_corpus import ATTACKS, MARKDOWN_ATTACKS
from web.page_html import PageHTML

from qa.datatypes import Publisher, Source
from qa.web.markdown import link, to_html

SOURCE = Source("s1", "A page", "https://www.example.com/a?b=1&c=2", Publisher.THIRD_PARTY, None)
ELSEWHERE = {"target": "_blank", "rel": "noopener noreferrer nofollow"}

ALLOWED = {
    **{tag: set() for tag in ("p", "br", "ul", "li", "em", "strong", "code", "pre", "mark", "blockquote", "hr")},
    **{tag: set() for tag in ("table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6")},
    "ol": {"start"},
    "sup": {"class"},
    "a": {"href", "target", "rel"},
}

SYNTAX = st.sampled_from(
    [
        *(attack + "\n" for attack in (*ATTACKS, *MARKDOWN_ATTACKS)),
        *("# ", "- ", "1. ", "7) ", "> ", "    ", "| a | b |\n|---|:-:|\n", "|", "```\n", "~~~js\n", "`", "**", "_", "*", "~~"),
        *("\n", "\n\n", "\\", "[", "](", ")", "![", "https://evil.example/", "<https://evil.example/>", "[^s1]", "[^zz]"),
        *("<", ">", "&", '"', "'", "&#60;", "&lt;", "&#xE000;", "&#57345;", "\ue000", "\ue001", "]]>", "<?php", "<![CDATA["),
        *("<!doctype html>", "\x00", "\r", "\t", "\u2028", "[x]: javascript:alert(1)\n", "[x]", "{{", "$$", ":::"),
    ]
)
GUIDE_TEXT = st.lists(st.one_of(SYNTAX, st.text(max_size=8))).map("".join)


@settings(deadline=None)
@given(guide_text=GUIDE_TEXT, bounds=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_whatever_a_guide_says_only_plain_tags_without_styles_and_handlers_come_out(
    guide_text: str, bounds: tuple[int, int]
) -> None:
    start, end = sorted(min(bound, len(guide_text)) for bound in bounds)
    for html in (to_html(guide_text, [SOURCE]), to_html(guide_text, [SOURCE], (start, end))):
        page = PageHTML.read(html)
        assert page.strays == []
        assert page.open_tags == []
        for tag, attributes in page.tags:
            assert attributes.keys() <= ALLOWED[tag]
        for attributes in page.attributes_of("a"):
            assert attributes["href"].startswith("https://")
            assert attributes.items() >= ELSEWHERE.items()
        assert "\n" not in html


WORDS = st.from_regex(r"w[0-9]{3}", fullmatch=True)
INLINE = st.sampled_from(
    ["**", "*", " ", "`", "[", "]", "&", "<b>", "</b>", "|", "(", "。", "\n", "\n- ", "\n> ", "\n\n", "~", '"']
)


@settings(deadline=None)
@given(pieces=st.lists(st.one_of(WORDS, INLINE, st.sampled_from(ATTACKS))))
def test_every_word_of_a_guide_is_shown(pieces: list[str]) -> None:
    words = re.findall("w[0-9]{3}", "".join(pieces))
    assert re.findall("w[0-9]{3}", PageHTML.read(to_html("".join(pieces), ())).text) == words


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if "&lt;" not in attack])
def test_html_in_a_guide_is_shown_as_text(attack: str) -> None:
    page = PageHTML.read(to_html(f"before {attack} after", ()))
    assert page.text == f"before {attack} after"
    assert page.tags == [("p", {})]


@pytest.mark.parametrize("entity", ["&lt;b&gt;", "&#60;b&#62;", "&#x3c;b&#x3e;", "&LT;b&GT;"])
def test_entities_that_look_like_tags_are_shown_as_text(entity: str) -> None:
    page = PageHTML.read(to_html(entity, ()))
    assert page.text == "<b>"
    assert page.tags == [("p", {})]


def test_an_entity_of_an_entity_is_decoded_once() -> None:
    assert to_html("&amp;lt;script&amp;gt;", ()) == "<p>&amp;lt;script&amp;gt;</p>"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x", "http://a.b", "x"]
)
def test_a_link_that_is_not_https_leads_nowhere(address: str) -> None:
    page = PageHTML.read(to_html(f"[click]({address})", ()))
    assert page.tags == [("p", {})]
    assert "click" in page.text


def test_a_link_opens_elsewhere_and_tells_the_other_page_nothing() -> None:
    page = PageHTML.read(to_html("[the page](https://example.com/?a=1&b=2 'title')", ()))
    assert page.attributes_of("a") == [{"href": "https://example.com/?a=1&b=2", **ELSEWHERE}]
    assert page.text == "the page"


def test_a_picture_is_not_loaded() -> None:
    assert PageHTML.read(to_html("![picture](https://evil.example/p.png)", ())).attributes_of("img") == []


def test_a_footnote_mark_becomes_a_link_to_its_source_named_by_host() -> None:
    page = PageHTML.read(to_html("Free.[^s1]", [SOURCE]))
    assert page.attributes_of("a") == [{"href": SOURCE.url, **ELSEWHERE}]
    assert page.text == "Free.example.com"


def test_a_footnote_mark_without_its_source_disappears() -> None:
    assert to_html("Free.[^zz]", [SOURCE]) == "<p>Free.</p>"


def test_a_tables_alignment_leaves_no_style() -> None:
    html = to_html("| a | b |\n|:-:|--:|\n| 1 | 2 |\n", ())
    assert {tag for tag, attributes in PageHTML.read(html).tags if attributes} == set()
    assert PageHTML.read(html).text == "ab12"


@pytest.mark.parametrize("bound", ["\ue000", "\ue001", "\ue000x\ue001"])
def test_private_use_characters_in_a_guide_highlight_nothing(bound: str) -> None:
    assert PageHTML.read(to_html(f"a {bound} b", (), (0, 1))).marked == "a"


@pytest.mark.parametrize("entity", ["&#xE000; not the quote", "&#57344; not the quote"])
def test_private_use_entities_in_a_guide_highlight_nothing(entity: str) -> None:
    assert PageHTML.read(to_html(f"{entity}", ())).marked == ""


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "JavaScript:x", " https://example.com", "ftp://a.b"]
)
def test_an_address_that_is_not_of_the_web_is_shown_as_text(url: str) -> None:
    assert PageHTML.read(link(url, "<b>label</b>")).tags == []
    assert PageHTML.read(link(url, "<b>label</b>")).text == "<b>label</b>"


@settings(deadline=None)
@given(rest=st.text(), label=st.text())
def test_a_link_holds_any_address_and_any_label_as_they_are(rest: str, label: str) -> None:
    page = PageHTML.read(link(f"https://{rest}", label))
    assert [tag for tag, _ in page.tags] == ["a"]
    assert page.attributes_of("a")[0].keys() == {"href", "target", "rel"}
    assert (page.strays, page.open_tags) == ([], [])
