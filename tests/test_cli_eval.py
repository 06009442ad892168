from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from command_line import point_at, run
from evaluation.small_sets import (
    ANSWERABLE,
    BEIR_QRELS,
    JUDGED,
    QRELS,
    UNANSWERABLE,
    RememberingEmbedder,
    write_beir,
    write_gate,
    write_questions,
)
from retrieval.small_phrasings import phrased_settings

from qa.config import Settings
from qa.index.embedder import Embedder

KEYS = ["dataset", "provenance", "runs", "comparisons", "answers", "refusal", "changed_answers", "gate", "seconds"]
NO_GATE = "There is no evaluation/gate.toml: nothing is judged."
MEASURES = ["nDCG@10", "RR@10", "R@5", "R@20", "Success@1", "Success@5", "AP", "Judged@10"]
FILES = ["questions.jsonl", "report.html", "report.json", "report.md"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of the small corpus, built, whose evaluation has a cache of its own."""
    folder = tmp_path_factory.mktemp("small")
    return phrased_settings(folder, cache, embedder).model_copy(update={"cache": folder / "cache"})


@pytest.fixture(scope="module")
def beir(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the small BEIR folder."""
    return str(write_beir(tmp_path_factory.mktemp("beir") / "stories"))


@pytest.fixture
def questions(small: Settings) -> Path:
    """Return the folder of the questions, without a gate and a baseline."""
    folder = write_questions(small.index.parent / "evaluation")
    for name in ("gate.toml", "baseline.json"):
        (folder / name).unlink(missing_ok=True)
    return folder


@pytest.fixture(scope="module")
def remembering(embedder: Embedder) -> Embedder:
    """Return the model, which runs on each text once in this module."""
    return RememberingEmbedder(embedder)


@pytest.fixture(autouse=True)
def _project(small: Settings, questions: Path, remembering: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands find the small corpus and the questions about it."""
    point_at(small, monkeypatch, remembering)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Let the model run on one thread: with another number of them its last digits could differ."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    for each in report["runs"]:
        del each["latency_ms"]
    del report["seconds"]
    return report


def test_eval_prints_one_object_with_these_keys() -> None:
    ran = run("eval", "--json")

    assert ran.code == 0
    assert list(ran.json) == KEYS
    (measured,) = ran.json["runs"]
    assert list(measured)[:4] == ["name", "mode", "questions", "measures"]
    assert (measured["name"], measured["mode"], measured["questions"]) == ("hybrid", "hybrid", 6)
    assert list(measured["measures"])[:8] == MEASURES
    assert all(0 <= value <= 1 for value in measured["measures"].values())
    assert {name: cell["questions"] for name, cell in measured["by_language"].items()} == {"en": 1, "ja": 2, "zh-Hans": 3}
    assert set(measured["latency_ms"]) == {"p50", "p95"}
    assert ran.json["gate"] is None
    assert ran.json["changed_answers"] == []
    assert ran.stderr == f"{NO_GATE}\nLoading the embedding model …\n"


def test_a_measure_of_a_cell_is_the_mean_over_its_questions() -> None:
    (measured,) = run("eval", "--mode", "dense", "--json").json["runs"]

    # Only the English question's first hit helps instead of answering: povo's overview.
    assert measured["measures"]["Success(rel=2)@1"] == round(5 / 6, 6)
    assert measured["by_language"]["en"]["Success(rel=2)@1"] == 0
    assert measured["by_pair"]["en→zh-Hans"]["Success(rel=2)@1"] == 0
    assert measured["by_operator"]["povo"]["Success(rel=2)@1"] == round(2 / 3, 6)
    assert measured["by_topic"]["steps"]["Success(rel=2)@1"] == 1 / 2


def test_unanswerable_questions_count_for_refusing_alone(tmp_path: Path) -> None:
    report = run("eval", "--output", str(tmp_path), "--json").json
    rows = [json.loads(line) for line in (tmp_path / "questions.jsonl").read_text("utf-8").splitlines()]
    refused = {row["question_id"] for row in rows if row["answer"]["outcome"] != "answered"}

    assert report["provenance"]["questions"] == {"answerable": 6, "in_all": 8, "unit": "section"}
    assert (report["refusal"]["questions"], report["refusal"]["unanswerable"]) == (8, 2)
    # Both are refused; any of the six others that is refused too lowers precision.
    assert set(UNANSWERABLE) <= refused < {*ANSWERABLE, *UNANSWERABLE}
    assert (report["refusal"]["recall"], report["refusal"]["precision"]) == (1.0, round(2 / len(refused), 6))
    assert (report["answers"]["questions"], report["answers"]["answered"]) == (6, round((8 - len(refused)) / 6, 6))
    assert report["refusal"]["by_language"]["ja"]["unanswerable"] == 1


def test_without_json_tables_are_on_stdout_and_messages_on_stderr(questions: Path) -> None:
    write_gate(questions / "gate.toml", 0.5)
    ran = run("eval")

    assert ran.code == 0
    assert ran.stdout.startswith("evaluation: 6 questions, mean and 95 % interval\n")
    for title in ("By language", "Answers", "Refusal", "Time: index ", "Gate: gate.toml"):
        assert f"\n{title}" in ran.stdout
    assert ran.stdout.endswith("Gate met: 1 check\n")
    assert ran.stderr == "Loading the embedding model …\n"


@pytest.mark.parametrize(("least", "code", "line"), [(0.8, 0, "Gate met: 1 check"), (0.9, 3, "Gate not met: 1 of 1 check")])
def test_the_printed_verdict_is_the_exit_code(least: float, code: int, line: str, questions: Path) -> None:
    write_gate(questions / "gate.toml", least, "dense", "Success(rel=2)@1")  # which is 5/6

    ran = run("eval", "--mode", "dense")
    assert (ran.code, ran.stdout.splitlines()[-1]) == (code, line)
    ran = run("eval", "--mode", "dense", "--json")
    assert (ran.code, ran.stderr.splitlines()[-1]) == (code, line)
    assert (ran.json["gate"]["met"], ran.json["gate"]["file"]) == (code == 0, "gate.toml")
    (check,) = ran.json["gate"]["checks"]
    assert (check["measure"], check["cell"], check["met"]) == ("Success(rel=2)@1", "all", code == 0)
    assert check["value"] == pytest.approx(5 / 6)


@pytest.mark.parametrize("arguments", [("--split", "dev"), ("--mode", "lexical"), ("--split", "test", "--mode", "hybrid")])
def test_the_gate_is_for_all_questions_in_its_mode_and_says_so_where_it_is_not_judged(
    arguments: tuple[str, ...], questions: Path
) -> None:
    write_gate(questions / "gate.toml", 1.0, measure="Judged@10")  # never met
    ran = run("eval", "--json", *arguments)

    assert (ran.code, ran.json["gate"]) == (0, None)
    assert "evaluation/gate.toml is not judged: it is for all questions in mode hybrid." in ran.stderr.splitlines()


def test_the_gate_looks_at_its_mode_among_several(questions: Path, beir: str) -> None:
    # Lexical finds nothing for one question of five.
    gate = write_gate(questions.parent / "floors.toml", 0.9, "dense", "R@20")
    met = run("eval", "--dataset", beir, "--mode", "dense,lexical", "--gate", str(gate))
    assert (met.code, met.stdout.splitlines()[-1]) == (0, "Gate met: 1 check")

    write_gate(gate, 0.9, "lexical", "R@20")
    failed = run("eval", "--dataset", beir, "--mode", "dense,lexical", "--gate", str(gate))
    assert (failed.code, failed.stdout.splitlines()[-1]) == (3, "Gate not met: 1 of 1 check")


def test_a_public_set_is_judged_by_no_gate_but_the_one_named(beir: str, questions: Path) -> None:
    write_gate(questions / "gate.toml", 1.0, measure="Judged@10")

    ran = run("eval", "--dataset", beir, "--json")
    assert (ran.code, ran.json["gate"]) == (0, None)
    (questions / "gate.toml").rename(questions / "floors.toml")
    assert "nothing is judged" not in run("eval", "--dataset", beir, "--json").stderr
    (questions / "floors.toml").rename(questions / "gate.toml")
    assert run("eval", "--dataset", beir, "--gate", str(questions / "gate.toml")).code == 3


def test_a_split_is_measured_alone() -> None:
    report = run("eval", "--split", "dev", "--json").json

    assert report["provenance"]["questions"] == {"answerable": 3, "in_all": 4, "unit": "section"}
    assert report["runs"][0]["questions"] == 3
    assert set(report["runs"][0]["by_split"]) == {"dev"}
    assert report["refusal"]["unanswerable"] == 1


def test_several_modes_are_compared() -> None:
    report = run("eval", "--mode", "dense, lexical,hybrid,dense", "--json").json

    assert [each["name"] for each in report["runs"]] == ["dense", "lexical", "hybrid"]
    pairs = [(each["old"], each["new"]) for each in report["comparisons"]]
    assert pairs == [("dense", "lexical"), ("dense", "hybrid"), ("lexical", "hybrid")]
    for comparison in report["comparisons"]:
        for each in comparison["differences"]:
            assert each["wins"] + each["losses"] + each["ties"] == 6


def test_the_report_names_the_command_that_gives_it_again(beir: str) -> None:
    ran = run("eval", "--dataset", beir, "--mode", "lexical,dense", "--split", "test", "--json")

    words = shlex.split(ran.json["provenance"]["command"])
    assert sorted(words) == sorted(["qa", "eval", "--dataset", beir, "--split", "test", "--mode", "lexical,dense"])
    assert without_times(run(*words[1:], "--json").json) == without_times(ran.json)


@pytest.mark.parametrize("dataset", ["questions", "beir"])
def test_ir_measures_gives_the_same_figures_from_the_files(dataset: str, beir: str, tmp_path: Path) -> None:
    arguments = ("--dataset", beir) if dataset == "beir" else ()
    assert run("eval", *arguments, "--mode", "dense,lexical,hybrid", "--output", str(tmp_path / "out")).code == 0
    lines = (line.split() for line in (BEIR_QRELS.splitlines()[1:] if dataset == "beir" else QRELS.splitlines()))
    qrels = [ir_measures.Qrel(row[0], row[-2], int(row[-1])) for row in lines if row[0] not in UNANSWERABLE]

    report = json.loads((tmp_path / "out/report.json").read_text("utf-8"))
    assert [measured["mode"] for measured in report["runs"]] == ["dense", "lexical", "hybrid"]
    for measured in report["runs"]:
        ranked = list(ir_measures.read_trec_run(str(tmp_path / f"out/{measured['mode']}.run")))
        parsed = {ir_measures.parse_measure(name): name for name in measured["measures"]}
        figures = ir_measures.calc_aggregate(list(parsed), qrels, ranked)
        assert {parsed[measure]: round(value, 6) for measure, value in figures.items()} == measured["measures"]


def test_a_run_has_six_columns_and_ranks_from_1(tmp_path: Path) -> None:
    run("eval", "--mode", "lexical", "--output", str(tmp_path))

    rows = [line.split(" ") for line in (tmp_path / "lexical.run").read_text("utf-8").splitlines()]
    of_first = [row for row in rows if row[0] == "fee-zh"]
    assert of_first[0][:4] == ["fee-zh", "Q0", "povo#fees", "1"]
    assert [row[3] for row in of_first] == [str(rank) for rank in range(1, len(of_first) + 1)]
    assert all(row[1] == "Q0" and row[5] == "lexical" and float(row[4]) > 0 for row in rows)


def test_output_writes_these_files_and_names_each_on_stderr(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    ran = run("eval", "--mode", "lexical,dense", "--output", str(out), "--json")

    assert sorted(path.name for path in out.iterdir()) == sorted([*FILES, "lexical.run", "dense.run"])
    written = [line for line in ran.stderr.splitlines() if line.startswith("written: ")]
    assert sorted(written) == sorted(f"written: {path}" for path in out.iterdir())
    assert json.loads((out / "report.json").read_text("utf-8")) == ran.json
    first, second, third, *_ = (out / "report.md").read_text("utf-8").splitlines()
    assert (first, third) == ("`qa eval --mode lexical,dense`  ", "")
    whole = ran.json["provenance"]
    hashes = {
        name: whole[key][:12] for name, key in (("corpus", "corpus_hash"), ("weights", "weights"), ("program", "program"))
    }
    origin = ", ".join(f"{name} {value}" for name, value in hashes.items())
    assert second == f"model bundled, generation {whole['generation']}, {origin}"


def test_the_terminal_ends_with_the_origin_in_one_line_as_report_md_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    ran = run("eval", "--mode", "lexical", "--output", str(tmp_path))

    assert ran.stdout.splitlines()[-1] == (tmp_path / "report.md").read_text("utf-8").splitlines()[1]


def test_questions_that_could_not_be_asked_are_named_and_counted(questions: Path) -> None:
    rows = (questions / "questions.jsonl").read_text("utf-8")
    (questions / "questions.jsonl").write_text(rows.replace("号码保管可以放多久", "号码保管" * 501), "utf-8")
    ran = run("eval", "--mode", "dense,lexical")

    why = "The question is 2004 characters long; 2000 are the most. Mend: ask for one thing in a few sentences"
    assert ran.code == 0
    assert [line for line in ran.stderr.splitlines() if "could not be asked" in line] == [
        f"storage-zh could not be asked and scores 0: {why}"
    ]
    title = "evaluation: 6 questions, mean and 95 % interval; 1 could not be asked and score 0"
    assert ran.stdout.splitlines()[0] == title
    for each in run("eval", "--mode", "dense,lexical", "--json").json["runs"]:
        assert each["not_asked"] == {"storage-zh": why}


def test_every_question_has_its_line_also_the_unanswerable(tmp_path: Path) -> None:
    run("eval", "--output", str(tmp_path))

    rows = {row["question_id"]: row for row in map(json.loads, (tmp_path / "questions.jsonl").read_text("utf-8").splitlines())}
    assert list(rows) == [*ANSWERABLE, *UNANSWERABLE]
    assert rows["fee-zh"]["judged"] == {"povo#fees": 2, "povo#overview": 1}
    assert rows["fee-zh"]["runs"]["hybrid"]["measures"]["Success(rel=2)@1"] == 1
    assert rows["fee-zh"]["runs"]["hybrid"]["top"][0][0] == "povo#fees"
    assert rows["fee-zh"]["answer"]["outcome"] == "answered"
    assert "runs" not in rows["mineo-zh"]
    assert rows["mineo-zh"]["answer"]["outcome"] != "answered"


def test_a_public_sets_questions_without_judgements_are_not_asked(beir: str, tmp_path: Path) -> None:
    run("eval", "--dataset", beir, "--mode", "lexical", "--output", str(tmp_path))

    rows = [json.loads(line) for line in (tmp_path / "questions.jsonl").read_text("utf-8").splitlines()]
    assert tuple(row["question_id"] for row in rows) == JUDGED


def test_another_process_writes_the_same_bytes_but_for_the_times(
    small: Settings, cache: Path, embedder: Embedder, tmp_path: Path, one_thread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("eval", "--mode", "lexical,hybrid", "--output")
    point_at(small, monkeypatch, embedder)
    assert run(*arguments, str(tmp_path / "one")).code == 0
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", *arguments, str(tmp_path / "two")],
        env=os.environ | {"QA_CACHE": str(cache), "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1"},
        cwd=small.index.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr.splitlines()[:2]) == (0, [NO_GATE, "Loading the embedding model …"])

    # The times are in report.json (latency_ms, seconds), and in the tables of report.md and report.html.
    for name in ("lexical.run", "hybrid.run", "questions.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    one, two = (json.loads((tmp_path / each / "report.json").read_text("utf-8")) for each in ("one", "two"))
    assert without_times(one) == without_times(two)
    tables = [(tmp_path / each / "report.md").read_text("utf-8") for each in ("one", "two")]
    first, second = (re.sub(r"\*\*Time: .*\n\n(\|.*\n)+", "", text) for text in tables)
    assert "Time" not in first
    assert first == second
