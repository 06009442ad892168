"""Guides of five operators with something to compare: each value of the form is there, and each language lacks a guide.

povo is in zh-Hans and ja, linemo in zh-Hans, rakuten-mobile in ja alone; hana and gs-mobile share a topic's guide. None is in en.
linemo was checked long ago, and takes no new customers.
"""

from __future__ import annotations

from pathlib import Path

from small_corpus import build

from qa.config import Settings
from qa.index.embedder import Embedder

LEXICON = """\
operators:
  povo: {names: {zh-Hans: povo, ja: povo, en: povo}, aliases: [povo2.0, ポヴォ]}
  linemo: {names: {zh-Hans: LINEMO, ja: LINEMO, en: LINEMO}, aliases: [ラインモ]}
  rakuten-mobile: {names: {zh-Hans: 乐天移动, ja: 楽天モバイル, en: Rakuten Mobile}, aliases: [乐天, 楽天, Rakuten]}
  mineo: {names: {zh-Hans: mineo, ja: mineo, en: mineo}, aliases: [マイネオ]}
  hana: {names: {zh-Hans: HanaCell, ja: HanaCell, en: HanaCell}, aliases: [花花卡]}
  gs-mobile: {names: {zh-Hans: GS Mobile, ja: GS Mobile, en: GS Mobile}}
topics:
  fees: {names: {zh-Hans: 销户费用, ja: 解約金, en: cancellation fee}, aliases: [费用], sections: [fees]}
"""
HOSTS = "operators: {povo: [povo.jp], linemo: [linemo.jp], rakuten-mobile: [rakuten.co.jp], hana: [hanacell.com]}\n"

_SOURCES = """\
sources:
  - {id: s1, title: "HOST：解约", url: "https://HOST/cancel", publisher: operator, date: '2026-03'}
  - {id: s2, title: "example.org：费用", url: "https://example.org/fees", publisher: third-party, date: null}
"""
_POVO = """\
operator: povo
official_url: https://povo.jp/cancel
checked: 2999-11-22
online: {value: full, confidence: high, date: '2999-03', sources: [s1]}
cost: {min_yen: 0, max_yen: 0, confidence: medium, date: '2999-03', sources: [s1]}
last_month: {value: depends, confidence: high, date: '2999-03', sources: [s1]}
sim: {value: not required, confidence: low, date: '2001-12-14', sources: [s2]}
abroad: {value: possible-with-conditions, confidence: medium, date: '2999-03', sources: [s1]}
status: {value: accepting, confidence: high, date: '2999-03', sources: [s1]}
sections: [{slug: abroad, status: unknown}]
"""
_LINEMO = """\
operator: linemo
official_url: https://linemo.jp/cancel
checked: 2001-11-22
online: {value: partial, confidence: medium, sources: [s2]}
cost: {min_yen: 0, max_yen: 990, confidence: high, date: '2999', sources: [s2]}
last_month: {value: full, confidence: high, sources: [s2]}
sim: {value: return required, confidence: high, sources: [s2]}
status: {value: closed, confidence: high, sources: [s2]}
"""
_RAKUTEN = """\
operator: rakuten-mobile
official_url: https://rakuten.co.jp/cancel
checked: 2999-11-22
online: {value: none, confidence: low, sources: [s2]}
cost: {min_yen: 0, confidence: medium, date: '2999-06-06', sources: [s2]}
"""
_OTHERS = """\
topic: others
official_url: null
checked: 2999-11-22
operators:
  hana:
    official_url: https://hanacell.com/cancel
    cost: {min_yen: 5000, max_yen: 5000, confidence: high, sources: [s2]}
    abroad: {value: possible, confidence: high, sources: [s2]}
  gs-mobile: {}
"""
_TOPIC = "topic: mnp\nofficial_url: null\nchecked: 2999-11-22\n"

POVO_ZH = """\
## 概览 {#overview}

povo 可以全程在线销户。[^s1]

## 能否在线销户 {#online}

在网站上办，号码不能恢复。[^s1][^s2]

### 几点能办 {#hours}

全天都能办。[^s1]

## 费用 {#fees}

费用为 0 日元。[^s1]

## 最后一个月 {#final-bill}

没有月租。[^s1]

## SIM 卡 {#sim}

不用归还。[^s2]

## 人在国外 {#abroad}

指南目前没有 povo 关于国外的资料。
"""
POVO_JA = """\
## 概要 {#overview}

povoはオンラインだけで解約できます。[^s1]

## オンライン解約 {#online}

サイトで手続きします。[^s1][^s2]

### 受付時間 {#hours}

いつでも申し込めます。[^s1]

## 費用 {#fees}

費用は0円です。[^s1]

## 最後の月 {#final-bill}

月額料金はありません。[^s1]

## SIMカード {#sim}

返却は不要です。[^s2]

## 海外から {#abroad}

povoの海外についての情報は、まだありません。
"""
LINEMO_ZH = """\
## 概览 {#overview}

LINEMO 要在店里办一部分。[^s2]

## 费用 {#fees}

短期解约要 990 日元。[^s2]
"""
RAKUTEN_JA = """\
## 概要 {#overview}

楽天モバイルの解約は電話で申し込みます。[^s2]

## 費用 {#fees}

最低額は0円です。[^s2]
"""
OTHERS_ZH = """\
## 这两家合写一篇 {#overview}

HanaCell 和 GS Mobile 的资料不多。[^s2]

## HanaCell {#hana}

HanaCell 要 5,000 日元。[^s2]

## GS Mobile {#gs-mobile}

GS Mobile 要打电话。[^s2]
"""
MNP_ZH = "## 携号转网 {#overview}\n\n号码可以带走。[^s1]\n"
MNP_JA = "## 番号の持ち運び {#overview}\n\n番号は持ち運べます。[^s1]\n"

_GUIDES = (
    ("zh-Hans/operators/povo", "povo：销户与保号", _POVO, POVO_ZH),
    ("zh-Hans/operators/linemo", "LINEMO：销户", _LINEMO, LINEMO_ZH),
    ("zh-Hans/topics/mnp", "携号转网：号码怎么带走", _TOPIC, MNP_ZH),
    ("zh-Hans/topics/others", "其他小公司", _OTHERS, OTHERS_ZH),
    ("ja/operators/povo", "povo：解約と番号の維持", _POVO, POVO_JA),
    ("ja/operators/rakuten-mobile", "楽天モバイル：解約", _RAKUTEN, RAKUTEN_JA),
    ("ja/topics/mnp", "番号の持ち運び", _TOPIC, MNP_JA),
)
_HOSTS = {"linemo": "linemo.jp", "rakuten-mobile": "rakuten.co.jp"}
OPERATORS = ("povo", "linemo", "rakuten-mobile", "hana", "gs-mobile")


def write_browse_corpus(corpus: Path) -> Path:
    """Write the guides, the lexicon and the hosts below corpus and return it."""
    for name, title, head, body in _GUIDES:
        path = corpus / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        sources = _SOURCES.replace("HOST", _HOSTS.get(path.stem, "povo.jp"))
        path.write_text(f"---\ntitle: {title}\n{head}{sources}---\n{body}", encoding="utf-8")
    (corpus / "lexicon.yaml").write_text(LEXICON, encoding="utf-8")
    (corpus / "hosts.yaml").write_text(HOSTS, encoding="utf-8")
    return corpus


def browse_settings(folder: Path, cache: Path, embedder: Embedder) -> Settings:
    """Return settings for these guides, written and built below folder."""
    settings = Settings(corpus=write_browse_corpus(folder / "corpus"), index=folder / "index", cache=cache)
    build(settings, embedder)
    return settings
