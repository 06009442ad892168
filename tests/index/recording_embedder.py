"""An embedder that lists what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.index.embedder import Embedder, Encoded


class RecordingEmbedder(Embedder):
    """The real model; texts and kinds say what it was given."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder._model, embedder.identity)
        self.texts: list[str] = []
        self.kinds: set[str] = set()

    def encode(self, texts: Sequence[str], kind: str) -> Iterator[Encoded]:
        self.texts.extend(texts)
        self.kinds.update([kind] * len(texts))
        return super().encode(texts, kind)
