"""Measure what README and docs say in figures: `make figures` writes docs/figures/figures.json and prints what it wrote.

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
from statistics import mean, median, quantiles
from typing import Any

from qa.config import Settings
from qa.corpus.guides import read_corpus
from qa.corpus.search_text import FOOTNOTE
from qa.datatypes import GUIDE_LANGUAGES, Language, Mode, Outcome
from qa.wiring import build_index, open_assistant

ROOT = Path(__file__).parents[2]
EDITED = "zh-Hans/operators/povo.md"
QUESTIONS = 50


def main() -> None:
    """Measure, write and print."""
    questions = [json.loads(line) for line in (ROOT / "evaluation/questions.jsonl").read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        figures = {"machine": _machine(), "corpus": _corpus(settings), "build": _builds(settings)}
        figures["answering"] = _answering(settings, [q["text"] for q in questions[:QUESTIONS]])
        figures["retrieval"] = _retrieval(settings, questions)
        figures["outcomes"] = _outcomes(settings, questions)
        figures["server"] = _server(settings)
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    (Path(__file__).parent / "figures.json").write_text(text + "\n", encoding="utf-8")
    print(text)


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


def _retrieval(settings: Settings, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Return Success@1 and RR@10 by section for each split and mode: the first hit in a section of grade 2."""
    relevant: dict[str, set[str]] = {}
    for line in (ROOT / "evaluation/qrels.tsv").read_text(encoding="utf-8").splitlines():
        question_id, _, section_id, grade = line.split("\t")
        if grade == "2":
            relevant.setdefault(question_id, set()).add(section_id)
    assistant = open_assistant(settings)
    measured: dict[str, Any] = {}
    for split in ("dev", "test"):
        asked = [q for q in questions if q["split"] == split and q["answerable"]]
        measured[split] = {"questions": len(asked)}
        for mode in Mode:
            ranks = []
            for question in asked:
                sections = dict.fromkeys(hit.passage.section_id for hit in assistant.search(question["text"], 30, mode))
                found = [rank for rank, each in enumerate(list(sections)[:10], 1) if each in relevant[question["question_id"]]]
                ranks.append(found[0] if found else 0)
            measured[split][mode] = {
                "Success@1": round(mean(rank == 1 for rank in ranks), 3),
                "RR@10": round(mean(1 / rank if rank else 0 for rank in ranks), 3),
            }
    return measured


def _outcomes(settings: Settings, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Return for each split the share of answerable and of unanswerable questions that are answered."""
    assistant = open_assistant(settings)
    counted: dict[str, Any] = {}
    for split in ("dev", "test"):
        answered: dict[bool, list[bool]] = {True: [], False: []}
        for question in (q for q in questions if q["split"] == split):
            answer = assistant.answer(question["text"], hint=Language(question["language"]))
            answered[question["answerable"]].append(answer.outcome is Outcome.ANSWERED)
        counted[split] = {
            "answerable_answered": round(mean(answered[True]), 3),
            "unanswerable_answered": round(mean(answered[False]), 3),
        }
    return counted


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
