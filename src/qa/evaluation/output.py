"""Write a report's files into a folder, each whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qa.evaluation.markdown import as_markdown
from qa.evaluation.page import as_page
from qa.evaluation.provenance import origin
from qa.evaluation.report import as_json, question_rows
from qa.evaluation.tables import tables
from qa.evaluation.trec import run_file, run_lines
from qa.index.storage import replace_text

if TYPE_CHECKING:
    from pathlib import Path

    from qa.evaluation.report import Report

JSON, QUESTIONS, MARKDOWN, PAGE = "report.json", "questions.jsonl", "report.md", "report.html"


def write_report(folder: Path, report: Report) -> list[Path]:
    """Write a run for each mode, the report as JSON, Markdown and one page, and what became of each question; return their paths.

    All but the times in the report is the same, byte by byte, for the same settings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {run_file(run.name): run_lines(run.name, run.rankings) for run in report.runs}
    texts[QUESTIONS] = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in question_rows(report))
    texts[JSON] = json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n"
    texts[MARKDOWN] = f"`{report.provenance['command']}`  \n{origin(report.provenance)}\n\n{as_markdown(tables(report))}"
    texts[PAGE] = as_page(report)
    for name, text in texts.items():
        replace_text(folder / name, text)
    return [folder / name for name in texts]
