"""Every text of the pages in four languages: wording/*.yaml, one file a view. zh-Hant is converted from zh-Hans."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

from qa.answering.reader import for_reader
from qa.datatypes import GUIDE_LANGUAGES, Language

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGE_NAMES = {
    Language.ZH_HANS: "简体中文",
    Language.ZH_HANT: "繁體中文",
    Language.JA: "日本語",
    Language.EN: "English",
}


@cache
def text(key: str, language: Language) -> str:
    """Return the text key in language; KeyError for an unknown key."""
    return for_reader(_texts()[key][language.of_guides], language.of_guides, language)


def keys() -> tuple[str, ...]:
    """Return the keys of all texts."""
    return tuple(_texts())


@cache
def _texts() -> Mapping[str, Mapping[Language, str]]:
    texts: dict[str, dict[Language, str]] = {}
    for file in sorted((files(__package__) / "wording").iterdir(), key=lambda file: file.name):
        for key, written in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader).items():
            if key in texts:
                raise ValueError(f"{file.name}: the text '{key}' stands in another file too")
            texts[key] = {language: written[language] for language in GUIDE_LANGUAGES}
    return texts
