"""Fit the weights of answering/decide.py on the dev questions: `make fit-refusing` prints them, to be copied there by hand.

Logistic regression with a ridge penalty, on questions asked as on the page of their language. Questions that are refused before any
score (an operator without a guide, a section without facts) take no part.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qa.answering.decide import ANSWERED_FROM, WEIGHTS, decide, signals
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
RIDGE = 0.3
NAMES = tuple(WEIGHTS)


def main() -> None:
    """Print the fitted weights and what they decide on dev."""
    with progress_bars() as (progress, say):
        system = open_system(load_settings(), None, "", None, progress, say)
    generation = system.generation
    retriever = Retriever(generation, system.embedder, system.weights)
    questions = read_project(ROOT / "evaluation", generation.guides, DEV).questions
    finder = NameFinder(generation.lexicon)
    rows, labels, refused = [], [], []
    for question in questions:
        query = understand(question.text, finder, question.earlier, hint=as_language(question.language))
        hits = retriever.retrieve(query, 1, depth=CANDIDATES)
        decision = decide(query, hits, generation)
        if decision.outcome is Outcome.NOT_COVERED and decision.key:
            refused.append(question.answerable)
            continue
        found = signals(query, hits[0], generation)
        rows.append([found[name] for name in NAMES])
        labels.append(float(question.answerable))
    features, answerable = np.array(rows), np.array(labels)
    weights = fit(features, answerable)
    print("WEIGHTS = {")
    for name, weight in zip(NAMES, weights, strict=True):
        print(f'    "{name}": {weight:.2f},')
    print("}")
    answered = 1 / (1 + np.exp(-features @ weights)) >= ANSWERED_FROM
    total = (answerable == 1).sum() + sum(refused), (answerable == 0).sum() + len(refused) - sum(refused)
    print(f"dev: answered {(answered & (answerable == 1)).sum()} of {total[0]} answerable, ", end="")
    print(f"{(answered & (answerable == 0)).sum()} of {total[1]} unanswerable; refused by rule: {len(refused)}")


def fit(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the ridge-penalised logistic weights by Newton's method; the first feature is the intercept, unpenalised."""
    weights = np.zeros(features.shape[1])
    penalty = np.full(features.shape[1], RIDGE)
    penalty[0] = 1e-6
    for _ in range(100):
        probabilities = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (probabilities - labels) + penalty * weights
        curvature = probabilities * (1 - probabilities)
        hessian = (features * curvature[:, None]).T @ features + np.diag(penalty)
        weights -= np.linalg.solve(hessian, gradient)
    return weights


if __name__ == "__main__":
    main()
