from __future__ import annotations

from pathlib import Path

import pytest
from shared_corpus import open_shared

from qa.corpus.lexicon import NameFinder
from qa.datatypes import Hit, Language, Mode, Weights
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.retrieval.query import Query, understand
from qa.retrieval.retriever import Retriever

ALL = 1000
modes = pytest.mark.parametrize("mode", list(Mode))


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Generation:
    """Return a generation of the corpus in which hana and globiz share a guide."""
    return open_shared(tmp_path_factory.mktemp("shared"), cache, embedder)


@pytest.fixture(scope="module")
def retriever(generation: Generation, embedder: Embedder) -> Retriever:
    """Return a retriever on that corpus."""
    return Retriever(generation, embedder, Weights())


def sections(hits: list[Hit]) -> list[str]:
    return [hit.passage.section_id for hit in hits]


def search(retriever: Retriever, generation: Generation, question: str, mode: Mode = Mode.HYBRID) -> list[str]:
    return sections(retriever.retrieve(understand(question, NameFinder(generation.lexicon)), ALL, mode))


@modes
@pytest.mark.parametrize(
    ("question", "own", "others"), [("HanaCell 销户费用", "hana", "globiz"), ("GLOBIZ 费用", "globiz", "hana")]
)
def test_a_question_that_names_one_of_those_who_share_a_guide_gets_its_section_and_not_the_others(
    retriever: Retriever, generation: Generation, mode: Mode, question: str, own: str, others: str
) -> None:
    found = search(retriever, generation, question, mode)
    assert found[0] == f"others#{own}"
    assert f"others#{others}" not in found
    assert not {section for section in found if section.startswith("povo#")}


def test_a_question_that_names_both_gets_both_sections(retriever: Retriever, generation: Generation) -> None:
    assert {"others#hana", "others#globiz"} <= set(search(retriever, generation, "HanaCell 和 GLOBIZ 的费用"))


def test_the_rest_of_a_shared_guide_is_of_a_topic(retriever: Retriever, generation: Generation) -> None:
    assert "others#overview" in search(retriever, generation, "povo 费用")
    assert not {"others#hana", "others#globiz"} & set(search(retriever, generation, "povo 费用"))


def test_a_question_that_names_no_operator_searches_all(retriever: Retriever, generation: Generation) -> None:
    found = search(retriever, generation, "销户费用")
    assert {"others#hana", "others#globiz", "others#overview", "povo#fees"} <= set(found)


@pytest.mark.parametrize("operator", ["hana", "globiz"])
def test_only_the_section_of_the_asked_operator_is_searched(retriever: Retriever, operator: str) -> None:
    query = Query("费用", Language.ZH_HANS, (), (), ())
    assert sections(retriever.retrieve(query, ALL, only_operator=operator)) == [f"others#{operator}"]


@pytest.mark.parametrize(
    ("language", "given"), [(Language.JA, Language.JA), (Language.ZH_HANT, Language.ZH_HANS), (Language.EN, Language.ZH_HANS)]
)
def test_the_section_comes_in_the_readers_language_or_the_nearest(
    retriever: Retriever, language: Language, given: Language
) -> None:
    (hit,) = retriever.retrieve(Query("HanaCell", language, ("hana",), (), ()), ALL, only_operator="hana")
    assert hit.passage.language is given


def test_the_section_of_an_operator_answers_whatever_topic_is_asked(retriever: Retriever) -> None:
    def scores(topics: tuple[str, ...], operators: tuple[str, ...] = ("hana",)) -> dict[str, float]:
        query = Query("HanaCell 的销户费用", Language.ZH_HANS, operators, topics, ())
        return {hit.passage.section_id: hit.score for hit in retriever.retrieve(query, ALL)}

    plain, of_fees = scores(()), scores(("fees",))
    assert of_fees["others#hana"] == pytest.approx(plain["others#hana"])
    assert of_fees["others#overview"] == pytest.approx(plain["others#overview"] * Weights.other_section)
    assert plain["others#hana"] == pytest.approx(scores((), ())["others#hana"] / Weights.other_subject)
