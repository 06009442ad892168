from __future__ import annotations

import dataclasses
import json
from dataclasses import FrozenInstanceError, asdict, fields, replace
from typing import Any

import pytest

from qa import datatypes
from qa.datatypes import (
    GUIDE_LANGUAGES,
    Answer,
    Citation,
    Guide,
    Hit,
    Language,
    Mode,
    Outcome,
    Parts,
    Passage,
    Problem,
    Publisher,
    Section,
    SectionStatus,
    Source,
    Weights,
)

SOURCE = Source("s1", "povo.jp：解约 😀", "https://povo.jp/", Publisher.OPERATOR, None)
SECTION = Section("povo#fees", "fees", ("povo", "费用"), 10, 20, 40, SectionStatus.KNOWN, "povo", None)
UNKNOWN = Section("povo#agent", "agent", ("povo",), 40, 50, 60, SectionStatus.UNKNOWN, "povo", None)
GUIDE = Guide(
    "povo", Language.JA, "povo", "povo", None, "2026-11-22", None, (SOURCE,), (SECTION, UNKNOWN), "text", "corpus/povo.md"
)
PASSAGE = Passage("ja/povo#fees/0", "povo", "povo#fees", Language.JA, ("povo", "费用"), "0 円[^s1]", 20, 28)
HIT = Hit(PASSAGE, 0.1 + 0.2, Parts(dense=1 / 3, late=0.9))
CITATION = Citation(
    marker=1,
    guide_id="povo",
    section_id="povo#fees",
    language=Language.JA,
    headings=("povo", "费用"),
    quote="0 円[^s1]",
    display="0 円 [povo.jp](https://povo.jp/)",
    start=20,
    end=28,
    sources=(SOURCE,),
    checked="2026-11-22",
    official_url=None,
)
ANSWER = Answer(
    outcome=Outcome.ANSWERED,
    text="0 円 [1]",
    citations=(CITATION,),
    hits=(HIT,),
    confidence=2 / 3,
    follow_ups=("povo：SIM？",),
    language=Language.ZH_HANT,
    operators=("povo",),
    carried=True,
    generation="20261122T000000Z-00000000",
)
VALUES = [ANSWER, CITATION, HIT, PASSAGE, GUIDE, SECTION, SOURCE, Problem("a.md", 1, "slug", "is missing"), Weights()]


def with_lists(value: Any) -> Any:
    """Return value as JSON knows it: tuples are lists."""
    if isinstance(value, dict):
        return {key: with_lists(each) for key, each in value.items()}
    return [with_lists(each) for each in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_every_result_survives_json(value: Any, ascii_only: bool) -> None:
    assert json.loads(json.dumps(asdict(value), ensure_ascii=ascii_only)) == with_lists(asdict(value))


def test_an_answer_in_json_names_its_outcome_and_languages_as_users_write_them() -> None:
    written = json.loads(json.dumps(asdict(ANSWER)))

    assert (written["outcome"], written["language"]) == ("answered", "zh-Hant")
    assert written["citations"][0]["sources"][0]["publisher"] == "operator"
    assert written["hits"][0]["parts"] == {"dense": 1 / 3, "lexical": None, "late": 0.9, "phrasing": None}
    assert written["confidence"] == 2 / 3


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_no_result_can_be_changed(value: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0].name, "other")


def test_every_dataclass_is_frozen() -> None:
    classes = {each for each in vars(datatypes).values() if isinstance(each, type) and dataclasses.is_dataclass(each)}

    assert classes == {type(value) for value in VALUES} | {Parts}
    assert all(each.__dataclass_params__.frozen for each in classes)  # type: ignore[attr-defined]


def test_traditional_chinese_readers_are_served_by_the_simplified_guides() -> None:
    assert {language: language.of_guides for language in Language} == {
        Language.ZH_HANS: Language.ZH_HANS,
        Language.ZH_HANT: Language.ZH_HANS,
        Language.JA: Language.JA,
        Language.EN: Language.EN,
    }
    assert set(GUIDE_LANGUAGES) == {language.of_guides for language in Language}


@pytest.mark.parametrize(
    ("enumeration", "values"),
    [
        (Language, ["zh-Hans", "zh-Hant", "ja", "en"]),
        (Outcome, ["answered", "related", "not_covered"]),
        (Mode, ["hybrid", "dense", "lexical"]),
        (Publisher, ["operator", "official", "third-party"]),
        (SectionStatus, ["known", "unknown"]),
    ],
)
def test_words_that_files_and_json_hold_do_not_change(enumeration: Any, values: list[str]) -> None:
    assert [str(each) for each in enumeration] == values


def test_a_guide_finds_its_section_by_slug() -> None:
    assert GUIDE.section("fees") is SECTION
    assert GUIDE.section("nope") is None
    assert (SECTION.is_known, UNKNOWN.is_known) == (True, False)


def test_a_guide_counts_its_lines_from_1() -> None:
    guide = replace(GUIDE, text="甲\n\n乙\u2028丙\n")
    assert [guide.line(offset) for offset in range(len(guide.text) + 1)] == [1, 1, 2, 3, 3, 3, 3, 4]


def test_a_problem_is_written_so_that_editors_can_jump_to_it() -> None:
    assert str(Problem("corpus/ja/povo.md", 7, "slug", "is missing")) == "corpus/ja/povo.md:7: is missing [slug]"
