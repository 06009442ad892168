from __future__ import annotations

from pathlib import Path

import pytest
from command_line import point_at, run
from retrieval.small_phrasings import phrased_settings

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Language, Mode, Weights
from qa.index.embedder import Embedder

FEE = "povo 销户费用多少钱"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    return phrased_settings(tmp_path_factory.mktemp("small"), cache, embedder)


@pytest.fixture(autouse=True)
def _small_index(small: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(small, monkeypatch, embedder)


@pytest.fixture(scope="module")
def assistant(small: Settings, embedder: Embedder) -> Assistant:
    return Assistant(small.index, embedder, Weights())


def test_ask_prints_one_object_with_these_keys(assistant: Assistant) -> None:
    ran = run("ask", FEE, "--json")
    answer = assistant.answer(FEE)

    assert (ran.code, ran.stderr) == (0, "")
    assert list(ran.json) == [
        "question",
        "language",
        "outcome",
        "text",
        "confidence",
        "citations",
        "follow_ups",
        "generation",
        "timings_ms",
    ]
    assert ran.json["question"] == FEE
    assert (ran.json["language"], ran.json["outcome"]) == ("zh-Hans", "answered")
    assert (ran.json["text"], ran.json["confidence"]) == (answer.text, answer.confidence)
    assert ran.json["follow_ups"] == list(answer.follow_ups)
    assert ran.json["generation"] == assistant.generation.id
    assert set(ran.json["timings_ms"]) == {"open", "answer"}


def test_asks_citations_are_whole(assistant: Assistant) -> None:
    (citation,) = run("ask", FEE, "--json").json["citations"]
    guide = assistant.generation.guides["povo", Language.ZH_HANS]

    assert list(citation) == [
        "marker",
        "guide_id",
        "section_id",
        "language",
        "headings",
        "quote",
        "display",
        "start",
        "end",
        "sources",
        "checked",
        "official_url",
    ]
    assert citation["quote"] == guide.text[citation["start"] : citation["end"]]
    assert [list(source) for source in citation["sources"]] == [["id", "title", "url", "publisher", "date"]] * 2


def test_search_prints_one_object_with_these_keys(assistant: Assistant) -> None:
    ran = run("search", FEE, "--json")
    hits = assistant.search(FEE)

    assert (ran.code, ran.stderr) == (0, "")
    assert list(ran.json) == ["query", "mode", "generation", "hits"]
    assert (ran.json["query"], ran.json["mode"], ran.json["generation"]) == (FEE, "hybrid", assistant.generation.id)
    keys = ["passage_id", "guide_id", "section_id", "language", "headings", "text", "start", "end", "score", "parts"]
    assert [list(hit) for hit in ran.json["hits"]] == [keys] * len(hits)
    assert all(list(hit["parts"]) == ["dense", "lexical", "late", "phrasing"] for hit in ran.json["hits"])
    assert [(hit["passage_id"], hit["score"]) for hit in ran.json["hits"]] == [(h.passage.passage_id, h.score) for h in hits]


def test_search_takes_k_mode_language_and_operator(assistant: Assistant) -> None:
    ran = run("search", "解約金", "-k", "2", "--mode", "lexical", "--language", "ja", "--operator", "povo", "--json")
    hits = assistant.search("解約金", 2, Mode.LEXICAL, Language.JA, "povo")

    assert ran.json["mode"] == "lexical"
    assert [hit["passage_id"] for hit in ran.json["hits"]] == [hit.passage.passage_id for hit in hits]
    assert len(hits) == 2
    assert {hit["guide_id"] for hit in ran.json["hits"]} == {"povo"}
    assert {hit["language"] for hit in ran.json["hits"]} == {"ja"}


def test_a_search_without_hits_is_done_and_empty() -> None:
    ran = run("search", "povo", "--operator", "mineo", "--json")

    assert ran.code == 0
    assert ran.json["hits"] == []


def test_the_text_of_ask_holds_the_answer_and_where_it_is_from() -> None:
    ran = run("ask", "povo 的 SIM 卡要归还吗")

    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "povo2.0 的 SIM 卡不用归还，自行销毁即可。 [1]",
        "",
        "[1] povo 的解约与销户 · SIM 卡要不要归还 (povo#sim, zh-Hans)",
        "    https://example.org/fees (third-party, undated)",
        "    compiled 2026-11-22; operator's page: https://example.com/povo",
    ]


def test_the_text_of_search_is_a_ranked_list() -> None:
    ran = run("search", "povo 的 SIM 卡要归还吗", "-k", "2")
    first, passage, second, _ = ran.stdout.splitlines()

    assert first.split()[0] == "1"
    assert first.endswith("povo#sim (zh-Hans)")
    assert passage.strip() == "povo2.0 的 SIM 卡不用归还，自行销毁即可。[^s2]"
    assert second.split()[0] == "2"


def test_the_answers_language_can_be_chosen() -> None:
    assert run("ask", "povo 怎么销户", "--language", "ja", "--json").json["language"] == "ja"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("search",),
        ("ask",),
        ("search", "povo", "--mode", "fuzzy"),
        ("search", "povo", "-k", "0"),
        ("search", "povo", "-k", "1001"),
        ("search", "povo", "--language", "fr"),
        ("ask", "povo", "--nope"),
        ("index", "nope"),
        ("chat", "--port", "0"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_so(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)

    assert ran.code == 2
    assert "Usage: " in ran.stderr + ran.stdout


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("ask",),
        ("search",),
        ("chat",),
        ("mcp",),
        ("index",),
        ("corpus",),
        ("index", "build"),
        ("index", "check"),
        ("corpus", "check"),
    ],
)
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")

    assert ran.code == 0
    assert "Usage: " in ran.stdout
