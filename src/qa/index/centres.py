"""What token vectors have in common because of their language: taken away before they are compared.

The model's token vectors all point much the same way, and each language its own way, so that two tokens of one language look alike
whatever they mean. The centre of a language is the mean token vector of everyday questions, the same ones in every language
(`everyday.tsv`), so that centres differ by language and not by subject.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING, Self

import numpy as np

from qa.datatypes import Language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "centres.npy"
QUESTIONS = "everyday.tsv"


class Centres:
    """The centre of each language that guides are written in, and the share of it that is taken away."""

    def __init__(self, centres: Mapping[Language, NDArray[np.float32]], share: float) -> None:
        self._centres = dict(centres)
        self._share = share

    @classmethod
    def from_vectors(cls, vectors: Mapping[Language, NDArray[np.float32]], share: float) -> Self:
        """Return the centres of unit token vectors of everyday questions, by language, shape (tokens, dimension)."""
        return cls({language: of_language.mean(axis=0) for language, of_language in vectors.items()}, share)

    def save(self, folder: Path) -> None:
        """Write the centres into folder, in the order in which the languages stand in `everyday_questions`."""
        np.save(folder / FILE, np.stack([self._centres[language] for language in everyday_questions()]), allow_pickle=False)

    @classmethod
    def open(cls, folder: Path, share: float) -> Self:
        """Open what `save` wrote into folder."""
        return cls(dict(zip(everyday_questions(), np.load(folder / FILE, allow_pickle=False), strict=True)), share)

    def centred(self, vectors: NDArray[np.float32], language: Language) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return unit token vectors without what language gives them, as unit vectors again, and how long they were before that.

        A short one stood near the centre: its token (a particle, an article) says little.

        Args:
            vectors: Unit vectors, shape (tokens, dimension).
            language: The language of the guides that the text is in.
        """
        moved = vectors - self._share * self._centres[language]
        lengths = np.maximum(np.linalg.norm(moved, axis=1), 1e-12).astype(np.float32)
        return (moved / lengths[:, None]).astype(np.float32), lengths


def everyday_questions() -> dict[Language, list[str]]:
    """Return the everyday questions by language; questions of one number are translations of each other."""
    header, *rows = csv.reader((files(__package__) / QUESTIONS).read_text("utf-8").splitlines(), delimiter="\t")
    return {Language(name): [row[number] for row in rows] for number, name in enumerate(header)}
