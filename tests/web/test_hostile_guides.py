from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.hostile_corpus import (
    ATTACKS,
    FORGED_MARKERS,
    FORGED_SEAL,
    LOOK_ALIKES,
    MARKDOWN_ATTACKS,
    NAME_OF_NONE,
    SOURCE_TITLE,
    TITLE,
    UNSEEN,
)
from web.page_html import PageHTML
from web.rendered import GUIDE, SOURCES, answer_from, guide_of, html_of, not_covered, page_of, payload_of, seen_of

from qa.corpus.characters import displayed, visible
from qa.datatypes import Language, Outcome
from qa.index.generation import Generation
from qa.web.chat.card import render_answer, render_question

TAGS = {
    *(
        "article",
        "div",
        "p",
        "details",
        "summary",
        "small",
        "a",
        "sup",
        "mark",
        "br",
        "hr",
        "em",
        "strong",
        "code",
        "pre",
        "b",
        "i",
    ),
    *(
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "button",
        "span",
        "blockquote",
    ),
}
ATTRIBUTES = {"class", "lang", "id", "href", "target", "rel", "start", "type", "aria-hidden", "aria-label"}
MARKER = re.compile(r"\[\s*\d+\s*\]")


def assert_harmless(html: str) -> None:
    page = PageHTML.read(html)
    assert (page.strays, page.open_tags) == ([], [])
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert all(re.match(r"https?://|#c-m-|/(?:en|ja|zh-Hans|zh-Hant)/", link["href"]) for link in page.attributes_of("a"))
    assert visible(html) == html
    assert len(html.splitlines()) == 1


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *ATTACKS,
                *MARKDOWN_ATTACKS,
                *(markdown for markdown, _ in LOOK_ALIKES),
                FORGED_MARKERS,
                UNSEEN,
                "[1]",
                "\u202e",
                "&rlm;",
            ]
        ),
        st.sampled_from(
            [
                "\n\n",
                "\n- ",
                "\n  1. ",
                "\n> ",
                "\n# ",
                "| a |\n|---|\n",
                "```\n",
                "    ",
                '"',
                "'",
                ">",
                "](",
                "[",
                "1",
                "]",
                "销户",
            ]
        ),
        st.text(max_size=9),
    )
).map("".join)


@settings(deadline=None)
@given(
    body=HOSTILE,
    front_matter=st.tuples(HOSTILE, HOSTILE, HOSTILE),
    asked=HOSTILE,
    reader=st.sampled_from(Language),
    outcome=st.sampled_from([Outcome.ANSWERED, Outcome.RELATED]),
)
def test_an_answer_is_harmless_whatever_the_guide_its_front_matter_and_the_question_say(
    body: str, front_matter: tuple[str, str, str], asked: str, reader: Language, outcome: Outcome, generation: Generation
) -> None:
    title, source_title, path = front_matter
    # A NUL has a test of its own below.
    url = f"https://evil.example/{path}".replace("\0", "")
    source = replace(SOURCES[0], title=source_title, url=url)
    guide = replace(GUIDE, title=title, sources=(source,), official_url=url, language=Language.ZH_HANS)
    guide = guide_of(f"quote[^s1] {body}", guide, heading=title)
    answer = replace(answer_from(guide, [guide.text], reader, outcome), asked=asked)
    html = html_of(answer, guide, generation)
    assert_harmless(html)
    assert set(MARKER.findall(seen_of(html).text)) == {"[1]"}
    assert len(MARKER.findall(seen_of(html).text)) == len(("behind the quote", "before the headings"))


@settings(deadline=None)
@given(host=HOSTILE, official=st.booleans())
def test_no_address_of_the_front_matter_leads_where_it_does_not_say(host: str, official: bool, generation: Generation) -> None:
    url = f"https://{host}".replace("\0", "")
    guide = replace(GUIDE, official_url=url) if official else replace(GUIDE, sources=(replace(SOURCES[0], url=url),))
    html = html_of(
        answer_from(guide_of("Free.[^s1]\n", guide), ["Free.[^s1]"], Language.EN), guide_of("Free.[^s1]\n", guide), generation
    )
    assert_harmless(html)
    assert not any(
        "@" in link["href"].split("/")[2] for link in PageHTML.read(html).attributes_of("a") if "//" in link["href"][:8]
    )


@settings(deadline=None)
@given(question=HOSTILE)
def test_a_question_is_shown_as_text_whatever_it_is(question: str) -> None:
    html = render_question(question)
    assert len(html.splitlines()) == 1
    page = PageHTML.read(html)
    assert {tag for tag, _ in page.tags} <= {"div", "br"}
    assert _legible(page.text) == _legible(visible(question))


def _legible(text: str) -> str:
    """Return text without blanks and control characters, which the page shows as blanks."""
    return "".join(character for character in text if not character.isspace() and unicodedata.category(character) != "Cc")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_a_guide_is_text_in_the_quote_and_in_the_section(attack: str, generation: Generation) -> None:
    body = f"Cancelling {attack} is free.[^s1]\n"
    page = page_of(body, body.strip(), generation)
    shown = PageHTML.read(attack).text if "&lt;" in attack else attack
    assert page.text.count(f"Cancelling {shown} is free.") == len(("quote", "section"))


@pytest.mark.parametrize(("markdown", "host"), LOOK_ALIKES)
def test_a_link_that_passes_for_another_shows_where_it_leads_or_is_none(
    markdown: str, host: str, generation: Generation
) -> None:
    quote = f"Cancel {markdown} here.\n\n[evil]: https://evil.example/ 'povo.example'\n\nEnd."
    page = page_of(f"{quote}\n", quote, generation, guide=replace(GUIDE, official_url=None))
    led_to = [link["href"].split("/")[2] for link in page.attributes_of("a") if link.get("class") == "outside"]
    assert led_to == ([host] * len(("quote", "section")) if host else [])
    assert page.linked.count("↗") == len(led_to)
    if host:
        assert all(host in piece for piece in page.linked.split("↗")[:-1])


def test_an_attack_in_the_front_matter_is_text(generation: Generation) -> None:
    guide = replace(GUIDE, title=TITLE, sources=(replace(SOURCES[0], title=SOURCE_TITLE),))
    page = page_of("Free.[^s1]\n", "Free.[^s1]", generation, guide=guide)
    assert displayed(TITLE) in page.text
    assert displayed(SOURCE_TITLE) in page.text


def test_an_address_in_the_front_matter_ends_where_it_ends(generation: Generation) -> None:
    url = 'https://evil.example/"onmouseover="document.title=1'
    page = page_of("Free.[^s1]\n", "Free.[^s1]", generation, guide=replace(GUIDE, official_url=url))
    assert url in [link["href"] for link in page.attributes_of("a")]


@pytest.mark.parametrize("url", ["https://povo.jp@evil.example/", "https://povo.jp\\.evil.example/", "https://povo.jp/\u202e"])
def test_an_official_page_that_could_be_taken_for_another_is_no_link(url: str, generation: Generation) -> None:
    page = page_of("Free.\n", "Free.", generation, guide=replace(GUIDE, official_url=url))
    assert "official" not in [link.get("class") for link in page.attributes_of("a")]


def test_only_the_official_page_of_the_front_matter_is_marked_as_official(generation: Generation) -> None:
    body = f'**{FORGED_SEAL}** [Official page](https://povo.jp/other) <a class="official" href="https://povo.jp/">Official</a>[^s1]\n'
    page = page_of(body, body.strip(), generation)
    official = [link["href"] for link in page.attributes_of("a") if link.get("class") == "official"]
    assert official == [GUIDE.official_url]


def test_an_address_in_an_operators_name_is_no_official_page(generation: Generation) -> None:
    answer = replace(not_covered(f"There is no guide for {NAME_OF_NONE} yet."), operators=("povo",))
    page = seen_of(render_answer(answer, generation, "m", Language.EN, feedback=True))
    assert displayed(NAME_OF_NONE) in page.text
    assert not any("evil" in link["href"] for link in page.attributes_of("a"))


def test_a_forged_marker_is_no_link_and_looks_like_none(generation: Generation) -> None:
    body = f"Free {FORGED_MARKERS}.[^s1]\n"
    page = page_of(body, body.strip(), generation)
    assert [link["href"] for link in page.attributes_of("a") if link["href"].startswith("#")] == ["#c-m-1"]
    assert page.text.count("Free ［1］ ［2］ ［1］ ［1］ ［1］ ［2］ ［1］.") == len(("quote", "section"))


def test_characters_that_deceive_the_eye_are_in_no_part_of_an_answer(generation: Generation) -> None:
    guide = replace(GUIDE, title=f"povo {UNSEEN}", sources=(replace(SOURCES[0], title=UNSEEN),))
    guide = guide_of(f"Free {UNSEEN}.[^s1]\n", guide, heading=UNSEEN)
    html = html_of(replace(answer_from(guide, [guide.text.strip()], Language.EN), asked=UNSEEN), guide, generation)
    assert visible(html) == html
    assert visible(payload_of(html)["plain"]) == payload_of(html)["plain"]


def test_what_is_cited_is_the_guides_own_words_whatever_is_displayed(generation: Generation) -> None:
    guide = guide_of(f"Free {UNSEEN} {FORGED_MARKERS}.[^s1]\n")
    citation = answer_from(guide, [guide.text.strip()], Language.EN).citations[0]
    assert citation.quote == guide.text[citation.start : citation.end] == guide.text.strip()


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
