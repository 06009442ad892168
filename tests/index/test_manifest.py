from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import WriteGuide
from corpus.phrasing_files import write_phrasings
from index.small_generation import publish_small, small_manifest

from qa.errors import GenerationError
from qa.index.generation import Generation
from qa.index.manifest import CURRENT, FILE, GENERATIONS, Manifest, hash_corpus, read_current, read_manifest, write_current


def folder_of(index: Path, manifest: Manifest) -> Path:
    return index / GENERATIONS / manifest.generation


def test_current_names_the_generation_and_its_manifests_hash(index: Path, published: Manifest) -> None:
    manifest_hash = hashlib.sha256((folder_of(index, published) / FILE).read_bytes()).hexdigest()
    assert read_current(index) == f"{published.generation} {manifest_hash}\n"
    assert read_manifest(index, read_current(index)) == (published, folder_of(index, published))


def test_the_manifest_lists_every_file_with_size_and_hash(index: Path, published: Manifest) -> None:
    folder = folder_of(index, published)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    del files[FILE]
    assert published.files == {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
    }


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.unlink(), id="missing"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-1]), id="cut short"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes() + b"\0"), id="longer"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\xfe"), id="one byte changed"),
    ],
)
def test_each_file_of_a_generation_is_named_when_it_is_damaged(
    index: Path, published: Manifest, damage: Callable[[Path], None]
) -> None:
    folder = folder_of(index, published)
    assert len(published.files) >= 13
    for name in published.files:
        intact = (folder / name).read_bytes()
        damage(folder / name)
        with pytest.raises(GenerationError) as caught:
            Generation.open_current(index)
        assert str(folder / name) in str(caught.value)
        assert str(caught.value).endswith("Mend: qa index build --full")
        (folder / name).write_bytes(intact)
    assert Generation.open_current(index).manifest == published


@pytest.mark.parametrize("damaged", [b"", b"{}", b"\xff\xfe", b"{\n"])
def test_a_damaged_manifest_is_named_with_the_mend(index: Path, published: Manifest, damaged: bytes) -> None:
    (folder_of(index, published) / FILE).write_bytes(damaged)
    with pytest.raises(
        GenerationError, match=r"(manifest\.json is damaged|has no readable manifest).*Mend: qa index build --full"
    ):
        Generation.open_current(index)


def test_a_manifest_that_was_edited_is_damaged(index: Path, published: Manifest) -> None:
    path = folder_of(index, published) / FILE
    path.write_text(path.read_text().replace('"passages": 2', '"passages": 3'))
    with pytest.raises(GenerationError, match=r"manifest\.json is damaged: its hash is not the one in CURRENT"):
        Generation.open_current(index)


def test_a_missing_manifest_is_named_with_the_mend(index: Path, published: Manifest) -> None:
    (folder_of(index, published) / FILE).unlink()
    with pytest.raises(GenerationError, match=r"has no readable manifest\. Mend: qa index build --full"):
        Generation.open_current(index)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("damaged", [b"", b"\n", b"nonsense", b"../.. 0", b"\xff\xfe", b"x" * 5000])
def test_a_damaged_current_is_named_with_the_mend(index: Path, damaged: bytes) -> None:
    (index / CURRENT).write_bytes(damaged)
    with pytest.raises(GenerationError, match=r"CURRENT (names '.*', which has no readable manifest|can't be read)\. Mend: qa"):
        Generation.open_current(index)


@pytest.mark.usefixtures("published")
def test_a_current_of_zero_bytes_is_named_with_the_mend(index: Path) -> None:
    (index / CURRENT).write_bytes(b"\0" * 90)
    with pytest.raises(GenerationError, match="Mend: qa index build --full"):
        Generation.open_current(index)


def test_a_current_that_names_a_removed_generation_says_which(index: Path, published: Manifest) -> None:
    (index / CURRENT).write_text("20200101T000000000000Z-00000000 0\n")
    with pytest.raises(GenerationError, match="names '20200101T000000000000Z-00000000'"):
        Generation.open_current(index)
    assert folder_of(index, published).is_dir()


def test_an_index_that_was_never_built_names_the_command(index: Path) -> None:
    with pytest.raises(GenerationError, match=r"No index in .*index\. Mend: qa index build$"):
        read_current(index)


def test_a_generation_of_another_format_is_refused(index: Path, published: Manifest) -> None:
    older = replace(published, recipe=replace(published.recipe, format=0))
    (folder_of(index, published) / FILE).write_text(older.to_json())
    write_current(index, older)
    with pytest.raises(GenerationError, match=r"was built by another version of this program\. Mend: qa index build --full"):
        Generation.open_current(index)


def test_a_manifest_survives_json() -> None:
    manifest = small_manifest()
    assert json.loads(manifest.to_json())["recipe"]["max_tokens"] == manifest.recipe.max_tokens
    assert list(json.loads(manifest.to_json())) == sorted(json.loads(manifest.to_json()))


def test_writing_current_leaves_nothing_beside_it(index: Path) -> None:
    manifest = publish_small(index)
    write_current(index, manifest)
    assert sorted(path.name for path in index.iterdir()) == [CURRENT, GENERATIONS]


def test_the_hash_of_a_corpus_changes_with_every_file_of_phrasings(tmp_path: Path, write_guide: WriteGuide) -> None:
    corpus = tmp_path / "corpus"
    write_guide("povo", "## 费用 {#fees}\n0 日元。\n")
    hashes = [hash_corpus(corpus)]
    for name in ("operators", "outside", "esim"):
        for text in ("fees: {ja: [いくら]}\n", "fees: {ja: [いくら？]}\n"):
            write_phrasings(corpus, **{name: text})
            hashes.append(hash_corpus(corpus))
    topics = corpus / "phrasings" / "topics"
    (topics / "esim.yaml").rename(topics / "mnp.yaml")
    hashes.append(hash_corpus(corpus))
    assert len(set(hashes)) == 8
    shutil.rmtree(corpus / "phrasings")
    assert hash_corpus(corpus) == hashes[0]


def test_the_hash_of_a_corpus_changes_with_any_byte_name_or_lexicon(tmp_path: Path, write_guide: WriteGuide) -> None:
    corpus = tmp_path / "corpus"
    guide = write_guide("povo", "## 费用 {#fees}\n0 日元。\n")
    hashes = [hash_corpus(corpus)]
    guide.write_bytes(guide.read_bytes() + b"\n")
    hashes.append(hash_corpus(corpus))
    guide = guide.rename(guide.with_name("au.md"))
    hashes.append(hash_corpus(corpus))
    (corpus / "lexicon.yaml").write_text("operators: {}\n")
    hashes.append(hash_corpus(corpus))
    guide.unlink()
    hashes.append(hash_corpus(corpus))
    assert len(set(hashes)) == 5
    assert hash_corpus(corpus) == hashes[-1]
