from __future__ import annotations

import pytest
from conftest import WriteSection

from qa.answering.citing import cite, cited_sources, mark, with_source_links, without_footnotes
from qa.answering.evidence import Evidence
from qa.datatypes import Citation, Guide, Language, Section

BODY = "销户免费。[^s2][^s1] 在网上办理。\n"


def cite_words(words: str, made: tuple[Guide, Section], language: Language = Language.ZH_HANS) -> Citation:
    guide, section = made
    start = guide.text.index(words)
    return cite(1, Evidence(guide, section, start, start + len(words)), language)


def test_a_quote_is_the_slice_of_the_guide_that_its_offsets_name(section_of: WriteSection) -> None:
    guide, section = section_of(BODY)
    citation = cite_words("销户免费。[^s2][^s1]", (guide, section))

    assert citation.quote == guide.text[citation.start : citation.end] == "销户免费。[^s2][^s1]"
    assert (citation.marker, citation.guide_id, citation.section_id) == (1, "povo", "povo#fees")
    assert (citation.language, citation.headings) == (Language.ZH_HANS, ("povo", "费用"))
    assert (citation.checked, citation.official_url) == ("2026-11-22", None)


@pytest.mark.parametrize("words", ["| povo | 不用[^s1] |", "- 补发：550 日元", "  末尾有空格  ", "\n\n"])
def test_a_quote_keeps_every_character_of_its_slice(words: str, section_of: WriteSection) -> None:
    assert cite_words(words, section_of(f"开头。{words}结尾。")).quote == words


def test_what_is_shown_has_links_to_the_sources_instead_of_marks(section_of: WriteSection) -> None:
    citation = cite_words("销户免费。[^s2][^s1]", section_of(BODY))

    assert citation.display == "销户免费。 [example.org](https://example.org/a_(b)) [povo.jp](https://www.povo.jp/help)"


def test_the_sources_are_those_of_the_quote_each_once_in_the_order_of_their_mention(section_of: WriteSection) -> None:
    guide, section = section_of("甲[^s2]乙[^s1]丙[^s2]")

    assert [source.id for source in cite_words("甲[^s2]乙[^s1]丙[^s2]", (guide, section)).sources] == ["s2", "s1"]
    assert [source.id for source in cited_sources("[^s1][^s1]", guide)] == ["s1"]


def test_a_quote_without_a_mark_rests_on_the_sources_of_its_section(section_of: WriteSection) -> None:
    assert [source.id for source in cite_words("在网上办理。", section_of(BODY)).sources] == ["s2", "s1"]


def test_a_mark_without_a_source_is_dropped_from_what_is_shown(section_of: WriteSection) -> None:
    guide, _ = section_of("")

    assert with_source_links("甲[^s9]乙[^s1]", guide) == "甲乙 [povo.jp](https://www.povo.jp/help)"
    assert cited_sources("甲[^s9]", guide) == ()


def test_a_traditional_chinese_reader_is_shown_converted_words_and_cited_the_written_ones(section_of: WriteSection) -> None:
    citation = cite_words("销户免费。[^s2][^s1]", section_of(BODY), Language.ZH_HANT)

    assert citation.quote == "销户免费。[^s2][^s1]"
    assert citation.display.startswith("退租免費。 [example.org]")
    assert citation.headings == ("povo", "費用")
    assert citation.language is Language.ZH_HANS


def test_links_survive_the_conversion(section_of: WriteSection) -> None:
    display = cite_words("销户免费。[^s2][^s1]", section_of(BODY), Language.ZH_HANT).display

    assert "](https://example.org/a_(b))" in display
    assert "](https://www.povo.jp/help)" in display


def test_footnote_marks_are_taken_out_and_nothing_else() -> None:
    assert without_footnotes("费用 [1] 为 0[^s1][^s22]，[见](https://a.jp)。[^a-b]") == "费用 [1] 为 0，[见](https://a.jp)。"


def test_no_gap_is_left_where_a_footnote_mark_stood_behind_a_full_width_stop() -> None:
    assert (
        without_footnotes("免费。[^s1] 在网上办。\nIt is free.[^s1] Ask.\n- 甲！[^s2]\n")
        == "免费。在网上办。\nIt is free. Ask.\n- 甲！\n"
    )


def test_a_marker_is_written_in_brackets() -> None:
    assert mark(12) == "[12]"
