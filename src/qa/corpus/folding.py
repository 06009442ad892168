"""Fold writing variants together, for matching only: width, case, and traditional or Japanese Han characters to simplified ones."""

from __future__ import annotations

import unicodedata
from functools import cache

_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))


@cache
def _simplified() -> dict[int, str]:
    """Return Han character → simplified, for those that differ and stay one character.

    Japanese forms go by way of the traditional ones (転 → 轉 → 转).
    """
    import opencc

    characters = [chr(code_point) for block in _HAN for code_point in block]
    traditional = opencc.OpenCC("jp2t").convert("\n".join(characters))
    simplified = opencc.OpenCC("t2s").convert(traditional).split("\n")
    return {ord(a): b for a, b in zip(characters, simplified, strict=True) if a != b and len(b) == 1}


def fold(text: str) -> str:
    """Return text in NFKC, lower case, Han characters simplified."""
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified())
