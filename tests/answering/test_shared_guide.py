from __future__ import annotations

from pathlib import Path

import pytest
from shared_corpus import build_shared

from qa.answering.assistant import Assistant
from qa.answering.decide import Reason, decide
from qa.answering.wording import say
from qa.datatypes import Hit, Language, Outcome, Parts, Weights
from qa.errors import QuestionError
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.retrieval.query import Query


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Assistant:
    """Return an assistant that answers from a corpus in which hana and globiz share a guide."""
    return Assistant(build_shared(tmp_path_factory.mktemp("shared"), cache, embedder).index, embedder, Weights())


def ask(operator: str, *topics: str) -> Query:
    return Query("怎么办", Language.ZH_HANS, (operator,), topics, ())


def hit_in(generation: Generation, score: float = 1.0) -> list[Hit]:
    return [Hit(generation.passages[0], score, Parts())]


@pytest.mark.parametrize(("operator", "name", "amount"), [("hana", "HanaCell", "3,300"), ("globiz", "GLOBIZ", "5,000")])
def test_a_question_about_one_of_those_who_share_a_guide_is_answered_with_its_section_and_its_page(
    shared: Assistant, operator: str, name: str, amount: str
) -> None:
    answer = shared.answer(f"{name} 的销户费用是多少钱")

    assert answer.outcome is Outcome.ANSWERED
    assert answer.operators == (operator,)
    citation = answer.citations[0]
    assert (citation.section_id, citation.official_url) == (f"others#{operator}", f"https://{operator}.example.com")
    assert f"{amount} 日元" in answer.text
    assert {each.section_id for each in answer.citations} <= {f"others#{operator}", "others#overview"}


def test_a_citation_of_what_is_about_none_of_them_has_the_guides_page(shared: Assistant) -> None:
    answer = shared.answer("HanaCell 和 GLOBIZ 的资料为什么合写一篇")
    pages = {each.section_id: each.official_url for each in answer.citations}

    assert pages["others#overview"] == "https://example.com/all"


def test_an_operator_that_shares_a_guide_has_one(shared: Assistant) -> None:
    generation = shared.generation

    assert decide(ask("hana"), hit_in(generation), generation).outcome is Outcome.ANSWERED
    assert decide(ask("mineo"), hit_in(generation), generation).reason is Reason.NO_GUIDE


def test_an_unknown_section_of_a_shared_guide_says_nothing_of_its_operators(shared: Assistant) -> None:
    generation = shared.generation
    section = generation.guides["others", Language.ZH_HANS].section("fees")

    assert section
    assert not section.is_known
    assert decide(ask("hana", "fees"), hit_in(generation), generation).outcome is Outcome.ANSWERED


def test_what_is_not_covered_leads_to_the_operators_own_page_and_names_all_that_share_a_guide(shared: Assistant) -> None:
    answer = shared.answer("HanaCell 能看 NHK 吗")

    assert answer.outcome is Outcome.NOT_COVERED
    assert answer.text == "\n\n".join(
        (
            say("not_covered", Language.ZH_HANS),
            say("official", Language.ZH_HANS, operator="HanaCell", url="https://hana.example.com"),
            say("covered", Language.ZH_HANS, operators="povo、HanaCell、GLOBIZ"),
        )
    )


def test_an_operator_that_shares_a_guide_can_be_chosen(shared: Assistant) -> None:
    assert {hit.passage.section_id for hit in shared.search("销户费用", operator="globiz")} == {"others#globiz"}
    with pytest.raises(QuestionError, match=r"No operator is called 'others'\. Mend: one of globiz, hana, mineo, povo$"):
        shared.search("销户费用", operator="others")


def test_no_question_is_suggested_from_a_guide_that_operators_share(shared: Assistant) -> None:
    assert shared.answer("HanaCell 的销户费用是多少钱").follow_ups == ()
