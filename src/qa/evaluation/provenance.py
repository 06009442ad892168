"""What a report says of where its figures come from: enough to get the same ones again."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.evaluation.run import DEPTH
from qa.evaluation.significance import CONFIDENCE, RESAMPLES, SEED
from qa.retrieval.retriever import CANDIDATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.evaluation.dataset import Dataset
    from qa.evaluation.evaluate import System

_LIBRARIES = ("bm25s", "faiss-cpu", "ir-measures", "numpy", "pytrec-eval-terrier", "scipy", "sentence-transformers", "torch")
_HASHED = (".py", ".toml", ".tsv")


def provenance(dataset: Dataset, systems: Sequence[System], command: str) -> dict[str, Any]:
    """Return what was measured, on what, with what; of several systems the last one's index, and each one's under its label."""
    described = {system.label.removesuffix("/"): _described(system) for system in systems}
    return {
        "command": command,
        "questions": {"answerable": len(dataset.answerable), "in_all": len(dataset.questions), "unit": dataset.unit},
        "files": dict(dataset.files),
        **described[systems[-1].label.removesuffix("/")],
        **({"systems": described} if len(systems) > 1 else {}),
        "retrieval": {"candidates": CANDIDATES, "depth": DEPTH},
        "statistics": {"resamples": RESAMPLES, "confidence": CONFIDENCE, "seed": SEED},
        "program": program_hash(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("kaiyaku-qa", *_LIBRARIES)}},
    }


def origin(described: Mapping[str, Any]) -> str:
    """Return the heart of a provenance in one line."""
    short = {"corpus": described["corpus_hash"], "weights": described["weights"], "program": described["program"]}
    hashes = ", ".join(f"{name} {value[:12]}" for name, value in short.items())
    return f"model {described['model']}, generation {described['generation']}, {hashes}"


def program_hash() -> str:
    """Return one hash over names and bytes of the program's modules and of the tables that they read."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in _HASHED):
        digest.update(f"{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _described(system: System) -> dict[str, Any]:
    manifest = system.generation.manifest
    recipe = asdict(manifest.recipe)
    return {
        "generation": manifest.generation,
        "corpus_hash": manifest.corpus_hash,
        "guides": manifest.guides,
        "passages": manifest.passages,
        "tokens": manifest.tokens,
        "prompts": dict(manifest.prompts),
        "weights_of_score": asdict(system.weights),
        **{key: recipe[key] for key in ("model", "weights", "precision", "analyzer", "max_tokens", "centre_share", "format")},
    }
