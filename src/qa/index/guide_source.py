"""Where the guides of a generation come from: a folder of Markdown files, or whatever else can be read as guides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa.corpus.check import unusable
from qa.corpus.guides import read_corpus
from qa.corpus.lexicon import read_lexicon
from qa.datatypes import Guide
from qa.errors import CorpusError
from qa.index.manifest import hash_corpus


class GuideSource(Protocol):
    """What can be indexed. Its text form, `str(source)`, names it in messages."""

    def hash(self) -> str:
        """Return one hash over everything that `read` depends on."""

    def read(self) -> tuple[list[Guide], str]:
        """Return the guides, in corpus order, and the lexicon as written; a QAError lists everything that can't be used."""


@dataclass(frozen=True)
class GuideFolder:
    """The guides and the lexicon of a corpus folder."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder)

    def hash(self) -> str:
        """Return one hash over names and bytes of the guides and the lexicon."""
        return hash_corpus(self.folder)

    def read(self) -> tuple[list[Guide], str]:
        """Return the guides and the lexicon; CorpusError lists every fault, for then nothing is built."""
        guides, problems = read_corpus(self.folder)
        problems += [problem for guide in guides for problem in unusable(guide)]
        if problems:
            count = f"{len(problems)} fault{'s' if len(problems) > 1 else ''} in the guides"
            raise CorpusError(f"{count}; nothing was published. Mend them, then: qa index build", problems)
        _, lexicon = read_lexicon(self.folder)
        return guides, lexicon
