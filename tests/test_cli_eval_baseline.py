"""Runs of before: the stored baseline, and those that --against names."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line import point_at, run
from evaluation.small_sets import QRELS, RememberingEmbedder, write_beir, write_gate, write_questions
from retrieval.small_phrasings import phrased_settings

from qa.config import Settings
from qa.datatypes import Weights
from qa.index.embedder import Embedder

DROP = '[[drop]]\nmeasure = "Success(rel=2)@1"\nmost = {most}\n'
BASELINE = 'baseline = "baseline.json"\n'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of the small corpus, built, with the questions about it: to be copied, not to be changed."""
    settings = phrased_settings(tmp_path_factory.mktemp("small"), cache, embedder)
    write_questions(settings.index.parent / "evaluation")
    return settings


@pytest.fixture(scope="module")
def remembering(embedder: Embedder) -> Embedder:
    """Return the model, which runs on each text once in this module."""
    return RememberingEmbedder(embedder)


@pytest.fixture(autouse=True)
def project(built: Settings, remembering: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let commands find a copy of the small corpus and its questions, and return the copy's folder."""
    project = tmp_path / "project"
    shutil.copytree(built.index.parent, project)
    settings = Settings(corpus=project / "corpus", index=project / "index", cache=tmp_path / "cache")
    point_at(settings, monkeypatch, remembering)
    return project


@pytest.fixture
def questions(project: Path) -> Path:
    """Return the folder of the questions."""
    return project / "evaluation"


def make_worse(project: Path) -> None:
    """Take povo's fees out of the index, so that the question about them finds what helps, but no longer what answers."""
    guide = project / "corpus/zh-Hans/operators/povo.md"
    text = guide.read_text("utf-8")
    assert "[{slug: agent," in text
    guide.write_text(text.replace("[{slug: agent,", "[{slug: fees, status: unknown}, {slug: agent,"), "utf-8")


def difference(report: dict[str, Any], measure: str) -> dict[str, Any]:
    (comparison,) = report["comparisons"]
    (found,) = [each for each in comparison["differences"] if each["measure"] == measure]
    assert isinstance(found, dict)
    return found


def test_a_baseline_is_written_and_the_next_run_is_compared_with_it(questions: Path) -> None:
    ran = run("eval", "--update-baseline")
    assert (ran.code, ran.stderr.splitlines()[-1]) == (0, "Baseline written: evaluation/baseline.json")
    assert (questions / "baseline.json").is_file()

    report = run("eval", "--json").json
    (comparison,) = report["comparisons"]
    assert (comparison["old"], comparison["new"]) == ("hybrid, baseline", "hybrid")
    assert {each["ties"] for each in comparison["differences"]} == {6}
    assert comparison["changed"] == []
    assert report["changed_answers"] == []


def test_a_baseline_holds_one_question_a_line_with_its_ranking_and_answer(questions: Path) -> None:
    assert run("eval", "--update-baseline", "--json").json["comparisons"] == []

    text = (questions / "baseline.json").read_text("utf-8")
    stored = json.loads(text)["questions"]
    assert len(re.findall(r'^  "[^"]+": \{"(?:ranking|answer)', text, re.MULTILINE)) == 8 == len(stored)
    assert stored["fee-zh"]["ranking"][0] == "povo#fees"
    assert stored["fee-zh"]["answer"]["outcome"] == "answered"
    assert "ranking" not in stored["mineo-zh"]


def test_writing_the_baseline_twice_writes_the_same_bytes(questions: Path) -> None:
    run("eval", "--update-baseline")
    before = (questions / "baseline.json").read_bytes()
    run("eval", "--update-baseline")

    assert (questions / "baseline.json").read_bytes() == before


def test_a_worse_guide_is_seen_against_the_baseline_with_what_stands_first_now(project: Path) -> None:
    run("eval", "--update-baseline")
    make_worse(project)
    report = run("eval", "--json").json

    measured = difference(report, "Success(rel=2)@1")
    assert (measured["wins"], measured["losses"], measured["ties"]) == (0, 1, 5)
    assert measured["difference"] == round(5 / 6 - 6 / 6, 6)
    (change,) = report["comparisons"][0]["changed"]
    assert (change["question_id"], change["old_top"]) == ("fee-zh", "povo#fees")
    assert change["new_top"] != "povo#fees"
    assert change["new"] < change["old"] == 1
    assert "new_passage" not in change  # texts stand in the Markdown and on the page


def test_answers_that_changed_since_the_baseline_are_told(project: Path) -> None:
    run("eval", "--update-baseline")
    make_worse(project)
    report = run("eval", "--json").json

    (change,) = report["changed_answers"]
    assert (change["question_id"], change["old"]) == ("fee-zh", ["answered", ["povo#fees"]])
    assert (change["better"], change["worse"]) == (False, True)
    assert "\nAnswers since the baseline: 1 worse, 0 better, 0 other\n" in run("eval").stdout
    # Against another run than the baseline there is nothing to tell.
    run("eval", "--output", str(project / "out"))
    assert run("eval", "--against", str(project / "out"), "--json").json["changed_answers"] == []


def test_a_gate_in_another_mode_than_its_baseline_is_an_error(questions: Path) -> None:
    run("eval", "--update-baseline")
    (questions / "gate.toml").write_text('mode = "lexical"\n' + BASELINE + DROP.format(most=1.0))
    ran = run("eval", "--mode", "lexical")

    assert (ran.code, ran.stdout) == (1, "")
    message = "evaluation/gate.toml judges mode lexical, its baseline is of hybrid. Mend: "
    assert ran.stderr.splitlines()[-1].startswith(message)


@pytest.mark.parametrize("cell", ["topic:agent", "operator:linemo"])
def test_a_drop_over_a_cell_of_which_the_baseline_has_no_question_is_an_error(cell: str, questions: Path) -> None:
    lines = (questions / "questions.jsonl").read_text("utf-8").splitlines(keepends=True)
    judged = (questions / "qrels.tsv").read_text("utf-8")
    (questions / "questions.jsonl").write_text("".join(line for line in lines if "sim-zh" not in line), "utf-8")
    (questions / "qrels.tsv").write_text(re.sub("sim-zh.*\n", "", judged), "utf-8")
    assert run("eval", "--update-baseline").code == 0

    row = json.loads(next(line for line in lines if "sim-zh" in line)) | {"topic": "agent"}  # the one of linemo
    (questions / "questions.jsonl").write_text("".join([*lines[:1], json.dumps(row) + "\n"]), "utf-8")
    (questions / "qrels.tsv").write_text(judged[: judged.index("steps-ja")] + "sim-zh\t0\tlinemo#sim\t2\n", "utf-8")
    (questions / "evidence.jsonl").unlink()
    (questions / "gate.toml").write_text(BASELINE + DROP.format(most=1.0) + f'cell = "{cell}"\n')
    ran = run("eval")

    assert (ran.code, ran.stdout) == (1, "")
    message = f"No question of '{cell}' is in hybrid, baseline. Mend: qa eval --update-baseline"
    assert ran.stderr.splitlines()[-1] == message
    assert run("eval", "--update-baseline").code == 0
    assert run("eval").code == 0


@pytest.mark.parametrize(("most", "code"), [(0.1, 3), (0.2, 0)])
def test_a_drop_against_the_baseline_is_judged(most: float, code: int, project: Path, questions: Path) -> None:
    run("eval", "--update-baseline")
    make_worse(project)
    (questions / "gate.toml").write_text(BASELINE + DROP.format(most=most))
    ran = run("eval", "--json")

    assert (ran.code, ran.json["gate"]["met"]) == (code, code == 0)
    (check,) = ran.json["gate"]["checks"]
    assert check["limit"] == f"at most {most} worse than 1.000"


def test_updating_the_baseline_accepts_what_is_worse_and_prints_the_difference(project: Path, questions: Path) -> None:
    run("eval", "--update-baseline")
    make_worse(project)
    (questions / "gate.toml").write_text(BASELINE + DROP.format(most=0.0))
    ran = run("eval", "--update-baseline")

    assert ran.code == 0
    assert "\nhybrid, baseline → hybrid\n" in ran.stdout
    assert run("eval").code == 0


def test_a_gate_that_bounds_drops_does_not_stand_in_the_way_of_its_first_baseline(questions: Path) -> None:
    (questions / "gate.toml").write_text(BASELINE + DROP.format(most=0.0))

    assert run("eval", "--update-baseline").code == 0
    assert run("eval").code == 0


@pytest.mark.parametrize("text", ["", "{}", '{"format": 0, "questions": {}}', '{"format": 1, "questions": [1]}'])
def test_the_mend_of_a_damaged_baseline_mends_it(text: str, questions: Path) -> None:
    (questions / "baseline.json").write_text(text)

    ran = run("eval")
    assert ran.code == 1
    assert ran.stderr.endswith("Mend: qa eval --update-baseline\n")
    assert run("eval", "--update-baseline").code == 0
    assert run("eval").code == 0


def test_another_mode_is_never_compared_with_a_baseline_under_its_own_name(questions: Path) -> None:
    run("eval", "--update-baseline")
    report = run("eval", "--mode", "lexical", "--json").json

    assert [each["old"] for each in report["comparisons"]] in ([], ["hybrid, baseline"])


def test_a_question_that_is_new_since_the_baseline_is_no_win(questions: Path) -> None:
    run("eval", "--update-baseline")
    row = {
        "question_id": "new-ja",
        "text": "povoのSIMカードは返却しますか",
        "language": "ja",
        "split": "dev",
        "answerable": True,
    }
    with (questions / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    (questions / "qrels.tsv").write_text(QRELS + "new-ja\t0\tpovo#sim\t2\n", "utf-8")
    report = run("eval", "--json").json

    assert report["runs"][0]["questions"] == 7
    assert {(each["wins"], each["losses"]) for each in report["comparisons"][0]["differences"]} == {(0, 0)}


def test_a_question_that_is_gone_since_the_baseline_is_left_out(questions: Path) -> None:
    run("eval", "--update-baseline")
    for name in ("questions.jsonl", "qrels.tsv", "evidence.jsonl"):
        lines = (questions / name).read_text("utf-8").splitlines(keepends=True)
        (questions / name).write_text("".join(line for line in lines if "fee-zh" not in line), "utf-8")
    (questions / "gate.toml").write_text(BASELINE + DROP.format(most=0.0))
    ran = run("eval", "--json")

    assert ran.code == 0
    assert difference(ran.json, "AP")["ties"] == 5


def test_evidence_that_an_edit_took_away_is_named_and_the_rest_is_measured(questions: Path) -> None:
    with (questions / "evidence.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"question_id": "fee-zh", "section_id": "povo#fees", "text": "words of yesterday"}) + "\n")
    line = len((questions / "evidence.jsonl").read_text("utf-8").splitlines())
    ran = run("eval", "--json")

    assert ran.code == 0
    lost = f"evidence.jsonl:{line}: 'povo#fees' no longer holds “words of yesterday…” in zh-Hans; copy its words anew [lost-evidence]"
    assert f"{lost}; until then no quote holds it" in ran.stderr.splitlines()


def test_several_modes_are_compared_with_each_other_and_not_with_the_baseline() -> None:
    run("eval", "--update-baseline")
    report = run("eval", "--mode", "lexical,hybrid", "--json").json

    assert [(each["old"], each["new"]) for each in report["comparisons"]] == [("lexical", "hybrid")]


@pytest.mark.parametrize("form", ["folder", "file"])
def test_a_stored_run_is_compared_with_under_its_name(form: str, tmp_path: Path) -> None:
    beir = str(write_beir(tmp_path / "stories"))
    before = tmp_path / "before"
    run("eval", "--dataset", beir, "--mode", "lexical,dense", "--output", str(before))
    against = before if form == "folder" else before / "lexical.run"
    report = run("eval", "--dataset", beir, "--mode", "lexical", "--against", str(against), "--json").json

    (comparison,) = report["comparisons"]
    assert (comparison["old"], comparison["new"]) == (f"lexical, {'before' if form == 'folder' else 'lexical'}", "lexical")
    assert {each["ties"] for each in comparison["differences"]} == {5}


def test_a_run_of_another_tool_is_compared_with(tmp_path: Path) -> None:
    beir = str(write_beir(tmp_path / "stories"))
    theirs = tmp_path / "theirs.run"
    # Equal scores count in trec_eval's order, by descending id: zh-panda before ja-train.
    theirs.write_text("q-panda Q0 ja-train 1 2.0 t\nq-panda Q0 zh-panda 2 2.0 t\nq-wall Q0 zh-wall 1 1e-3 t\n701 Q0 x 1 1 t\n")
    report = run("eval", "--dataset", beir, "--mode", "lexical", "--against", str(theirs), "--json").json

    measured = difference(report, "Success@1")
    assert report["comparisons"][0]["old"] == "lexical, theirs"
    assert (measured["old"], measured["new"]) == (2 / 5, 4 / 5)
    assert (measured["wins"], measured["losses"], measured["ties"]) == (3, 1, 1)


def test_a_folder_of_runs_is_compared_with_mode_by_mode_where_it_has_them(tmp_path: Path) -> None:
    beir = str(write_beir(tmp_path / "stories"))
    before = tmp_path / "before"
    run("eval", "--dataset", beir, "--mode", "lexical,dense", "--output", str(before))
    report = run("eval", "--dataset", beir, "--mode", "dense,hybrid,lexical", "--against", str(before), "--json").json

    pairs = [(each["old"], each["new"]) for each in report["comparisons"]]
    assert pairs == [("dense, before", "dense"), ("lexical, before", "lexical")]


def test_a_run_of_the_same_settings_is_compared_with_before_one_of_the_same_mode(tmp_path: Path) -> None:
    files = [tmp_path / "one.toml", tmp_path / "two.toml"]
    for file in files:
        file.write_text(f"phrasing_weight = {Weights.phrasing}\n")
    settings = [word for file in files for word in ("--settings", str(file))]
    before = tmp_path / "before"
    run("eval", *settings, "--output", str(before))
    (before / "one-hybrid.run").unlink()
    (before / "hybrid.run").write_text("fee-zh Q0 povo#steps 1 1.0 hybrid\n")
    report = run("eval", *settings, "--against", str(before), "--json").json

    one, two = report["comparisons"]
    assert (one["new"], two["new"]) == ("one/hybrid", "two/hybrid")
    assert one["changed"] != []
    assert two["changed"] == []


def test_two_settings_are_judged_and_stored_by_the_last(questions: Path, tmp_path: Path) -> None:
    files = [tmp_path / "dense.toml", tmp_path / "words.toml"]
    files[0].write_text("coverage_weight = 0.0\n")
    files[1].write_text("coverage_weight = 0.5\n")
    write_gate(questions / "gate.toml", 0.5)
    settings = [word for file in files for word in ("--settings", str(file))]
    ran = run("eval", *settings, "--chosen", "--output", str(tmp_path / "out"), "--json")

    assert (ran.code, ran.json["gate"]["met"]) == (0, True)
    assert [(each["old"], each["new"]) for each in ran.json["comparisons"]] == [("dense/hybrid", "words/hybrid")]
    assert [each["mode"] for each in ran.json["runs"]] == ["hybrid", "hybrid"]
    assert sorted(path.name for path in (tmp_path / "out").glob("*.run")) == ["dense-hybrid.run", "words-hybrid.run"]
