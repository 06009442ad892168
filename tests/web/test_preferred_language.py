from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.datatypes import Language
from qa.web.languages import preferred_language

HANS, HANT, JA, EN = Language.ZH_HANS, Language.ZH_HANT, Language.JA, Language.EN


@pytest.mark.parametrize("language", Language)
def test_the_remembered_language_goes_before_the_browsers(language: Language) -> None:
    other = "ja" if language is EN else "en"
    assert preferred_language(language.value, other) is language


@pytest.mark.parametrize("cookie", ["", "fr", "zh", "EN", "zh-Hans ", "<script>", "en; ja"])
def test_a_cookie_that_names_no_page_is_passed_over(cookie: str) -> None:
    assert preferred_language(cookie, "ja") is JA


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh", HANS),
        ("zh-CN", HANS),
        ("zh-SG", HANS),
        ("zh-MY", HANS),
        ("zh-Hans", HANS),
        ("zh-Hans-HK", HANS),
        ("zh-Hans-CN", HANS),
        ("zh-HK", HANT),
        ("zh-TW", HANT),
        ("zh-MO", HANT),
        ("zh-Hant", HANT),
        ("zh-Hant-TW", HANT),
        ("zh-Hant-HK", HANT),
        ("yue-HK", HANT),
        ("ZH-hk", HANT),
        ("ja", JA),
        ("ja-JP", JA),
        ("en", EN),
        ("en-GB", EN),
        ("en-US", EN),
        ("fr", HANS),
        ("jav", HANS),
        ("", HANS),
        ("*", HANS),
    ],
)
def test_a_browsers_language_leads_to_the_page_in_it(tag: str, expected: Language) -> None:
    assert preferred_language("", tag) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", EN),
        ("en;q=0.5,ja;q=0.9", JA),
        ("en;q=0.5,ja", JA),
        ("ja;q=0.8,en;q=0.8", JA),
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", HANT),
        ("zh-CN,zh;q=0.9,en;q=0.8", HANS),
        ("fr,de", HANS),
        ("en;q=x,ja;q=0.1", JA),
        (",,,en", EN),
        ("  ja  ", JA),
    ],
)
def test_the_heaviest_language_with_a_page_counts_and_the_first_of_equals(header: str, expected: Language) -> None:
    assert preferred_language("", header) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [("en; q=0.5, ja; q=0.9", JA), ("zh-TW; q=0.9, fr", HANT), ("ja;Q=0.5,en;Q=0.9", EN), ("ja;q=0.5\t,\ten ; q=0.9", EN)],
)
def test_blanks_and_capitals_around_a_weight_are_as_good(header: str, expected: Language) -> None:
    assert preferred_language("", header) is expected


def test_a_language_of_weight_zero_is_one_that_the_reader_does_not_want() -> None:
    assert preferred_language("", "fr,ja;q=0") is HANS


_PIECES = st.sampled_from(
    ["zh", "-", "HK", "ja", "en", ";", "q=", "0.5", ",", " ", "*", "nan", "inf", "-1", "1e999", "\x00", "é"]
)


@settings(deadline=None)
@given(cookie=st.text(), header=st.one_of(st.text(), st.lists(_PIECES).map("".join)))
def test_no_header_however_malformed_is_an_error(cookie: str, header: str) -> None:
    assert preferred_language(cookie, header) in Language
