from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from evaluation.small_sets import ANSWERABLE, JUDGED, CountingEmbedder, small_generation, write_questions
from retrieval.small_phrasings import phrased_settings

from qa.datatypes import Mode, Outcome, Weights
from qa.evaluation.beir import read_beir
from qa.evaluation.dataset import Dataset
from qa.evaluation.evaluate import System, evaluate
from qa.evaluation.questions import read_project
from qa.evaluation.report import Report
from qa.evaluation.run import Run
from qa.index.embedder import Embedder
from qa.index.generation import Generation

Measured = tuple[Dataset, System]


@pytest.fixture(scope="module")
def beir(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Measured:
    """Return the small BEIR set and the system that is asked."""
    folder, generation = small_generation(tmp_path_factory.mktemp("beir"), cache, embedder)
    system = System("", folder.parent / "index", generation, embedder, Weights())
    return read_beir(folder, [guide_id for guide_id, _ in generation.guides]), system


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Measured:
    """Return the questions about the small corpus and the system that is asked."""
    settings = phrased_settings(tmp_path_factory.mktemp("guides"), cache, embedder)
    generation = Generation.open_current(settings.index)
    dataset = read_project(write_questions(settings.index.parent / "evaluation"), generation.guides)
    return dataset, System("", settings.index, generation, embedder, Weights())


def measured(found: Measured, *modes: Mode, labels: tuple[str, ...] = ("",), stored: Mapping[str, Run] | None = None) -> Report:
    dataset, one = found
    systems = [System(label, one.index, one.generation, one.embedder, one.weights) for label in labels]
    return evaluate(dataset, systems, modes, stored or {}, {"command": "qa eval"}, lambda what, done, total: None)


def compared(report: Report) -> list[tuple[str, str]]:
    return [(each.old, each.new) for each in report.comparisons]


def test_each_mode_is_compared_with_each_before_it(beir: Measured) -> None:
    report = measured(beir, Mode.DENSE, Mode.LEXICAL, Mode.HYBRID)

    assert [run.name for run in report.runs] == ["dense", "lexical", "hybrid"]
    assert compared(report) == [("dense", "lexical"), ("dense", "hybrid"), ("lexical", "hybrid")]


def test_a_mode_alone_is_compared_with_nothing(beir: Measured) -> None:
    assert measured(beir, Mode.LEXICAL).comparisons == ()


def test_each_system_is_compared_with_the_first_in_the_same_mode(beir: Measured) -> None:
    report = measured(beir, Mode.DENSE, Mode.LEXICAL, labels=("old/", "new/", "newer/"))

    assert compared(report) == [
        ("old/dense", "new/dense"),
        ("old/lexical", "new/lexical"),
        ("old/dense", "newer/dense"),
        ("old/lexical", "newer/lexical"),
    ]


def test_where_runs_are_stored_only_they_are_compared_with(beir: Measured) -> None:
    before = Run("lexical, before", {key: [] for key in JUDGED} | {"q-tea": [("en-tea", 1.0)]})
    report = measured(beir, Mode.DENSE, Mode.LEXICAL, stored={"lexical": before})

    (comparison,) = report.comparisons
    assert (comparison.old, comparison.new) == ("lexical, before", "lexical")
    (success,) = [each for each in comparison.differences if each.measure == "Success@1"]
    # The stored run finds one of five, the new one all but q-wall, which shares no term with any document.
    assert (success.old, success.new) == (1 / 5, 4 / 5)
    assert (success.wins, success.losses, success.ties) == (3, 0, 2)
    assert [change.question_id for change in comparison.changed] == ["q-long", "q-panda", "q-train"]
    assert {change.old_top for change in comparison.changed} == {""}


def test_the_passage_of_a_changed_question_is_the_one_that_scored(beir: Measured) -> None:
    before = Run("hybrid, before", {key: [] for key in JUDGED} | {"q-tea": [("en-long", 1.0)]})
    report = measured(beir, Mode.HYBRID, stored={"hybrid": before})

    changes = {change.question_id: change for change in report.comparisons[0].changed}
    # The words that answer stand at the end of the document.
    assert changes["q-long"].new_top == "en-long"
    assert "lighthouse of Aomori" in changes["q-long"].new_passage
    assert "Chapter 0." not in changes["q-long"].new_passage
    assert changes["q-long"].old_passage == ""
    # What a stored run has first is shown by the passage for which the new run ranks it.
    assert changes["q-tea"].old_top == "en-long"
    assert changes["q-tea"].old_passage == report.runs[0].passages["q-tea"].get("en-long", "")


def test_questions_of_which_a_stored_run_tells_nothing_are_in_no_comparison(beir: Measured) -> None:
    before = Run("lexical, before", {"q-tea": [("en-tea", 1.0)], "q-panda": []})
    (comparison,) = measured(beir, Mode.LEXICAL, stored={"lexical": before}).comparisons

    (success,) = [each for each in comparison.differences if each.measure == "Success@1"]
    assert (success.old, success.new) == (1 / 2, 1.0)
    assert (success.wins, success.losses, success.ties) == (1, 0, 1)


def test_a_question_that_finds_nothing_scores_0_and_stays_in_the_mean(beir: Measured) -> None:
    (run,) = measured(beir, Mode.LEXICAL).runs

    for measure, values in run.values.items():
        assert values["q-wall"] == 0, measure
        assert len(values) == 5
        assert run.mean(measure) == pytest.approx(sum(values.values()) / 5)
    assert run.mean("Success@1") == 4 / 5


def test_documents_are_not_answered_from(beir: Measured) -> None:
    report = measured(beir, Mode.LEXICAL)

    assert report.asked == ()


def test_every_question_about_the_guides_is_answered_or_refused_also_the_unanswerable(guides: Measured) -> None:
    report = measured(guides, Mode.HYBRID)

    outcomes = {each.question_id: each.outcome for each in report.asked}
    assert list(outcomes) == [question.question_id for question in guides[0].questions]
    assert outcomes["fee-zh"] is Outcome.ANSWERED
    assert outcomes["mineo-zh"] is not Outcome.ANSWERED
    assert tuple(report.runs[0].rankings) == ANSWERABLE


def test_the_last_system_answers(guides: Measured) -> None:
    dataset, system = guides
    old, new = CountingEmbedder(system.embedder), CountingEmbedder(system.embedder)
    systems = [
        System(label, system.index, system.generation, embedder, system.weights)
        for label, embedder in (("old/", old), ("new/", new))
    ]
    evaluate(dataset, systems, [Mode.LEXICAL], {}, {}, lambda what, done, total: None)

    assert old.queries == []
    assert set(new.queries) >= {question.text for question in dataset.questions if question.operator}


def test_the_time_in_the_model_is_part_of_the_time(guides: Measured) -> None:
    dataset, system = guides
    embedder = Embedder(system.embedder._model, system.embedder.identity)
    embedder.seconds = 1000.0  # spent before, on something else
    built = System("", system.index, system.generation, embedder, system.weights, index_seconds=30.0, index_model_seconds=20.0)
    seconds = evaluate(dataset, [built], [Mode.HYBRID], {}, {}, lambda what, done, total: None).seconds

    assert (seconds.index, seconds.index_model) == (30.0, 20.0)
    assert seconds.questions_model == pytest.approx(embedder.seconds - 1000.0)
    assert 0 < seconds.questions_model < seconds.questions
    assert seconds.model_share == (20.0 + seconds.questions_model) / (30.0 + seconds.questions)


def test_the_time_in_a_model_that_two_systems_share_counts_once(guides: Measured) -> None:
    dataset, system = guides
    embedder = Embedder(system.embedder._model, system.embedder.identity)
    systems = [System(label, system.index, system.generation, embedder, system.weights) for label in ("old/", "new/")]
    seconds = evaluate(dataset, systems, [Mode.HYBRID], {}, {}, lambda what, done, total: None).seconds

    assert seconds.questions_model == pytest.approx(embedder.seconds)
    assert seconds.questions_model < seconds.questions


def test_progress_says_what_is_gone_through(guides: Measured) -> None:
    dataset, system = guides
    told: list[tuple[str, int, int]] = []
    named = System("new/", system.index, system.generation, system.embedder, system.weights)
    evaluate(dataset, [named], [Mode.LEXICAL], {}, {}, lambda what, done, total: told.append((what, done, total)))

    asking = [("Asking new", number, 6) for number in range(1, 7)]
    assert told == asking + [("Answering", number, 8) for number in range(1, 9)]


@pytest.mark.parametrize(
    ("language", "beginning"),
    [("zh-Hans", "povo2.0 销户费用为 0 日元"), ("zh-Hant", "povo2.0 销户费用为 0 日元"), ("ja", "povo2.0の解約費用は0円です")],
)
def test_the_text_of_a_section_is_that_of_the_readers_language_without_its_heading(
    language: str, beginning: str, guides: Measured
) -> None:
    assert measured(guides, Mode.LEXICAL).text_of("povo#fees", language).startswith(beginning)


def test_the_text_of_a_document_is_the_whole_of_it_whatever_the_readers_language(beir: Measured) -> None:
    report = measured(beir, Mode.LEXICAL)

    assert report.text_of("ja-sushi", "other") == "寿司職人は米の炊き方から何年も修業します。"
    assert report.text_of("en-long", "en").endswith("in the spring of 1911.")


def test_what_is_no_longer_there_has_no_text(guides: Measured, beir: Measured) -> None:
    report = measured(guides, Mode.LEXICAL)

    assert report.text_of("povo#gone", "ja") == ""
    assert report.text_of("gone#fees", "ja") == ""
    assert measured(beir, Mode.LEXICAL).text_of("gone", "en") == ""


def test_the_cells_of_a_public_set_are_told_by_script(beir: Measured) -> None:
    report = measured(beir, Mode.LEXICAL)

    assert report.cells["pair"] == {
        "en→en": ["q-tea", "q-long"],
        "en→zh-Hans": ["q-wall"],
        "ja→ja": ["q-train"],
        "zh-Hans→zh-Hans": ["q-panda"],
    }
    assert set(report.cells) == {"language", "pair"}
