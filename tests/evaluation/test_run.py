from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from evaluation.small_sets import JUDGED, CountingEmbedder, UnusedEmbedder, small_generation, write_questions
from small_corpus import small_settings

from qa.corpus.lexicon import NameFinder
from qa.datatypes import Mode, Weights
from qa.evaluation import run as module
from qa.evaluation.beir import read_beir
from qa.evaluation.dataset import Dataset, Question, Unit
from qa.evaluation.questions import read_project
from qa.evaluation.run import Run, retrieve_runs
from qa.index.embedder import Embedder, Encoded
from qa.index.generation import Generation
from qa.retrieval.query import understand
from qa.retrieval.retriever import Retriever

EVERY_MODE = (Mode.DENSE, Mode.LEXICAL, Mode.HYBRID)


@pytest.fixture(scope="module")
def beir(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> tuple[Dataset, Generation]:
    """Return the small BEIR set and the index of its documents."""
    folder, generation = small_generation(tmp_path_factory.mktemp("beir"), cache, embedder)
    return read_beir(folder, [guide_id for guide_id, _ in generation.guides]), generation


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> tuple[Dataset, Generation]:
    """Return the questions about the small corpus and its index."""
    folder = tmp_path_factory.mktemp("guides")
    generation = Generation.open_current(small_settings(folder, cache, embedder).index)
    return read_project(write_questions(folder / "evaluation"), generation.guides), generation


def asked(measured: tuple[Dataset, Generation], embedder: Embedder, *modes: Mode, label: str = "") -> list[Run]:
    dataset, generation = measured
    finder = NameFinder(generation.lexicon)
    return retrieve_runs(dataset, Retriever(generation, embedder, Weights()), finder, modes, lambda done, total: None, label)


def one_question(text: str, unit: Unit = Unit.DOCUMENT) -> Dataset:
    return Dataset("one", unit, (Question("q", text, "en"),), {"q": {"en-tea": 1}}, {})


IN_MODEL = 7.0  # seconds


class Clock:
    """A clock that stands still unless it is put on; seconds."""

    now = 0.0

    def perf_counter(self) -> float:
        """Return the time."""
        return self.now


class SlowEmbedder(CountingEmbedder):
    """A model in which each pass takes IN_MODEL seconds of clock."""

    def __init__(self, embedder: Embedder, clock: Clock) -> None:
        super().__init__(embedder)
        self.clock = clock

    def encode(self, texts: Sequence[str], kind: str) -> Iterator[Encoded]:
        """Yield each text encoded."""
        self.clock.now += IN_MODEL
        return super().encode(texts, kind)


def test_there_is_a_run_for_each_mode_named_by_label_and_mode(beir: tuple[Dataset, Generation], embedder: Embedder) -> None:
    assert [run.name for run in asked(beir, embedder, *EVERY_MODE, label="new/")] == ["new/dense", "new/lexical", "new/hybrid"]


def test_every_answerable_question_is_asked_in_the_order_of_the_dataset_and_no_other(
    guides: tuple[Dataset, Generation], embedder: Embedder
) -> None:
    for run in asked(guides, embedder, *EVERY_MODE):
        assert list(run.rankings) == ["fee-zh", "steps-ja", "sim-zh", "fee-ja", "steps-en", "storage-zh"]
        assert list(run.milliseconds) == list(run.rankings)
        assert run.not_asked == {}


@pytest.mark.parametrize("mode", EVERY_MODE)
def test_a_document_scores_as_its_best_passage(mode: Mode, beir: tuple[Dataset, Generation], embedder: Embedder) -> None:
    dataset, generation = beir
    question = next(each for each in dataset.questions if each.question_id == "q-long")
    hits = Retriever(generation, embedder, Weights()).retrieve(
        understand(question.text, NameFinder(generation.lexicon)), 1000, mode
    )
    scores = [hit.score for hit in hits if hit.passage.guide_id == "en-long"]
    assert len([each for each in generation.passages if each.guide_id == "en-long"]) >= 3

    (run,) = asked(beir, embedder, mode)
    ranking = run.rankings["q-long"]
    assert ranking[0][0] == "en-long"
    assert ranking[0][1] == pytest.approx(max(scores), abs=1e-6)
    assert len({document for document, _ in ranking}) == len(ranking)


@pytest.mark.parametrize(("mode", "candidates"), [(Mode.DENSE, 1), (Mode.DENSE, 30), (Mode.HYBRID, 30)])
def test_all_documents_with_text_are_ranked_where_there_are_fewer_than_the_depth(
    mode: Mode, candidates: int, beir: tuple[Dataset, Generation], embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CANDIDATES", candidates)  # of 1, the passages of one long document fill the first hits

    (run,) = asked(beir, embedder, mode)
    assert {question: len(ranking) for question, ranking in run.rankings.items()} == dict.fromkeys(run.rankings, 10)


@pytest.mark.parametrize("candidates", [1, 2, 4])
def test_hybrid_ranks_the_candidates_of_the_chat_and_no_more(
    candidates: int, beir: tuple[Dataset, Generation], embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, generation = beir
    retriever, finder = Retriever(generation, embedder, Weights()), NameFinder(generation.lexicon)
    monkeypatch.setattr(module, "CANDIDATES", candidates)
    (run,) = asked(beir, embedder, Mode.HYBRID)

    for question in dataset.questions:
        hits = retriever.retrieve(understand(question.text, finder), 1000, depth=candidates)
        documents = list(dict.fromkeys(hit.passage.guide_id for hit in hits))
        assert [each for each, _ in run.rankings[question.question_id]] == documents
        assert len(documents) <= 2 * candidates  # the nearest, and those that hold most of its words


@pytest.mark.parametrize("mode", EVERY_MODE)
def test_a_document_that_is_the_question_itself_is_left_out_and_takes_no_place(
    mode: Mode, beir: tuple[Dataset, Generation], embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Why does green tea not turn brown, and honey bees dance?"
    questions = (Question("en-tea", text, "en"), Question("q", text, "en"))
    dataset = Dataset("own", Unit.DOCUMENT, questions, {"en-tea": {"zh-tea": 1}, "q": {"zh-tea": 1}}, {})
    (run,) = asked((dataset, beir[1]), embedder, mode)

    others = [each for each in run.rankings["q"] if each[0] != "en-tea"]
    assert len(others) == len(run.rankings["q"]) - 1  # any other question finds it
    assert run.rankings["en-tea"] == others
    assert "en-tea" not in run.passages["en-tea"]

    monkeypatch.setattr(module, "DEPTH", 1)
    (run,) = asked((dataset, beir[1]), embedder, mode)
    assert run.rankings["en-tea"] == others[:1]


@pytest.mark.parametrize("mode", EVERY_MODE)
def test_a_run_keeps_the_passages_that_scored_of_the_first_few(
    mode: Mode, beir: tuple[Dataset, Generation], embedder: Embedder
) -> None:
    (run,) = asked(beir, embedder, mode)

    for question, ranking in run.rankings.items():
        assert list(run.passages[question]) == [each for each, _ in ranking[: len(run.passages[question])]]
        assert len(run.passages[question]) == min(5, len(ranking))
    # The words that answer stand at the end of that document.
    assert "lighthouse of Aomori" in run.passages["q-long"]["en-long"]
    assert "Chapter 0." not in run.passages["q-long"]["en-long"]


@pytest.mark.parametrize("candidates", [1, 4, 30])
def test_no_more_documents_are_ranked_than_the_depth_and_they_are_the_best(
    candidates: int, beir: tuple[Dataset, Generation], embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (whole,) = asked(beir, embedder, Mode.DENSE)
    monkeypatch.setattr(module, "CANDIDATES", candidates)
    monkeypatch.setattr(module, "DEPTH", 3)
    (run,) = asked(beir, embedder, Mode.DENSE)

    assert run.rankings == {question: ranking[:3] for question, ranking in whole.rankings.items()}


@pytest.mark.parametrize("mode", EVERY_MODE)
def test_scores_fall_strictly_from_rank_to_rank(mode: Mode, guides: tuple[Dataset, Generation], embedder: Embedder) -> None:
    (run,) = asked(guides, embedder, mode)
    ranking = run.rankings["storage-zh"]

    # Both guides hold the same words: without being separated they would score the same.
    assert [section for section, _ in ranking[:2]] == ["twin-a#storage", "twin-b#storage"]
    for each in run.rankings.values():
        scores = [score for _, score in each]
        assert all(higher > lower for higher, lower in itertools.pairwise(scores))


def test_sections_are_ranked_once_in_whatever_language_they_are_read(
    guides: tuple[Dataset, Generation], embedder: Embedder
) -> None:
    (run,) = asked(guides, embedder, Mode.HYBRID)

    sections = [section for section, _ in run.rankings["steps-ja"]]
    assert sections[0] == "povo#steps"
    assert len(set(sections)) == len(sections)


def test_lexical_ranks_nothing_with_score_0(beir: tuple[Dataset, Generation], embedder: Embedder) -> None:
    (run,) = asked(beir, embedder, Mode.LEXICAL)

    assert all(score > 0 for ranking in run.rankings.values() for _, score in ranking)
    assert "en-bridge" not in dict(run.rankings["q-panda"])


def test_a_question_that_finds_nothing_has_an_empty_ranking_and_was_asked(
    beir: tuple[Dataset, Generation], embedder: Embedder
) -> None:
    (run,) = asked(beir, embedder, Mode.LEXICAL)

    assert run.rankings["q-wall"] == []
    assert "q-wall" in run.milliseconds
    assert run.not_asked == {}


def test_a_question_of_too_many_characters_is_refused_in_every_mode_with_the_reason(
    beir: tuple[Dataset, Generation], embedder: Embedder
) -> None:
    for run in asked((one_question("tea " * 501), beir[1]), embedder, *EVERY_MODE):
        assert run.rankings == {"q": []}
        assert run.not_asked == {
            "q": "The question is 2003 characters long; 2000 are the most. Mend: ask for one thing in a few sentences"
        }


def test_a_question_of_too_many_tokens_for_the_model_is_still_looked_up_by_its_words(
    beir: tuple[Dataset, Generation], embedder: Embedder
) -> None:
    text = "茶叶发酵" * 400
    dense, lexical, hybrid = asked((one_question(text), beir[1]), embedder, *EVERY_MODE)

    assert lexical.not_asked == {}
    assert lexical.rankings["q"][0][0] == "zh-tea"
    for run in (dense, hybrid):
        assert run.rankings == {"q": []}
        assert run.not_asked["q"].startswith("The question is too long: ")


def test_lexical_alone_never_runs_the_model(beir: tuple[Dataset, Generation], embedder: Embedder) -> None:
    (run,) = asked(beir, UnusedEmbedder(embedder), Mode.LEXICAL)

    assert all(milliseconds > 0 for milliseconds in run.milliseconds.values())


def test_the_time_in_the_model_counts_for_every_mode_that_needs_it_and_for_no_other(
    beir: tuple[Dataset, Generation], embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)

    for run in asked(beir, SlowEmbedder(embedder, clock), *EVERY_MODE):
        milliseconds = 1000 * (0 if run.name == "lexical" else IN_MODEL)
        assert run.milliseconds == dict.fromkeys(JUDGED, milliseconds)


def test_every_question_is_encoded_once_for_all_modes(beir: tuple[Dataset, Generation], embedder: Embedder) -> None:
    counting = CountingEmbedder(embedder)
    asked(beir, counting, *EVERY_MODE)

    # The first pass, which warms the model up, is no question's.
    assert counting.queries[1:] == [question.text for question in beir[0].questions]


def test_progress_is_told_after_each_question(beir: tuple[Dataset, Generation], embedder: Embedder) -> None:
    dataset, generation = beir
    told: list[tuple[int, int]] = []
    retriever, finder = Retriever(generation, embedder, Weights()), NameFinder(generation.lexicon)
    retrieve_runs(dataset, retriever, finder, [Mode.LEXICAL], lambda done, total: told.append((done, total)))

    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
