"""The commands that make work for the maintainers of what readers say: `qa feedback …`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.errors import FeedbackError
from qa.feedback.entry import Verdict
from qa.terminal import AsJson, explained, print_json

if TYPE_CHECKING:
    from qa.feedback.entry import Feedback
    from qa.feedback.grouping import Asked

feedback_app = typer.Typer(no_args_is_help=True, help="What readers say of answers, and what to make of it.")

_STDOUT = "-"
_Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on, in UTC.", metavar="YYYY-MM-DD")]
_Verdicts = Annotated[
    list[Verdict] | None, typer.Option("--verdict", help="With this verdict alone; may be given several times.")
]
_Force = Annotated[bool, typer.Option("--force", help="Write over FILE where it is there already.")]


@feedback_app.command("list")
def feedback_list(
    verdict: _Verdicts = None,
    since: _Since = None,
    unanswered: Annotated[
        bool, typer.Option("--unanswered", help="The questions without a direct answer, the most frequent first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print what readers said, newest last."""
    from qa.feedback.grouping import by_question
    from qa.wiring_feedback import kept

    with explained(as_json):
        store = kept()
        entries = store.entries(_day(since), verdict or ())
        if unanswered:
            asked = by_question(entry for entry in entries if entry.is_unanswered)
            shown, values = [_question_lines(each) for each in asked], {"questions": [_as_object(each) for each in asked]}
        else:
            shown, values = [_lines(entry) for entry in entries], {"feedback": [asdict(entry) for entry in entries]}
        if as_json:
            print_json({"file": str(store.path), **values})
        else:
            typer.echo("\n".join(shown) or f"There is no such feedback in {store.path}.")


@feedback_app.command("export")
def feedback_export(
    file: Annotated[Path, typer.Argument(help=".jsonl or .csv; - for JSON Lines on stdout.", metavar="FILE")],
    verdict: _Verdicts = None,
    since: _Since = None,
    force: _Force = False,
    as_json: AsJson = False,
) -> None:
    """Write what readers said as JSON Lines, or as a table for spreadsheets."""
    from qa.feedback.export import FORMS, as_json_lines
    from qa.wiring_feedback import kept

    to_stdout = str(file) == _STDOUT
    if to_stdout and as_json:
        raise typer.BadParameter("- and --json both want stdout; name a file")
    if not to_stdout and file.suffix not in FORMS:
        raise typer.BadParameter(f"'{file}' ends in none of {', '.join(FORMS)}")
    with explained(as_json):
        entries = kept().entries(_day(since), verdict or ())
        if to_stdout:
            typer.echo(as_json_lines(entries), nl=False)
            return
        _write(file, FORMS[file.suffix](entries), force=force)
        if as_json:
            print_json({"file": str(file), "feedback": len(entries)})
        else:
            typer.echo(f"written: {file}, {len(entries)} entr{'y' if len(entries) == 1 else 'ies'}")


@feedback_app.command("to-questions")
def feedback_to_questions(
    file: Annotated[Path, typer.Argument(help="Where the candidates go, one JSON object a line.", metavar="FILE")],
    verdict: _Verdicts = None,
    since: _Since = None,
    force: _Force = False,
    as_json: AsJson = False,
) -> None:
    """Write candidates for the questions that are measured on; what a person has to judge is null in them."""
    from qa.wiring_feedback import kept, to_questions

    with explained(as_json):
        found, questions = to_questions(kept().entries(_day(since), verdict or ()))
        if found.rows:
            _write(file, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in found.rows), force=force)
        count = len(found.rows)
        if as_json:
            written = str(file) if count else None
            left_out = {"asked_already": found.asked_already, "phrased_already": found.phrased_already}
            print_json({"file": written, "candidates": count, "left_out": left_out})
        else:
            typer.echo(f"written: {file}, {count} candidate{'' if count == 1 else 's'}" if count else "Nothing to write.")
        typer.echo(
            f"left out: {found.asked_already} that {questions} says, {found.phrased_already} that a phrasing says", err=True
        )
        if count:
            typer.echo(
                f"Next: say each in your own words, replace every null, append the lines to {questions}; "
                "then `qa questions check`, and `qa questions pool first DIR`. docs/feedback.md has the steps.",
                err=True,
            )


def _day(since: datetime | None) -> str | None:
    return since.date().isoformat() if since else None


def _lines(entry: Feedback) -> str:
    cited = f": {', '.join(entry.sections)}" if entry.sections else ""
    remark = f"\n      “{entry.remark}”" if entry.remark else ""
    return f"{entry.number:4}  {entry.day}  {entry.verdict:8}  {entry.question}{remark}\n      {entry.outcome}{cited}"


def _question_lines(asked: Asked) -> str:
    said = ", ".join(f"{count} {verdict}" for verdict, count in asked.verdicts.items())
    remarks = "".join(f"\n      “{entry.remark}”" for entry in asked.entries if entry.remark)
    closest = f"; closest: {', '.join(asked.sections)}" if asked.sections else ""
    return f"{asked.count:3} ×  {asked.question}{remarks}\n      {said}; last on {asked.last.day}{closest}"


def _as_object(asked: Asked) -> dict[str, object]:
    return {
        "question": asked.question,
        "count": asked.count,
        "verdicts": asked.verdicts,
        "outcomes": asked.outcomes,
        "operators": asked.operators,
        "sections": asked.sections,
        "remarks": [entry.remark for entry in asked.entries if entry.remark],
        "last": asked.last.day,
        "numbers": [entry.number for entry in asked.entries],
    }


def _write(file: Path, text: str, *, force: bool) -> None:
    from qa.index.storage import replace_text

    if file.exists() and not force:
        raise FeedbackError(f"{file} is there already. Mend: name another file, or --force")
    replace_text(file, text)
