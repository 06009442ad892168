"""The comparison of all operators: a guide that is written from the operators' front matter, so that it can't say otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qa.corpus.comparison_rows import Row, is_unsure, profiles_of, rows_of, tell, value_of
from qa.corpus.comparison_wording import WORDING, Column, Wording
from qa.corpus.hosts import host_of
from qa.datatypes import GUIDE_LANGUAGES, Language, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.corpus.front_matter import Compared
    from qa.corpus.lexicon import Lexicon
    from qa.datatypes import Guide

GUIDE_ID = "comparison"
# A row cites the first of a value's sources; the operator's guide has them all.
_CITED = 2


def comparison_path(language: Language) -> str:
    """Return where the comparison in language lies, below the corpus."""
    return f"{language}/topics/{GUIDE_ID}.md"


def write_comparisons(corpus: Path, guides: Sequence[Guide], names: Lexicon) -> list[str]:
    """Write the comparison anew; return the files, relative to corpus, whose text is new.

    A language gets its first once all operators have guides in it, so that each can be read on.
    """
    changed = []
    compared = compared_operators(guides)
    for language in GUIDE_LANGUAGES if compared else ():
        path = corpus / comparison_path(language)
        written = compared_operators([guide for guide in guides if guide.language is language])
        if compared - written and not path.exists():
            continue
        text = comparison(guides, names, language)
        if not path.exists() or path.read_bytes() != text.encode():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(comparison_path(language))
    return changed


def compared_operators(guides: Sequence[Guide]) -> frozenset[str]:
    """Return the operators that guides tell of; where there is none, there is nothing to compare."""
    return frozenset(operator for guide in guides for operator in profiles_of(guide))


def comparison(guides: Sequence[Guide], names: Lexicon, language: Language) -> str:
    """Return the comparison in language as the text of a guide; guides tell of one operator at least."""
    rows = rows_of(guides, names, language)
    wording = WORDING[language]
    cited: dict[str, tuple[Row, Source]] = {}
    sections = [_section(key, column, wording, rows, cited) for key, column in wording.columns.items()]
    checked = min(guide.checked for guide in guides if profiles_of(guide))
    sources = [
        f"  - {{id: {key}, title: {_quoted(wording.source.format(name=row.name, host=host_of(source.url)))}, "
        f"url: {_quoted(source.url)}, publisher: {source.publisher}, date: {_quoted(source.date)}}}"
        for key, (row, source) in cited.items()
    ]
    head = ["---", f"title: {_quoted(wording.title)}", f"topic: {GUIDE_ID}", "official_url: null", f"checked: {checked}"]
    head += ["sources:" if sources else "sources: []", *sources, "---", ""]
    return "\n".join(head) + "\n\n".join(sections) + "\n"


def _section(key: str, column: Column, wording: Wording, rows: Sequence[Row], cited: dict[str, tuple[Row, Source]]) -> str:
    """Return one column as a section: a paragraph that names the operators of each value, then a list with a line for each."""
    by_value: dict[str, list[Row]] = {value: [] for value in column.values}
    for row in rows:
        by_value[value_of(row.profile.compared[key])].append(row)
    groups = [
        wording.group.format(
            what=column.values[value][0],
            count=len(members),
            names=wording.comma.join(_name(row, row.profile.compared[key], wording) for row in members),
        )
        for value, members in by_value.items()
        if members
    ]
    # A line for each value: each can be quoted alone.
    opening = column.opening.format(all=len(rows)) + "\n".join(group + wording.stop for group in groups)
    lines = [_line(row, row.profile.compared[key], column, wording, cited) for row in rows]
    slug = key.replace("_", "-")
    return "\n".join([f"## {column.heading} {{#{slug}}}", "", opening, "", wording.legend, "", *lines])


def _name(row: Row, cell: Compared, wording: Wording) -> str:
    return wording.unsure.format(name=row.name) if is_unsure(cell) else row.name


def _line(row: Row, cell: Compared, column: Column, wording: Wording, cited: dict[str, tuple[Row, Source]]) -> str:
    told = tell(cell, column, wording)
    if not cell.is_known:
        return wording.unknown.format(name=row.name, value=told.value)
    sources = {source.id: source for source in row.guide.sources}
    marks = ""
    for source_id in cell.sources[:_CITED]:
        if source := sources.get(source_id):
            key = f"{row.operator}_{source_id}"  # an operator's key holds no underscore: no two are alike
            cited[key] = row, source
            marks += f"[^{key}]"
    return wording.row.format(name=row.name, value=told.value, confidence=told.confidence, date=told.date) + marks


def _quoted(text: str | None) -> str:
    """Return text as YAML, which takes JSON's strings."""
    return json.dumps(text, ensure_ascii=False)
