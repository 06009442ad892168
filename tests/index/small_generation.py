"""A generation of two passages and two phrasings, written without a model: vectors of four components."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qa.corpus.phrasings import Phrasing
from qa.datatypes import Guide, Language, Passage, Publisher, Section, SectionStatus, Source
from qa.index import store
from qa.index.centres import Centres, everyday_questions
from qa.index.manifest import FORMAT, Manifest, Recipe
from qa.index.phrasing_index import PhrasingIndex
from qa.index.publish import publish
from qa.index.terms import TermIndex
from qa.index.token_vectors import QuantizedTokens, TokenVectors
from qa.index.vectors import VectorIndex

LEXICON = "operators: {povo: {names: {en: povo}}}\n"
TEXT = "---\ntitle: povo\n---\n## 费用 {#fees}\n0 日元。[^s1]\n## SIM {#sim}\n不用还。\U0001f4f1\n"
PHRASINGS = (
    Phrasing("要多少钱", Language.ZH_HANS, "fees"),
    Phrasing("明日の天気は", Language.JA, "weather", outside=True),
)
HEADINGS = {"fees": "## 费用 {#fees}\n", "sim": "## SIM {#sim}\n"}


def small_guide(language: Language = Language.ZH_HANS, text: str = TEXT) -> Guide:
    """Return the guide povo with the sections fees and sim."""
    starts = [text.index(heading) for heading in HEADINGS.values()]
    sections = tuple(
        Section(f"povo#{slug}", slug, ("povo", slug), start, start + len(heading), end, SectionStatus.KNOWN, "povo", None)
        for (slug, heading), start, end in zip(HEADINGS.items(), starts, [*starts[1:], len(text)], strict=True)
    )
    sources = (Source("s1", "页面", "https://povo.jp/a", Publisher.OPERATOR, None),)
    path = f"corpus/{language}/operators/povo.md"
    return Guide("povo", language, "povo", "povo", None, "2026-11-22", "https://povo.jp", sources, sections, text, path)


def small_passages(guide: Guide) -> list[Passage]:
    """Return one passage for each section of guide."""
    return [
        Passage(
            passage_id=f"{guide.language}/{section.section_id}/0",
            guide_id=guide.guide_id,
            section_id=section.section_id,
            language=guide.language,
            headings=section.headings,
            text=guide.text[section.body : section.end].strip(),
            start=section.body,
            end=section.body + len(guide.text[section.body : section.end].strip()),
        )
        for section in guide.sections
    ]


def small_manifest(max_tokens: int = 256) -> Manifest:
    """Return the manifest of the small generation, as it is before it is published."""
    recipe = Recipe(FORMAT, "bundled", "weights", "float32", "analyzer", max_tokens, centre_share=0.5)
    return Manifest("", "2026-11-22T00:00:00+00:00", "corpus", recipe, {"passage": "passage: "}, 1, 2, 2, 4, {})


def write_small(folder: Path, text: str = TEXT) -> None:
    """Write the files of the small generation into folder."""
    guide = small_guide(text=text)
    passages = small_passages(guide)
    store.save(folder, [guide], passages, LEXICON, PHRASINGS)
    vectors = np.eye(4, dtype=np.float32)
    VectorIndex.from_embeddings(vectors[:2]).save(folder)
    TermIndex.from_texts([passage.text for passage in passages]).save(folder)
    tokens = [
        QuantizedTokens.from_vectors(vectors[2:], np.array([[p.start, p.start + 1], [-1, -1]], np.int32)) for p in passages
    ]
    TokenVectors.save(folder, tokens, 4)
    Centres(dict.fromkeys(everyday_questions(), vectors[3] / 2), 0.5).save(folder)
    PhrasingIndex.save(folder, vectors[2:], tokens[::-1])


def publish_small(index: Path, text: str = TEXT) -> Manifest:
    """Publish a small generation in index and return its manifest."""
    return publish(index, small_manifest(), lambda folder: write_small(folder, text))
