"""The offline flow: corpus → guides → passages → vectors and terms → a generation, published whole or not at all."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from qa.corpus.passages import split_guides
from qa.corpus.search_text import NOT_IN_GUIDE, SearchText, search_text
from qa.datatypes import Passage, Problem
from qa.errors import CorpusError, GenerationError, ModelError
from qa.index import store
from qa.index.embedder import Embedder
from qa.index.embedding_cache import EmbeddingCache
from qa.index.encoded_corpus import EncodedCorpus, encode_corpus
from qa.index.generation import Generation
from qa.index.guide_source import Corpus, GuideSource
from qa.index.manifest import FORMAT, Manifest, Recipe, read_current, read_manifest
from qa.index.phrasing_index import PhrasingIndex
from qa.index.publish import build_lock, publish, remove_old
from qa.index.terms import ANALYZER, TermIndex
from qa.index.token_vectors import QuantizedTokens, TokenVectors
from qa.index.vectors import VectorIndex


class Progress(Protocol):
    """Where a build reports how far it is."""

    def __call__(self, done: int, total: int) -> None:
        """Report that done of total texts are embedded."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did; the counts are passages. The fields are those of `qa index build --json`."""

    generation: str | None
    guides: int
    sections: int
    passages: int
    tokens: int
    added: int
    changed: int
    removed: int
    reused: int
    failed: tuple[Problem, ...]
    full_because: str | None
    seconds: float


@dataclass(frozen=True)
class BuildPlan:
    """Where a build reads and writes, and with what. load_embedder is called only where something has to be embedded."""

    source: GuideSource
    index: Path
    cache: Path
    recipe: Recipe
    load_embedder: Callable[[], Embedder]


def recipe(model: str, weights: str, precision: str, max_tokens: int, centre_share: float) -> Recipe:
    """Return the recipe of this version of the program for a model, a passage size, and the share of centres that is taken away."""
    return Recipe(FORMAT, model, weights, precision, ANALYZER, max_tokens, centre_share)


def build_index(plan: BuildPlan, full: bool, progress: Progress, warn: Callable[[str], None]) -> BuildReport:
    """Build and publish a generation from the guides as they are now; where nothing changed, the present one is kept.

    CorpusError lists every guide that can't be used; then nothing is published, and what was in use stays in use.
    """
    started = time.perf_counter()
    corpus_hash = plan.source.hash()
    corpus = plan.source.read()
    try:
        plan.index.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GenerationError(
            f"{plan.index} can't hold the index ({error.strerror}). Mend: QA_INDEX=…, another folder"
        ) from error
    with build_lock(plan.index, warn):
        if (now := plan.source.hash()) != corpus_hash:  # edited while another build was waited for
            corpus_hash, corpus = now, plan.source.read()
        previous, full_because = _previous(plan, full)
        if previous and full_because is None and previous.manifest.corpus_hash == corpus_hash:
            return _report(previous.manifest, previous.passages, previous, len(previous.passages), None, started)
        embedder = plan.load_embedder()
        if plan.recipe.max_tokens > embedder.max_tokens:
            raise ModelError(
                f"max_tokens is {plan.recipe.max_tokens}, but the model reads {embedder.max_tokens} tokens at most. "
                f"Mend: QA_MAX_TOKENS={embedder.max_tokens}"
            )
        passages = list(split_guides(corpus.guides, embedder, plan.recipe.max_tokens))
        if not passages:
            raise CorpusError(f"The guides in {plan.source} hold no known section. Mend: write one, or QA_CORPUS=…")
        texts = [search_text(passage.headings, passage.text, passage.start) for passage in passages]
        with EmbeddingCache(plan.cache / "embeddings.sqlite", warn) as cache:
            encoded, reused = encode_corpus(
                cache,
                corpus,
                [text.text for text in texts],
                embedder,
                centre_share=plan.recipe.centre_share,
                full=full,
                progress=progress,
            )
        manifest = Manifest(
            generation="",
            built_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            corpus_hash=corpus_hash,
            recipe=plan.recipe,
            prompts=embedder.identity.prompts,
            guides=len(corpus.guides),
            sections=sum(len(guide.sections) for guide in corpus.guides),
            passages=len(passages),
            tokens=sum(len(passage.tokens.scales) for passage in encoded.passages),
            files={},
        )
        manifest = publish(plan.index, manifest, lambda folder: _write(folder, corpus, passages, texts, encoded))
        remove_old(plan.index, manifest.generation)
        return _report(manifest, passages, previous, reused, full_because, started)


def _previous(plan: BuildPlan, full: bool) -> tuple[Generation | None, str | None]:
    """Return the generation in use and, where everything has to be built anew, why."""
    try:
        manifest, folder = read_manifest(plan.index, read_current(plan.index))
        previous = Generation.open(manifest, folder)
    except GenerationError as error:
        return None, str(error).split(". Mend")[0]
    differences = recipe_differences(previous.manifest.recipe, plan.recipe)
    return previous, "--full" if full else "; ".join(differences) or None


def recipe_differences(built: Recipe, wanted: Recipe) -> list[str]:
    """Return in words how the recipe of a generation differs from the one in force."""
    pairs = ((name, getattr(built, name), getattr(wanted, name)) for name in Recipe.__dataclass_fields__)
    return [f"{name} was {old}, is now {new}" for name, old, new in pairs if old != new]


def _write(folder: Path, corpus: Corpus, passages: list[Passage], texts: list[SearchText], encoded: EncodedCorpus) -> None:
    store.save(folder, corpus.guides, passages, corpus.lexicon, corpus.phrasings)
    encoded.centres.save(folder)
    embeddings = np.stack([each.embedding for each in encoded.passages])
    VectorIndex.from_embeddings(embeddings).save(folder)
    TermIndex.from_texts([text.text for text in texts]).save(folder)
    tokens = [
        _in_guide(each.tokens, text).centred(encoded.centres, passage.language)
        for each, text, passage in zip(encoded.passages, texts, passages, strict=True)
    ]
    TokenVectors.save(folder, tokens, embeddings.shape[1])
    tokens = [
        each.tokens.centred(encoded.centres, phrasing.language.of_guides)
        for each, phrasing in zip(encoded.phrasings, corpus.phrasings, strict=True)
    ]
    none = np.zeros((0, embeddings.shape[1]), np.float32)
    PhrasingIndex.save(folder, np.stack([each.embedding for each in encoded.phrasings]) if tokens else none, tokens)


def _in_guide(tokens: QuantizedTokens, text: SearchText) -> QuantizedTokens:
    """Return tokens with spans turned from offsets in the search text to offsets in the guide, -1 outside it."""
    spans = np.full_like(tokens.spans, NOT_IN_GUIDE)
    for number, (first, last) in enumerate(tokens.spans):
        # A passage's first token may begin with the line break that ends its headings.
        inside = [position for position in text.positions[first:last] if position != NOT_IN_GUIDE]
        if inside:
            spans[number] = inside[0], inside[-1] + 1
    return replace(tokens, spans=spans)


def _report(
    manifest: Manifest,
    passages: Sequence[Passage],
    previous: Generation | None,
    reused: int,
    full_because: str | None,
    started: float,
) -> BuildReport:
    before = {passage.passage_id: (passage.headings, passage.text) for passage in previous.passages} if previous else {}
    after = {passage.passage_id: (passage.headings, passage.text) for passage in passages}
    return BuildReport(
        generation=manifest.generation,
        guides=manifest.guides,
        sections=manifest.sections,
        passages=manifest.passages,
        tokens=manifest.tokens,
        added=len(after.keys() - before.keys()),
        changed=sum(before[key] != after[key] for key in after.keys() & before.keys()),
        removed=len(before.keys() - after.keys()),
        reused=reused,
        failed=(),
        full_because=full_because,
        seconds=round(time.perf_counter() - started, 3),
    )
