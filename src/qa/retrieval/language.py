"""Tell which language a question is asked in."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from qa.corpus.folding import fold
from qa.datatypes import Language

_HIRAGANA = re.compile("[\u3041-\u309f]")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d]")
_HAN = re.compile("[\u3005\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = 3  # words
# Words that are the same in every language.
_NEUTRAL = frozenset({"sim", "esim", "mnp", "app", "sms", "pin", "id", "apn", "wifi", "web", "ok"})
# Words of Chinese grammar; written Japanese without kana does without them.
_CHINESE = re.compile("[的是嗎吗麼么這这怎沒没了我你他她要在能會会有什哪還还給给讓让被把嘛呢吧]|可以|不用|不能|如何|多少")


def detect_language(question: str, names: tuple[str, ...] = (), hint: Language | None = None) -> Language:
    """Return the language of question.

    Args:
        question: What was asked.
        names: Parts of it that say nothing of its language, like an operator's name.
        hint: The language of the page; decides where the question leaves it open.
    """
    text = _without(question, names)
    if _HIRAGANA.search(text):
        return Language.JA
    latin = [word for word in _LATIN_WORD.findall(text) if word.lower() not in _NEUTRAL]
    han = _HAN.findall(text)
    if len(latin) >= _SENTENCE and len(han) <= 2 * len(latin) and not _CHINESE.search(text):
        return Language.EN  # an English sentence about a foreign word
    if han:
        return _language_of_han(text, han, hint)
    if _KATAKANA.search(text):
        return Language.JA
    if latin:
        return Language.EN
    return hint or Language.ZH_HANS


def _language_of_han(text: str, han: list[str], hint: Language | None) -> Language:
    """Return the language of a text without hiragana by how its Han characters are written."""
    is_chinese = bool(_CHINESE.search(text))
    is_unsimplified = any(_is_unsimplified(character) for character in han)
    if _has_simplified_only(text):
        return Language.ZH_HANS
    if any(_is_traditional_only(character) for character in han) or (is_chinese and is_unsimplified):
        return Language.ZH_HANT
    if is_unsimplified:  # written so in Japan and in Taiwan alike
        return hint if hint in (Language.JA, Language.ZH_HANT) else Language.JA
    if is_chinese:
        return Language.ZH_HANT if hint is Language.ZH_HANT else Language.ZH_HANS
    return Language.JA if _KATAKANA.search(text) else hint or Language.ZH_HANS


def _without(question: str, names: tuple[str, ...]) -> str:
    """Return question without names, however they are written."""
    text = question
    for name in sorted({fold(name) for name in names}, key=len, reverse=True):
        start = 0
        while start < len(text):
            # Folding may change lengths: a full-width letter is one character, ㌔ is two.
            end = next((end for end in range(start + 1, start + len(name) + 1) if fold(text[start:end]) == name), None)
            if end is not None:
                text = f"{text[:start]} {text[end:]}"
            start += 1
    return text


@cache
def _convert(configuration: str, text: str) -> str:
    return str(_converter(configuration).convert(text))


@cache
def _converter(configuration: str) -> Any:
    import opencc

    return opencc.OpenCC(configuration)


def _has_simplified_only(text: str) -> bool:
    """Whether text has a character that only simplified Chinese writes so (销): neither Japanese (国) nor, in its word, traditional (划算)."""
    traditional = _converter("s2t").convert(text.replace("\0", " "))
    pairs = zip(text, traditional, strict=False) if len(traditional) == len(text) else ()
    return any(theirs != ours and _convert("t2jp", theirs) != ours for ours, theirs in pairs)


def _is_unsimplified(character: str) -> bool:
    """Whether simplified Chinese writes it otherwise (約)."""
    return _convert("t2s", character) != character and _convert("s2t", character) == character


def _is_traditional_only(character: str) -> bool:
    """Whether neither simplified Chinese nor Japanese writes it so (號)."""
    return _is_unsimplified(character) and _convert("t2jp", character) != character
