from __future__ import annotations

from html import unescape
from itertools import combinations
from string import Formatter

import pytest

from qa.datatypes import GUIDE_LANGUAGES, Language, Outcome, Publisher
from qa.feedback.entry import Verdict
from qa.web.texts import LANGUAGE_NAMES, keys, text


def placeholders(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name is not None)


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("language", Language)
def test_every_text_exists_in_every_language(key: str, language: Language) -> None:
    assert text(key, language).strip()


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize(("one", "other"), list(combinations(GUIDE_LANGUAGES, 2)))
def test_no_text_is_left_untranslated(key: str, one: Language, other: Language) -> None:
    assert text(key, one) != text(key, other)


@pytest.mark.parametrize("key", keys())
def test_a_text_has_the_same_placeholders_in_every_language(key: str) -> None:
    assert {tuple(placeholders(text(key, language))) for language in Language} == {
        tuple(placeholders(text(key, Language.ZH_HANS)))
    }


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("language", Language)
def test_every_text_reads_the_same_as_html(key: str, language: Language) -> None:
    shown = text(key, language)
    assert unescape(shown) == shown
    assert not {"<", ">"} & set(shown)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("not_covered", "指南沒有覆蓋"), ("undated", "頁面無日期"), ("page_dated", "頁面日期 {date}")],
)
def test_traditional_texts_are_converted_from_simplified_ones(key: str, expected: str) -> None:
    assert text(key, Language.ZH_HANT) == expected


@pytest.mark.parametrize("key", [*Outcome, *Publisher, *(f"feedback_{verdict}" for verdict in Verdict)])
def test_every_outcome_every_kind_of_source_and_all_that_can_be_said_of_an_answer_has_a_text(key: str) -> None:
    assert key in keys()


@pytest.mark.parametrize("language", Language)
def test_examples_are_several_questions_none_of_them_empty(language: Language) -> None:
    examples = text("examples", language).split("|")
    assert len(examples) == len(text("examples", Language.EN).split("|"))
    assert all(example.strip() == example != "" for example in examples)


def test_every_language_is_named_in_itself() -> None:
    assert {Language.ZH_HANS: "简体中文", Language.ZH_HANT: "繁體中文", Language.JA: "日本語", Language.EN: "English"} == (
        LANGUAGE_NAMES
    )


def test_an_unknown_key_is_an_error_not_an_empty_text() -> None:
    with pytest.raises(KeyError):
        text("no such text", Language.EN)
