"""The phrasings of a generation: their embeddings, to find the nearest ones, and their tokens, to compare these one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from qa.index.token_vectors import QuantizedTokens, TokenVectors
from qa.index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa.corpus.phrasings import Phrasing

FOLDER = "phrasings"


@dataclass(frozen=True)
class PhrasingIndex:
    """Phrasings with what they are compared by; the indexes count rows as phrasings does."""

    phrasings: tuple[Phrasing, ...]
    vectors: VectorIndex
    tokens: TokenVectors

    @staticmethod
    def save(folder: Path, embeddings: NDArray[np.float32], tokens: Sequence[QuantizedTokens]) -> None:
        """Write embeddings, shape (phrasings, dimension), and tokens below folder; the phrasings themselves lie in the store."""
        (folder / FOLDER).mkdir()
        VectorIndex.from_embeddings(embeddings).save(folder / FOLDER)
        TokenVectors.save(folder / FOLDER, tokens, embeddings.shape[1])

    @classmethod
    def open(cls, folder: Path, phrasings: tuple[Phrasing, ...]) -> Self:
        """Open what `save` wrote below folder for phrasings."""
        return cls(phrasings, VectorIndex.open(folder / FOLDER), TokenVectors.open(folder / FOLDER))
