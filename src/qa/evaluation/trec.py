"""TREC's judgements (qrels) and runs, read and written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from qa.datatypes import Problem
from qa.errors import DatasetError
from qa.evaluation.dataset import read_lines, refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

Ranking = list[tuple[str, float]]  # (id, score), best first
_HIGHEST = float(np.finfo(np.float32).max)
_GRADE_DIGITS = 3  # trec_eval takes memory for every grade up to the highest
_QRELS_COLUMNS, _RUN_COLUMNS, _BEIR_COLUMNS = 4, 6, 3


def read_qrels(
    path: Path, questions: Collection[str], documents: Collection[str], what: str, highest: int | None = None
) -> dict[str, dict[str, int]]:
    """Return the grade of each judged document by question.

    Columns are TREC's four (question, iteration, document, grade) or BEIR's three (question, document, grade; a header is skipped).
    Negative grades, which some tracks give to spam, count as 0. DatasetError lists lines that name a question or document that is not
    there, and grades above highest, where one is given; what is what documents are called in it.
    """
    qrels: dict[str, dict[str, int]] = {}
    problems: list[Problem] = []
    for line, row in read_lines(path):
        columns = row.split("\t") if "\t" in row else row.split()
        if line == 1 and columns[-1].strip().lower() in ("score", "relevance", "rel", "grade"):
            continue
        if len(columns) not in (_QRELS_COLUMNS, _BEIR_COLUMNS):
            problems.append(
                Problem(path.name, line, "columns", f"{len(columns)} columns, where 4 (TREC) or 3 (BEIR) are expected")
            )
            continue
        question, document, grade = (columns[0].strip(), columns[-2].strip(), columns[-1].strip())
        if fault := _fault_of_grade(grade, highest):
            problems.append(Problem(path.name, line, *fault))
        elif question not in questions:
            problems.append(Problem(path.name, line, "unknown-question", f"there is no question '{question}'"))
        elif document not in documents:
            problems.append(Problem(path.name, line, f"unknown-{what}", f"there is no {what} '{document}'"))
        elif qrels.setdefault(question, {}).setdefault(document, max(int(grade), 0)) != max(int(grade), 0):
            problems.append(Problem(path.name, line, "judged-twice", f"'{question}' and '{document}' have another grade above"))
    refuse(problems, str(path))
    return qrels


def _fault_of_grade(grade: str, highest: int | None) -> tuple[str, str] | None:
    """Return the rule and the message of what is wrong with a grade as written, None where nothing is."""
    if grade in ("", "?"):
        return "no-grade", "there is no grade yet: judge it, or leave the line out"
    if not re.fullmatch(r"[+-]?\d+", grade):
        return "grade", f"the grade '{grade}' is no whole number"
    if len(grade.lstrip("+-")) > _GRADE_DIGITS:
        return "grade", f"the grade '{grade[:20]}…' has more than {_GRADE_DIGITS} digits"
    if highest is not None and int(grade) > highest:
        return "grade", f"the grade {grade} is above {highest}, the highest"
    return None


def separated(ranking: Sequence[tuple[str, float]]) -> Ranking:
    """Return ranking with scores that fall strictly from rank to rank, also in single precision, in which trec_eval compares.

    Tools break ties each in their own way (trec_eval by descending id, others by ascending): a run without ties means one order to all.
    """
    ranked: Ranking = []
    before = np.float32(np.inf)
    for document, score in ranking:
        before = min(np.float32(score), np.nextafter(before, np.float32(-np.inf)))
        ranked.append((document, float(before)))
    return ranked


def run_file(name: str) -> str:
    """Return what the file of a run is called."""
    return f"{name.replace('/', '-')}.run"


def run_lines(name: str, rankings: Mapping[str, Ranking]) -> str:
    """Return a run in TREC's six columns, scores in full precision; name, which must not hold white space, is the last column."""
    return "".join(
        f"{question} Q0 {document} {rank} {score!r} {name}\n"
        for question, ranking in rankings.items()
        for rank, (document, score) in enumerate(ranking, 1)
    )


def read_run(path: Path, questions: Collection[str], documents: Collection[str], what: str) -> dict[str, Ranking]:
    """Return the rankings of a run file, best first, in trec_eval's order: by score, equal ones by descending id.

    DatasetError lists lines of another form, and those that name a document that is not there. Questions that are not asked are left out.
    """
    rankings: dict[str, Ranking] = {}
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for line, row in read_lines(path):
        columns = row.split()
        if len(columns) != _RUN_COLUMNS:
            problems.append(Problem(path.name, line, "columns", f"{len(columns)} columns, where a TREC run has 6"))
            continue
        question, _, document, _, score, _ = columns
        if question not in questions:
            continue
        try:
            value = float(score)
        except ValueError:
            value = float("nan")
        if not abs(value) <= _HIGHEST:  # also where it is nan
            problems.append(Problem(path.name, line, "score", f"the score '{score}' is no number"))
        elif document not in documents:
            problems.append(Problem(path.name, line, f"unknown-{what}", f"there is no {what} '{document}'"))
        elif (question, document) in seen:
            problems.append(Problem(path.name, line, "duplicate-id", f"'{document}' is ranked twice for '{question}'"))
        else:
            seen.add((question, document))
            rankings.setdefault(question, []).append((document, value))
    refuse(problems, str(path))
    if not rankings:
        raise DatasetError(f"{path} ranks nothing for these questions. Mend: name a run of the same dataset")
    return {question: in_order(ranking) for question, ranking in rankings.items()}


def in_order(ranking: Sequence[tuple[str, float]]) -> Ranking:
    """Return ranking as trec_eval sorts it: by descending score in single precision, equal ones by descending id."""
    return sorted(ranking, key=lambda found: (float(np.float32(found[1])), found[0]), reverse=True)
