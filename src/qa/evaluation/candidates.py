"""Questions that readers gave feedback on, as lines that a person completes for questions.jsonl."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from qa.corpus.folding import fold
from qa.datatypes import Language
from qa.evaluation.questions_check import ALIKE
from qa.retrieval.query import MAX_CHARACTERS, understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa.corpus.lexicon import NameFinder
    from qa.evaluation.dataset import Question
    from qa.feedback.grouping import Asked

TO_COMPLETE = ("near_miss", "kind", "gap")  # by a person, in every candidate; `split` where no operator decides it
_ID = re.compile(r"fb(\d+)")


@dataclass(frozen=True)
class Candidates:
    """Rows with the keys of questions.jsonl, and how many questions were left out since that file, or a phrasing, says them already."""

    rows: tuple[dict[str, Any], ...]
    asked_already: int
    phrased_already: int


def candidates(
    asked: Iterable[Asked],
    questions: Sequence[Question],
    phrasings: Sequence[str],
    finder: NameFinder,
    operators: Iterable[str],
) -> Candidates:
    """Return what is new in asked, in its order.

    Args:
        asked: What readers asked.
        questions: Those that are measured on already.
        phrasings: What the assistant compares questions with: one that all but repeats them would measure nothing.
        finder: Finds the lexicon's names.
        operators: Those that a question can be about.

    What has to be judged by a person is null, which `qa questions check` refuses; `answerable` is false until it is judged, and
    once somebody judged a section to answer, the check asks for true. An operator's questions are in one split; that one is kept.
    """
    known = [fold(" ".join((*each.earlier, each.text))) for each in questions]
    phrased = [fold(each) for each in phrasings]
    splits = {each.operator: each.split for each in questions if each.operator}
    number = max((int(found[1]) for each in questions if (found := _ID.fullmatch(each.question_id))), default=0)
    latest = max((each.round for each in questions), default=0)
    rows: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    for each in asked:
        text = fold(each.question)
        if _is_said(text, known):
            left_out["asked"] += 1
        elif _is_said(text, phrased):
            left_out["phrased"] += 1
        else:
            known.append(text)
            number += 1
            rows.append({"question_id": f"fb{number:04}", **_row(each, finder, splits, set(operators)), "round": latest + 1})
            rows[-1]["note"] = _note(each)
    return Candidates(tuple(rows), left_out["asked"], left_out["phrased"])


def _is_said(text: str, known: Sequence[str]) -> bool:
    return process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None


def _row(asked: Asked, finder: NameFinder, splits: Mapping[str, str], operators: set[str]) -> dict[str, Any]:
    query = understand(asked.question[:MAX_CHARACTERS], finder, hint=Language(asked.last.language))
    named = query.operators or asked.operators
    operator = named[0] if len(named) == 1 and named[0] in operators else None
    return {
        "text": asked.question,
        "language": (query.written or query.language).value,
        "split": splits.get(operator) if operator else None,
        "operator": operator,
        "topic": None,
        "answerable": False,
        **dict.fromkeys(TO_COMPLETE),
    }


def _note(asked: Asked) -> str:
    """Return what readers said, in numbers alone: their remarks are for the maintainers, not for a file that is published."""
    said = ", ".join(f"{count} × {verdict}" for verdict, count in asked.verdicts.items())
    got = ", ".join(asked.outcomes)
    cited = f" with {', '.join(asked.sections)}" if asked.sections else ""
    return f"feedback: {said}; {got}{cited}"
