from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from command_line import point_at, run
from evaluation.small_sets import (
    DOCUMENTS,
    CountingEmbedder,
    RememberingEmbedder,
    UnusedEmbedder,
    listing,
    write_beir,
    write_gate,
    write_questions,
)
from small_corpus import small_settings

from qa import wiring
from qa.config import Settings
from qa.datatypes import Mode, Weights
from qa.errors import DatasetError
from qa.evaluation.report import Report
from qa.index.embedder import Embedder
from qa.index.manifest import CURRENT, GENERATIONS, hash_corpus
from qa.wiring_evaluation import EvaluationRequest, run_evaluation

LEXICAL = (Mode.LEXICAL,)
RANKING = ["max_tokens", "centre_share", "coverage_weight", "phrasing_weight"]
RANKING += ["window_weight", "token_power", "other_subject", "other_section"]
MANY = {f"d{number:02}": ("", f"Story {number} tells of nothing but story {number}.") for number in range(40)} | dict(DOCUMENTS)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    """Return settings of the small corpus, built, with the questions about it: to be copied, not to be changed."""
    settings = small_settings(tmp_path_factory.mktemp("small"), cache, embedder)
    write_questions(settings.index.parent / "evaluation")
    return settings


@pytest.fixture
def settings(built: Settings, tmp_path: Path) -> Settings:
    """Return settings of a copy of the small corpus and its index, with an empty cache."""
    shutil.copytree(built.index.parent, tmp_path / "project")
    project = tmp_path / "project"
    return Settings(corpus=project / "corpus", index=project / "index", cache=tmp_path / "cache")


@pytest.fixture(scope="module")
def remembering(embedder: Embedder) -> Embedder:
    """Return the model, which runs on each text once in this module."""
    return RememberingEmbedder(embedder)


@pytest.fixture
def embedding(settings: Settings, remembering: Embedder, monkeypatch: pytest.MonkeyPatch) -> CountingEmbedder:
    """Let evaluations find the copy, and return the model that they load."""
    counting = CountingEmbedder(remembering)
    point_at(settings, monkeypatch, counting)
    return counting


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """Return the small BEIR folder."""
    return write_beir(tmp_path / "stories")


def measured(said: list[str] | None = None, modes: Sequence[Mode] = LEXICAL, **asked: Any) -> Report:
    said = [] if said is None else said
    return run_evaluation(EvaluationRequest(tuple(modes), **asked), lambda what, done, total: None, said.append)


def figures(report: Report) -> dict[str, float]:
    return {f"{run.name} {measure}": run.mean(measure) for run in report.runs for measure in report.measures}


def cached_index(settings: Settings) -> Path:
    (index,) = (settings.cache / "evaluation").glob("*/index-*")
    return index


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_an_index_in_use_that_is_fresh_is_measured_as_it_is(settings: Settings, embedding: CountingEmbedder) -> None:
    before = listing(settings.index)
    said: list[str] = []
    report = measured(said)

    assert report.provenance["generation"] == (settings.index / CURRENT).read_text().split()[0]
    assert said == ["There is no evaluation/gate.toml: nothing is judged.", "Loading the embedding model …"]
    assert listing(settings.index) == before
    assert not (settings.cache / "evaluation").exists()
    assert embedding.passages == []


def test_guides_that_were_edited_are_measured_as_they_are_and_the_index_in_use_is_left_alone(
    settings: Settings, embedding: CountingEmbedder
) -> None:
    guide = settings.corpus / "zh-Hans/operators/linemo.md"
    edit(guide, "LINEMO 的 SIM 卡不用寄回。", "LINEMO 的 SIM 卡要寄回新地址。")
    before = listing(settings.index)
    said: list[str] = []
    report = measured(said)

    assert report.provenance["corpus_hash"] == hash_corpus(settings.corpus)
    assert report.text_of("linemo#sim", "zh-Hans") == "LINEMO 的 SIM 卡要寄回新地址。[^s1]"
    assert said[-1].startswith(f"Building an index of {settings.corpus} in the cache: No index in ")
    assert listing(settings.index) == before

    edit(guide, "新地址", "旧地址")
    embedding.passages.clear()
    report = measured(said)
    assert report.text_of("linemo#sim", "zh-Hans") == "LINEMO 的 SIM 卡要寄回旧地址。[^s1]"
    assert said[-1] == "The guides are not as the index in use was built; they are measured as they are now."
    assert ["旧地址" in text for text in embedding.passages] == [True]
    assert listing(settings.index) == before


def test_without_an_index_in_use_the_guides_are_measured_and_none_is_written(
    settings: Settings, embedding: CountingEmbedder
) -> None:
    before = figures(measured())
    shutil.rmtree(settings.index)

    assert figures(measured()) == before
    assert not settings.index.exists()


def test_documents_are_indexed_in_the_cache_and_the_index_in_use_is_left_alone(
    settings: Settings, embedding: CountingEmbedder, beir: Path
) -> None:
    before, of_set = listing(settings.index), listing(beir)
    said: list[str] = []
    report = measured(said, dataset=beir)

    assert listing(settings.index) == before
    assert listing(beir) == of_set
    assert report.dataset.name == "stories"
    assert cached_index(settings).parent.name.startswith("stories-")
    assert report.provenance["guides"] == 10  # of eleven documents one is blank
    assert report.provenance["passages"] == len(embedding.passages) > 10
    assert said[-1].startswith(f"Building an index of {beir} in the cache: No index in ")


def test_documents_are_measured_where_there_are_no_guides_and_no_index(
    settings: Settings, embedding: CountingEmbedder, beir: Path
) -> None:
    shutil.rmtree(settings.corpus)
    shutil.rmtree(settings.index)

    assert measured(dataset=beir).runs[0].mean("Success@1") == 4 / 5
    assert not settings.index.exists()


def test_a_second_run_embeds_nothing_and_gives_the_same_figures(embedding: CountingEmbedder, beir: Path) -> None:
    first = measured(dataset=beir)
    embedding.passages.clear()
    said: list[str] = []
    second = measured(said, dataset=beir)

    assert embedding.passages == []
    assert said == ["Loading the embedding model …"]
    assert figures(second) == figures(first)
    assert second.provenance["generation"] == first.provenance["generation"]


def test_each_public_set_has_a_folder_of_its_own_in_the_cache(
    settings: Settings, embedding: CountingEmbedder, tmp_path: Path
) -> None:
    # Two of one name, with the same documents.
    sets = [write_beir(tmp_path / place / "stories") for place in ("here", "there")]
    first, second = (figures(measured(dataset=each)) for each in sets)

    assert first == second
    folders = sorted((settings.cache / "evaluation").iterdir())
    assert [folder.name.rpartition("-")[0] for folder in folders] == ["stories", "stories"]
    for folder in folders:
        (index,) = folder.glob("index-*")
        assert sorted(path.name for path in folder.iterdir()) == ["embeddings.sqlite", index.name]
    # One set's folder may be deleted: the other is still there.
    shutil.rmtree(folders[0])
    embedding.passages.clear()
    for each in sets:
        measured(dataset=each)
    assert len(embedding.passages) == len(set(embedding.passages)) > 10


def test_a_set_has_an_index_for_each_recipe_and_one_store_of_embeddings(
    settings: Settings, embedding: CountingEmbedder, beir: Path, tmp_path: Path
) -> None:
    files = (tmp_path / "small.toml", tmp_path / "large.toml")
    for file, tokens in zip(files, (64, 256), strict=True):
        file.write_text(f"max_tokens = {tokens}\n")
    measured(dataset=beir, settings_files=files)

    (folder,) = (settings.cache / "evaluation").iterdir()
    indexes = sorted(path.name for path in folder.iterdir())
    assert indexes.pop(0) == "embeddings.sqlite"
    assert [name.partition("-")[0] for name in indexes] == ["index", "index"]
    # What both recipes cut alike is embedded once.
    assert len(embedding.passages) == len(set(embedding.passages))


def test_the_model_is_loaded_once_for_settings_that_share_it(
    embedding: CountingEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(settings: Settings) -> Embedder:
        loaded.append(settings.model)
        return embedding

    monkeypatch.setattr(wiring, "load_embedder", load)
    files = (tmp_path / "before.toml", tmp_path / "after.toml", tmp_path / "short.toml")
    for file, text in zip(files, ("coverage_weight = 0.2", "coverage_weight = 1.0", "max_tokens = 64"), strict=True):
        file.write_text(text)
    said: list[str] = []
    report = measured(said, settings_files=files, chosen=True)

    assert len(report.runs) == 3
    assert loaded == ["bundled"]
    assert said.count("Loading the embedding model …") == 1


def test_a_question_whose_evidence_is_all_stale_counts_as_not_held(settings: Settings, embedding: CountingEmbedder) -> None:
    before = measured()
    edit(settings.index.parent / "evaluation/evidence.jsonl", "povo2.0 销户费用为 0 日元", "povo2.0 销户费用为 9 日元")
    said: list[str] = []
    after = measured(said)

    held, now = ({each.question_id: each.holds_evidence for each in report.asked} for report in (before, after))
    assert held["fee-zh"] is True
    assert now == held | {"fee-zh": False}
    (problem,) = after.dataset.stale
    assert said[-1] == f"{problem}; until then no quote holds it"
    assert "“povo2.0 销户费用为 9 日元…”" in said[-1]


def test_a_public_set_of_grade_2_is_measured_by_what_is_relevant(embedding: CountingEmbedder, beir: Path) -> None:
    edit(beir / "qrels/test.tsv", "q-tea\ten-tea\t1", "q-tea\ten-tea\t2")
    report = measured(dataset=beir)

    assert report.headline == "RR@10"
    assert "RR(rel=2)@10" not in report.measures
    assert report.runs[0].mean("Success@1") == 4 / 5


def test_an_edited_document_alone_is_embedded_anew(embedding: CountingEmbedder, beir: Path) -> None:
    measured(dataset=beir)
    embedding.passages.clear()
    edit(beir / "corpus.jsonl", "竹子", "苹果")
    report = measured(dataset=beir)

    (text,) = embedding.passages
    assert "苹果" in text
    assert "苹果" in report.text_of("zh-panda", "zh-Hans")


def test_documents_that_change_while_the_model_is_loaded_are_never_taken_for_those_of_before(
    embedding: CountingEmbedder, beir: Path
) -> None:
    def edit_once(text: str) -> None:
        if text.startswith("Loading"):
            edit(beir / "corpus.jsonl", "竹子", "苹果")

    run_evaluation(EvaluationRequest(LEXICAL, beir), lambda what, done, total: None, edit_once)
    assert "苹果" in measured(dataset=beir).text_of("zh-panda", "zh-Hans")


def test_a_cached_index_that_is_damaged_is_built_again_and_said_so(
    settings: Settings, embedding: CountingEmbedder, beir: Path
) -> None:
    first = measured(dataset=beir, modes=(Mode.HYBRID,))
    file = cached_index(settings) / GENERATIONS / first.provenance["generation"] / "dense.faiss"
    file.write_bytes(file.read_bytes()[:-7])
    embedding.passages.clear()
    said: list[str] = []
    second = measured(said, dataset=beir, modes=(Mode.HYBRID,))

    damage = f"{file} is damaged: its bytes are not those that were built"
    assert said[-1] == f"Building an index of {beir} in the cache: {damage}."
    assert figures(second) == figures(first)
    assert embedding.passages == []


def test_an_embedding_cache_that_is_damaged_is_filled_again_and_said_so(
    settings: Settings, embedding: CountingEmbedder, beir: Path
) -> None:
    first = measured(dataset=beir, modes=(Mode.HYBRID,))
    file = cached_index(settings).parent / "embeddings.sqlite"
    shutil.rmtree(cached_index(settings))
    file.write_bytes(b"no database at all" * 100)
    embedding.passages.clear()
    said: list[str] = []
    second = measured(said, dataset=beir, modes=(Mode.HYBRID,))

    aside = file.with_suffix(".damaged")
    assert f"The embedding cache was damaged; it is now {aside}, and everything is embedded anew." in said
    assert figures(second) == figures(first)
    assert len(embedding.passages) == second.provenance["passages"]


def test_what_a_killed_run_left_half_written_is_cleared_away(
    settings: Settings, embedding: CountingEmbedder, beir: Path
) -> None:
    first = measured(dataset=beir)
    leftover = cached_index(settings) / GENERATIONS / ".building-x"
    leftover.mkdir()
    (leftover / "dense.faiss").write_bytes(b"half")
    (cached_index(settings) / CURRENT).unlink()
    said: list[str] = []

    assert figures(measured(said, dataset=beir)) == figures(first)
    assert said[-1] == f"Building an index of {beir} in the cache: No index in {cached_index(settings)}."
    assert not leftover.exists()


def test_an_interrupted_run_ends_with_130_in_one_line_and_the_next_goes_on(
    settings: Settings, embedding: CountingEmbedder, tmp_path: Path
) -> None:
    beir = write_beir(tmp_path / "many", MANY)
    whole = figures(measured(dataset=beir))
    passages = len(embedding.passages)
    shutil.rmtree(settings.cache)

    embedding.passages.clear()
    embedding.stop_after = 20
    ran = run("eval", "--dataset", str(beir), "--mode", "lexical", "--json")
    assert (ran.code, ran.stdout) == (130, "")
    assert ran.stderr.splitlines()[-1] == "Stopped; nothing that was in use has changed."
    assert not (cached_index(settings) / CURRENT).exists()

    embedding.passages.clear()
    embedding.stop_after = None
    assert figures(measured(dataset=beir)) == whole
    assert len(embedding.passages) == passages - 16  # they are stored in batches of 16


def test_two_settings_files_are_compared_under_their_names(embedding: CountingEmbedder, tmp_path: Path) -> None:
    files = (tmp_path / "before.toml", tmp_path / "after.toml")
    files[0].write_text("coverage_weight = 0.2\n")
    files[1].write_text("coverage_weight = 1e6\n")
    report = measured(settings_files=files, modes=(Mode.HYBRID, Mode.LEXICAL), chosen=True)

    assert [run.name for run in report.runs] == ["before/hybrid", "before/lexical", "after/hybrid", "after/lexical"]
    pairs = [(each.old, each.new) for each in report.comparisons]
    assert pairs == [("before/hybrid", "after/hybrid"), ("before/lexical", "after/lexical")]
    orders = {run.name: {key: [each for each, _ in ranking] for key, ranking in run.rankings.items()} for run in report.runs}
    assert orders["before/lexical"] == orders["after/lexical"]
    assert orders["before/hybrid"] != orders["after/hybrid"]
    # Where the words are all that counts, hybrid ranks as lexical does, and behind that what holds none of them.
    for key, order in orders["after/lexical"].items():
        assert orders["after/hybrid"][key][: len(order)] == order
    assert set(report.provenance["systems"]) == {"before", "after"}


def test_two_settings_files_of_one_name_stay_two(embedding: CountingEmbedder, tmp_path: Path) -> None:
    files = (tmp_path / "before/qa.toml", tmp_path / "after/qa.toml")
    for file in files:
        file.parent.mkdir()
        file.write_text(f"phrasing_weight = {Weights.phrasing}\n")
    report = measured(settings_files=files)

    assert len({run.name for run in report.runs}) == 2
    assert len(report.provenance["systems"]) == 2


def test_settings_that_need_another_index_are_measured_on_one_in_the_cache(
    settings: Settings, embedding: CountingEmbedder, tmp_path: Path
) -> None:
    before = listing(settings.index)
    small, large = tmp_path / "small.toml", tmp_path / "large.toml"
    small.write_text("max_tokens = 64\n")
    large.write_text("max_tokens = 256\n")
    report = measured(settings_files=(large, small), chosen=True)

    assert [run.name for run in report.runs] == ["large/lexical", "small/lexical"]
    systems = report.provenance["systems"]
    assert (systems["large"]["max_tokens"], systems["small"]["max_tokens"]) == (256, 64)
    assert systems["small"]["passages"] > systems["large"]["passages"]
    assert listing(settings.index) == before


def test_trec_topics_are_asked_of_documents(embedding: CountingEmbedder, beir: Path, tmp_path: Path) -> None:
    topics, qrels = tmp_path / "topics.xml", tmp_path / "judged.txt"
    topics.write_text(
        "<top><num> Number: 7 <title> suspension bridge cables </top>\n<top><num>8<title>温泉の入り方</top>\n", "utf-8"
    )
    qrels.write_text("7 0 en-bridge 1\n8 0 ja-onsen 1\n7 0 en-tea 0\n")
    report = measured(dataset=beir, topics=topics, qrels=qrels)

    assert report.dataset.name == "topics"
    assert {key: ranking[0][0] for key, ranking in report.runs[0].rankings.items()} == {"7": "en-bridge", "8": "ja-onsen"}
    assert report.runs[0].mean("RR@10") == 1
    assert set(report.provenance["files"]) == {"topics/topics.xml", "qrels/judged.txt"}


def test_trec_topics_are_asked_of_the_guides_by_section(embedding: CountingEmbedder, tmp_path: Path) -> None:
    topics, qrels = tmp_path / "topics.tsv", tmp_path / "qrels.tsv"
    topics.write_text("7\tpovo 销户费用多少钱\n8\tpovoの解約の手順\n9\t誰も判定していない\n", "utf-8")
    qrels.write_text("7\t0\tpovo#fees\t1\n8\t0\tpovo#steps\t1\n")
    report = measured(topics=topics, qrels=qrels)

    (lexical,) = report.runs
    assert {key: ranking[0][0] for key, ranking in lexical.rankings.items()} == {"7": "povo#fees", "8": "povo#steps"}
    assert [each.question_id for each in report.asked] == ["7", "8"]
    assert report.gate is None


def test_a_topic_in_a_script_of_no_guide_is_asked_all_the_same(embedding: CountingEmbedder, tmp_path: Path) -> None:
    topics, qrels = tmp_path / "topics.tsv", tmp_path / "qrels.tsv"
    topics.write_text("7\t해지 수수료는 얼마인가요\n", "utf-8")
    qrels.write_text("7\t0\tpovo#fees\t1\n")

    assert list(measured(topics=topics, qrels=qrels).runs[0].rankings) == ["7"]


@pytest.mark.parametrize("fault", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv", "gate"])
def test_what_is_wrong_with_a_public_set_is_said_before_anything_is_embedded(
    fault: str, settings: Settings, embedder: Embedder, beir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_at(settings, monkeypatch, UnusedEmbedder(embedder))
    gate = write_gate(beir / "gate.toml", 0.5)
    file = gate if fault == "gate" else beir / fault
    file.write_text("broken\n")

    with pytest.raises(DatasetError, match=file.name):
        measured(dataset=beir, gate=gate)


@pytest.mark.parametrize("key", RANKING)
@pytest.mark.parametrize("split", ["", "all", "test"])
def test_settings_that_rank_otherwise_are_not_tried_on_test_questions(
    embedding: CountingEmbedder, tmp_path: Path, key: str, split: str
) -> None:
    file = tmp_path / "tuned.toml"
    file.write_text(f"{key} = {100 if key == 'max_tokens' else 0.5}\n")

    with pytest.raises(DatasetError, match=f"Settings are chosen on the dev questions, and {key} is .* .the program has"):
        measured(settings_files=(file,), split=split, modes=(Mode.LEXICAL,))
    assert embedding.passages == embedding.queries == []


def test_a_variable_that_ranks_otherwise_is_no_way_round(embedding: CountingEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_COVERAGE_WEIGHT", "0.5")
    monkeypatch.setenv("QA_OTHER_SUBJECT", "0.5")

    with pytest.raises(DatasetError, match=r"coverage_weight is 0.5 .*, other_subject is 0.5 .*--split dev; --chosen"):
        measured()


def test_settings_are_tried_on_dev_and_on_test_once_they_are_chosen(embedding: CountingEmbedder, tmp_path: Path) -> None:
    file = tmp_path / "tuned.toml"
    file.write_text("coverage_weight = 0.5\n")

    assert {question.split for question in measured(settings_files=(file,), split="dev").dataset.questions} == {"dev"}
    assert {question.split for question in measured(settings_files=(file,), split="test", chosen=True).dataset.questions} == {
        "test"
    }


def test_any_settings_can_be_measured_on_a_public_set(embedding: CountingEmbedder, beir: Path, tmp_path: Path) -> None:
    file = tmp_path / "tuned.toml"
    file.write_text("coverage_weight = 0.5\n")

    assert measured(dataset=beir, settings_files=(file,)).runs


def test_settings_that_dont_rank_otherwise_are_no_tuning(embedding: CountingEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "7999")
    monkeypatch.setenv("QA_PHRASING_WEIGHT", str(Weights.phrasing))

    assert {question.split for question in measured().dataset.questions} == {"dev", "test"}
