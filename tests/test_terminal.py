from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from small_corpus import build, small_settings, write_small_corpus

from qa import wiring
from qa.config import Settings
from qa.datatypes import Problem
from qa.errors import (
    CorpusError,
    GenerationError,
    ModelError,
    QAError,
    QuestionError,
    ServerError,
    SettingsError,
)
from qa.index.build import BuildReport
from qa.index.centres import everyday_questions
from qa.index.embedder import Embedder
from qa.terminal import build_with_progress, complain, describe, explained, open_fresh_assistant, print_json

QUESTION = "povo 销户费用多少钱"


@pytest.fixture(autouse=True)
def _loaded_model(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "load_embedder", lambda _: embedder)


@pytest.fixture
def built(tmp_path: Path, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of a small corpus of its own, built."""
    return small_settings(tmp_path, cache, embedder)


@pytest.mark.parametrize(
    "error",
    [
        SettingsError("a"),
        CorpusError("b"),
        ModelError("c"),
        GenerationError("d"),
        QuestionError("e"),
        ServerError("f"),
        QAError("g"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("as_json", [True, False])
def test_an_explained_error_becomes_a_line_and_exit_code_1(
    error: QAError, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, explained(as_json):
        raise error
    printed = capsys.readouterr()

    assert ended.value.exit_code == 1
    assert printed.err == f"{error}\n"
    expected = {"error": {"type": type(error).__name__, "message": str(error)}}
    assert printed.out == (json.dumps(expected) + "\n" if as_json else "")


def test_a_file_that_cannot_be_used_is_named_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, explained(as_json=False):
        raise PermissionError(13, "Permission denied", "index/CURRENT")

    assert ended.value.exit_code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("index/CURRENT can't be used: Permission denied. Mend: ")


def test_an_interrupted_command_says_that_nothing_changed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, explained(as_json=False):
        raise KeyboardInterrupt

    assert ended.value.exit_code == 130
    assert capsys.readouterr().err == "Stopped; nothing that was in use has changed.\n"


def test_an_error_of_the_program_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), explained(as_json=True):
        raise ZeroDivisionError


def test_problems_are_listed_before_the_error_that_sums_them_up(capsys: pytest.CaptureFixture[str]) -> None:
    complain(CorpusError("2 faults", [Problem("a.md", 1, "slug", "x"), Problem("b.md", 2, "id", "y")]))

    assert capsys.readouterr().err == "a.md:1: x [slug]\nb.md:2: y [id]\n2 faults\n"


def test_json_is_one_line_and_keeps_characters_readable(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": "销户\n解約 😀"})

    assert capsys.readouterr().out == '{"text": "销户\\n解約 😀"}\n'


def test_a_build_is_described_with_its_counts() -> None:
    report = BuildReport("g1", 8, 22, 19, 900, 1, 2, 3, 15, (), None, 1.26)

    assert describe(report) == "Index g1: 8 guides, 19 passages (1 added, 2 changed, 3 removed, 15 embeddings reused) in 1.3 s"


def test_progress_goes_to_stderr_alone(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    write_small_corpus(settings.corpus)
    report = build_with_progress(settings, full=False)

    printed = capsys.readouterr()
    assert printed.out == ""
    # The everyday questions that centres are made of go through the model too.
    texts = report.passages + sum(map(len, everyday_questions().values()))
    assert "Embedding texts " in printed.err
    assert f"{texts}/{texts}" in printed.err


def test_a_missing_index_is_built_before_it_is_served(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    write_small_corpus(settings.corpus)
    assistant = open_fresh_assistant(settings)

    assert assistant.answer(QUESTION).citations
    assert wiring.index_status(settings).fresh
    assert "Index " in capsys.readouterr().err


def test_a_fresh_index_is_served_as_it_is(built: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    generation = wiring.index_status(built).generation

    assert open_fresh_assistant(built).generation.id == generation
    assert capsys.readouterr().err == ""


def test_a_stale_index_is_built_anew_before_it_is_served(built: Settings) -> None:
    path = built.corpus / "zh-Hans/operators/povo.md"
    path.write_text(path.read_text("utf-8").replace("费用为 0 日元", "费用为 550 日元"), "utf-8")

    assert "550 日元" in open_fresh_assistant(built).answer(QUESTION).text


def test_where_the_guides_are_broken_the_index_built_before_is_served(
    built: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    generation = wiring.index_status(built).generation
    (built.corpus / "zh-Hans/operators/povo.md").write_text("broken", "utf-8")

    assert open_fresh_assistant(built).generation.id == generation
    lines = capsys.readouterr().err.strip().splitlines()
    assert lines[0].startswith("corpus/zh-Hans/operators/povo.md:1: ")
    assert lines[-1] == "Serving the index that was built before."


def test_where_the_guides_are_broken_and_nothing_was_built_nothing_is_served(settings: Settings) -> None:
    write_small_corpus(settings.corpus)
    (settings.corpus / "zh-Hans/operators/povo.md").write_text("broken", "utf-8")

    with pytest.raises(CorpusError, match="nothing was published"):
        open_fresh_assistant(settings)


def test_a_damaged_index_is_built_anew_before_it_is_served(built: Settings, embedder: Embedder) -> None:
    generation = build(built, embedder)
    (built.index / "generations" / generation / "dense.faiss").unlink()

    assert open_fresh_assistant(built).generation.id != generation
