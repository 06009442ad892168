"""The values that flow from the guides to the answer; design and invariants are explained in docs/architecture.md.

Every one survives `json.dumps(asdict(x))`. Offsets count code points.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language that questions are asked in; guides are written in all but zh-Hant, which is converted from zh-Hans."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    JA = "ja"
    EN = "en"

    @property
    def of_guides(self) -> Language:
        """Return the language of the guides that serve readers of this one."""
        return Language.ZH_HANS if self is Language.ZH_HANT else self


GUIDE_LANGUAGES = (Language.ZH_HANS, Language.JA, Language.EN)


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    RELATED = "related"
    NOT_COVERED = "not_covered"


class Publisher(StrEnum):
    """Who stands behind a source."""

    OPERATOR = "operator"
    OFFICIAL = "official"
    THIRD_PARTY = "third-party"


class Mode(StrEnum):
    """How hits are scored."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


class SectionStatus(StrEnum):
    """Whether a section holds facts."""

    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Problem:
    """One fault in a file: where it is and what to do about it. Line is 1-based."""

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.rule}]"


@dataclass(frozen=True)
class Source:
    """A public page that facts rest on. date is the page's own (YYYY, YYYY-MM or YYYY-MM-DD), None where it shows none."""

    id: str
    title: str
    url: str
    publisher: Publisher
    date: str | None


@dataclass(frozen=True)
class Section:
    """The text under one heading: `guide.text[start:end]`, heading line included. body is where the text behind the heading starts.

    operator is whom the section is about, official_url that operator's own page: the guide's, unless several operators share the guide.
    """

    section_id: str
    slug: str
    headings: tuple[str, ...]
    start: int
    body: int
    end: int
    status: SectionStatus
    operator: str | None
    official_url: str | None

    @property
    def is_known(self) -> bool:
        """Whether the section holds facts."""
        return self.status is SectionStatus.KNOWN


@dataclass(frozen=True)
class Guide:
    """A Markdown file: text is the whole file, front matter included. Exactly one of operator and topic is set."""

    guide_id: str
    language: Language
    title: str
    operator: str | None
    topic: str | None
    checked: str
    official_url: str | None
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]
    text: str
    path: str

    def section(self, slug: str) -> Section | None:
        """Return the section with this slug, None where the guide has none."""
        return next((section for section in self.sections if section.slug == slug), None)

    def line(self, offset: int) -> int:
        """Return the line, counted from 1, that offset stands in."""
        return self.text.count("\n", 0, offset) + 1


@dataclass(frozen=True)
class Passage:
    """The indexed unit: `guide.text[start:end] == text`, inside one section."""

    passage_id: str
    guide_id: str
    section_id: str
    language: Language
    headings: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Parts:
    """What a score was made of, each in [0, 1]; None where the engine did not take part."""

    dense: float | None = None
    lexical: float | None = None
    late: float | None = None
    phrasing: float | None = None


@dataclass(frozen=True)
class Weights:
    """What a score is put together with; docs/decisions/ranking.md has the table that chose these, on the dev questions.

    coverage, phrasing: weights beside late interaction, whose weight is 1. window: within late interaction, the weight of the best window of
    the passage beside the whole of it. token_power: the power to which a token of the question weighs by how far it is from the centre of
    its language. other_subject, other_section: factors in (0, 1] for passages of
    another subject (a topic's guide where the question names an operator, one operator's guide where it names none), and of a section that
    is not about what the question names.
    """

    coverage: float = 0.2
    phrasing: float = 2.0
    window: float = 2.0
    token_power: float = 2.0
    other_subject: float = 0.9
    other_section: float = 0.95


@dataclass(frozen=True)
class Hit:
    """A passage that was found. A list of hits is in rank order; score is in [0, 1], higher is better."""

    passage: Passage
    score: float
    parts: Parts


@dataclass(frozen=True)
class Citation:
    """What an answer rests on: `quote == guide.text[start:end]`. display is the quote as shown: footnote marks turned to links."""

    marker: int
    guide_id: str
    section_id: str
    language: Language
    headings: tuple[str, ...]
    quote: str
    display: str
    start: int
    end: int
    sources: tuple[Source, ...]
    checked: str
    official_url: str | None


@dataclass(frozen=True)
class Answer:
    """What comes back for a question.

    text holds the markers of its citations as `[1]`. confidence is in [0, 1]. operators are the ones that the answer is about;
    carried says that an earlier turn completed the question. asked is the question as it was understood, complete in itself. follow_ups are
    questions that the same guide answers, did_you_mean questions to ask instead, where a name in this one is misspelt or means several
    operators.
    """

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    confidence: float
    follow_ups: tuple[str, ...]
    language: Language
    operators: tuple[str, ...] = ()
    carried: bool = False
    generation: str = ""
    asked: str = ""
    did_you_mean: tuple[str, ...] = ()
