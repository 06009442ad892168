"""What the reader of a language is shown: traditional Chinese is converted from simplified, in the words of Taiwan.

OpenCC knows the characters and the words of computing. `taiwan.tsv` adds those of telephony, and those that OpenCC takes for computing
where they are not (注销 is no logout). Japanese words are left alone: they have to be found on a Japanese screen.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from qa.corpus.han import CHINESE, HAN, converter, has_simplified_only, is_japanese_only, is_unsimplified
from qa.datatypes import Language

VOCABULARY = "taiwan.tsv"
_KANA = "\u3041-\u309f\u30a1-\u30ff"
_HAS_KANA = re.compile(f"[{_KANA}]")
_QUOTED = "(?<=「)(?P<quoted>[^「」\0]+)(?=」)"  # quotation marks that the guides keep for what a Japanese screen says
_WORDS = re.compile(f"{_QUOTED}|[{HAN}{_KANA}A-Za-z0-9]+")


def for_reader(text: str, written: Language, reader: Language) -> str:
    """Return text, written in one language, for a reader of another: zh-Hans becomes zh-Hant, everything else stays."""
    if written is Language.ZH_HANS and reader is Language.ZH_HANT:
        return _WORDS.sub(_for_taiwan, text)
    return text


def _for_taiwan(words: re.Match[str]) -> str:
    if _is_japanese(words[0], is_quoted=bool(words["quoted"])):
        return words[0]
    known, vocabulary = _vocabulary()
    return "".join(vocabulary.get(part) or str(converter("s2twp").convert(part)) for part in known.split(words[0]))


def _is_japanese(words: str, *, is_quoted: bool) -> bool:
    """Whether words of a text in simplified Chinese are Japanese: 暗証番号 has a character that simplified Chinese doesn't."""
    if has_simplified_only(words) or (not is_quoted and CHINESE.search(words)):
        return False
    return is_quoted or bool(_HAS_KANA.search(words)) or any(is_unsimplified(each) or is_japanese_only(each) for each in words)


@cache
def _vocabulary() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the words of `VOCABULARY`, as a pattern that cuts them out of a text, and what each becomes."""
    lines = (files(__package__) / VOCABULARY).read_text("utf-8").splitlines()
    vocabulary = dict(csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    longest_first = sorted(vocabulary, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})"), vocabulary
