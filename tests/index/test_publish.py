from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from index.small_generation import TEXT, publish_small, small_manifest, write_small

from qa.errors import GenerationError
from qa.index import publish as publishing
from qa.index.generation import Generation
from qa.index.manifest import CURRENT, GENERATIONS, Manifest
from qa.index.publish import KEPT_GENERATIONS, build_lock, publish, remove_old
from qa.index.store import FILE as PASSAGES

# A build that is killed while it writes: no handler runs.
KILLED = """
import os, sys
from pathlib import Path
from index.small_generation import small_manifest, write_small
from qa.index.publish import publish

def write(folder):
    write_small(folder)
    os._exit(9)

publish(Path(sys.argv[1]), small_manifest(), write)
"""


def names(index: Path) -> list[str]:
    return sorted(path.name for path in (index / GENERATIONS).iterdir())


def kill_a_build(index: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(index)], env=environment, check=False)
    assert done.returncode == 9


def test_a_published_generation_is_the_one_in_use(index: Path, published: Manifest) -> None:
    generation = Generation.open_current(index)
    assert generation.manifest == published
    assert generation.id == published.generation
    assert names(index) == [published.generation]


def test_a_killed_build_leaves_the_old_generation_in_use(index: Path, published: Manifest) -> None:
    current = (index / CURRENT).read_bytes()
    kill_a_build(index)
    assert (index / CURRENT).read_bytes() == current
    assert Generation.open_current(index).manifest == published


def test_the_next_build_removes_what_a_killed_one_left(index: Path, published: Manifest) -> None:
    kill_a_build(index)
    assert len(names(index)) == 2
    newer = publish_small(index, TEXT + "新。\n")
    assert names(index) == sorted([published.generation, newer.generation])
    assert sorted(path.name for path in index.iterdir()) == [CURRENT, GENERATIONS]


def test_the_next_build_removes_a_half_written_current(index: Path) -> None:
    (index / f".{CURRENT}.4711").write_text("20261122T")
    publish_small(index)
    assert sorted(path.name for path in index.iterdir()) == [CURRENT, GENERATIONS]


def test_an_error_while_writing_leaves_the_old_generation_and_nothing_else(index: Path, published: Manifest) -> None:
    current = (index / CURRENT).read_bytes()

    def write(folder: Path) -> None:
        write_small(folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        publish(index, small_manifest(), write)
    assert (index / CURRENT).read_bytes() == current
    assert names(index) == [published.generation]


def test_a_generation_that_cannot_be_opened_is_never_published(index: Path, published: Manifest) -> None:
    def write(folder: Path) -> None:
        write_small(folder)
        (folder / "dense.faiss").write_bytes(b"no index")

    with pytest.raises(GenerationError, match=r"dense\.faiss can't be read"):
        publish(index, small_manifest(), write)
    assert Generation.open_current(index).manifest == published
    assert names(index) == [published.generation]


def test_names_of_generations_sort_by_time(index: Path) -> None:
    published = [publish_small(index, TEXT + "新。\n" * number).generation for number in range(3)]
    assert published == sorted(published)


def test_equal_content_gives_equal_files(index: Path) -> None:
    first, second = publish_small(index), publish_small(index)
    assert first.files == second.files
    assert first.generation.split("-")[1] == second.generation.split("-")[1]


def test_only_the_newest_generations_are_kept(index: Path) -> None:
    published = [publish_small(index).generation for _ in range(KEPT_GENERATIONS + 2)]
    remove_old(index, published[-1])
    assert KEPT_GENERATIONS == 3
    assert names(index) == published[-3:]


def test_the_generation_in_use_is_kept_however_old(index: Path) -> None:
    published = [publish_small(index).generation for _ in range(KEPT_GENERATIONS + 2)]
    remove_old(index, published[0])
    assert names(index) == [published[0], *published[-3:]]


def test_a_reader_keeps_its_generation_while_a_new_one_is_published(index: Path, published: Manifest) -> None:
    reader = Generation.open_current(index)
    for number in range(1, KEPT_GENERATIONS + 2):
        remove_old(index, publish_small(index, TEXT + "新。\n" * number).generation)
    assert published.generation not in names(index)
    assert reader.guides["povo", reader.passages[0].language].text == TEXT
    assert reader.tokens.spans(0).shape == (2, 2)
    assert Generation.open_current(index).id != reader.id


def test_a_reader_sees_the_old_or_the_new_but_never_a_mixture(index: Path) -> None:
    texts = {publish_small(index, text).generation: text for text in (TEXT, TEXT + "新。\n")}
    seen = set()
    writer = threading.Thread(target=lambda: [publish_small(index, text) for text in (*texts.values(), *texts.values())])
    writer.start()
    while writer.is_alive():
        generation = Generation.open_current(index)
        (guide,) = generation.guides.values()
        seen.add((guide.text, generation.manifest.files[PASSAGES]["sha256"]))
    writer.join()
    assert {text for text, _ in seen} <= set(texts.values())
    assert len(seen) <= len(texts)


def test_the_second_of_two_builds_waits_and_says_so(index: Path) -> None:
    warnings: list[str] = []
    first = FileLock(index / ".lock")
    first.acquire()

    def warn(message: str) -> None:
        warnings.append(message)
        first.release()

    with build_lock(index, warn):
        assert warnings == ["Another build is running; waiting for it to end."]


def test_a_build_that_never_ends_is_named_with_the_mend(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_LOCK_SECONDS", 0)
    with (
        FileLock(index / ".lock"),
        pytest.raises(GenerationError, match=r"has held .*\.lock for 0 s\. Mend: end it, then qa index"),
        build_lock(index, lambda message: None),
    ):
        pass


def test_the_lock_is_free_when_the_build_ends(index: Path) -> None:
    with build_lock(index, print):
        pass
    with FileLock(index / ".lock", timeout=0):
        pass
