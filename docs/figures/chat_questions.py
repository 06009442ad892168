"""The questions that the chat is measured with."""

from __future__ import annotations

import json
from pathlib import Path

QUESTIONS = Path(__file__).parents[2] / "evaluation" / "questions.jsonl"


def dev_questions() -> dict[str, list[str]]:
    """Return the dev questions of each language, in the file's order."""
    asked: dict[str, list[str]] = {}
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question["split"] == "dev":
            asked.setdefault(question["language"], []).append(question["text"])
    return asked


def drawn(count: int) -> dict[str, list[str]]:
    """Return count of the dev questions, each language by its share (largest remainders), evenly from the file's beginning to its end."""
    asked = dev_questions()
    total = sum(map(len, asked.values()))
    shares = {language: count * len(questions) / total for language, questions in asked.items()}
    counts = {language: int(share) for language, share in shares.items()}
    rest = sorted(shares, key=lambda language: shares[language] % 1, reverse=True)
    for language in rest[: count - sum(counts.values())]:
        counts[language] += 1
    return {
        language: [questions[at * len(questions) // counts[language]] for at in range(counts[language])]
        for language, questions in asked.items()
    }
