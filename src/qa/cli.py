"""The command `qa`. Every command's work is a function elsewhere; here arguments become calls, and results become text or JSON."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any

import typer

from qa import wiring
from qa.cli_eval import evaluate
from qa.cli_index import corpus_app, index_app
from qa.cli_questions import questions_app
from qa.config import load_settings
from qa.datatypes import Hit, Language, Mode
from qa.terminal import AsJson, explained, open_fresh_assistant, print_json

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Questions and answers about cancelling a Japanese mobile line, from sourced guides, offline.",
)
app.add_typer(index_app, name="index")
app.add_typer(corpus_app, name="corpus")
app.add_typer(questions_app, name="questions")
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
        assistant = wiring.open_assistant(load_settings())
        hits = assistant.search(query, k, mode, language, operator)
        if as_json:
            generation = assistant.generation.id
            print_json({"query": query, "mode": mode, "generation": generation, "hits": [_hit(hit) for hit in hits]})
            return
        for rank, hit in enumerate(hits, 1):
            typer.echo(f"{rank:2}  {hit.score:.3f}  {hit.passage.section_id} ({hit.passage.language})")
            typer.echo(f"      {' '.join(hit.passage.text.split())[:100]}")


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
        opened = time.perf_counter()
        answer = assistant.answer(question, language)
        done = time.perf_counter()
        if as_json:
            keys = ("language", "outcome", "text", "confidence", "citations", "follow_ups", "generation")
            values = asdict(answer)
            timings = {"open": round(1000 * (opened - started), 1), "answer": round(1000 * (done - opened), 1)}
            print_json({"question": question, **{key: values[key] for key in keys}, "timings_ms": timings})
            return
        typer.echo(answer.text)
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

    with explained(as_json=False):
        settings = load_settings(host=host, port=port)
        serve(settings.host, settings.port, lambda: open_fresh_assistant(settings), lambda text: typer.echo(text, err=True))


def _hit(hit: Hit) -> dict[str, Any]:
    return {**asdict(hit.passage), "score": hit.score, "parts": asdict(hit.parts)}


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
