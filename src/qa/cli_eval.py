"""The command `qa eval`: measure retrieval, answers and refusals, compare, and judge whether a change may land."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.datatypes import Mode
from qa.terminal import AsJson, explained, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from qa.evaluation.evaluate import Progress
    from qa.evaluation.report import Report
    from qa.evaluation.tables import Table

GATE_NOT_MET = 3
_WIDEST = 500  # columns of a table of figures


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
        command=_command(context),
    )
    with explained(as_json):
        with _progress() as (progress, say):
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
    given = [name for name in ("dataset", "topics", "split", "settings", "against", "gate") if context.params.get(name)]
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
                words += [f"--{name}", str(each)]
    return shlex.join(words)


@contextmanager
def _progress() -> Iterator[tuple[Progress, Callable[[str], None]]]:
    """Show progress bars on stderr, one for each thing that is gone through."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, int] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done)  # type: ignore[arg-type]

        yield progress, lambda text: bars.console.print(text, style="dim", highlight=False, markup=False, soft_wrap=True)


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
        _print_tables(console, tables(report))
        console.print(Text(origin(report.provenance), style="dim"), soft_wrap=True)


def _print_tables(console: Console, found: Sequence[Table]) -> None:
    """Print tables; figures are never cut or broken, even where they are wider than the screen."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table as RichTable
    from rich.text import Text

    for table in found:
        console.print(Text(table.title, style="bold"), soft_wrap=True)
        shown = RichTable(header_style="dim", pad_edge=False, box=SIMPLE_HEAD)
        for number, heading in enumerate(table.header):
            is_text = table.is_text or not number
            shown.add_column(heading, justify="left" if is_text else "right", overflow="fold", no_wrap=not table.is_text)
        for row in table.rows:
            shown.add_row(*(Text(cell) for cell in row))
        needed = 0 if table.is_text else Measurement.get(console, console.options.update(max_width=_WIDEST), shown).maximum
        Console(width=max(console.width, needed)).print(shown)
