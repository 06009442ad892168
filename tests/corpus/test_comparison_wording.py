from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from corpus.whole_guide import WHOLE, lexicon, read

from qa.corpus.comparison import comparison
from qa.corpus.comparison_wording import WORDING
from qa.corpus.front_matter import Cost, Profile
from qa.datatypes import GUIDE_LANGUAGES, Guide, Language

each_language = pytest.mark.parametrize("language", GUIDE_LANGUAGES)
SURE = "confidence: high, sources: [s1]"
VALUES = [
    (key, value)
    for key, cell in Profile().compared.items()
    if not isinstance(cell, Cost)
    for value in get_args(type(cell).model_fields["value"].annotation)
]
COST_OF = {
    "free": "min_yen: 0, max_yen: 0",
    "range": "min_yen: 0, max_yen: 11000",
    "always": "min_yen: 550, max_yen: 11000",
    "fixed": "min_yen: 550, max_yen: 550",
    "open": "min_yen: 550, max_yen: null",
    "unknown": "min_yen: null, max_yen: null",
}


def guide_with(folder: Path, key: str, value: str) -> Guide:
    """Return povo's guide with this value, as YAML, and no other one."""
    without = re.sub(r"^(?:online|cost): .*\n", "", WHOLE, flags=re.MULTILINE)
    return read(folder, without.replace("sections: ", f"{key}: {value}\nsections: ", 1))


def row_of(text: str, key: str, start: str = "- povo") -> str:
    """Return the line of a column's section that begins with start."""
    section = text[text.index(f"{{#{key.replace('_', '-')}}}") :]
    return next(line for line in section.split("\n") if line.startswith(start))


@each_language
@pytest.mark.parametrize(("key", "value"), VALUES)
def test_every_value_has_its_words_in_every_language(tmp_path: Path, language: Language, key: str, value: str) -> None:
    text = comparison([guide_with(tmp_path, key, f"{{value: {value}, {SURE}}}")], lexicon(), language)
    of_several, of_one = WORDING[language].columns[key].values[value]
    assert row_of(text, key).startswith(f"- povo{'：' if language is not Language.EN else ': '}{of_one}")
    assert of_several in row_of(text, key, start=WORDING[language].columns[key].opening.format(all=1))


@each_language
def test_the_wording_has_words_for_exactly_the_values_that_there_are(language: Language) -> None:
    values = {key: {value for column, value in VALUES if column == key} for key, _ in VALUES} | {"cost": set(COST_OF)}
    assert {key: set(column.values) for key, column in WORDING[language].columns.items()} == values


@each_language
@pytest.mark.parametrize(("value", "amounts"), COST_OF.items())
def test_a_cost_is_told_by_what_is_known_of_it(tmp_path: Path, language: Language, value: str, amounts: str) -> None:
    text = comparison([guide_with(tmp_path, "cost", f"{{{amounts}, {SURE}}}")], lexicon(), language)
    column = WORDING[language].columns["cost"]
    of_several, of_one = column.values[value]
    assert of_one.format(min="0" if value == "range" else "550", max="11,000") in row_of(text, "cost")
    assert of_several in row_of(text, "cost", start=column.opening.format(all=1))


@each_language
def test_a_value_that_is_not_sure_is_marked_in_the_opening_and_in_its_row(tmp_path: Path, language: Language) -> None:
    wording = WORDING[language]
    for confidence, words in wording.confidence.items():
        value = f"{{value: full, confidence: {confidence}, sources: [s1]}}"
        text = comparison([guide_with(tmp_path, "online", value)], lexicon(), language)
        opening = row_of(text, "online", start=wording.columns["online"].opening.format(all=1))
        assert words in row_of(text, "online")
        assert (wording.unsure.format(name="povo") in opening) == (confidence == "low")


@each_language
def test_a_row_says_the_date_of_its_sources_or_that_there_is_none(tmp_path: Path, language: Language) -> None:
    value = "{value: full, confidence: high, sources: [s1]"
    dated = comparison([guide_with(tmp_path, "online", value + ", date: 2026-03}")], lexicon(), language)
    undated = comparison([guide_with(tmp_path, "online", value + "}")], lexicon(), language)
    assert "2026-03" in row_of(dated, "online")
    assert WORDING[language].undated in row_of(undated, "online")
