from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Ran, point_at, run
from evaluation.small_sets import RememberingEmbedder, write_beir, write_gate, write_questions
from small_corpus import small_settings

from qa.config import Settings
from qa.index.embedder import Embedder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of the small corpus, built, whose evaluation has a cache of its own."""
    folder = tmp_path_factory.mktemp("small")
    return small_settings(folder, cache, embedder).model_copy(update={"cache": folder / "cache"})


@pytest.fixture(scope="module")
def remembering(embedder: Embedder) -> Embedder:
    """Return the model, which runs on each text once in this module."""
    return RememberingEmbedder(embedder)


@pytest.fixture
def questions(small: Settings) -> Path:
    """Return the folder of the questions, without a gate."""
    folder = write_questions(small.index.parent / "evaluation")
    (folder / "gate.toml").unlink(missing_ok=True)
    return folder


@pytest.fixture(autouse=True)
def here(small: Settings, questions: Path, remembering: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let commands find the small corpus and its questions, and return a folder that holds a BEIR folder called stories."""
    point_at(small, monkeypatch, remembering)
    monkeypatch.setenv("QA_EVALUATION", str(questions))
    monkeypatch.chdir(tmp_path)
    write_beir(tmp_path / "stories")
    return tmp_path


def complaint(ran: Ran) -> str:
    """Return the last line on stderr of a command that failed; nothing stands on stdout, and no traceback anywhere."""
    assert (ran.code, ran.stdout) == (1, "")
    assert "Traceback" not in ran.stderr
    return ran.stderr.splitlines()[-1]


def assert_faults(arguments: tuple[str, ...], message: str, *faults: str) -> None:
    """Assert that the faults are listed one a line, then the message; with --json the message is in an object too."""
    ran = run("eval", *arguments)
    assert complaint(ran) == message
    assert [line for line in ran.stderr.splitlines() if line.endswith("]")] == list(faults)
    ran = run("eval", *arguments, "--json")
    assert ran.code == 1
    assert ran.json == {"error": {"type": "DatasetError", "message": message}}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--mode", "fast"), "'fast' is no mode. Known: hybrid, dense, lexical, separated by commas"),
        (("--mode", "dense,"), "'' is no mode."),
        (("--topics", "t"), "--topics and --qrels go together"),
        (("--qrels", "q"), "--topics and --qrels go together"),
        (("--update-baseline", "--mode", "dense"), "--update-baseline is for all of the project's questions"),
        (("--update-baseline", "--split", "dev"), "--update-baseline is for all of the project's questions"),
        (("--update-baseline", "--dataset", "stories"), "--update-baseline is for all of the project's questions"),
        (("--update-baseline", "--topics", "t", "--qrels", "q"), "--update-baseline is for all of the project's questions"),
        (("--update-baseline", "--settings", "qa.toml"), "--update-baseline is for all of the project's questions"),
        (("--update-baseline", "--against", "out"), "--update-baseline is for all of the project's questions"),
        (("--update-baseline", "--gate", "gate.toml"), "--update-baseline is for all of the project's questions"),
        (("--k", "3"), "No such option: --k"),
    ],
)
def test_wrong_usage_ends_with_2_and_measures_nothing(
    arguments: tuple[str, ...], message: str, here: Path, questions: Path
) -> None:
    ran = run("eval", *arguments, "--output", "out")

    assert (ran.code, ran.stdout) == (2, "")
    assert message in " ".join(ran.stderr.replace("│", " ").split())
    assert not (here / "out").exists()
    assert not (questions / "baseline.json").exists()


def test_a_folder_that_is_not_there_is_named() -> None:
    assert_faults(("--dataset", "nowhere"), "There is no folder nowhere. Mend: --dataset with a BEIR folder")


def test_a_folder_of_neither_form_says_what_either_needs(here: Path) -> None:
    (here / "other").mkdir()

    message = (
        "other holds neither corpus.jsonl (a BEIR folder) nor questions.jsonl (questions about the guides). "
        "Mend: name a folder that does"
    )
    assert_faults(("--dataset", "other"), message)


def test_a_corpus_without_documents_is_refused(here: Path) -> None:
    (here / "stories/corpus.jsonl").write_text("\n")

    message = "stories/corpus.jsonl holds no document. Mend: one JSON object a line, with _id, title and text"
    assert_faults(("--dataset", "stories"), message)


def test_a_public_set_of_which_nothing_is_judged_is_refused(here: Path) -> None:
    (here / "stories/qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\n")

    line = complaint(run("eval", "--dataset", "stories"))
    assert line.startswith("stories is an empty dataset: no question of queries.jsonl is judged in test.tsv")
    assert "Mend: " in line


def test_a_judgement_of_an_unknown_document_is_named_by_file_and_line(here: Path) -> None:
    with (here / "stories/qrels/test.tsv").open("a") as file:
        file.write("q-tea\tfr-tea\t1\nq-cocoa\ten-tea\t1\n")

    assert_faults(
        ("--dataset", "stories"),
        "2 faults in stories/qrels/test.tsv; nothing was measured. Mend them, then run it again",
        "test.tsv:8: there is no document 'fr-tea' [unknown-document]",
        "test.tsv:9: there is no question 'q-cocoa' [unknown-question]",
    )


def test_an_id_that_stands_twice_is_named_by_file_and_line(here: Path) -> None:
    with (here / "stories/queries.jsonl").open("a") as file:
        file.write(json.dumps({"_id": "q-panda", "text": "again"}))

    assert_faults(
        ("--dataset", "stories"),
        "1 fault in stories/queries.jsonl; nothing was measured. Mend them, then run it again",
        "queries.jsonl:7: the id 'q-panda' is that of line 2 too [duplicate-id]",
    )


def test_a_split_that_a_public_set_lacks_is_named_with_those_it_has() -> None:
    assert_faults(
        ("--dataset", "stories", "--split", "dev"),
        "There is no stories/qrels/dev.tsv. Found in qrels/: test. Mend: --split with one of them, or write the file",
    )


def test_a_split_that_the_questions_lack_is_named(questions: Path) -> None:
    message = f"{questions}/questions.jsonl holds no question of split 'train'. Mend: --split all, or write some"
    assert_faults(("--split", "train"), message)


def test_judgements_of_sections_that_the_guides_lack_are_named(questions: Path) -> None:
    with (questions / "qrels.tsv").open("a") as file:
        file.write("fee-zh\t0\tpovo#price\t2\n")

    assert_faults(
        (),
        f"1 fault in {questions}/qrels.tsv; nothing was measured. Mend them, then run it again",
        "qrels.tsv:12: there is no section 'povo#price' [unknown-section]",
    )


def test_missing_questions_are_named_by_their_file(questions: Path) -> None:
    (questions / "questions.jsonl").unlink()

    assert_faults((), f"There is no file {questions}/questions.jsonl. Mend: write it, or name another place")


def test_a_gate_that_is_not_there_is_named() -> None:
    message = "There is no gate floors.toml. Mend: write it, or leave --gate out"
    assert_faults(("--dataset", "stories", "--gate", "floors.toml"), message)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mode = hybrid", "gate.toml is not TOML: "),
        ("floor = 1", "gate.toml: floor: "),
        ('mode = "hybrid"', "the gate asks for nothing; write a [[bound]] or a [[drop]]"),
        ('[[bound]]\nmeasure = "AP"\nleast = 1.5', "gate.toml: bound.0.least: "),
        ('[[bound]]\nmeasure = "AP"', "name one of 'least' and 'most'"),
        ('[[bound]]\nmeasure = "nDCG"\nleast = 0.5', "The gate's 'nDCG' of 'all' can't be measured. Measures: nDCG@10, "),
        ('[[bound]]\nmeasure = "AP"\ncell = "language:fr"\nleast = 0.5', "There is no cell 'language:fr'. Known: all, "),
        (
            '[[drop]]\nmeasure = "AP"\nmost = 0.1',
            "gate.toml bounds drops, but there is no baseline. Mend: qa eval --update-baseline",
        ),
    ],
)
def test_a_gate_that_can_not_be_judged_is_an_error_and_no_verdict(text: str, part: str, questions: Path) -> None:
    (questions / "gate.toml").write_text(text)
    line = complaint(run("eval"))

    assert part in line
    assert "Mend" in line


def test_a_gate_for_a_mode_that_is_not_measured_is_refused_where_it_was_asked_for(here: Path) -> None:
    gate = write_gate(here / "floors.toml", 0.5, "dense")

    message = f"{gate} judges mode dense, which was not measured. Mend: --mode dense"
    assert_faults(("--dataset", "stories", "--mode", "lexical", "--gate", str(gate)), message)


def test_settings_that_are_not_there_are_named() -> None:
    message = "There is no settings file tuned.toml. Mend: write it, like qa.toml, or name another"
    ran = run("eval", "--settings", "tuned.toml", "--json")
    assert (ran.code, ran.stderr) == (1, f"{message}\n")
    assert ran.json == {"error": {"type": "SettingsError", "message": message}}


@pytest.mark.parametrize("name", ["qa.toml", "tuned.toml"])
def test_settings_that_a_variable_would_override_or_that_are_not_there_are_refused(
    name: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = complaint(run("eval", "--settings", name))
    assert line == f"There is no settings file {name}. Mend: write it, like qa.toml, or name another"

    (here / name).write_text("coverage_weight = 0.5\n")
    monkeypatch.setenv("QA_COVERAGE_WEIGHT", "0.25")
    line = complaint(run("eval", "--settings", name))
    assert line == f"QA_COVERAGE_WEIGHT would override the 'coverage_weight' of {name}. Mend: unset QA_COVERAGE_WEIGHT"


def no_runs(here: Path) -> Path:
    (here / "before").mkdir()
    return here / "before"


def no_file(here: Path) -> Path:
    return here / "before.run"


def of_another_set(here: Path) -> Path:
    (here / "before.run").write_text("701 Q0 doc7 1 3.5 theirs\n")
    return here / "before.run"


def of_unknown_documents(here: Path) -> Path:
    (here / "before.run").write_text("q-tea Q0 doc7 1 3.5 theirs\n")
    return here / "before.run"


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (no_runs, "{} holds no run of lexical. Mend: --against a .run file or an --output folder"),
        (no_file, "There is no file {}. Mend: write it, or name another place"),
        (of_another_set, "{} ranks nothing for these questions. Mend: name a run of the same dataset"),
        (of_unknown_documents, "1 fault in {}; nothing was measured. Mend them, then run it again"),
    ],
)
def test_a_stored_run_that_can_not_be_compared_with_is_refused(
    prepare: Callable[[Path], Path], message: str, here: Path
) -> None:
    against = prepare(here)
    ran = run("eval", "--dataset", "stories", "--mode", "lexical", "--against", str(against))

    assert complaint(ran) == message.format(against)


def test_topics_without_a_judgement_are_refused(here: Path) -> None:
    (here / "topics.tsv").write_text("7\tpovo 销户费用\n", "utf-8")
    (here / "qrels.tsv").write_text("\n")

    message = "topics.tsv and qrels.tsv are an empty dataset: no topic is judged. Mend: name the judgements of these topics"
    assert_faults(("--topics", "topics.tsv", "--qrels", "qrels.tsv"), message)


def test_topics_that_are_not_there_are_named() -> None:
    message = "There is no file topics.tsv. Mend: write it, or name another place"
    assert_faults(("--topics", "topics.tsv", "--qrels", "qrels.tsv"), message)


def test_an_output_folder_that_is_a_file_is_refused_in_one_line(here: Path) -> None:
    (here / "out").write_text("a file")
    ran = run("eval", "--dataset", "stories", "--mode", "lexical", "--output", "out", "--json")

    assert ran.code == 1
    assert "out" in ran.json["error"]["message"]


def test_a_baseline_that_can_not_be_written_is_one_error_object_and_no_report(questions: Path) -> None:
    (questions / "baseline.json").mkdir()
    ran = run("eval", "--update-baseline", "--json")
    (questions / "baseline.json").rmdir()

    assert ran.code == 1
    assert "baseline.json" in ran.json["error"]["message"]


def test_a_message_stays_on_one_line_however_narrow_the_screen_and_says_a_path_as_it_is(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    stories = write_beir(here / "stories [bold] of tea and bridges")
    ran = run("eval", "--dataset", str(stories), "--mode", "lexical")

    assert ran.stderr.splitlines()[1].startswith(f"Building an index of {stories} in the cache: ")
