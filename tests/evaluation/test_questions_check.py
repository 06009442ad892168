from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evaluation.datasets import rows, written

from qa.corpus.phrasings import Phrasing
from qa.datatypes import Guide, Language, Section, SectionStatus
from qa.evaluation.questions_check import check_questions

TEXT = "## 费用 {#fees}\n销户不收费。\n"
SECTIONS = tuple(
    Section(f"povo#{slug}", slug, ("povo",), 0, TEXT.index("销"), len(TEXT), SectionStatus.KNOWN, "povo", None)
    for slug in ("fees", "sim")
)
GUIDE = Guide("povo", Language.ZH_HANS, "povo", "povo", None, "2026-11-22", None, (), SECTIONS, TEXT, "povo.md")
GUIDES = {("povo", Language.ZH_HANS): GUIDE}
JUDGED = {"q1": 2, "q2": 1, "q3": 0}

Change = Callable[[dict[str, dict[str, Any]]], object]


@pytest.fixture
def asked() -> dict[str, dict[str, Any]]:
    """Return three questions without a fault: one that is answered, a near miss, and small talk as a follow-up."""
    common = {"language": "zh-Hans", "split": "dev", "answerable": False, "kind": "plain"}
    return {
        "q1": {**common, "question_id": "q1", "text": "povo多少钱", "operator": "povo", "topic": "fees", "answerable": True},
        "q2": {**common, "question_id": "q2", "text": "povo能退吗", "operator": "povo", "gap": "no-facts", "near_miss": True},
        "q3": {
            **common,
            "question_id": "q3",
            "text": "今天天气",
            "gap": "chit-chat",
            "kind": "follow-up",
            "split": "test",
            "earlier": ["你好"],
        },
    }


@pytest.fixture
def folder(tmp_path: Path, asked: dict[str, dict[str, Any]]) -> Path:
    """Return a folder of questions, judgements by both judges, and evidence, without a fault."""
    lines = [f"{question}\t0\tpovo#fees\t{grade}" for question, grade in JUDGED.items()]
    for name in ("qrels.tsv", "judgements/first.tsv", "judgements/second.tsv"):
        written(tmp_path / name, *lines)
    written(tmp_path / "judgements/settled.tsv")
    written(tmp_path / "questions.jsonl", *rows(*asked.values()))
    written(tmp_path / "evidence.jsonl", *rows({"question_id": "q1", "section_id": "povo#fees", "text": "不收费"}))
    return tmp_path


def _faults(folder: Path) -> list[str]:
    return [str(problem) for problem in check_questions(folder, GUIDES, {"povo", "linemo"})[1]]


def _with(folder: Path, asked: dict[str, dict[str, Any]], question: str, **changes: Any) -> list[str]:
    asked[question] |= changes
    written(folder / "questions.jsonl", *rows(*asked.values()))
    return _faults(folder)


def test_questions_without_a_fault_have_none(folder: Path) -> None:
    assert check_questions(folder, GUIDES, {"povo"}) == (3, [])


@pytest.mark.parametrize(
    ("question", "changes", "fault"),
    [
        ("q1", {"gap": "visa"}, "q1 is answerable: such a question has no gap [gap]"),
        ("q2", {"gap": ""}, "q2 is not answerable: such a question says in gap why the guides don't answer it [gap]"),
        ("q1", {"near_miss": True}, "q1 is answerable, so it is no near miss [near-miss]"),
        ("q2", {"operator": "linemo2"}, "q2: 'linemo2' is no operator of the lexicon [operator]"),
        ("q2", {"kind": ""}, "q2 doesn't say in kind how it is asked [kind]"),
        ("q2", {"kind": "follow-up"}, "q2: a follow-up, and nothing else, has an earlier turn [kind]"),
        ("q3", {"earlier": []}, "q3: a follow-up, and nothing else, has an earlier turn [kind]"),
        ("q3", {"kind": "story"}, "q3: a follow-up, and nothing else, has an earlier turn [kind]"),
        ("q2", {"split": "test"}, "q2 is in test; the operator 'povo' is in dev, with q1 [split]"),
        ("q2", {"text": "povo多少钱?"}, "q2 says what q1 says; keep one of them [repeated]"),
    ],
)
def test_labels_that_contradict_each_other_are_named(
    folder: Path, asked: dict[str, dict[str, Any]], question: str, changes: dict[str, Any], fault: str
) -> None:
    assert _with(folder, asked, question, **changes) == [f"questions.jsonl:{question[1]}: {fault}"]


@pytest.mark.parametrize("text", ["povo多少钱", "POVO 多少钱", "povo多少錢", "ｐｏｖｏ多少钱？"])
def test_a_question_that_a_phrasing_all_but_repeats_is_named(folder: Path, text: str) -> None:
    phrasings = [Phrasing("怎么解约", Language.ZH_HANS, "steps"), Phrasing(text, Language.ZH_HANS, "fees")]
    _, problems = check_questions(folder, GUIDES, {"povo"}, phrasings)

    message = f"q1 is said by a phrasing of 'fees', '{text}'; delete that phrasing"
    assert [str(problem) for problem in problems] == [f"questions.jsonl:1: {message} [phrased]"]


@pytest.mark.parametrize("text", ["要付多少钱", "povo要给多少费用", "今天天气很好吗", "你好"])
def test_a_phrasing_that_asks_in_other_words_is_none_of_the_questions(folder: Path, text: str) -> None:
    assert check_questions(folder, GUIDES, {"povo"}, [Phrasing(text, Language.ZH_HANS, "fees")]) == (3, [])


def test_a_topic_is_in_one_split_where_no_operator_is_named(folder: Path, asked: dict[str, dict[str, Any]]) -> None:
    assert _with(folder, asked, "q3", topic="fees") == []

    found = _with(folder, asked, "q2", topic="fees", operator=None)
    assert found == ["questions.jsonl:3: q3 is in test; the topic 'fees' is in dev, with q2 [split]"]


def test_a_question_that_only_gets_help_is_not_answerable(folder: Path, asked: dict[str, dict[str, Any]]) -> None:
    found = _with(folder, asked, "q2", answerable=True, near_miss=False, gap="")

    assert found == [
        "questions.jsonl:2: q2 is answerable, but no section answers it; make it answerable: false [answerable]",
    ]


def test_differences_that_nobody_settled_are_named(folder: Path) -> None:
    written(folder / "judgements/second.tsv", "q1\t0\tpovo#fees\t2", "q2\t0\tpovo#fees\t0", "q3\t0\tpovo#fees\t0")

    assert _faults(folder) == [
        "judgements/settled.tsv:1: q2 and povo#fees: the judges say 1 and 0; say here which, and why [unsettled]"
    ]

    written(folder / "judgements/settled.tsv", "q2\t0\tpovo#fees\t1\tsays where to ask")
    assert _faults(folder) == []


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["q1\t0\tpovo#fees\t2", "q2\t0\tpovo#fees\t0", "q3\t0\tpovo#fees\t0"], 2),
        (["q1\t0\tpovo#fees\t2", "q2\t0\tpovo#fees\t1"], 3),
        (["q1\t0\tpovo#fees\t2", "q3\t0\tpovo#fees\t0", "q2\t0\tpovo#fees\t1"], 2),
    ],
)
def test_qrels_that_are_not_what_the_judges_say_are_named(folder: Path, lines: list[str], line: int) -> None:
    written(folder / "qrels.tsv", *lines)

    assert _faults(folder) == [f"qrels.tsv:{line}: from here on it isn't what the judges say. Mend: qa questions merge [qrels]"]


def test_words_of_a_section_that_doesnt_answer_are_named(folder: Path) -> None:
    spans = [{"question_id": question, "section_id": "povo#fees", "text": "不收费"} for question in ("q1", "q2")]
    written(folder / "evidence.jsonl", *rows(*spans))

    assert _faults(folder) == [
        "questions.jsonl:2: q2: evidence.jsonl has words of povo#fees, which doesn't answer it [evidence]"
    ]


def test_words_that_the_guide_no_longer_holds_are_named(folder: Path) -> None:
    written(folder / "evidence.jsonl", *rows({"question_id": "q1", "section_id": "povo#fees", "text": "免费"}))

    (fault,) = _faults(folder)
    assert fault.startswith("evidence.jsonl:1: 'povo#fees' no longer holds “免费…”")


def test_faults_of_form_come_alone_with_what_says_whether_there_are_more(folder: Path) -> None:
    written(folder / "questions.jsonl", *['{"question_id": "q1"}'] * 30)
    *faults, last = _faults(folder)

    assert len(faults) == 20
    assert all("[form]" in fault for fault in faults)
    assert "30 faults" in last or "more" in last
    written(folder / "questions.jsonl", '{"question_id": "q1"}')
    assert check_questions(folder, GUIDES, set())[0] == 0


def test_questions_are_counted_also_where_judgements_cant_be_read(folder: Path) -> None:
    written(folder / "judgements/first.tsv", "q1\t0\tpovo#gone\t2")

    number, problems = check_questions(folder, GUIDES, {"povo"})
    assert number == 3
    assert str(problems[0]) == "first.tsv:1: there is no section 'povo#gone' [unknown-section]"


@pytest.mark.parametrize("ending", ["", "\n\n"])
def test_qrels_that_end_otherwise_are_named(folder: Path, ending: str) -> None:
    path = folder / "qrels.tsv"
    path.write_text(path.read_text().rstrip("\n") + ending)

    (fault,) = _faults(folder)
    assert fault.startswith("qrels.tsv:")
    assert fault.endswith("Mend: qa questions merge [qrels]")


@pytest.mark.parametrize("judge", ["first", "second"])
def test_a_question_that_a_judge_has_not_judged_is_named(folder: Path, judge: str) -> None:
    written(folder / f"judgements/{judge}.tsv", "q1\t0\tpovo#fees\t2", "q2\t0\tpovo#fees\t1")

    assert _faults(folder) == [
        f"questions.jsonl:3: q3 has no judgement in {judge}.tsv. Mend: qa questions pool {judge} DIR [unjudged]"
    ]


@pytest.mark.parametrize(("judge", "other"), [("first", "second"), ("second", "first")])
def test_what_one_judge_alone_judged_is_named(folder: Path, judge: str, other: str) -> None:
    for name in (f"judgements/{other}.tsv", "qrels.tsv"):
        with (folder / name).open("a") as judged:
            judged.write("q3\t0\tpovo#sim\t0\n")

    assert _faults(folder) == [
        (
            f"judgements/{judge}.tsv:1: 1 pairs of {other}.tsv are not judged here, the first is q3 and povo#sim. "
            f"Mend: qa questions pool {judge} DIR [judged-once]"
        )
    ]


def test_every_section_that_answers_has_words(folder: Path) -> None:
    for name in ("judgements/first.tsv", "judgements/second.tsv", "qrels.tsv"):
        lines = [*(folder / name).read_text().splitlines(), "q1\t0\tpovo#sim\t2"]
        written(folder / name, *sorted(lines, key=lambda line: line.split("\t")[0]))

    assert _faults(folder) == ["questions.jsonl:1: q1: evidence.jsonl has no words of povo#sim, which answers it [evidence]"]


def test_an_unknown_topic_is_named(folder: Path, asked: dict[str, dict[str, Any]]) -> None:
    assert _with(folder, asked, "q1", topic="feees") == [
        "questions.jsonl:1: q1: 'feees' is no topic's guide and no section of an operator's [topic]"
    ]


@pytest.mark.parametrize("name", ["questions.jsonl", "qrels.tsv", "judgements/first.tsv", "judgements/settled.tsv"])
def test_a_file_that_isnt_there_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert f"There is no file {folder / name}" in _faults(folder)[-1]
