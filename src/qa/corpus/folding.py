"""Fold writing variants together, for matching only: width, case, and traditional or Japanese Han characters to simplified ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
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


def spans_of(names: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Return the offsets at which names stand in text, however they are written there; of overlapping ones the longest.

    Latin names and numbers stand there as whole words: au is not in because.
    """
    found: list[tuple[int, int]] = []
    folded = fold(text)
    for name in sorted({fold(name) for name in names}, key=lambda name: (-len(name), name)):
        for start in range(len(text) if name in folded else 0):
            # Folding may change lengths: ㌔ becomes two characters, the two of half-width ﾄﾞ one.
            ends = range(start + 1, min(start + 2 * len(name), len(text)) + 1)
            end = next((end for end in ends if fold(text[start:end]) == name), None)
            if end is None or _is_inside_word(text, start) or _is_inside_word(text, end):
                continue
            if all(end <= begin or last <= start for begin, last in found):
                found.append((start, end))
    return sorted(found)


def _is_inside_word(text: str, at: int) -> bool:
    """Whether a Latin word or number goes on from before the offset at to behind it."""
    return bool(re.fullmatch("[a-z0-9]{2}", fold(text[max(at - 1, 0) : at])[-1:] + fold(text[at : at + 1])[:1]))


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return text with a space in place of each of spans, ascending."""
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return text


def fold(text: str) -> str:
    """Return text in NFKC, lower case, Han characters simplified."""
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified())
