from __future__ import annotations

from string import Formatter

import pytest

from qa.answering.wording import _WORDING, say
from qa.datatypes import GUIDE_LANGUAGES, Language

VALUES = {"operator": "povo", "count": "36", "topic": "SIM", "url": "https://povo.jp/x_(简体)"}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", _WORDING)
def test_every_sentence_is_there_in_every_language_with_the_same_fields(key: str) -> None:
    assert set(_WORDING[key]) == set(GUIDE_LANGUAGES)
    assert len({frozenset(fields(sentence)) for sentence in _WORDING[key].values()}) == 1


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("key", _WORDING)
def test_a_sentence_is_said_with_its_values_as_they_are(key: str, language: Language) -> None:
    wanted = fields(_WORDING[key][language.of_guides])
    sentence = say(key, language, **{name: VALUES[name] for name in wanted})

    assert all(VALUES[name] in sentence for name in wanted)
    assert "{" not in sentence


def test_traditional_chinese_is_converted_from_simplified() -> None:
    assert say("not_covered", Language.ZH_HANT) == "指南沒有覆蓋這個問題。"
    assert say("not_covered", Language.ZH_HANS) == "指南没有覆盖这个问题。"
