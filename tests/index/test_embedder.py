from __future__ import annotations

import os
import subprocess
import sys
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import threadpoolctl
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.errors import ModelError
from qa.index.embedder import PASSAGE, QUERY, Embedder, Encoded
from qa.index.packed_model import SHA256

TEXTS = ["povo2.0 的手续费是 0 日元。", "解約はマイページから。", "Cancel before you leave Japan.", "短い", "SIM カード 📱"]


def encode(embedder: Embedder, text: str, kind: str = PASSAGE) -> Encoded:
    (encoded,) = embedder.encode([text], kind)
    return encoded


def without_prompts(embedder: Embedder) -> Embedder:
    return Embedder(embedder._model, replace(embedder.identity, prompts={QUERY: "", PASSAGE: ""}))


def test_a_model_says_what_it_is(embedder: Embedder) -> None:
    identity = embedder.identity
    assert (identity.model, identity.weights, identity.precision) == ("bundled", SHA256, "float32")
    assert identity.prompts == {QUERY: "query: ", PASSAGE: "passage: "}
    assert (embedder.dimension, embedder.max_tokens) == (384, 512)


@pytest.mark.parametrize("kind", [QUERY, PASSAGE])
def test_a_text_is_embedded_with_the_prompt_of_its_kind(embedder: Embedder, kind: str) -> None:
    prompt = embedder.identity.prompts[kind]
    prefixed = without_prompts(embedder).encode([prompt + text for text in TEXTS], kind)
    for ours, expected in zip(embedder.encode(TEXTS, kind), prefixed, strict=True):
        assert float(ours.embedding @ expected.embedding) == pytest.approx(1.0, abs=1e-5)


def test_prompts_matter(embedder: Embedder) -> None:
    bare = without_prompts(embedder).encode(TEXTS, QUERY)
    for a, b, c in zip(bare, embedder.encode(TEXTS, QUERY), embedder.encode(TEXTS, PASSAGE), strict=True):
        assert max(a.embedding @ b.embedding, a.embedding @ c.embedding, b.embedding @ c.embedding) < 0.999


def test_a_text_is_embedded_alone_as_among_others_and_in_order(embedder: Embedder) -> None:
    texts = [f"{text}{number}" for number in range(8) for text in TEXTS]
    together = list(embedder.encode(texts, PASSAGE))
    for number in (0, 16, 39):
        alone = encode(embedder, texts[number])
        np.testing.assert_allclose(together[number].embedding, alone.embedding, atol=1e-5)
        np.testing.assert_allclose(together[number].token_vectors, alone.token_vectors, atol=1e-5)
        np.testing.assert_array_equal(together[number].spans, alone.spans)


def test_vectors_have_length_one_and_one_span_each(embedder: Embedder) -> None:
    for encoded in embedder.encode(TEXTS, QUERY):
        assert encoded.embedding.shape == (384,)
        assert encoded.token_vectors.shape == (len(encoded.spans), 384)
        assert {encoded.embedding.dtype, encoded.token_vectors.dtype} == {np.dtype(np.float32)}
        assert np.linalg.norm(encoded.embedding) == pytest.approx(1.0, abs=1e-5)
        np.testing.assert_allclose(np.linalg.norm(encoded.token_vectors, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("kind", [QUERY, PASSAGE])
def test_spans_are_the_tokens_places_in_the_text(embedder: Embedder, kind: str) -> None:
    text = "povo 销户，㍿要 ｶﾞ か\u3099 0 日元。👍"
    words = [text[start:end].strip() for start, end in encode(embedder, text, kind).spans]
    assert words == ["povo", "销", "户", "㍿", "要", "ｶ", "ﾞ", "か", "\u3099", "0", "日", "元", "👍"]


@given(
    st.lists(st.sampled_from([*TEXTS, "（", "、", " ", "\n", "…", "a", "1,078", "[^s1]", "「楽天」"]), max_size=12).map("".join)
)
@example("")
@example("  两个空格　全角")
@settings(max_examples=15)
def test_every_letter_digit_and_symbol_lies_in_exactly_one_span(embedder: Embedder, text: str) -> None:
    spans = encode(embedder, text).spans
    covered = [position for start, end in spans for position in range(start, end)]
    content = [position for position, character in enumerate(text) if unicodedata.category(character)[0] in "LNSM"]
    assert [position for position in covered if position in set(content)] == content
    assert all(set(range(start, end)) & set(content) for start, end in spans)


@pytest.mark.parametrize("text", ["", "。", "……？！", "「」、，", " \n "])
def test_punctuation_alone_has_an_embedding_but_no_tokens(embedder: Embedder, text: str) -> None:
    encoded = encode(embedder, text)
    assert encoded.token_vectors.shape == (0, 384)
    assert encoded.spans.shape == (0, 2)
    assert np.linalg.norm(encoded.embedding) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("kind", [QUERY, PASSAGE])
def test_a_text_longer_than_the_model_reads_is_refused_not_cut(embedder: Embedder, kind: str) -> None:
    longest = " word" * (512 - embedder.count_tokens("word", kind) + 1)
    assert embedder.count_tokens(longest, kind) == 512
    assert len(encode(embedder, longest, kind).spans) == longest.count("word")
    with pytest.raises(ModelError, match="513 tokens where the model reads 512: ' word"):
        list(embedder.encode(["short", f"{longest} word"], kind))


def test_bfloat16_gives_nearly_the_same_embedding(embedder: Embedder) -> None:
    half = Embedder(embedder._model, replace(embedder.identity, precision="bfloat16"))
    for full, rough in zip(embedder.encode(TEXTS, PASSAGE), half.encode(TEXTS, PASSAGE), strict=True):
        assert rough.embedding.dtype == np.float32
        assert 0.99 < float(full.embedding @ rough.embedding) < 1.0 + 1e-5


def test_a_folder_that_is_no_model_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"The model 'mine' can't be loaded: .*Mend: QA_MODEL=bundled, or"):
        Embedder.from_folder(tmp_path, "mine", "float32")


def test_a_folder_that_is_not_there_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"The model 'mine' can't be loaded: .*Mend: QA_MODEL=bundled, or"):
        Embedder.from_folder(tmp_path / "nowhere", "mine", "float32")


def test_an_unknown_name_is_refused_with_the_mend_when_offline() -> None:
    load = "from qa.index.embedder import Embedder; Embedder.from_folder('nobody/no-such-model', 'nobody/no-such-model', 'float32')"
    offline = {**os.environ, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", load], env=offline, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ModelError: The model 'nobody/no-such-model' can't be loaded: " in done.stderr.splitlines()[-1]
    assert done.stderr.rstrip().endswith("Mend: QA_MODEL=bundled, or the name of another model")


def test_damaged_weights_are_refused_with_the_mend(tmp_path: Path, model_folder: Path) -> None:
    for path in model_folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "model.safetensors").unlink()
    (tmp_path / "model.safetensors").write_bytes(b"half of a file")
    with pytest.raises(ModelError, match="Mend: QA_MODEL=bundled"):
        Embedder.from_folder(tmp_path, "mine", "float32")


def test_time_in_the_model_is_counted_and_no_other(embedder: Embedder) -> None:
    counted = Embedder(embedder._model, embedder.identity)
    started = time.perf_counter()
    list(counted.encode(TEXTS, QUERY))
    passed = time.perf_counter() - started
    assert 0 < counted.seconds < passed
    before = counted.seconds
    counted.count_tokens("povo", QUERY)
    assert counted.seconds == before


def test_numpy_leaves_the_cores_to_the_model(embedder: Embedder) -> None:
    (blas,) = [
        library
        for library in threadpoolctl.threadpool_info()
        if library["user_api"] == "blas" and Path(library["filepath"]).parent.name == "numpy.libs"
    ]
    assert blas["num_threads"] == 1


def test_kept_to_one_core_a_pass_uses_one_whatever_thread_it_runs_in(embedder: Embedder) -> None:
    threads = torch.get_num_threads()
    try:
        embedder.keep_to_one_core()
        with ThreadPoolExecutor(1) as other:
            assert other.submit(torch.get_num_threads).result() == 1
    finally:
        torch.set_num_threads(threads)
