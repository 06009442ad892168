"""What the endpoints' description shows: an answer, a search, guides and a fault, as they came; … is where they were shortened."""

from __future__ import annotations

from typing import Any

_GENERATION = "20261123T065836099337Z-3ede09d8"
_QUOTE = "povo2.0 的 SIM 卡据说不用归还，自行销毁即可，但仅有一个来源（2025 年 12 月 14 日）这样说，未能证实。"
_SOURCE = {
    "id": "s6",
    "title": "gadget.awaisora.com：povo2.0 的 SIM 卡是否归还",
    "url": "https://gadget.awaisora.com/2025/12/14/adeeee87-df3a-4dc6-bc67-aa042dcf2217",
    "publisher": "third-party",
    "date": "2025-12-14",
}
_HEADINGS = ["povo：销户与保号", "SIM 卡要不要归还"]
_PATH = "/zh-Hans/guides/povo#sim"
_HEAD = {
    "guide_id": "povo",
    "language": "zh-Hans",
    "title": "povo：销户与保号",
    "operator": "povo",
    "topic": None,
    "checked": "2026-11-22",
    "official_url": "https://povo.jp/en/information/",
    "path": "/zh-Hans/guides/povo",
}
_SECTION = {"section_id": "povo#sim", "headings": _HEADINGS, "is_known": True}

ASK: dict[str, Any] = {
    "question": "povo 的 SIM 卡要归还吗",
    "language": "zh-Hans",
    "outcome": "answered",
    "text": f"{_QUOTE} [1]",
    "confidence": 0.9900483713337577,
    "citations": [
        {
            "marker": 1,
            "guide_id": "povo",
            "section_id": "povo#sim",
            "language": "zh-Hans",
            "headings": _HEADINGS,
            "quote": f"{_QUOTE}[^s6]",
            "display": f"{_QUOTE} [gadget.awaisora.com]({_SOURCE['url']})",
            "start": 10599,
            "end": 10667,
            "sources": [_SOURCE],
            "checked": "2026-11-22",
            "official_url": "https://povo.jp/en/information/",
            "path": _PATH,
        }
    ],
    "follow_ups": ["povo：销户费用？", "povo：最后一个月的账单？", "povo：人在国外？"],
    "asked": "povo 的 SIM 卡要归还吗",
    "did_you_mean": [],
    "generation": _GENERATION,
    "timings_ms": {"answer": 340.0},
}
SEARCH: dict[str, Any] = {
    "query": "povo 归还 SIM 卡",
    "mode": "hybrid",
    "generation": _GENERATION,
    "hits": [
        {
            "passage_id": "zh-Hans/povo#sim/0",
            "guide_id": "povo",
            "section_id": "povo#sim",
            "language": "zh-Hans",
            "headings": _HEADINGS,
            "text": f"{_QUOTE}[^s6] …",
            "start": 10599,
            "end": 10833,
            "score": 0.7648513813813527,
            "parts": {
                "dense": 0.9690747261047363,
                "lexical": 0.7093443870544434,
                "late": 0.869834303855896,
                "phrasing": 0.717910619576772,
            },
            "path": _PATH,
        }
    ],
}
GUIDES: dict[str, Any] = {
    "language": "zh-Hans",
    "generation": _GENERATION,
    "guides": [{**_HEAD, "sections": [_SECTION]}],
}
GUIDE: dict[str, Any] = {
    **_HEAD,
    "generation": _GENERATION,
    "sources": [_SOURCE],
    "sections": [{**_SECTION, "start": 10577, "end": 10835, "official_url": _HEAD["official_url"], "path": _PATH}],
    "text": '---\ntitle: "povo：销户与保号"\n…\n## SIM 卡要不要归还 {#sim}\n\n' + _QUOTE + "[^s6]\n…",
}
FAULT: dict[str, Any] = {
    "error": {
        "type": "QuestionError",
        "message": "The question is 2500 characters long; 2000 are the most. Mend: ask for one thing in a few sentences",
    }
}
