from __future__ import annotations

from pathlib import Path

import pytest
from evaluation.datasets import error_of, faults_of, written

from qa.evaluation.dataset import Dataset, Question, Unit
from qa.evaluation.topics import read_topics, read_topics_and_qrels
from qa.index.storage import sha256_file


def test_topics_are_read_from_lines_of_id_and_text(tmp_path: Path) -> None:
    path = written(tmp_path / "topics.tsv", "1\tpovo 怎么在线销户？", "", " q-2 \t  ahamoの解約は  ", "d10\tfees\tand fines")

    assert read_topics(path) == [("1", "povo 怎么在线销户？"), ("q-2", "ahamoの解約は"), ("d10", "fees\tand fines")]


def test_topics_of_a_file_with_bom_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "topics.tsv"
    path.write_bytes("\ufeff1\tone\r\n\r\n2\ttwo\r\n".encode())

    assert read_topics(path) == [("1", "one"), ("2", "two")]


def test_topics_are_read_from_trec_records(tmp_path: Path) -> None:
    path = written(
        tmp_path / "topics.301",
        "<top>",
        "",
        "<num> Number: 301",
        "<title> International",
        "Organized  Crime",
        "",
        "<desc> Description:",
        "Identify organizations. <title> is not this.",
        "</top>",
        "",
        "<TOP><NUM>q-302</NUM><TITLE>Topic: 携号转网</TITLE></TOP>",
    )

    assert read_topics(path) == [("301", "International Organized Crime"), ("q-302", "携号转网")]


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (["1\tone", "2 two"], ["topics:2: expected: an id without white space, a tab, the question [topic]"]),
        (["1\tone", "", "2\t \t"], ["topics:3: expected: an id without white space, a tab, the question [topic]"]),
        (["1\tone", "2\ttwo", "1\tthree"], ["topics:3: the id '1' is that of line 1 too [duplicate-id]"]),
        (
            ["1\tone", "two", "1\tthree", "four"],
            [
                "topics:2: expected: an id without white space, a tab, the question [topic]",
                "topics:4: expected: an id without white space, a tab, the question [topic]",
                "topics:3: the id '1' is that of line 1 too [duplicate-id]",
            ],
        ),
        (
            ["", "<top><num>1<title>one</top>", "<top>", "<title>two", "</top>", "<top><num>3<desc>three</top>"],
            ["topics:3: a topic without <num> or <title> [topic]", "topics:6: a topic without <num> or <title> [topic]"],
        ),
        (
            ["<top>", "<num>1<title>one</top>", "", "", "<top><num>1<title>two</top>"],
            ["topics:5: the id '1' is that of line 1 too [duplicate-id]"],
        ),
    ],
)
def test_a_faulty_topic_is_named_by_its_line(tmp_path: Path, lines: list[str], faults: list[str]) -> None:
    path = written(tmp_path / "topics", *lines)

    assert faults_of(lambda: read_topics(path)) == faults


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["1\tone", "\ttwo"], 2),
        (["1\tone", "a b\ttwo"], 2),
        (["1\tone", "2\u00a0b\ttwo"], 2),
        (["1\tone", "2\0b\ttwo"], 2),
        (["<top><num>1<title>one</top>", "<top><num>2<title> ", "<desc>two</top>"], 2),
        (["<top><num>1<title>one</top>", "<top><num>2<title>two"], 2),
        (["<top><num>1<title>one</top>", "<top><num>2<title>two", "<top><num>3<title>three</top>"], 2),
    ],
    ids=["no id", "space in id", "no-break space in id", "NUL in id", "blank title", "open at the end", "open before another"],
)
def test_a_topic_that_cannot_be_asked_or_ranked_is_refused(tmp_path: Path, lines: list[str], line: int) -> None:
    path = written(tmp_path / "topics", *lines)

    assert [fault.partition(": ")[0] for fault in faults_of(lambda: read_topics(path))] == [f"topics:{line}"]


def test_a_question_that_speaks_of_a_tag_is_no_trec_record(tmp_path: Path) -> None:
    path = written(tmp_path / "topics", "1\twhat does <top> mean in TREC?")

    assert read_topics(path) == [("1", "what does <top> mean in TREC?")]


@pytest.mark.parametrize("lines", [[], ["", " "]], ids=["empty", "blank"])
def test_a_file_without_topics_is_refused(tmp_path: Path, lines: list[str]) -> None:
    path = written(tmp_path / "topics", *lines)

    assert str(path) in str(error_of(lambda: read_topics(path)))


def test_judged_topics_become_a_dataset_and_the_others_are_not_asked(tmp_path: Path) -> None:
    topics = written(tmp_path / "topics.2026.tsv", "2\t如何解約電話號碼", "10\thow to cancel", "1\t解約したい")
    qrels = written(tmp_path / "qrels.txt", "1 0 povo#fees 2", "2 0 povo#fees 0")

    found = read_topics_and_qrels(topics, qrels, {"povo#fees"}, Unit.SECTION)

    assert found == Dataset(
        name="topics.2026",
        unit=Unit.SECTION,
        questions=(Question("2", "如何解約電話號碼", "zh-Hant"), Question("1", "解約したい", "ja")),
        qrels={"1": {"povo#fees": 2}, "2": {"povo#fees": 0}},
        files=found.files,
    )


@pytest.mark.parametrize(("unit", "what"), [(Unit.SECTION, "section"), (Unit.DOCUMENT, "document")])
def test_judgements_of_unknown_topics_and_documents_are_named_by_their_line(tmp_path: Path, unit: Unit, what: str) -> None:
    topics = written(tmp_path / "topics", "1\tone")
    qrels = written(tmp_path / "qrels", "1 0 d1 1", "1 0 d9 1", "9 0 d1 1")

    assert faults_of(lambda: read_topics_and_qrels(topics, qrels, {"d1"}, unit)) == [
        f"qrels:2: there is no {what} 'd9' [unknown-{what}]",
        "qrels:3: there is no question '9' [unknown-question]",
    ]


def test_topics_that_nothing_judges_are_an_empty_dataset(tmp_path: Path) -> None:
    topics, qrels = written(tmp_path / "topics", "1\tone"), written(tmp_path / "qrels")

    message = str(error_of(lambda: read_topics_and_qrels(topics, qrels, {"d1"}, Unit.DOCUMENT)))

    assert message.startswith(f"{topics} and {qrels} are an empty dataset: no topic is judged. Mend: ")


def test_topics_and_judgements_of_the_same_file_name_are_both_recorded(tmp_path: Path) -> None:
    topics, qrels = written(tmp_path / "topics" / "dl19.txt", "1\tone"), written(tmp_path / "qrels" / "dl19.txt", "1 0 d1 1")

    found = read_topics_and_qrels(topics, qrels, {"d1"}, Unit.DOCUMENT)

    assert sorted(found.files.values()) == sorted([sha256_file(topics), sha256_file(qrels)])
