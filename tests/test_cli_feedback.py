from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import point_at, run
from evaluation.small_sets import write_questions
from retrieval.small_phrasings import OPERATORS, OUTSIDE, write_phrasings
from small_corpus import write_small_corpus

from qa.config import Settings, load_settings
from qa.datatypes import Language, Outcome
from qa.errors import DatasetError
from qa.evaluation.questions import QuestionRow, read_questions
from qa.feedback.entry import Verdict
from qa.feedback.store import FeedbackStore
from qa.wiring_feedback import feedback_store

Say = Callable[..., None]


@pytest.fixture(autouse=True)
def file(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where commands find feedback, beside the small corpus and its questions."""
    write_small_corpus(settings.corpus)
    write_phrasings(settings.corpus, OPERATORS, OUTSIDE)
    write_questions(tmp_path / "evaluation")
    point_at(settings, monkeypatch)
    monkeypatch.setenv("QA_FEEDBACK_FILE", str(tmp_path / "kept.sqlite"))
    return tmp_path / "kept.sqlite"


@pytest.fixture
def say(file: Path) -> Say:
    """Return a function that says something of what a question got."""

    def say(question: str, verdict: str = "wrong", outcome: str = "answered", day: str = "2026-12-01", **others: Any) -> None:
        given: dict[str, Any] = {"language": Language.ZH_HANS.value, **others}
        FeedbackStore(file, day=lambda: day).add(question=question, verdict=Verdict(verdict), outcome=Outcome(outcome), **given)

    return say


def candidates(*options: str) -> list[dict[str, Any]]:
    ran = run("feedback", "to-questions", "new.jsonl", *options)
    assert ran.code == 0
    return [json.loads(line) for line in Path("new.jsonl").read_text("utf-8").splitlines()]


def test_list_prints_the_newest_last(say: Say) -> None:
    say("povo 怎么销户", remark="第 2 步不一样了", sections=("povo#steps", "povo#fees"))
    say("LINEMO?", "missing", "not_covered", day="2026-12-02")

    ran = run("feedback", "list")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout == (
        "   1  2026-12-01  wrong     povo 怎么销户\n"
        "      “第 2 步不一样了”\n"
        "      answered: povo#steps, povo#fees\n"
        "   2  2026-12-02  missing   LINEMO?\n"
        "      not_covered\n"
    )


def test_list_prints_one_object_with_these_keys(say: Say, file: Path) -> None:
    say("povo 怎么销户", operators=("povo",))

    ran = run("feedback", "list", "--json")
    assert (ran.code, ran.stderr) == (0, "")
    assert list(ran.json) == ["file", "feedback"]
    assert ran.json["file"] == str(file)
    assert ran.json["feedback"] == [
        {
            "number": 1,
            "day": "2026-12-01",
            "question": "povo 怎么销户",
            "language": "zh-Hans",
            "outcome": "answered",
            "verdict": "wrong",
            "remark": "",
            "sections": [],
            "operators": ["povo"],
            "generation": "",
        }
    ]


def test_list_is_narrowed_down_by_verdicts_and_day(say: Say) -> None:
    for day, verdict in (
        ("2026-11-30", "wrong"),
        ("2026-12-01", "helpful"),
        ("2026-12-01", "outdated"),
        ("2026-12-02", "wrong"),
    ):
        say("povo?", verdict, day=day)

    def numbers(*options: str) -> list[int]:
        return [each["number"] for each in run("feedback", "list", "--json", *options).json["feedback"]]

    assert numbers() == [1, 2, 3, 4]
    assert numbers("--since", "2026-12-01") == [2, 3, 4]
    assert numbers("--verdict", "wrong", "--verdict", "outdated") == [1, 3, 4]
    assert numbers("--verdict", "wrong", "--since", "2026-12-01") == [4]


@pytest.mark.parametrize("options", [("--verdict", "splendid"), ("--since", "yesterday"), ("--since", "2026-13-01")])
def test_another_verdict_or_no_day_is_wrong_usage(options: tuple[str, ...]) -> None:
    assert run("feedback", "list", *options).code == 2


def test_unanswered_questions_come_with_a_count_the_most_frequent_first(say: Say) -> None:
    say("povo 怎么销户")
    say("eSIM能退吗", "wrong", "related", sections=("povo#sim",), remark="没说 eSIM")
    say("LINEMO可以保号吗", "missing", "not_covered")
    say("eSIM 能退嗎？", "missing", "related", sections=("povo#sim", "linemo#sim"), day="2026-12-03")
    say("povo解约金", "missing", "answered")

    ran = run("feedback", "list", "--unanswered", "--json")
    questions = ran.json["questions"]
    assert [(each["question"], each["count"]) for each in questions] == [
        ("eSIM 能退嗎？", 2),
        ("povo解约金", 1),
        ("LINEMO可以保号吗", 1),
    ]
    assert questions[0] == {
        "question": "eSIM 能退嗎？",
        "count": 2,
        "verdicts": {"wrong": 1, "missing": 1},
        "outcomes": {"related": 2},
        "operators": [],
        "sections": ["povo#sim", "linemo#sim"],
        "remarks": ["没说 eSIM"],
        "last": "2026-12-03",
        "numbers": [2, 4],
    }
    assert run("feedback", "list", "--unanswered").stdout.startswith(
        "  2 ×  eSIM 能退嗎？\n      “没说 eSIM”\n      1 wrong, 1 missing; last on 2026-12-03; closest: povo#sim, linemo#sim\n"
    )


@pytest.mark.parametrize("options", [(), ("--unanswered",)])
def test_where_nobody_said_anything_that_is_said(options: tuple[str, ...], file: Path) -> None:
    assert run("feedback", "list", *options).stdout == f"There is no such feedback in {file}.\n"
    assert not file.exists()


def test_what_was_kept_is_listed_though_the_page_takes_none_any_more(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    say("povo?")
    monkeypatch.setenv("QA_FEEDBACK", "0")

    assert len(run("feedback", "list", "--json").json["feedback"]) == 1
    assert feedback_store(load_settings()) is None


def test_the_page_keeps_feedback_where_the_commands_look_for_it(file: Path) -> None:
    store = feedback_store(load_settings())

    assert store is not None
    assert store.path == file


def test_export_writes_one_object_a_line(say: Say) -> None:
    say("povo?")
    say("LINEMO 怎么办", "helpful")

    assert run("feedback", "export", "out.jsonl").stdout == "written: out.jsonl, 2 entries\n"
    rows = [json.loads(line) for line in Path("out.jsonl").read_text("utf-8").splitlines()]
    assert rows == run("feedback", "list", "--json").json["feedback"]
    assert run("feedback", "export", "-").stdout == Path("out.jsonl").read_text("utf-8")
    ran = run("feedback", "export", "one.jsonl", "--verdict", "helpful", "--json")
    assert ran.json == {"file": "one.jsonl", "feedback": 1}


def test_export_writes_a_table_that_a_spreadsheet_reads_and_does_not_run(say: Say) -> None:
    say("=HYPERLINK(1)", remark='@SUM(A1), "x"', sections=("povo#steps", "povo#fees"))

    run("feedback", "export", "out.csv")
    assert Path("out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as table:
        (row,) = csv.DictReader(table)
    assert (row["question"], row["remark"]) == ("'=HYPERLINK(1)", '\'@SUM(A1), "x"')
    assert (row["number"], row["verdict"], row["sections"]) == ("1", "wrong", "povo#steps povo#fees")


@pytest.mark.parametrize("command", [("export", "out.jsonl"), ("to-questions", "out.jsonl")])
def test_a_file_is_written_over_only_where_that_is_wanted(command: tuple[str, ...], say: Say) -> None:
    say("povo 的邮箱忘了")
    Path("out.jsonl").write_text("mine")

    ran = run("feedback", *command)
    assert (ran.code, ran.complaint) == (1, "out.jsonl is there already. Mend: name another file, or --force")
    assert Path("out.jsonl").read_text() == "mine"
    assert run("feedback", *command, "--force").code == 0
    assert "povo" in Path("out.jsonl").read_text("utf-8")


@pytest.mark.parametrize("arguments", [("out.txt",), ("out",), ("-", "--json")])
def test_another_form_of_export_is_wrong_usage(arguments: tuple[str, ...], say: Say) -> None:
    say("povo?")

    assert run("feedback", "export", *arguments).code == 2
    assert not Path("out.txt").exists()


@pytest.mark.parametrize("command", [("list",), ("export", "out.csv"), ("to-questions", "new.jsonl")])
def test_a_file_that_is_no_feedback_is_explained(command: tuple[str, ...], file: Path) -> None:
    file.write_text("my notes " * 500)

    ran = run("feedback", *command, "--json")
    assert (ran.code, ran.json["error"]["type"]) == (1, "FeedbackError")
    assert ran.complaint == ran.json["error"]["message"]
    assert f"{file} is damaged, or no file of feedback" in ran.complaint
    assert file.read_text() == "my notes " * 500


def test_a_candidate_has_the_keys_of_a_question_and_null_where_a_person_judges(say: Say) -> None:
    say("LINEMO 的邮箱登不上了怎么退", "wrong", sections=("linemo#steps",), operators=("linemo",), remark="答非所问")
    say("LINEMO的邮箱登不上了，怎么退？", "missing", "related", operators=("linemo",))

    (row,) = candidates()
    assert list(row) == [key for key in QuestionRow.model_fields if key != "earlier"]
    assert row == {
        "question_id": "fb0001",
        "text": "LINEMO的邮箱登不上了，怎么退？",
        "language": "zh-Hans",
        "split": "test",
        "operator": "linemo",
        "topic": None,
        "answerable": False,
        "near_miss": None,
        "kind": None,
        "gap": None,
        "round": 1,
        "note": "feedback: 1 × wrong, 1 × missing; answered, related with linemo#steps",
    }


def test_a_candidate_is_no_question_before_a_person_completed_it(say: Say, tmp_path: Path) -> None:
    say("LINEMO 的邮箱登不上了怎么退", "missing", "related")
    (row,) = candidates()
    path = tmp_path / "evaluation" / "questions.jsonl"
    before = path.read_text("utf-8")

    for key, value in {"near_miss": True, "kind": "plain", "gap": "no-facts"}.items():
        path.write_text(f"{before}{json.dumps(row)}\n")
        with pytest.raises(DatasetError) as refused:
            read_questions(path)
        assert refused.value.problems[0].message.startswith(f"{key}: Input should be ")
        row[key] = value
    path.write_text(f"{before}{json.dumps(row)}\n")
    assert read_questions(path)[9].text == "LINEMO 的邮箱登不上了怎么退"


@pytest.mark.parametrize(
    ("question", "page", "language", "operator", "split"),
    [
        ("ラインモの請求書はどこ", "zh-Hans", "ja", "linemo", "test"),
        ("mineo の請求書はどこ", "ja", "ja", "mineo", None),
        ("povo 和 LINEMO 哪个的账单晚", "zh-Hans", "zh-Hans", None, None),
        ("帳單什麼時候來", "zh-Hant", "zh-Hant", None, None),
        ("Where can I find my old bills?", "ja", "en", None, None),
    ],
)
def test_language_operator_and_split_follow_from_what_is_known(
    question: str, page: str, language: str, operator: str | None, split: str | None, say: Say
) -> None:
    say(question, language=page)

    (row,) = candidates()
    assert (row["language"], row["operator"], row["split"]) == (language, operator, split)


def test_the_operator_of_a_question_that_names_none_is_that_of_its_answer(say: Say) -> None:
    say("账单什么时候来", operators=("linemo",))

    assert [row["operator"] for row in candidates()] == ["linemo"]


def test_questions_that_are_asked_or_phrased_already_are_left_out_and_counted(say: Say) -> None:
    say("povo销户费用多少钱？")
    say("能让朋友替我去退吗")
    say("LINEMO 的邮箱登不上了怎么退")

    ran = run("feedback", "to-questions", "new.jsonl")
    assert ran.stdout == "written: new.jsonl, 1 candidate\n"
    left_out, following = ran.stderr.splitlines()
    assert left_out == "left out: 1 that evaluation/questions.jsonl says, 1 that a phrasing says"
    assert following.startswith("Next: say each in your own words, replace every null, append the lines to ")
    ran = run("feedback", "to-questions", "again.jsonl", "--json")
    assert ran.json == {"file": "again.jsonl", "candidates": 1, "left_out": {"asked_already": 1, "phrased_already": 1}}


def test_nothing_is_written_where_nothing_is_new(say: Say) -> None:
    say("povo销户费用多少钱？")

    ran = run("feedback", "to-questions", "new.jsonl")
    assert (ran.code, ran.stdout) == (0, "Nothing to write.\n")
    assert not Path("new.jsonl").exists()
    assert run("feedback", "to-questions", "new.jsonl", "--json").json["file"] is None


def test_candidates_are_numbered_on_from_those_that_were_taken_over(say: Say, tmp_path: Path) -> None:
    say("LINEMO 的邮箱登不上了怎么退", "missing")
    say("楽天モバイルの請求書はどこ")
    say("楽天モバイルの請求書はどこ")
    path = tmp_path / "evaluation" / "questions.jsonl"
    taken = {"question_id": "fb0041", "text": "x", "language": "en", "split": "dev", "answerable": False, "round": 4}
    path.write_text(f"{path.read_text('utf-8')}{json.dumps(taken)}\n", "utf-8")

    rows = candidates()
    assert [(row["question_id"], row["round"]) for row in rows] == [("fb0042", 5), ("fb0043", 5)]
    assert rows[0]["text"] == "楽天モバイルの請求書はどこ"


def test_a_corpus_without_questions_gets_candidates_too(say: Say, tmp_path: Path) -> None:
    say("LINEMO 的邮箱登不上了怎么退")
    (tmp_path / "evaluation" / "questions.jsonl").unlink()

    (row,) = candidates("--verdict", "wrong", "--since", "2026-12-01")
    assert (row["question_id"], row["round"], row["split"]) == ("fb0001", 1, None)


def test_nobodys_remark_gets_into_a_file_that_is_published(say: Say) -> None:
    say("LINEMO 的邮箱登不上了怎么退", remark="我叫田中")
    candidates()

    assert "田中" not in Path("new.jsonl").read_text("utf-8")
