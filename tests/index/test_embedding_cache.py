from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from index.recording_embedder import RecordingEmbedder

from qa.index.embedder import PASSAGE, QUERY, Embedder
from qa.index.embedding_cache import EmbeddingCache, StoredText

TEXTS = [f"销户手续费是 {number} 日元。" for number in range(6)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "embeddings.sqlite"


def encode(
    path: Path,
    texts: Sequence[str],
    embedder: Embedder,
    *,
    kind: str = PASSAGE,
    full: bool = False,
    warnings: list[str] | None = None,
) -> tuple[list[StoredText], int]:
    with EmbeddingCache(path, ([] if warnings is None else warnings).append) as cache:
        return cache.encode(texts, kind, embedder, full, lambda done: None)


def assert_same(ours: StoredText, theirs: StoredText) -> None:
    np.testing.assert_array_equal(ours.embedding, theirs.embedding)
    for name in ("vectors", "scales", "spans"):
        mine, other = getattr(ours.tokens, name), getattr(theirs.tokens, name)
        assert mine.dtype == other.dtype
        np.testing.assert_array_equal(mine, other)


def test_what_is_missing_is_embedded_and_then_found(path: Path, recording: RecordingEmbedder) -> None:
    first, reused = encode(path, TEXTS, recording)
    assert (sorted(recording.texts), recording.kinds, reused) == (sorted(TEXTS), {PASSAGE}, 0)
    recording.texts.clear()
    again, reused = encode(path, TEXTS, recording)
    assert (recording.texts, reused) == ([], len(TEXTS))
    for ours, theirs in zip(again, first, strict=True):
        assert_same(ours, theirs)


def test_passages_come_in_the_order_of_their_texts(path: Path, embedder: Embedder) -> None:
    texts = ["很长的一句话，说的是销户手续费。", "短", "不长不短的话"]
    encode(path, texts[1:2], embedder)
    encoded, reused = encode(path, texts, embedder)
    assert reused == 1
    for stored, expected in zip(encoded, embedder.encode(texts, PASSAGE), strict=True):
        np.testing.assert_allclose(stored.embedding, expected.embedding, atol=1e-5)
        np.testing.assert_array_equal(stored.tokens.spans, expected.spans)


def test_only_changed_texts_are_embedded(path: Path, recording: RecordingEmbedder) -> None:
    encode(path, TEXTS, recording)
    recording.texts.clear()
    _, reused = encode(path, [*TEXTS[:-1], "新的一句。"], recording)
    assert (recording.texts, reused) == (["新的一句。"], len(TEXTS) - 1)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "another"},
        {"weights": "0" * 64},
        {"precision": "bfloat16"},
        {"prompts": {QUERY: "query: ", PASSAGE: "document: "}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_model_weights_precision_or_prompt_shares_nothing(
    path: Path, embedder: Embedder, change: dict[str, object]
) -> None:
    encode(path, TEXTS[:1], embedder)
    other = Embedder(embedder._model, replace(embedder.identity, **change))  # type: ignore[arg-type]
    assert encode(path, TEXTS[:1], other)[1] == 0
    assert encode(path, TEXTS[:1], embedder)[1] == 1


@pytest.mark.parametrize(("first", "second"), [(PASSAGE, QUERY), (QUERY, PASSAGE)])
def test_a_text_as_a_query_is_another_one_than_as_a_passage(
    path: Path, recording: RecordingEmbedder, first: str, second: str
) -> None:
    encode(path, TEXTS[:1], recording, kind=first)
    (stored,), reused = encode(path, TEXTS[:1], recording, kind=second)
    assert (recording.texts, recording.kinds, reused) == (TEXTS[:1] * 2, {first, second}, 0)
    for kind in (first, second):
        (again,), reused = encode(path, TEXTS[:1], recording, kind=kind)
        (expected,) = Embedder.encode(recording, TEXTS[:1], kind)
        assert (reused, np.array_equal(again.embedding, stored.embedding)) == (1, kind == second)
        np.testing.assert_allclose(again.embedding, expected.embedding, atol=1e-5)


def test_a_model_without_prompts_encodes_a_text_once_for_both_kinds(path: Path, recording: RecordingEmbedder) -> None:
    recording.identity = replace(recording.identity, prompts={QUERY: "", PASSAGE: ""})
    (passage,), _ = encode(path, TEXTS[:1], recording)
    (query,), reused = encode(path, TEXTS[:1], recording, kind=QUERY)
    assert (recording.texts, reused) == (TEXTS[:1], 1)
    assert_same(query, passage)


def test_the_prompt_for_questions_makes_no_difference_to_passages(path: Path, embedder: Embedder) -> None:
    encode(path, TEXTS, embedder)
    prompts = embedder.identity.prompts | {QUERY: "question: "}
    assert encode(path, TEXTS, Embedder(embedder._model, replace(embedder.identity, prompts=prompts)))[1] == len(TEXTS)


def test_a_full_build_takes_nothing_from_the_cache_but_fills_it(path: Path, recording: RecordingEmbedder) -> None:
    encode(path, TEXTS, recording)
    recording.texts.clear()
    assert encode(path, TEXTS, recording, full=True)[1] == 0
    assert sorted(recording.texts) == sorted(TEXTS)
    assert encode(path, TEXTS, recording)[1] == len(TEXTS)


def test_equal_texts_are_embedded_once(path: Path, recording: RecordingEmbedder) -> None:
    (first, second), reused = encode(path, ["同", "同"], recording)
    assert (recording.texts, reused) == (["同"], 0)
    assert_same(first, second)
    assert encode(path, ["同", "同"], recording)[1] == 2


def test_a_text_of_punctuation_alone_is_kept_without_tokens(path: Path, embedder: Embedder) -> None:
    encode(path, ["。"], embedder)
    (stored,), reused = encode(path, ["。"], embedder)
    assert (reused, stored.tokens.vectors.shape, stored.tokens.spans.shape) == (1, (0, 384), (0, 2))


def test_an_interrupted_build_goes_on_where_it_stopped(path: Path, embedder: Embedder) -> None:
    texts = [f"{number}" for number in range(40)]

    def interrupt(done: int) -> None:
        if done == 35:
            raise KeyboardInterrupt

    with EmbeddingCache(path, print) as cache, pytest.raises(KeyboardInterrupt):
        cache.encode(texts, PASSAGE, embedder, False, interrupt)
    assert encode(path, texts, embedder)[1] == 32


def test_progress_counts_up_to_the_number_of_texts(path: Path, embedder: Embedder) -> None:
    encode(path, TEXTS[:2], embedder)
    counts: list[int] = []
    with EmbeddingCache(path, print) as cache:
        cache.encode(TEXTS, PASSAGE, embedder, False, counts.append)
    assert counts == list(range(2, len(TEXTS) + 1))


def test_progress_ends_at_the_number_of_texts_where_some_are_equal(path: Path, embedder: Embedder) -> None:
    counts: list[int] = []
    with EmbeddingCache(path, print) as cache:
        cache.encode(["同", "同"], PASSAGE, embedder, False, counts.append)
    assert counts[-1] == 2


@pytest.mark.parametrize("damaged", [b"no database " * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_put_aside_with_a_message(path: Path, embedder: Embedder, damaged: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(damaged)
    warnings: list[str] = []
    assert encode(path, TEXTS[:1], embedder, warnings=warnings)[1] == 0
    aside = path.with_suffix(".damaged")
    assert warnings == [f"The embedding cache was damaged; it is now {aside}, and everything is embedded anew."]
    assert aside.read_bytes() == damaged
    assert encode(path, TEXTS[:1], embedder, warnings=warnings)[1] == 1
    assert len(warnings) == 1


def test_a_damaged_page_is_a_damaged_file(path: Path, embedder: Embedder) -> None:
    texts = [f"{number}" for number in range(32)]
    encode(path, texts, embedder)
    data = bytearray(path.read_bytes())
    page = 4096
    last_leaf = max(at for at in range(0, len(data), page) if data[at] == 13)
    data[last_leaf : last_leaf + page] = b"\xff" * page
    path.write_bytes(data)
    warnings: list[str] = []
    encode(path, texts, embedder, warnings=warnings)
    assert len(warnings) == 1


def test_two_builds_may_use_one_cache_at_once(path: Path, embedder: Embedder) -> None:
    with EmbeddingCache(path, print) as one, EmbeddingCache(path, print) as other:
        one.encode(TEXTS[:3], PASSAGE, embedder, False, lambda done: None)
        assert other.encode(TEXTS, PASSAGE, embedder, False, lambda done: None)[1] == 3
        assert one.encode(TEXTS, PASSAGE, embedder, False, lambda done: None)[1] == len(TEXTS)
