"""Rules for guides. Some faults make a guide unusable, so a build refuses it; the others only the check reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus import hosts, lexicon
from qa.corpus.comparison import GUIDE_ID as COMPARISON
from qa.corpus.guides import read_corpus
from qa.corpus.hosts import Hosts, read_hosts
from qa.corpus.lexicon import Lexicon, NameFinder, read_lexicon
from qa.corpus.rules.characters import character_problems, invisible_problems
from qa.corpus.rules.comparison import comparison_problems
from qa.corpus.rules.languages import language_problems, missing_versions
from qa.corpus.rules.names import name_problems
from qa.corpus.rules.phrasings import phrasing_problems
from qa.corpus.rules.sections import section_problems
from qa.corpus.rules.sources import host_problems, source_problems
from qa.corpus.rules.subject import repeated_operators, subject_problems
from qa.corpus.search_text import FOOTNOTE
from qa.datatypes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from qa.datatypes import Guide


def unusable(guide: Guide) -> Iterator[Problem]:
    """Yield what keeps guide out of an index: footnotes that lead nowhere, since a citation could not name its source."""
    known = {source.id for source in guide.sources}
    for mark in FOOTNOTE.finditer(guide.text, guide.sections[0].start):
        if mark["source"] not in known:
            message = f"footnote [^{mark['source']}] has no source of that id in the front matter"
            yield Problem(guide.path, guide.line(mark.start()), "footnote", message)


def check_corpus(corpus: Path) -> tuple[int, list[Problem]]:
    """Return the number of guides below corpus and every fault in them, by file and line."""
    guides, problems = read_corpus(corpus)
    known_hosts = read_hosts(corpus)
    names, text = read_lexicon(corpus)
    if not text:
        problems.append(Problem(f"{corpus.name}/{lexicon.FILE}", 1, "lexicon", "is missing; it names the operators"))
    if not (corpus / hosts.FILE).exists():
        problems.append(Problem(f"{corpus.name}/{hosts.FILE}", 1, "hosts", "is missing; it says whose pages the sources are"))
    problems.extend(invisible_problems(text, f"{corpus.name}/{lexicon.FILE}"))
    problems.extend(host_problems(known_hosts, names, corpus.name))
    are_whole = not problems
    problems.extend(guide_problems(guides, names, known_hosts))
    if are_whole:  # else what is missing would be named again in what refers to it
        problems.extend(missing_versions(guides))
        problems.extend(comparison_problems(guides, names))
        problems.extend(name_problems(names, text, corpus.name, guides))
        problems.extend(phrasing_problems(corpus, guides))
    return len(guides), sorted(problems, key=lambda problem: (problem.file, problem.line, problem.rule))


def guide_problems(guides: Sequence[Guide], names: Lexicon, known_hosts: Hosts) -> Iterator[Problem]:
    """Yield every fault of the guides, those of `unusable` included. The comparison is held to what it is written from instead."""
    for guide in guides:
        yield from unusable(guide)
        yield from subject_problems(guide, names)
        yield from character_problems(guide)
        if guide.guide_id != COMPARISON:
            yield from source_problems(guide, known_hosts)
            yield from section_problems(guide)
    yield from repeated_operators(guides)
    yield from language_problems(guides, NameFinder(names))
