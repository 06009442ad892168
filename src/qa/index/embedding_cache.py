"""Encoded texts kept on disk, so that an edit embeds only what changed. The key is text, model, prompt and precision."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Self

import numpy as np

from qa.index.embedder import Embedder
from qa.index.token_vectors import QuantizedTokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

_SCHEMA = "CREATE TABLE IF NOT EXISTS passages (key TEXT PRIMARY KEY, embedding BLOB, vectors BLOB, scales BLOB, spans BLOB)"
_FORMAT = 1  # counts up whenever the meaning of a stored blob changes


class StoredText:
    """What a generation needs of an encoded text: embedding, shape (dimension,), and its tokens."""

    def __init__(self, embedding: NDArray[np.float32], tokens: QuantizedTokens) -> None:
        self.embedding = embedding
        self.tokens = tokens


class EmbeddingCache:
    """A SQLite file; two builds may use it at once. A damaged file is put aside and filled anew, with a message."""

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open(path)
        except sqlite3.DatabaseError:
            aside = path.with_suffix(".damaged")
            path.replace(aside)
            warn(f"The embedding cache was damaged; it is now {aside}, and everything is embedded anew.")
            self._connection = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=60)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(_SCHEMA)
            _require_sound(connection)
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._connection.close()

    def encode(
        self, texts: Sequence[str], kind: str, embedder: Embedder, full: bool, progress: Callable[[int], None]
    ) -> tuple[list[StoredText], int]:
        """Return texts encoded as kind (query or passage), in order, and how many came from the cache.

        With full, nothing is taken from the cache. What is embedded is stored batch by batch, so that an interrupted build goes on
        where it stopped. progress is called with the number of texts done.
        """
        keys = [_key(text, kind, embedder) for text in texts]
        found: dict[str, StoredText] = {}
        if not full:
            found = {key: stored for key in dict.fromkeys(keys) if (stored := self._get(key, embedder.dimension))}
        reused = sum(key in found for key in keys)
        progress(reused)
        done, asked = reused, Counter(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        # Texts of like length go through the model together: padding costs as much as text.
        order = sorted(missing, key=lambda key: (len(missing[key]), key))
        for number, (key, encoded) in enumerate(
            zip(order, embedder.encode([missing[key] for key in order], kind), strict=True), 1
        ):
            tokens = QuantizedTokens.from_vectors(encoded.token_vectors, encoded.spans)
            found[key] = StoredText(encoded.embedding, tokens)
            self._put(key, found[key])
            if number % 16 == 0:
                self._connection.commit()
            done += asked[key]
            progress(done)
        self._connection.commit()
        return [found[key] for key in keys], reused

    def _get(self, key: str, dimension: int) -> StoredText | None:
        with closing(
            self._connection.execute("SELECT embedding, vectors, scales, spans FROM passages WHERE key = ?", (key,))
        ) as cursor:
            row = cursor.fetchone()
        if row is None:
            return None
        embedding, vectors, scales, spans = row
        return StoredText(
            np.frombuffer(embedding, np.float32),
            QuantizedTokens(
                np.frombuffer(vectors, np.int8).reshape(-1, dimension),
                np.frombuffer(scales, np.float32),
                np.frombuffer(spans, np.int32).reshape(-1, 2),
            ),
        )

    def _put(self, key: str, stored: StoredText) -> None:
        tokens = stored.tokens
        blobs = (array.tobytes() for array in (stored.embedding, tokens.vectors, tokens.scales, tokens.spans))
        self._connection.execute("INSERT OR REPLACE INTO passages VALUES (?, ?, ?, ?, ?)", (key, *blobs))


def _require_sound(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("damaged pages")


def _key(text: str, kind: str, embedder: Embedder) -> str:
    identity = asdict(embedder.identity)
    identity["prompts"] = identity["prompts"][kind]
    return hashlib.sha256(json.dumps([_FORMAT, identity, text], sort_keys=True).encode()).hexdigest()
