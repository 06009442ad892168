"""Where figures come from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import qa
from qa.evaluation import provenance


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the program, which takes itself for the program."""
    copy = shutil.copytree(Path(qa.__file__).parent, tmp_path / "qa", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(provenance, "__file__", str(copy / "evaluation" / "provenance.py"))
    return copy


@pytest.mark.parametrize(
    "name", ["retrieval/scoring.py", "answering/refusing.toml", "answering/taiwan.tsv", "index/everyday.tsv"]
)
def test_the_programs_hash_changes_with_any_module_and_any_table_that_it_reads(name: str, package: Path) -> None:
    before = provenance.program_hash()
    with (package / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert provenance.program_hash() != before


def test_the_programs_hash_is_the_same_wherever_it_lies_and_whatever_python_compiled(package: Path) -> None:
    before = provenance.program_hash()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "config.cpython-311.pyc").write_bytes(b"compiled")

    assert provenance.program_hash() == before
