from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

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


@pytest.mark.parametrize("passages", [[], [0], [0, 0]])
def test_passages_without_tokens_can_be_saved_and_opened(tmp_path: Path, passages: list[int]) -> None:
    empty = [quantized(np.zeros((count, DIMENSION), np.float32)) for count in passages]
    TokenVectors.save(tmp_path, empty, DIMENSION)
    stored = TokenVectors.open(tmp_path)
    assert [stored.spans(row).shape for row in range(len(passages))] == [(0, 2)] * len(passages)


def test_equal_tokens_give_equal_bytes_in_the_named_files(tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        TokenVectors.save(tmp_path / name, [quantized(np.ones((2, DIMENSION), np.float32))], DIMENSION)
        assert sorted(path.name for path in (tmp_path / name).iterdir()) == sorted(FILES)
        written.append([(tmp_path / name / file).read_bytes() for file in FILES])
    assert written[0] == written[1]
