"""What has to hold of phrasings: each asks for something that is there, and for one thing; every section has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus.folding import fold
from qa.corpus.phrasings import FOLDER, OPERATORS, OUTSIDE, TOPICS, phrasing_paths, read_phrasing_file, target, target_of
from qa.corpus.yaml_text import line_of
from qa.datatypes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from qa.datatypes import Guide

FEWEST = 3  # phrasings of a target, in all languages


def phrasing_problems(corpus: Path, guides: Sequence[Guide]) -> Iterator[Problem]:
    """Yield phrasings of sections that no guide has, phrasings that stand twice, and sections that none asks for."""
    wanted = {target_of(section): (guide, section) for guide in guides for section in guide.sections if section.is_known}
    counts: dict[str, int] = {}
    first: dict[str, str] = {}
    paths = phrasing_paths(corpus)
    for path in paths:
        file = path.relative_to(corpus.parent).as_posix()
        written, text = read_phrasing_file(path, corpus)
        for slug, by_language in written.root.items():
            asked = target(path, slug)
            if path.name != OUTSIDE and asked not in wanted:
                message = f"'{asked}': no guide has such a section with facts; name one that has, or delete its phrasings"
                yield Problem(file, line_of(text, (slug,)), "phrasing", message)
            for language, texts in by_language.items():
                if path.name != OUTSIDE:
                    counts[asked] = counts.get(asked, 0) + len(texts)
                for number, phrasing in enumerate(texts):
                    line = line_of(text, (slug, language.value, number))
                    if other := first.get(fold(phrasing)):
                        yield Problem(
                            file, line, "phrasing", f"'{phrasing}' stands in {other} already; a question asks for one thing"
                        )
                    first.setdefault(fold(phrasing), f"{file}:{line}")
    for asked, (guide, section) in wanted.items() if paths else ():
        if counts.get(asked, 0) < FEWEST and section.slug != section.operator:
            place = f"{TOPICS}/{guide.guide_id}.yaml" if guide.operator is None else OPERATORS
            message = (
                f"'{asked}' has {counts.get(asked, 0)} phrasings; write {FEWEST} or more into {corpus.name}/{FOLDER}/{place}"
            )
            yield Problem(guide.path, guide.line(section.start), "phrasing", message)
