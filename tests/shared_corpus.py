"""A corpus in which two operators share a guide, in zh-Hans and ja, beside one that has its own."""

from __future__ import annotations

from pathlib import Path

from small_corpus import build

from qa.config import Settings
from qa.index.embedder import Embedder
from qa.index.generation import Generation

LEXICON = """\
operators:
  povo: {names: {zh-Hans: povo, ja: povo, en: povo}}
  hana: {names: {zh-Hans: HanaCell, ja: HanaCell, en: HanaCell}}
  globiz: {names: {zh-Hans: GLOBIZ, ja: GLOBIZ, en: GLOBIZ}}
  mineo: {names: {zh-Hans: mineo, ja: mineo, en: mineo}}
topics:
  cancel: {names: {zh-Hans: 销户, ja: 解約}, aliases: [解约], sections: [overview, steps], general: true}
  fees: {names: {zh-Hans: 销户费用, ja: 解約金}, aliases: [费用, 多少钱], sections: [fees]}
  sim: {names: {zh-Hans: 归还 SIM 卡, ja: SIMカードの返却}, aliases: [归还], sections: [sim]}
elsewhere:
  nhk: {names: {zh-Hans: NHK}}
"""
SOURCES = """\
checked: 2026-11-22
sources:
  - {id: s1, title: "example.com：解约", url: "https://example.com/cancel", publisher: third-party, date: "2026-03"}
"""
POVO = """\
## 概览 {#overview}

povo 可以在线销户。[^s1]

## 销户费用 {#fees}

povo 的销户费用为 0 日元。[^s1]
"""
OTHERS_ZH = """\
## 概览 {#overview}

HanaCell 和 GLOBIZ 的资料不多，合写一篇。[^s1]

## HanaCell {#hana}

HanaCell 用电子邮件解约。[^s1]

- HanaCell 的费用：销户费用为 3,300 日元。[^s1]
- HanaCell 的 SIM 卡：不用归还。[^s1]

## GLOBIZ {#globiz}

GLOBIZ 写信解约，销户费用为 5,000 日元。[^s1]

## 销户费用 {#fees}

没有资料。
"""
OTHERS_JA = """\
## 概要 {#overview}

HanaCellとGLOBIZは資料が少ないので、ひとつにまとめた。[^s1]

## HanaCell {#hana}

HanaCellはメールで解約する。解約金は3,300円。[^s1]

## GLOBIZ {#globiz}

GLOBIZは手紙で解約する。解約金は5,000円。[^s1]

## 解約金 {#fees}

資料がない。
"""
_OWN = "title: povo\noperator: povo\nofficial_url: https://povo.example.com\n"
_SHARED = """\
title: 其他
topic: others
official_url: https://example.com/all
operators:
  hana: {official_url: https://hana.example.com}
  globiz: {official_url: https://globiz.example.com}
sections: [{slug: fees, status: unknown}]
"""
_GUIDES = (
    ("zh-Hans/operators/povo", _OWN, POVO),
    ("zh-Hans/topics/others", _SHARED, OTHERS_ZH),
    ("ja/topics/others", _SHARED, OTHERS_JA),
)


def build_shared(folder: Path, cache: Path, embedder: Embedder) -> Settings:
    """Write the corpus below folder, build its index and return the settings of both."""
    settings = Settings(corpus=folder / "corpus", index=folder / "index", cache=cache)
    for name, head, body in _GUIDES:
        path = settings.corpus / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{head}{SOURCES}---\n{body}", encoding="utf-8")
    (settings.corpus / "lexicon.yaml").write_text(LEXICON, encoding="utf-8")
    build(settings, embedder)
    return settings


def open_shared(folder: Path, cache: Path, embedder: Embedder) -> Generation:
    """Return the generation of the corpus, written and built below folder."""
    return Generation.open_current(build_shared(folder, cache, embedder).index)
