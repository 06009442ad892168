"""What a generation says of itself: manifest.json, and index/CURRENT, which names the one in use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.corpus.guides import guide_paths
from qa.corpus.lexicon import FILE as LEXICON
from qa.corpus.phrasings import phrasing_paths
from qa.errors import GenerationError
from qa.index.storage import replace_text, sha256_file

FORMAT = 3
FILE, CURRENT, GENERATIONS = "manifest.json", "CURRENT", "generations"
REBUILD = "Mend: qa index build"


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a build writes, but the guides themselves. Two builds of one recipe can share embeddings."""

    format: int
    model: str
    weights: str
    precision: str
    analyzer: str
    max_tokens: int
    centre_share: float


@dataclass(frozen=True)
class Manifest:
    """The generation's description; files maps each file's name to its size in bytes and sha256."""

    generation: str
    built_at: str
    corpus_hash: str
    recipe: Recipe
    prompts: dict[str, str]
    guides: int
    sections: int
    passages: int
    tokens: int
    files: dict[str, dict[str, Any]]

    def to_json(self) -> str:
        """Return the manifest as it stands on disk."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"

    def damages(self, folder: Path) -> Iterator[tuple[Path, str]]:
        """Yield every file in folder that is not as it was built, with what is wrong."""
        for name, expected in self.files.items():
            path = folder / name
            if not path.is_file():
                yield path, "is missing"
            elif path.stat().st_size != expected["bytes"] or sha256_file(path) != expected["sha256"]:
                yield path, "is damaged: its bytes are not those that were built"

    def verify(self, folder: Path) -> None:
        """Compare every file in folder with its size and hash; GenerationError names the first that differs."""
        for path, what in self.damages(folder):
            raise GenerationError(f"{path} {what}. {REBUILD} --full")


def read_current(index: Path) -> str:
    """Return the content of CURRENT; GenerationError where nothing was built yet."""
    try:
        return (index / CURRENT).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise GenerationError(f"No index in {index}. {REBUILD}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise GenerationError(f"{index / CURRENT} can't be read. {REBUILD} --full") from error


def write_current(index: Path, manifest: Manifest) -> None:
    """Make manifest's generation the one in use, atomically."""
    digest = hashlib.sha256(manifest.to_json().encode()).hexdigest()
    replace_text(index / CURRENT, f"{manifest.generation} {digest}\n")


def read_manifest(index: Path, current: str) -> tuple[Manifest, Path]:
    """Return the manifest that current (the content of CURRENT) names, and its folder; GenerationError where they don't agree."""
    name, _, digest = current.strip().partition(" ")
    folder = index / GENERATIONS / name
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:  # ValueError: bytes that are no text, or no file's name
        raise GenerationError(f"{index / CURRENT} names {name!r}, which has no readable manifest. {REBUILD} --full") from error
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise GenerationError(f"{folder / FILE} is damaged: its hash is not the one in CURRENT. {REBUILD} --full")
    values = json.loads(text)
    if values["recipe"].get("format") != FORMAT:
        raise GenerationError(f"{folder} was built by another version of this program. {REBUILD} --full")
    return Manifest(**{**values, "recipe": Recipe(**values["recipe"])}), folder


def hash_corpus(corpus: Path) -> str:
    """Return one hash over the guides' files, the lexicon and the phrasings: names and bytes."""
    digest = hashlib.sha256()
    for path in [*(path for _, path in guide_paths(corpus)), corpus / LEXICON, *phrasing_paths(corpus)]:
        if path.is_file():
            digest.update(f"{path.relative_to(corpus).as_posix()}\0{_hash_or_nothing(path)}\n".encode())
    return digest.hexdigest()


def _hash_or_nothing(path: Path) -> str:
    """Return the hash of the file at path; '' where it can't be read, which reading the guides reports."""
    try:
        return sha256_file(path)
    except OSError:
        return ""
