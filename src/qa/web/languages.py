"""Which language a page is in, and where each page lies."""

from __future__ import annotations

import re
from urllib.parse import quote

from qa.datatypes import Language

COOKIE = "kaiyaku-language"
_ACCEPTED = re.compile(r"(?P<tag>[a-z0-9-]+)\s*(?:;\s*q\s*=\s*(?P<weight>\d(?:\.\d*)?))?")


def chat_path(language: Language, question: str = "") -> str:
    """Return the address of the chat in language, which asks question when it is opened."""
    return f"/{language}/" + (f"?q={quote(question, safe='')}" if question else "")


def browse_path(language: Language) -> str:
    """Return the address of the list of operators in language."""
    return f"/{language}/operators"


def guide_path(language: Language, guide_id: str, slug: str = "") -> str:
    """Return the address of a guide for readers of language, at the section slug."""
    return f"/{language}/guides/{guide_id}" + (f"#{slug}" if slug else "")


def preferred_language(cookie: str, accept_language: str) -> Language:
    """Return the language of the page: the remembered one, else the browser's first that there is a page in, else zh-Hans."""
    if cookie in tuple(Language):
        return Language(cookie)
    weighted = []
    for number, entry in enumerate(accept_language.split(",")):
        if found := _ACCEPTED.fullmatch(entry.strip().lower()):
            weight = float(found["weight"] or 1)
            weighted.append((-weight, number, found["tag"]))
    for weight, _, tag in sorted(weighted):
        if weight < 0 and (language := _page_language(tag)):
            return language
    return Language.ZH_HANS


def _page_language(tag: str) -> Language | None:
    """Return the page for a language tag, None where there is none: zh-HK is zh-Hant, zh-SG zh-Hans."""
    parts = tag.split("-")
    if parts[0] in ("zh", "yue"):
        traditional = {"hant", "tw", "hk", "mo"}.intersection(parts[1:]) and "hans" not in parts
        return Language.ZH_HANT if traditional else Language.ZH_HANS
    return {"ja": Language.JA, "en": Language.EN}.get(parts[0])
