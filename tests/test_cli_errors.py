from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import point_at, run
from small_corpus import build, write_small_corpus

from qa.config import Settings
from qa.index.embedder import Embedder
from qa.index.manifest import CURRENT, GENERATIONS

EVERY_COMMAND = [
    ("index", "build"),
    ("index", "status"),
    ("index", "check"),
    ("corpus", "check"),
    ("search", "povo"),
    ("ask", "povo"),
    ("chat",),
]


@pytest.fixture(autouse=True)
def corpus(settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the small corpus, which commands find, without an index."""
    point_at(settings, monkeypatch, embedder)
    return write_small_corpus(settings.corpus)


def assert_refused(arguments: tuple[str, ...], kind: str, message: str) -> None:
    """Assert that a command ends with 1 and one line on stderr, and with --json says the same in an object."""
    ran = run(*arguments)
    assert (ran.code, ran.stdout, ran.complaint) == (1, "", message)
    if arguments != ("chat",):
        ran = run(*arguments, "--json")
        assert (ran.code, ran.complaint) == (1, message)
        assert ran.json == {"error": {"type": kind, "message": message}}


@pytest.mark.parametrize("arguments", [("index", "build"), ("corpus", "check")])
def test_a_missing_corpus_is_named_with_its_mend(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CORPUS", str(tmp_path / "nope"))

    message = f"No corpus: {tmp_path / 'nope'} is not a folder. Mend: name the guides' folder with QA_CORPUS=…"
    assert_refused(arguments, "CorpusError", message)


def test_a_corpus_without_guides_is_named_with_what_was_expected(corpus: Path) -> None:
    shutil.rmtree(corpus)
    corpus.mkdir()

    folders = " or ".join(f"{corpus}/{language}" for language in ("zh-Hans", "ja", "en"))
    message = f"No guides: expected files like operators/povo.md in {folders}. Mend: add one, or QA_CORPUS=…"
    assert_refused(("index", "build"), "CorpusError", message)


@pytest.mark.parametrize("arguments", [("ask", "povo"), ("search", "povo")])
def test_no_index_is_named_with_its_mend(arguments: tuple[str, ...], settings: Settings) -> None:
    assert_refused(arguments, "GenerationError", f"No index in {settings.index}. Mend: qa index build")


@pytest.mark.parametrize("arguments", EVERY_COMMAND)
def test_every_command_refuses_an_unknown_setting_in_one_line(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "qa.toml").write_text("prot = 1")

    known = (
        "corpus, index, evaluation, cache, model, precision, max_tokens, centre_share, "
        "coverage_weight, phrasing_weight, window_weight, token_power, other_subject, other_section, host, port, feedback, feedback_file"
    )
    assert_refused(arguments, "SettingsError", f"Unknown key 'prot' in qa.toml. Known: {known}. Mend: delete it")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "The question is empty. Mend: ask something, like 'povo 怎么在线销户？'"),
        (" \n ", "The question is empty. Mend: ask something, like 'povo 怎么在线销户？'"),
        (
            "解" * 10_000,
            "The question is 10000 characters long; 2000 are the most. Mend: ask for one thing in a few sentences",
        ),
    ],
    ids=["empty", "blank", "10,000 characters"],
)
def test_a_question_that_cannot_be_asked_is_refused_in_one_line(
    command: str, question: str, message: str, settings: Settings, embedder: Embedder
) -> None:
    build(settings, embedder)

    assert_refused((command, question), "QuestionError", message)


def test_an_unknown_operator_is_refused_with_the_known_ones(settings: Settings, embedder: Embedder) -> None:
    build(settings, embedder)

    refused = run("search", "解约", "--operator", "nobody", "--json")
    assert refused.code == 1
    assert refused.json["error"]["message"].startswith("No operator is called 'nobody'. Mend: one of ")


@pytest.mark.parametrize("file", ["dense.faiss", "terms/terms.json"])
def test_a_damaged_generation_is_refused_by_those_who_read_it(file: str, settings: Settings, embedder: Embedder) -> None:
    path = settings.index / GENERATIONS / build(settings, embedder) / file
    path.write_bytes(path.read_bytes()[:-1])

    problem = f"{path} is damaged: its bytes are not those that were built."
    for arguments in (("ask", "povo"), ("search", "povo")):
        assert_refused(arguments, "GenerationError", f"{problem} Mend: qa index build --full")
    checked = run("index", "check", "--json")
    assert (checked.code, checked.json["ok"], checked.json["generation"]) == (
        1,
        False,
        path.relative_to(settings.index).parts[1],
    )
    what = "is damaged: its bytes are not those that were built"
    assert checked.json["problems"] == [{"file": str(path), "problem": what, "mend": "qa index build --full"}]
    assert run("index", "check").stdout == f"{path} {what}\n"
    assert run("index", "status", "--json").json["stale_because"] == [f"{problem} Mend: qa index build --full"]


def test_the_mend_of_a_damaged_generation_mends_it(settings: Settings, embedder: Embedder) -> None:
    path = settings.index / GENERATIONS / build(settings, embedder) / "dense.faiss"
    path.unlink()

    assert run("index", "check").code == 1
    assert run("index", "build", "--full").code == 0
    assert run("index", "check").code == 0


@pytest.mark.parametrize("content", ["", "nope\n", "../../.. x\n"])
def test_a_damaged_current_is_refused_with_the_mend(content: str, settings: Settings, embedder: Embedder) -> None:
    build(settings, embedder)
    (settings.index / CURRENT).write_text(content)

    ran = run("ask", "povo")
    assert ran.code == 1
    assert ran.complaint.endswith("which has no readable manifest. Mend: qa index build --full")


def test_an_index_folder_that_is_a_file_is_refused_in_one_object(settings: Settings) -> None:
    settings.index.write_text("a file")

    ran = run("index", "build", "--json")
    assert ran.code == 1
    assert "QA_INDEX" in ran.json["error"]["message"]
