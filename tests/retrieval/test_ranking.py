from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest

from qa.corpus.lexicon import NameFinder
from qa.datatypes import Hit, Language, Mode, Weights
from qa.index.embedder import QUERY, Embedder
from qa.index.generation import Generation
from qa.retrieval.phrasing import Asking
from qa.retrieval.query import understand
from qa.retrieval.retriever import Retriever
from qa.retrieval.scoring import late_interaction

QUESTIONS = ["povo 销户费用多少钱", "怎么销户", "号码保管", "楽天の解約金はいくら", "How do I return the SIM?", "？", "ぴよ"]
Search = Callable[..., list[Hit]]
modes = pytest.mark.parametrize("mode", list(Mode))


@pytest.fixture(params=["search", "plain_search"], ids=["phrasings", "no phrasings"])
def search(request: pytest.FixtureRequest) -> Search:
    """Return what searches the small corpus, with phrasings and without."""
    found: Search = request.getfixturevalue(request.param)
    return found


def by_section(hits: list[Hit]) -> dict[str, Hit]:
    return {hit.passage.section_id: hit for hit in hits}


@modes
def test_equal_scores_keep_corpus_order_at_every_k(mode: Mode, search: Search) -> None:
    first, second = search("号码保管", 2, mode)

    assert (first.passage.guide_id, second.passage.guide_id) == ("twin-a", "twin-b")
    assert first.score == second.score
    assert search("号码保管", 1, mode) == [first]


@modes
@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_floats_between_0_and_1_that_fall_with_the_rank(mode: Mode, question: str, search: Search) -> None:
    hits = search(question, mode=mode)
    scores = [hit.score for hit in hits]

    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage.passage_id for hit in hits}) == len(hits)
    for hit in hits:
        parts = [part for part in asdict(hit.parts).values() if part is not None]
        assert parts
        assert all(type(number) is float and 0.0 <= number <= 1.0 for number in [*parts, hit.score])


@modes
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_passage_scores_the_same_for_every_k_and_filter(mode: Mode, question: str, search: Search) -> None:
    narrowed = [
        *(search(question, k, mode) for k in range(1, 8)),
        *(search(question, mode=mode, only_language=language) for language in Language),
        *(search(question, mode=mode, only_operator=operator) for operator in ("povo", "linemo")),
        search(question, 2, mode, Language.ZH_HANS, "povo"),
        search(question, mode=mode),
    ]
    scores: dict[str, set[float]] = {}
    for hit in (hit for hits in narrowed for hit in hits):
        scores.setdefault(hit.passage.passage_id, set()).add(hit.score)

    assert all(len(different) == 1 for different in scores.values())
    assert scores or mode is Mode.LEXICAL


@pytest.mark.parametrize("question", ["解约", "xyzzy", "？", "解約 xyzzy"])
def test_lexical_mode_never_returns_a_hit_with_score_0(question: str, search: Search) -> None:
    hits = search(question, mode=Mode.LEXICAL)

    assert all(hit.score > 0.0 for hit in hits)
    assert bool(hits) == ("解" in question)


@pytest.mark.parametrize("has_phrasings", [True, False])
def test_a_hybrid_score_is_made_of_its_parts_and_of_what_the_question_names(
    has_phrasings: bool, generation: Generation, retriever: Retriever, finder: NameFinder, embedder: Embedder
) -> None:
    query = understand("povo 销户费用", finder)
    embedding = next(embedder.encode([query.text], QUERY)).embedding
    cosines = dict(generation.vectors.search(embedding, 100, np.arange(len(generation.passages))))
    coverage = generation.terms.coverage(query.text)
    encoded = retriever.encode(query)
    asking = retriever.match(encoded) if has_phrasings else Asking({}, {})

    hits = by_section(retriever.retrieve(query, 100, asking=asking))
    for section_id, target, agreement in (
        ("povo#fees", "fees", 1.0),
        ("povo#steps", "steps", Weights.other_section),
        ("sim-return#must-return", "sim-return#must-return", Weights.other_subject * Weights.other_section),
    ):
        (row,) = generation.rows(section_id, Language.ZH_HANS)
        late = late_interaction(generation.tokens.similarities(encoded.tokens, row), encoded.weights, 2)
        fused = (late + 0.2 * coverage[row]) / 1.2
        if has_phrasings:
            fused = (late + 0.2 * coverage[row] + 2 * asking.sections[target]) / 3.2
        assert hits[section_id].score == pytest.approx(fused * agreement)
        assert hits[section_id].parts.dense == pytest.approx((cosines[row] + 1) / 2)
        assert hits[section_id].parts.late == pytest.approx(late)
        assert hits[section_id].parts.lexical == pytest.approx(coverage[row])
        assert hits[section_id].parts.phrasing == (asking.sections[target] if has_phrasings else None)


@pytest.mark.parametrize("question", ["povo 销户费用多少钱", "号码保管", "楽天の解約金はいくら"])
def test_phrasings_of_weight_0_change_no_score(
    question: str, generation: Generation, plain_retriever: Retriever, embedder: Embedder, finder: NameFinder
) -> None:
    query = understand(question, finder)
    hits = Retriever(generation, embedder, Weights(phrasing=0)).retrieve(query, 100)

    expected = plain_retriever.retrieve(query, 100)
    assert [hit.passage for hit in hits] == [hit.passage for hit in expected]
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected])


def test_a_section_that_is_asked_for_comes_before_one_that_has_the_questions_words(
    retriever: Retriever, plain_retriever: Retriever, finder: NameFinder
) -> None:
    query = understand("povo 退掉要花我几块钱", finder)

    assert plain_retriever.retrieve(query, 1)[0].passage.section_id == "povo#overview"
    assert retriever.retrieve(query, 1)[0].passage.section_id == "povo#fees"


def test_a_dense_score_is_the_mapped_cosine_weighted_by_what_the_question_names(
    generation: Generation, search: Search, embedder: Embedder
) -> None:
    embedding = next(embedder.encode(["SIM 卡要归还吗"], QUERY)).embedding
    hits = by_section(search("SIM 卡要归还吗", mode=Mode.DENSE))

    for section_id, agreement in (("sim-return#must-return", 1.0), ("povo#sim", Weights.other_subject)):
        (row,) = generation.rows(section_id, Language.ZH_HANS)
        cosine = dict(generation.vectors.search(embedding, 100, np.arange(len(generation.passages))))[row]
        assert hits[section_id].score == pytest.approx((cosine + 1) / 2 * agreement)


def test_a_lexical_score_is_the_coverage_weighted_by_what_the_question_names(generation: Generation, search: Search) -> None:
    coverage = generation.terms.coverage("povo 销户费用")
    hits = by_section(search("povo 销户费用", mode=Mode.LEXICAL))

    for section_id, agreement in (("povo#fees", 1.0), ("povo#sim", Weights.other_section)):
        (row,) = generation.rows(section_id, Language.ZH_HANS)
        assert hits[section_id].score == pytest.approx(coverage[row] * agreement)
