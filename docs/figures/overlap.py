"""Measure how far the questions of a public set repeat the rare words of their answers: overlap.py DIR FILE, by `make figures BENCH=…`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from qa.evaluation.beir import CORPUS, read_beir
from qa.evaluation.documents import Documents
from qa.evaluation.overlap import RareWords, overlap


def main(folder: Path, file: Path) -> None:
    """Write the overlap of the set in folder to file."""
    documents = Documents(folder / CORPUS)
    texts = {guide.guide_id: f"{guide.title}\n{guide.text}" for guide in documents.read()[0]}
    dataset = read_beir(folder, documents.ids)
    rare = RareWords(texts.values(), names=())
    found = overlap(
        {question.question_id: question.text for question in dataset.answerable},
        {
            question.question_id: [texts[each] for each in dataset.answering(question.question_id) if each in texts]
            for question in dataset.answerable
        },
        {question.question_id: rare for question in dataset.answerable},
    )
    file.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
