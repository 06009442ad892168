"""What a guide rests on: its sources, their addresses, whose they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.corpus.guides import front_matter_line, parse_front_matter
from qa.corpus.hosts import FILE, safe_address
from qa.corpus.search_text import FOOTNOTE
from qa.datatypes import Problem, Publisher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.corpus.front_matter import Compared
    from qa.corpus.hosts import Hosts
    from qa.corpus.lexicon import Lexicon
    from qa.datatypes import Guide

_LINK = re.compile(r"https?://[^\s<>()\[\]]+")


def source_problems(guide: Guide, hosts: Hosts) -> Iterator[Problem]:
    """Yield the faults of guide's sources, of its links to operators' pages, and of the sources that its compared values name."""
    yield from _compared_problems(guide)
    yield from false_claims(guide, hosts)
    for place, (_, url) in _official_pages(guide).items():
        yield from _address_problems(guide, url, front_matter_line(guide.text, place), hosts)
    for link in _LINK.finditer(guide.text, guide.sections[0].start):
        yield from _address_problems(guide, link[0], guide.line(link.start()), hosts)
    used = {mark["source"] for mark in FOOTNOTE.finditer(guide.text)}.union(*(cell.sources for _, cell in _compared(guide)))
    for number, source in enumerate(guide.sources):
        line = front_matter_line(guide.text, ("sources", number))
        if source.id not in used:
            yield Problem(guide.path, line, "source", f"source {source.id} is not cited; drop it")
        if source.publisher is Publisher.THIRD_PARTY:
            yield from _publisher_problems(guide, number, hosts)
        yield from _address_problems(guide, source.url, line, hosts)


def false_claims(guide: Guide, hosts: Hosts) -> Iterator[Problem]:
    """Yield where guide passes a page off as an operator's own or an official one that by hosts.yaml isn't: a build refuses it."""
    for place, (operator, url) in _official_pages(guide).items():
        publisher = hosts.publisher(url, operator)
        if publisher is Publisher.THIRD_PARTY or (operator and publisher is Publisher.OFFICIAL):
            whose = f"{operator}'s own" if operator else "an operator's or an official"
            message = f"official_url must be {whose} page by hosts.yaml; found {url}"
            yield Problem(guide.path, front_matter_line(guide.text, place), "official", message)
    for number, source in enumerate(guide.sources):
        if source.publisher is not Publisher.THIRD_PARTY:
            yield from _publisher_problems(guide, number, hosts)


def _compared(guide: Guide) -> Iterator[tuple[tuple[str, ...], Compared]]:
    """Yield what is compared of guide's operators, with its place in the front matter."""
    front_matter, _ = parse_front_matter(guide.text, guide.path)
    for operator, profile in front_matter.profiles.items():
        for key, cell in profile.compared.items():
            yield (key,) if operator == guide.operator else ("operators", operator, key), cell


def _compared_problems(guide: Guide) -> Iterator[Problem]:
    known = {source.id for source in guide.sources}
    for place, cell in _compared(guide):
        name, line = ".".join(place).removeprefix("operators."), front_matter_line(guide.text, place)
        for missing in sorted(set(cell.sources) - known):
            yield Problem(guide.path, line, "source", f"{name}: there is no source {missing}")
        if cell.is_known and not (cell.sources and cell.confidence):
            message = f"{name} has a value, so it needs its confidence and its sources: {{…, confidence: high, sources: [s1]}}"
            yield Problem(guide.path, line, "source", message)
        newest = max((source.date for source in guide.sources if source.id in cell.sources and source.date), default="")
        if cell.is_known and (cell.date or "") < newest[: len(cell.date or newest)]:
            message = f"{name} is as of {cell.date}, but a source of it is dated {newest}; give that date"
            yield Problem(guide.path, line, "date", message)


def _official_pages(guide: Guide) -> dict[tuple[str, ...], tuple[str | None, str]]:
    """Return the operator and the address of each page that guide gives as the one with the last word, by its place."""
    front_matter, _ = parse_front_matter(guide.text, guide.path)
    pages = {("official_url",): (guide.operator, guide.official_url)} | {
        ("operators", operator, "official_url"): (operator, profile.official_url)
        for operator, profile in front_matter.operators.items()
    }
    return {place: (operator, url) for place, (operator, url) in pages.items() if url is not None}


def _publisher_problems(guide: Guide, number: int, hosts: Hosts) -> Iterator[Problem]:
    source = guide.sources[number]
    expected = hosts.publisher(source.url, guide.operator)
    if source.publisher is not expected:
        line = front_matter_line(guide.text, ("sources", number))
        message = f"{source.id}: by hosts.yaml the publisher of {source.url} is {expected}, not {source.publisher}"
        yield Problem(guide.path, line, "publisher", message)


def host_problems(hosts: Hosts, names: Lexicon, folder: str) -> Iterator[Problem]:
    """Yield operators of hosts.yaml, in the corpus' folder, that the lexicon doesn't know: their hosts would be nobody's."""
    for operator in hosts.operators:
        if operator not in names.operators:
            yield Problem(f"{folder}/{FILE}", 1, "hosts", f"operator '{operator}' is not in lexicon.yaml")


def _address_problems(guide: Guide, url: str, line: int, hosts: Hosts) -> Iterator[Problem]:
    if safe_address(url) is None:
        yield Problem(guide.path, line, "address", f"{url} is shown without a link: it could be taken for another host")
    if not url.startswith("https://") and not hosts.is_http_only(url):
        message = f"{url} is not https; if its host answers only at http, name it under http_only in hosts.yaml"
        yield Problem(guide.path, line, "https", message)
