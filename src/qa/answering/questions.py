"""Questions that the guides answer, as a person would ask them: one for each section of an operator's guide, in every language.

Each is understood as it stands, so it names the operator and says what it is about. zh-Hant is converted from zh-Hans where it has no words of its own.
"""

from __future__ import annotations

import re

from qa.answering.reader import for_reader
from qa.datatypes import Language

QUESTIONS: dict[str, dict[Language, str]] = {
    "online": {
        Language.ZH_HANS: "{operator} 可以在网上销户吗？",
        Language.JA: "{operator}はオンラインで解約できますか？",
        Language.EN: "Can I cancel {operator} online?",
    },
    "steps": {
        Language.ZH_HANS: "{operator} 怎么销户？",
        Language.ZH_HANT: "{operator} 退租手續怎麼辦？",  # 怎麼退租 is taken for "can it be cancelled"
        Language.JA: "{operator}の解約手順を教えてください",
        Language.EN: "How do I cancel {operator}?",
    },
    "credentials": {
        Language.ZH_HANS: "{operator} 销户要准备哪些账号和证件？",
        Language.JA: "{operator}の解約に必要な書類やログイン情報は何ですか？",
        Language.EN: "Which logins and documents do I need to cancel {operator}?",
    },
    "fees": {
        Language.ZH_HANS: "{operator} 销户要花钱吗？",
        Language.JA: "{operator}の解約にお金はかかりますか？",
        Language.EN: "What does cancelling {operator} cost?",
    },
    "final-bill": {
        Language.ZH_HANS: "{operator} 最后一个月的月租怎么算？",
        Language.JA: "{operator}の最終月の料金はどうなりますか？",
        Language.EN: "What do I pay for the last month when I cancel {operator}?",
    },
    "sim": {
        Language.ZH_HANS: "{operator} 的 SIM 卡要归还吗？",
        Language.JA: "{operator}のSIMカードは返却が必要ですか？",
        Language.EN: "Do I have to return the {operator} SIM card?",
    },
    "esim": {
        Language.ZH_HANS: "{operator} 的 eSIM 怎么处理？",
        Language.JA: "{operator}を解約したらeSIMはどうすればいいですか？",
        Language.EN: "What do I do with the eSIM when I cancel {operator}?",
    },
    "points": {
        Language.ZH_HANS: "{operator} 销户后，积分和关联服务会怎样？",
        Language.JA: "{operator}を解約するとポイントや関連サービスはどうなりますか？",
        Language.EN: "What happens to points and linked services when I cancel {operator}?",
    },
    "device": {
        Language.ZH_HANS: "{operator} 的手机分期没还完，能销户吗？",
        Language.JA: "端末の分割払いが残っていても{operator}を解約できますか？",
        Language.EN: "Can I cancel {operator} while I still owe handset instalments?",
    },
    "mnp": {
        Language.ZH_HANS: "{operator} 怎么携号转网？",
        Language.JA: "{operator}からMNPで乗り換えるにはどうすればいいですか？",
        Language.EN: "How do I port my number out of {operator}?",
    },
    "restrictions": {
        Language.ZH_HANS: "{operator} 什么情况下不能销户？",
        Language.JA: "{operator}を解約できないのはどんなときですか？",
        Language.EN: "When would {operator} refuse to cancel my line?",
    },
    "agent": {
        Language.ZH_HANS: "{operator} 销户可以请人代办吗？",
        Language.JA: "{operator}の解約は代理人でもできますか？",
        Language.EN: "Can someone else cancel {operator} on my behalf?",
    },
    "eight-day": {
        Language.ZH_HANS: "{operator} 签约 8 天内可以取消吗？",
        Language.JA: "{operator}は8日以内ならキャンセルできますか？",
        Language.EN: "Can I change my mind within 8 days of signing up with {operator}?",
    },
    "inactivity": {
        Language.ZH_HANS: "{operator} 长期不用会怎样？",
        Language.JA: "{operator}を長期間使わないとどうなりますか？",
        Language.EN: "What happens if I don't use {operator} for a long time?",
    },
    "keep-number": {
        Language.ZH_HANS: "{operator} 怎么保号最省钱？",
        Language.JA: "{operator}の番号をなるべく安く維持するにはどうすればいいですか？",
        Language.EN: "What is the cheapest way to keep my {operator} number?",
    },
    "abroad": {
        Language.ZH_HANS: "人在国外，{operator} 怎么销户？",
        Language.JA: "海外から{operator}を解約できますか？",
        Language.EN: "Can I cancel {operator} from abroad?",
    },
    "pitfalls": {
        Language.ZH_HANS: "{operator} 销户有哪些容易踩的坑？",
        Language.JA: "{operator}の解約で気をつけることは何ですか？",
        Language.EN: "What are the pitfalls when I cancel {operator}?",
    },
}
# In Chinese a space stands between a Latin name and Han characters, and nowhere else.
_NO_SPACE = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


def question_about(slug: str, operator: str, language: Language) -> str:
    """Return the question that the section slug of the guide of operator, by its name in language, answers."""
    if language in QUESTIONS[slug]:
        return _NO_SPACE.sub("", QUESTIONS[slug][language].format(operator=for_reader(operator, language.of_guides, language)))
    return for_reader(question_about(slug, operator, language.of_guides), language.of_guides, language)
