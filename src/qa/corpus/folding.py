"""Fold writing variants together, for matching only: width, case, and traditional or Japanese Han characters to simplified ones."""

from __future__ import annotations

import unicodedata
from functools import cache

_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))


@cache
def _simplified() -> dict[int, str]:
    """Return Han character → simplified, for those that differ and stay one character.

    Forms that are only Japanese go by way of the traditional ones (転 → 轉 → 转).
    """
    import opencc

    characters = [chr(code_point) for block in _HAN for code_point in block]
    simplify = opencc.OpenCC("t2s").convert
    direct = simplify("\n".join(characters)).split("\n")
    by_traditional = simplify(opencc.OpenCC("jp2t").convert("\n".join(characters))).split("\n")
    folded = {}
    for character, simplified, other in zip(characters, direct, by_traditional, strict=True):
        best = simplified if simplified != character else other
        if best != character and len(best) == 1:
            folded[ord(character)] = best
    return {code_point: folded.get(ord(other), other) for code_point, other in folded.items()}


def fold(text: str) -> str:
    """Return text in NFKC, lower case, Han characters simplified."""
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified())
