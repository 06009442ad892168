"""What the commands share: progress, errors in one line, JSON on stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa import wiring
from qa.config import Settings
from qa.errors import CorpusError, FileError, QAError

if TYPE_CHECKING:
    from rich.console import Console

    from qa.answering.assistant import Assistant
    from qa.datatypes import Problem
    from qa.evaluation.evaluate import Progress
    from qa.evaluation.table import Table
    from qa.index.build import BuildReport

_WIDEST = 500  # columns of a table of figures
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


def open_fresh_assistant(settings: Settings) -> Assistant:
    """Return an assistant on an index of the guides as they are; where they can't be built, on the index that is there."""
    if not wiring.index_status(settings).fresh:
        try:
            typer.echo(describe(build_with_progress(settings, full=False)), err=True)
        except CorpusError as error:
            if wiring.index_status(settings).generation is None:
                raise
            complain(error)
            typer.echo("Serving the index that was built before.", err=True)
    return wiring.open_assistant(settings)


def build_with_progress(settings: Settings, full: bool) -> BuildReport:
    """Build the index with a progress bar on stderr."""
    with progress_bars() as (progress, say):
        return wiring.build_index(settings, full, partial(progress, "Embedding texts"), say)


@contextmanager
def explained(as_json: bool) -> Iterator[None]:
    """Turn errors into one line on stderr and exit code 1, never a traceback; with as_json into a JSON object too."""
    try:
        yield
    except QAError as error:
        if as_json:
            print_json({"error": {"type": type(error).__name__, "message": str(error)}})
        complain(error)
        raise typer.Exit(1) from error
    except BrokenPipeError as error:
        # Whoever reads has seen enough, like `head`; what is left in the buffer must not be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from error
    except OSError as error:
        message = f"{error.filename or 'A file'} can't be used: {error.strerror}. Mend: check its path, its permissions, and free space"
        if as_json:
            print_json({"error": {"type": type(error).__name__, "message": message}})
        typer.echo(message, err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        typer.echo("Stopped; nothing that was in use has changed.", err=True)
        raise typer.Exit(130) from error


def complain(error: QAError) -> None:
    """Print error on stderr, after the problems that it lists."""
    problems: tuple[Problem, ...] = error.problems if isinstance(error, FileError) else ()
    for problem in problems:
        typer.echo(str(problem), err=True)
    typer.echo(str(error), err=True)


def report_check(what: str, count: int, problems: Sequence[Problem], *, as_json: bool) -> None:
    """Print the problems of a check of count things called what, and end with exit code 1 where there are any."""
    if as_json:
        print_json({"ok": not problems, what: count, "problems": [asdict(each) for each in problems]})
    else:
        for each in problems:
            typer.echo(each)
        typer.echo(f"{count} {what}, {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    if problems:
        raise typer.Exit(1)


def describe(report: BuildReport) -> str:
    """Return what a build did in one line."""
    changes = f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.reused} embeddings reused"
    return (
        f"Index {report.generation}: {report.guides} guides, {report.passages} passages ({changes}) in {report.seconds:.1f} s"
    )


def print_json(value: dict[str, Any]) -> None:
    """Print value as the one JSON object on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")


@contextmanager
def progress_bars() -> Iterator[tuple[Progress, Callable[[str], None]]]:
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


def print_tables(console: Console, found: Sequence[Table]) -> None:
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
