"""The words of the generated comparison, per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.datatypes import Language


@dataclass(frozen=True)
class Column:
    """One section. values has, in the order in which they are told, the words for a value: of several operators, and of one."""

    heading: str
    opening: str
    values: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Wording:
    """Everything that the comparison says in one language."""

    title: str
    source: str
    comma: str
    stop: str
    group: str
    unsure: str
    legend: str
    row: str
    unknown: str
    undated: str
    confidence: Mapping[str, str]
    columns: Mapping[str, Column]


_ZH = Wording(
    title="各运营商比较：在线销户、费用、最后一个月、SIM 卡、人在国外",
    source="{name}：{host}",
    comma="、",
    stop="。",
    group="{what}的有 {count} 家：{names}",
    unsure="{name}（可信度低）",
    legend="下面逐家列出，括号里是可信度和这一结论截至的日期。",
    row="- {name}：{value}（{confidence}，{date}）",
    unknown="- {name}：{value}",
    undated="资料无日期",
    confidence={"high": "可信度高", "medium": "可信度中", "low": "可信度低"},
    columns={
        "online": Column(
            "哪些运营商可以在线销户，哪些不能",
            "本指南收录的 {all} 家里，",
            {
                "full": ("可以全程在线销户", "可以全程在线销户"),
                "partial": ("只能部分在线办理", "只能部分在线办理"),
                "none": ("不能在线销户", "不能在线销户"),
                "unknown": ("资料没有写明能否在线销户", "能否在线销户，资料没有写明"),
            },
        ),
        "cost": Column(
            "各运营商销户要多少钱：哪些不收违约金，哪些会收",
            "以现在签约的普通语音线路计，{all} 家里，",
            {
                "free": ("销户费用为 0 日元", "0 日元"),
                "range": ("视情况要收违约金", "{min} 至 {max} 日元，视情况"),
                "fixed": ("要收费", "{min} 日元"),
                "always": ("无论何时都要收费", "{min} 至 {max} 日元"),
                "open": ("最低金额已知、上限不明", "最低 {min} 日元，上限资料没有写明"),
                "unknown": ("资料没有写明销户费用", "资料没有写明"),
            },
        ),
        "last_month": Column(
            "最后一个月的月租怎么收：哪些按天折算，哪些收整月",
            "{all} 家里，",
            {
                "prorated": ("最后一个月按天折算", "按天折算"),
                "full": ("最后一个月收整月", "收整月，不折算"),
                "depends": ("视套餐或日期而定", "视套餐或日期而定"),
                "unknown": ("资料没有写明最后一个月怎么收", "资料没有写明"),
            },
        ),
        "sim": Column(
            "哪些运营商销户后要退还 SIM 卡，哪些可以自己处理",
            "{all} 家里，",
            {
                "return required": ("要求退还 SIM 卡", "要退还"),
                "discard allowed": ("可以自己剪碎处理", "可以自己处理"),
                "not required": ("不要求退还 SIM 卡", "不要求退还"),
                "unknown": ("资料没有写明 SIM 卡要不要退还", "资料没有写明"),
            },
        ),
        "abroad": Column(
            "人在国外，哪些运营商可以销户",
            "{all} 家里，",
            {
                "possible": ("在国外可以销户", "可以"),
                "possible-with-conditions": ("在国外有条件地可以销户（例如要能登录或收验证码）", "有条件地可以"),
                "not-possible": ("在国外不能销户", "不能"),
                "unknown": ("资料没有写明在国外能否销户", "资料没有写明"),
            },
        ),
        "status": Column(
            "哪些运营商还接受新用户，哪些已停止",
            "{all} 家里，",
            {
                "accepting": ("还接受新用户", "还接受新用户"),
                "closed": ("已停止接受新用户", "已停止接受新用户"),
                "unknown": ("资料没有写明是否还接受新用户", "资料没有写明"),
            },
        ),
    },
)
_JA = Wording(
    title="各社の比較：オンライン解約、費用、最終月、SIMカード、海外から",
    source="{name}：{host}",
    comma="、",
    stop="。",
    group="{what}のは{count}社：{names}",
    unsure="{name}（信頼度 低）",
    legend="以下は会社ごとの一覧で、かっこ内は信頼度といつ時点の情報かです。",
    row="- {name}：{value}（{confidence}、{date}）",
    unknown="- {name}：{value}",
    undated="資料に日付なし",
    confidence={"high": "信頼度 高", "medium": "信頼度 中", "low": "信頼度 低"},
    columns={
        "online": Column(
            "オンラインで解約できる会社、できない会社",
            "このガイドにある{all}社のうち、",
            {
                "full": ("最後までオンラインで解約できる", "最後までオンラインで解約できる"),
                "partial": ("一部だけオンラインでできる", "一部だけオンラインでできる"),
                "none": ("オンラインでは解約できない", "オンラインでは解約できない"),
                "unknown": ("オンラインで解約できるか資料にない", "オンラインで解約できるか資料にない"),
            },
        ),
        "cost": Column(
            "解約にいくらかかるか：解約金がかからない会社、かかる会社",
            "いま契約する普通の音声回線について、{all}社のうち、",
            {
                "free": ("解約の費用が0円な", "0円"),
                "range": ("場合によって解約金がかかる", "場合により{min}円から{max}円"),
                "fixed": ("費用がかかる", "{min}円"),
                "always": ("いつも費用がかかる", "{min}円から{max}円"),
                "open": ("最低額だけがわかる", "{min}円から、上限は資料にない"),
                "unknown": ("解約の費用が資料にない", "資料にない"),
            },
        ),
        "last_month": Column(
            "最後の月の料金：日割りになる会社、満額の会社",
            "{all}社のうち、",
            {
                "prorated": ("最後の月が日割りになる", "日割り"),
                "full": ("最後の月も満額かかる", "満額、日割りなし"),
                "depends": ("プランや日によって変わる", "プランや日による"),
                "unknown": ("最後の月の料金が資料にない", "資料にない"),
            },
        ),
        "sim": Column(
            "解約後にSIMカードの返却が必要な会社、自分で処分できる会社",
            "{all}社のうち、",
            {
                "return required": ("SIMカードの返却が必要な", "返却が必要"),
                "discard allowed": ("自分で処分してよい", "自分で処分してよい"),
                "not required": ("返却を求めない", "返却不要"),
                "unknown": ("SIMカードの返却が必要か資料にない", "資料にない"),
            },
        ),
        "abroad": Column(
            "海外から解約できる会社",
            "{all}社のうち、",
            {
                "possible": ("海外から解約できる", "できる"),
                "possible-with-conditions": (
                    "条件つきで海外から解約できる（ログインや認証コードの受信など）",
                    "条件つきでできる",
                ),
                "not-possible": ("海外から解約できない", "できない"),
                "unknown": ("海外から解約できるか資料にない", "資料にない"),
            },
        ),
        "status": Column(
            "新規契約を受け付けている会社、終了した会社",
            "{all}社のうち、",
            {
                "accepting": ("新規契約を受け付けている", "新規受付中"),
                "closed": ("新規契約を終了した", "新規受付終了"),
                "unknown": ("新規契約を受け付けているか資料にない", "資料にない"),
            },
        ),
    },
)
_EN = Wording(
    title="All operators compared: cancelling online, cost, last month, SIM card, from abroad",
    source="{name}: {host}",
    comma=", ",
    stop=".",
    group="{count} {what}: {names}",
    unsure="{name} (low confidence)",
    legend="Operator by operator; in brackets the confidence, and the date that it is as of:",
    row="- {name}: {value} ({confidence}, {date})",
    unknown="- {name}: {value}",
    undated="undated",
    confidence={"high": "high confidence", "medium": "medium confidence", "low": "low confidence"},
    columns={
        "online": Column(
            "Which operators can be cancelled online, and which cannot",
            "Of the {all} operators in these guides, ",
            {
                "full": ("can be cancelled entirely online", "entirely online"),
                "partial": ("can be cancelled online in part", "online in part"),
                "none": ("cannot be cancelled online", "not online"),
                "unknown": ("have no source that says whether it works online", "no source says whether it works online"),
            },
        ),
        "cost": Column(
            "What cancelling costs: operators without and with a cancellation fee",
            "For a plain voice line signed today, of {all} operators ",
            {
                "free": ("charge 0 yen", "0 yen"),
                "range": ("charge a fee in some cases", "{min} to {max} yen, depending on the case"),
                "fixed": ("charge a fee", "{min} yen"),
                "always": ("charge a fee in every case", "{min} to {max} yen"),
                "open": ("have a known least cost but no known most", "{min} yen or more, the most is in no source"),
                "unknown": ("have no source that names the cost", "no source names it"),
            },
        ),
        "last_month": Column(
            "How the last month is billed: prorated by day or in full",
            "Of {all} operators, ",
            {
                "prorated": ("prorate the last month by day", "prorated by day"),
                "full": ("bill the whole last month", "the whole month, not prorated"),
                "depends": ("bill it depending on the plan or the day", "depends on the plan or the day"),
                "unknown": ("have no source on the last month", "no source says"),
            },
        ),
        "sim": Column(
            "Which operators want the SIM card back, and which let you throw it away",
            "Of {all} operators, ",
            {
                "return required": ("want the SIM card back", "to be returned"),
                "discard allowed": ("let you dispose of it yourself", "may be disposed of"),
                "not required": ("don't ask for it back", "not asked for"),
                "unknown": ("have no source on the SIM card", "no source says"),
            },
        ),
        "abroad": Column(
            "Which operators can be cancelled from abroad",
            "Of {all} operators, ",
            {
                "possible": ("can be cancelled from abroad", "possible"),
                "possible-with-conditions": (
                    "can be cancelled from abroad on conditions (such as logging in or receiving a code)",
                    "possible on conditions",
                ),
                "not-possible": ("cannot be cancelled from abroad", "not possible"),
                "unknown": ("have no source on cancelling from abroad", "no source says"),
            },
        ),
        "status": Column(
            "Which operators still take new customers",
            "Of {all} operators, ",
            {
                "accepting": ("take new customers", "takes new customers"),
                "closed": ("no longer take new customers", "closed to new customers"),
                "unknown": ("have no source on that", "no source says"),
            },
        ),
    },
)
WORDING = {Language.ZH_HANS: _ZH, Language.JA: _JA, Language.EN: _EN}
