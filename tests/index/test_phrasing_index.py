from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from index.small_generation import PHRASINGS

from qa.index.phrasing_index import FOLDER, PhrasingIndex
from qa.index.token_vectors import QuantizedTokens

EMBEDDINGS = np.eye(4, dtype=np.float32)[:2]


def tokens(count: int) -> QuantizedTokens:
    spans = np.array([[i, i + 1] for i in range(count)], np.int32).reshape(-1, 2)
    return QuantizedTokens.from_vectors(np.eye(4, dtype=np.float32)[:count], spans)


def test_an_opened_index_holds_what_was_saved_row_by_row(tmp_path: Path) -> None:
    PhrasingIndex.save(tmp_path, EMBEDDINGS, [tokens(1), tokens(3)])
    index = PhrasingIndex.open(tmp_path, PHRASINGS)
    assert index.phrasings == PHRASINGS
    assert [index.vectors.nearest(embedding, 1).tolist() for embedding in EMBEDDINGS] == [[0], [1]]
    assert index.tokens.lengths.tolist() == [1, 3]
    vectors, starts = index.tokens.gathered(np.array([1, 0]))
    np.testing.assert_allclose(vectors, np.eye(4)[[0, 1, 2, 0]], atol=1e-6)
    assert starts.tolist() == [0, 3, 4]


def test_phrasings_lie_below_a_folder_of_their_own_beside_the_passages(tmp_path: Path) -> None:
    PhrasingIndex.save(tmp_path, EMBEDDINGS, [tokens(1), tokens(3)])
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]


def test_no_phrasings_can_be_saved_and_opened(tmp_path: Path) -> None:
    PhrasingIndex.save(tmp_path, np.zeros((0, 4), np.float32), [])
    index = PhrasingIndex.open(tmp_path, ())
    assert index.vectors.nearest(EMBEDDINGS[0], 5).tolist() == []
    assert (index.vectors.dimension, index.tokens.lengths.tolist()) == (4, [])


@pytest.mark.parametrize("count", [0, 2])
def test_equal_phrasings_give_equal_bytes(tmp_path: Path, count: int) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        PhrasingIndex.save(tmp_path / name, EMBEDDINGS[:count], [tokens(2)] * count)
        written.append([(path.name, path.read_bytes()) for path in sorted((tmp_path / name / FOLDER).iterdir())])
    assert written[0] == written[1]
