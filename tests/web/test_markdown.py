from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.hostile_corpus import ATTACKS, MARKDOWN_ATTACKS
from web.page_html import PageHTML

from qa.corpus.characters import visible
from qa.corpus.hosts import host_of
from qa.datatypes import Publisher, Source
from qa.web.markdown import link, to_html

SOURCE = Source("s1", "A page", "https://www.example.com/a?b=1&c=2", Publisher.THIRD_PARTY, None)
OUTSIDE = {"class": "outside", "target": "_blank", "rel": "noopener noreferrer nofollow"}

# Far more than it takes, and far less than what grows with the square of the length.
LONGEST_SECONDS = 5

ALLOWED = {
    **{tag: set() for tag in ("p", "br", "ul", "li", "em", "strong", "code", "pre", "mark", "blockquote", "hr")},
    **{tag: set() for tag in ("table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6")},
    "ol": {"start"},
    "sup": {"class"},
    "span": {"class", "aria-hidden"},
    "a": {"class", "href", "target", "rel"},
}

SYNTAX = st.sampled_from(
    [
        *(attack + "\n" for attack in (*ATTACKS, *MARKDOWN_ATTACKS)),
        *("# ", "- ", "1. ", "7) ", "> ", "    ", "| a | b |\n|---|:-:|\n", "|", "```\n", "~~~js\n", "`", "**", "_", "*", "~~"),
        *("\n", "\n\n", "\\", "[", "](", ")", "![", "https://evil.example/", "<https://evil.example/>", "[^s1]", "[^zz]"),
        *("<", ">", "&", '"', "'", "&#60;", "&lt;", "&#xE000;", "&#57345;", "\ue000", "\ue001", "]]>", "<?php", "<![CDATA["),
        *(
            "\u202e",
            "\u2066",
            "\u200b",
            "\ufeff",
            "&rlm;",
            "&#x202e;",
            "[1]",
            "&#91;1&#93;",
            "https://docomo.ne.jp@evil.example/",
        ),
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
            assert attributes.items() >= OUTSIDE.items()
        assert "\n" not in html
        assert visible(html) == html
        assert not re.search(r"\[\s*\d+\s*\]", page.text)


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


def test_a_link_opens_elsewhere_shows_where_and_tells_the_other_page_nothing() -> None:
    page = PageHTML.read(to_html("[the page](https://example.com/?a=1&b=2 'title')", ()))
    assert page.attributes_of("a") == [{"href": "https://example.com/?a=1&b=2", **OUTSIDE}]
    assert page.text == "the page example.com↗"
    assert page.attributes_of("span") == [{"class": "host"}, {"class": "away", "aria-hidden": "true"}]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[click](https://www.evil.example/x)", "click evil.example↗"),
        ("[**cl**ick `here`](https://evil.example:8443/x)", "click here evil.example:8443↗"),
        ("[evil.example](https://evil.example)", "evil.example↗"),
        ("[www.Evil.example: how to](https://evil.example)", "www.Evil.example: how to↗"),
        ("[povo.jp](https://support.povo.jp)", "povo.jp support.povo.jp↗"),
        ("<https://evil.example/docomo.ne.jp>", "https://evil.example/docomo.ne.jp↗"),
        ("[日本語](https://日本語.jp/解约)", "日本語 xn--wgv71a119e.jp↗"),
        ("<https://xn--dcm-sedbb.ne.jp/>", "https://xn--dcm-sedbb.ne.jp/↗"),
        ("[x]\n\n[x]: https://evil.example/y 'docomo.ne.jp'", "x evil.example↗"),
    ],
)
def test_a_link_shows_the_host_that_it_leads_to(markdown: str, shown: str) -> None:
    page = PageHTML.read(to_html(markdown, ()))
    assert page.text == page.linked == shown


@pytest.mark.parametrize(
    "label",
    [
        *(
            "https://www.docomo.ne.jp",
            "docomo.ne.jp",
            "see www.docomo.ne.jp for it",
            "DOCOMO.NE.JP",
            "docomo．ne．jp",
            "docomo。ne。jp",
        ),
        *(
            "**docomo**.ne.jp",
            "`docomo.ne.jp`",
            "doc\u200bomo.ne.jp",
            "d\u043ec\u043em\u043e.ne.jp",
            "ｄｏｃｏｍｏ.ne.jp",
            "docomo&#46;ne&#46;jp",
        ),
        *("//docomo.ne.jp/x", "https://docomo.ne.jp@evil.example", "ftp://docomo.ne.jp", "evil.example docomo.ne.jp"),
        *("evil.example.docomo.ne.jp", "docomo.ne.jp\n", "解約はdocomo.ne.jpへ", "例https://docomo.ne.jp"),
    ],
)
def test_a_label_that_names_another_host_is_not_what_is_clicked(label: str) -> None:
    page = PageHTML.read(to_html(f"[{label}](https://evil.example/)", ()))
    assert page.linked == "evil.example↗"
    assert "ne" in page.text.lower().partition("evil.example↗")[0]


@pytest.mark.parametrize(
    "label", ["povo2.0", "e.g. this", "ver. 3.5", "1,078.50", "how...", "Cancel. Then", "看官网。povo", "a/b"]
)
def test_a_label_with_dots_that_names_no_host_is_clicked(label: str) -> None:
    assert PageHTML.read(link("https://povo.jp/", label)).linked == f"{label} povo.jp↗"


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://www.docomo.ne.jp@evil.example/",
            "https://docomo.ne.jp\\@evil.example/",
            "https://evil.example%2f.docomo.ne.jp/",
        ),
        *(
            "<https://docomo.ne.jp/ .evil.example>",
            "https://docomo.ne.jp/\u202e",
            "https://docomo.ne.jp&#9;.evil.example/",
            "https:evil",
        ),
        *(
            "https://docomo.ne.jp&#xff0f;.evil.example/",
            "https://docomo/",
            "https://2130706433/",
            "https://[::1]/",
            "https:///evil.example",
        ),
    ],
)
@pytest.mark.parametrize("form", ["[click]({})", "[click][x]\n\n[x]: {}\n", "<{}>"])
def test_a_link_whose_address_could_be_taken_for_another_is_no_link(form: str, address: str) -> None:
    html = to_html(form.format(address), ())
    assert PageHTML.read(html).attributes_of("a") == []


def test_the_operators_own_link_is_marked_as_such_only_where_it_is_asked_for() -> None:
    own, other = link("https://povo.jp/", "Official page", official=True), link("https://povo.jp/", "Official page")
    assert PageHTML.read(own).attributes_of("a")[0]["class"] == "official"
    assert PageHTML.read(other).attributes_of("a")[0]["class"] == "outside"
    assert PageHTML.read(own).text == PageHTML.read(other).text == "Official page povo.jp↗"


@pytest.mark.parametrize(
    "quote", ["[cl", "[click](https://ev", "[click](https://evil.example/)", "click", "](https://evil.example/"]
)
def test_a_quote_that_ends_inside_a_link_changes_nothing_of_the_link(quote: str) -> None:
    text = "See [click](https://evil.example/) then."
    at = text.index(quote)
    for bounds in ((at, at + len(quote)), (0, at + len(quote)), (at, len(text))):
        page = PageHTML.read(to_html(text, (), bounds))
        assert (page.strays, page.open_tags) == ([], [])
        assert [each["href"] for each in page.attributes_of("a")] in ([], ["https://evil.example/"])
        assert page.linked in ("", "click evil.example↗")


def test_a_picture_is_not_loaded() -> None:
    assert PageHTML.read(to_html("![picture](https://evil.example/p.png)", ())).attributes_of("img") == []


def test_a_footnote_mark_becomes_a_link_to_its_source_named_by_host() -> None:
    page = PageHTML.read(to_html("Free.[^s1]", [SOURCE]))
    assert page.attributes_of("a") == [{"href": SOURCE.url, **OUTSIDE}]
    assert page.text == "Free.example.com↗"


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
    "url", ["javascript:alert(1)", "data:text/html,x", "JavaScript:x", " https://example.com", "ftp://a.b", "https://a.b@c.d/"]
)
def test_an_address_that_is_not_of_the_web_is_shown_as_text(url: str) -> None:
    assert PageHTML.read(link(url, "<b>label</b>")).tags == []
    assert PageHTML.read(link(url, "<b>label</b>")).text == "<b>label</b>"


@settings(deadline=None)
@given(rest=st.text(), label=st.text(), host=st.sampled_from(["", "evil.example/", "evil.example?"]))
def test_a_link_holds_any_address_and_any_label_and_shows_where_it_leads(rest: str, label: str, host: str) -> None:
    page = PageHTML.read(link(f"https://{host}{rest}", label))
    assert {tag for tag, _ in page.tags} <= {"a", "span"}
    assert (page.strays, page.open_tags) == ([], [])
    for attributes in page.attributes_of("a"):
        assert attributes.keys() == {"class", "href", "target", "rel"}
        assert host_of(attributes["href"]) in page.linked.lower()


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u00ad", "\U000e0041", "\ufe0f", "\x1b"]
)
@pytest.mark.parametrize("form", ["a{}b", "`a{}b`", "**a{}b**", "# a{}b", "[a{}b](https://example.com/)", "    a{}b"])
def test_characters_that_deceive_the_eye_are_not_shown(form: str, character: str) -> None:
    assert visible(to_html(form.format(character), ())) == to_html(form.format(character), ()) == to_html(form.format(""), ())


@pytest.mark.parametrize("entity", ["&#x202e;", "&#8238;", "&rlm;", "&shy;"])
def test_characters_that_deceive_the_eye_are_not_shown_where_they_are_entities(entity: str) -> None:
    assert to_html(f"a{entity}b", ()) == "<p>ab</p>"


@pytest.mark.parametrize(
    "forged",
    [
        "[1]",
        "[ 12 ]",
        "[1, 2]",
        "[**1**]",
        "**[1**]",
        "[`1`]",
        "`[1]`",
        "\\[1\\]",
        "&#91;1&#93;",
        "[\u200b1]",
        "[\n1]",
        "[1[^s1]]",
        "[^zz][1]",
    ],
)
def test_what_only_looks_like_a_marker_has_other_brackets(forged: str) -> None:
    shown = PageHTML.read(to_html(f"Free {forged} too.", ())).text
    assert not {"[", "]"} & set(shown)
    assert {"［", "］"} <= set(shown)


@pytest.mark.parametrize("text", ["[x]", "a[i]", "[第1步]", "[see 2]"])
def test_other_brackets_stay(text: str) -> None:
    assert PageHTML.read(to_html(text, ())).text == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[" * 10_000 + "x" + "]" * 10_000,
            "![" * 10_000,
            "[a](" * 10_000,
            ">" * 10_000,
            "- " * 5_000,
            "`" * 10_001,
            "**" * 10_000,
        ),
        *("[1" * 10_000, "[ " * 10_000, "[a.b.c](https://evil.example)" * 2_000, f"[{'a.' * 10_000}](https://evil.example)"),
        *("word [^s1] " * 18_000, "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|b" * 2_000),
    ],
    ids=lambda text: text[:12],
)
def test_a_long_or_deeply_nested_section_is_rendered_in_time(text: str) -> None:
    started = time.process_time()
    page = PageHTML.read(to_html(text, [SOURCE], (0, len(text))))
    assert (page.strays, page.open_tags) == ([], [])
    assert time.process_time() - started < LONGEST_SECONDS
