"""Guides for tests, read from real files: front matter, bodies, and the sentences that they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st

from qa.corpus.guides import read_guide
from qa.datatypes import Guide, Language

FILE = "corpus/zh-Hans/operators/povo.md"
KEYS = {"title": "povo", "operator": "povo", "official_url": "https://example.com/povo", "checked": "2026-11-22"}

_WORDS = {
    "zh": (
        "销户",
        "手续费是0日元",
        "可以在线办理",
        "在My页面申请",
        "合同结束前继续收费",
        "1,078日元",
        "（不含税）",
        "「解約」",
    ),
    "ja": ("解約は", "オンラインで", "手続きできます", "日割りになりません", "SIMカードを", "返却してください", "（税込）"),
    "en": ("cancel", "the line", "before", "you leave Japan", "No. 3", "e.g. abroad", "costs 1,078 yen", "in My SoftBank"),
}
_ENDS = {"zh": "。！？；", "ja": "。！？", "en": ".!?;"}


def front_matter(keys: Mapping[str, object] = KEYS) -> str:
    """Return keys as YAML, one a line; the first stands in line 2 of the file."""
    return "".join(f"{key}: {value}\n" for key, value in keys.items())


def guide_in(folder: Path, body: str, *, keys: Mapping[str, object] = KEYS) -> Guide:
    """Return the guide povo with this body, read from a file in folder."""
    path = folder / "povo.md"
    path.write_text(f"---\n{front_matter(keys)}---\n{body}", encoding="utf-8")
    return read_guide(path, Language.ZH_HANS, FILE)


@st.composite
def sentences(draw: st.DrawFn, languages: tuple[str, ...] = ("zh", "ja", "en")) -> str:
    """Draw a sentence as guides have them: at times bold or a link, with its footnote marks behind the full stop."""
    language = draw(st.sampled_from(languages))
    words = draw(st.lists(st.sampled_from(_WORDS[language]), min_size=1, max_size=3))
    between = " " if language == "en" else draw(st.sampled_from(["", "，" if language == "zh" else "、"]))
    text = between.join(words)
    text = draw(st.sampled_from([text, text, f"**{text}**", f"[{text}](https://example.com/a-b?x=1)"]))
    mark = draw(st.sampled_from(["", "[^s1]", "[^s2][^s3]"]))
    return text + draw(st.sampled_from(_ENDS[language])) + mark + (" " if language == "en" else "")


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Draw the text of a section: paragraphs, list items and quotes of sentences in mixed languages."""
    blocks = draw(st.lists(st.lists(sentences(), min_size=1, max_size=8), min_size=1, max_size=6))
    starts = st.sampled_from(["", "", "- ", "1. ", "> "])
    return "\n\n".join(draw(starts) + "".join(block).strip() for block in blocks) + "\n"
