"""Small sets to measure on: questions about the small corpus, and a BEIR folder of eleven documents in three languages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from qa.config import Settings
from qa.evaluation.beir import CORPUS
from qa.evaluation.documents import Documents
from qa.index.build import BuildPlan, build_index
from qa.index.embedder import PASSAGE, Embedder, Encoded
from qa.index.generation import Generation
from qa.wiring import recipe_of

ANSWERABLE = ("fee-zh", "steps-ja", "sim-zh", "fee-ja", "steps-en", "storage-zh")
UNANSWERABLE = ("mineo-zh", "weather-ja")

_QUESTIONS = (
    ("fee-zh", "povo 销户费用多少钱", "zh-Hans", "dev", "povo", "fees"),
    ("steps-ja", "povoの解約の手順を教えて", "ja", "test", "povo", "steps"),
    ("sim-zh", "LINEMO 的 SIM 卡要归还吗", "zh-Hans", "test", "linemo", "sim"),
    ("fee-ja", "楽天モバイルの解約金はいくら", "ja", "dev", "rakuten-mobile", "fees"),
    ("steps-en", "How do I cancel povo online?", "en", "dev", "povo", "steps"),
    ("storage-zh", "号码保管可以放多久", "zh-Hans", "test", None, "storage"),
    ("mineo-zh", "mineo 销户要多少钱", "zh-Hans", "dev", None, None),
    ("weather-ja", "明日の東京の天気は", "ja", "test", None, None),
)
QRELS = """\
fee-zh\t0\tpovo#fees\t2
fee-zh\t0\tpovo#overview\t1
steps-ja\t0\tpovo#steps\t2
sim-zh\t0\tlinemo#sim\t2
sim-zh\t0\tsim-return#must-return\t1
fee-ja\t0\trakuten-mobile#fees\t2
steps-en\t0\tpovo#steps\t2
steps-en\t0\tpovo#overview\t1
storage-zh\t0\ttwin-a#storage\t2
storage-zh\t0\ttwin-b#storage\t2
mineo-zh\t0\tpovo#fees\t0
"""
_EVIDENCE = (
    ("fee-zh", "povo#fees", "povo2.0 销户费用为 0 日元"),
    ("steps-ja", "povo#steps", "povoの公式サイトで「サポート」を選びます。"),
    ("fee-ja", "rakuten-mobile#fees", "1年以内に解約すると1,078円です"),
)

# The words that answer q-long stand in the last of them only.
_LONG = "\n\n".join(
    [f"Chapter {n}. The caravan went on through sand and stone, and nothing else was written down that day." for n in range(24)]
    + ["The lighthouse of Aomori was painted green by the keeper's daughter in the spring of 1911."]
)
DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "en-tea": ("Tea", "Green tea is steamed soon after picking, which keeps the leaves from turning brown."),
    "en-bridge": ("Bridges", "A suspension bridge hangs its deck from cables that run between two towers."),
    "en-bees": ("", "Honey bees dance to tell each other where flowers are."),
    "en-long": ("The caravan", _LONG),
    "zh-tea": ("茶叶", "红茶要经过发酵，叶子因此变成深褐色。"),
    "zh-panda": ("大熊猫", "大熊猫一天要吃十几公斤竹子，大部分时间都在进食。"),
    "zh-wall": ("长城", "长城沿着山脊修建，用来防御北方的敌人。"),
    "ja-onsen": ("温泉", "温泉に入る前には、体を洗ってから湯船につかります。"),
    "ja-train": ("新幹線", "新幹線は東京と大阪を二時間半ほどで結んでいます。"),
    "ja-sushi": ("寿司", "寿司職人は米の炊き方から何年も修業します。"),
    "blank": ("", " "),
}
QUERIES = {
    "q-tea": "Why does green tea not turn brown?",
    "q-panda": "大熊猫每天吃多少竹子",
    "q-train": "新幹線で東京から大阪まで何時間",
    "q-long": "Who painted the lighthouse of Aomori green?",
    "q-wall": "¿contra quién?",  # shares no term with any document
    "q-unjudged": "Where do bees dance?",
}
BEIR_QRELS = """\
query-id\tcorpus-id\tscore
q-tea\ten-tea\t1
q-tea\tzh-tea\t1
q-panda\tzh-panda\t1
q-train\tja-train\t1
q-long\ten-long\t1
q-wall\tzh-wall\t1
"""
JUDGED = ("q-tea", "q-panda", "q-train", "q-long", "q-wall")


def write_questions(folder: Path) -> Path:
    """Write the questions about the small corpus with their judgements and evidence, without a gate, into folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("question_id", "text", "language", "split", "operator", "topic")
    rows = [dict(zip(names, row, strict=True)) | {"answerable": row[0] in ANSWERABLE} for row in _QUESTIONS]
    write_rows(folder / "questions.jsonl", rows)
    (folder / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    evidence = ("question_id", "section_id", "text")
    write_rows(folder / "evidence.jsonl", (dict(zip(evidence, row, strict=True)) for row in _EVIDENCE))
    return folder


def write_beir(folder: Path, documents: Mapping[str, tuple[str, str]] = DOCUMENTS) -> Path:
    """Write documents with the queries and judgements of this file as a BEIR folder and return it."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    write_rows(
        folder / "corpus.jsonl", ({"_id": key, "title": title, "text": text} for key, (title, text) in documents.items())
    )
    write_rows(folder / "queries.jsonl", ({"_id": key, "text": text} for key, text in QUERIES.items()))
    (folder / "qrels" / "test.tsv").write_text(BEIR_QRELS, encoding="utf-8")
    return folder


def small_generation(folder: Path, cache: Path, embedder: Embedder) -> tuple[Path, Generation]:
    """Write the BEIR folder below folder, build the index of its documents beside it, and return both."""
    beir = write_beir(folder / "beir")
    plan = BuildPlan(Documents(beir / CORPUS), folder / "index", cache, recipe_of(Settings(cache=cache)), lambda: embedder)
    build_index(plan, False, lambda done, total: None, lambda text: None)
    return beir, Generation.open_current(folder / "index")


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def write_gate(path: Path, least: float, mode: str = "hybrid", measure: str = "Success@1") -> Path:
    """Write a gate of one floor and return its path."""
    path.write_text(f'mode = "{mode}"\n[[bound]]\nmeasure = "{measure}"\nleast = {least}\n', encoding="utf-8")
    return path


def listing(folder: Path) -> dict[str, int]:
    """Return every path below folder with the time of its last change; empty where there is no folder."""
    return {str(path): path.lstat().st_mtime_ns for path in sorted(folder.rglob("*"))}


class RememberingEmbedder(Embedder):
    """The model, which runs on each text once."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder._model, embedder.identity)
        self.known: dict[tuple[str, str], Encoded] = {}

    def encode(self, texts: Sequence[str], kind: str) -> Iterator[Encoded]:
        """Yield each text encoded."""
        missing = [text for text in texts if (text, kind) not in self.known]
        for text, encoded in zip(missing, super().encode(missing, kind), strict=True):
            self.known[text, kind] = encoded
        yield from (self.known[text, kind] for text in texts)


class CountingEmbedder(Embedder):
    """A model, which keeps what it was given; after `stop_after` passages a person presses Ctrl-C."""

    def __init__(self, embedder: Embedder, stop_after: int | None = None) -> None:
        super().__init__(embedder._model, embedder.identity)
        self.passages: list[str] = []
        self.queries: list[str] = []
        self.stop_after = stop_after
        self._embedder = embedder

    def encode(self, texts: Sequence[str], kind: str) -> Iterator[Encoded]:
        """Yield each text encoded."""
        for text, encoded in zip(texts, self._embedder.encode(texts, kind), strict=True):
            if kind == PASSAGE:
                if len(self.passages) == self.stop_after:
                    raise KeyboardInterrupt
                self.passages.append(text)
            else:
                self.queries.append(text)
            yield encoded


class UnusedEmbedder(CountingEmbedder):
    """A model that must not run."""

    def encode(self, texts: Sequence[str], kind: str) -> Iterator[Encoded]:
        """Let the test fail."""
        pytest.fail(f"the model ran on {len(texts)} texts as {kind}")
