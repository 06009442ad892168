from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from small_corpus import build
from web.browse_corpus import browse_settings
from web.hostile_corpus import ATTACKS, SOURCE_TITLE, TITLE, write_hostile_corpus
from web.page_html import PageHTML

from qa.config import Settings
from qa.corpus.characters import displayed
from qa.datatypes import Language
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.web.browsing.guide_page import guide_page
from qa.web.languages import chat_path
from qa.web.static_files import PATH
from qa.web.texts import text

TODAY = date(2026, 11, 23)
each_language = pytest.mark.parametrize("language", Language)


@pytest.fixture(scope="module")
def browsed(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Generation:
    """Return the generation of the guides with something to compare."""
    return Generation.open_current(browse_settings(tmp_path_factory.mktemp("guides"), cache, embedder).index)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Generation:
    """Return the generation of guides that try to do harm."""
    folder = tmp_path_factory.mktemp("hostile-guides")
    settings = Settings(corpus=write_hostile_corpus(folder / "corpus"), index=folder / "index", cache=cache)
    build(settings, embedder)
    return Generation.open_current(settings.index)


def page(generation: Generation, guide_id: str, language: Language = Language.ZH_HANS) -> str:
    """Return the page of a guide that there is."""
    html = guide_page(generation, language, guide_id, TODAY)
    assert html is not None
    return html


def part(html: str, slug: str) -> str:
    """Return the HTML of one section."""
    return html.partition(f'<section id="{slug}"')[2].partition("</section>")[0]


@each_language
def test_a_guide_that_is_not_there_has_no_page(browsed: Generation, language: Language) -> None:
    assert guide_page(browsed, language, "mineo", TODAY) is None
    assert guide_page(browsed, language, "../povo", TODAY) is None


def test_the_whole_guide_is_there_each_section_under_its_slug(browsed: Generation) -> None:
    html = page(browsed, "povo")
    guide = browsed.guides["povo", Language.ZH_HANS]
    for section in guide.sections:
        shown = PageHTML.read(f"<section{part(html, section.slug)}").text
        assert section.headings[-1] in shown
    assert "在网站上办，号码不能恢复。" in part(html, "online")
    assert re.findall(r'<section id="([a-z-]+)"', html) == [section.slug for section in guide.sections]


def test_headings_are_nested_as_in_the_guide(browsed: Generation) -> None:
    html = page(browsed, "povo")
    assert "<h1>povo：销户与保号</h1>" in html
    assert "<h2>能否在线销户</h2>" in html
    assert "<h3>几点能办</h3>" in html


def test_the_contents_lead_to_every_section_and_to_the_sources(browsed: Generation) -> None:
    html = page(browsed, "povo")
    contents = html.partition('class="contents"')[2].partition("</nav>")[0]
    slugs = [section.slug for section in browsed.guides["povo", Language.ZH_HANS].sections]
    assert re.findall(r'href="#([^"]+)"', contents) == [*slugs, "page_sources"]


def test_a_fact_links_to_its_sources(browsed: Generation) -> None:
    links = [link["href"] for link in PageHTML.read(f"<section{part(page(browsed, 'povo'), 'online')}").attributes_of("a")]
    assert links == ["https://povo.jp/cancel", "https://example.org/fees"]


@each_language
def test_a_section_without_facts_says_so_and_leads_to_the_operators_own_page(browsed: Generation, language: Language) -> None:
    html = page(browsed, "povo", language)
    unknown = part(html, "abroad")
    assert text("guide_no_facts", language) in unknown
    assert 'href="https://povo.jp/cancel"' in unknown
    assert text("guide_no_facts", language) not in part(html, "fees")


@each_language
def test_the_date_of_the_guide_is_said_and_one_of_long_ago_is_warned_of(browsed: Generation, language: Language) -> None:
    old, new = page(browsed, "linemo", language), page(browsed, "povo", language)
    assert text("checked", language).format(date="2001-11-22") in old
    assert text("checked_old", language) in unescape(old)
    assert text("checked", language).format(date="2999-11-22") in new
    assert text("checked_old", language) not in unescape(new)


@each_language
def test_the_operators_own_page_is_marked_as_its_own_and_others_as_outside(browsed: Generation, language: Language) -> None:
    html = page(browsed, "povo", language)
    opening = html.partition("<h1>")[2].partition("</header>")[0]
    assert text("official_link", language).format(operator="povo") in unescape(opening)
    outside = [link for link in PageHTML.read(html).attributes_of("a") if link["href"].startswith("http")]
    assert {link["class"] for link in outside if link["href"] == "https://example.org/fees"} == {"outside"}
    assert "official" in {link["class"] for link in outside if link["href"] == "https://povo.jp/cancel"}
    assert all(link["target"] == "_blank" and "noopener" in link["rel"] for link in outside)
    assert text("guide_outside", language) in html


@each_language
def test_sources_are_listed_with_who_stands_behind_them_and_their_date(browsed: Generation, language: Language) -> None:
    own, other = part(page(browsed, "povo", language), "page_sources").split("<li>")[1:]
    assert text("operator", language) in unescape(own)
    assert text("page_dated", language).format(date="2026-03") in own
    assert text("third-party", language) in other
    assert text("undated", language) in other


def test_the_question_about_the_operator_is_asked_in_the_readers_language(browsed: Generation) -> None:
    assert f'href="{chat_path(Language.JA, "楽天モバイルの解約方法は？")}"' in page(browsed, "rakuten-mobile", Language.JA)
    assert f'href="{chat_path(Language.ZH_HANT, "樂天移動 怎麼退租？")}"' in page(browsed, "rakuten-mobile", Language.ZH_HANT)


def test_a_topics_guide_leads_to_the_chat_without_a_question(browsed: Generation) -> None:
    opening = page(browsed, "mnp").partition("<h1>")[2].partition("</header>")[0]
    assert 'href="/zh-Hans/"' in opening
    assert "official" not in opening


def test_in_a_guide_that_operators_share_each_has_the_link_to_its_own_page(browsed: Generation) -> None:
    html = page(browsed, "others", Language.EN)
    assert "HanaCell&#39;s own page" in part(html, "hana") or "HanaCell&#x27;s own page" in part(html, "hana")
    assert 'href="https://hanacell.com/cancel"' in part(html, "hana")
    assert 'class="official"' not in part(html, "gs-mobile")


@pytest.mark.parametrize(
    ("guide_id", "language", "shown_in", "note"),
    [
        ("povo", Language.ZH_HANS, "zh-Hans", ""),
        ("povo", Language.JA, "ja", ""),
        ("povo", Language.EN, "zh-Hans", "So far this guide exists in 简体中文 only."),
        ("linemo", Language.JA, "zh-Hans", "このガイドはいまのところ简体中文版だけです。"),
        ("rakuten-mobile", Language.EN, "ja", "So far this guide exists in 日本語 only."),
        ("rakuten-mobile", Language.ZH_HANT, "ja", "這篇指南目前只有日本語版。"),
        ("povo", Language.ZH_HANT, "zh-Hant", "由簡體自動轉換"),
    ],
)
def test_the_nearest_language_is_shown_and_said(
    browsed: Generation, guide_id: str, language: Language, shown_in: str, note: str
) -> None:
    html = page(browsed, guide_id, language)
    assert re.search(r'<html lang="([^"]+)"', html)[1] == language  # type: ignore[index]
    assert f'<article class="guide" lang="{shown_in}">' in html
    assert html.count(note) == 1 if note else "只有" not in html


def test_traditional_characters_are_converted_in_title_headings_and_text(browsed: Generation) -> None:
    html = page(browsed, "povo", Language.ZH_HANT)
    assert "<h1>povo：退租與保號</h1>" in html
    assert "在網站上辦，號碼不能恢復。" in html
    assert "号" not in PageHTML.read(re.sub(r'<nav class="languages".*?</nav>', "", html)).text


@each_language
def test_the_same_guide_in_the_other_languages_is_one_step_away(browsed: Generation, language: Language) -> None:
    links = [link["href"] for link in PageHTML.read(page(browsed, "mnp", language)).attributes_of("a") if link.get("hreflang")]
    assert links == [f"/{each}/guides/mnp" for each in Language]


def test_a_hostile_guide_is_read_as_text(hostile: Generation) -> None:
    html = page(hostile, "povo", Language.EN)
    read = PageHTML.read(html)
    for attack in (*ATTACKS, TITLE, SOURCE_TITLE):
        assert displayed(unescape(attack)) in read.text
    assert {tag for tag, _ in read.tags}.isdisjoint({"img", "svg", "iframe", "b", "i", "object", "form"})
    assert [
        attributes for _, attributes in read.tags if {"style", "onerror", "onload", "onclick", "onmouseover"} & set(attributes)
    ] == []
    assert [script["src"] for script in read.attributes_of("script")] == [f"{PATH}/guide.js"]
    assert [link["href"] for link in read.attributes_of("a") if not re.match(r"/|#|https://", link["href"])] == []
