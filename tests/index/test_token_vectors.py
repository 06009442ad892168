from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from qa.datatypes import Language
from qa.index.centres import Centres
from qa.index.token_vectors import FILES, QuantizedTokens, TokenVectors

DIMENSION = 6
COMPONENTS = arrays(np.float32, st.tuples(st.integers(0, 5), st.just(DIMENSION)), elements=st.floats(-1, 1, width=32))


def quantized(vectors: NDArray[np.float32]) -> QuantizedTokens:
    spans = np.array([[i, i + 1] for i in range(len(vectors))], np.int32).reshape(-1, 2)
    return QuantizedTokens.from_vectors(vectors, spans)


@given(COMPONENTS)
def test_a_component_is_off_by_at_most_half_a_step(vectors: NDArray[np.float32]) -> None:
    tokens = quantized(vectors)
    steps = np.abs(vectors).max(axis=1, initial=0) / 127
    errors = np.abs(tokens.vectors * tokens.scales[:, None] - vectors)
    # Half a step, and what float32 itself rounds at the size of the largest component.
    assert np.all(errors <= (steps / 2)[:, None] * 1.001 + 1e-7)
    assert np.all(np.abs(tokens.vectors.astype(np.int16)) <= 127)


def test_the_largest_component_of_a_token_takes_the_whole_range() -> None:
    tokens = quantized(np.array([[0.6, -0.8, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]], np.float32))
    assert tokens.vectors[:, :2].tolist() == [[round(0.6 / 0.8 * 127), -127], [127, 0]]
    np.testing.assert_allclose(tokens.scales, [0.8 / 127, 1 / 127], rtol=1e-6)


def test_a_token_without_length_stays_zero() -> None:
    assert not quantized(np.zeros((1, DIMENSION), np.float32)).vectors.any()


def test_similarities_are_cosines_with_the_tokens_of_the_row(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(5, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    question = vectors[::-1][:2]
    TokenVectors.save(tmp_path, [quantized(vectors[:3]), quantized(vectors[3:])], DIMENSION)
    stored = TokenVectors.open(tmp_path)
    # Each of the components is off by at most half a step of 1/127.
    bound = DIMENSION / 2 / 127
    np.testing.assert_allclose(stored.similarities(question, 0), question @ vectors[:3].T, atol=bound)
    np.testing.assert_allclose(stored.similarities(question, 1), question @ vectors[3:].T, atol=bound)


def test_spans_come_back_row_by_row(tmp_path: Path) -> None:
    passages = [quantized(np.ones((count, DIMENSION), np.float32)) for count in (2, 0, 3)]
    TokenVectors.save(tmp_path, passages, DIMENSION)
    stored = TokenVectors.open(tmp_path)
    assert [stored.spans(row).tolist() for row in range(3)] == [[[0, 1], [1, 2]], [], [[0, 1], [1, 2], [2, 3]]]
    assert stored.similarities(np.ones((4, DIMENSION), np.float32), 1).shape == (4, 0)


def units(count: int, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return vectors


@given(st.data(), st.lists(st.integers(0, 4), min_size=1, max_size=5))
def test_gathered_tokens_are_those_of_the_rows_in_their_order(data: st.DataObject, counts: list[int]) -> None:
    rows = data.draw(st.lists(st.integers(0, len(counts) - 1), max_size=6))
    passages = [quantized(units(count, seed)) for seed, count in enumerate(counts)]
    with TemporaryDirectory() as folder:
        TokenVectors.save(Path(folder), passages, DIMENSION)
        stored = TokenVectors.open(Path(folder))
        vectors, starts = stored.gathered(np.array(rows, np.int64))
        assert stored.lengths.tolist() == counts
        assert vectors.shape == (sum(counts[row] for row in rows), DIMENSION)
        assert vectors.dtype == np.float32
        assert starts.tolist() == [sum(counts[row] for row in rows[:number]) for number in range(len(rows) + 1)]
        question = units(3, seed=99)
        for row, start, end in zip(rows, starts[:-1], starts[1:], strict=True):
            np.testing.assert_allclose(question @ vectors[start:end].T, stored.similarities(question, row), atol=1e-6)


def test_gathered_tokens_are_unit_vectors(tmp_path: Path) -> None:
    TokenVectors.save(tmp_path, [quantized(units(5)), quantized(units(3, seed=1))], DIMENSION)
    vectors, _ = TokenVectors.open(tmp_path).gathered(np.array([1, 0]))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=DIMENSION / 2 / 127)


def test_centred_tokens_are_without_what_their_language_gives_them() -> None:
    centres = Centres({Language.JA: units(1, seed=1)[0], Language.EN: units(1, seed=2)[0]}, share=0.5)
    vectors = units(4)
    tokens = quantized(vectors)
    for language in (Language.JA, Language.EN):
        centred = tokens.centred(centres, language)
        expected, _ = centres.centred(vectors, language)
        # A component is off by half a step twice over, and a vector that became shorter is stretched again.
        np.testing.assert_allclose(centred.vectors * centred.scales[:, None], expected, atol=3 / 127)
        np.testing.assert_array_equal(centred.spans, tokens.spans)


@pytest.mark.parametrize("count", [0, 4])
def test_where_no_share_of_the_centre_is_taken_away_tokens_stay(count: int) -> None:
    tokens = quantized(units(count))
    centred = tokens.centred(Centres({Language.JA: units(1, seed=1)[0]}, share=0), Language.JA)
    np.testing.assert_allclose(
        centred.vectors * centred.scales[:, None], tokens.vectors * tokens.scales[:, None], atol=1.5 / 127
    )
    assert centred.vectors.shape == (count, DIMENSION)
    assert centred.vectors.dtype == np.int8


@pytest.mark.parametrize("passages", [[], [0], [0, 0]])
def test_passages_without_tokens_can_be_saved_and_opened(tmp_path: Path, passages: list[int]) -> None:
    empty = [quantized(np.zeros((count, DIMENSION), np.float32)) for count in passages]
    TokenVectors.save(tmp_path, empty, DIMENSION)
    stored = TokenVectors.open(tmp_path)
    assert [stored.spans(row).shape for row in range(len(passages))] == [(0, 2)] * len(passages)
    vectors, starts = stored.gathered(np.arange(len(passages)))
    assert (vectors.shape, starts.tolist()) == ((0, DIMENSION), [0] * (len(passages) + 1))


def test_equal_tokens_give_equal_bytes_in_the_named_files(tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        TokenVectors.save(tmp_path / name, [quantized(np.ones((2, DIMENSION), np.float32))], DIMENSION)
        assert sorted(path.name for path in (tmp_path / name).iterdir()) == sorted(FILES)
        written.append([(tmp_path / name / file).read_bytes() for file in FILES])
    assert written[0] == written[1]
