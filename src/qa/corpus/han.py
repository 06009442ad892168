"""How Han characters are written: simplified, traditional, or as in Japan."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Words of Chinese grammar; written Japanese without kana does without them.
CHINESE = re.compile("[的是嗎吗麼么這这怎沒没了我你他她要在能會会有什哪還还給给讓让被把嘛呢吧]|可以|不用|不能|如何|多少")
_OPENCC_LACKS = "携届"  # Japanese forms of traditional characters that its table hasn't
HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff"  # for a character class of a regular expression


def has_simplified_only(text: str) -> bool:
    """Whether text has a character that only simplified Chinese writes so (销): neither Japanese (国) nor, in its word, traditional (划算)."""
    traditional = converter("s2t").convert(text.replace("\0", " "))
    pairs = zip(text, traditional, strict=False) if len(traditional) == len(text) else ()
    return any(theirs != ours and not _is_japanese_form(ours, theirs) for ours, theirs in pairs)


def simplified(text: str) -> str:
    """Return text in simplified characters, its words unchanged."""
    return str(converter("t2s").convert(text.replace("\0", " ")))


@cache
def is_unsimplified(character: str) -> bool:
    """Whether simplified Chinese writes character otherwise (約)."""
    return _convert("t2s", character) != character and _convert("s2t", character) == character


@cache
def is_japanese_only(character: str) -> bool:
    """Whether neither simplified nor traditional Chinese writes character so (転)."""
    return _convert("jp2t", character) != character and _convert("s2t", character) == character


def is_traditional_only(character: str) -> bool:
    """Whether neither simplified Chinese nor Japanese writes character so (號)."""
    return is_unsimplified(character) and _convert("t2jp", character) != character


@cache
def converter(configuration: str) -> Any:
    """Return OpenCC's converter of that name. It stops at a NUL."""
    import opencc

    return opencc.OpenCC(configuration)


@cache
def _is_japanese_form(character: str, traditional: str) -> bool:
    return _convert("t2jp", traditional) == character or character in _OPENCC_LACKS


@cache
def _convert(configuration: str, text: str) -> str:
    return str(converter(configuration).convert(text))
