from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from retrieval.small_phrasings import phrased_settings
from small_corpus import build

from qa import wiring
from qa.config import Settings
from qa.errors import GenerationError
from qa.index.embedder import Embedder
from qa.index.manifest import CURRENT


@pytest.fixture
def built(tmp_path: Path, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of a small corpus with phrasings of its own, built."""
    return phrased_settings(tmp_path, cache, embedder)


@pytest.fixture
def never_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test fail where the model is loaded."""

    def refuse(_: Settings) -> Embedder:
        pytest.fail("the model was loaded")

    monkeypatch.setattr(wiring, "load_embedder", refuse)


def rebuild(settings: Settings, full: bool = False) -> tuple[str | None, str | None]:
    report = wiring.build_index(settings, full, lambda done, total: None, lambda text: None)
    return report.generation, report.full_because


def test_an_index_is_fresh_after_it_was_built(built: Settings) -> None:
    status = wiring.index_status(built)

    assert (status.fresh, status.stale_because) == (True, ())
    assert status.generation == (built.index / CURRENT).read_text().split()[0]
    assert (status.guides, status.passages, status.model) == (8, 19, "bundled")


@pytest.mark.parametrize("name", ["zh-Hans/operators/povo.md", "lexicon.yaml", "phrasings/operators.yaml"])
def test_an_index_is_stale_when_anything_of_the_corpus_changed_and_fresh_when_it_changed_back(
    name: str, built: Settings
) -> None:
    path = built.corpus / name
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    assert wiring.index_status(built).stale_because == ("the guides, the lexicon or the phrasings changed",)

    path.write_bytes(before)
    assert wiring.index_status(built).fresh


@pytest.mark.parametrize("change", ["add", "remove", "rename"])
def test_an_index_is_stale_when_the_set_of_guides_changed(change: str, built: Settings) -> None:
    path = built.corpus / "zh-Hans/topics/twin-b.md"
    if change == "add":
        path.with_name("twin-c.md").write_bytes(path.read_bytes())
    elif change == "remove":
        path.unlink()
    else:
        path.rename(path.with_name("twin-z.md"))

    assert wiring.index_status(built).stale_because == ("the guides, the lexicon or the phrasings changed",)


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("max_tokens", 128, "max_tokens was 256, is now 128"),
        ("centre_share", 0.5, "centre_share was 0.65, is now 0.5"),
        ("precision", "bfloat16", "precision was float32, is now bfloat16"),
        ("model", "another/model", "model was bundled, is now another/model"),
    ],
)
def test_an_index_is_stale_when_a_setting_that_needs_a_rebuild_changed(
    setting: str, value: object, reason: str, built: Settings
) -> None:
    status = wiring.index_status(built.model_copy(update={setting: value}))

    assert not status.fresh
    assert reason in status.stale_because


def test_a_port_does_not_make_an_index_stale(built: Settings) -> None:
    assert wiring.index_status(built.model_copy(update={"port": 1234, "host": "0.0.0.0"})).fresh


def test_nothing_is_loaded_where_nothing_is_to_be_built(built: Settings, never_loaded: None) -> None:
    generation = wiring.index_status(built).generation

    assert rebuild(built) == (generation, None)


def test_a_build_for_another_passage_size_says_why_it_starts_anew(built: Settings, embedder: Embedder) -> None:
    smaller = built.model_copy(update={"max_tokens": 128})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "load_embedder", lambda _: embedder)
        generation, full_because = rebuild(smaller)

    assert full_because == "max_tokens was 256, is now 128"
    assert wiring.index_status(smaller).generation == generation
    assert wiring.index_status(smaller).fresh


def test_a_missing_index_is_named_before_the_model_is_loaded(settings: Settings, never_loaded: None) -> None:
    with pytest.raises(GenerationError, match=r"^No index in .+\. Mend: qa index build$"):
        wiring.open_assistant(settings)


def test_an_assistant_answers_from_the_folder_of_the_settings(built: Settings, embedder: Embedder) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "load_embedder", lambda _: embedder)
        assistant = wiring.open_assistant(built)

    assert assistant.answer("povo 怎么销户").generation == wiring.index_status(built).generation


def test_an_assistant_opens_on_an_index_that_is_stale(built: Settings, embedder: Embedder) -> None:
    (built.corpus / "lexicon.yaml").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "load_embedder", lambda _: embedder)
        assert wiring.open_assistant(built).answer("povo 怎么销户").citations


def test_the_documented_lines_of_python_answer_with_the_real_model(built: Settings) -> None:
    code = 'from qa import open_assistant; print(open_assistant().answer("povo 怎么在线销户？").outcome)'
    variables = {f"QA_{key.upper()}": str(getattr(built, key)) for key in ("corpus", "index", "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**{k: v for k, v in os.environ.items() if not k.startswith("QA_")}, **variables, "HF_HUB_OFFLINE": "1"},
        cwd=built.index.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "answered\n", "")


def test_a_build_without_changes_keeps_the_generation(built: Settings, embedder: Embedder) -> None:
    assert build(built, embedder) == wiring.index_status(built).generation


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"max_tokens": 64, "centre_share": 0.0, "coverage_weight": 1.0, "cache": Path("elsewhere")}, True),
        ({"precision": "bfloat16"}, False),
        ({"model": "intfloat/multilingual-e5-base"}, False),
    ],
)
def test_a_loaded_model_serves_settings_of_the_same_model_and_precision(
    change: dict[str, object], same: bool, embedder: Embedder
) -> None:
    assert wiring.is_model_of(embedder, Settings(**change)) is same  # type: ignore[arg-type]
