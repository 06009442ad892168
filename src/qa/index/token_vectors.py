"""Token vectors of passages, one byte a component: what late interaction compares a question's tokens with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa.datatypes import Language
    from qa.index.centres import Centres

VECTORS, SCALES, SPANS, STARTS = "tokens.vectors.npy", "tokens.scales.npy", "tokens.spans.npy", "tokens.starts.npy"
FILES = (VECTORS, SCALES, SPANS, STARTS)


@dataclass(frozen=True)
class QuantizedTokens:
    """Tokens of one text. vectors × scales gives unit vectors.

    vectors: int8, shape (tokens, dimension); scales: float32, shape (tokens,); spans: int32 offsets, shape (tokens, 2).
    """

    vectors: NDArray[np.int8]
    scales: NDArray[np.float32]
    spans: NDArray[np.int32]

    @classmethod
    def from_vectors(cls, vectors: NDArray[np.float32], spans: NDArray[np.int32]) -> Self:
        """Quantize unit vectors, shape (tokens, dimension), with one scale a token."""
        scales = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-12) / 127
        return cls(np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32), spans)

    def centred(self, centres: Centres, language: Language) -> Self:
        """Return the tokens of a text in language without what the language gives them."""
        vectors = self.vectors.astype(np.float32) * self.scales[:, None]
        return self.from_vectors(centres.centred(vectors, language)[0], self.spans)


class TokenVectors:
    """The tokens of all passages of a generation, memory-mapped, by row of the passage."""

    def __init__(
        self,
        vectors: NDArray[np.int8],
        scales: NDArray[np.float32],
        spans: NDArray[np.int32],
        starts: NDArray[np.int64],
    ) -> None:
        self._vectors, self._scales, self._spans, self._starts = vectors, scales, spans, starts

    @staticmethod
    def save(folder: Path, passages: Sequence[QuantizedTokens], dimension: int) -> None:
        """Write the tokens of passages, in row order, into folder. Spans are offsets in the guide, -1 outside it."""
        starts = np.cumsum([0, *(len(tokens.scales) for tokens in passages)], dtype=np.int64)
        empty = QuantizedTokens(np.zeros((0, dimension), np.int8), np.zeros(0, np.float32), np.zeros((0, 2), np.int32))
        parts = [empty, *passages]
        np.save(folder / VECTORS, np.concatenate([tokens.vectors for tokens in parts]), allow_pickle=False)
        np.save(folder / SCALES, np.concatenate([tokens.scales for tokens in parts]), allow_pickle=False)
        np.save(folder / SPANS, np.concatenate([tokens.spans for tokens in parts]), allow_pickle=False)
        np.save(folder / STARTS, starts, allow_pickle=False)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what `save` wrote into folder."""
        # Plain views: slicing a memmap costs more than what is done with the slice.
        vectors, scales, spans, starts = (
            np.load(folder / name, mmap_mode="r", allow_pickle=False).view(np.ndarray) for name in FILES
        )
        return cls(vectors, scales, spans, starts)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return how many tokens each row has."""
        return np.diff(self._starts)

    def spans(self, row: int) -> NDArray[np.int32]:
        """Return the offsets in the guide of the tokens of the passage in row, shape (tokens, 2); -1 for its headings."""
        return np.asarray(self._spans[self._starts[row] : self._starts[row + 1]])

    def gathered(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the tokens of the texts in rows as unit vectors, shape (tokens, dimension), and where each text's begin and all end."""
        begins = self._starts[rows]
        lengths = self._starts[np.add(rows, 1)] - begins
        starts = np.concatenate([[0], np.cumsum(lengths)])
        at = np.repeat(begins - starts[:-1], lengths) + np.arange(starts[-1])
        vectors: NDArray[np.float32] = self._vectors[at].astype(np.float32) * self._scales[at][:, None]
        return vectors, starts

    def similarities(self, question: NDArray[np.float32], row: int) -> NDArray[np.float32]:
        """Return the cosines of question's tokens, shape (q, dimension), with the tokens of the passage in row: shape (q, tokens)."""
        tokens = slice(self._starts[row], self._starts[row + 1])
        similarities: NDArray[np.float32] = (question @ self._vectors[tokens].T.astype(np.float32)) * self._scales[tokens]
        return similarities
