"""Answers to render, cited from guides that are written on the spot."""

from __future__ import annotations

from dataclasses import replace

from web.page_html import PageHTML

from qa.answering.citing import cite
from qa.answering.evidence import Evidence
from qa.datatypes import Answer, Guide, Language, Outcome, Publisher, Section, SectionStatus, Source
from qa.index.generation import Generation
from qa.web.rendering import render_answer

SOURCES = (
    Source("s1", "povo: how to cancel", "https://www.example.com/cancel", Publisher.OPERATOR, "2026-03"),
    Source("s2", "A blog", "https://blog.example.org/a?b=1&c=2", Publisher.THIRD_PARTY, None),
)
GUIDE = Guide(
    guide_id="povo",
    language=Language.EN,
    title="Leaving povo",
    operator="povo",
    topic=None,
    checked="2026-11-22",
    official_url="https://povo.jp/",
    sources=SOURCES,
    sections=(),
    text="",
    path="corpus/en/operators/povo.md",
)


def guide_of(body: str, guide: Guide = GUIDE, heading: str = "Fees") -> Guide:
    """Return guide with one section, #fees, that holds body."""
    section = Section(
        section_id=f"{guide.guide_id}#fees",
        slug="fees",
        headings=(guide.title, heading),
        start=0,
        body=0,
        end=len(body),
        status=SectionStatus.KNOWN,
        operator=guide.operator,
        official_url=guide.official_url,
    )
    return replace(guide, text=body, sections=(section,))


def answer_from(guide: Guide, quotes: list[str], reader: Language, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    """Return an answer in reader's language that cites quotes of guide's one section."""
    starts = [guide.text.index(quote) for quote in quotes]
    evidence = [Evidence(guide, guide.sections[0], at, at + len(quote)) for at, quote in zip(starts, quotes, strict=True)]
    citations = tuple(cite(marker, each, reader) for marker, each in enumerate(evidence, 1))
    return Answer(outcome, "", citations, (), 0.9, (), reader)


def html_of(answer: Answer, guide: Guide, generation: Generation, message_id: str = "m") -> str:
    """Return answer rendered, as of a generation that holds guide."""
    return render_answer(answer, replace(generation, guides={(guide.guide_id, guide.language): guide}), message_id)


def page_of(body: str, quote: str, generation: Generation, reader: Language = Language.EN, guide: Guide = GUIDE) -> PageHTML:
    """Return what is seen of an answer that cites quote from a section that holds body."""
    guide = guide_of(body, guide)
    return PageHTML.read(html_of(answer_from(guide, [quote], reader), guide, generation))
