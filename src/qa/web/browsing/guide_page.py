"""The page of a whole guide: every citation leads to a section of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from qa.answering.reader import for_reader
from qa.datatypes import Language
from qa.web.age import is_old
from qa.web.browsing.shell import render
from qa.web.languages import chat_path, guide_path
from qa.web.markdown import link, to_html
from qa.web.texts import LANGUAGE_NAMES, text

if TYPE_CHECKING:
    from datetime import date

    from qa.datatypes import Guide, Section
    from qa.index.generation import Generation

# The title is the page's first heading, and stands first among a section's headings.
_TITLE = 1
_DEEPEST = 6


@dataclass(frozen=True)
class Part:
    """A section as it is shown. level is its heading's, from 2; official leads to the operator's own page, "" where the guide's does."""

    slug: str
    heading: str
    level: int
    body: Markup
    is_known: bool
    official: Markup


def guide_page(generation: Generation, language: Language, guide_id: str, today: date) -> str | None:
    """Return the page of a guide for readers of language, None where there is no such guide."""
    guide = generation.guide(guide_id, language)
    if guide is None:
        return None
    operator = _name(generation, guide.operator, language)
    return render(
        "guide",
        language,
        lambda each: guide_path(each, guide_id),
        guide=guide,
        title=for_reader(guide.title, guide.language, language),
        shown_in=language if guide.language is language.of_guides else guide.language,
        notes=_notes(guide, language),
        is_old=is_old(guide.checked, today),
        official=_official(guide.official_url, operator, language),
        question=chat_path(language, text("guide_question", language).format(operator=operator) if operator else ""),
        parts=[_part(section, guide, generation, language) for section in guide.sections],
        sources=[(source, for_reader(source.title, guide.language, language)) for source in guide.sources],
    )


def _part(section: Section, guide: Guide, generation: Generation, language: Language) -> Part:
    def read(words: str) -> str:
        return for_reader(words, guide.language, language)

    shared = section.official_url if section.official_url != guide.official_url or not section.is_known else None
    return Part(
        slug=section.slug,
        heading=read(section.headings[-1]),
        level=min(len(section.headings) - _TITLE + 1, _DEEPEST),
        body=Markup(to_html(guide.text[section.body : section.end], guide.sources, convert=read)),  # noqa: S704  to_html lets no harm pass
        is_known=section.is_known,
        official=_official(shared, _name(generation, section.operator, language), language),
    )


def _name(generation: Generation, operator: str | None, language: Language) -> str:
    named = generation.lexicon.operators.get(operator) if operator else None
    return for_reader(named.name(language), language.of_guides, language) if named else operator or ""


def _official(url: str | None, operator: str, language: Language) -> Markup:
    """Return the link to operator's own page, "" where url is None."""
    if url is None:
        return Markup()
    label = text("official_link" if operator else "official_link_of_topic", language).format(operator=operator)
    return Markup(link(url, label, official=True))  # noqa: S704  link escapes both


def _notes(guide: Guide, language: Language) -> list[str]:
    """Return what is to be known of the guide's language."""
    if guide.language is language.of_guides:
        return [text("converted", language)] if guide.language is not language else []
    return [text("guide_written_in", language).format(language=LANGUAGE_NAMES[guide.language])]
