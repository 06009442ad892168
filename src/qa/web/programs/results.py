"""What programs get: the JSON of `qa ask`, `qa search`, the HTTP endpoints and the MCP tools, with a description of every key.

The values are those of qa.datatypes; they stand here once more since a schema that outsiders read says what each key means.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from qa.datatypes import Language, Mode, Outcome, Publisher

Path = Annotated[
    str | None,
    Field(
        description="Where people read it on this server, relative to the server's address; absent where there is no server.",
        # Where no page is served, the keys are exactly those that the command line has always printed.
        exclude_if=lambda path: path is None,
    ),
]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceResult(_Result):
    """A public page that facts rest on."""

    id: str = Field(description="The footnote that names it in the guide, as in [^s1].")
    title: str
    url: str
    publisher: Publisher = Field(description="Who stands behind the page: the operator itself, an authority, or a third party.")
    date: str | None = Field(description="The page's own date (YYYY, YYYY-MM or YYYY-MM-DD); null where it shows none.")


class CitationResult(_Result):
    """What an answer rests on. quote is the guide's text from start to end, exactly."""

    marker: int = Field(description="The number that stands in the answer's text as [1].")
    guide_id: str
    section_id: str = Field(description="The section that the quote is from: guide_id#slug.")
    language: Language = Field(description="The language of the guide that is quoted.")
    headings: tuple[str, ...] = Field(description="The guide's title and the headings above the quote.")
    quote: str = Field(description="The guide's own words, Markdown with footnotes: text[start:end] of the guide.")
    display: str = Field(
        description="The quote to show: footnotes are links to their sources, and simplified Chinese is converted for readers of zh-Hant."
    )
    start: int = Field(
        description="Where the quote starts in the guide's text, in Unicode code points (JavaScript counts others)."
    )
    end: int = Field(description="Where the quote ends in the guide's text, in Unicode code points.")
    sources: tuple[SourceResult, ...] = Field(description="The pages that the quote's footnotes name.")
    checked: str = Field(description="The day on which the guide's facts were compiled. Conditions change: say this date.")
    official_url: str | None = Field(description="The operator's own page, where there is one.")
    path: Path = None


class AskResult(_Result):
    """One answer. It is quoted from the guides; no language model wrote any of it."""

    question: str = Field(description="The question as it was sent.")
    language: Language = Field(description="The language of the answer: the question's own, unless another was wanted.")
    outcome: Outcome = Field(
        description="answered: text answers the question. related: text holds the closest passages, which are no answer. "
        "not_covered: the guides don't cover it; text says what they do cover and names the operator's own page."
    )
    text: str = Field(description="The answer as plain text, with the markers of its citations.")
    confidence: float = Field(description="How sure the outcome `answered` is, in [0, 1].")
    citations: tuple[CitationResult, ...] = Field(
        description="What the answer rests on, by marker; none where outcome is not_covered."
    )
    follow_ups: tuple[str, ...] = Field(description="Questions that the same guide answers.")
    asked: str = Field(description="The question as it was understood: complete in itself where one before completed it.")
    did_you_mean: tuple[str, ...] = Field(
        description="Questions to ask instead, where a name in this one is misspelt or means several operators."
    )
    generation: str = Field(description="The built index that was asked; offsets count in its guides.")
    timings_ms: dict[str, float] = Field(description="How long it took, in milliseconds; without the wait for a turn.")


class PartsResult(_Result):
    """What a score was made of, each in [0, 1]; null where it took no part."""

    dense: float | None = Field(description="Likeness of the whole passage's embedding to the question's.")
    lexical: float | None = Field(description="Share of the question's words that the passage holds, rare words weighing more.")
    late: float | None = Field(description="Likeness of the passage's words to the question's, word by word.")
    phrasing: float | None = Field(description="Likeness of the question to those that are known to ask for the section.")


class HitResult(_Result):
    """A passage that was found. text is the guide's text from start to end, exactly."""

    passage_id: str
    guide_id: str
    section_id: str = Field(description="The section that the passage is from: guide_id#slug.")
    language: Language
    headings: tuple[str, ...] = Field(description="The guide's title and the headings above the passage.")
    text: str = Field(description="The guide's own words, Markdown with footnotes.")
    start: int = Field(description="Where the passage starts in the guide's text, in Unicode code points.")
    end: int = Field(description="Where the passage ends in the guide's text, in Unicode code points.")
    score: float = Field(description="In [0, 1], higher is better; it means the same for every query, filter and k.")
    parts: PartsResult
    path: Path = None


class SearchResult(_Result):
    """Passages, best first."""

    query: str
    mode: Mode
    generation: str = Field(description="The built index that was searched.")
    hits: tuple[HitResult, ...]


class SectionResult(_Result):
    """The text under one heading of a guide."""

    section_id: str = Field(description="guide_id#slug; the slug is the same in every language.")
    headings: tuple[str, ...] = Field(description="The guide's title and the section's heading.")
    is_known: bool = Field(description="Whether the section holds facts; false where nothing could be found out.")


class PlacedSectionResult(SectionResult):
    """A section and where it stands in the guide's text."""

    start: int = Field(description="Where the section starts in text, its heading included, in Unicode code points.")
    end: int = Field(description="Where the section ends in text, in Unicode code points.")
    official_url: str | None = Field(description="The page of the operator that the section is about, where there is one.")
    path: Path = None


class GuideHead(_Result):
    """What a guide is about."""

    guide_id: str = Field(description="The guide's name, the same in every language.")
    language: Language = Field(description="The language that this version is written in.")
    title: str
    operator: str | None = Field(description="The operator that the guide is about; null for a topic's guide.")
    topic: str | None = Field(description="The topic that the guide is about; null for an operator's guide.")
    checked: str = Field(description="The day on which the guide's facts were compiled.")
    official_url: str | None = Field(description="The operator's own page, where there is one.")
    path: Path = None


class GuideEntry(GuideHead):
    """A guide in the list of guides."""

    sections: tuple[SectionResult, ...] | None = Field(description="The guide's sections; null where they were not wanted.")


class GuidesResult(_Result):
    """Every guide, once."""

    language: Language = Field(description="The language that was wanted; a guide that is not written in it is in the nearest.")
    generation: str
    guides: tuple[GuideEntry, ...]


class GuideResult(GuideHead):
    """A whole guide."""

    generation: str
    sources: tuple[SourceResult, ...] = Field(description="The pages that its footnotes name.")
    sections: tuple[PlacedSectionResult, ...]
    text: str = Field(
        description="The whole file as written: front matter, then Markdown with footnotes. Offsets of citations and hits count in it."
    )


class Fault(_Result):
    """What went wrong."""

    type: str = Field(description="The kind of error, for programs.")
    message: str = Field(description="What was found, what was expected, and what mends it, for people.")


class ErrorResult(_Result):
    """Every response that is no success."""

    error: Fault
