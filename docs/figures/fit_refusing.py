"""Fit when to refuse on the dev questions: `make fit-refusing` writes src/qa/answering/refusing.toml.

Logistic regression with a ridge penalty, on questions asked as on the page of their language. Questions that are refused before any
score (an operator without a guide, a section without facts that is named) take no part.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from qa.answering.decide import FITTED, decide, fitted, signals
from qa.config import load_settings
from qa.corpus.lexicon import NameFinder
from qa.datatypes import Outcome
from qa.evaluation.questions import DEV, read_project
from qa.evaluation.script import as_language
from qa.retrieval.query import understand
from qa.retrieval.retriever import CANDIDATES, Retriever
from qa.terminal import progress_bars
from qa.wiring import open_system

ROOT = Path(__file__).parents[2]
TO = ROOT / "src/qa/answering" / FITTED
RIDGE = 1.0  # on signals of unit spread
COVERAGE = 0.85  # of the answerable dev questions that get so far: answered_from is where so many are answered
RELATED = 0.97  # likewise for related_from


def main() -> None:
    """Fit, write, and print what is decided on dev."""
    with progress_bars() as (progress, say):
        system = open_system(load_settings(), None, "", None, progress, say)
    generation = system.generation
    retriever = Retriever(generation, system.embedder, system.weights)
    dataset = read_project(ROOT / "evaluation", generation.guides, DEV)
    finder = NameFinder(generation.lexicon)
    names = list(fitted().weights)
    rows, labels, refused = [], [], []
    for question in dataset.questions:
        query = understand(question.text, finder, question.earlier, hint=as_language(question.language))
        encoded = retriever.encode(query)
        asking = retriever.match(encoded)
        hits = retriever.retrieve(query, 1, encoded=encoded, asking=asking, depth=CANDIDATES)
        decision = decide(query, asking, hits, generation)
        if decision.outcome is Outcome.NOT_COVERED and decision.key:
            refused.append(question.answerable)
            continue
        found = signals(query, asking, hits[0], generation)
        rows.append([found[name] for name in names])
        labels.append(float(question.answerable))
    features, answerable = np.array(rows), np.array(labels)
    weights = fit(features, answerable)
    confidence = 1 / (1 + np.exp(-features @ weights))
    least = {share: float(np.quantile(confidence[answerable == 1], 1 - share)) for share in (COVERAGE, RELATED)}
    lines = [
        "# Log-odds that a question is answered, by signal. Written by `make fit-refusing`; docs/decisions/refusing.md explains the signals.",
        f"answered_from = {least[COVERAGE]:.3f}  # {COVERAGE:.0%} of the answerable dev questions that get so far",
        f"related_from = {least[RELATED]:.3f}  # {RELATED:.0%} of them",
        "",
        "[weights]",
        *(f"{name} = {weight:.3f}" for name, weight in zip(names, weights, strict=True)),
        "",
        "[provenance]",
        f'fitted = "{dt.datetime.now(dt.UTC).date()}"',
        f'questions = "{len(rows)} of {len(dataset.questions)} dev questions; {len(refused)} are refused by rule"',
        f'questions_sha256 = "{dataset.files["questions.jsonl"]}"',
        f'corpus = "{generation.manifest.corpus_hash}"',
        f'model = "{generation.manifest.recipe.weights}"',
        f"ridge = {RIDGE}",
    ]
    TO.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(TO.read_text(encoding="utf-8"))
    answered = confidence >= round(least[COVERAGE], 3)
    total = (answerable == 1).sum() + sum(refused), (answerable == 0).sum() + len(refused) - sum(refused)
    print(f"dev: answered {(answered & (answerable == 1)).sum()} of {total[0]} answerable, ", end="")
    print(
        f"{(answered & (answerable == 0)).sum()} of {total[1]} unanswerable; refused by rule: {len(refused)} ({sum(refused)})"
    )


def fit(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the ridge-penalised logistic weights by Newton's method; the first feature is the intercept, unpenalised."""
    spread = features.std(axis=0)
    spread[0] = 1.0
    scaled = features / spread
    weights = np.zeros(features.shape[1])
    penalty = np.full(features.shape[1], RIDGE)
    penalty[0] = 1e-6
    for _ in range(100):
        probabilities = 1 / (1 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (probabilities - labels) + penalty * weights
        curvature = probabilities * (1 - probabilities)
        hessian = (scaled * curvature[:, None]).T @ scaled + np.diag(penalty)
        weights -= np.linalg.solve(hessian, gradient)
    return weights / spread


if __name__ == "__main__":
    main()
