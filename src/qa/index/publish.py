"""Put a generation on disk so that readers see the old one or the new one, never a mixture."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import GenerationError
from qa.index.generation import Generation
from qa.index.manifest import CURRENT, FILE, GENERATIONS, Manifest, write_current
from qa.index.storage import fsync_file, fsync_folder, sha256_file

KEPT_GENERATIONS = 3
_LOCK_SECONDS = 600


@contextmanager
def build_lock(index: Path, warn: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of index: of two builds at once the second waits, and says so."""
    lock = FileLock(index / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        warn("Another build is running; waiting for it to end.")
        try:
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout as error:
            raise GenerationError(
                f"Another build has held {index / '.lock'} for {_LOCK_SECONDS} s. Mend: end it, then qa index build"
            ) from error
    try:
        yield
    finally:
        lock.release()


def publish(index: Path, manifest: Manifest, write: Callable[[Path], None]) -> Manifest:
    """Write, sync and verify a generation beside the others, then make it the one in use.

    Returns manifest with the generation's name and files. Killed at any step, readers see the old generation or the new one whole.
    """
    generations = index / GENERATIONS
    generations.mkdir(exist_ok=True)
    for leftover in generations.glob(".building-*"):
        shutil.rmtree(leftover)
    for torn in index.glob(f".{CURRENT}.*"):
        torn.unlink()
    staging = Path(tempfile.mkdtemp(prefix=".building-", dir=generations))
    try:
        write(staging)
        paths = sorted(path for path in staging.rglob("*") if path.is_file())
        files = {
            path.relative_to(staging).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256_file(path)} for path in paths
        }
        content = hashlib.sha256("".join(str(entry["sha256"]) for entry in files.values()).encode()).hexdigest()
        name = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%fZ}-{content[:8]}"
        manifest = replace(manifest, generation=name, files=files)
        (staging / FILE).write_text(manifest.to_json(), encoding="utf-8")
        for path in (*paths, staging / FILE):
            fsync_file(path)
        for folder in {path.parent for path in paths} | {staging}:
            fsync_folder(folder)
        Generation.open(manifest, staging)
        staging.rename(generations / name)
        fsync_folder(generations)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    write_current(index, manifest)
    return manifest


def remove_old(index: Path, current: str) -> None:
    """Delete all but the newest generations; readers that still have an old one open keep its files until they close them."""
    folders = sorted(folder for folder in (index / GENERATIONS).iterdir() if not folder.name.startswith("."))
    for folder in folders[:-KEPT_GENERATIONS]:
        if folder.name != current:
            shutil.rmtree(folder)
