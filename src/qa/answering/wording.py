"""The sentences that an answer says in its own words, in every language. zh-Hant is converted from zh-Hans."""

from __future__ import annotations

from qa.answering.reader import for_reader
from qa.datatypes import Language

_WORDING: dict[str, dict[Language, str]] = {
    "related": {
        Language.ZH_HANS: "指南里没有找到直接的回答。下面是最接近的段落，不一定能回答你的问题：",
        Language.JA: "直接の答えはガイドに見つかりませんでした。もっとも近い箇所を示しますが、答えになっていない場合があります。",
        Language.EN: "The guides hold no direct answer. These are the closest passages; they may not answer your question:",
    },
    "not_covered": {
        Language.ZH_HANS: "指南没有覆盖这个问题。",
        Language.JA: "この質問はガイドの対象外です。",
        Language.EN: "The guides don't cover this.",
    },
    "covered": {
        Language.ZH_HANS: "这里能查的是日本手机号的销户：能否在线办理、步骤、费用、最后一个月、SIM 卡、携号转网、保号、人在国外怎么办。共有 {count} 家运营商的资料。",
        Language.JA: "調べられるのは日本の携帯回線の解約です（オンライン可否、手順、費用、最終月、SIM、MNP、番号の維持、海外からの手続き）。{count}社の資料があります。",
        Language.EN: "They cover cancelling Japanese mobile lines: whether it can be done online, steps, cost, the last month, the SIM card, porting, keeping the number, and doing it from abroad. They hold facts on {count} operators.",
    },
    "no_guide": {
        Language.ZH_HANS: "指南里还没有 {operator} 的资料，不能用别家的规定来回答。",
        Language.JA: "{operator}のガイドはまだありません。他社の規定で答えることはできません。",
        Language.EN: "There is no guide for {operator} yet, and another operator's rules would be no answer.",
    },
    "unknown_section": {
        Language.ZH_HANS: "指南目前没有 {operator} 关于“{topic}”的资料。",
        Language.JA: "{operator}の「{topic}」については、ガイドにまだ資料がありません。",
        Language.EN: "The guides have no facts yet on {operator} and “{topic}”.",
    },
    "official": {
        Language.ZH_HANS: "请以 {operator} 官方页面为准：{url}",
        Language.JA: "{operator}の公式ページで確認してください：{url}",
        Language.EN: "See {operator}'s own page: {url}",
    },
    "overview": {
        Language.ZH_HANS: "下面是 {operator} 的概况。想知道什么，可以接着问。",
        Language.JA: "{operator}の概要です。知りたいことを続けて質問してください。",
        Language.EN: "Here is the overview of {operator}. Ask for anything more you would like to know.",
    },
}


def say(key: str, language: Language, **values: str) -> str:
    """Return the sentence key in language, filled with values (in the language of the guides)."""
    sentence = for_reader(_WORDING[key][language.of_guides], language.of_guides, language)
    read = {key: value if key == "url" else for_reader(value, language.of_guides, language) for key, value in values.items()}
    return sentence.format(**read)
