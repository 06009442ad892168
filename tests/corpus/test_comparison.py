from __future__ import annotations

from pathlib import Path

import pytest
from corpus.whole_guide import OTHER, SHARED, WHOLE, changed, lexicon, read, read_shared

from qa.corpus.check import guide_problems
from qa.corpus.comparison import comparison, write_comparisons
from qa.corpus.comparison_wording import WORDING
from qa.corpus.front_matter import Profile
from qa.corpus.hosts import Hosts
from qa.corpus.lexicon import Lexicon, parse_lexicon
from qa.corpus.search_text import FOOTNOTE
from qa.datatypes import GUIDE_LANGUAGES, Guide, Language, Publisher

each_language = pytest.mark.parametrize("language", GUIDE_LANGUAGES)
HOSTS = Hosts(operators={"povo": ("povo.jp",)})


@pytest.fixture
def guides(tmp_path: Path) -> list[Guide]:
    """Return povo's guide and the one that au and hana share."""
    return [read(tmp_path), read_shared(tmp_path)]


def compared(folder: Path, guides: list[Guide], language: Language, names: Lexicon | None = None) -> Guide:
    """Return the comparison as the guide that it is read as."""
    text = comparison(guides, lexicon() if names is None else names, language)
    return read(folder, text, name="topics/comparison", language=language)


def row_of(text: str, key: str, start: str) -> str:
    """Return the line of a column's section that begins with start."""
    section = text[text.index(f"{{#{key}}}") :]
    return next(line for line in section.split("\n") if line.startswith(start))


def section_text(guide: Guide, slug: str) -> str:
    section = guide.section(slug)
    assert section
    return guide.text[section.start : section.end]


@each_language
def test_the_comparison_is_a_guide_without_a_problem(tmp_path: Path, guides: list[Guide], language: Language) -> None:
    guide = compared(tmp_path, guides, language)
    assert (guide.title, guide.topic, guide.checked) == (WORDING[language].title, "comparison", "2026-11-22")
    assert [section.slug for section in guide.sections] == [key.replace("_", "-") for key in Profile().compared]
    found = guide_problems([*guides, guide], lexicon(), HOSTS)
    assert [problem for problem in found if problem.file == guide.path] == []


def test_the_comparisons_of_all_languages_are_in_step(tmp_path: Path, guides: list[Guide]) -> None:
    versions = [compared(tmp_path, guides, language) for language in GUIDE_LANGUAGES]
    found = guide_problems([*guides, *versions], lexicon(), HOSTS)
    assert {problem.file for problem in found} <= {guide.path for guide in guides}


@each_language
def test_every_operator_has_a_row_in_every_section_in_the_order_of_the_lexicon(
    tmp_path: Path, guides: list[Guide], language: Language
) -> None:
    guide = compared(tmp_path, guides, language)
    for section in guide.sections:
        rows = [line for line in section_text(guide, section.slug).split("\n") if line.startswith("- ")]
        assert len(rows) == 3
        assert all(row.startswith(f"- {name}") for row, name in zip(rows, ("povo", "au", "HanaCell"), strict=True))


def test_an_operator_that_the_lexicon_lacks_is_named_by_its_key_at_the_end(tmp_path: Path, guides: list[Guide]) -> None:
    names = lexicon().model_copy(update={"operators": {"hana": lexicon().operators["hana"]}})
    rows = [line[2:].partition(":")[0] for line in comparison(guides, names, Language.EN).split("\n") if line[:2] == "- "]
    assert rows == ["HanaCell", "povo", "au"] * len(Profile().compared)


def test_a_guide_that_its_readers_language_lacks_is_compared_all_the_same(tmp_path: Path) -> None:
    chinese = read(tmp_path)
    japanese = read(tmp_path, changed(WHOLE, "max_yen: 1078", "max_yen: 2200"), language=Language.JA)
    assert "2,200 yen" not in comparison([chinese, japanese], lexicon(), Language.EN)
    assert "1,078 yen" in comparison([japanese, chinese][1:], lexicon(), Language.EN)
    assert "2,200円" in comparison([chinese, japanese], lexicon(), Language.JA)
    assert "2,200" not in comparison([chinese, japanese], lexicon(), Language.ZH_HANS)


def test_operators_are_counted_and_grouped_by_their_value_a_line_for_each(guides: list[Guide]) -> None:
    lines = comparison(guides, lexicon(), Language.EN).split("\n")
    number = lines.index("Of the 3 operators in these guides, 2 can be cancelled entirely online: povo, au.")
    assert lines[number + 1] == "1 have no source that says whether it works online: HanaCell."


def test_a_row_cites_the_first_two_of_its_sources_by_operator(tmp_path: Path) -> None:
    text = changed(WHOLE, "date: 2026-03, sources: [s1]", "date: 2026-03, sources: [s2, s9, s1]")
    guide = compared(tmp_path, [read(tmp_path, text)], Language.EN)
    assert row_of(guide.text, "online", "- povo").endswith("[^povo_s2]")
    assert {source.id for source in guide.sources} == {"povo_s2"}


def test_what_is_unknown_has_neither_confidence_nor_sources(tmp_path: Path) -> None:
    guide = read(tmp_path, changed(WHOLE, "{value: full, confidence: high", "{value: unknown, confidence: low"))
    text = comparison([guide], lexicon(), Language.EN)
    assert row_of(text, "online", "- povo") == "- povo: no source says whether it works online"
    assert "1 have no source that says whether it works online: povo.\n" in text


def test_a_value_without_confidence_has_the_lowest(tmp_path: Path) -> None:
    text = comparison([read(tmp_path, changed(WHOLE, "confidence: high, ", ""))], lexicon(), Language.EN)
    assert row_of(text, "online", "- povo").startswith("- povo: entirely online (low confidence, 2026-03)")


def test_the_sources_are_those_of_the_rows_as_the_guides_have_them(tmp_path: Path, guides: list[Guide]) -> None:
    dated = read(tmp_path, changed(WHOLE, OTHER, OTHER.replace("null", "2026-03")))
    guide = compared(tmp_path, [dated, *guides[1:]], Language.JA)
    assert {source.id for source in guide.sources} == {mark["source"] for mark in FOOTNOTE.finditer(guide.text)}
    (own, *_) = guide.sources
    assert {source.id: source.date for source in guide.sources}["povo_s2"] == "2026-03"
    assert (own.id, own.title, own.url) == ("povo_s1", "povo：support.povo.jp", "https://support.povo.jp/a")
    assert (own.publisher, own.date) == (Publisher.OPERATOR, None)


def test_the_comparison_is_as_old_as_the_oldest_guide_of_an_operator(tmp_path: Path, guides: list[Guide]) -> None:
    later = read_shared(tmp_path, changed(SHARED, "checked: 2026-11-22", "checked: 2027-01-05"))
    assert compared(tmp_path, [later], Language.EN).checked == "2027-01-05"
    assert compared(tmp_path, [guides[0], later], Language.EN).checked == "2026-11-22"


def test_names_and_addresses_are_quoted_as_yaml_needs_it(tmp_path: Path, guides: list[Guide]) -> None:
    names = parse_lexicon("operators: {povo: {names: {en: 'po\"vo: #1'}}}", "lexicon.yaml")
    guide = compared(tmp_path, guides[:1], Language.EN, names)
    assert {source.title for source in guide.sources} == {'po"vo: #1: support.povo.jp', 'po"vo: #1: example.com'}


def test_an_operator_without_a_name_is_called_by_its_key(tmp_path: Path, guides: list[Guide]) -> None:
    names = parse_lexicon("operators: {povo: {aliases: [pov]}}", "lexicon.yaml")
    assert row_of(comparison(guides[:1], names, Language.EN), "online", "- povo").startswith("- povo: entirely online")


def test_where_no_operator_has_a_guide_nothing_is_written(tmp_path: Path) -> None:
    topic = read(
        tmp_path, changed(SHARED, SHARED[SHARED.index("operators:") : SHARED.index("\nsources:") + 1], ""), name="topics/others"
    )
    assert write_comparisons(tmp_path / "corpus", [topic], lexicon()) == []
