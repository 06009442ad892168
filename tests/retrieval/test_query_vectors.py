from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.corpus.han import simplified
from qa.corpus.lexicon import NameFinder
from qa.datatypes import Language, Weights
from qa.index.centres import Centres
from qa.index.embedder import QUERY, Embedder, Encoded
from qa.index.generation import Generation
from qa.retrieval.query import Query, understand
from qa.retrieval.query_vectors import QueryVectors
from qa.retrieval.retriever import Retriever

ZH, JA = Language.ZH_HANS, Language.JA


def encoded(vectors: list[list[float]], spans: list[tuple[int, int]]) -> Encoded:
    tokens = np.array(vectors, np.float32).reshape(-1, 2)
    return Encoded(np.array([0.6, 0.8], np.float32), tokens, np.array(spans, np.int32).reshape(-1, 2))


def centres(share: float = 0.5) -> Centres:
    return Centres({ZH: np.array([1, 0], np.float32), JA: np.array([0, 1], np.float32)}, share)


def written(query: QueryVectors, text: str, embedder: Embedder) -> list[str]:
    """Return the tokens of text that query asks for, as they stand there."""
    spans = next(embedder.encode([text], QUERY)).spans
    assert len(spans) == len(query.asks) == len(query.tokens) == len(query.weights)
    return [text[start:end] for (start, end), asks in zip(spans, query.asks, strict=True) if asks]


def close(one: QueryVectors, other: QueryVectors) -> bool:
    pairs: list[tuple[NDArray[np.generic], NDArray[np.generic]]] = [
        (one.embedding, other.embedding),
        (one.tokens, other.tokens),
        (one.weights, other.weights),
        (one.asks, other.asks),
    ]
    return all(a.shape == b.shape and np.allclose(a, b, atol=1e-5) for a, b in pairs)


def test_tokens_are_unit_vectors_without_the_share_of_their_languages_centre() -> None:
    given = encoded([[1, 0], [0, 1]], [(0, 1), (1, 2)])

    of_zh = QueryVectors.from_encoded(given, ZH, centres(), [], 2)
    assert of_zh.tokens == pytest.approx(np.array([[1, 0], np.array([-0.5, 1]) / np.hypot(0.5, 1)]))
    of_ja = QueryVectors.from_encoded(given, JA, centres(), [], 2)
    assert of_ja.tokens == pytest.approx(np.array([np.array([1, -0.5]) / np.hypot(0.5, 1), [0, 1]]))
    assert np.array_equal(of_zh.embedding, given.embedding)


@pytest.mark.parametrize("power", [0, 1, 2])
def test_a_token_weighs_the_power_of_its_distance_from_the_centre(power: float) -> None:
    given = encoded([[1, 0], [0, 1]], [(0, 1), (1, 2)])

    query = QueryVectors.from_encoded(given, ZH, centres(), [], power)
    assert query.weights == pytest.approx([0.5**power, np.hypot(0.5, 1) ** power])


def test_a_token_that_is_nothing_but_its_language_weighs_a_little_and_breaks_nothing() -> None:
    query = QueryVectors.from_encoded(encoded([[1, 0]], [(0, 1)]), ZH, centres(1.0), [], 2)

    assert np.isfinite(query.tokens).all()
    assert 0 < query.weights[0] < 1e-9


@pytest.mark.parametrize(
    ("names", "asks"),
    [
        ([], [True, True, True]),
        ([(0, 4)], [False, True, True]),
        ([(0, 5)], [False, False, True]),
        ([(2, 3)], [False, True, True]),
        ([(3, 6)], [False, False, True]),
        ([(4, 6), (6, 8)], [True, False, False]),
        ([(8, 9)], [True, True, True]),
        ([(0, 8)], [False, False, False]),
    ],
    ids=["no name", "a token", "part of the next", "inside a token", "across", "two names", "behind all", "nothing else"],
)
def test_a_token_that_a_name_touches_is_not_asked(names: list[tuple[int, int]], asks: list[bool]) -> None:
    given = encoded([[1, 0], [0, 1], [0.6, 0.8]], [(0, 4), (4, 6), (6, 8)])

    assert QueryVectors.from_encoded(given, ZH, centres(), names, 2).asks.tolist() == asks


def test_a_question_without_tokens_has_none_that_ask() -> None:
    query = QueryVectors.from_encoded(encoded([], []), ZH, centres(), [], 2)

    assert (query.tokens.shape, query.weights.shape, query.asks.shape) == ((0, 2), (0,), (0,))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("povo 销户费用", "销户费用"),
        ("ＰＯＶＯ 销户费用", "销户费用"),
        ("povo の解約金、ラインモの解約金", "の解約金の解約金"),
        ("楽天モバイルの解約金", "の解約金"),
        ("樂天 銷戶費用", "销户费用"),
        ("How do I leave Rakuten Mobile?", "HowdoIleave"),
        ("销户费用", "销户费用"),
        ("povo", ""),
        ("povo LINEMO", ""),
    ],
)
def test_tokens_of_operators_names_are_not_asked(
    question: str, asked: str, retriever: Retriever, finder: NameFinder, embedder: Embedder
) -> None:
    query = understand(question, finder)
    text = simplified(question) if query.language is Language.ZH_HANT else question

    assert "".join(written(retriever.encode(query), text, embedder)).replace(" ", "") == asked


def test_the_names_that_an_earlier_turn_gives_are_not_asked(
    retriever: Retriever, finder: NameFinder, embedder: Embedder
) -> None:
    for question, earlier, asked in (
        ("要还卡吗", "povo 怎么销户", "要还卡吗"),
        ("linemo 呢？", "povo 怎么销户", "怎么销户"),
        ("返却は必要?", "Rakuten 怎么销户", "返却は必要"),
    ):
        query = understand(question, finder, [earlier])
        assert "".join(written(retriever.encode(query), query.text, embedder)).replace(" ", "") == asked


@pytest.mark.parametrize("language", list(Language))
def test_what_is_written_in_traditional_characters_is_simplified_whoever_reads_the_answer(
    language: Language, retriever: Retriever, finder: NameFinder
) -> None:
    traditional = understand("povo 的 SIM 卡要歸還嗎", finder, language=language)
    plain = understand("povo 的 SIM 卡要归还吗", finder)

    assert traditional.written is Language.ZH_HANT
    assert close(retriever.encode(traditional), retriever.encode(plain))


def test_japanese_is_not_simplified_for_a_reader_of_traditional_chinese(retriever: Retriever, finder: NameFinder) -> None:
    for_taiwan = understand("povo の解約費用は必要ですか", finder, language=Language.ZH_HANT)

    assert close(retriever.encode(for_taiwan), retriever.encode(understand("povo の解約費用は必要ですか", finder)))


def test_a_turn_that_is_asked_again_is_simplified_as_it_was_written(retriever: Retriever, finder: NameFinder) -> None:
    query = understand("linemo 呢？", finder, ["povo 要歸還嗎"])

    assert (query.language, query.written) == (Language.ZH_HANS, Language.ZH_HANT)
    assert close(retriever.encode(query), retriever.encode(understand("LINEMO 要归还吗", finder)))


@pytest.mark.parametrize(
    ("question", "written_in"),
    [("povo 销户费用", ZH), ("povo 銷戶費用", ZH), ("povo の解約金", JA), ("povo cancellation fee", Language.EN)],
)
@pytest.mark.parametrize("reader", [None, ZH, JA])
def test_a_question_is_centred_by_the_language_that_it_is_written_in(
    question: str,
    written_in: Language,
    reader: Language | None,
    generation: Generation,
    retriever: Retriever,
    embedder: Embedder,
) -> None:
    query = understand(question, NameFinder(generation.lexicon), language=reader)
    text = simplified(question) if "銷" in question else question
    tokens, lengths = generation.centres.centred(next(embedder.encode([text], QUERY)).token_vectors, written_in)

    found = retriever.encode(query)
    assert found.tokens == pytest.approx(tokens, abs=1e-5)
    assert found.weights == pytest.approx(lengths**2, abs=1e-5)


def test_a_query_that_does_not_say_what_it_is_written_in_is_taken_to_be_in_the_readers_language(
    retriever: Retriever,
) -> None:
    bare = Query("解約金", JA, (), (), ())

    assert close(retriever.encode(bare), retriever.encode(Query("解約金", Language.EN, (), (), (), written=JA)))
    assert not close(retriever.encode(bare), retriever.encode(Query("解約金", ZH, (), (), ())))


@pytest.mark.parametrize("power", [0.0, 1.0])
def test_the_power_of_weights_is_a_setting(
    power: float, generation: Generation, embedder: Embedder, finder: NameFinder, retriever: Retriever
) -> None:
    query = understand("povo 销户费用多少钱", finder)
    squares = retriever.encode(query).weights

    found = Retriever(generation, embedder, Weights(token_power=power)).encode(query).weights
    assert found == pytest.approx(squares ** (power / 2), abs=1e-5)
