from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import point_at, run
from evaluation.datasets import written
from evaluation.small_sets import ANSWERABLE, QRELS, UNANSWERABLE, RememberingEmbedder, write_questions
from small_corpus import small_settings

from qa.config import Settings
from qa.index.embedder import Embedder

KEYS = ["all", "groups", "grades", "evidence", "differed", "agreement", "overlap"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of the small corpus, built."""
    return small_settings(tmp_path_factory.mktemp("small"), cache, embedder)


@pytest.fixture(scope="module")
def remembering(embedder: Embedder) -> Embedder:
    """Return the model, which runs on each text once in this module."""
    return RememberingEmbedder(embedder)


@pytest.fixture(autouse=True)
def folder(small: Settings, remembering: Embedder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the questions about the small corpus, which commands find, judged alike by both judges."""
    point_at(small, monkeypatch, remembering)
    folder = write_questions(small.index.parent / "evaluation")
    for name in ("first.tsv", "second.tsv"):
        written(folder / "judgements" / name, *QRELS.splitlines())
    written(folder / "judgements/settled.tsv")
    return folder


def test_check_prints_one_object_with_these_keys() -> None:
    ran = run("questions", "check", "--json")

    assert ran.code == 1
    assert list(ran.json) == ["ok", "questions", "problems"]
    assert (ran.json["ok"], ran.json["questions"]) == (False, 8)
    assert all(list(problem) == ["file", "line", "rule", "message"] for problem in ran.json["problems"])
    text = run("questions", "check")
    *problems, last = text.stdout.splitlines()
    assert problems == [f"{p['file']}:{p['line']}: {p['message']} [{p['rule']}]" for p in ran.json["problems"]]
    assert last == f"8 questions, {len(problems)} problems"


def test_describe_prints_one_object_or_tables(folder: Path) -> None:
    ran = run("questions", "describe", "--json")

    assert (ran.code, list(ran.json)) == (0, KEYS)
    assert ran.json["all"]["questions"] == 8
    assert ran.json["agreement"]["grades"]["kappa"] == 1.0
    text = run("questions", "describe")
    assert text.code == 0
    assert all(title in text.stdout for title in ("Questions by language", "Agreement", "Overlap"))


def test_merge_writes_what_both_judges_say(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("")
    ran = run("questions", "merge", "--json")

    assert (ran.code, ran.json) == (0, {"file": "evaluation/qrels.tsv", "judgements": 11})
    assert sorted((folder / "qrels.tsv").read_text().splitlines()) == sorted(QRELS.splitlines())
    assert run("questions", "merge").stdout == "written: evaluation/qrels.tsv, 11 judgements\n"


def test_merge_writes_nothing_while_the_judges_differ(folder: Path) -> None:
    written(folder / "judgements/second.tsv", "fee-zh\t0\tpovo#fees\t1", *QRELS.splitlines()[1:])
    before = (folder / "qrels.tsv").read_text()
    ran = run("questions", "merge", "--json")

    assert ran.code == 1
    assert list(ran.json) == ["error"]
    assert "judgements/settled.tsv:1: fee-zh and povo#fees: the judges say 2 and 1; say here which, and why" in ran.stderr
    assert (folder / "qrels.tsv").read_text() == before

    written(folder / "judgements/settled.tsv", "fee-zh\t0\tpovo#fees\t1\tsays only half")
    assert run("questions", "merge").code == 0
    assert "fee-zh\t0\tpovo#fees\t1\n" in (folder / "qrels.tsv").read_text()


def test_pool_writes_sheets_of_what_a_judge_has_yet_to_judge(folder: Path, tmp_path: Path) -> None:
    (folder / "judgements/first.tsv").write_text("fee-zh\t0\tpovo#fees\t2\n")
    ran = run("questions", "pool", "first", str(tmp_path / "sheets"), "--every-question", "--depth", "2", "--json")

    assert ran.code == 0
    assert ran.json["sheets"] == ["sheet-01"]
    lines = (tmp_path / "sheets/sheet-01.tsv").read_text().splitlines()
    assert len(lines) == ran.json["judgements"]
    assert "fee-zh\t0\tpovo#fees\t?" not in lines
    assert all(f"{line.rpartition(chr(9))[0]}\t?" in lines for line in QRELS.splitlines()[1:])
    assert "povo 销户费用多少钱" in (tmp_path / "sheets/sheet-01.md").read_text()


def test_what_a_judge_filled_in_can_be_appended_and_leaves_nothing_to_judge(folder: Path, tmp_path: Path) -> None:
    for judge in ("first", "second"):
        said = run("questions", "pool", judge, str(tmp_path / judge), "--every-question", "--depth", "2").stdout
        assert said.startswith("1 sheet, ")
        assert said.endswith(f"and append that to judgements/{judge}.tsv\n")
        with (folder / f"judgements/{judge}.tsv").open("a") as judged:
            judged.write((tmp_path / judge / "sheet-01.tsv").read_text().replace("?", "0"))
        assert (
            run("questions", "pool", judge, str(tmp_path / "again"), "--every-question", "--depth", "2").stdout
            == "Nothing is left to judge.\n"
        )
    assert not (tmp_path / "again/sheet-01.md").exists()
    assert run("questions", "merge").code == 0


@pytest.mark.parametrize("command", [("check",), ("describe",), ("merge",), ("pool", "first", "sheets")])
def test_a_folder_without_judgements_is_explained(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "judgements/first.tsv").unlink()
    ran = run("questions", *command)

    assert ran.code == 1
    assert "first.tsv" in ran.stdout + ran.stderr
    assert "Mend" in ran.stdout + ran.stderr


def test_only_questions_that_a_judge_has_not_seen_are_pooled_where_not_asked_otherwise(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = "".join(f"{question}\t0\tpovo#fees\t0\n" for question in (*ANSWERABLE, "mineo-zh"))
    for judge in ("first", "second"):
        (folder / f"judgements/{judge}.tsv").write_text(judged)
    assert run("questions", "pool", "first", str(tmp_path / "one"), "--json").json["sheets"] == ["sheet-01"]
    assert {line.split("\t")[0] for line in (tmp_path / "one/sheet-01.tsv").read_text().splitlines()} == {"weather-ja"}

    with (folder / "judgements/first.tsv").open("a") as file:
        file.write("weather-ja\t0\tpovo#fees\t0\nfee-zh\t0\tpovo#sim\t0\n")
    monkeypatch.delattr("qa.wiring.open_system")  # nothing to pool: no model is needed
    assert run("questions", "pool", "first", str(tmp_path / "two")).stdout == "Nothing is left to judge.\n"
    assert not (tmp_path / "two").exists()
    monkeypatch.undo()


def test_what_the_other_judge_judged_besides_is_left(folder: Path, tmp_path: Path) -> None:
    with (folder / "judgements/first.tsv").open("a") as file:
        file.writelines(f"{question}\t0\tpovo#sim\t0\n" for question in UNANSWERABLE)
    with (folder / "judgements/second.tsv").open("a") as file:
        file.write("weather-ja\t0\tpovo#fees\t0\n")
    run("questions", "pool", "second", str(tmp_path / "sheets"))

    assert sorted((tmp_path / "sheets/sheet-01.tsv").read_text().splitlines()) == [
        "mineo-zh\t0\tpovo#sim\t?",
        "weather-ja\t0\tpovo#sim\t?",
    ]


def test_a_file_is_no_folder_for_sheets(tmp_path: Path) -> None:
    file = written(tmp_path / "sheets", "mine")
    ran = run("questions", "pool", "first", str(file))

    assert (ran.code, ran.complaint) == (1, f"{file} is a file. Mend: name another folder")
    assert file.read_text() == "mine\n"


def test_a_sheet_that_nobody_filled_in_is_no_judgement(folder: Path, tmp_path: Path) -> None:
    run("questions", "pool", "first", str(tmp_path / "sheets"), "--every-question", "--depth", "2")
    with (folder / "judgements/first.tsv").open("a") as judged:
        judged.write((tmp_path / "sheets/sheet-01.tsv").read_text())
    before = (folder / "qrels.tsv").read_text()
    ran = run("questions", "merge")

    assert ran.code == 1
    assert "first.tsv:12: there is no grade yet: judge it, or leave the line out [no-grade]" in ran.stderr
    assert (folder / "qrels.tsv").read_text() == before


def test_merge_keeps_qrels_where_nothing_is_judged(folder: Path) -> None:
    for name in ("first.tsv", "second.tsv", "settled.tsv"):
        (folder / "judgements" / name).write_text("")
    ran = run("questions", "merge")

    assert (ran.code, (folder / "qrels.tsv").read_text()) == (1, QRELS)
    assert (
        ran.complaint == "evaluation/judgements holds no judgement; qrels.tsv stays as it is. Mend: qa questions pool first DIR"
    )


@pytest.mark.parametrize("command", [("check",), ("describe",), ("merge",), ("pool", "first", "sheets")])
def test_a_broken_guide_is_named_and_not_the_judgements_of_it(
    small: Settings, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(small.corpus, corpus)
    (corpus / "zh-Hans/operators/povo.md").write_text("no front matter")
    monkeypatch.setenv("QA_CORPUS", str(corpus))
    ran = run("questions", *command)

    assert ran.code == 1
    assert "corpus/zh-Hans/operators/povo.md:1:" in ran.stderr
    assert "Mend them first: qa corpus check" in ran.stderr
    assert "tsv" not in ran.stderr


def test_sheets_are_not_written_over(tmp_path: Path) -> None:
    filled = written(tmp_path / "sheet-01.tsv", "fee-zh\t0\tpovo#fees\t2")
    ran = run("questions", "pool", "first", str(tmp_path))

    assert (ran.code, ran.complaint) == (1, f"{tmp_path} holds sheets already, perhaps filled in. Mend: name another folder")
    assert filled.read_text() == "fee-zh\t0\tpovo#fees\t2\n"


@pytest.mark.parametrize("judge", ["third", "first.tsv"])
def test_another_judge_is_wrong_usage(judge: str) -> None:
    assert run("questions", "pool", judge, "sheets").code == 2
