from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from index.recording_embedder import RecordingEmbedder

from qa.corpus.phrasings import Phrasing
from qa.datatypes import GUIDE_LANGUAGES, Language
from qa.index.centres import everyday_questions
from qa.index.embedder import PASSAGE, QUERY, Embedder
from qa.index.embedding_cache import EmbeddingCache
from qa.index.encoded_corpus import EncodedCorpus, encode_corpus
from qa.index.guide_source import Corpus

TEXTS = ["销户手续费是 0 日元。", "povo2.0の解約費用は0円です。短い"]
PHRASINGS = (
    Phrasing("怎麼解約，要還卡嗎", Language.ZH_HANT, "sim"),
    Phrasing("どうやって解約する、転出は", Language.JA, "steps"),
    Phrasing("how much?", Language.EN, "fees"),
    Phrasing("？？", Language.ZH_HANS, "fees"),
    Phrasing("天气", Language.ZH_HANS, "weather", outside=True),
)
# Traditional Chinese is read as simplified; Japanese stays.
READ = ["怎么解约，要还卡吗", "どうやって解約する、転出は", "how much?", "？？", "天气"]
EVERYDAY = [question for of_language in everyday_questions().values() for question in of_language]


@pytest.fixture
def path(tmp_path: Path, everyday: Path) -> Path:
    """Return a cache that holds the everyday questions."""
    return shutil.copytree(everyday, tmp_path / "cache") / "embeddings.sqlite"


def encode(
    path: Path,
    embedder: Embedder,
    *,
    phrasings: tuple[Phrasing, ...] = PHRASINGS,
    share: float = 0.65,
    full: bool = False,
    progress: list[tuple[int, int]] | None = None,
) -> tuple[EncodedCorpus, int]:
    reported = [] if progress is None else progress
    with EmbeddingCache(path, print) as cache:
        return encode_corpus(
            cache,
            Corpus((), phrasings=phrasings),
            TEXTS,
            embedder,
            centre_share=share,
            full=full,
            progress=lambda done, total: reported.append((done, total)),
        )


def test_passages_are_encoded_as_passages_and_phrasings_as_queries_in_order(path: Path, embedder: Embedder) -> None:
    encoded, _ = encode(path, embedder)
    for stored, texts, kind in ((encoded.passages, TEXTS, PASSAGE), (encoded.phrasings, READ, QUERY)):
        for ours, expected in zip(stored, embedder.encode(texts, kind), strict=True):
            np.testing.assert_allclose(ours.embedding, expected.embedding, atol=1e-5)
            np.testing.assert_array_equal(ours.tokens.spans, expected.spans)
    assert len(encoded.phrasings[3].tokens.scales) == 0


def test_only_passages_are_counted_as_reused(path: Path, recording: RecordingEmbedder) -> None:
    assert encode(path, recording)[1] == 0
    recording.texts.clear()
    assert encode(path, recording)[1] == len(TEXTS)
    assert recording.texts == []


def test_another_phrasing_is_all_that_is_embedded(path: Path, recording: RecordingEmbedder) -> None:
    encode(path, recording)
    recording.texts.clear()
    encode(path, recording, phrasings=(*PHRASINGS[1:], Phrasing("還卡", Language.ZH_HANT, "sim")))
    assert recording.texts == ["还卡"]


def test_a_full_build_takes_neither_phrasings_nor_everyday_questions_from_the_cache(
    path: Path, recording: RecordingEmbedder
) -> None:
    encode(path, recording)
    recording.texts.clear()
    assert encode(path, recording, full=True)[1] == 0
    assert sorted(recording.texts) == sorted([*TEXTS, *READ, *EVERYDAY])


def test_a_corpus_may_have_no_phrasings(path: Path, embedder: Embedder) -> None:
    encoded, _ = encode(path, embedder, phrasings=())
    assert (len(encoded.passages), encoded.phrasings) == (len(TEXTS), [])


def test_progress_never_goes_back_and_ends_at_the_number_of_all_texts(path: Path, embedder: Embedder) -> None:
    progress: list[tuple[int, int]] = []
    encode(path, embedder, progress=progress)
    assert {total for _, total in progress} == {len(TEXTS) + len(PHRASINGS) + len(EVERYDAY)}
    done = [done for done, _ in progress]
    assert (done, done[-1]) == (sorted(done), progress[-1][1])


@pytest.mark.parametrize("language", GUIDE_LANGUAGES)
def test_centres_are_the_means_of_the_everyday_questions_tokens(path: Path, embedder: Embedder, language: Language) -> None:
    tokens = np.concatenate([each.token_vectors for each in embedder.encode(everyday_questions()[language], QUERY)])
    centred, lengths = encode(path, embedder, share=1)[0].centres.centred(tokens, language)
    # What the centre itself is taken from has none left. A stored component is off by half a step at most.
    np.testing.assert_allclose((centred * lengths[:, None]).mean(axis=0), 0, atol=0.5 / 127)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (Language.ZH_HANS, ["手续费要多少日元", "我家的猫喜欢睡觉"]),
        (Language.JA, ["解約金はいくらかかりますか", "うちの猫は寝るのが好きです"]),
        (Language.EN, ["How much does it cost to cancel?", "Our cat likes to sleep"]),
    ],
)
def test_tokens_that_have_but_their_language_in_common_are_far_less_alike_without_it(
    path: Path, embedder: Embedder, language: Language, texts: list[str]
) -> None:
    one, other = (encoded.token_vectors for encoded in embedder.encode(texts, QUERY))
    centres = encode(path, embedder)[0].centres
    without, either = (centres.centred(vectors, language)[0] for vectors in (one, other))
    assert (without @ either.T).mean() < 0.6 * (one @ other.T).mean()
