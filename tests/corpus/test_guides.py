from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, WriteGuide
from corpus.guide_texts import KEYS, guide_in
from hypothesis import example, given
from hypothesis import strategies as st

from qa.corpus.guides import guide_paths, parse_front_matter, read_corpus
from qa.datatypes import Guide, Language, Publisher, SectionStatus, Source

# No character that could open a heading, a fence or HTML: whatever else stands there, the headings below are the only ones.
PARAGRAPHS = st.text("甲a1 \t\n>*+_|[](){}:。，\U0001f4f1\u2028\x0b\x85\u3000\u0301", max_size=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guides")


def assert_sections_tile(guide: Guide, body: str) -> None:
    first = guide.text.index(body)
    assert "".join(guide.text[section.start : section.end] for section in guide.sections) == guide.text[first:]
    for section in guide.sections:
        assert guide.text[section.start : section.body].count("\n") >= 1
        assert section.start < section.body <= section.end
        assert f"{{#{section.slug}}}" in guide.text[section.start : section.body]


@given(st.lists(st.tuples(st.integers(1, 6), PARAGRAPHS), min_size=1, max_size=6))
def test_the_sections_of_any_body_tile_its_text(folder: Path, drawn: list[tuple[int, str]]) -> None:
    body = "".join(f"{'#' * level} 题 {{#s{number}}}\n{text}\n" for number, (level, text) in enumerate(drawn))
    guide = guide_in(folder, body)
    assert [section.slug for section in guide.sections] == [f"s{number}" for number in range(len(drawn))]
    assert_sections_tile(guide, body)


@pytest.mark.parametrize(
    ("body", "slugs"),
    [
        pytest.param("## 甲 {#a}\n```\n## 乙 {#b}\n```\n## 丙 {#c}\n", ["a", "c"], id="in a code block"),
        pytest.param("## 甲 {#a}\n<!--\n## 乙 {#b}\n-->\n## 丙 {#c}\n", ["a", "c"], id="in a comment"),
        pytest.param("## 甲 {#a}\n> ## 乙 {#b}\n\n- ## 丁 {#d}\n\n## 丙 {#c}\n", ["a", "c"], id="in a quote and a list"),
        pytest.param("甲 {#a}\n===\n文\n\n乙 {#b}\n---\n文\n", ["a", "b"], id="underlined headings are headings"),
        pytest.param("## 甲 {#a} ##\n文\n", ["a"], id="closing number signs"),
    ],
)
def test_only_what_markdown_takes_for_a_heading_opens_a_section(folder: Path, body: str, slugs: list[str]) -> None:
    guide = guide_in(folder, body)
    assert [section.slug for section in guide.sections] == slugs
    assert_sections_tile(guide, body)


@pytest.mark.parametrize("heading", ["## 乙 {#b}", "乙 {#b}\n---"])
def test_a_heading_at_the_very_end_has_an_empty_body(folder: Path, heading: str) -> None:
    last = guide_in(folder, f"## 甲 {{#a}}\n文\n\n{heading}").sections[-1]
    assert last.body == last.end


def test_a_guide_holds_what_its_front_matter_says(folder: Path) -> None:
    source = '{id: s1, title: "页面", url: "https://povo.jp/a", publisher: operator, date: 2026-03}'
    keys = {**KEYS, "sections": "[{slug: sim, status: unknown}]", "sources": f"[{source}]"}
    guide = guide_in(folder, "## 费用 {#fees}\n0 日元。[^s1]\n## SIM 卡 {#sim}\n没有资料。\n", keys=keys)
    assert (guide.guide_id, guide.language, guide.title) == ("povo", Language.ZH_HANS, "povo")
    assert (guide.operator, guide.topic, guide.checked) == ("povo", None, "2026-11-22")
    assert guide.sources == (Source("s1", "页面", "https://povo.jp/a", Publisher.OPERATOR, "2026-03"),)
    assert [section.status for section in guide.sections] == [SectionStatus.KNOWN, SectionStatus.UNKNOWN]
    assert [section.section_id for section in guide.sections] == ["povo#fees", "povo#sim"]


def test_every_section_of_an_operators_guide_is_about_it_and_has_its_page(folder: Path) -> None:
    guide = guide_in(folder, "## 甲 {#a}\n文\n## au {#au}\n文\n")
    assert {(section.operator, section.official_url) for section in guide.sections} == {("povo", "https://example.com/povo")}


def test_a_section_named_like_an_operator_that_shares_the_guide_is_about_it_alone(folder: Path) -> None:
    keys = {
        "title": "其他",
        "topic": "povo",
        "official_url": "https://example.com/all",
        "checked": "2026-11-22",
        "operators": "{au: {official_url: https://example.com/au, online: full}, hana: {online: none}}",
    }
    guide = guide_in(folder, "## 概览 {#overview}\n文\n## au {#au}\n文\n### 费用 {#fees}\n文\n## Hana {#hana}\n文\n", keys=keys)
    assert [(section.slug, section.operator, section.official_url) for section in guide.sections] == [
        ("overview", None, "https://example.com/all"),
        ("au", "au", "https://example.com/au"),
        ("fees", "au", "https://example.com/au"),
        ("hana", "hana", None),
    ]


def test_what_is_compared_is_known_by_operator(folder: Path) -> None:
    own, _ = parse_front_matter(guide_in(folder, "## 甲 {#a}\n文\n", keys=KEYS | {"online": "full"}).text, "povo.md")
    assert {name: profile.online.value for name, profile in own.profiles.items()} == {"povo": "full"}
    keys = {"title": "题", "topic": "povo", "checked": "2026-11-22", "operators": "{b: {online: none}, a: {}}"}
    shared, _ = parse_front_matter(guide_in(folder, "## a {#a}\n文\n## b {#b}\n文\n", keys=keys).text, "povo.md")
    assert {name: profile.online.value for name, profile in shared.profiles.items()} == {"b": "none", "a": "unknown"}


def test_a_topic_of_its_own_compares_nothing(folder: Path) -> None:
    keys = {"title": "题", "topic": "povo", "checked": "2026-11-22"}
    assert parse_front_matter(guide_in(folder, "## 甲 {#a}\n文\n", keys=keys).text, "povo.md")[0].profiles == {}


def test_headings_are_the_title_and_the_way_down_to_the_section(folder: Path) -> None:
    guide = guide_in(folder, "## 甲 {#a}\n### 乙 {#b}\n#### 丙 {#c}\n### 丁 {#d}\n## 戊 {#e}\n")
    assert [section.headings for section in guide.sections] == [
        ("povo", "甲"),
        ("povo", "甲", "乙"),
        ("povo", "甲", "乙", "丙"),
        ("povo", "甲", "丁"),
        ("povo", "戊"),
    ]


@given(st.text("甲乙 a\U0001f4f1", min_size=1, max_size=20))
@example("\U0001f4f1" * 5)
def test_offsets_count_code_points(folder: Path, before: str) -> None:
    guide = guide_in(folder, f"## 甲 {{#a}}\n{before}\n## 乙 {{#b}}\n文\n")
    section = guide.sections[1]
    assert guide.text[section.start : section.body] == "## 乙 {#b}\n"
    assert guide.text[section.body : section.end] == "文\n"


def test_guides_come_by_language_then_by_name(tmp_path: Path, write_guide: WriteGuide) -> None:
    for language, name in [("en", "au"), ("ja", "povo"), ("zh-Hans", "povo"), ("ja", "au"), ("zh-Hans", "docomo")]:
        write_guide(name, "## 题 {#a}\n文\n", language=language)
    guides, problems = read_corpus(tmp_path / "corpus")
    assert problems == []
    assert [(guide.language.value, guide.guide_id) for guide in guides] == [
        ("zh-Hans", "docomo"),
        ("zh-Hans", "povo"),
        ("ja", "au"),
        ("ja", "povo"),
        ("en", "au"),
    ]


def test_every_guide_of_the_corpus_is_tiled_by_its_sections() -> None:
    guides, problems = read_corpus(ROOT / "corpus")
    assert problems == []
    assert len(guides) == len(list(guide_paths(ROOT / "corpus")))
    for guide in guides:
        assert_sections_tile(guide, guide.text[guide.sections[0].start :])
