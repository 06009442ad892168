"""Measure questions in a language that no guide is written in: `make figures` writes docs/figures/left-out.json.

One language after the other is left out of a copy of the guides; its questions are then answered from guides in the others.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

from qa.datatypes import GUIDE_LANGUAGES, Language

ROOT = Path(__file__).parents[2]
GATE_NOT_MET = 3  # no surprise, with a third of the guides gone
MEASURES = ("Success(rel=2)@1", "Success@1", "RR(rel=2)@10", "Success(rel=2)@5")


def main() -> None:
    """Measure and write."""
    found: dict[str, Any] = {}
    for left_out in GUIDE_LANGUAGES:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus"
            copytree(ROOT / "corpus", corpus, ignore=ignore_patterns(left_out))
            report = _evaluate(corpus)
        asked = [language for language in Language if language.of_guides is left_out]
        found |= {language: _cells(report, language) for language in asked}
    text = json.dumps(found, indent=2)
    (Path(__file__).parent / "left-out.json").write_text(text + "\n", encoding="utf-8")


def _evaluate(corpus: Path) -> dict[str, Any]:
    """Return the report of `qa eval` over the guides in corpus."""
    command = [sys.executable, "-m", "qa.cli", "eval", "--json"]
    environment = {**os.environ, "QA_CORPUS": str(corpus)}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, GATE_NOT_MET):
        raise SystemExit(done.returncode)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _cells(report: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return the measures of the questions in language, with their intervals."""
    (run,) = report["runs"]
    cell = run["by_language"][language]
    return {"questions": cell["questions"], **{measure: cell[measure] for measure in MEASURES if measure in cell}}


if __name__ == "__main__":
    main()
