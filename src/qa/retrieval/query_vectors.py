"""A query as the model sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.datatypes import Language
    from qa.index.centres import Centres
    from qa.index.embedder import Encoded


@dataclass(frozen=True)
class QueryVectors:
    """embedding: unit vector, shape (dimension,). The rest is by content token.

    tokens: unit vectors without what the language gives them, shape (tokens, dimension). weights: how much each token says, above 0.
    asks: whether a token is of what is asked, and not of an operator's name.
    """

    embedding: NDArray[np.float32]
    tokens: NDArray[np.float32]
    weights: NDArray[np.float32]
    asks: NDArray[np.bool_]

    @classmethod
    def from_encoded(
        cls, encoded: Encoded, language: Language, centres: Centres, names: Sequence[tuple[int, int]], token_power: float
    ) -> QueryVectors:
        """Return a query written in language as what passages are compared with.

        Args:
            encoded: The query as the embedder returns it.
            language: The language of guides that it is written in.
            centres: What its tokens have in common because of that.
            names: Offsets of operators' names in it.
            token_power: The power of a token's distance from the centre that it weighs.
        """
        tokens, lengths = centres.centred(encoded.token_vectors, language)
        asks = np.array([not any(start < end_ and begin < end for begin, end_ in names) for start, end in encoded.spans], bool)
        return cls(encoded.embedding, tokens, lengths**token_power, asks)
