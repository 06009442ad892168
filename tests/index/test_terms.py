from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.index.terms import FOLDER, TermIndex, analyze

K1, B = 1.5, 0.75
TEXTS = ["povo 销户 费用", "povo 解约", "cancel povo povo abroad", "费用 费用 ahamo", ""]
WORDS = ["povo", "销户", "费用", "解约", "cancel", "abroad", "ahamo", "unheard", "网"]


def idf(texts: list[str], term: str) -> float:
    frequency = sum(term in analyze(text) for text in texts)
    return math.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))


def coverage(texts: list[str], question: str, row: int) -> float:
    """Return BM25 of question in texts[row] over the sum of the inverse document frequencies of its terms."""
    counts, lengths = Counter(analyze(texts[row])), [len(analyze(text)) for text in texts]
    norm = K1 * (1 - B + B * lengths[row] / (sum(lengths) / len(lengths)))
    terms = analyze(question)
    found = sum(idf(texts, term) * counts[term] / (counts[term] + norm) for term in terms)
    return found / sum(idf(texts, term) for term in terms)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("povo2.0", ["povo", "2", "0"]),
        ("Cancel BEFORE you leave", ["cancel", "before", "you", "leave"]),
        ("销户费", ["销", "户", "费", "销户", "户费"]),
        ("銷戶", ["销", "户", "销户"]),
        ("解約する", ["解", "约", "す", "る", "解约", "约す", "する"]),
        ("ﾄﾞｺﾓ", ["ド", "コ", "モ", "ドコ", "コモ"]),
        ("メール", ["メ", "ー", "ル", "メー", "ール"]),
        ("My楽天 1,078円", ["my", "乐", "天", "乐天", "1", "078", "圆"]),
        ("人々と𠮷", ["人", "々", "と", "𠮷", "人々", "々と", "と𠮷"]),
        ("한국어 العربية", ["한국어", "العربية"]),
        ("。、…!? _—", []),
        ("", []),
    ],
)
def test_terms_are_words_digits_and_han_or_kana_as_characters_and_bigrams(text: str, terms: list[str]) -> None:
    assert sorted(analyze(text)) == sorted(terms)


@pytest.mark.parametrize("word", ["café", "naïve"])
def test_a_latin_word_with_accents_is_one_term(word: str) -> None:
    assert analyze(word) == [word]


@pytest.mark.parametrize(
    "question", ["povo", "povo 费用", "费用 费用 povo", "povo unheard", "cancel abroad 网", "ahamo 解约 销户"]
)
def test_coverage_is_bm25_over_its_bound(question: str) -> None:
    expected = [coverage(TEXTS, question, row) for row in range(len(TEXTS))]
    np.testing.assert_allclose(TermIndex.from_texts(TEXTS).coverage(question), expected, atol=1e-6)


def test_coverage_of_one_term_by_hand() -> None:
    found = TermIndex.from_texts(["povo", "ahamo"]).coverage("povo")
    # Both passages have the average length, so that the norm is 1.5 · (0.25 + 0.75 · 1).
    np.testing.assert_allclose(found, [1 / (1 + 1.5), 0], atol=1e-6)


def test_terms_that_no_passage_holds_count_as_not_found() -> None:
    texts = ["povo", "ahamo"]
    unseen = math.log(1 + (2 + 0.5) / 0.5)
    expected = idf(texts, "povo") * (1 / 2.5) / (idf(texts, "povo") + unseen)
    assert TermIndex.from_texts(texts).coverage("povo unheard")[0] == pytest.approx(expected)


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=5), st.sampled_from([*WORDS, "povo 费用 网"])
)
@settings(max_examples=40)
def test_coverage_is_a_share_and_zero_where_nothing_is_found(texts: list[str], question: str) -> None:
    found = TermIndex.from_texts(texts).coverage(question)
    assert found.shape == (len(texts),)
    assert found.dtype == np.float32
    assert np.all((found >= 0) & (found <= 1))
    for share, text in zip(found, texts, strict=True):
        assert (share > 0) == bool(set(analyze(question)) & set(analyze(text)))


@pytest.mark.parametrize("question", ["", "。？", "unheard", "網路"])
def test_a_question_of_which_nothing_is_known_covers_nothing(question: str) -> None:
    assert TermIndex.from_texts(TEXTS).coverage(question).tolist() == [0.0] * len(TEXTS)


@pytest.mark.parametrize("texts", [[], [""], ["。", "！"]])
def test_a_corpus_without_terms_can_be_saved_and_opened(tmp_path: Path, texts: list[str]) -> None:
    TermIndex.from_texts(texts).save(tmp_path)
    assert TermIndex.open(tmp_path).coverage("povo").tolist() == [0.0] * len(texts)


def test_an_opened_index_covers_as_the_saved_one(tmp_path: Path) -> None:
    index = TermIndex.from_texts(TEXTS)
    index.save(tmp_path)
    for question in ["povo 费用", "unheard povo", "解约"]:
        np.testing.assert_array_equal(TermIndex.open(tmp_path).coverage(question), index.coverage(question))


def test_equal_texts_give_equal_bytes_and_no_pickle(tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        TermIndex.from_texts(TEXTS).save(tmp_path / name)
        files = sorted((tmp_path / name / FOLDER).iterdir())
        assert not {path.suffix for path in files} & {".pkl", ".pickle", ".npz"}
        written.append([(path.name, path.read_bytes()) for path in files])
    assert written[0] == written[1]
