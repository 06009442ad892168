"""The command as people run it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from retrieval.small_phrasings import phrased_settings

from qa.config import Settings
from qa.index.embedder import Embedder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    return phrased_settings(tmp_path_factory.mktemp("small"), cache, embedder)


def run_process(settings: Settings, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {f"QA_{key.upper()}": str(getattr(settings, key)) for key in ("corpus", "index", "cache")}
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *arguments],
        env={**{k: v for k, v in os.environ.items() if not k.startswith("QA_")}, "HF_HUB_OFFLINE": "1", **own, **variables},
        cwd=settings.index.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_ask_leaves_nothing_but_one_object_on_stdout_and_nothing_on_stderr(small: Settings) -> None:
    done = run_process(small, "ask", "povo 的 SIM 卡要归还吗", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["citations"][0]["section_id"] == "povo#sim"


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (("ask", "povo"), {"QA_INDEX": "none"}, "No index in none. Mend: qa index build"),
        (
            ("index", "build"),
            {"QA_CORPUS": "none"},
            "No corpus: none is not a folder. Mend: name the guides' folder with QA_CORPUS=…",
        ),
        (("index", "status"), {"QA_PORT": "x"}, "QA_PORT = 'x': Input should be a valid integer"),
        (("index", "status"), {"QA_PROT": "1"}, "Unknown setting QA_PROT. Known: "),
    ],
)
def test_an_error_is_one_line_on_stderr_and_exit_code_1(
    arguments: tuple[str, ...], variables: dict[str, str], message: str, small: Settings
) -> None:
    done = run_process(small, *arguments, **variables)
    (line,) = [line for line in done.stderr.splitlines() if line]

    assert (done.returncode, done.stdout) == (1, "")
    assert line.startswith(message)


def test_wrong_usage_ends_with_2(small: Settings) -> None:
    done = run_process(small, "nonsense")

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
