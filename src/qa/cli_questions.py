"""The commands of those who write and judge questions: `qa questions …`."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qa.datatypes import Language
from qa.terminal import AsJson, explained, print_json, print_tables, progress_bars, report_check

questions_app = typer.Typer(no_args_is_help=True, help="Check, describe and judge the questions that are measured on.")


class Judge(StrEnum):
    """Whose judgements."""

    FIRST = "first"
    SECOND = "second"


@questions_app.command("check")
def questions_check(as_json: AsJson = False) -> None:
    """Check labels, splits, judgements and evidence against each other and the guides."""
    from qa import wiring_questions as wiring

    with explained(as_json):
        report_check("questions", *wiring.check(), as_json=as_json)


@questions_app.command("describe")
def questions_describe(as_json: AsJson = False) -> None:
    """Count the questions; say how far the judges agree, and how far questions repeat the words of what answers them."""
    from qa import wiring_questions as wiring
    from qa.evaluation.tables_of_questions import tables_of_questions

    with explained(as_json):
        described = wiring.description()
        if as_json:
            print_json(asdict(described))
        else:
            from rich.console import Console

            print_tables(Console(), tables_of_questions(described))


@questions_app.command("pool")
def questions_pool(
    judge: Annotated[Judge, typer.Argument(help="Whose sheets. A judge doesn't see the other's judgements.")],
    output: Annotated[Path, typer.Argument(help="Folder for the sheets.", metavar="DIR")],
    every: Annotated[
        bool, typer.Option("--every-question", help="Pool them all anew, since guides or ranking changed; else new ones alone.")
    ] = False,
    depth: Annotated[int, typer.Option(min=1, max=20, help="Sections from the top of each mode.")] = 10,
    language: Annotated[Language, typer.Option(help="Language to read the sections in.")] = Language.ZH_HANS,
    as_json: AsJson = False,
) -> None:
    """Write sheets of what a judge has yet to judge, from the top of every mode, in an order that says nothing."""
    from qa import wiring_questions as wiring

    with explained(as_json):
        with progress_bars() as (progress, say):
            written = wiring.write_sheets(f"{judge}.tsv", output, depth, language.of_guides, progress, say, every=every)
        pairs = sum(sheet.lines.count("\n") for sheet in written)
        if as_json:
            print_json({"sheets": [sheet.name for sheet in written], "judgements": pairs})
        elif written:
            sheets = f"{len(written)} sheet{'' if len(written) == 1 else 's'}, {pairs} judgements"
            how = f"Read each .md, put a grade in place of every ? in its .tsv, and append that to judgements/{judge}.tsv"
            typer.echo(f"{sheets}. {how}")
        else:
            typer.echo("Nothing is left to judge.")


@questions_app.command("merge")
def questions_merge(as_json: AsJson = False) -> None:
    """Write qrels.tsv from what the judges say and from how their differences were settled."""
    from qa import wiring_questions as wiring

    with explained(as_json):
        path, judgements = wiring.merge()
        if as_json:
            print_json({"file": str(path), "judgements": judgements})
        else:
            typer.echo(f"written: {path}, {judgements} judgements")
