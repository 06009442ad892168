from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import point_at, run
from small_corpus import write_small_corpus

from qa.config import Settings

COMPARISONS = [f"{language}/topics/comparison.md" for language in ("zh-Hans", "ja")]


@pytest.fixture(autouse=True)
def corpus(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the small corpus, which commands find; no model is needed."""
    point_at(settings, monkeypatch)
    return write_small_corpus(settings.corpus)


@pytest.fixture
def comparable(corpus: Path) -> Path:
    """Return the small corpus with a guide of every operator in zh-Hans and ja."""
    shutil.copy(corpus / "zh-Hans/operators/linemo.md", corpus / "ja/operators")
    shutil.copy(corpus / "ja/operators/rakuten-mobile.md", corpus / "zh-Hans/operators")
    return corpus


def test_corpus_check_prints_one_object_with_these_keys(corpus: Path) -> None:
    ran = run("corpus", "check", "--json")

    assert ran.code == 1
    assert list(ran.json) == ["ok", "guides", "problems"]
    assert (ran.json["ok"], ran.json["guides"]) == (False, 8)
    assert all(list(problem) == ["file", "line", "rule", "message"] for problem in ran.json["problems"])
    text = run("corpus", "check")
    *problems, last = text.stdout.splitlines()
    assert problems == [f"{p['file']}:{p['line']}: {p['message']} [{p['rule']}]" for p in ran.json["problems"]]
    assert last == f"8 guides, {len(problems)} problems"


def test_a_corpus_without_a_fault_is_ok(corpus: Path) -> None:
    for path in corpus.glob("*/operators/*.md"):
        path.unlink()
    for path in corpus.glob("*/topics/*.md"):
        if path.stem != "sim-return" or path.parts[-3] != "zh-Hans":
            path.unlink()

    ran = run("corpus", "check", "--json")
    assert (ran.code, ran.json) == (0, {"ok": True, "guides": 1, "problems": []})
    assert run("corpus", "check").stdout.endswith(" 0 problems\n")


def test_compare_writes_the_comparison_and_says_which_files_changed(comparable: Path) -> None:
    ran = run("corpus", "compare")

    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [f"written: {file}" for file in COMPARISONS]
    assert all("povo" in (comparable / file).read_text("utf-8") for file in COMPARISONS)
    again = run("corpus", "compare")
    assert (again.code, again.stdout) == (0, "The comparison says what the guides say.\n")


def test_compare_prints_one_object_with_this_key(comparable: Path) -> None:
    assert run("corpus", "compare", "--json").json == {"changed": COMPARISONS}
    assert run("corpus", "compare", "--json").json == {"changed": []}
    (comparable / COMPARISONS[1]).unlink()
    assert run("corpus", "compare", "--json").json == {"changed": COMPARISONS[1:]}


def test_compare_names_the_operators_as_the_lexicon_does(comparable: Path) -> None:
    run("corpus", "compare")

    assert "- 乐天移动：" in (comparable / COMPARISONS[0]).read_text("utf-8")
    assert "- 楽天モバイル：" in (comparable / COMPARISONS[1]).read_text("utf-8")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_compare_writes_nothing_while_a_guide_has_a_fault(comparable: Path, form: list[str]) -> None:
    path = comparable / "zh-Hans/operators/povo.md"
    path.write_text(path.read_text("utf-8").replace("checked: 2026-11-22", "checked: soon"), "utf-8")
    ran = run("corpus", "compare", *form)

    assert ran.code == 1
    assert "corpus/zh-Hans/operators/povo.md:5: checked: " in ran.stderr
    assert "The comparison was not written. Mend the faults above, then: qa corpus compare" in ran.stderr
    assert not any((comparable / file).exists() for file in COMPARISONS)
