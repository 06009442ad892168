"""Ask every question of a dataset: from questions to runs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.datatypes import Mode
from qa.errors import QuestionError
from qa.evaluation.dataset import Unit
from qa.evaluation.script import as_language
from qa.evaluation.trec import Ranking, separated
from qa.retrieval.query import understand
from qa.retrieval.retriever import CANDIDATES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.corpus.lexicon import NameFinder
    from qa.datatypes import Hit
    from qa.evaluation.dataset import Dataset, Question
    from qa.retrieval.query import Query
    from qa.retrieval.query_vectors import QueryVectors
    from qa.retrieval.retriever import Retriever

DEPTH = 20  # sections or documents ranked for each question, where there are as many
_PASSAGES_KEPT = 5  # by rank, for showing what scored


@dataclass(frozen=True)
class Run:
    """What one system ranked for each question.

    rankings: by question, (id, score) best first, without ties; empty where nothing was found. not_asked: by question, why it could not be
    asked. milliseconds: by question, from its text to its hits. passages: by question and id, the passage that scored, of the first few. A
    run that was read from a file has rankings alone.
    """

    name: str
    rankings: dict[str, Ranking] = field(default_factory=dict)
    not_asked: dict[str, str] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)
    passages: dict[str, dict[str, str]] = field(default_factory=dict)


def retrieve_runs(
    dataset: Dataset,
    retriever: Retriever,
    finder: NameFinder,
    modes: Sequence[Mode],
    progress: Callable[[int, int], None],
    label: str = "",
) -> list[Run]:
    """Return a run for each of modes over the answerable questions, in the dataset's order.

    Each question is encoded once for all modes, alone, as in the chat; its time counts for every mode that needs it. label is put before
    the modes in the runs' names.
    """
    asking = _Asking(dataset.unit, retriever, finder)
    runs = {mode: Run(f"{label}{mode}") for mode in modes}
    needs_model = any(mode is not Mode.LEXICAL for mode in modes)
    if needs_model:
        asking.warm_up()
    for number, question in enumerate(dataset.answerable, 1):
        understood = asking.understand(question, encode=needs_model)
        for mode, run in runs.items():
            if obstacle := understood.obstacle(mode):
                run.not_asked[question.question_id] = obstacle
            started = time.perf_counter()
            best = [] if obstacle else asking.ranked(question, understood, mode)
            run.milliseconds[question.question_id] = 1000 * (understood.seconds(mode) + time.perf_counter() - started)
            run.rankings[question.question_id] = separated([(each, hit.score) for each, hit in best])
            run.passages[question.question_id] = {each: hit.passage.text for each, hit in best[:_PASSAGES_KEPT]}
        progress(number, len(dataset.answerable))
    return list(runs.values())


@dataclass(frozen=True)
class _Understood:
    """A question as query and encoded, each None where it could not be had, and the seconds that either took."""

    query: Query | None
    encoded: QueryVectors | None
    why_not: str
    query_seconds: float
    encoding_seconds: float

    def obstacle(self, mode: Mode) -> str:
        """Return why the question can't be asked in mode, '' where it can."""
        return "" if self.query and (self.encoded or mode is Mode.LEXICAL) else self.why_not

    def seconds(self, mode: Mode) -> float:
        """Return the seconds that understanding took, as far as mode needs it."""
        return self.query_seconds + (0.0 if mode is Mode.LEXICAL else self.encoding_seconds)


class _Asking:
    """A retriever, asked as the chat asks it."""

    def __init__(self, unit: Unit, retriever: Retriever, finder: NameFinder) -> None:
        self._unit = unit
        self._retriever = retriever
        self._finder = finder

    def warm_up(self) -> None:
        """Let the model run once: its first pass is slow."""
        self._retriever.encode(understand("povo", self._finder))

    def understand(self, question: Question, *, encode: bool) -> _Understood:
        """Return question as query and, where wanted, encoded."""
        # A page has the language of its reader; a public set has no page.
        hint = as_language(question.language) if self._unit is Unit.SECTION else None
        started = time.perf_counter()
        query, encoded, why_not = None, None, ""
        understood = started
        try:
            query = understand(question.text, self._finder, question.earlier, hint=hint)
            understood = time.perf_counter()
            encoded = self._retriever.encode(query) if encode else None
        except QuestionError as error:
            why_not = str(error)
        return _Understood(query, encoded, why_not, understood - started, time.perf_counter() - understood)

    def ranked(self, question: Question, understood: _Understood, mode: Mode) -> list[tuple[str, Hit]]:
        """Return what is ranked for question, best first: a section or document with its best passage.

        Candidates are as many as in the chat, however many passages a document has. A document that is the question itself, as some public
        sets hold, is left out, as usual with BEIR.
        """
        k = 2 * CANDIDATES
        while understood.query:
            hits = self._retriever.retrieve(understood.query, k, mode, encoded=understood.encoded, depth=CANDIDATES)
            best: dict[str, Hit] = {}
            for hit in hits:
                if self._id(hit) != question.question_id:
                    best.setdefault(self._id(hit), hit)
            if len(best) >= DEPTH or len(hits) < k:
                return list(best.items())[:DEPTH]
            k *= 4
        return []

    def _id(self, hit: Hit) -> str:
        return hit.passage.section_id if self._unit is Unit.SECTION else hit.passage.guide_id
