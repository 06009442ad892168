"""What stands in a section: facts with their footnotes, not too much of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.corpus.figures import figures
from qa.corpus.guides import parse_front_matter
from qa.corpus.search_text import FOOTNOTE, SOURCE_ID
from qa.corpus.units import Kind, units
from qa.datatypes import Language, Problem, SectionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.datatypes import Guide, Section

# Characters without footnote marks. A longer section answers more than one question: it is better cut in two.
LONGEST_SECTION = {Language.ZH_HANS: 1800, Language.JA: 2200, Language.EN: 3600}
_ENDS_IN_FOOTNOTE = re.compile(rf"\[\^{SOURCE_ID}\][\s|*_]*\Z")
_INTRODUCES = re.compile(r"[：:]\s*\Z")
_TABLE_RULER = re.compile(r"[\s|:-]+")


def section_problems(guide: Guide) -> Iterator[Problem]:
    """Yield the faults of guide's sections."""
    for section in guide.sections:
        yield from _status_problems(guide, section)
        if section.is_known:
            yield from _unsourced(guide, section)
        length = len(FOOTNOTE.sub("", guide.text[section.body : section.end]))
        if length > (longest := LONGEST_SECTION[guide.language]):
            message = f"section '{section.slug}' has {length} characters; {longest} are the most. Cut it in two"
            yield Problem(guide.path, guide.line(section.start), "long", message)
    yield from _cost_problems(guide)


def _status_problems(guide: Guide, section: Section) -> Iterator[Problem]:
    body = guide.text[section.body : section.end]
    line = guide.line(section.start)
    if not body.strip():
        yield Problem(guide.path, line, "empty", f"section '{section.slug}' is empty")
    elif section.status is SectionStatus.UNKNOWN and FOOTNOTE.search(body):
        yield Problem(guide.path, line, "status", f"section '{section.slug}' is listed as unknown but cites facts")


def _unsourced(guide: Guide, section: Section) -> Iterator[Problem]:
    """Yield what states something behind the last footnote of its paragraph, list item or table row."""
    found = units(guide, section)
    for number, unit in enumerate(found):
        text = guide.text[unit.start : unit.end]
        following = found[number + 1] if number + 1 < len(found) else None
        after = guide.text[following.start : following.end] if following else ""
        heads_a_table = unit.kind is Kind.TABLE and _TABLE_RULER.fullmatch(after)
        introduces = _INTRODUCES.search(text) and following and following.kind not in (unit.kind, Kind.PARAGRAPH)
        if _ENDS_IN_FOOTNOTE.search(text) or introduces or heads_a_table or _TABLE_RULER.fullmatch(text):
            continue
        message = f"no footnote at the end of “{_tail(text)}”; add the source, or list the section as 'status: unknown'"
        yield Problem(guide.path, guide.line(unit.start), "footnote", message)


def _tail(text: str) -> str:
    words = " ".join(FOOTNOTE.sub("", text).split())
    return words if len(words) <= 30 else f"…{words[-30:]}"  # noqa: PLR2004 - what fits into a message


def _cost_problems(guide: Guide) -> Iterator[Problem]:
    """Yield amounts of the front matter's costs that the sections which tell of the cost don't name."""
    front_matter, _ = parse_front_matter(guide.text, guide.path)
    for operator, profile in front_matter.profiles.items():
        cost = profile.cost
        for slug in ("overview", "fees") if guide.operator else (operator,):
            section = guide.section(slug)
            stated = figures(guide.text[section.body : section.end]) if section else frozenset()
            for yen in dict.fromkeys(amount for amount in (cost.min_yen, cost.max_yen) if amount):
                if str(yen) not in stated:
                    message = f"the front matter's cost says {yen:,} yen, but section '{slug}' doesn't"
                    yield Problem(guide.path, guide.line(section.start) if section else 1, "cost", message)
