from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line import point_at, run
from small_corpus import build, write_small_corpus

from qa.config import Settings
from qa.index.embedder import Embedder
from qa.index.manifest import CURRENT


@pytest.fixture(autouse=True)
def corpus(settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the small corpus, which commands find, without an index."""
    point_at(settings, monkeypatch, embedder)
    return write_small_corpus(settings.corpus)


def failed_build(settings: Settings) -> list[dict[str, Any]]:
    """Run a build that fails, and return what it says of each fault; stderr names each too, and nothing is published."""
    ran = run("index", "build", "--json")
    assert ran.code == 1
    assert ran.json["generation"] is None
    assert ran.json["passages"] == 0
    assert not (settings.index / CURRENT).exists()
    faults: list[dict[str, Any]] = ran.json["failed"]
    assert all(list(fault) == ["file", "line", "message"] for fault in faults)
    lines = [line for line in ran.stderr.splitlines() if line.strip()]
    assert [line.rpartition(" [")[0] for line in lines[:-1]] == [f"{f['file']}:{f['line']}: {f['message']}" for f in faults]
    assert lines[-1].endswith("nothing was published. Mend them, then: qa index build")
    return faults


def test_all_faults_of_all_guides_are_listed_by_file_and_line(settings: Settings, corpus: Path) -> None:
    povo = corpus / "zh-Hans/operators/povo.md"
    povo.write_text(povo.read_text("utf-8").replace("checked: 2026-11-22", "checked: soon\nprot: 1"), "utf-8")
    linemo = corpus / "zh-Hans/operators/linemo.md"
    linemo.write_text("# no front matter", "utf-8")
    rakuten = corpus / "ja/operators/rakuten-mobile.md"
    rakuten.write_text(rakuten.read_text("utf-8").replace("[^s1]", "[^s9]", 1), "utf-8")

    faults = failed_build(settings)
    assert [(Path(fault["file"]).stem, fault["line"]) for fault in faults] == [
        ("linemo", 1),
        ("povo", 5),
        ("povo", 6),
        ("rakuten-mobile", 12),
    ]
    assert "---" in faults[0]["message"]
    assert faults[1]["message"].startswith("checked: ")
    assert faults[2]["message"].startswith("prot: unknown key; the known ones are: official_url, online, cost, ")
    assert faults[3]["message"] == "footnote [^s9] has no source of that id in the front matter"
    checked = run("corpus", "check", "--json").json["problems"]
    assert {(f["file"], f["line"], f["message"]) for f in faults} <= {(p["file"], p["line"], p["message"]) for p in checked}


def test_a_guide_id_that_is_taken_is_named_with_who_has_it(settings: Settings, corpus: Path) -> None:
    shutil.copy(corpus / "zh-Hans/operators/povo.md", corpus / "zh-Hans/topics/povo.md")

    message = "guide id 'povo' is taken by corpus/zh-Hans/operators/povo.md; rename one of them"
    assert failed_build(settings) == [{"file": "corpus/zh-Hans/topics/povo.md", "line": 1, "message": message}]


def test_a_failed_build_leaves_the_index_in_use(settings: Settings, corpus: Path, embedder: Embedder) -> None:
    generation = build(settings, embedder)
    (corpus / "zh-Hans/operators/povo.md").write_text("broken", "utf-8")

    assert run("index", "build").code == 1
    assert run("ask", "povo 怎么销户", "--json").json["generation"] == generation


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("fees: [\n", "1: not YAML: "),
        ("fees:\n  zh-Hans: [销户要钱吗]\n  fr: [combien]\n", "3: fees.fr"),
        ("fees:\n  zh-Hans:\n    - 销户要钱吗\n    - ''\n", "4: fees.zh-Hans.1: "),
    ],
    ids=["no YAML", "no language", "blank"],
)
def test_phrasings_that_cannot_be_read_are_named_by_file_and_line_and_leave_the_index_in_use(
    text: str, fault: str, settings: Settings, corpus: Path, embedder: Embedder
) -> None:
    generation = build(settings, embedder)
    file = corpus / "phrasings/operators.yaml"
    file.parent.mkdir()
    file.write_text(text, "utf-8")

    for arguments in (("index", "build"), ("corpus", "check")):
        ran = run(*arguments)
        assert ran.code == 1
        assert ran.complaint.startswith(f"corpus/phrasings/operators.yaml:{fault}")
    assert run("ask", "povo 怎么销户", "--json").json["generation"] == generation


def test_a_failed_build_writes_no_blank_line(corpus: Path) -> None:
    shutil.rmtree(corpus)

    assert run("index", "build").stderr.count("\n") == 1
