"""Dense vectors: the only file that knows faiss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from qa.errors import GenerationError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "dense.faiss"


class VectorIndex:
    """Exact search over the passages' embeddings."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def from_embeddings(cls, embeddings: NDArray[np.float32]) -> Self:
        """Index unit vectors, shape (passages, dimension), in row order."""
        import faiss

        index = faiss.IndexFlatIP(embeddings.shape[1])
        index.add(np.ascontiguousarray(embeddings))
        return cls(index)

    def save(self, folder: Path) -> None:
        """Write the index into folder."""
        import faiss

        faiss.write_index(self._index, str(folder / FILE))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what `save` wrote into folder; the caller has verified its hash."""
        import faiss

        try:
            return cls(faiss.read_index(str(folder / FILE)))
        except RuntimeError as error:
            raise GenerationError(f"{folder / FILE} can't be read. Mend: qa index build --full") from error

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self._index.d)

    def search(self, vector: NDArray[np.float32], k: int, rows: NDArray[np.int64]) -> list[tuple[int, float]]:
        """Return the k of rows nearest to vector as (row, cosine in [-1, 1]), best first, equal ones in row order.

        Args:
            vector: Unit vector, shape (dimension,).
            k: Number of results; fewer come back where rows are fewer.
            rows: Rows to search among, ascending.
        """
        import faiss

        if not len(rows) or k < 1:
            return []
        selector = faiss.IDSelectorBatch(rows)
        # faiss cuts equal scores in an order of its own: ask for all, since an exact search compares with all anyway.
        among = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        cosines, found = self._index.search(vector[None, :].astype(np.float32), len(rows), params=among)
        order = np.lexsort((found[0], -cosines[0]))[:k]
        return [(int(found[0][i]), float(cosines[0][i])) for i in order]

    def nearest(self, vector: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the k rows nearest to vector (unit, shape (dimension,)), ascending; all where there are no more."""
        wanted = min(k, self._index.ntotal)
        if wanted < 1:
            return np.zeros(0, np.int64)
        _, found = self._index.search(vector[None, :].astype(np.float32), wanted)
        return np.sort(found[0])

    def cosines(self, vector: NDArray[np.float32], rows: list[int]) -> list[float]:
        """Return the cosines in [-1, 1] of vector with those in rows, in the order of rows."""
        if not rows:
            return []
        return [float(cosine) for cosine in self._index.reconstruct_batch(np.array(rows, np.int64)) @ vector]
