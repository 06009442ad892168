"""Questions for the chat on the project's guides, by what becomes of them."""

from __future__ import annotations

from qa.answering.reader import for_reader
from qa.datatypes import Language

_QUESTIONS = {
    "steps": {"zh-Hans": "povo 怎么在线销户？", "ja": "povoの解約方法は?", "en": "How do I cancel povo online?"},
    "follow_up": {"zh-Hans": "SIM 卡要还吗？", "ja": "SIMは返却が必要ですか？", "en": "Do I have to return the SIM card?"},
    "related": {"zh-Hans": "povo", "ja": "povo", "en": "povo"},
    "outside": {"zh-Hans": "怎么退健身房会员？", "ja": "ジムの退会方法は？", "en": "How do I cancel my gym membership?"},
    "ambiguous": {"zh-Hans": "软银怎么销户？", "ja": "ソフトバンクの解約方法は？", "en": "How do I cancel SoftBank?"},
    "comparison": {
        "zh-Hans": "哪些运营商可以全程在线销户？",
        "ja": "オンラインで解約できる会社はどこですか？",
        "en": "Which operators can be cancelled online?",
    },
}
TOO_LONG = "?" * 2001


def question(kind: str, language: Language) -> str:
    """Return the question of that kind as a reader of language would ask it."""
    return for_reader(_QUESTIONS[kind][language.of_guides], language.of_guides, language)
