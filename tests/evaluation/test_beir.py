from __future__ import annotations

from pathlib import Path

import pytest
from evaluation.datasets import error_of, faults_of, rows, written

from qa.evaluation.beir import Document, is_beir, read_beir, read_documents
from qa.evaluation.dataset import Dataset, Question, Unit
from qa.index.storage import sha256_file

HEADER = "query-id\tcorpus-id\tscore"
IDS = {"d1", "d2"}
DEEP = "[" * 100_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small folder of BEIR's form."""
    folder = tmp_path / "small"
    written(folder / "corpus.jsonl", *rows({"_id": "d1", "title": "T", "text": "one"}, {"_id": "d2", "text": "two"}))
    written(folder / "queries.jsonl", *rows({"_id": "q2", "text": "电话"}, {"_id": "q1", "text": "phone"}))
    written(folder / "qrels" / "test.tsv", HEADER, "q1\td1\t1", "q2\td2\t2", "q2\td1\t0")
    return folder


def _read(folder: Path, split: str = "") -> Dataset:
    return read_beir(folder, IDS, split)


def test_a_folder_is_beirs_where_it_holds_a_corpus_file(folder: Path) -> None:
    assert is_beir(folder)
    assert not is_beir(folder / "qrels")


# --- documents


def test_documents_are_read_in_the_files_order(tmp_path: Path) -> None:
    path = written(
        tmp_path / "corpus.jsonl",
        *rows({"_id": "b", "title": "标题", "text": "# one\n\ntwo ", "metadata": {}}, {"_id": "a", "text": ""}),
        "",
        *rows({"_id": 7, "title": None, "text": "😀"}),
    )

    assert read_documents(path) == [Document("b", "标题", "# one\n\ntwo "), Document("a", "", ""), Document("7", "", "😀")]


def test_documents_of_a_file_with_bom_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_bytes('\ufeff{"_id":"a","text":"one"}\r\n\r\n{"_id":"b","text":"two"}'.encode())

    assert read_documents(path) == [Document("a", "", "one"), Document("b", "", "two")]


def test_two_escapes_of_one_character_are_that_character(tmp_path: Path) -> None:
    path = written(tmp_path / "corpus.jsonl", r'{"_id":"a","text":"\ud842\udfb7"}')

    assert read_documents(path) == [Document("a", "", "\U00020bb7")]


NOT_JSON, FORM = "json", "form"
FAULTS = {
    "no JSON": ('{"_id": "x"', NOT_JSON),
    "two objects": ('{"_id":"x","text":"a"}{"_id":"y","text":"b"}', NOT_JSON),
    "NUL": ('{"_id":"x","text":"a\0b"}', NOT_JSON),
    "half a character in the text": (r'{"_id":"x","text":"\ud800"}', NOT_JSON),
    "half a character in the id": (r'{"_id":"\udfff","text":"a"}', NOT_JSON),
    "half a character in a key": (r'{"_id":"x","text":"a","\ud800":1}', NOT_JSON),
    "half a character deep down": (r'{"_id":"x","text":"a","metadata":{"a":["\ud800"]}}', NOT_JSON),
    "a number of 5000 digits": (f'{{"_id":"x","text":"a","n":{"9" * 5000}}}', NOT_JSON),
    "nested too deeply": (f'{{"_id":"x","text":{DEEP}', NOT_JSON),
    "an array": ('["x", "a"]', FORM),
    "a string": ('"x"', FORM),
    "null": ("null", FORM),
    "no id": ('{"text":"a"}', FORM),
    "id under another name": ('{"id":"x","text":"a"}', FORM),
    "null as id": ('{"_id":null,"text":"a"}', FORM),
    "a fraction as id": ('{"_id":1.5,"text":"a"}', FORM),
    "true as id": ('{"_id":true,"text":"a"}', FORM),
    "a list as id": ('{"_id":["x"],"text":"a"}', FORM),
    "an empty id": ('{"_id":"","text":"a"}', FORM),
    "a blank id": ('{"_id":" \\t","text":"a"}', FORM),
    "a space in the id": ('{"_id":"x y","text":"a"}', "id"),
    "a newline in the id": ('{"_id":"x\\ny","text":"a"}', "id"),
    "a no-break space in the id": ('{"_id":"x\\u00a0y","text":"a"}', "id"),
    "an ideographic space in the id": ('{"_id":"x\u3000y","text":"a"}', "id"),
    "a space before the id": ('{"_id":" x","text":"a"}', "id"),
    "a newline behind the id": ('{"_id":"x\\n","text":"a"}', "id"),
    "a NUL in the id": ('{"_id":"x\\u0000y","text":"a"}', "id"),
    "no text": ('{"_id":"x"}', FORM),
    "null as text": ('{"_id":"x","text":null}', FORM),
    "NaN as text": ('{"_id":"x","text":NaN}', FORM),
    "a number as text": ('{"_id":"x","text":1}', FORM),
    "a list as text": ('{"_id":"x","text":["a"]}', FORM),
    "an id that stands twice": ('{"_id":"first","text":"a"}', "duplicate-id"),
}


@pytest.mark.parametrize(("line", "rule"), FAULTS.values(), ids=FAULTS)
def test_a_document_that_cannot_be_used_is_named_by_its_line(tmp_path: Path, line: str, rule: str) -> None:
    path = written(tmp_path / "corpus.jsonl", '{"_id":"first","text":"one"}', "", line, '{"_id":"last","text":"two"}')

    assert [(p.file, p.line, p.rule) for p in error_of(lambda: read_documents(path)).problems] == [("corpus.jsonl", 3, rule)]


@pytest.mark.parametrize(("line", "rule"), FAULTS.values(), ids=FAULTS)
def test_a_query_that_cannot_be_used_is_named_by_its_line(folder: Path, line: str, rule: str) -> None:
    written(folder / "queries.jsonl", '{"_id":"first","text":"one"}', "", line, '{"_id":"q1","text":"two"}')

    assert [(p.file, p.line, p.rule) for p in error_of(lambda: _read(folder)).problems] == [("queries.jsonl", 3, rule)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{"_id":"a b","text":""}', "corpus.jsonl:1: the id 'a b' holds white space"),
        ("[]", "corpus.jsonl:1: expected an object with an '_id' [form]"),
        ('{"_id":"a"}', "corpus.jsonl:1: 'text' (and 'title' where there is one) must be text [form]"),
        ('{"_id":"a","text":"","title":1}', "corpus.jsonl:1: 'text' (and 'title' where there is one) must be text [form]"),
        ("{", "corpus.jsonl:1: no JSON object in UTF-8: "),
        (r'{"_id":"a","text":"\ud800"}', "corpus.jsonl:1: no JSON object in UTF-8: "),
    ],
)
def test_the_fault_of_a_document_says_what_was_expected(tmp_path: Path, line: str, fault: str) -> None:
    (found,) = faults_of(lambda: read_documents(written(tmp_path / "corpus.jsonl", line)))

    assert found.startswith(fault)


def test_an_id_is_the_same_as_text_and_as_number(tmp_path: Path) -> None:
    path = written(tmp_path / "corpus.jsonl", *rows({"_id": 7, "text": "a"}, {"_id": "7", "text": "b"}))

    assert faults_of(lambda: read_documents(path)) == ["corpus.jsonl:2: the id '7' is that of line 1 too [duplicate-id]"]


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    lines = ["{", *rows([], {"_id": "a b", "text": ""}, {"_id": "a", "text": ""}, {"_id": "a", "text": ""}, {"_id": "c"})]
    path = written(tmp_path / "corpus.jsonl", *lines)

    error = error_of(lambda: read_documents(path))

    assert sorted((problem.line, problem.rule) for problem in error.problems) == [
        (1, "json"),
        (2, "form"),
        (3, "id"),
        (5, "duplicate-id"),
        (6, "form"),
    ]
    assert str(error) == f"5 faults in {path}; nothing was measured. Mend them, then run it again"


def test_of_many_faults_the_first_twenty_are_told_and_all_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "corpus.jsonl", *["[]"] * 21)

    error = error_of(lambda: read_documents(path))

    assert [problem.line for problem in error.problems] == list(range(1, 21))
    assert str(error).startswith(f"21 faults in {path}, the first 20 are listed")


@pytest.mark.parametrize("lines", [[], ["", " "]], ids=["empty", "blank"])
def test_a_corpus_without_documents_is_refused(tmp_path: Path, lines: list[str]) -> None:
    path = written(tmp_path / "corpus.jsonl", *lines)

    assert str(error_of(lambda: read_documents(path))).startswith(f"{path} holds no document. Mend: ")


# --- questions and judgements


def test_a_folder_becomes_questions_in_their_order_with_grades_by_document(folder: Path) -> None:
    found = _read(folder)

    assert found == Dataset(
        name="small",
        unit=Unit.DOCUMENT,
        questions=(Question("q2", "电话", "zh-Hans"), Question("q1", "phone", "en")),
        qrels={"q2": {"d2": 2, "d1": 0}, "q1": {"d1": 1}},
        files={name: sha256_file(folder / name) for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv")},
    )


def test_a_folder_has_a_name_also_where_it_is_the_one_worked_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)

    assert _read(Path()).name == "small"


def test_queries_without_judgements_are_not_asked(folder: Path) -> None:
    written(folder / "qrels" / "test.tsv", HEADER, "q1\td1\t1")

    found = _read(folder)

    assert [question.question_id for question in found.questions] == ["q1"]
    assert found.qrels == {"q1": {"d1": 1}}


def test_a_question_with_only_grade_0_is_asked(folder: Path) -> None:
    written(folder / "qrels" / "test.tsv", HEADER, "q1\td1\t0")

    assert _read(folder).qrels == {"q1": {"d1": 0}}


def test_grade_2_does_not_make_a_set_graded(folder: Path) -> None:
    found = _read(folder)

    assert found.qrels["q2"] == {"d2": 2, "d1": 0}
    assert not found.is_graded
    assert found.answering("q1") == {"d1"}  # of grade 1


@pytest.mark.parametrize(
    ("more", "language"),
    [
        ({"language": "fr"}, "fr"),
        ({"metadata": {"language": "zh-Hant"}}, "zh-Hant"),
        ({"language": "ja", "metadata": {"language": "fr"}}, "ja"),
        ({"language": ""}, "en"),
        ({"language": "  "}, "en"),
        ({"language": None, "metadata": None}, "en"),
        ({"language": ["fr"]}, "en"),
        ({"metadata": ["fr"]}, "en"),
        ({"metadata": {"language": 1}}, "en"),
    ],
)
def test_a_label_of_the_language_is_believed_else_the_script_tells(
    folder: Path, more: dict[str, object], language: str
) -> None:
    written(folder / "queries.jsonl", *rows({"_id": "q1", "text": "phone", **more}))
    written(folder / "qrels" / "test.tsv", HEADER, "q1\td1\t1")

    assert [question.language for question in _read(folder).questions] == [language]


def test_a_blank_query_is_named_by_its_line(folder: Path) -> None:
    written(folder / "queries.jsonl", *rows({"_id": "q1", "text": "a"}, {"_id": "q2", "text": " \u3000"}))

    assert faults_of(lambda: _read(folder)) == ["queries.jsonl:2: 'text' is missing or blank [form]"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("q1\td9\t1", "test.tsv:2: there is no document 'd9' [unknown-document]"),
        ("q9\td1\t1", "test.tsv:2: there is no question 'q9' [unknown-question]"),
    ],
)
def test_a_judgement_of_what_is_not_there_is_named_by_its_line(folder: Path, line: str, fault: str) -> None:
    written(folder / "qrels" / "test.tsv", HEADER, line, "q1\td1\t1")

    assert faults_of(lambda: _read(folder)) == [fault]


def test_the_file_that_has_an_unknown_judgement_is_named_with_its_folder(folder: Path) -> None:
    path = written(folder / "qrels" / "test.tsv", HEADER, "q1\td9\t1")

    assert str(error_of(lambda: _read(folder))).startswith(f"1 fault in {path}; ")


@pytest.mark.parametrize("lines", [[HEADER], [], [" "]], ids=["header alone", "empty", "blank"])
def test_a_folder_without_judgements_is_an_empty_dataset(folder: Path, lines: list[str]) -> None:
    written(folder / "qrels" / "test.tsv", *lines)

    expected = f"{folder} is an empty dataset: no question of queries.jsonl is judged in test.tsv. Mend: "
    assert str(error_of(lambda: _read(folder))).startswith(expected)


@pytest.mark.parametrize("lines", [[], ["", " "]], ids=["empty", "blank"])
def test_a_folder_without_queries_says_so_rather_than_blame_its_judgements(folder: Path, lines: list[str]) -> None:
    written(folder / "queries.jsonl", *lines)

    assert "queries.jsonl" in str(error_of(lambda: _read(folder)))


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels/test.tsv", "corpus.jsonl"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    message = str(error_of(lambda: (read_documents(folder / "corpus.jsonl"), _read(folder))))

    assert str(folder / name) in message
    assert "Mend: " in message


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels/test.tsv", "corpus.jsonl"])
def test_a_folder_in_place_of_a_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()

    message = str(error_of(lambda: (read_documents(folder / "corpus.jsonl"), _read(folder))))

    assert message.startswith(f"{folder / name} is a folder")


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels/test.tsv", "corpus.jsonl"])
def test_a_file_that_is_not_utf_8_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes("解約".encode("shift_jis"))

    message = str(error_of(lambda: (read_documents(folder / "corpus.jsonl"), _read(folder))))

    assert message == f"{folder / name} is not UTF-8: byte 0. Mend: save it as UTF-8"


# --- splits


def _splits(folder: Path, *names: str) -> Path:
    (folder / "qrels" / "test.tsv").unlink()
    for name in names:
        written(folder / "qrels" / f"{name}.tsv", HEADER, "q1\td1\t1")
    return folder


@pytest.mark.parametrize(
    ("present", "split", "read"),
    [
        (("dev", "test", "train"), "", "test"),
        (("dev",), "", "dev"),
        (("dev", "test"), "dev", "dev"),
        (("dev",), "dev", "dev"),
    ],
    ids=["test by default", "the only one", "the named one of two", "the named one alone"],
)
def test_the_split_is_the_named_one_else_test_else_the_only_one(
    folder: Path, present: tuple[str, ...], split: str, read: str
) -> None:
    assert f"qrels/{read}.tsv" in _read(_splits(folder, *present), split).files


@pytest.mark.parametrize(
    ("present", "split", "named", "found"),
    [
        (("dev", "train"), "", "test", "dev, train"),
        (("dev",), "test", "test", "dev"),
        (("train", "test"), "dev", "dev", "test, train"),
        ((), "", "test", "none"),
        (("test",), "../qrels/test", "../qrels/test", "test"),
    ],
)
def test_a_split_that_is_not_there_is_refused_with_those_that_are(
    folder: Path, present: tuple[str, ...], split: str, named: str, found: str
) -> None:
    _splits(folder, *present)

    expected = f"There is no {folder / 'qrels'}/{named}.tsv. Found in qrels/: {found}. Mend: --split with one of them, "
    assert str(error_of(lambda: _read(folder, split))).startswith(expected)


@pytest.mark.parametrize("split", ["a\0b", "a" * 300, "/test"])
def test_a_split_that_no_file_can_be_named_after_is_refused(folder: Path, split: str) -> None:
    assert "Found in qrels/: test." in str(error_of(lambda: _read(folder, split)))


def test_a_folder_without_qrels_is_refused_by_the_file_that_it_lacks(folder: Path) -> None:
    (folder / "qrels" / "test.tsv").unlink()
    (folder / "qrels").rmdir()

    assert str(error_of(lambda: _read(folder))).startswith(
        f"There is no {folder / 'qrels' / 'test.tsv'}. Found in qrels/: none."
    )
