"""Rules for guides. Some faults make a guide unusable, so a build refuses it; the others only the check reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.corpus.guides import read_corpus
from qa.corpus.lexicon import FILE as LEXICON
from qa.corpus.lexicon import read_lexicon
from qa.corpus.search_text import FOOTNOTE
from qa.datatypes import Problem, Publisher, SectionStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.corpus.lexicon import Lexicon
    from qa.datatypes import Guide

OPERATOR_SLUGS = (
    "overview",
    "online",
    "steps",
    "credentials",
    "fees",
    "final-bill",
    "sim",
    "esim",
    "points",
    "device",
    "mnp",
    "restrictions",
    "agent",
    "eight-day",
    "inactivity",
    "keep-number",
    "abroad",
    "pitfalls",
)
# Control characters but tab and line feed, zero-width characters, and those that turn the direction of writing.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def unusable(guide: Guide) -> Iterator[Problem]:
    """Yield what keeps guide out of an index: footnotes that lead nowhere, since a citation could not name its source."""
    known = {source.id for source in guide.sources}
    body = guide.sections[0].start
    for mark in FOOTNOTE.finditer(guide.text, body):
        if mark["source"] not in known:
            message = f"footnote [^{mark['source']}] has no source of that id in the front matter"
            yield Problem(guide.path, _line(guide, mark.start()), "footnote", message)


def check_corpus(corpus: Path) -> tuple[int, list[Problem]]:
    """Return the number of guides below corpus and every fault in them, by file and line."""
    guides, problems = read_corpus(corpus)
    lexicon, text = read_lexicon(corpus)
    if not text:
        problems.append(Problem(f"{corpus.name}/{LEXICON}", 1, "lexicon", "is missing; it names the operators"))
    problems.extend(corpus_problems(guides, lexicon))
    return len(guides), sorted(problems, key=lambda problem: (problem.file, problem.line, problem.rule))


def corpus_problems(guides: Sequence[Guide], lexicon: Lexicon) -> Iterator[Problem]:
    """Yield every fault of the guides, those of `unusable` included."""
    for guide in guides:
        yield from unusable(guide)
        yield from _subject_problems(guide, lexicon)
        yield from _source_problems(guide, lexicon)
        yield from _section_problems(guide)
        for character in _INVISIBLE.finditer(guide.text):
            message = f"invisible character U+{ord(character[0]):04X}; delete it"
            yield Problem(guide.path, _line(guide, character.start()), "invisible", message)
    yield from _language_problems(guides)


def _subject_problems(guide: Guide, lexicon: Lexicon) -> Iterator[Problem]:
    if (guide.operator or guide.topic) != guide.guide_id:
        yield Problem(guide.path, 1, "id", f"operator or topic must be the file's name, '{guide.guide_id}'")
    if guide.operator and guide.operator not in lexicon.operators:
        yield Problem(guide.path, 1, "lexicon", f"operator '{guide.operator}' is not in lexicon.yaml")
    slugs = tuple(section.slug for section in guide.sections)
    if guide.operator and slugs != OPERATOR_SLUGS:
        missing = [slug for slug in OPERATOR_SLUGS if slug not in slugs]
        extra = [slug for slug in slugs if slug not in OPERATOR_SLUGS]
        detail = f"missing: {missing}; not of the set: {extra}" if missing or extra else "another order"
        yield Problem(guide.path, 1, "slugs", f"an operator's guide has the fixed sections, in their order ({detail})")


def _source_problems(guide: Guide, lexicon: Lexicon) -> Iterator[Problem]:
    used = {mark["source"] for mark in FOOTNOTE.finditer(guide.text)}
    for source in guide.sources:
        line = _line(guide, max(guide.text.find(f"id: {source.id},"), 0))
        if source.id not in used:
            yield Problem(guide.path, line, "source", f"source {source.id} is not cited; drop it")
        host = urlsplit(source.url).hostname or ""
        is_operators = any(host == domain or host.endswith(f".{domain}") for domain in lexicon.operator_domains)
        if (source.publisher is Publisher.OPERATOR) != is_operators:
            expected = "operator" if is_operators else "not operator (or its domain is missing in lexicon.yaml)"
            yield Problem(guide.path, line, "publisher", f"{source.id}: {host} is {expected}")


def _section_problems(guide: Guide) -> Iterator[Problem]:
    for section in guide.sections:
        body = guide.text[section.body : section.end]
        line = _line(guide, section.start)
        if not body.strip():
            yield Problem(guide.path, line, "empty", f"section '{section.slug}' is empty")
        elif section.status is SectionStatus.KNOWN and not FOOTNOTE.search(body):
            message = f"section '{section.slug}' cites nothing; add footnotes, or list it as 'status: unknown'"
            yield Problem(guide.path, line, "footnote", message)
        elif section.status is SectionStatus.UNKNOWN and FOOTNOTE.search(body):
            yield Problem(guide.path, line, "status", f"section '{section.slug}' is listed as unknown but cites facts")


def _language_problems(guides: Sequence[Guide]) -> Iterator[Problem]:
    first: dict[str, Guide] = {}
    for guide in guides:
        original = first.setdefault(guide.guide_id, guide)
        for other, mine in zip(_signature(original), _signature(guide), strict=True):
            if other != mine:
                message = f"differs from {original.path}: {sorted(set(other) ^ set(mine)) or 'another order'}"
                yield Problem(guide.path, 1, "languages", message)


def _signature(guide: Guide) -> tuple[tuple[str, ...], ...]:
    """Return what must be the same in every language: sections with their status, and sources."""
    sections = tuple(f"{section.slug} ({section.status})" for section in guide.sections)
    return sections, tuple(f"{source.id} {source.url} {source.date}" for source in guide.sources)


def _line(guide: Guide, offset: int) -> int:
    return guide.text.count("\n", 0, offset) + 1
