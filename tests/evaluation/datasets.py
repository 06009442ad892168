"""Files of data sets for tests, written on the spot, and what their readers find wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import DatasetError

Read = Callable[[], object]


def written(path: Path, *lines: str) -> Path:
    """Write lines, each ended, into path and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return path


def rows(*objects: object) -> list[str]:
    """Return objects as lines of JSON."""
    return [json.dumps(each, ensure_ascii=False) for each in objects]


def error_of(read: Read) -> DatasetError:
    """Return the error that read ends in."""
    with pytest.raises(DatasetError) as caught:
        read()
    return caught.value


def faults_of(read: Read) -> list[str]:
    """Return the faults that read refuses a file for."""
    return [str(problem) for problem in error_of(read).problems]
