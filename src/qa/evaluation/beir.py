"""BEIR's folder form: corpus.jsonl, queries.jsonl, qrels/<split>.tsv."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.datatypes import Problem
from qa.errors import DatasetError
from qa.evaluation.dataset import Dataset, Question, Unit, is_id, read_lines, refuse
from qa.evaluation.script import language_of
from qa.evaluation.trec import read_qrels
from qa.index.storage import sha256_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"
_DEFAULT_SPLIT = "test"


@dataclass(frozen=True)
class Document:
    """One document of a corpus file."""

    document_id: str
    title: str
    text: str


def is_beir(folder: Path) -> bool:
    """Whether folder looks like BEIR's."""
    return (folder / CORPUS).exists()


def read_documents(path: Path) -> list[Document]:
    """Return the documents of a corpus file in its order; DatasetError lists lines that can't be used."""
    problems: list[Problem] = []
    documents = []
    for line, row in _objects(path, problems):
        title = row.get("title") or ""
        if not isinstance(title, str) or not isinstance(row.get("text"), str):
            problems.append(Problem(path.name, line, "form", "'text' (and 'title' where there is one) must be text"))
        else:
            documents.append(Document(row["_id"], title, row["text"]))
    refuse(problems, str(path))
    if not documents:
        raise DatasetError(f"{path} holds no document. Mend: one JSON object a line, with _id, title and text")
    return documents


def read_beir(folder: Path, documents: Collection[str], split: str = "") -> Dataset:
    """Return the judged questions of folder; documents are the ids of its corpus.

    Questions without judgements are not asked, as usual with BEIR, whose queries.jsonl holds those of all splits.
    """
    problems: list[Problem] = []
    questions: dict[str, Question] = {}
    path = folder / QUERIES
    for line, row in _objects(path, problems):
        text = row.get("text")
        if not isinstance(text, str) or not text.strip():
            problems.append(Problem(path.name, line, "form", "'text' is missing or blank"))
        else:
            questions[row["_id"]] = Question(row["_id"], text, _labelled(row) or language_of(text))
    refuse(problems, str(path))
    if not questions:
        raise DatasetError(f"{path} holds no question. Mend: one JSON object a line, with _id and text")
    judgements = _qrels_file(folder, split)
    qrels = read_qrels(judgements, questions, documents, "document")
    asked = tuple(question for key, question in questions.items() if key in qrels)
    if not asked:
        raise DatasetError(
            f"{folder} is an empty dataset: no question of {QUERIES} is judged in {judgements.name}. "
            "Mend: write judgements of these questions, or name others with --split"
        )
    files = {CORPUS: folder / CORPUS, QUERIES: path, f"{QRELS}/{judgements.name}": judgements}
    return Dataset(
        name=folder.resolve().name,
        unit=Unit.DOCUMENT,
        questions=asked,
        qrels={question.question_id: qrels[question.question_id] for question in asked},
        files={name: sha256_file(file) for name, file in files.items()},
    )


def _objects(path: Path, problems: list[Problem]) -> list[tuple[int, dict[str, Any]]]:
    """Return the JSON objects of a file with their lines, ids as text; lines of another form and ids that stand twice become problems."""
    found: list[tuple[int, dict[str, Any]]] = []
    lines: dict[str, int] = {}
    for line, text in read_lines(path):
        try:
            row = json.loads(text)
            json.dumps(row, ensure_ascii=False).encode()
        except RecursionError:
            problems.append(Problem(path.name, line, "json", "no JSON object in UTF-8: it is nested too deeply"))
            continue
        except ValueError as error:  # no JSON, or half a character, which no file can hold
            problems.append(Problem(path.name, line, "json", f"no JSON object in UTF-8: {error}"))
            continue
        given = row.get("_id") if isinstance(row, dict) else None
        if not isinstance(given, str | int) or isinstance(given, bool) or not str(given).strip():
            problems.append(Problem(path.name, line, "form", "expected an object with an '_id'"))
            continue
        row["_id"] = str(row["_id"])
        if not is_id(row["_id"]):
            message = f"the id '{row['_id']}' holds white space or a NUL, which no TREC run can"
            problems.append(Problem(path.name, line, "id", message))
        elif (first := lines.setdefault(row["_id"], line)) != line:
            problems.append(Problem(path.name, line, "duplicate-id", f"the id '{row['_id']}' is that of line {first} too"))
        else:
            found.append((line, row))
    return found


def _labelled(row: dict[str, Any]) -> str:
    """Return the language that a query's metadata names, '' where it names none."""
    metadata = row.get("metadata")
    label = row.get("language") or (metadata.get("language") if isinstance(metadata, dict) else None)
    return label.strip() if isinstance(label, str) else ""


def _qrels_file(folder: Path, split: str) -> Path:
    """Return the judgements of split; without one those called test, or the only ones."""
    present = sorted((folder / QRELS).glob("*.tsv"))
    named = folder / QRELS / f"{split or _DEFAULT_SPLIT}.tsv"
    if named in present:
        return named
    if not split and len(present) == 1:
        return present[0]
    names = ", ".join(path.stem for path in present) or "none"
    raise DatasetError(f"There is no {named}. Found in {QRELS}/: {names}. Mend: --split with one of them, or write the file")
