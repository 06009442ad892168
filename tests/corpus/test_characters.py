from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.characters import displayed, quotable, visible

MARKER = re.compile(r"\[\s*\d+\s*\]")
PIECES = st.lists(
    st.one_of(st.sampled_from(["[", "]", "1", "٣", " ", "\\", "*", "`", "\u200b", "[^s1]", "[1]", "\n"]), st.text(max_size=3))
).map("".join)


@pytest.mark.parametrize(
    "kept",
    ["销户 0 日元", "e\u0301", "㍿", "\u3000", "a\tb\nc", "☎️ ⚠️ 1️⃣ ❤️", "\U0001f1ef\U0001f1f5", "が", "नि", "ไทย", "\ue000"],
)
def test_what_can_be_seen_stays(kept: str) -> None:
    assert visible(kept) == kept


def test_of_all_that_unicode_calls_format_or_control_only_blanks_and_what_scripts_write_with_are_left() -> None:
    left = [
        character
        for character in map(chr, range(sys.maxunicode))
        if unicodedata.category(character) in ("Cf", "Cc", "Zl", "Zp") and visible(character)
    ]
    written = re.compile("[\t\n\r\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001345f]")
    assert [f"{ord(character):04X}" for character in left if not written.fullmatch(character)] == []


def test_an_emoji_keeps_its_selector_and_loses_what_hides_behind_it() -> None:
    assert visible("☎\ufe0f\ufe0f\u200d\U000e0067\U000e007fa\ufe0f") == "☎\ufe0fa"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Free [1] too.", "Free ［1］ too."),
        ("\\[1\\] [ 2 ] [1, 2] [**1**] [`1`]", "［1］ ［ 2 ］ ［1, 2］ ［**1**］ ［`1`］"),
        ("[\u200b1] [1](https://a.example)", "［1］ ［1］(https://a.example)"),
        ("[^s1] [x] a[i] [第1步] [see 2]", "[^s1] [x] a[i] [第1步] [see 2]"),
    ],
)
def test_what_reads_like_a_marker_is_quoted_in_other_brackets(text: str, shown: str) -> None:
    assert quotable(text) == shown


@given(text=PIECES)
def test_nothing_that_is_quoted_holds_a_marker_or_what_cannot_be_seen(text: str) -> None:
    assert not MARKER.search(quotable(text))
    assert visible(quotable(text)) == quotable(text)


@given(pieces=st.lists(PIECES))
def test_pieces_that_are_displayed_make_no_marker_together(pieces: list[str]) -> None:
    assert not MARKER.search("".join(map(displayed, pieces)))
