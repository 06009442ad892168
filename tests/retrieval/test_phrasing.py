from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.corpus.han import simplified
from qa.corpus.lexicon import NameFinder
from qa.corpus.phrasings import Phrasing
from qa.datatypes import Language, Section, SectionStatus
from qa.index.centres import Centres
from qa.index.embedder import QUERY, Embedder, Encoded
from qa.index.generation import Generation
from qa.index.phrasing_index import PhrasingIndex
from qa.index.token_vectors import QuantizedTokens
from qa.retrieval import phrasing as module
from qa.retrieval.phrasing import Asking, PhrasingMatcher
from qa.retrieval.query import understand
from qa.retrieval.query_vectors import QueryVectors
from qa.retrieval.retriever import Retriever

Row = tuple[str, bool, float, float]  # target, outside, how near its embedding is, what its one token has in common with "what"


def section(slug: str, operator: str | None = "povo", guide: str = "povo") -> Section:
    return Section(f"{guide}#{slug}", slug, ("povo", slug), 0, 0, 1, SectionStatus.KNOWN, operator, None)


def towards(cosine: float) -> list[float]:
    """Return a unit vector whose cosine with the first axis is cosine."""
    return [cosine, float(np.sqrt(1 - cosine**2)), 0.0]


def tokens(vectors: Sequence[Sequence[float]]) -> QuantizedTokens:
    array = np.array(vectors, np.float32).reshape(-1, 3)
    return QuantizedTokens.from_vectors(array, np.zeros((len(array), 2), np.int32))


def query(vectors: Sequence[Sequence[float]] = ((1, 0, 0),), asks: Sequence[bool] = (True,)) -> QueryVectors:
    """Return a question whose embedding is the first axis, and whose tokens are vectors, all of one weight."""
    array = np.array(vectors, np.float32).reshape(-1, 3)
    embedding = np.array([1, 0, 0], np.float32)
    return QueryVectors(embedding, array, np.ones(len(array), np.float32), np.array(asks, bool))


Index = Callable[[Sequence[Row]], PhrasingMatcher]


@pytest.fixture
def matcher_of(tmp_path: Path) -> Index:
    """Return a function that makes a matcher of rows; a likeness of nan stands for a phrasing without tokens."""

    def make(rows: Sequence[Row]) -> PhrasingMatcher:
        phrasings = tuple(
            Phrasing(str(number), Language.EN, target, outside) for number, (target, outside, *_) in enumerate(rows)
        )
        embeddings = np.array([towards(near) for *_, near, _ in rows], np.float32).reshape(-1, 3)
        PhrasingIndex.save(tmp_path, embeddings, [tokens([] if np.isnan(like) else [towards(like)]) for *_, like in rows])
        return PhrasingMatcher(PhrasingIndex.open(tmp_path, phrasings))

    return make


def close(scores: dict[str, float]) -> object:
    return pytest.approx(scores, abs=0.01)  # one byte a component


def test_a_section_is_as_like_as_its_own_target() -> None:
    asking = Asking({"fees": 0.8, "sim": 0.3, "povo#fees": 0.1, "sim-return#fees": 0.5, "others#hana": 0.6}, {})

    assert asking.of(section("fees")) == 0.8
    assert asking.of(section("fees", None, "sim-return")) == 0.5
    assert asking.of(section("hana", "hana", "others")) == 0.6


@pytest.mark.parametrize(("likenesses", "middle"), [([0.4], 0.4), ([0.9, 0.1], 0.5), ([0.1, 0.9, 0.2], 0.2)])
def test_a_section_that_nobody_wrote_phrasings_for_is_as_like_as_the_median(likenesses: list[float], middle: float) -> None:
    asking = Asking({str(number): like for number, like in enumerate(likenesses)}, {"buying": 1.0})

    assert asking.of(section("fees")) == pytest.approx(middle)


def test_without_phrasings_no_section_is_asked_for_and_nothing_speaks_for_or_against() -> None:
    assert Asking({}, {}).of(section("fees")) is None
    assert Asking({}, {}).margin == 0.0


@pytest.mark.parametrize(
    ("sections", "outside", "margin"),
    [
        ({"fees": 0.5, "sim": 0.75}, {"buying": 0.25, "chat": 0.5}, 0.75 - 0.5),
        ({"fees": 0.25}, {"buying": 0.75}, 0.25 - 0.75),
        ({"fees": 0.5}, {}, 0.0),
        ({}, {"buying": 0.5}, 0.0),
    ],
)
def test_the_margin_is_between_the_most_like_of_sections_and_of_what_is_outside(
    sections: dict[str, float], outside: dict[str, float], margin: float
) -> None:
    assert Asking(sections, outside).margin == margin


def test_a_target_is_as_like_as_its_three_best_phrasings_in_the_mean(matcher_of: Index) -> None:
    matcher = matcher_of(
        [("fees", False, 0.9, like) for like in (0.2, 0.8, 0.5, 0.6)]
        + [("sim", False, 0.9, like) for like in (0.3, 0.3, 0.3)]
        + [("buying", True, 0.9, like) for like in (0.9, 0.7, 0.8)]
    )

    asking = matcher.match(query())
    assert asking.sections == close({"fees": (0.8 + 0.6 + 0.5) / 3, "sim": 0.3})
    assert asking.outside == close({"buying": 0.8})


def test_phrasings_that_a_target_lacks_count_as_the_farthest_of_all_that_are_near(matcher_of: Index) -> None:
    matcher = matcher_of(
        [("fees", False, 0.9, 0.8), ("sim", False, 0.9, 0.6), ("sim", False, 0.9, 0.4), ("chat", True, 0.9, 0.1)]
    )

    asking = matcher.match(query())
    assert asking.sections == close({"fees": (0.8 + 0.1 + 0.1) / 3, "sim": (0.6 + 0.4 + 0.1) / 3})
    assert asking.outside == close({"chat": 0.1})


def test_a_target_none_of_whose_phrasings_is_near_is_as_like_as_the_farthest_that_is(
    matcher_of: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NEAREST", 4)
    matcher = matcher_of(
        [
            ("far", False, 0.1, 1.0),
            ("fees", False, 0.9, 0.7),
            ("chat", True, 0.2, 1.0),
            ("fees", False, 0.8, 0.5),
            ("fees", False, 0.7, 0.6),
            ("fees", False, 0.3, 1.0),
            ("sim", False, 0.6, 0.3),
        ]
    )

    asking = matcher.match(query())
    assert asking.sections == close({"far": 0.3, "fees": (0.7 + 0.5 + 0.6) / 3, "sim": 0.3})
    assert asking.outside == close({"chat": 0.3})


def test_one_target_may_be_a_section_and_outside_at_once(matcher_of: Index) -> None:
    asking = matcher_of([("sim", False, 0.9, 0.8)] * 3 + [("sim", True, 0.9, 0.2)] * 3).match(query())

    assert (asking.sections, asking.outside) == (close({"sim": 0.8}), close({"sim": 0.2}))


def test_phrasings_without_tokens_are_like_nothing(matcher_of: Index) -> None:
    matcher = matcher_of(
        [("signs", False, 0.9, np.nan), ("fees", False, 0.9, 0.8), ("fees", False, 0.9, np.nan), ("sim", False, 0.9, 0.4)]
    )

    assert matcher.match(query()).sections == close({"signs": 0.4, "fees": (0.8 + 0.4 + 0.4) / 3, "sim": 0.4})


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        ([], query()),
        ([("fees", False, 0.9, np.nan)], query()),
        ([("fees", False, 0.9, 0.8)], query([], [])),
    ],
    ids=["no phrasings", "none with tokens", "no token in the question"],
)
def test_where_nothing_can_be_compared_nothing_is_asked_for(rows: list[Row], asked: QueryVectors, matcher_of: Index) -> None:
    assert matcher_of(rows).match(asked) == Asking({}, {})


def test_operators_names_are_not_compared_and_tokens_count_by_their_weights(matcher_of: Index) -> None:
    matcher = matcher_of([("fees", False, 0.9, 0.6)] * 3)
    # A name that is just like the phrasing, a token like it by 0.6 and one by 0: the phrasing's one token is like the second.
    name, one, other = towards(0.6), [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]
    asked = replace(query([name, one, other], [False, True, True]), weights=np.array([5, 3, 1], np.float32))

    assert matcher.match(asked).sections == close({"fees": ((3 * 0.6 + 1 * 0.0) / 4 + 0.6) / 2})


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.floats(0, 1)), min_size=1, max_size=12))
def test_likenesses_are_between_the_farthest_phrasing_and_the_nearest(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, bool, float]]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    phrasings = tuple(Phrasing("", Language.EN, target, outside) for target, outside, _ in rows)
    embeddings = np.array([towards(0.9)] * len(rows), np.float32)
    PhrasingIndex.save(folder, embeddings, [tokens([towards(like)]) for *_, like in rows])

    asking = PhrasingMatcher(PhrasingIndex.open(folder, phrasings)).match(query())
    likes = [like for *_, like in rows]
    assert all(min(likes) - 0.01 <= each <= max(likes) + 0.01 for each in (*asking.sections.values(), *asking.outside.values()))
    assert set(asking.sections) == {target for target, outside, _ in rows if not outside}
    assert set(asking.outside) == {target for target, outside, _ in rows if outside}


@pytest.fixture(scope="module")
def encoded(generation: Generation, embedder: Embedder) -> list[tuple[Phrasing, Encoded]]:
    """Return the phrasings of the small corpus with what the model makes of them."""
    phrasings = generation.phrasings.phrasings
    texts = [simplified(each.text) if each.language is Language.ZH_HANT else each.text for each in phrasings]
    return list(zip(phrasings, embedder.encode(texts, QUERY), strict=True))


def plain_asking(asked: QueryVectors, phrasings: list[tuple[Phrasing, Encoded]], centres: Centres, nearest: int) -> Asking:
    """Return what asked asks for, told by comparing it with every phrasing, one by one."""
    found: list[tuple[float, Phrasing, float]] = []
    for each, encoded in phrasings:
        others, _ = centres.centred(encoded.token_vectors, each.language.of_guides)
        cosines: NDArray[np.float32] = asked.tokens[asked.asks] @ others.T
        weights = asked.weights[asked.asks]
        of_question = sum(weights * cosines.max(axis=1)) / sum(weights)
        like = (of_question + sum(cosines.max(axis=0)) / len(others)) / 2
        found.append((float(encoded.embedding @ asked.embedding), each, float(like)))
    near = sorted(found, key=lambda each: -each[0])[:nearest]
    farthest = min(like for *_, like in near)
    scores: dict[bool, dict[str, float]] = {False: {}, True: {}}
    for outside, target in {(each.outside, each.target) for _, each, _ in found}:
        likes = sorted((like for _, each, like in near if (each.outside, each.target) == (outside, target)), reverse=True)
        scores[outside][target] = sum([*likes, farthest, farthest, farthest][:3]) / 3
    return Asking(scores[False], scores[True])


def test_a_name_alone_asks_for_nothing(retriever: Retriever, generation: Generation) -> None:
    assert retriever.match(retriever.encode(understand("povo", NameFinder(generation.lexicon)))) == Asking({}, {})


@pytest.mark.parametrize("nearest", [400, 20])
@pytest.mark.parametrize(
    "question",
    ["povo 销户费用多少钱", "樂天 SIM 卡要歸還嗎", "解約金はいくら", "How do I return the SIM?", "今天天气怎么样"],
)
def test_a_question_is_as_like_to_phrasings_as_the_plain_loops_say(
    question: str,
    nearest: int,
    retriever: Retriever,
    generation: Generation,
    encoded: list[tuple[Phrasing, Encoded]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "NEAREST", nearest)
    asked = retriever.encode(understand(question, NameFinder(generation.lexicon)))
    expected = plain_asking(asked, encoded, generation.centres, nearest)

    found = retriever.match(asked)
    assert found.sections == close(dict(expected.sections))
    assert found.outside == close(dict(expected.outside))


@pytest.mark.parametrize(
    ("question", "target"),
    [
        ("povo 销户费用多少钱", "fees"),
        ("povo 違約金多少", "fees"),
        ("楽天の解約金はいくらですか", "fees"),
        ("is there a fee to cancel LINEMO?", "fees"),
        ("linemo 的卡要寄回去吗", "sim"),
        ("povoのSIMは返すんですか", "sim"),
        ("怎么一步一步销户", "steps"),
        ("能让朋友替我办吗", "agent"),
        ("哪些公司要归还 SIM 卡", "sim-return#must-return"),
    ],
)
def test_what_is_asked_for_most_is_what_the_question_is_about(
    question: str, target: str, retriever: Retriever, finder: NameFinder
) -> None:
    asking = retriever.match(retriever.encode(understand(question, finder)))

    assert max(asking.sections, key=lambda each: asking.sections[each]) == target
    assert asking.margin > 0


@pytest.mark.parametrize(
    ("question", "target"),
    [("今天天气好吗", "chat"), ("どこの格安SIMがおすすめ?", "buying"), ("how can I quit the gym", "elsewhere")],
)
def test_what_the_guides_do_not_cover_is_more_like_what_is_outside(
    question: str, target: str, retriever: Retriever, finder: NameFinder
) -> None:
    asking = retriever.match(retriever.encode(understand(question, finder)))

    assert max(asking.outside, key=lambda each: asking.outside[each]) == target
    assert asking.margin < 0


@pytest.mark.parametrize("name", ["povo", "LINEMO", "樂天"])
def test_an_operators_name_does_not_change_what_sounds_alike(name: str, retriever: Retriever, finder: NameFinder) -> None:
    asked = retriever.encode(understand(f"{name} 的解约金是多少", finder))
    unnamed = replace(asked, tokens=asked.tokens[asked.asks], weights=asked.weights[asked.asks], asks=asked.asks[asked.asks])

    assert retriever.match(asked) == retriever.match(unnamed)


def test_a_corpus_may_have_no_phrasings(plain_retriever: Retriever, finder: NameFinder) -> None:
    assert plain_retriever.match(plain_retriever.encode(understand("povo 销户费用", finder))) == Asking({}, {})
