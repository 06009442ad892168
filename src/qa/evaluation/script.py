"""Tell the language of any text by its script, for the cells of a report: finer than that is not needed there."""

from __future__ import annotations

import re

from qa.corpus.han import CHINESE, HAN, has_simplified_only, is_japanese_only, is_traditional_only, is_unsimplified
from qa.datatypes import GUIDE_LANGUAGES, Language

OTHER = "other"  # a script that no guide is written in
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa\uff66-\uff9d]")
_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
# The share of kana from which Han and kana are Japanese, and that from which they are so although some characters are written as only
# simplified Chinese writes them: Chinese texts quote Japanese names.
_JAPANESE_FROM, _JAPANESE_IN_SIMPLIFIED_FROM = 0.1, 0.5


def language_of(text: str) -> str:
    """Return zh-Hans, zh-Hant, ja, en (anything in Latin letters), or other."""
    kana, han, latin = (len(script.findall(text)) for script in (_KANA, _HAN, _LATIN))
    letters = len(_LETTER.findall(text))
    # A Latin word takes about five letters, a Han character stands for a word or half of one.
    if 3 * (kana + han) >= latin and kana + han:
        if has_simplified_only(text):
            return Language.JA if kana >= _JAPANESE_IN_SIMPLIFIED_FROM * (kana + han) else Language.ZH_HANS
        characters = _HAN.findall(text)
        is_chinese = CHINESE.search(text) or any(map(is_traditional_only, characters))
        if kana >= _JAPANESE_FROM * (kana + han) or (not is_chinese and any(map(is_japanese_only, characters))):
            return Language.JA
        return Language.ZH_HANT if any(map(is_unsimplified, characters)) else Language.ZH_HANS
    return Language.EN if latin and 2 * latin >= letters else OTHER


def as_language(label: str) -> Language | None:
    """Return the language that people ask in which label names, None where it names another."""
    return next((language for language in Language if language.value == label), None)


def guide_language(label: str) -> Language:
    """Return the language of guides under which a text of this language is stored."""
    language = as_language(label)
    return language.of_guides if language else GUIDE_LANGUAGES[-1]
