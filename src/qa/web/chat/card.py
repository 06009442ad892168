"""An answer as the HTML of a chat message. Everything that is not ours is escaped; see markdown.py for guide text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from qa.answering.citing import mark, without_footnotes
from qa.answering.reader import for_reader
from qa.corpus.characters import INVISIBLE, displayed, visible
from qa.datatypes import Answer, Citation, Language, Outcome, Source
from qa.web.age import is_old
from qa.web.chat.official import name_of, official_label, section_of
from qa.web.chat.plain import plain_answer
from qa.web.languages import browse_path, chat_path, guide_path
from qa.web.markdown import link, one_block, to_html
from qa.web.texts import LANGUAGE_NAMES, text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from qa.index.generation import Generation

_SYMBOLS = {Outcome.ANSWERED: "✓", Outcome.RELATED: "≈", Outcome.NOT_COVERED: "–"}
_ADDRESS = re.compile(r"(https?://[^\s。、，）]+)")
# What can be said of an answer, by what became of the question.
_VERDICTS = {
    Outcome.ANSWERED: ("helpful", "wrong", "outdated"),
    Outcome.RELATED: ("helpful", "wrong", "missing"),
    Outcome.NOT_COVERED: ("missing",),
}


def render_question(question: str) -> str:
    """Return what a person typed as a chat message, shown as typed."""
    return one_block(f'<div class="question">{_lines(question)}</div>')


def render_message(message: str, language: Language) -> str:
    """Return a plain message of the page, like a refusal of an over-long question."""
    return one_block(f'<article class="answer failed" lang="{language}"><p>{escape(message)}</p></article>')


def render_answer(answer: Answer, generation: Generation, message_id: str, page: Language, *, feedback: bool) -> str:
    """Return answer as a chat message.

    Args:
        answer: The answer.
        generation: What its offsets count in.
        message_id: Makes the ids of its citations unique on the page.
        page: The language of the page, which links stay in; the card itself is in the answer's.
        feedback: Whether the page takes feedback.
    """
    language = answer.language
    parts = [f'<p class="outcome"><b>{_SYMBOLS[answer.outcome]}</b> {escape(text(answer.outcome, language))}</p>']
    if answer.carried:
        carried = text("carried", language).format(operator=_names(answer, generation))
        parts.append(f'<p class="carried">{escape(displayed(carried))}</p>')
    parts += _evidence(answer, generation, message_id, page) if answer.citations else _refusal(answer, generation, page)
    parts.append(_actions(answer, page, feedback=feedback))
    parts.append(f'<div class="payload">{escape(_payload(answer, generation))}</div>')
    return one_block(f'<article class="answer {answer.outcome}" lang="{language}">{"".join(parts)}</article>')


def _evidence(answer: Answer, generation: Generation, message_id: str, page: Language) -> list[str]:
    """Return the words that answer, where to check them, and the citations behind them."""
    language, citations = answer.language, answer.citations
    parts = []
    if answer.outcome is Outcome.RELATED:
        parts.append(f'<p class="lead">{escape(displayed(answer.text.partition(chr(10) * 2)[0]))}</p>')
    notes = dict.fromkeys(note for citation in citations for note in _notes(citation, language))
    parts += [f'<p class="note">{escape(note)}</p>' for note in notes]
    titles = [_title(citation, generation, language) if len(citations) > 1 else "" for citation in citations]
    parts += [_quote(citation, language, message_id, title) for citation, title in zip(citations, titles, strict=True)]
    parts.append(_to_check(citations, generation, language))
    parts += [_citation(citation, generation, message_id, language, page) for citation in citations]
    return parts


def _refusal(answer: Answer, generation: Generation, page: Language) -> list[str]:
    """Return what the answer says, with a way to what the guides do cover."""
    about = [section for operator in answer.operators for section in generation.sections_about(operator, answer.language)]
    official = {section.official_url for section in about}
    parts = [f"<p>{_with_links(part, official)}</p>" for part in answer.text.split("\n\n")]
    return [*parts, f'<p><a class="inside" href="{browse_path(page)}">{escape(text("all_operators", answer.language))}</a></p>']


def _quote(citation: Citation, language: Language, message_id: str, title: str) -> str:
    """Return the words that answer, below what they are about, with the marker that leads to their citation."""
    marker = f'<a class="marker" href="#{_anchor(citation, message_id)}">{mark(citation.marker)}</a>'
    html = to_html(without_footnotes(citation.quote).lstrip(" "), (), convert=_converter(citation, language))
    closing = re.search(r"(?:</(?:p|li|ol|ul|td|tr|tbody|table)>)+\Z", html)
    at = closing.start() if closing else len(html)
    about = f'<p class="from">{escape(displayed(title))}</p>' if title else ""
    return f'<div class="quote" lang="{_shown_in(citation, language)}">{about}{html[:at]} {marker}{html[at:]}</div>'


def _title(citation: Citation, generation: Generation, language: Language) -> str:
    """Return whom and what the citation is about, shorter than its headings where it is one operator."""
    operator = section_of(citation, generation).operator
    return " · ".join((name_of(operator, generation, language), *citation.headings[1:]) if operator else citation.headings)


def _to_check(citations: tuple[Citation, ...], generation: Generation, language: Language) -> str:
    """Return where a reader can check the answer: the operators' own pages, and how old the guides are."""
    cited = {each.official_url: each for each in citations if each.official_url}
    if any(section_of(each, generation).operator for each in cited.values()):
        # A topic's page, often another operator's, would be taken for one of theirs.
        cited = {url: each for url, each in cited.items() if section_of(each, generation).operator}
    links = [link(url, official_label(each, generation, language), official=True) for url, each in cited.items()]
    oldest = min(citation.checked for citation in citations)
    dated = f'<span class="checked">{escape(text("checked", language).format(date=oldest))}</span>'
    warning = ""
    if is_old(oldest, datetime.now(UTC).date()):
        warning = f'<p class="old"><b>!</b> {escape(text("checked_old", language))}</p>'
    return f'<p class="to-check">{" ".join([*links, dated])}</p>{warning}'


def _citation(citation: Citation, generation: Generation, message_id: str, language: Language, page: Language) -> str:
    """Return the citation: the quote highlighted in its section, its sources, the way to the whole guide."""
    guide = generation.guides[citation.guide_id, citation.language]
    section = section_of(citation, generation)
    body = to_html(
        guide.text[section.body : section.end],
        guide.sources,
        (citation.start - section.body, citation.end - section.body),
        _converter(citation, language),
    )
    sources = "".join(f"<li>{_source(source, citation.language, language)}</li>" for source in citation.sources)
    whole = guide_path(page, citation.guide_id, section.slug)
    return (
        # A link to something inside closed details opens them, one to the details themselves doesn't.
        f'<details class="citation"><summary>{mark(citation.marker)} {escape(displayed(" · ".join(citation.headings)))}</summary>'
        f'<div class="section" id="{_anchor(citation, message_id)}" lang="{_shown_in(citation, language)}">{body}</div>'
        f'<p class="label">{escape(text("sources", language))}</p><ul class="sources">{sources}</ul>'
        f'<p class="dated">{escape(text("checked", language).format(date=citation.checked))} · '
        f'<a class="inside" href="{escape(whole)}">{escape(text("whole_guide", language))}</a></p></details>'
    )


def _source(source: Source, written: Language, language: Language) -> str:
    date = text("page_dated", language).format(date=source.date) if source.date else text("undated", language)
    title = for_reader(source.title, written, language)
    kind = f'<span class="kind {source.publisher}">{escape(text(source.publisher, language))}</span>'
    return f"{link(source.url, title)} <small>{kind} {escape(date)}</small>"


def _actions(answer: Answer, page: Language, *, feedback: bool) -> str:
    """Return the buttons of the card; what they do is in static/card.js."""
    language = answer.language
    again = f'<a class="again" href="{escape(chat_path(page, answer.asked))}">{escape(text("link", language))}</a>'
    copy = f'<button type="button" class="copy">{escape(text("copy", language))}</button>'
    verdicts = [
        f'<button type="button" class="verdict {verdict}">{escape(text(f"feedback_{verdict}", language))}</button>'
        for verdict in _VERDICTS[answer.outcome]
        if feedback
    ]
    return f'<div class="actions">{copy}{again}{"".join(verdicts)}</div>'


def _payload(answer: Answer, generation: Generation) -> str:
    """Return, for the page's own script, the answer as text to copy and what feedback on it is about."""
    about = {
        "question": answer.asked,
        "outcome": answer.outcome,
        "sections": [citation.section_id for citation in answer.citations],
        "operators": list(answer.operators),
        "generation": answer.generation,
        "language": answer.language,
    }
    payload = json.dumps({"about": about, "plain": plain_answer(answer, generation)}, ensure_ascii=False)
    # A question is kept as it was asked, but nothing that deceives the eye stands in the page.
    return INVISIBLE.sub(lambda unseen: json.dumps(unseen[0])[1:-1], payload)


def _names(answer: Answer, generation: Generation) -> str:
    return ", ".join(name_of(key, generation, answer.language) for key in answer.operators)


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


def _with_links(plain: str, official: Collection[str | None]) -> str:
    """Return plain with the operators' own pages linked; an address that stands in a name is none of them."""
    pieces = _ADDRESS.split(plain)
    return "".join(link(piece, piece, official=True) if piece in official else escape(displayed(piece)) for piece in pieces)


def _lines(typed: str) -> str:
    return "<br>".join(escape(visible(line)) for line in typed.splitlines() if line.strip())
