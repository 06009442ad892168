"""TREC's topics with their judgements, on documents or on the guides' sections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.datatypes import Problem
from qa.errors import DatasetError
from qa.evaluation.dataset import Dataset, Question, Unit, is_id, read_lines, refuse
from qa.evaluation.script import language_of
from qa.evaluation.trec import read_qrels
from qa.index.storage import sha256_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_TOPIC = re.compile(r"<top>(?P<body>.*?)(?P<end></top>|(?=<top>)|\Z)", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:number:)?\s*(?P<number>[^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:topic:)?\s*(?P<title>[^<]+)", re.IGNORECASE)


def read_topics_and_qrels(topics: Path, qrels: Path, judgeable: Collection[str], unit: Unit) -> Dataset:
    """Return the judged topics; judgeable are the ids that a judgement can name. DatasetError lists what can't be used."""
    asked = {number: Question(number, text, language_of(text)) for number, text in read_topics(topics)}
    judged = read_qrels(qrels, asked, judgeable, unit)
    if not judged:
        raise DatasetError(
            f"{topics} and {qrels} are an empty dataset: no topic is judged. Mend: name the judgements of these topics"
        )
    return Dataset(
        name=topics.stem,
        unit=unit,
        questions=tuple(question for number, question in asked.items() if number in judged),
        qrels=judged,
        files={f"topics/{topics.name}": sha256_file(topics), f"qrels/{qrels.name}": sha256_file(qrels)},
    )


def read_topics(path: Path) -> list[tuple[str, str]]:
    """Return (id, text) of topics: lines of `id<TAB>text`, or TREC's `<top>` records with `<num>` and `<title>`."""
    lines = list(read_lines(path))
    problems: list[Problem] = []
    is_marked_up = bool(lines) and lines[0][1].lstrip().startswith("<")
    found = list(_records(lines, path.name, problems) if is_marked_up else _rows(lines, path.name, problems))
    seen: dict[str, int] = {}
    for line, topic, _ in found:
        if (first := seen.setdefault(topic, line)) != line:
            problems.append(Problem(path.name, line, "duplicate-id", f"the id '{topic}' is that of line {first} too"))
    refuse(problems, str(path))
    if not found:
        raise DatasetError(f"{path} holds no topic. Mend: write one a line: an id, a tab, the question")
    return [(topic, text) for _, topic, text in found]


def _records(lines: list[tuple[int, str]], file: str, problems: list[Problem]) -> Iterator[tuple[int, str, str]]:
    """Yield line, id and title of `<top>` records; those without either become problems."""
    text = "\n".join(line for _, line in lines)
    for record in _TOPIC.finditer(text):
        line = lines[text.count("\n", 0, record.start())][0]
        number, title = _NUMBER.search(record["body"]), _TITLE.search(record["body"])
        if not record["end"]:
            problems.append(Problem(file, line, "topic", "a topic without </top>"))
        elif number is None or title is None or not title["title"].strip() or not is_id(number["number"]):
            problems.append(Problem(file, line, "topic", "a topic without <num> or <title>"))
        else:
            yield line, number["number"], " ".join(title["title"].split())


def _rows(lines: list[tuple[int, str]], file: str, problems: list[Problem]) -> Iterator[tuple[int, str, str]]:
    """Yield line, id and text of rows; those of another form become problems."""
    for line, row in lines:
        topic, tab, text = row.partition("\t")
        if not tab or not text.strip() or not is_id(topic.strip()):
            problems.append(Problem(file, line, "topic", "expected: an id without white space, a tab, the question"))
        else:
            yield line, topic.strip(), text.strip()
