"""The command `qa`. Every command's work is a function elsewhere; here arguments become calls, and results become text or JSON."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from qa import wiring
from qa.cli_eval import evaluate
from qa.cli_feedback import feedback_app
from qa.cli_index import corpus_app, index_app
from qa.cli_questions import questions_app
from qa.config import load_settings
from qa.datatypes import Language, Mode
from qa.terminal import AsJson, explained, open_fresh_assistant, print_json

if TYPE_CHECKING:
    from qa.answering.assistant import Assistant
    from qa.web.programs.tools import Tools

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Questions and answers about cancelling a Japanese mobile line, from sourced guides, offline.",
)
app.add_typer(index_app, name="index")
app.add_typer(corpus_app, name="corpus")
app.add_typer(questions_app, name="questions")
app.add_typer(feedback_app, name="feedback")
app.command("eval")(evaluate)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Number of hits.")] = 10,
    mode: Annotated[Mode, typer.Option(help="How hits are scored.")] = Mode.HYBRID,
    language: Annotated[Language | None, typer.Option(help="Search the guides in this language alone.")] = None,
    operator: Annotated[str | None, typer.Option(help="Search the guide of this operator alone.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the passages that match a query best."""
    with explained(as_json):
        found = _tools(wiring.open_assistant(load_settings())).search(query, k, mode, language, operator)
        if as_json:
            print_json(found.model_dump(mode="json"))
            return
        for rank, hit in enumerate(found.hits, 1):
            typer.echo(f"{rank:2}  {hit.score:.3f}  {hit.section_id} ({hit.language})")
            typer.echo(f"      {' '.join(hit.text.split())[:100]}")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    language: Annotated[
        Language | None, typer.Option(help="Language of the answer; the question's own where not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question, with citations."""
    with explained(as_json):
        started = time.perf_counter()
        assistant = wiring.open_assistant(load_settings())
        opening = round(1000 * (time.perf_counter() - started), 1)
        answer = _tools(assistant).ask(question, language)
        if as_json:
            # Scripts rely on exactly these keys; `asked` tells of turns before, which there are none of here.
            printed = answer.model_dump(mode="json", exclude={"asked", "did_you_mean"})
            print_json({**printed, "timings_ms": {"open": opening, **answer.timings_ms}})
            return
        typer.echo(answer.text)
        for meant in answer.did_you_mean or ():
            typer.echo(f"\nDid you mean: {meant}")
        for citation in answer.citations:
            typer.echo(f"\n[{citation.marker}] {' · '.join(citation.headings)} ({citation.section_id}, {citation.language})")
            for source in citation.sources:
                typer.echo(f"    {source.url} ({source.publisher}, {source.date or 'undated'})")
            official = f"; operator's page: {citation.official_url}" if citation.official_url else ""
            typer.echo(f"    compiled {citation.checked}{official}")


@app.command()
def chat(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Serve the web chat, building the index first where it is missing or stale."""
    from qa.web.server import serve
    from qa.wiring_feedback import feedback_store

    with explained(as_json=False):
        settings = load_settings(host=host, port=port)
        opening = partial(open_fresh_assistant, settings)
        serve(settings.host, settings.port, opening, feedback_store(settings), lambda text: typer.echo(text, err=True))


@app.command()
def mcp() -> None:
    """Serve the tools to an agent over stdin and stdout (MCP), building the index first where it is missing or stale."""
    from qa.web.programs.mcp import mcp_server

    with explained(as_json=False):
        mcp_server(_tools(open_fresh_assistant(load_settings()))).run("stdio")


def _tools(assistant: Assistant) -> Tools:
    """Return the tools over assistant, without a server whose pages they could name."""
    from qa.web.programs.tools import Tools
    from qa.web.turnstile import Turnstile

    return Tools(assistant, Turnstile(), pages=False)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
