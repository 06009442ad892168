"""The online flow: question → query → hits → decision → evidence → answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answering.compose import compose, find_evidence, find_overview, not_covered
from qa.answering.decide import decide
from qa.answering.did_you_mean import did_you_mean
from qa.answering.follow_ups import sections_asked
from qa.corpus.lexicon import NameFinder
from qa.corpus.near_names import NearNames
from qa.datatypes import Answer, Hit, Language, Mode, Outcome
from qa.errors import GenerationError, QuestionError
from qa.index.generation import Generation
from qa.index.manifest import read_current, read_manifest
from qa.retrieval.query import carried_operators, understand, understand_turns
from qa.retrieval.retriever import Retriever

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.datatypes import Weights
    from qa.index.embedder import Embedder

HITS = 10
# Turns before in which an operator or section counts as asked about already.
REMEMBERED_TURNS = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Opened:
    current: str
    generation: Generation
    retriever: Retriever
    finder: NameFinder
    near: NearNames


class Assistant:
    """Answers questions from the generation in use; a newly published one is picked up at the next question."""

    def __init__(self, index: Path, embedder: Embedder, weights: Weights) -> None:
        """Open the generation in index; GenerationError where there is none, or it is damaged or of another model."""
        self._index = index
        self._embedder = embedder
        self._weights = weights
        self._opened = self._open(read_current(index))
        self._refused = ""  # what could not be opened, and why: said once

    @property
    def generation(self) -> Generation:
        """Return the generation that the next question is answered from."""
        return self._refreshed().generation

    def answer(
        self,
        question: str,
        language: Language | None = None,
        earlier: Sequence[str] = (),
        hint: Language | None = None,
    ) -> Answer:
        """Return the answer to question; QuestionError where it is empty or too long.

        Args:
            question: What a person asks.
            language: The language to answer in; the question's where None.
            earlier: The questions of the turns before, oldest first.
            hint: The language of the page, for questions that could be in several.
        """
        return self.answer_from_generation(question, language, earlier, hint)[0]

    def answer_from_generation(
        self,
        question: str,
        language: Language | None = None,
        earlier: Sequence[str] = (),
        hint: Language | None = None,
    ) -> tuple[Answer, Generation]:
        """Return the answer, as `answer` does, and the generation that its offsets count in."""
        opened = self._refreshed()
        query = understand(question, opened.finder, earlier, language, hint)
        encoded = opened.retriever.encode(query)
        asking = opened.retriever.match(encoded)
        hits = opened.retriever.retrieve(query, HITS, encoded=encoded, asking=asking)
        decision = decide(query, asking, hits, opened.generation)
        turns = understand_turns(earlier[-REMEMBERED_TURNS:], opened.finder, hint)
        asked = sections_asked(query, turns, opened.generation)
        if decision.outcome is Outcome.NOT_COVERED:
            answer = not_covered(query, hits, decision, opened.generation, asked)
        else:
            evidence = find_overview(query, opened.generation) or find_evidence(query, hits, encoded, opened.generation)
            answer = compose(query, hits, decision, evidence, opened.generation, asked)
        meant = did_you_mean(query, turns, opened.finder, opened.near, opened.generation)
        return replace(answer, did_you_mean=meant), opened.generation

    def carries(self, earlier: Sequence[str], hint: Language | None = None) -> tuple[str, ...]:
        """Return the operators that the next question is about where it names none; earlier and hint as for `answer`."""
        return carried_operators(earlier, self._refreshed().finder, hint)

    def warm_up(self) -> None:
        """Let the model run once, so that the first question doesn't wait for it."""
        self._opened.retriever.encode(understand("povo", self._opened.finder))

    def keep_to_one_core(self) -> None:
        """Let each answer use one core alone from now on: for who makes several at once."""
        self._embedder.keep_to_one_core()

    def search(
        self,
        text: str,
        k: int = HITS,
        mode: Mode = Mode.HYBRID,
        language: Language | None = None,
        operator: str | None = None,
    ) -> list[Hit]:
        """Return the k best passages for text, best first; language and operator narrow down what is searched.

        QuestionError where text is empty or too long, or neither lexicon nor guides know operator.
        """
        return self.search_generation(text, k, mode, language, operator)[0]

    def search_generation(
        self,
        text: str,
        k: int = HITS,
        mode: Mode = Mode.HYBRID,
        language: Language | None = None,
        operator: str | None = None,
    ) -> tuple[list[Hit], Generation]:
        """Return the passages, as `search` does, and the generation that their offsets count in."""
        opened = self._refreshed()
        known = {*opened.generation.operators, *opened.generation.lexicon.operators}
        if operator is not None and operator not in known:
            raise QuestionError(f"No operator is called '{operator}'. Mend: one of {', '.join(sorted(known))}")
        query = understand(text, opened.finder, language=language)
        return opened.retriever.retrieve(query, k, mode, language, operator), opened.generation

    def _open(self, current: str) -> _Opened:
        generation = Generation.open(*read_manifest(self._index, current))
        built, loaded = generation.manifest.recipe, self._embedder.identity
        for what, found, expected in (
            ("model", built.model, loaded.model),
            ("weights", built.weights, loaded.weights),
            ("precision", built.precision, loaded.precision),
        ):
            if found != expected:
                raise GenerationError(
                    f"The index was built with another {what}: found {found}, expected {expected}. Mend: qa index build"
                )
        return _Opened(
            current,
            generation,
            Retriever(generation, self._embedder, self._weights),
            NameFinder(generation.lexicon),
            NearNames(generation.lexicon, [phrasing.text for phrasing in generation.phrasings.phrasings]),
        )

    def _refreshed(self) -> _Opened:
        """Turn to a newly published generation; where it can't be opened, the one in use stays in use, and the log says so once."""
        current = ""
        try:
            current = read_current(self._index)
            if current not in (self._opened.current, self._refused):
                self._opened = self._open(current)
        except GenerationError as error:
            reason = current or str(error)
            if reason != self._refused:
                _log.warning("%s (answering from %s meanwhile)", error, self._opened.generation.id)
            self._refused = reason
        return self._opened
