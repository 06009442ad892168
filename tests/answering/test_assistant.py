from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_corpus import build, small_settings

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Language, Mode, Weights
from qa.errors import GenerationError, QuestionError
from qa.index.embedder import Embedder
from qa.index.manifest import CURRENT, GENERATIONS

FEE = "povo 销户费用多少钱"


@pytest.fixture
def changing(tmp_path: Path, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of a small corpus of its own, built."""
    return small_settings(tmp_path, cache, embedder)


@pytest.fixture
def served(changing: Settings, embedder: Embedder) -> Assistant:
    return Assistant(changing.index, embedder, Weights())


def edit(settings: Settings) -> None:
    path = settings.corpus / "zh-Hans/operators/povo.md"
    path.write_text(path.read_text("utf-8").replace("费用为 0 日元", "费用为 550 日元"), "utf-8")


def damage(settings: Settings, generation: str, file: str = "passages.sqlite") -> None:
    path = settings.index / GENERATIONS / generation / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith("qa.")]


def test_a_newly_published_generation_is_picked_up_without_a_restart(
    changing: Settings, served: Assistant, embedder: Embedder
) -> None:
    before = served.answer(FEE)
    edit(changing)
    assert served.answer(FEE) == before

    published = build(changing, embedder)
    after, generation = served.answer_from_generation(FEE)

    assert "0 日元" in before.text
    assert "550 日元" in after.text
    assert after.generation == generation.id == published == served.generation.id != before.generation


@pytest.mark.parametrize("file", ["passages.sqlite", "manifest.json", "tokens.vectors.npy"])
def test_a_damaged_new_generation_leaves_the_old_one_in_use_and_is_logged_once(
    file: str, changing: Settings, served: Assistant, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    before = served.answer(FEE)
    edit(changing)
    damage(changing, build(changing, embedder), file)

    with caplog.at_level(logging.WARNING):
        assert served.answer(FEE) == before
        assert served.search(FEE, 1)
        assert served.generation.id == before.generation
    (warning,) = warnings(caplog)
    assert f"{file} is damaged" in warning
    assert "Mend: qa index build --full" in warning


def test_the_generation_after_a_damaged_one_is_picked_up(changing: Settings, served: Assistant, embedder: Embedder) -> None:
    edit(changing)
    damage(changing, build(changing, embedder))
    served.answer(FEE)

    mended = build(changing, embedder)
    assert served.answer(FEE).generation == mended


def test_a_missing_index_is_logged_once(changing: Settings, served: Assistant, caplog: pytest.LogCaptureFixture) -> None:
    (changing.index / CURRENT).unlink()

    with caplog.at_level(logging.WARNING):
        served.answer(FEE)
        served.answer(FEE)
    assert len(warnings(caplog)) == 1


def test_questions_are_answered_while_the_index_is_missing(changing: Settings, served: Assistant) -> None:
    before = served.answer(FEE)
    (changing.index / CURRENT).rename(changing.index / "away")

    assert served.answer(FEE) == before


@pytest.mark.parametrize("part", ["model", "weights", "precision"])
def test_an_index_of_another_model_is_refused_with_the_mend(part: str, changing: Settings, embedder: Embedder) -> None:
    changed: dict[str, Any] = {part: "another"}
    other = Embedder(embedder._model, replace(embedder.identity, **changed))
    found = getattr(embedder.identity, part)

    message = f"The index was built with another {part}: found {found}, expected another. Mend: qa index build"
    with pytest.raises(GenerationError) as refused:
        Assistant(changing.index, other, Weights())
    assert str(refused.value) == message


def test_a_new_generation_of_another_model_leaves_the_old_one_in_use(
    changing: Settings, served: Assistant, embedder: Embedder, model_folder: Path
) -> None:
    before = served.generation.id
    settings = changing.model_copy(update={"model": str(model_folder)})
    build(settings, Embedder(embedder._model, replace(embedder.identity, model=settings.model)))

    assert served.answer(FEE).generation == before


def test_without_an_index_nothing_opens_and_the_mend_is_named(tmp_path: Path, embedder: Embedder) -> None:
    with pytest.raises(GenerationError) as refused:
        Assistant(tmp_path / "none", embedder, Weights())
    assert str(refused.value) == f"No index in {tmp_path / 'none'}. Mend: qa index build"


@pytest.mark.parametrize("question", ["", " \n", "解" * 10_000])
def test_questions_that_cannot_be_asked_are_refused(question: str, assistant: Assistant) -> None:
    for ask in (assistant.answer, assistant.search):
        with pytest.raises(QuestionError, match="Mend: "):
            ask(question)


def test_search_narrows_down_by_mode_language_and_operator(assistant: Assistant) -> None:
    hits = assistant.search("解約金", 100, Mode.LEXICAL, Language.JA, "povo")

    assert hits
    assert {(hit.passage.language, hit.passage.guide_id) for hit in hits} == {(Language.JA, "povo")}
    assert all(hit.parts.dense is None for hit in hits)


def test_an_answers_hits_are_those_of_the_search(assistant: Assistant) -> None:
    assert list(assistant.answer(FEE).hits) == assistant.search(FEE)


def test_warming_up_needs_no_question_and_changes_no_answer(assistant: Assistant) -> None:
    before = assistant.answer(FEE)
    assistant.warm_up()

    assert assistant.answer(FEE) == before
