"""Characters that deceive the eye: those that can't be seen or turn the direction of writing, and brackets like those of a marker."""

from __future__ import annotations

import re

# Controls but tab, line feed and carriage return; soft hyphen, joiners, zero-width and blank letters, marks that turn the direction of
# writing, tags, and whatever else Unicode's Default_Ignorable_Code_Point has. A variation selector is seen where it makes an emoji.
_EMOJI = "#*0-9\u00a9\u00ae\u203c\u2049\u2122-\u27bf\u2934-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"|(?<![{_EMOJI}])\ufe0f"
)
# What reads like the marker of a citation in an answer, also where Markdown stands between its brackets.
FORGED_MARKER = re.compile(r"\\?\[(?P<number>[\s*_`~\\]*\d[\d\s,*_`~\\-]*)\]")
# The same in rendered text, of which a piece may hold only the beginning or the end of a marker.
_MARKER_PIECE = re.compile(r"\[[\s\d,]*(?:\]|\Z)|\A[\s\d,]*\]")
_FULL_WIDTH = str.maketrans("[]", "［］")


def visible(text: str) -> str:
    """Return text as it is displayed: without characters that can't be seen or that turn the direction of writing."""
    return INVISIBLE.sub("", text)


def quotable(text: str) -> str:
    """Return Markdown of a guide as it may stand in an answer's plain text: what only looks like a marker has full-width brackets."""
    return FORGED_MARKER.sub(lambda forged: f"［{forged['number'].replace(chr(92), '')}］", visible(text))


def displayed(text: str) -> str:
    """Return a piece of a guide's rendered text as it is displayed: visible, and no part of a marker, whatever the next piece holds."""
    return _MARKER_PIECE.sub(lambda piece: piece[0].translate(_FULL_WIDTH), visible(text))
