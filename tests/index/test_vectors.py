from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.errors import GenerationError
from qa.index.vectors import FILE, VectorIndex


def unit(*angles: float) -> NDArray[np.float32]:
    """Return unit vectors in the plane at these angles, in degrees."""
    radians = np.radians(np.array(angles))
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def rows(*numbers: int) -> NDArray[np.int64]:
    return np.array(numbers, np.int64)


QUESTION = unit(0)[0]


def test_scores_are_cosines_best_first() -> None:
    found = VectorIndex.from_embeddings(unit(90, 60, 180, 0)).search(QUESTION, 4, rows(0, 1, 2, 3))
    assert [row for row, _ in found] == [3, 1, 0, 2]
    assert [cosine for _, cosine in found] == pytest.approx([1.0, 0.5, 0.0, -1.0], abs=1e-6)


@pytest.mark.parametrize("k", [1, 2, 3, 5, 40])
def test_equal_scores_keep_the_order_of_rows(k: int) -> None:
    index = VectorIndex.from_embeddings(np.concatenate([unit(90), np.repeat(unit(30), 40, axis=0), unit(0)]))
    assert [row for row, _ in index.search(QUESTION, k, np.arange(42))] == [41, *range(1, k)]


def test_k_larger_than_the_rows_gives_every_row_once() -> None:
    index = VectorIndex.from_embeddings(unit(10, 20, 30))
    assert [row for row, _ in index.search(QUESTION, 99, rows(0, 1, 2))] == [0, 1, 2]
    assert [row for row, _ in index.search(QUESTION, 99, rows(1))] == [1]


@given(st.sets(st.integers(0, 19)), st.integers(1, 25))
def test_only_the_named_rows_are_searched(among: set[int], k: int) -> None:
    angles = [(7 * row) % 20 * 9.0 for row in range(20)]
    found = VectorIndex.from_embeddings(unit(*angles)).search(QUESTION, k, rows(*sorted(among)))
    assert [row for row, _ in found] == sorted(among, key=lambda row: angles[row])[:k]


@pytest.mark.parametrize(("k", "among"), [(0, rows(0)), (-1, rows(0)), (5, rows())])
def test_nothing_is_found_where_nothing_is_asked_for(k: int, among: NDArray[np.int64]) -> None:
    assert VectorIndex.from_embeddings(unit(0)).search(QUESTION, k, among) == []


@given(st.integers(0, 20), st.integers(-1, 25))
def test_the_nearest_rows_are_those_that_a_search_finds_in_row_order(count: int, k: int) -> None:
    index = VectorIndex.from_embeddings(unit(*((7 * row) % 20 * 9.0 for row in range(count))))
    nearest = index.nearest(QUESTION, k)
    assert nearest.tolist() == sorted(row for row, _ in index.search(QUESTION, k, np.arange(count)))
    assert nearest.dtype == np.int64


def test_the_nearest_of_equal_rows_are_as_many_as_asked_for() -> None:
    index = VectorIndex.from_embeddings(np.concatenate([np.repeat(unit(30), 5, axis=0), unit(0)]))
    nearest = index.nearest(QUESTION, 3).tolist()
    assert (len(set(nearest)), nearest[-1]) == (3, 5)


def test_results_are_plain_numbers() -> None:
    ((row, cosine),) = VectorIndex.from_embeddings(unit(0)).search(QUESTION, 1, rows(0))
    assert (type(row), type(cosine)) == (int, float)


def test_an_opened_index_finds_as_the_saved_one(tmp_path: Path) -> None:
    index = VectorIndex.from_embeddings(unit(10, 50, 20))
    index.save(tmp_path)
    opened = VectorIndex.open(tmp_path)
    assert opened.dimension == index.dimension == 2
    assert opened.search(QUESTION, 3, rows(0, 1, 2)) == index.search(QUESTION, 3, rows(0, 1, 2))


def test_equal_embeddings_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        VectorIndex.from_embeddings(unit(10, 50, 20)).save(tmp_path / name)
    assert (tmp_path / "a" / FILE).read_bytes() == (tmp_path / "b" / FILE).read_bytes()


@pytest.mark.parametrize("data", [b"", b"no index", b"IxFI" + b"\xff" * 8])
def test_a_file_that_is_no_index_is_named_with_the_mend(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(GenerationError, match=r"dense\.faiss can't be read\. Mend: qa index build --full"):
        VectorIndex.open(tmp_path)
