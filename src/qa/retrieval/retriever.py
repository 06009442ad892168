"""From a query to ranked hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.corpus.folding import spans_of
from qa.corpus.han import simplified
from qa.corpus.phrasings import target_of
from qa.datatypes import GUIDE_LANGUAGES, Hit, Language, Mode, Parts
from qa.errors import QuestionError
from qa.index.embedder import QUERY, Embedder
from qa.retrieval.phrasing import Asking, PhrasingMatcher
from qa.retrieval.query_vectors import QueryVectors
from qa.retrieval.scoring import dense_score, fused_score, late_interaction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from qa.datatypes import Passage, Weights
    from qa.index.generation import Generation
    from qa.retrieval.query import Query

CANDIDATES = 30  # from each engine
_ASKED_FOR = 5  # targets whose sections are candidates, whatever the engines find


class Retriever:
    """Finds passages of one generation."""

    def __init__(self, generation: Generation, embedder: Embedder, weights: Weights) -> None:
        self._generation = generation
        self._weights = weights
        self._embedder = embedder
        self._rows = {language: _rows_for_readers(generation.passages, language) for language in GUIDE_LANGUAGES}
        self._sections = [generation.section_of(passage) for passage in generation.passages]
        self._operators = [section.operator for section in self._sections]
        self._targets = np.array([target_of(section) for section in self._sections])
        self._matcher = PhrasingMatcher(generation.phrasings)
        self._slugs = [passage.section_id.partition("#")[2] for passage in generation.passages]

    def encode(self, query: Query) -> QueryVectors:
        """Return the query as the model sees it; QuestionError where it is longer than the model reads.

        Traditional Chinese is simplified, since the guides are: the model tells the two scripts apart, and scores would be lower.
        """
        written = query.written or query.language
        text = simplified(query.text) if written is Language.ZH_HANT else query.text
        tokens = self._embedder.count_tokens(text, QUERY)
        if tokens > self._embedder.max_tokens:
            raise QuestionError(
                f"The question is too long: {tokens} tokens where the model reads {self._embedder.max_tokens}. "
                "Mend: ask for one thing in a few sentences"
            )
        encoded = next(self._embedder.encode([text], QUERY))
        names = spans_of(query.names, text)
        return QueryVectors.from_encoded(encoded, written.of_guides, self._generation.centres, names, self._weights.token_power)

    def match(self, encoded: QueryVectors) -> Asking:
        """Return what the query asks for, told by the phrasings that it is like."""
        return self._matcher.match(encoded)

    def retrieve(
        self,
        query: Query,
        k: int,
        mode: Mode = Mode.HYBRID,
        only_language: Language | None = None,
        only_operator: str | None = None,
        *,
        encoded: QueryVectors | None = None,
        asking: Asking | None = None,
        depth: int | None = None,
    ) -> list[Hit]:
        """Return the k best passages for query, best first, ties in corpus order.

        Each guide is searched in one language: that of the query where the guide exists in it, else the nearest. Passages of operators
        that the query doesn't name are left out where it names one.

        Args:
            query: The question understood.
            k: Number of hits; fewer come back where fewer match.
            mode: What the score is: hybrid (late interaction, coverage and likeness to phrasings), dense, or lexical (coverage alone, never 0).
            only_language: Search the guides in this language alone.
            only_operator: Search the guide of this operator alone.
            encoded: The query as `encode` returns it, where the caller has it already.
            asking: What `match` makes of it, likewise.
            depth: Number of candidates of each engine that hybrid scores; CANDIDATES, or k where that is more, where None.
        """
        if k < 1:
            return []
        rows = self._searched(query, only_language, only_operator)
        coverage = self._generation.terms.coverage(query.text)
        if mode is Mode.LEXICAL:
            found = rows[coverage[rows] > 0]
            return self._ranked(found, coverage[found], query, k, lambda row: Parts(lexical=float(coverage[row])))
        encoded = encoded or self.encode(query)
        if mode is Mode.DENSE:
            cosines = dict(self._generation.vectors.search(encoded.embedding, len(rows), rows))
            scores = [dense_score(cosine) for cosine in cosines.values()]
            return self._ranked(list(cosines), scores, query, k, lambda row: Parts(dense=dense_score(cosines[row])))
        asking = asking or self.match(encoded)
        parts: dict[int, Parts] = {}
        scores = []
        for row, cosine in self._candidates(query, encoded, asking, coverage, rows, depth or max(CANDIDATES, k)).items():
            similarities = self._generation.tokens.similarities(encoded.tokens, row)
            late = late_interaction(similarities, encoded.weights, self._weights.window)
            phrasing = asking.of(self._sections[row])
            parts[row] = Parts(dense=dense_score(cosine), lexical=float(coverage[row]), late=late, phrasing=phrasing)
            scores.append(fused_score(late, float(coverage[row]), phrasing, self._weights))
        return self._ranked(list(parts), scores, query, k, parts.__getitem__)

    def _candidates(
        self,
        query: Query,
        encoded: QueryVectors,
        asking: Asking,
        coverage: NDArray[np.float32],
        rows: NDArray[np.int64],
        depth: int,
    ) -> dict[int, float]:
        """Return the rows worth scoring with their cosines: the best depth by embedding and by coverage, and what is asked for."""
        vectors = self._generation.vectors
        cosines = dict(vectors.search(encoded.embedding, depth, rows))
        # Guides in the question's own language score higher: without places of its own, what the question is about would be crowded out,
        # the topics' guides by operators' guides in that language, a named operator's guide by topics' guides that repeat its words.
        cosines |= dict(vectors.search(encoded.embedding, depth, rows[self._of_subject(query)[rows]]))
        more = {int(row) for row in _best(rows, coverage, depth) if coverage[row] > 0}
        wanted = sorted(asking.sections, key=lambda target: (-asking.sections[target], target))[:_ASKED_FOR]
        more.update(int(row) for row in rows[np.isin(self._targets[rows], wanted)])
        others = sorted(more - cosines.keys())
        cosines |= dict(zip(others, vectors.cosines(encoded.embedding, others), strict=True))
        return cosines

    def _of_subject(self, query: Query) -> NDArray[np.bool_]:
        """Return for each row whether its passage is of an operator that query names, or of a topic's guide where it names none."""
        wanted: set[str | None] = {*query.operators} if query.operators else {None}
        return np.array([operator in wanted for operator in self._operators], bool)

    def _searched(self, query: Query, only_language: Language | None, only_operator: str | None) -> NDArray[np.int64]:
        """Return the rows to search among, ascending."""
        passages = self._generation.passages
        if only_language is None:
            rows = self._rows[query.language.of_guides]
        else:
            rows = np.array([row for row, p in enumerate(passages) if p.language is only_language.of_guides], np.int64)
        wanted = {only_operator} if only_operator is not None else {None, *query.operators} if query.operators else None
        return rows if wanted is None else np.array([row for row in rows if self._operators[row] in wanted], np.int64)

    def _ranked(
        self,
        rows: Sequence[int] | NDArray[np.int64],
        scores: Sequence[float] | NDArray[np.float32],
        query: Query,
        k: int,
        parts: Callable[[int], Parts],
    ) -> list[Hit]:
        """Return the k best of rows as hits: by score times agreement, equal ones in row order."""
        among = np.asarray(rows, np.int64)
        weighted = np.asarray(scores, np.float64) * self._agreement(query, among)
        order = np.lexsort((among, -weighted))[:k]
        return [Hit(self._generation.passages[among[i]], float(weighted[i]), parts(int(among[i]))) for i in order]

    def _agreement(self, query: Query, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how well the passage in each of rows agrees with what the query names, in (0, 1]."""
        agreement = np.where(self._of_subject(query)[rows], 1.0, self._weights.other_subject)
        if topics := self._generation.lexicon.specific(query.topics):
            places = [(self._generation.passages[row].guide_id, self._slugs[row], self._operators[row]) for row in rows]
            is_section = [any(topic.is_of(*place) for topic in topics) for place in places]
            agreement = agreement * np.where(is_section, 1.0, self._weights.other_section)
        return agreement


def _best(rows: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the k of rows with the highest scores, best first, equal ones in row order."""
    return rows[np.lexsort((rows, -scores[rows]))[:k]]


def _rows_for_readers(passages: Sequence[Passage], language: Language) -> NDArray[np.int64]:
    """Return the rows that serve readers of language: every guide once, in that language or the nearest."""
    order = [language, *(each for each in GUIDE_LANGUAGES if each is not language)]
    chosen: dict[str, Language] = {}
    for passage in passages:
        known = chosen.get(passage.guide_id)
        if known is None or order.index(passage.language) < order.index(known):
            chosen[passage.guide_id] = passage.language
    return np.array([row for row, p in enumerate(passages) if chosen[p.guide_id] is p.language], np.int64)
