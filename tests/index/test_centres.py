from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from qa.datatypes import GUIDE_LANGUAGES, Language
from qa.index.centres import FILE, Centres, everyday_questions

DIMENSION = 4
JA, EN = Language.JA, Language.EN
SHARES = st.floats(0, 1)


def _as_units(components: NDArray[np.float32]) -> NDArray[np.float32]:
    components[np.linalg.norm(components, axis=1) < 0.1, 0] = 1
    units: NDArray[np.float32] = components / np.linalg.norm(components, axis=1, keepdims=True)
    return units


def unit_vectors(smallest: int) -> st.SearchStrategy[NDArray[np.float32]]:
    shapes = st.tuples(st.integers(smallest, 5), st.just(DIMENSION))
    return arrays(np.float32, shapes, elements=st.floats(-1, 1, width=32)).map(_as_units)


@given(unit_vectors(0), unit_vectors(1), SHARES)
def test_vectors_stay_as_many_and_of_length_one(
    vectors: NDArray[np.float32], everyday: NDArray[np.float32], share: float
) -> None:
    centred, lengths = Centres.from_vectors({JA: everyday}, share).centred(vectors, JA)
    assert centred.shape == vectors.shape
    assert lengths.shape == (len(vectors),)
    assert centred.dtype == lengths.dtype == np.float32
    away = lengths > 1e-3  # what lies on the centre has no direction left
    np.testing.assert_allclose(np.linalg.norm(centred[away], axis=1), 1, atol=1e-5)


@given(unit_vectors(1), unit_vectors(1), SHARES)
def test_a_length_is_the_distance_from_the_share_of_the_centre(
    vectors: NDArray[np.float32], everyday: NDArray[np.float32], share: float
) -> None:
    centred, lengths = Centres.from_vectors({JA: everyday}, share).centred(vectors, JA)
    moved = vectors - share * everyday.mean(axis=0)
    np.testing.assert_allclose(lengths, np.linalg.norm(moved, axis=1), atol=1e-5)
    np.testing.assert_allclose(centred * lengths[:, None], moved, atol=1e-5)


@given(unit_vectors(0), unit_vectors(1))
def test_where_no_share_is_taken_away_vectors_stay_as_they_are(
    vectors: NDArray[np.float32], everyday: NDArray[np.float32]
) -> None:
    centred, lengths = Centres.from_vectors({JA: everyday}, 0).centred(vectors, JA)
    np.testing.assert_allclose(centred, vectors, atol=1e-6)
    np.testing.assert_allclose(lengths, 1, atol=1e-6)


def test_centred_vectors_by_hand() -> None:
    everyday = np.array([[1, 0], [0, 1]], np.float32)  # the centre is at (½, ½)
    vectors = np.array([[1, 0], [0.6, 0.8]], np.float32)
    centred, lengths = Centres.from_vectors({JA: everyday}, 0.8).centred(vectors, JA)
    np.testing.assert_allclose(lengths, [np.hypot(0.6, 0.4), np.hypot(0.2, 0.4)], rtol=1e-6)
    np.testing.assert_allclose(centred[0], [0.6 / np.hypot(0.6, 0.4), -0.4 / np.hypot(0.6, 0.4)], rtol=1e-6)
    np.testing.assert_allclose(centred[1], [0.2 / np.hypot(0.2, 0.4), 0.4 / np.hypot(0.2, 0.4)], rtol=1e-5)


def test_a_vector_on_the_centre_has_no_direction_left_and_breaks_nothing() -> None:
    vectors = np.eye(DIMENSION, dtype=np.float32)[:1]
    centred, lengths = Centres.from_vectors({JA: vectors}, 1).centred(vectors, JA)
    assert not centred.any()
    assert 0 < lengths[0] < 1e-6


def test_a_text_loses_what_its_own_language_gives_it_and_stays_what_it_was() -> None:
    axes = np.eye(DIMENSION, dtype=np.float32)
    vectors = axes[2:3].copy()
    centres = Centres.from_vectors({JA: axes[:1], EN: axes[1:2]}, 1)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(centres.centred(vectors, JA)[0], [[-half, 0, half, 0]], rtol=1e-6)
    np.testing.assert_allclose(centres.centred(vectors, EN)[0], [[0, -half, half, 0]], rtol=1e-6)
    np.testing.assert_array_equal(vectors, axes[2:3])


@pytest.mark.parametrize("share", [0.0, 0.65, 1.0])
def test_opened_centres_take_away_the_share_that_they_are_opened_with(tmp_path: Path, share: float) -> None:
    vectors = {language: np.eye(DIMENSION, dtype=np.float32)[[number]] for number, language in enumerate(GUIDE_LANGUAGES)}
    Centres.from_vectors(dict(reversed(vectors.items())), 0.3).save(tmp_path)
    opened, expected = Centres.open(tmp_path, share), Centres.from_vectors(vectors, share)
    for language in GUIDE_LANGUAGES:
        for ours, theirs in zip(opened.centred(vectors[JA], language), expected.centred(vectors[JA], language), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_equal_centres_give_equal_bytes_in_one_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Centres.from_vectors(dict.fromkeys(GUIDE_LANGUAGES, np.ones((2, DIMENSION), np.float32)), 0.5).save(tmp_path / name)
        assert [path.name for path in (tmp_path / name).iterdir()] == [FILE]
    assert (tmp_path / "a" / FILE).read_bytes() == (tmp_path / "b" / FILE).read_bytes()


def test_the_everyday_questions_are_as_many_in_each_language_of_guides() -> None:
    questions = everyday_questions()
    assert set(questions) == set(GUIDE_LANGUAGES)
    (count,) = {len(of_language) for of_language in questions.values()}
    assert count >= 40
    for language, of_language in questions.items():
        assert len(set(of_language)) == count
        mark = "?" if language is EN else "。" if language is JA else "？"
        assert [question for question in of_language if not question.endswith(mark) or question != question.strip()] == []
