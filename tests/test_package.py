from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import qa
from qa import errors, wiring

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "gradio", "faiss", "sentence_transformers", "transformers", "bm25s", "opencc", "numpy", "fastapi", "uvicorn"}


def modules_after(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after statement."""
    code = f"import json, sys\n{statement}\nprint(json.dumps([*sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


@pytest.mark.parametrize("statement", ["import qa", "import qa.datatypes, qa.errors, qa.config, qa.wiring"])
def test_importing_the_package_loads_nothing_heavy(statement: str) -> None:
    loaded = modules_after(statement)

    assert "qa" in loaded
    assert not loaded & HEAVY


def test_the_public_names_are_these() -> None:
    assert qa.__all__ == ["__version__", "open_assistant"]
    assert qa.open_assistant is wiring.open_assistant
    assert all(hasattr(qa, name) for name in qa.__all__)


def test_a_name_that_does_not_exist_is_refused_as_by_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'qa' has no attribute 'answer'"):
        qa.answer  # noqa: B018


def test_the_version_is_the_distributions() -> None:
    assert qa.__version__ == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def test_every_file_that_the_program_reads_is_packed_with_it() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    source = ROOT / "src"
    listed = {
        path for package, names in packed.items() for name in names for path in (source / Path(*package.split("."))).glob(name)
    }
    files = {path for path in (source / "qa").rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}

    assert listed == files
    assert {"taiwan.tsv", "refusing.toml", "everyday.tsv"} <= {path.name for path in files}


def test_every_error_is_an_explained_one_and_stands_in_the_tree() -> None:
    named = set(re.findall(r"\w+Error\b", errors.__doc__ or ""))
    defined = {name: each for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, Exception)}

    assert set(defined) == named
    assert all(issubclass(each, errors.QAError) for each in defined.values())
