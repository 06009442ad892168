"""What the commands share: progress, errors in one line, JSON on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa import wiring
from qa.config import Settings
from qa.errors import CorpusError, FileError, QAError

if TYPE_CHECKING:
    from qa.answering.assistant import Assistant
    from qa.datatypes import Problem
    from qa.index.build import BuildReport

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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Embedding passages"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        bar = bars.add_task("passages", total=None, visible=False)

        def progress(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total, visible=True)

        return wiring.build_index(
            settings,
            full,
            progress,
            lambda text: bars.console.print(text, style="dim", highlight=False, markup=False, soft_wrap=True),
        )


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
