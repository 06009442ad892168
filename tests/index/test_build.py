from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import WriteGuide
from index.building import BODY, Workshop

from qa.datatypes import Language
from qa.index.token_vectors import SCALES, VECTORS


@pytest.fixture
def guide(write_guide: WriteGuide) -> Path:
    return write_guide("povo", BODY)


@pytest.mark.usefixtures("guide")
def test_a_full_build_of_the_same_guides_gives_equal_files(workshop: Workshop) -> None:
    workshop.build()
    first = workshop.open().manifest.files
    workshop.build(full=True)
    assert workshop.open().manifest.files == first


def test_an_incremental_and_a_new_build_from_one_cache_give_equal_files(
    workshop: Workshop, guide: Path, write_guide: WriteGuide
) -> None:
    workshop.build()
    workshop.replace(guide, "0 日元", "550 日元")
    write_guide("au", BODY, language="ja")
    workshop.build()
    workshop.build(index="another")
    assert workshop.open("another").manifest.files == workshop.open().manifest.files


def test_another_passage_size_builds_everything_anew_and_says_so(workshop: Workshop, write_guide: WriteGuide) -> None:
    write_guide("povo", "## 费用 {#fees}\n\n" + "销户手续费是 0 日元。[^s1]" * 12 + "\n")
    workshop.build()
    workshop.max_tokens = 64
    report = workshop.build()
    assert report.full_because == "max_tokens was 256, is now 64"
    assert report.passages > 1
    assert workshop.open().manifest.recipe.max_tokens == 64


@pytest.mark.usefixtures("guide")
def test_another_model_builds_everything_anew_and_says_so(workshop: Workshop) -> None:
    workshop.build()
    workshop.model = "another"
    assert workshop.build().full_because == "model was bundled, is now another"


@pytest.mark.usefixtures("guide")
def test_another_share_of_the_centres_builds_everything_anew_and_says_so(workshop: Workshop) -> None:
    workshop.build()
    before = workshop.open()
    workshop.centre_share = 0
    report = workshop.build()
    assert (report.full_because, report.reused) == ("centre_share was 0.65, is now 0", 2)
    after = workshop.open()
    differing = {name for name, entry in after.manifest.files.items() if entry != before.manifest.files[name]}
    assert differing == {VECTORS, SCALES}


@pytest.mark.usefixtures("guide")
def test_a_damaged_generation_is_built_anew_and_named(workshop: Workshop) -> None:
    workshop.build()
    damaged = next((workshop.folder / "index" / "generations").glob("*/dense.faiss"))
    damaged.write_bytes(b"")
    report = workshop.build()
    assert report.full_because == f"{damaged} is damaged: its bytes are not those that were built"
    assert (report.added, report.reused) == (2, 2)
    assert workshop.open().id == report.generation


@pytest.mark.usefixtures("guide")
def test_a_corpus_without_a_lexicon_is_built_with_an_empty_one(workshop: Workshop) -> None:
    (workshop.corpus / "lexicon.yaml").unlink()
    assert workshop.build().passages == 2
    assert workshop.open().lexicon.operators == {}


@pytest.mark.usefixtures("guide")
def test_answering_needs_no_guides_folder(workshop: Workshop) -> None:
    workshop.build()
    shutil.rmtree(workshop.corpus)
    generation = workshop.open()
    guide = generation.guide("povo", Language.ZH_HANS)
    assert guide is not None
    for passage in generation.passages:
        assert guide.text[passage.start : passage.end] == passage.text


def words_of_tokens(workshop: Workshop) -> list[str]:
    """Return what the spans of the first passage's tokens cover in the guide; tokens of the headings cover nothing."""
    generation = workshop.open()
    (guide,) = generation.guides.values()
    return [guide.text[start:end].strip() for start, end in generation.tokens.spans(0) if start >= 0]


def test_the_spans_of_tokens_are_offsets_in_the_guide(workshop: Workshop, write_guide: WriteGuide) -> None:
    write_guide("povo", "## 费用 {#fees}\n\n- 要**0** 日元，见[官网](https://povo.jp)。[^s1]\n")
    workshop.build()
    assert words_of_tokens(workshop) == ["要", "0", "日", "元", "见", "官网"]


def test_the_first_word_of_a_passage_has_its_span_too(workshop: Workshop, write_guide: WriteGuide) -> None:
    write_guide("povo", "## 费用 {#fees}\n\nCancel the line.[^s1]\n")
    workshop.build()
    assert words_of_tokens(workshop) == ["Cancel", "the", "line"]


def test_only_the_last_three_generations_are_kept(workshop: Workshop, guide: Path) -> None:
    built = [workshop.build().generation]
    for number in range(4):
        workshop.replace(guide, "日元。", f"日元。{number}")
        built.append(workshop.build().generation)
    assert sorted(path.name for path in (workshop.folder / "index" / "generations").iterdir()) == built[-3:]
