from __future__ import annotations

from pathlib import Path

import pytest
from command_line import point_at, run
from small_corpus import build, write_small_corpus

from qa.config import Settings
from qa.index.embedder import Embedder
from qa.index.manifest import GENERATIONS

BUILD_KEYS = ["generation", "guides", "sections", "passages", "tokens", "added", "changed", "removed", "reused"]
BUILD_KEYS += ["failed", "full_because", "seconds"]


@pytest.fixture(autouse=True)
def corpus(settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the small corpus, which commands find, without an index."""
    point_at(settings, monkeypatch, embedder)
    return write_small_corpus(settings.corpus)


def edit(corpus: Path, old: str, new: str) -> None:
    path = corpus / "zh-Hans/operators/povo.md"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_build_prints_one_object_with_these_keys(settings: Settings) -> None:
    ran = run("index", "build", "--json")

    assert ran.code == 0
    assert list(ran.json) == BUILD_KEYS
    assert (settings.index / GENERATIONS / ran.json["generation"]).is_dir()
    assert (ran.json["guides"], ran.json["sections"], ran.json["passages"]) == (8, 22, 19)
    assert [ran.json[count] for count in ("added", "changed", "removed")] == [19, 0, 0]
    assert ran.json["failed"] == []
    assert ran.json["full_because"].startswith("No index in ")
    assert ran.json["tokens"] > ran.json["passages"]


def test_a_second_build_has_nothing_to_do(embedder: Embedder) -> None:
    first = run("index", "build", "--json").json
    second = run("index", "build", "--json").json

    assert second["generation"] == first["generation"]
    assert (second["added"], second["changed"], second["removed"]) == (0, 0, 0)
    assert (second["reused"], second["full_because"]) == (19, None)


def test_a_build_counts_what_changed_and_embeds_only_that(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    before = run("index", "build", "--json").json
    edit(corpus, "自行销毁即可", "自行销毁就行")
    after = run("index", "build", "--json").json

    assert after["generation"] != before["generation"]
    assert (after["added"], after["changed"], after["removed"], after["reused"]) == (0, 1, 0, 18)


def test_a_full_build_reuses_nothing_and_says_why() -> None:
    run("index", "build")
    ran = run("index", "build", "--full", "--json")

    assert (ran.json["reused"], ran.json["full_because"]) == (0, "--full")


def test_the_text_of_build_is_one_line() -> None:
    ran = run("index", "build")
    (line,) = ran.stdout.splitlines()

    assert ran.code == 0
    assert line.startswith("Index ")
    assert "8 guides, 19 passages (19 added, 0 changed, 0 removed, " in line


def test_status_prints_one_object_with_these_keys(settings: Settings, embedder: Embedder) -> None:
    generation = build(settings, embedder)
    ran = run("index", "status", "--json")

    assert (ran.code, ran.stderr) == (0, "")
    assert list(ran.json) == ["generation", "built_at", "fresh", "stale_because", "guides", "passages", "model", "bytes"]
    assert (ran.json["generation"], ran.json["fresh"], ran.json["stale_because"]) == (generation, True, [])
    assert (ran.json["guides"], ran.json["passages"], ran.json["model"]) == (8, 19, "bundled")
    files = {name: (settings.index / GENERATIONS / generation / name).stat().st_size for name in ran.json["bytes"]}
    assert ran.json["bytes"] == files
    assert {"passages.sqlite", "dense.faiss"} <= set(files)


def test_status_says_how_large_the_index_is_and_each_passage_of_it(settings: Settings, embedder: Embedder) -> None:
    build(settings, embedder)
    size = sum(run("index", "status", "--json").json["bytes"].values())

    (line,) = (line for line in run("index", "status").stdout.splitlines() if line.startswith("holds"))
    assert line.endswith(f"8 guides, 19 passages, {size / 1e6:.1f} MB ({size / 19 / 1e3:.0f} KB a passage)")


def test_status_says_why_an_index_is_stale(settings: Settings, corpus: Path, embedder: Embedder) -> None:
    build(settings, embedder)
    edit(corpus, "0 日元", "550 日元")
    ran = run("index", "status")

    assert run("index", "status", "--json").json["stale_because"] == ["the guides, the lexicon or the phrasings changed"]
    assert ran.code == 0
    assert (
        ran.stdout.splitlines()[-1] == "fresh       no: the guides, the lexicon or the phrasings changed. Mend: qa index build"
    )


def test_status_of_no_index_is_stale_and_names_the_mend(settings: Settings) -> None:
    ran = run("index", "status", "--json")

    assert ran.code == 0
    assert ran.json["generation"] is ran.json["built_at"] is None
    assert ran.json["fresh"] is False
    assert ran.json["stale_because"] == [f"No index in {settings.index}. Mend: qa index build"]
    assert run("index", "status").stdout == f"No index in {settings.index}. Mend: qa index build\n"


def test_check_of_a_whole_index_prints_one_object_with_these_keys(settings: Settings, embedder: Embedder) -> None:
    generation = build(settings, embedder)
    ran = run("index", "check", "--json")

    assert (ran.code, ran.stderr) == (0, "")
    assert ran.json == {"generation": generation, "ok": True, "problems": []}
    assert list(ran.json) == ["generation", "ok", "problems"]
    assert run("index", "check").stdout == f"{generation}: every byte is as built\n"


def test_search_and_ask_work_on_what_build_built(embedder: Embedder) -> None:
    generation = run("index", "build", "--json").json["generation"]

    assert run("ask", "povo 怎么销户", "--json").json["generation"] == generation
    assert run("search", "povo 怎么销户", "--json").json["generation"] == generation


def test_how_like_a_question_is_to_the_phrasings_of_a_section_stands_in_search_in_hybrid_mode(corpus: Path) -> None:
    file = corpus / "phrasings/operators.yaml"
    file.parent.mkdir()
    file.write_text("fees: {zh-Hans: [销户要付多少钱, 违约金是多少]}\nsim: {zh-Hans: [卡要寄回去吗]}\n", "utf-8")
    assert run("index", "build").code == 0

    like = {hit["section_id"]: hit["parts"]["phrasing"] for hit in run("search", "povo 销户费用多少钱", "--json").json["hits"]}
    assert all(0 <= each <= 1 for each in like.values())
    assert (
        like["povo#fees"] > like["povo#overview"] > like["povo#sim"]
    )  # the overview, of which nobody wrote any, has the median
    for mode in ("dense", "lexical"):
        hits = run("search", "povo 销户费用多少钱", "--mode", mode, "--json").json["hits"]
        assert {hit["parts"]["phrasing"] for hit in hits} == {None}


def test_a_damaged_embedding_cache_is_reported_on_stderr_and_stdout_stays_one_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "embeddings.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 100)
    monkeypatch.setenv("QA_CACHE", str(cache))

    ran = run("index", "build", "--json")
    assert (ran.code, ran.json["reused"]) == (0, 0)
    assert "The embedding cache was damaged" in ran.stderr
