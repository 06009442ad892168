"""An answer as plain text that stands alone: what is copied into a message to somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.citing import mark
from qa.answering.reader import for_reader
from qa.corpus.characters import quotable, visible
from qa.datatypes import Answer, Citation, Language
from qa.web.chat.official import official_label
from qa.web.texts import text

if TYPE_CHECKING:
    from qa.index.generation import Generation


def plain_answer(answer: Answer, generation: Generation) -> str:
    """Return the question, the outcome, the answer, and for each citation its place, its sources and the official link."""
    language = answer.language
    asked = f"{text('asked', language)}{answer.asked}"
    parts = [f"{asked}\n{text(answer.outcome, language)}", answer.text]
    parts += [_citation(citation, generation, language) for citation in answer.citations]
    return visible("\n\n".join([*parts, f"{text('title', language)} ({generation.id})"]))


def _citation(citation: Citation, generation: Generation, language: Language) -> str:
    checked = text("checked", language).format(date=citation.checked)
    lines = [f"{mark(citation.marker)} {quotable(' · '.join(citation.headings))} ({checked})"]
    for source in citation.sources:
        title = quotable(for_reader(source.title, citation.language, language))
        lines.append(f"- {title} ({text(source.publisher, language)}) {source.url}")
    if citation.official_url:
        lines.append(f"- {official_label(citation, generation, language)}: {citation.official_url}")
    return "\n".join(lines)
