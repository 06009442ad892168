"""Where the guides of a generation come from: a folder of Markdown files, or whatever else can be read as guides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa.corpus.check import unusable
from qa.corpus.guides import read_corpus
from qa.corpus.hosts import FILE as HOSTS
from qa.corpus.hosts import read_hosts
from qa.corpus.lexicon import read_lexicon
from qa.corpus.phrasings import Phrasing, read_phrasings
from qa.corpus.rules.sources import false_claims
from qa.datatypes import Guide
from qa.errors import CorpusError
from qa.index.manifest import hash_corpus


@dataclass(frozen=True)
class Corpus:
    """What is indexed: guides and phrasings in corpus order, the lexicon as written."""

    guides: tuple[Guide, ...]
    lexicon: str = ""
    phrasings: tuple[Phrasing, ...] = ()


class GuideSource(Protocol):
    """What can be indexed. Its text form, `str(source)`, names it in messages."""

    def hash(self) -> str:
        """Return one hash over everything that `read` depends on."""

    def read(self) -> Corpus:
        """Return what there is; a QAError lists everything that can't be used."""


@dataclass(frozen=True)
class GuideFolder:
    """The guides, the lexicon and the phrasings of a corpus folder."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder)

    def hash(self) -> str:
        """Return one hash over names and bytes of all of it."""
        return hash_corpus(self.folder)

    def read(self) -> Corpus:
        """Return what the folder holds; CorpusError lists every fault, for then nothing is built."""
        guides, problems = read_corpus(self.folder)
        problems += [problem for guide in guides for problem in unusable(guide)]
        if (self.folder / HOSTS).exists():  # else nobody said whose pages are whose, which the check reports
            hosts = read_hosts(self.folder)
            problems += [problem for guide in guides for problem in false_claims(guide, hosts)]
        if problems:
            count = f"{len(problems)} fault{'s' if len(problems) > 1 else ''} in the guides"
            raise CorpusError(f"{count}; nothing was published. Mend them, then: qa index build", problems)
        _, lexicon = read_lexicon(self.folder)
        return Corpus(tuple(guides), lexicon, tuple(read_phrasings(self.folder)))
