"""What is asked for the pictures. Apart from the states, since the chat that can't answer reads it too, from wherever it is started."""

from __future__ import annotations

from qa.answering.reader import for_reader
from qa.datatypes import Language

# Questions by what becomes of them; zh-Hant is converted from zh-Hans.
QUESTIONS = {
    "steps": {"zh-Hans": "povo 怎么在线销户？", "ja": "povoの解約方法は？", "en": "How do I cancel povo online?"},
    "fees": {"zh-Hans": "要多少钱？", "ja": "お金はかかりますか？", "en": "What does it cost?"},
    "several": {
        "zh-Hans": "人在国外，怎么注销 docomo？",
        "ja": "povoの解約にいくらかかる？SIMは返却？",
        "en": "How do I cancel povo from abroad?",
    },
    "related": {
        "zh-Hans": "povo 靠谱吗？",
        "ja": "ラインモから乗り換え 電話しないとだめ?",
        "en": "Is povo good?",
    },
    "outside": {"zh-Hans": "怎么退健身房会员？", "ja": "ジムの退会方法は？", "en": "How do I cancel my gym membership?"},
    "unknown": {
        "zh-Hans": "y.u mobile 能请别人代办销户吗？",
        "ja": "y.u mobileは代理人が解約できますか？",
        "en": "Can somebody else cancel my y.u mobile line for me?",
    },
    "no_guide": {"zh-Hans": "FREETEL 怎么销户？", "ja": "FREETELの解約方法は？", "en": "How do I cancel FREETEL?"},
    "ambiguous": {"zh-Hans": "ahmo 怎么销户？", "ja": "ソフトバンクの解約方法は？", "en": "How do I cancel ahmo?"},
    "typed": {
        "zh-Hans": "我的卡已经停了两个月，人在上海，还能在网上销户吗？邮箱也登不上了",
        "ja": "もう日本にいません。二か月前から使っていない回線を、ネットで解約できますか？",
        "en": "I left Japan two months ago and my line still bills me. Can I cancel it from here?",
    },
}


def question(kind: str, language: Language) -> str:
    """Return the question of that kind as a reader of language would ask it."""
    return for_reader(QUESTIONS[kind][language.of_guides], language.of_guides, language)
