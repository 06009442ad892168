"""Put an evaluation together: which questions, which indexes, what to compare with, which gate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa import wiring
from qa.config import Settings, load_settings
from qa.errors import DatasetError
from qa.evaluation import baseline, beir, gate, questions, topics
from qa.evaluation.dataset import MOST_PROBLEMS, Unit
from qa.evaluation.documents import Documents
from qa.evaluation.evaluate import evaluate, scored_run
from qa.evaluation.provenance import provenance
from qa.evaluation.run import Run
from qa.evaluation.trec import Ranking, read_run, run_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from qa.datatypes import Guide, Language, Mode
    from qa.evaluation.dataset import Dataset
    from qa.evaluation.evaluate import Progress, System
    from qa.evaluation.report import Report

# The settings that don't say what is ranked first.
_PLACES = ("corpus", "index", "evaluation", "cache", "host", "port")


@dataclass(frozen=True)
class EvaluationRequest:
    """What `qa eval` is asked for. dataset None stands for the questions of the guides; split '' for the dataset's default.

    gate None stands for the gate of the guides' questions, where that file is there; with accept nothing is judged, since the figures are
    to become the baseline. chosen says that other settings than the program's own were chosen without the test questions.
    """

    modes: tuple[Mode, ...]
    dataset: Path | None = None
    topics: Path | None = None
    qrels: Path | None = None
    split: str = ""
    settings_files: tuple[Path, ...] = ()
    against: Path | None = None
    gate: Path | None = None
    accept: bool = False
    chosen: bool = False
    command: str = "qa eval"


def run_evaluation(request: EvaluationRequest, progress: Progress, say: Callable[[str], None]) -> Report:
    """Return the report that request asks for, its gate's verdict included; say gets what a person should know meanwhile."""
    every_settings = [load_settings(file) for file in request.settings_files] or [load_settings()]
    evaluation = every_settings[-1].evaluation
    wanted_gate = _gate(request, evaluation, say)
    documents = _documents(request)
    if documents is None and not request.topics:
        _refuse_tuning_on_test(request, every_settings)
    # What is wrong with a public set is said before anything is embedded; the guides' questions are read against the index.
    dataset = _read_dataset(request, evaluation, documents, documents.ids, {}) if documents else None
    systems: list[System] = []
    for number, settings in enumerate(every_settings):
        embedder = next((each.embedder for each in systems if wiring.is_model_of(each.embedder, settings)), None)
        label = _label(request.settings_files, number)
        systems.append(wiring.open_system(settings, documents, label, embedder, progress, say))
    guides = systems[-1].generation.guides
    judgeable = documents.ids if documents else {section.section_id for each in guides.values() for section in each.sections}
    dataset = dataset or _read_dataset(request, evaluation, None, judgeable, guides)
    for problem in dataset.stale[:MOST_PROBLEMS]:
        say(f"{problem}; until then no quote holds it")
    labels = [system.label for system in systems]
    accepted = _baseline(request, evaluation / baseline.FILE, labels, say)
    stored = {accepted.mode: accepted.run()} if accepted else _stored(request, dataset, labels, judgeable)
    described = provenance(dataset, systems, request.command)
    report = evaluate(dataset, systems, request.modes, stored, described, progress)
    if accepted:
        report = replace(report, before=tuple(accepted.asked(report)))
    return replace(report, gate=_verdict(wanted_gate, report)) if wanted_gate else report


def update_baseline(report: Report) -> Path:
    """Store the report's last run as the baseline, and return where."""
    path = load_settings().evaluation / baseline.FILE
    baseline.write_baseline(path, report, report.runs[-1])
    return path


def _refuse_tuning_on_test(request: EvaluationRequest, every_settings: Sequence[Settings]) -> None:
    """Raise DatasetError where settings that rank otherwise than the program's own would be tried on the test questions."""
    if request.chosen or request.split == questions.DEV:
        return
    for settings in every_settings:
        own = {name: field.default for name, field in Settings.model_fields.items() if name not in _PLACES}
        if other := [
            f"{name} is {getattr(settings, name)} (the program has {own[name]})"
            for name in own
            if getattr(settings, name) != own[name]
        ]:
            raise DatasetError(
                f"Settings are chosen on the dev questions, and {', '.join(other)}: test questions that chose it could no longer say how "
                f"good it is. Mend: --split {questions.DEV}; --chosen, once they are chosen, measures them on test"
            )


def _label(files: Sequence[Path], number: int) -> str:
    """Return what is put before the modes in the runs of the system of that number: its file's name, which a run's column can hold."""
    if len(files) < 2:  # noqa: PLR2004
        return ""
    names = ["-".join(file.stem.split()) for file in files]
    return f"{names[number] if names.count(names[number]) == 1 else f'{number + 1}-{names[number]}'}/"


def _documents(request: EvaluationRequest) -> Documents | None:
    if request.dataset is None:
        return None
    if not request.dataset.is_dir():
        raise DatasetError(f"There is no folder {request.dataset}. Mend: --dataset with a BEIR folder")
    if beir.is_beir(request.dataset):
        return Documents(request.dataset / beir.CORPUS)
    if not (request.dataset / questions.QUESTIONS).exists():
        raise DatasetError(
            f"{request.dataset} holds neither {beir.CORPUS} (a BEIR folder) nor {questions.QUESTIONS} (questions about the guides). "
            "Mend: name a folder that does"
        )
    return None


def _read_dataset(
    request: EvaluationRequest,
    evaluation: Path,
    documents: Documents | None,
    judgeable: Collection[str],
    guides: Mapping[tuple[str, Language], Guide],
) -> Dataset:
    """Return the questions and judgements that request asks for; judgeable are the ids of everything that a judgement can name."""
    if request.topics and request.qrels:
        unit = Unit.DOCUMENT if documents else Unit.SECTION
        return topics.read_topics_and_qrels(request.topics, request.qrels, judgeable, unit)
    if documents:
        return beir.read_beir(documents.path.parent, judgeable, request.split)
    return questions.read_project(request.dataset or evaluation, guides, request.split or questions.ALL)


def _baseline(
    request: EvaluationRequest, path: Path, labels: Sequence[str], say: Callable[[str], None]
) -> baseline.Baseline | None:
    """Return the baseline where it is what the one run that is measured is compared with."""
    measures_one = len(labels) == len(request.modes) == 1
    if not _is_of_guides(request) or request.against or not measures_one or not path.is_file():
        return None
    try:
        stored = baseline.read_baseline(path)
    except DatasetError as error:
        if not request.accept:
            raise
        say(f"{error}; it is written anew.")
        return None
    return stored if stored.mode == request.modes[0] else None


def _stored(request: EvaluationRequest, dataset: Dataset, labels: Sequence[str], judgeable: Collection[str]) -> dict[str, Run]:
    """Return the stored runs that are asked for, by the name of the new run that each is compared with."""
    if request.against is None:
        return {}
    names = [f"{label}{mode}" for label in labels for mode in request.modes]
    paths = {name: _stored_run(request.against, name) for name in names}
    found = {name: path for name, path in paths.items() if path}
    if not found:
        raise DatasetError(
            f"{request.against} holds no run of {', '.join(names)}. Mend: --against a .run file or an --output folder"
        )
    asked = [question.question_id for question in dataset.answerable]
    source = request.against.resolve().name if request.against.is_dir() else request.against.stem
    nothing: dict[str, Ranking] = {question: [] for question in asked}  # what a run leaves out, it found nothing for
    return {
        name: Run(f"{name}, {source}", nothing | read_run(path, asked, judgeable, dataset.unit)) for name, path in found.items()
    }


def _stored_run(against: Path, name: str) -> Path | None:
    if not against.is_dir():
        return against
    names = (run_file(name), run_file(name.rpartition("/")[2]))  # of the same settings, else of the same mode
    return next((against / each for each in names if (against / each).is_file()), None)


def _is_of_guides(request: EvaluationRequest) -> bool:
    """Whether the questions are those of the project, which have a baseline and a gate."""
    return request.dataset is None and request.topics is None


def _gate(request: EvaluationRequest, evaluation: Path, say: Callable[[str], None]) -> tuple[gate.Gate, Path] | None:
    """Return the gate to be met and its file: the one asked for, else that of the guides' questions where it can be judged."""
    if request.gate is not None:
        return gate.read_gate(request.gate), request.gate
    path = evaluation / gate.FILE
    if request.accept or not _is_of_guides(request):
        return None
    if not path.is_file():
        say(f"There is no {path}: nothing is judged.")
        return None
    read = gate.read_gate(path)
    if request.split not in ("", questions.ALL) or read.mode not in request.modes:
        say(f"{path} is not judged: it is for all questions in mode {read.mode}.")
        return None
    return read, path


def _verdict(wanted: tuple[gate.Gate, Path], report: Report) -> gate.Verdict:
    read, path = wanted
    run = next((run for run in reversed(report.runs) if run.name.rpartition("/")[2] == read.mode), None)
    if run is None:
        raise DatasetError(f"{path} judges mode {read.mode}, which was not measured. Mend: --mode {read.mode}")
    value = gate.value_of(report, run, report.asked)
    if not read.drop or read.baseline is None:
        return gate.judge(read, path.name, value, None)
    old = baseline.read_baseline(path.parent / read.baseline)
    if old.mode != read.mode:
        raise DatasetError(f"{path} judges mode {read.mode}, its baseline is of {old.mode}. Mend: mode = '{old.mode}' there")
    both = [each for each in report.asked if each.question_id in old.outcomes]
    before = gate.value_of(report, scored_run(report, old.run()), old.asked(report))
    return gate.judge(read, path.name, value, before, gate.value_of(report, run.over(old.rankings), both))
