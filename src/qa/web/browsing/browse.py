"""The list of all operators with what is compared of them: for those who'd rather look than ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.reader import for_reader
from qa.corpus.comparison_rows import is_unsure, rows_of, tell
from qa.corpus.comparison_wording import WORDING
from qa.datatypes import Language
from qa.web.age import is_old
from qa.web.browsing.operator_choice import FILTERS, SORTS, OperatorChoice, group_of
from qa.web.browsing.shell import render
from qa.web.languages import browse_path, guide_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qa.corpus.comparison_rows import Row
    from qa.datatypes import Guide
    from qa.index.generation import Generation

COLUMNS = ("online", "cost", "last_month", "sim", "abroad")


@dataclass(frozen=True)
class Cell:
    """A value as it is shown. kind is the choice that stands for it; path leads to the section that tells more, if one does."""

    key: str
    kind: str
    value: str
    date: str
    confidence: str
    is_old: bool
    is_unsure: bool
    path: str


@dataclass(frozen=True)
class Line:
    """An operator as it is shown; closed says that it takes no new customers, where it is known."""

    name: str
    path: str
    closed: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Title:
    """A guide as it is listed, in the language that it is written in."""

    title: str
    path: str
    language: Language


@dataclass(frozen=True)
class Field:
    """A field of the form that offers a choice: options are values, each with its words."""

    key: str
    chosen: str
    options: tuple[tuple[str, str], ...]


def browse_page(generation: Generation, language: Language, choice: OperatorChoice, today: date) -> str:
    """Return the page with the operators that choice asks for."""
    rows = rows_of(tuple(generation.guides.values()), generation.lexicon, language.of_guides)
    chosen = choice.apply(rows, generation.lexicon)
    return render(
        "browse",
        language,
        lambda each: browse_path(each) + choice.query,
        columns=COLUMNS,
        lines=[_line(row, language, today) for row in chosen],
        all=len(rows),
        choice=choice,
        fields=_fields(rows, choice),
        topics=_topics(generation, language),
    )


def _line(row: Row, language: Language, today: date) -> Line:
    wording = WORDING[language.of_guides]
    status = row.profile.status
    closed = tell(status, wording.columns["status"], wording).value if status.value == "closed" else ""
    return Line(
        name=for_reader(row.name, language.of_guides, language),
        path=guide_path(language, row.guide.guide_id, "" if row.guide.operator else row.operator),
        closed=for_reader(closed, language.of_guides, language),
        cells=tuple(_cell(row, key, language, today) for key in COLUMNS),
    )


def _cell(row: Row, key: str, language: Language, today: date) -> Cell:
    wording = WORDING[language.of_guides]
    cell = row.profile.compared[key]
    told = tell(cell, wording.columns[key], wording)
    section = row.section(key)
    return Cell(
        key=key,
        kind=group_of(key, cell) if key in FILTERS else "known" if cell.is_known else "unknown",
        value=for_reader(told.value, language.of_guides, language),
        date=for_reader(told.date, language.of_guides, language),
        confidence=for_reader(told.confidence, language.of_guides, language),
        is_old=bool(cell.is_known and cell.date and is_old(cell.date, today)),
        is_unsure=is_unsure(cell),
        path=guide_path(language, row.guide.guide_id, section.slug) if section and section.is_known else "",
    )


def _fields(rows: Sequence[Row], choice: OperatorChoice) -> list[Field]:
    """Return the form's fields; what no operator has can't be chosen, unless it was."""
    fields = []
    for key, groups in FILTERS.items():
        chosen = getattr(choice, key)
        there = {group_of(key, row.profile.compared[key]) for row in rows} | {chosen}
        options = [("", "browse_any"), *((group, f"browse_{key}_{group}") for group in groups if group in there)]
        fields.append(Field(key, chosen, tuple(options)))
    sorts = [("" if sort == SORTS[0] else sort, f"browse_sort_{sort}") for sort in SORTS]
    return [*fields, Field("sort", choice.sort, tuple(sorts))]


def _topics(generation: Generation, language: Language) -> list[Title]:
    """Return the guides that are about no single operator, in corpus order."""
    ids = dict.fromkeys(guide.guide_id for guide in generation.guides.values() if guide.topic)
    guides = [guide for guide_id in ids if (guide := generation.guide(guide_id, language))]
    return [_title(guide, language) for guide in guides]


def _title(guide: Guide, language: Language) -> Title:
    title = for_reader(guide.title, guide.language, language)
    shown_in = language if guide.language is language.of_guides else guide.language
    return Title(title, guide_path(language, guide.guide_id), shown_in)
