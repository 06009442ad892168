"""Open a generation: everything that answering needs, verified, read-only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from qa.corpus.lexicon import FILE as LEXICON
from qa.corpus.lexicon import Lexicon, parse_lexicon
from qa.datatypes import GUIDE_LANGUAGES
from qa.index import store
from qa.index.centres import Centres
from qa.index.manifest import Manifest, read_current, read_manifest
from qa.index.phrasing_index import PhrasingIndex
from qa.index.terms import TermIndex
from qa.index.token_vectors import TokenVectors
from qa.index.vectors import VectorIndex

if TYPE_CHECKING:
    from pathlib import Path

    from qa.datatypes import Guide, Language, Passage, Section


@dataclass(frozen=True)
class Generation:
    """One built index. passages are in row order, which is the corpus' order; the indexes count rows alike."""

    manifest: Manifest
    guides: dict[tuple[str, Language], Guide]
    passages: tuple[Passage, ...]
    lexicon: Lexicon
    vectors: VectorIndex
    terms: TermIndex
    tokens: TokenVectors
    centres: Centres
    phrasings: PhrasingIndex

    @classmethod
    def open_current(cls, index: Path) -> Self:
        """Open the generation that index/CURRENT names; GenerationError says what is wrong with it."""
        manifest, folder = read_manifest(index, read_current(index))
        return cls.open(manifest, folder)

    @classmethod
    def open(cls, manifest: Manifest, folder: Path) -> Self:
        """Open the generation in folder after comparing every byte with manifest."""
        manifest.verify(folder)
        stored = store.load(folder)
        return cls(
            manifest=manifest,
            guides={(guide.guide_id, guide.language): guide for guide in stored.guides},
            passages=stored.passages,
            lexicon=parse_lexicon(stored.lexicon, LEXICON),
            vectors=VectorIndex.open(folder),
            terms=TermIndex.open(folder),
            tokens=TokenVectors.open(folder),
            centres=Centres.open(folder, manifest.recipe.centre_share),
            phrasings=PhrasingIndex.open(folder, stored.phrasings),
        )

    def guide(self, guide_id: str, language: Language) -> Guide | None:
        """Return the guide in the language of its readers, else in the nearest; None where there is no such guide."""
        order = (language.of_guides, *GUIDE_LANGUAGES)
        return next((self.guides[guide_id, each] for each in order if (guide_id, each) in self.guides), None)

    @cached_property
    def operators(self) -> tuple[str, ...]:
        """Return the operators that the guides tell of, in corpus order."""
        sections = (section for guide in self.guides.values() for section in guide.sections)
        return tuple(dict.fromkeys(section.operator for section in sections if section.operator))

    def sections_about(self, operator: str, language: Language) -> tuple[Section, ...]:
        """Return the sections about operator, in the language of its readers, else in the nearest."""
        guide_id = next((g.guide_id for g in self.guides.values() if any(s.operator == operator for s in g.sections)), "")
        guide = self.guide(guide_id, language)
        return tuple(section for section in guide.sections if section.operator == operator) if guide else ()

    def section_of(self, passage: Passage) -> Section:
        """Return the section that holds passage."""
        sections = self.guides[passage.guide_id, passage.language].sections
        return next(section for section in sections if section.section_id == passage.section_id)

    @cached_property
    def _rows(self) -> dict[tuple[str, Language], list[int]]:
        rows: dict[tuple[str, Language], list[int]] = {}
        for row, passage in enumerate(self.passages):
            rows.setdefault((passage.section_id, passage.language), []).append(row)
        return rows

    def rows(self, section_id: str, language: Language) -> list[int]:
        """Return the rows at which the indexes hold the passages of a section, in order."""
        return self._rows.get((section_id, language), [])

    @property
    def id(self) -> str:
        """Return the generation's name."""
        return self.manifest.generation
