from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from evaluation.datasets import error_of, faults_of, rows, written

from qa.datatypes import Guide, Language, Section, SectionStatus
from qa.evaluation.dataset import Dataset, EvidenceSpan, Question, Unit
from qa.evaluation.questions import read_project
from qa.index.storage import sha256_file

HEAD = "## 费用 {#fees}\n"
FEES = {
    Language.ZH_HANS: "销户不收费。\n",
    Language.JA: "解約は無料です。\n",
}
SIM = "## SIM {#sim}\n不用归还。\n"


def _section(slug: str, start: int, body: int, end: int) -> Section:
    return Section(f"povo#{slug}", slug, ("povo",), start, body, end, SectionStatus.KNOWN, "povo", None)


def _guide(language: Language) -> Guide:
    fees = HEAD + FEES[language]
    sections = (
        _section("fees", 0, len(HEAD), len(fees)),
        _section("sim", len(fees), len(fees) + SIM.index("\n") + 1, len(fees + SIM)),
    )
    return Guide("povo", language, "povo", "povo", None, "2026-11-22", None, (), sections, fees + SIM, "povo.md")


GUIDES: Mapping[tuple[str, Language], Guide] = {("povo", language): _guide(language) for language in FEES}


def _row(question_id: str = "q1", **more: Any) -> dict[str, Any]:
    return {"question_id": question_id, "text": "多少钱", "language": "zh-Hans", "split": "dev", "answerable": True, **more}


def _evidence(text: str, question_id: str = "q1", section_id: str = "povo#fees") -> dict[str, str]:
    return {"question_id": question_id, "section_id": section_id, "text": text}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of three questions: one of dev, one of test in Japanese, one of dev that is not answerable."""
    folder = tmp_path / "asked"
    refused = _row("q3", text="天气", answerable=False, near_miss=True, note="weather", operator="povo", topic="fees")
    japanese = _row("q2", text="いくら", language="ja", split="test", earlier=["povo", "解約"])
    written(folder / "questions.jsonl", *rows(_row(), japanese, refused))
    written(folder / "qrels.tsv", "q1\t0\tpovo#fees\t2", "q1\t0\tpovo#sim\t1", "q2\t0\tpovo#fees\t1", "q3\t0\tpovo#sim\t1")
    written(folder / "evidence.jsonl", *rows(_evidence("不收费"), _evidence("销户不收费。"), _evidence("無料", "q2")))
    return folder


def _read(folder: Path, split: str = "all") -> Dataset:
    return read_project(folder, GUIDES, split)


def _faults(folder: Path) -> list[str]:
    return faults_of(lambda: _read(folder))


def test_questions_judgements_and_evidence_are_read(folder: Path) -> None:
    assert _read(folder) == Dataset(
        name="asked",
        unit=Unit.SECTION,
        questions=(
            Question("q1", "多少钱", "zh-Hans", "dev"),
            Question("q2", "いくら", "ja", "test", earlier=("povo", "解約")),
            Question("q3", "天气", "zh-Hans", "dev", "povo", "fees", answerable=False, near_miss=True, note="weather"),
        ),
        qrels={"q1": {"povo#fees": 2, "povo#sim": 1}, "q2": {"povo#fees": 1}},
        files={name: sha256_file(folder / name) for name in ("questions.jsonl", "qrels.tsv", "evidence.jsonl")},
        evidence={
            "q1": (EvidenceSpan("povo#fees", "不收费"), EvidenceSpan("povo#fees", "销户不收费。")),
            "q2": (EvidenceSpan("povo#fees", "無料"),),
        },
    )


def test_the_language_is_plain_text(folder: Path) -> None:
    assert [type(question.language) for question in _read(folder).questions] == [str, str, str]


def test_a_file_with_bom_and_crlf_is_read(folder: Path) -> None:
    (line,) = rows(_row())
    (folder / "questions.jsonl").write_bytes(f"\ufeff{line}\r\n\r\n".encode())
    written(folder / "qrels.tsv", "q1\t0\tpovo#fees\t2")
    (folder / "evidence.jsonl").unlink()

    assert [question.question_id for question in _read(folder).questions] == ["q1"]


@pytest.mark.parametrize(
    ("split", "name", "ids", "judged", "with_evidence"),
    [
        ("dev", "asked, dev", ["q1", "q3"], {"q1"}, {"q1"}),
        ("test", "asked, test", ["q2"], {"q2"}, {"q2"}),
        ("all", "asked", ["q1", "q2", "q3"], {"q1", "q2"}, {"q1", "q2"}),
    ],
)
def test_a_split_has_its_own_questions_judgements_and_evidence(
    folder: Path, split: str, name: str, ids: list[str], judged: set[str], with_evidence: set[str]
) -> None:
    found = _read(folder, split)

    assert found.name == name
    assert [question.question_id for question in found.questions] == ids
    assert set(found.qrels) == judged
    assert set(found.evidence) == with_evidence


@pytest.mark.parametrize("split", ["train", "DEV", " "])
def test_a_split_without_questions_is_refused(folder: Path, split: str) -> None:
    expected = f"{folder / 'questions.jsonl'} holds no question of split '{split}'. Mend: --split all"
    assert str(error_of(lambda: _read(folder, split))).startswith(expected)


def test_a_fault_of_another_split_is_told_too(folder: Path) -> None:
    written(folder / "qrels.tsv", "q1\t0\tpovo#fees\t2")

    assert "questions.jsonl:2: " in faults_of(lambda: _read(folder, "dev"))[0]


FORM_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": ({"near-miss": True}, "near-miss: Extra inputs are not permitted"),
    "an unknown language": ({"language": "zh"}, "language: Input should be 'zh-Hans', 'zh-Hant', 'ja' or 'en'"),
    "an unknown split": ({"split": "train"}, "split: Input should be 'dev' or 'test'"),
    "a blank text": ({"text": " \u3000\n"}, "text: "),
    "a blank turn before": ({"earlier": ["povo", " "]}, "earlier.1: "),
    "an empty id": ({"question_id": ""}, "question_id: "),
    "a space in the id": ({"question_id": "q 1"}, "question_id: "),
    "a newline behind the id": ({"question_id": "q1\n"}, "question_id: "),
    "a number as id": ({"question_id": 1}, "question_id: "),
    "no word on whether it is answerable": ({"answerable": None}, "answerable: "),
}


@pytest.mark.parametrize(("change", "message"), FORM_FAULTS.values(), ids=FORM_FAULTS)
def test_a_question_of_another_form_is_named_by_line_and_key(folder: Path, change: dict[str, Any], message: str) -> None:
    written(folder / "questions.jsonl", *rows(_row("q2")), "", *rows({**_row(), **change}))

    (found,) = _faults(folder)

    assert found.startswith(f"questions.jsonl:3: {message}")
    assert found.endswith("[form]")


@pytest.mark.parametrize("key", ["question_id", "text", "language", "split", "answerable"])
def test_a_key_that_is_missing_is_named(folder: Path, key: str) -> None:
    row = _row()
    del row[key]
    written(folder / "questions.jsonl", *rows(row))

    assert _faults(folder) == [f"questions.jsonl:1: {key}: Field required [form]"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1",
        '{"question_id":' + "[" * 100_000,
        rf'{{"text":"\ud800",{rows(_row())[0][1:]}',
        '{"n":' + "9" * 5000 + "}",
        "\0",
    ],
    ids=["no JSON", "an array", "a number", "nested too deeply", "half a character", "5000 digits", "NUL"],
)
def test_a_line_that_is_no_object_is_named(folder: Path, line: str) -> None:
    written(folder / "questions.jsonl", *rows(_row()), line)

    (found,) = _faults(folder)

    assert found.startswith("questions.jsonl:2: ")
    assert found.endswith("[form]")


def test_an_id_that_stands_twice_is_named_with_both_lines(folder: Path) -> None:
    written(folder / "questions.jsonl", *rows(_row()), "", *rows(_row("q2"), _row()))

    assert _faults(folder) == ["questions.jsonl:4: the id 'q1' is that of line 1 too [duplicate-id]"]


def test_all_faults_of_the_questions_are_told_at_once(folder: Path) -> None:
    written(folder / "questions.jsonl", *rows(_row()), "{", *rows(_row(), _row("q4", language="fr")))

    assert sorted(fault.partition(": ")[0] for fault in _faults(folder)) == [f"questions.jsonl:{line}" for line in (2, 3, 4)]


def test_of_many_faults_the_first_twenty_are_told_and_all_counted(folder: Path) -> None:
    path = written(folder / "questions.jsonl", *["{}"] * 33)

    error = error_of(lambda: _read(folder))

    assert [problem.line for problem in error.problems] == list(range(1, 21))
    assert str(error).startswith(f"33 faults in {path}, the first 20 are listed")


@pytest.mark.parametrize("lines", [[], ["", " "]], ids=["empty", "blank"])
def test_a_folder_without_questions_is_refused(folder: Path, lines: list[str]) -> None:
    path = written(folder / "questions.jsonl", *lines)

    assert str(error_of(lambda: _read(folder))).startswith(f"{path} holds no question. Mend: ")


@pytest.mark.parametrize("name", ["questions.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert str(error_of(lambda: _read(folder))).startswith(f"There is no file {folder / name}. Mend: ")


@pytest.mark.parametrize("name", ["questions.jsonl", "qrels.tsv", "evidence.jsonl"])
def test_a_folder_in_place_of_a_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()

    assert str(error_of(lambda: _read(folder))).startswith(f"{folder / name} is a folder")


@pytest.mark.parametrize("name", ["questions.jsonl", "qrels.tsv", "evidence.jsonl"])
def test_a_file_that_is_not_utf_8_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes("解約".encode("shift_jis"))

    assert str(error_of(lambda: _read(folder))) == f"{folder / name} is not UTF-8: byte 0. Mend: save it as UTF-8"


# --- judgements that contradict the questions


def test_a_judgement_of_an_unknown_section_or_question_is_named_by_its_line(folder: Path) -> None:
    written(folder / "qrels.tsv", "q1\t0\tpovo#fees\t2", "q2\t0\tpovo#gone\t2", "q9\t0\tpovo#fees\t2", "q2\t0\tpovo#fees\t1")

    assert _faults(folder) == [
        "qrels.tsv:2: there is no section 'povo#gone' [unknown-section]",
        "qrels.tsv:3: there is no question 'q9' [unknown-question]",
    ]


@pytest.mark.parametrize("judged", [[], ["q1\t0\tpovo#fees\t0"], ["q1\t0\tpovo#fees\t-1"]], ids=["none", "grade 0", "spam"])
def test_an_answerable_question_that_nothing_answers_is_named_by_its_line(folder: Path, judged: list[str]) -> None:
    written(folder / "qrels.tsv", "q2\t0\tpovo#fees\t1", *judged)

    assert _faults(folder) == [
        "questions.jsonl:1: q1 is answerable, but qrels.tsv has nothing that answers it or helps [unjudged]"
    ]


def test_an_unanswerable_question_that_a_section_answers_is_named_by_its_line(folder: Path) -> None:
    written(folder / "qrels.tsv", *(f"{question}\t0\tpovo#fees\t2" for question in ("q1", "q2", "q3")))

    assert _faults(folder) == [
        "questions.jsonl:3: q3 is not answerable, but qrels.tsv has a section that answers it (grade 2) [contradiction]"
    ]


def test_a_section_may_help_with_an_unanswerable_question_without_being_measured(folder: Path) -> None:
    written(folder / "qrels.tsv", *(f"{question}\t0\tpovo#fees\t1" for question in ("q1", "q2", "q3")))

    assert set(_read(folder).qrels) == {"q1", "q2"}


def test_all_contradictions_are_told_at_once(folder: Path) -> None:
    path = written(folder / "qrels.tsv", "q3\t0\tpovo#fees\t2")

    error = error_of(lambda: _read(folder))

    assert [(problem.line, problem.rule) for problem in error.problems] == [
        (1, "unjudged"),
        (2, "unjudged"),
        (3, "contradiction"),
    ]
    assert str(error).startswith(f"3 faults in {path.parent}; ")


# --- evidence


def test_without_a_file_of_evidence_there_is_none(folder: Path) -> None:
    (folder / "evidence.jsonl").unlink()

    found = _read(folder)

    assert found.evidence == {}
    assert set(found.files) == {"questions.jsonl", "qrels.tsv"}


LOST = {
    "words that the section doesn't hold": "收费三千",
    "words of another section": "不用归还",
    "words of another language": "無料",
    "words of the heading": "{#fees}",
}


@pytest.mark.parametrize("text", LOST.values(), ids=LOST)
def test_evidence_that_a_guide_no_longer_holds_is_named_and_stays(folder: Path, text: str) -> None:
    written(folder / "evidence.jsonl", *rows(_evidence("不收费")), "", *rows(_evidence(text)))

    found = _read(folder)
    message = f"'povo#fees' no longer holds “{text}…” in zh-Hans; copy its words anew [lost-evidence]"
    assert [str(problem) for problem in found.stale] == [f"evidence.jsonl:3: {message}"]
    assert found.evidence == {"q1": (EvidenceSpan("povo#fees", "不收费"), EvidenceSpan("povo#fees", text))}


def test_a_question_whose_evidence_is_all_stale_keeps_it(folder: Path) -> None:
    written(folder / "evidence.jsonl", *rows(_evidence("收费三千"), _evidence("無料", "q2")))

    found = _read(folder)
    assert [problem.line for problem in found.stale] == [1]
    assert found.evidence["q1"] == (EvidenceSpan("povo#fees", "收费三千"),)


EVIDENCE_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown section": (_evidence("不收费", section_id="povo#gone"), "there is no section 'povo#gone' [unknown-section]"),
    "an unknown guide": (_evidence("不收费", section_id="gone#fees"), "there is no section 'gone#fees' [unknown-section]"),
    "a guide without section": (_evidence("不收费", section_id="povo"), "there is no section 'povo' [unknown-section]"),
    "an unknown question": (_evidence("不收费", "q9"), "there is no question 'q9' [unknown-question]"),
    "a blank text": (_evidence(" "), "text: String should match pattern '\\S' [form]"),
    "an unknown key": ({**_evidence("不收费"), "grade": 2}, "grade: Extra inputs are not permitted [form]"),
}


@pytest.mark.parametrize(("row", "fault"), EVIDENCE_FAULTS.values(), ids=EVIDENCE_FAULTS)
def test_evidence_of_what_is_not_there_is_named_by_its_line(folder: Path, row: dict[str, Any], fault: str) -> None:
    written(folder / "evidence.jsonl", *rows(_evidence("不收费")), "", *rows(row))

    assert _faults(folder) == [f"evidence.jsonl:3: {fault}"]


def test_all_faults_of_the_evidence_are_told_at_once(folder: Path) -> None:
    written(folder / "evidence.jsonl", *rows(*(row for row, _ in EVIDENCE_FAULTS.values())))

    assert _faults(folder) == [f"evidence.jsonl:{n}: {fault}" for n, (_, fault) in enumerate(EVIDENCE_FAULTS.values(), 1)]


def test_evidence_for_a_reader_of_traditional_chinese_stands_in_the_simplified_guide(folder: Path) -> None:
    written(folder / "questions.jsonl", *rows(_row(language="zh-Hant", text="多少錢")))
    written(folder / "qrels.tsv", "q1\t0\tpovo#fees\t2")
    written(folder / "evidence.jsonl", *rows(_evidence("不收费")))

    assert _read(folder).evidence == {"q1": (EvidenceSpan("povo#fees", "不收费"),)}


def test_evidence_in_a_language_without_that_guide_is_named_and_holds_nothing(folder: Path) -> None:
    written(folder / "questions.jsonl", *rows(_row(language="en", text="how much")))
    written(folder / "qrels.tsv", "q1\t0\tpovo#fees\t2")
    written(folder / "evidence.jsonl", *rows(_evidence("free")))

    dataset = _read(folder)

    message = "'povo' has no guide in en, the language of these words; write it, or delete them"
    assert [str(problem) for problem in dataset.stale] == [f"evidence.jsonl:1: {message} [lost-evidence]"]
    assert dataset.evidence == {}
