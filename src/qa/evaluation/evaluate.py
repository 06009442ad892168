"""The measuring flow: dataset → runs → measures, cells, comparisons, answers → report."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from qa.answering.assistant import Assistant
from qa.corpus.lexicon import NameFinder
from qa.datatypes import Language, Mode
from qa.evaluation.cells import cells
from qa.evaluation.comparison import Comparison, Scored, compare_runs
from qa.evaluation.dataset import Dataset, Unit
from qa.evaluation.measures import score
from qa.evaluation.outcomes import Asked, ask_all
from qa.evaluation.report import Report, Seconds
from qa.evaluation.run import Run, retrieve_runs
from qa.evaluation.script import as_language
from qa.retrieval.retriever import Retriever

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qa.datatypes import Weights
    from qa.index.embedder import Embedder
    from qa.index.generation import Generation


class Progress(Protocol):
    """Where an evaluation reports how far it is."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Report that done of total are through of what."""


@dataclass(frozen=True)
class System:
    """One configuration: an index, opened, with its model. label tells it from the others in a run's name, '' where it is alone.

    index_seconds and index_model_seconds are what bringing the index up to date took.
    """

    label: str
    index: Path
    generation: Generation
    embedder: Embedder
    weights: Weights
    index_seconds: float = 0.0
    index_model_seconds: float = 0.0


def evaluate(
    dataset: Dataset,
    systems: Sequence[System],
    modes: Sequence[Mode],
    stored: Mapping[str, Run],
    provenance: Mapping[str, Any],
    progress: Progress,
) -> Report:
    """Return the report on dataset.

    Args:
        dataset: Questions and judgements.
        systems: What is asked; answers and refusals are those of the last one, the new one.
        modes: How hits are scored; each system is asked in each.
        stored: Runs of before, by the name of the new run that each is compared with.
        provenance: What the report says of where it comes from.
        progress: Where it reports how far it is.
    """
    started = time.perf_counter()
    models = {id(system.embedder): (system.embedder, system.embedder.seconds) for system in systems}  # systems may share one
    runs: list[Run] = []
    for system in systems:
        said = partial(progress, f"Asking {system.label}".rstrip(" /"))
        retriever = Retriever(system.generation, system.embedder, system.weights)
        runs += retrieve_runs(dataset, retriever, NameFinder(system.generation.lexicon), modes, said, system.label)
    asked: list[Asked] = []
    if dataset.unit is Unit.SECTION:
        assistant = Assistant(systems[-1].index, systems[-1].embedder, systems[-1].weights)
        asked = ask_all(dataset, assistant, partial(progress, "Answering"))
    ended = time.perf_counter()
    report = Report(
        dataset=dataset,
        provenance=provenance,
        runs=(),
        cells=cells(dataset, systems[-1].generation),
        comparisons=(),
        asked=tuple(asked),
        seconds=Seconds(
            index=sum(system.index_seconds for system in systems),
            index_model=sum(system.index_model_seconds for system in systems),
            questions=ended - started,
            questions_model=sum(embedder.seconds - before for embedder, before in models.values()),
        ),
        text_of=_Texts(dataset, systems[-1].generation).text_of,
    )
    scored = [scored_run(report, run) for run in runs]
    old = {name: scored_run(report, run) for name, run in stored.items()}
    return replace(report, runs=tuple(scored), comparisons=tuple(_comparisons(report, scored, old, len(modes))))


def scored_run(report: Report, run: Run) -> Scored:
    """Return run with its values by the judgements of report's dataset."""
    qrels = {question: grades for question, grades in report.dataset.qrels.items() if question in run.rankings}
    values = score(report.measures, qrels, run.rankings)
    return Scored(run.name, run.rankings, values, run.milliseconds, run.not_asked, run.passages)


def _comparisons(report: Report, runs: list[Scored], stored: Mapping[str, Scored], modes: int) -> list[Comparison]:
    """Return stored runs against the new ones; else each system against the first in each mode; else each mode against each before it."""
    if stored:
        pairs = [(stored[run.name], run) for run in runs if run.name in stored]
    elif len(runs) > modes:
        pairs = [(runs[number % modes], run) for number, run in enumerate(runs) if number >= modes]
    else:
        pairs = list(itertools.combinations(runs, 2))
    return [compare_runs(old, new, report.headline) for old, new in pairs]


@dataclass(frozen=True)
class _Texts:
    dataset: Dataset
    generation: Generation

    def text_of(self, judged: str, language: str) -> str:
        """Return the text of a section or document in the version for readers of language, '' where there is none."""
        guide_id, _, slug = judged.partition("#") if self.dataset.unit is Unit.SECTION else (judged, "", "text")
        guide = self.generation.guide(guide_id, as_language(language) or Language.EN)
        section = guide.section(slug) if guide else None
        if guide is None or section is None:
            return ""
        return guide.text[section.body : section.end].strip()
