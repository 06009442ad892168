"""Tell which language a question is asked in."""

from __future__ import annotations

import re

from qa.corpus.folding import spans_of, without
from qa.corpus.han import CHINESE, HAN, has_simplified_only, is_traditional_only, is_unsimplified
from qa.datatypes import Language

_HIRAGANA = re.compile("[\u3041-\u309f]")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d]")
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = 3  # words
# Words that are the same in every language.
_NEUTRAL = frozenset({"sim", "esim", "mnp", "app", "sms", "pin", "id", "apn", "wifi", "web", "ok"})


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
    if len(latin) >= _SENTENCE and len(han) <= 2 * len(latin) and not CHINESE.search(text):
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
    is_chinese = bool(CHINESE.search(text))
    has_unsimplified = any(is_unsimplified(character) for character in han)
    if has_simplified_only(text):
        return Language.ZH_HANS
    if any(is_traditional_only(character) for character in han) or (is_chinese and has_unsimplified):
        return Language.ZH_HANT
    if has_unsimplified:  # written so in Japan and in Taiwan alike
        return hint if hint in (Language.JA, Language.ZH_HANT) else Language.JA
    if is_chinese:
        return Language.ZH_HANT if hint is Language.ZH_HANT else Language.ZH_HANS
    return Language.JA if _KATAKANA.search(text) else hint or Language.ZH_HANS


def _without(question: str, names: tuple[str, ...]) -> str:
    """Return question without names, however they are written."""
    return without(question, spans_of(names, question))
