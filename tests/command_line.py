"""The command `qa`, run inside the test process: what it prints and how it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from typer.testing import CliRunner

from qa import wiring
from qa.cli import app
from qa.config import Settings
from qa.index.embedder import Embedder


@dataclass(frozen=True)
class Ran:
    """What a command printed and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        """Return the one JSON object that stands on stdout."""
        assert self.stdout.count("\n") == 1
        value = json.loads(self.stdout)
        assert isinstance(value, dict)
        return value

    @property
    def complaint(self) -> str:
        """Return the one line that stands on stderr, blank lines aside."""
        (line,) = [line for line in self.stderr.splitlines() if line.strip()]
        return line


Run = Callable[..., Ran]


def run(*arguments: str) -> Ran:
    """Run `qa` with arguments; an exception that reaches the interpreter, where it would be a traceback, is an error here too."""
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def point_at(settings: Settings, monkeypatch: pytest.MonkeyPatch, embedder: Embedder | None = None) -> None:
    """Let commands use the folders of settings, whatever is set around; with embedder, the model is not loaded again."""
    for variable in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(variable)
    monkeypatch.chdir(settings.index.parent)
    for key in ("corpus", "index", "cache"):
        monkeypatch.setenv(f"QA_{key.upper()}", str(getattr(settings, key)))
    if embedder:
        monkeypatch.setattr(wiring, "load_embedder", lambda _: embedder)
