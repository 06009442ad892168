"""An operator's guide without a fault, for tests that change one thing in it, and a topic's guide that two operators share."""

from __future__ import annotations

from pathlib import Path

from qa.corpus.guides import read_guide
from qa.corpus.hosts import Hosts
from qa.corpus.lexicon import Lexicon, parse_lexicon
from qa.corpus.rules.subject import OPERATOR_SLUGS
from qa.datatypes import Guide, Language

LEXICON = """\
operators:
  povo: {names: {en: povo}}
  au: {names: {en: au}}
  hana: {names: {en: HanaCell}}
"""
HOSTS = Hosts(operators={"povo": ("povo.jp",), "au": ("au.com",)}, official=("soumu.go.jp",), http_only=("old.example.com",))
HOSTS_YAML = "operators: {povo: [povo.jp], au: [au.com]}\nofficial: [soumu.go.jp]\nhttp_only: [old.example.com]\n"
OWN = '{id: s1, title: t, url: "https://support.povo.jp/a", publisher: operator, date: null}'
OTHER = '{id: s2, title: t, url: "https://example.com/b", publisher: third-party, date: null}'
FRONT_MATTER = f"""\
---
title: povo
operator: povo
official_url: https://povo.jp/cancel
checked: 2026-11-22
online: {{value: full, confidence: high, date: 2026-03, sources: [s1]}}
cost: {{min_yen: 550, max_yen: 1078, confidence: low, sources: [s2]}}
sections: [{{slug: sim, status: unknown}}]
sources:
  - {OWN}
  - {OTHER}
---
"""
OVERVIEW = """\
povo 可以在线销户。[^s1]

- 费用：550 至 1,078 日元。[^s1]
- 停机：当天停机。[^s1]
- SIM 卡：不用归还。[^s2]"""
BODIES = dict.fromkeys(OPERATOR_SLUGS, "要 2 天。[^s1][^s2]") | {
    "overview": OVERVIEW,
    "fees": "550 至 1,078 日元。[^s1][^s2]",
    "sim": "没有资料。",
}
WHOLE = FRONT_MATTER + "".join(f"## 题 {{#{slug}}}\n\n{body}\n\n" for slug, body in BODIES.items())

SHARED = f"""\
---
title: 其他
topic: others
official_url: null
checked: 2026-11-22
operators:
  au:
    official_url: https://au.com/cancel
    online: {{value: full, confidence: high, sources: [s1]}}
    cost: {{min_yen: 0, max_yen: 0, confidence: high, sources: [s1]}}
  hana:
    online: unknown
    cost: {{min_yen: 5000, max_yen: 5000, confidence: low, sources: [s2]}}
sources:
  - {OWN}
  - {OTHER}
---
## 概览 {{#overview}}

这两家合写一篇。[^s1]

## au {{#au}}

au 的费用是 0 日元。[^s1]

## HanaCell {{#hana}}

HanaCell 要 5,000 日元。[^s2]
"""


def lexicon() -> Lexicon:
    """Return the names of the operators that the guides tell of."""
    return parse_lexicon(LEXICON, "lexicon.yaml")


def changed(text: str, old: str, new: str) -> str:
    """Return text with the first old, which must be there, turned to new."""
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, words: str) -> int:
    """Return the first line of text, counted from 1, that holds words."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def read(folder: Path, text: str = WHOLE, *, name: str = "operators/povo", language: Language = Language.ZH_HANS) -> Guide:
    """Return the guide with this text, read from a file below folder."""
    file = f"corpus/{language}/{name}.md"
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_guide(path, language, file)


def read_shared(folder: Path, text: str = SHARED, language: Language = Language.ZH_HANS) -> Guide:
    """Return the guide that au and hana share, read from a file below folder."""
    return read(folder, text, name="topics/others", language=language)


def write_whole_corpus(corpus: Path) -> Path:
    """Write the guide in zh-Hans and ja, the names and the hosts below corpus, and return it."""
    for language in ("zh-Hans", "ja"):
        path = corpus / language / "operators" / "povo.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(WHOLE, encoding="utf-8")
    (corpus / "lexicon.yaml").write_text(LEXICON, encoding="utf-8")
    (corpus / "hosts.yaml").write_text(HOSTS_YAML, encoding="utf-8")
    return corpus
