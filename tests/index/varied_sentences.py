"""Sentences as people type them and as nobody should: the same 2,400 in every run."""

from __future__ import annotations

import random

_WORDS = {
    "zh": ["销户", "povo", "手续费", "怎么办理", "我在国外", "收不到短信", "還卡", "1,078日元", "2026年3月", "，", "。", "？"],
    "ja": [
        "解約",
        "したい",
        "ドコモの",
        "eSIMを",
        "返却",
        "手続き",
        "いくらですか",
        "楽天モバイル",
        "、",
        "。",
        "「マイページ」",
    ],
    "en": [
        "cancel ",
        "my line ",
        "from abroad ",
        "don't ",
        "SoftBank's ",
        "No. 3 ",
        "e.g. ",
        "fee: 0 yen",
        ", ",
        "? ",
        "naïve ",
    ],
}
_ODDITIES = {
    "spaces": ["\t", "\n", "\r\n", "  ", "\u3000", "\xa0", "\u2003", " \n ", "\u2028"],
    "width": ["ＰＯＶＯ", "ﾄﾞｺﾓ", "ｶﾞ", "１，０７８", "｢｣", "￥", "㍿", "①", "Ⅳ", "ﬁ", "½", "㎅", "﷼", "ﷺ"],
    "marks": ["か\u3099", "は\u309a", "e\u0301", "o\u0308\u0301", "\u0300", "नमस्ते", "ก็", "Å", "\u1112\u1161\u11ab", "Ạ\u0302"],
    "zero width": ["a\u200bb", "\u200c", "\u200d", "\ufeff", "\u2060", "\xad", "\ufe0f", "\u200e解約\u200f"],
    "emoji": ["😀", "👨\u200d👩\u200d👧", "🇯🇵", "👍🏽", "1️⃣", "📱", "☎️"],
    "rare": [
        "𠮷野家",
        "鱻",
        "〆",
        "々",
        "ヶ",
        "Ǆ",
        "ß",
        "İ",
        "\ue000",
        "\U000e0041",
        "\x07",
        "\x7f",
        "\ufffd",
        "한국어",
        "العربية",
        "កម្ពុជា",
    ],
    "syntax": ["[^s1]", "**", "https://povo.jp/a?b=1&c=%e3", "▁", "<a>", "</div>", "\\n", "{#fees}", "_", "##"],
}


def varied_sentences() -> list[str]:
    """Return sentences in Chinese, Japanese and English, and mixed ones; in half of them oddities stand between the words."""
    choice = random.Random(20261122)
    words = [*_WORDS.values(), [word for language in _WORDS.values() for word in language]]
    sentences = []
    for number in range(2400):
        known = words[number % len(words)]
        odd = list(_ODDITIES.values())[number % len(_ODDITIES)]
        parts = choice.choices(known, k=choice.randint(1, 12))
        if number % 2:
            parts += [*choice.choices(odd, k=choice.randint(1, 4)), chr(choice.choice(_CODE_POINTS))]
            choice.shuffle(parts)
        sentences.append("".join(parts))
    return sentences


# Letters, signs and Han characters of every plane that has any; no surrogates.
_CODE_POINTS = [*range(0x20, 0x7F), *range(0xA0, 0xD800, 7), *range(0xE000, 0x10000, 11), *range(0x10000, 0x32000, 97)]
