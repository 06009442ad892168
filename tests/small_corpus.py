"""A corpus of four operators, one of them without a guide, and three topics, small enough to be built in a second.

povo has a guide in zh-Hans and ja, linemo in zh-Hans, rakuten-mobile in ja alone; mineo has none. The topics twin-a and twin-b hold
the same words, so that they score the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import wiring
from qa.config import Settings
from qa.index.embedder import Embedder

LEXICON = """\
operators:
  povo: {names: {zh-Hans: povo, ja: povo, en: povo}, aliases: [povo2.0, ポヴォ]}
  linemo: {names: {zh-Hans: LINEMO, ja: LINEMO, en: LINEMO}, aliases: [ラインモ]}
  rakuten-mobile: {names: {zh-Hans: 乐天移动, ja: 楽天モバイル, en: Rakuten Mobile}, aliases: [乐天, 楽天, Rakuten]}
  mineo: {names: {zh-Hans: mineo, ja: mineo, en: mineo}, aliases: [マイネオ]}
topics:
  cancel:
    names: {zh-Hans: 销户, ja: 解約, en: cancellation}
    aliases: [解约, cancel]
    sections: [overview, steps]
    general: true
  fees: {names: {zh-Hans: 销户费用, ja: 解約金, en: cancellation fee}, aliases: [费用, 违约金, 多少钱, いくら, fee], sections: [fees]}
  sim:
    names: {zh-Hans: 归还 SIM 卡, ja: SIMカードの返却, en: returning the SIM card}
    aliases: [还卡, 归还, 返却, return the sim]
    sections: [sim]
    guides: [sim-return]
  agent: {names: {zh-Hans: 代理人办理, ja: 代理人, en: agents}, aliases: [代办, 代理, proxy], sections: [agent]}
elsewhere:
  nhk: {names: {zh-Hans: NHK, ja: NHK, en: NHK}, aliases: [受信料]}
"""

HOSTS = "operators: {povo: [example.com], linemo: [example.com], rakuten-mobile: [example.com]}\n"

POVO_ZH = """\
## 概览 {#overview}

povo2.0 可以全程在线销户，费用为 0 日元。[^s1]

## 销户步骤 {#steps}

povo2.0 的销户在官网的支持页面里办：登录以后按提示提交。[^s1]

1. 打开 povo 官网，选「サポート」（支持）。[^s1]
2. 选择解约理由，用登记的邮箱登录。[^s2]
3. 按画面提示提交，提交后不能撤回。[^s1]

## 销户费用与违约金 {#fees}

povo2.0 销户费用为 0 日元：没有解约费，也没有携号转出费。[^s1][^s2]

- 补发：补发实体 SIM 卡，每条线路 3,850 日元。[^s2]

## SIM 卡要不要归还 {#sim}

povo2.0 的 SIM 卡不用归还，自行销毁即可。[^s2]

## 代理人办理 {#agent}

没有资料。
"""

POVO_JA = """\
## 概要 {#overview}

povo2.0はオンラインだけで解約でき、費用は0円です。[^s1]

## 解約の手順 {#steps}

povo2.0の解約は公式サイトのサポートページで行います。[^s1]

1. povoの公式サイトで「サポート」を選びます。[^s1]
2. 解約理由を選び、登録したメールアドレスでログインします。[^s2]
3. 画面の案内に従って送信します。送信後は取り消せません。[^s1]

## 解約にかかる費用 {#fees}

povo2.0の解約費用は0円です。解約金もMNP転出料もかかりません。[^s1][^s2]

## SIMカードの返却 {#sim}

povo2.0のSIMカードは返却不要で、自分で破棄します。[^s2]

## 代理人による手続き {#agent}

資料がありません。
"""

LINEMO_ZH = """\
## 概览 {#overview}

LINEMO 可以全程在线销户，没有解约费。[^s1]

## 销户步骤 {#steps}

LINEMO 的销户在 My Menu 里办。[^s1]

## 销户费用与违约金 {#fees}

LINEMO 销户费用为 0 日元；短期解约可能收一个月的基本费。[^s1]

## SIM 卡要不要归还 {#sim}

LINEMO 的 SIM 卡不用寄回。[^s1]

## 代理人办理 {#agent}

没有资料。
"""

RAKUTEN_JA = """\
## 概要 {#overview}

楽天モバイルはオンラインで解約できます。[^s1]

## 解約金 {#fees}

楽天モバイルの解約金は、1年以内に解約すると1,078円です。[^s1]

## SIMカードの返却 {#sim}

楽天モバイルのSIMカードは返却せず、切って捨てます。[^s1]
"""

SIM_RETURN_ZH = """\
## 哪些公司要归还 SIM 卡 {#must-return}

要不要归还 SIM 卡看运营商：有的要寄回，有的让你自己剪断丢弃。[^s1]

| 运营商 | 归还 |
|---|---|
| povo | 不用[^s1] |
| LINEMO | 不用[^s2] |
"""

SIM_RETURN_JA = """\
## SIMカードの返却が必要な会社 {#must-return}

SIMカードの返却は会社によります。返送が必要な会社も、自分で破棄する会社もあります。[^s1]
"""

TWIN = """\
## 号码保管 {#storage}

号码保管服务可以把日本的电话号码存放一年，期间不能接打电话。[^s1]
"""

_SOURCES = """\
sources:
  - {id: s1, title: "example.com：解约", url: "https://www.example.com/cancel", publisher: operator, date: "2026-03"}
  - {id: s2, title: "example.org：费用", url: "https://example.org/fees", publisher: third-party, date: null}
"""

_GUIDES = (
    ("zh-Hans/operators/povo", "povo 的解约与销户", POVO_ZH),
    ("zh-Hans/operators/linemo", "LINEMO 的解约与销户", LINEMO_ZH),
    ("zh-Hans/topics/sim-return", "销户后 SIM 卡要不要归还", SIM_RETURN_ZH),
    ("zh-Hans/topics/twin-a", "号码保管", TWIN),
    ("zh-Hans/topics/twin-b", "号码保管", TWIN),
    ("ja/operators/povo", "povoの解約", POVO_JA),
    ("ja/operators/rakuten-mobile", "楽天モバイルの解約", RAKUTEN_JA),
    ("ja/topics/sim-return", "解約後のSIMカードの返却", SIM_RETURN_JA),
)


def write_small_corpus(corpus: Path) -> Path:
    """Write the guides, the lexicon and the hosts below corpus and return it."""
    for name, title, body in _GUIDES:
        path = corpus / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        is_operator = "/operators/" in name
        kind = "operator" if is_operator else "topic"
        unknown = "sections: [{slug: agent, status: unknown}]\n" if "{#agent}" in body else ""
        official = f"official_url: https://example.com/{path.stem}\n" if is_operator else ""
        head = f"title: {title}\n{kind}: {path.stem}\n{official}checked: 2026-11-22\n{unknown}{_SOURCES}"
        path.write_text(f"---\n{head}---\n{body}", encoding="utf-8")
    (corpus / "lexicon.yaml").write_text(LEXICON, encoding="utf-8")
    (corpus / "hosts.yaml").write_text(HOSTS, encoding="utf-8")
    return corpus


def build(settings: Settings, embedder: Embedder | None = None) -> str:
    """Build an index for settings and return the generation's name; with embedder, the model is not loaded again."""
    with pytest.MonkeyPatch.context() as patch:
        if embedder:
            patch.setattr(wiring, "load_embedder", lambda _: embedder)
        report = wiring.build_index(settings, full=False, progress=lambda done, total: None, say=lambda text: None)
    assert report.generation
    return report.generation


def small_settings(folder: Path, cache: Path, embedder: Embedder | None = None) -> Settings:
    """Return settings for the small corpus, written and built below folder."""
    settings = Settings(corpus=write_small_corpus(folder / "corpus"), index=folder / "index", cache=cache)
    build(settings, embedder)
    return settings
