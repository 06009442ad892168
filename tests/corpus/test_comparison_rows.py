from __future__ import annotations

from pathlib import Path

import pytest
from corpus.whole_guide import SHARED, WHOLE, changed, lexicon, read, read_shared

from qa.corpus.comparison import comparison
from qa.corpus.comparison_rows import Row, is_unsure, rows_of, tell, value_of
from qa.corpus.comparison_wording import WORDING
from qa.corpus.front_matter import Cost, Online
from qa.datatypes import GUIDE_LANGUAGES, Language


def rows(folder: Path) -> dict[str, Row]:
    """Return the rows of povo's guide and of the one that au and hana share."""
    return {row.operator: row for row in rows_of([read(folder), read_shared(folder)], lexicon(), Language.EN)}


@pytest.mark.parametrize(
    ("key", "slug"),
    [
        ("online", "online"),
        ("cost", "fees"),
        ("last_month", "final-bill"),
        ("sim", "sim"),
        ("abroad", "abroad"),
        ("status", "overview"),
    ],
)
def test_what_is_compared_is_told_in_the_section_of_the_operators_guide_about_it(tmp_path: Path, key: str, slug: str) -> None:
    section = rows(tmp_path)["povo"].section(key)
    assert section
    assert section.section_id == f"povo#{slug}"


@pytest.mark.parametrize("key", ["online", "cost", "status"])
def test_of_operators_that_share_a_guide_each_has_one_section_for_everything(tmp_path: Path, key: str) -> None:
    section = rows(tmp_path)["hana"].section(key)
    assert section
    assert (section.slug, section.operator) == ("hana", "hana")


def test_a_section_that_the_guide_lacks_is_none(tmp_path: Path) -> None:
    text = WHOLE[: WHOLE.index("## 题 {#online}")].replace("sections: [{slug: sim, status: unknown}]\n", "")
    (row,) = rows_of([read(tmp_path, text)], lexicon(), Language.EN)
    assert row.section("cost") is None


@pytest.mark.parametrize(
    ("cost", "value"),
    [
        (Cost(), "unknown"),
        (Cost(min_yen=0), "open"),
        (Cost(min_yen=0, max_yen=0), "free"),
        (Cost(min_yen=0, max_yen=9), "range"),
        (Cost(min_yen=9, max_yen=9), "fixed"),
        (Cost(min_yen=1, max_yen=9), "always"),
    ],
)
def test_a_cost_is_told_by_its_bounds(cost: Cost, value: str) -> None:
    assert value_of(cost) == value


def test_a_cost_is_told_with_its_numbers_confidence_and_date() -> None:
    wording = WORDING[Language.EN]
    told = tell(Cost(min_yen=550, max_yen=1078, confidence="high", date="2026-03"), wording.columns["cost"], wording)
    assert (told.value, told.confidence, told.date) == (
        "550 to 1,078 yen",
        "high confidence",
        "2026-03",
    )


@pytest.mark.parametrize("language", GUIDE_LANGUAGES)
def test_what_is_unknown_is_said_without_confidence_and_date(language: Language) -> None:
    wording = WORDING[language]
    told = tell(Online(value="unknown", confidence="high", date="2026-03"), wording.columns["online"], wording)
    assert told.value == wording.columns["online"].values["unknown"][1]
    assert (told.confidence, told.date) == ("", "")


@pytest.mark.parametrize(
    ("cell", "unsure"),
    [
        (Online(value="full", confidence="low"), True),
        (Online(value="full"), True),
        (Online(value="full", confidence="medium"), False),
        (Online(value="unknown", confidence="low"), False),
    ],
)
def test_a_value_of_low_or_no_confidence_is_unsure(cell: Online, unsure: bool) -> None:
    assert is_unsure(cell) is unsure


@pytest.mark.parametrize("language", GUIDE_LANGUAGES)
def test_the_comparison_says_of_each_operator_what_its_row_says(tmp_path: Path, language: Language) -> None:
    guides = [
        read(tmp_path, changed(WHOLE, "confidence: high, date", "confidence: medium, date")),
        read_shared(tmp_path, SHARED),
    ]
    text, wording = comparison(guides, lexicon(), language), WORDING[language]
    for row in rows_of(guides, lexicon(), language):
        for key, cell in row.profile.compared.items():
            told = tell(cell, wording.columns[key], wording)
            line = wording.row if cell.is_known else wording.unknown
            assert line.format(name=row.name, value=told.value, confidence=told.confidence, date=told.date) in text
