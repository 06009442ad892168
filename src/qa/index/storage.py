"""Files that survive a crash: hashes, synced writes, atomic replacement."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def sha256_file(path: Path) -> str:
    """Return the sha256 of the file at path, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fsync_folder(folder: Path) -> None:
    """Make renames inside folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_file(path: Path) -> None:
    """Make the content of the file at path durable."""
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def replace_text(path: Path, text: str) -> None:
    """Replace the file at path by text, atomically and durably: a reader sees the old or the new."""
    staging = path.with_name(f".{path.name}.{os.getpid()}")
    staging.write_text(text, encoding="utf-8")
    fsync_file(staging)
    staging.replace(path)
    fsync_folder(path.parent)
