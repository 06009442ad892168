"""The command `qa eval`: measure retrieval, answers and refusals, compare, and judge whether a change may land."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.datatypes import Mode
from qa.terminal import AsJson, explained, print_json, print_tables, progress_bars

if TYPE_CHECKING:
    from qa.evaluation.report import Report

GATE_NOT_MET = 3


def _modes(text: str) -> str:
    known = [mode.value for mode in Mode]
    for name in text.split(","):
        if name.strip() not in known:
            raise typer.BadParameter(f"'{name.strip()}' is no mode. Known: {', '.join(known)}, separated by commas")
    return text


def evaluate(
    context: typer.Context,
    dataset: Annotated[
        Path | None, typer.Option(help="A BEIR folder, or a folder of questions about the guides.", metavar="DIR")
    ] = None,
    topics: Annotated[
        Path | None, typer.Option(help="TREC topics, in place of the dataset's questions.", metavar="FILE")
    ] = None,
    qrels: Annotated[Path | None, typer.Option(help="TREC judgements of the topics.", metavar="FILE")] = None,
    split: Annotated[str, typer.Option(help="Measure this split alone: dev, test; with BEIR a file of qrels/.")] = "",
    mode: Annotated[
        str, typer.Option(help="How hits are scored, separated by commas.", metavar="M,M", callback=_modes)
    ] = "hybrid",
    settings: Annotated[
        list[Path] | None, typer.Option(help="Read in place of qa.toml; twice or more compares them.", metavar="FILE")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Compare with a stored run: a .run file or an --output folder.", metavar="PATH")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write runs, JSON, Markdown and a page with pictures here.", metavar="DIR")
    ] = None,
    gate: Annotated[Path | None, typer.Option(help="Floors to be met; exit code 3 where they aren't.", metavar="FILE")] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Accept the figures as the baseline that the gate compares with.")
    ] = False,
    chosen: Annotated[
        bool, typer.Option("--chosen", help="Other settings were chosen on dev: measure them on the test questions too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure on the project's questions, or on any public set; compare; judge by the gate: exit code 3 where it isn't met."""
    from qa import wiring_evaluation as wiring

    modes = tuple(dict.fromkeys(Mode(name.strip()) for name in mode.split(",")))
    _require_usable(context, update_baseline, topics, qrels)
    request = wiring.EvaluationRequest(
        modes=modes,
        dataset=dataset,
        topics=topics,
        qrels=qrels,
        split=split,
        settings_files=tuple(settings or ()),
        against=against,
        gate=gate,
        accept=update_baseline,
        chosen=chosen,
        command=_command(context),
    )
    with explained(as_json):
        with progress_bars() as (progress, say):
            report = wiring.run_evaluation(request, progress, say)
        written = wiring.update_baseline(report) if update_baseline else None
        _show(report, output, as_json=as_json)
        if written:
            typer.echo(f"Baseline written: {written}", err=True)
        elif report.gate:
            typer.echo(report.gate.line, err=as_json)
            if not report.gate.met:
                raise typer.Exit(GATE_NOT_MET)


def _require_usable(context: typer.Context, update_baseline: bool, topics: Path | None, qrels: Path | None) -> None:
    """Stop with exit code 2 where options don't go together."""
    if (topics is None) != (qrels is None):
        raise typer.BadParameter("--topics and --qrels go together")
    if topics and context.params["split"]:
        raise typer.BadParameter("--split is of a dataset's own questions; leave it out with --topics")
    given = [
        name for name in ("dataset", "topics", "split", "settings", "against", "gate", "chosen") if context.params.get(name)
    ]
    if update_baseline and (given or context.params["mode"] != Mode.HYBRID):
        raise typer.BadParameter(
            "--update-baseline is for all of the project's questions in mode hybrid; leave the other options out"
        )


def _command(context: typer.Context) -> str:
    """Return the command as it can be given again, without the options that change nothing that is measured."""
    words = ["qa", "eval"]
    for name, value in context.params.items():
        if name in ("as_json", "output", "update_baseline") or not value:
            continue
        if name != "mode" or value != Mode.HYBRID:
            for each in value if isinstance(value, list | tuple) else [value]:
                words += [f"--{name}"] if each is True else [f"--{name}", str(each)]
    return shlex.join(words)


def _show(report: Report, output: Path | None, *, as_json: bool) -> None:
    from qa.evaluation.output import write_report
    from qa.evaluation.provenance import origin
    from qa.evaluation.report import as_json as report_as_json
    from qa.evaluation.tables import tables

    if output is not None:
        for path in write_report(output, report):
            typer.echo(f"written: {path}", err=True)
    not_asked = {question: why for run in report.runs for question, why in run.not_asked.items()}
    for question, why in not_asked.items():
        typer.echo(f"{question} could not be asked and scores 0: {why}", err=True)
    if as_json:
        print_json(report_as_json(report))
    else:
        from rich.console import Console
        from rich.text import Text

        console = Console()
        print_tables(console, tables(report))
        console.print(Text(origin(report.provenance), style="dim"), soft_wrap=True)
