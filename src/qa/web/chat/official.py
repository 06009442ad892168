"""Whose page it is that a citation can be checked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.reader import for_reader
from qa.datatypes import Citation, Language, Section
from qa.web.texts import text

if TYPE_CHECKING:
    from qa.index.generation import Generation


def section_of(citation: Citation, generation: Generation) -> Section:
    """Return the section that citation quotes."""
    sections = generation.guides[citation.guide_id, citation.language].sections
    return next(section for section in sections if section.section_id == citation.section_id)


def name_of(operator: str, generation: Generation, language: Language) -> str:
    """Return what operator is called by readers of language; its key where the lexicon doesn't know it."""
    known = generation.lexicon.operators.get(operator)
    return for_reader(known.name(language), language.of_guides, language) if known else operator


def official_label(citation: Citation, generation: Generation, language: Language) -> str:
    """Return what citation's official page is: the operator's own, or one on the topic, which may be any operator's or a public body's."""
    operator = section_of(citation, generation).operator
    if operator is None:
        return text("official_link_of_topic", language)
    return text("official_link", language).format(operator=name_of(operator, generation, language))
