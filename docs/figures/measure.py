"""Measure what it costs: `make figures` writes docs/figures/cost.json. How good it is, `qa eval` measures.

Everything runs on copies in a temporary folder; the index in use is not touched.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from shutil import copytree
from statistics import median, quantiles
from typing import Any

from qa.config import Settings
from qa.corpus.guides import read_corpus
from qa.corpus.search_text import FOOTNOTE
from qa.datatypes import GUIDE_LANGUAGES
from qa.wiring import build_index, open_assistant

ROOT = Path(__file__).parents[2]
EDITED = "zh-Hans/operators/povo.md"
QUESTIONS = 50


def main() -> None:
    """Measure and write."""
    questions = [json.loads(line) for line in (ROOT / "evaluation/questions.jsonl").read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        figures = {"machine": _machine(), "corpus": _corpus(settings), "build": _builds(settings)}
        figures["answering"] = _answering(settings, [q["text"] for q in questions[:QUESTIONS]])
        figures["server"] = _server(settings)
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    (Path(__file__).parent / "cost.json").write_text(text + "\n", encoding="utf-8")


def _settings(folder: Path) -> Settings:
    """Return settings on copies, with an embedding cache of their own, so that the first build is a cold one."""
    shared = Settings(corpus=ROOT / "corpus")
    copytree(ROOT / "corpus", folder / "corpus")
    (folder / "cache").mkdir()
    (folder / "cache" / "models").symlink_to(shared.cache / "models")
    return Settings(corpus=folder / "corpus", index=folder / "index", cache=folder / "cache")


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def _corpus(settings: Settings) -> dict[str, Any]:
    """Return what there is in each language; footnotes are marks in the text, pages the different ones that they lead to."""
    counted: dict[str, Any] = {}
    for language in GUIDE_LANGUAGES:
        guides = [guide for guide in read_corpus(settings.corpus)[0] if guide.language is language]
        sections = [section for guide in guides for section in guide.sections]
        counted[language] = {
            "guides": len(guides),
            "sections": len(sections),
            "sections_unknown": sum(not section.is_known for section in sections),
            "footnotes": sum(len(FOOTNOTE.findall(guide.text[guide.sections[0].start :])) for guide in guides),
            "pages": len({source.url for guide in guides for source in guide.sources}),
        }
    return counted


def _build(settings: Settings) -> dict[str, Any]:
    report = build_index(settings, full=False, progress=_silent, say=_silent)
    counts = ("guides", "sections", "passages", "tokens", "added", "changed", "removed", "reused", "seconds")
    return {name: getattr(report, name) for name in counts}


def _silent(*_said: object) -> None:
    pass


def _builds(settings: Settings) -> dict[str, Any]:
    """Return a cold build, one after an edit of one line, and one with nothing to do."""
    cold = _build(settings)
    guide = settings.corpus / EDITED
    lines = guide.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("## ")) + 2
    lines[at] = lines[at].replace("。", "！", 1)
    guide.write_text("".join(lines), encoding="utf-8")
    return {"cold": cold, "one_line_edited": _build(settings), "nothing_changed": _build(settings)}


def _answering(settings: Settings, questions: list[str]) -> dict[str, Any]:
    """Return the time of a question in process, from text to Answer, in milliseconds."""
    assistant = open_assistant(settings)
    assistant.warm_up()
    milliseconds = []
    for question in questions:
        started = time.perf_counter()
        assistant.answer(question)
        milliseconds.append(1000 * (time.perf_counter() - started))
    return {
        "questions": len(questions),
        "p50_ms": round(median(milliseconds), 1),
        "p95_ms": round(quantiles(milliseconds, n=20)[-1], 1),
    }


def _server(settings: Settings) -> dict[str, Any]:
    """Return the resident memory of the running server after ten questions' worth of pages, in MB."""
    port = "7869"
    environment = {**os.environ, **{f"QA_{key.upper()}": str(getattr(settings, key)) for key in ("corpus", "index", "cache")}}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "chat", "--port", port], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                    break
            except OSError:
                if process.poll() is not None:
                    raise
                time.sleep(0.2)
        seconds = time.perf_counter() - started
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        kilobytes = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
    return {"seconds_to_healthy": round(seconds, 1), "resident_mb": round(kilobytes / 1024)}


if __name__ == "__main__":
    main()
