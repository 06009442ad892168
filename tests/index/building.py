"""Builds of a small corpus: what a test changes between two builds, it changes here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qa.index.build import BuildPlan, BuildReport, build_index, recipe
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.index.guide_source import GuideFolder
from qa.index.packed_model import SHA256

BODY = """\
## 费用 {#fees}

销户手续费是 0 日元。[^s1]

## 步骤 {#steps}

在官网登录，然后提交。[^s1]
"""


@dataclass
class Workshop:
    """A corpus, an index and a cache; warnings and progress are what the builds reported."""

    folder: Path
    embedder: Embedder
    cache: Path
    max_tokens: int = 256
    model: str = "bundled"
    centre_share: float = 0.65
    warnings: list[str] = field(default_factory=list)
    progress: list[tuple[int, int]] = field(default_factory=list)
    loads: int = 0

    @property
    def corpus(self) -> Path:
        """Return the folder of the guides."""
        return self.folder / "corpus"

    def build(self, *, full: bool = False, index: str = "index") -> BuildReport:
        """Build the corpus as it is now."""
        wanted = recipe(self.model, SHA256, "float32", self.max_tokens, self.centre_share)
        plan = BuildPlan(GuideFolder(self.corpus), self.folder / index, self.cache, wanted, self._load)
        return build_index(plan, full, lambda done, total: self.progress.append((done, total)), self.warnings.append)

    def open(self, index: str = "index") -> Generation:
        """Open the generation in use."""
        return Generation.open_current(self.folder / index)

    def replace(self, guide: Path, old: str, new: str) -> None:
        """Replace old by new in guide."""
        text = guide.read_text(encoding="utf-8")
        assert old in text
        guide.write_text(text.replace(old, new), encoding="utf-8")

    def _load(self) -> Embedder:
        self.loads += 1
        return self.embedder
