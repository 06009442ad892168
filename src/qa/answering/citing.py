"""Citations: what writes them, and what their quotes look like on the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.answering.reader import for_reader
from qa.corpus.hosts import host_of
from qa.corpus.search_text import FOOTNOTE
from qa.datatypes import Citation, Guide, Language, Source

if TYPE_CHECKING:
    from qa.answering.evidence import Evidence

_SPACE_AFTER_STOP = re.compile(r"(?<=[。！？]) +(?=\S)")


def cite(marker: int, evidence: Evidence, language: Language) -> Citation:
    """Return evidence as the citation numbered marker, displayed for a reader of language."""
    guide, section = evidence.guide, evidence.section
    quote = guide.text[evidence.start : evidence.end]
    return Citation(
        marker=marker,
        guide_id=guide.guide_id,
        section_id=section.section_id,
        language=guide.language,
        headings=tuple(for_reader(heading, guide.language, language) for heading in section.headings),
        quote=quote,
        display=with_source_links(for_reader(quote, guide.language, language), guide),
        start=evidence.start,
        end=evidence.end,
        sources=cited_sources(quote, guide) or cited_sources(guide.text[section.body : section.end], guide),
        checked=guide.checked,
        official_url=section.official_url,
    )


def mark(marker: int) -> str:
    """Return marker as it stands in an answer's text."""
    return f"[{marker}]"


def cited_sources(text: str, guide: Guide) -> tuple[Source, ...]:
    """Return the sources that text's footnotes name, each once, in the order of their mention."""
    known = {source.id: source for source in guide.sources}
    named = dict.fromkeys(footnote["source"] for footnote in FOOTNOTE.finditer(text))
    return tuple(known[source] for source in named if source in known)


def with_source_links(text: str, guide: Guide) -> str:
    """Return text with each footnote mark turned to a Markdown link to its source, named by its host."""
    known = {source.id: source for source in guide.sources}

    def link(footnote: re.Match[str]) -> str:
        source = known.get(footnote["source"])
        return f" [{host_of(source.url)}]({source.url})" if source else ""

    return FOOTNOTE.sub(link, text)


def without_footnotes(text: str) -> str:
    """Return text without footnote marks, nor the space behind them where the sentence before ends full-width."""
    return _SPACE_AFTER_STOP.sub("", FOOTNOTE.sub("", text))
