"""An answer as the HTML of a chat message. Everything that is not ours is escaped; see markdown.py for guide text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from qa.answering.citing import mark, without_footnotes
from qa.answering.reader import for_reader
from qa.corpus.hosts import host_of
from qa.datatypes import Answer, Citation, Language, Outcome, Source
from qa.web.markdown import link, one_block, to_html
from qa.web.texts import LANGUAGE_NAMES, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.index.generation import Generation

_SYMBOLS = {Outcome.ANSWERED: "✓", Outcome.RELATED: "≈", Outcome.NOT_COVERED: "–"}
_ADDRESS = re.compile(r"(https?://[^\s。、，）]+)")


def render_question(question: str) -> str:
    """Return what a person typed as a chat message, shown as typed."""
    return one_block(f'<div class="question">{_lines(question)}</div>')


def render_message(message: str, language: Language) -> str:
    """Return a plain message of the page, like a refusal of an over-long question."""
    return one_block(f'<div class="answer" lang="{language}"><p>{escape(message)}</p></div>')


def render_answer(answer: Answer, generation: Generation, message_id: str) -> str:
    """Return answer as a chat message; message_id makes the ids of its citations unique on the page."""
    language = answer.language
    parts = [f'<p class="outcome">{_SYMBOLS[answer.outcome]} {escape(text(answer.outcome, language))}</p>']
    if answer.carried:
        names = ", ".join(generation.lexicon.operators[key].name(language) for key in answer.operators)
        names = for_reader(names, language.of_guides, language)
        parts.append(f'<p class="carried">{escape(text("carried", language).format(operator=names))}</p>')
    if answer.citations:
        parts += [_quote(citation, answer.language, message_id) for citation in answer.citations]
        parts += [_citation(citation, answer, generation, message_id) for citation in answer.citations]
    else:
        parts += [f"<p>{_with_links(part)}</p>" for part in answer.text.split("\n\n")]
    return one_block(f'<div class="answer {answer.outcome}" lang="{language}">{"".join(parts)}</div>')


def _quote(citation: Citation, language: Language, message_id: str) -> str:
    """Return the words that answer, with the marker that leads to their citation."""
    marker = f'<a class="marker" href="#{_anchor(citation, message_id)}">{mark(citation.marker)}</a>'
    html = to_html(without_footnotes(citation.quote).lstrip(" "), (), convert=_converter(citation, language))
    closing = re.search(r"(?:</(?:p|li|ol|ul|td|tr|tbody|table)>)+\Z", html)
    at = closing.start() if closing else len(html)
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in _notes(citation, language))
    return f'<div class="quote" lang="{_shown_in(citation, language)}">{notes}{html[:at]} {marker}{html[at:]}</div>'


def _citation(citation: Citation, answer: Answer, generation: Generation, message_id: str) -> str:
    """Return the citation: the quote highlighted in its section, its sources, the official link, the date."""
    language = answer.language
    guide = generation.guides[citation.guide_id, citation.language]
    section = next(each for each in guide.sections if each.section_id == citation.section_id)
    body = to_html(
        guide.text[section.body : section.end],
        guide.sources,
        (citation.start - section.body, citation.end - section.body),
        _converter(citation, language),
    )
    sources = "".join(f"<li>{_source(source, citation.language, language)}</li>" for source in citation.sources)
    official = ""
    if citation.official_url:
        official = f'<p class="official">{escape(text("official_link", language))}: {link(citation.official_url, host_of(citation.official_url))}</p>'
    summary = f"{mark(citation.marker)} {escape(' · '.join(citation.headings))}"
    return (
        # A link to something inside closed details opens them, one to the details themselves doesn't.
        f'<details class="citation"><summary>{summary}</summary>'
        f'<div class="section" id="{_anchor(citation, message_id)}" lang="{_shown_in(citation, language)}">{body}</div>'
        f'<p class="label">{escape(text("sources", language))}</p><ul class="sources">{sources}</ul>{official}'
        f'<p class="checked">{escape(text("checked", language).format(date=citation.checked))}</p></details>'
    )


def _source(source: Source, written: Language, language: Language) -> str:
    date = text("page_dated", language).format(date=source.date) if source.date else text("undated", language)
    kind = text(source.publisher, language)
    title = for_reader(source.title, written, language)
    return f"{link(source.url, title)} <small>({escape(kind)}, {escape(date)})</small>"


def _notes(citation: Citation, language: Language) -> list[str]:
    if citation.language is Language.ZH_HANS and language is Language.ZH_HANT:
        return [text("converted", language)]
    if citation.language is not language:
        return [text("in_language", language).format(language=LANGUAGE_NAMES[citation.language])]
    return []


def _shown_in(citation: Citation, language: Language) -> Language:
    """Return the language that the citation's words are shown in, for the right Han glyphs."""
    return language if citation.language is language.of_guides else citation.language


def _anchor(citation: Citation, message_id: str) -> str:
    return f"c-{message_id}-{citation.marker}"


def _converter(citation: Citation, language: Language) -> Callable[[str], str]:
    return lambda text: for_reader(text, citation.language, language)


def _with_links(plain: str) -> str:
    pieces = _ADDRESS.split(plain)
    return "".join(link(piece, piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces))


def _lines(typed: str) -> str:
    return "<br>".join(escape(line) for line in typed.splitlines() if line.strip())
