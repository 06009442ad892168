"""Answers to render, cited from guides that are written on the spot."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

from web.page_html import PageHTML

from qa.answering.citing import cite, mark, without_footnotes
from qa.answering.evidence import Evidence
from qa.answering.reader import for_reader
from qa.answering.wording import say
from qa.datatypes import Answer, Guide, Language, Outcome, Publisher, Section, SectionStatus, Source
from qa.index.generation import Generation
from qa.web.chat.card import render_answer

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
RAKUTEN = replace(
    GUIDE,
    guide_id="rakuten-mobile",
    title="Leaving Rakuten Mobile",
    operator="rakuten-mobile",
    official_url="https://network.mobile.rakuten.co.jp/",
)
TOPIC = replace(GUIDE, guide_id="sim-return", title="Returning the SIM", operator=None, topic="sim-return", official_url=None)
BODY = "Cancelling is free.[^s1] A new card costs 3,850 yen.[^s2]\n"  # of a guide of GUIDE's sources
FREE = "Cancelling is free."
_PAYLOAD = re.compile(r'<div class="payload">([^<]*)</div>')


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
    return answer_citing([(guide, quote) for quote in quotes], reader, outcome)


def answer_citing(quoted: list[tuple[Guide, str]], reader: Language, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    """Return an answer in reader's language that cites, of each guide's one section, a quote; it asks "Is it free?"."""
    evidence = []
    for guide, quote in quoted:
        at = guide.text.index(quote)
        evidence.append(Evidence(guide, guide.sections[0], at, at + len(quote)))
    citations = tuple(cite(marker, each, reader) for marker, each in enumerate(evidence, 1))
    parts = [say("related", reader)] if outcome is Outcome.RELATED else []
    parts += [f"{for_reader(without_footnotes(each.quote), each.language, reader)} {mark(each.marker)}" for each in citations]
    operators = tuple(dict.fromkeys(guide.operator for guide, _ in quoted if guide.operator))
    return Answer(
        outcome, "\n\n".join(parts), citations, (), 0.9, (), reader, operators, generation="20261122T0", asked="Is it free?"
    )


def not_covered(message: str, language: Language = Language.EN) -> Answer:
    """Return an answer that says, in message, that the guides don't cover what was asked."""
    return Answer(Outcome.NOT_COVERED, message, (), (), 0.1, (), language, asked="Is it free?")


def answer_of(outcome: Outcome, language: Language, guide: Guide) -> Answer:
    """Return an answer with this outcome to a reader of language; where it cites guide, both sentences of BODY."""
    if outcome is Outcome.NOT_COVERED:
        return not_covered("Nothing.\n\nSee https://povo.jp/", language)
    return answer_from(guide, [f"{FREE}[^s1]", "A new card costs 3,850 yen.[^s2]"], language, outcome)


def holding(generation: Generation, *guides: Guide) -> Generation:
    """Return generation as if it had been built from guides alone."""
    return replace(generation, guides={(guide.guide_id, guide.language): guide for guide in guides})


def html_of(
    answer: Answer,
    guide: Guide,
    generation: Generation,
    message_id: str = "m",
    page: Language = Language.EN,
    *,
    feedback: bool = True,
) -> str:
    """Return answer rendered on a page, as of a generation that holds guide."""
    return render_answer(answer, holding(generation, guide), message_id, page, feedback=feedback)


def page_of(body: str, quote: str, generation: Generation, reader: Language = Language.EN, guide: Guide = GUIDE) -> PageHTML:
    """Return what is seen of an answer that cites quote from a section that holds body."""
    guide = guide_of(body, guide)
    return seen_of(html_of(answer_from(guide, [quote], reader), guide, generation))


def seen_of(html: str) -> PageHTML:
    """Return what is seen of an answer: all but its payload."""
    return PageHTML.read(_PAYLOAD.sub("", html))


def payload_of(html: str) -> Any:
    """Return what the page's own script reads from an answer."""
    (payload,) = _PAYLOAD.findall(html)
    return json.loads(unescape(payload))


def classes_of(page: PageHTML, tag: str) -> list[str]:
    """Return the class of every such tag, in order."""
    return [attributes.get("class", "") for attributes in page.attributes_of(tag)]


def links_of(page: PageHTML, kind: str) -> list[str]:
    """Return where the links of this class lead, in order."""
    return [link["href"] for link in page.attributes_of("a") if link.get("class") == kind]
