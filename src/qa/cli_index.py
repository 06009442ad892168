"""The commands of those who keep the guides: `qa index …` and `qa corpus …`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from qa import wiring
from qa.config import load_settings
from qa.datatypes import GUIDE_LANGUAGES
from qa.errors import CorpusError
from qa.terminal import AsJson, build_with_progress, complain, describe, explained, print_json, report_check

index_app = typer.Typer(no_args_is_help=True, help="Build the index and look at it.")
corpus_app = typer.Typer(no_args_is_help=True, help="Check the guides.")


@index_app.command("build")
def index_build(
    full: Annotated[bool, typer.Option("--full", help="Embed everything anew, whatever the cache holds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build an index from the guides and put it to use; only changed text is embedded anew."""
    with explained(as_json):
        settings = load_settings()
        try:
            report = build_with_progress(settings, full)
        except CorpusError as error:
            if not error.problems:
                raise
            if as_json:
                print_json(_failed_build(error))
            complain(error)
            raise typer.Exit(1) from error
        if as_json:
            print_json(asdict(report))
        else:
            typer.echo(describe(report))


@index_app.command("status")
def index_status(as_json: AsJson = False) -> None:
    """Say whether the index is fresh, and why not."""
    with explained(as_json):
        status = wiring.index_status(load_settings())
        if as_json:
            print_json(asdict(status))
            return
        if status.generation is None:
            typer.echo(status.stale_because[0])
            return
        size = sum(status.bytes.values())
        typer.echo(f"generation  {status.generation}, built {status.built_at}")
        each = size / max(status.passages, 1) / 1e3
        typer.echo(
            f"holds       {status.guides} guides, {status.passages} passages, {size / 1e6:.1f} MB ({each:.0f} KB a passage)"
        )
        typer.echo(f"model       {status.model}")
        typer.echo(
            "fresh       yes" if status.fresh else f"fresh       no: {'; '.join(status.stale_because)}. Mend: qa index build"
        )


@index_app.command("check")
def index_check(as_json: AsJson = False) -> None:
    """Compare every byte of the index in use with what was built."""
    with explained(as_json):
        generation, problems = wiring.check_index(load_settings())
        if as_json:
            print_json({"generation": generation, "ok": not problems, "problems": [asdict(each) for each in problems]})
        else:
            for each in problems:
                typer.echo(f"{each.file} {each.problem}")
            typer.echo(
                f"{generation}: every byte is as built" if not problems else f"Mend: {problems[0].mend}", err=bool(problems)
            )
        if problems:
            raise typer.Exit(1)


@corpus_app.command("check")
def corpus_check(as_json: AsJson = False) -> None:
    """Check the guides: front matter, slugs, footnotes, sources, links, languages in step, the comparison, the lexicon."""
    from qa.corpus.check import check_corpus

    with explained(as_json):
        report_check("guides", *check_corpus(load_settings().corpus), as_json=as_json)


@corpus_app.command("compare")
def corpus_compare(as_json: AsJson = False) -> None:
    """Write the comparison of all operators anew from their guides' front matter."""
    from qa.corpus.comparison import comparison_path, write_comparisons
    from qa.corpus.guides import read_corpus
    from qa.corpus.lexicon import read_lexicon

    with explained(as_json):
        corpus = load_settings().corpus
        guides, problems = read_corpus(corpus)
        written = {f"{corpus.name}/{comparison_path(language)}" for language in GUIDE_LANGUAGES}  # over which it is written
        if problems := [problem for problem in problems if problem.file not in written]:
            raise CorpusError("The comparison was not written. Mend the faults above, then: qa corpus compare", problems)
        changed = write_comparisons(corpus, guides, read_lexicon(corpus)[0])
        if as_json:
            print_json({"changed": changed})
        else:
            typer.echo("\n".join(f"written: {file}" for file in changed) or "The comparison says what the guides say.")


def _failed_build(error: CorpusError) -> dict[str, Any]:
    failed = [{"file": each.file, "line": each.line, "message": each.message} for each in error.problems]
    counts = dict.fromkeys(("guides", "sections", "passages", "tokens", "added", "changed", "removed", "reused"), 0)
    return {"generation": None, **counts, "failed": failed, "full_because": None, "seconds": 0.0}
