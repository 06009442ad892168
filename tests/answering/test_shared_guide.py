from __future__ import annotations

from pathlib import Path

import pytest
from retrieval.small_phrasings import OPERATORS, OUTSIDE, write_phrasings
from shared_corpus import build_shared
from small_corpus import build

from qa.answering.assistant import Assistant
from qa.answering.decide import Decision, Reason, decide, signals
from qa.answering.wording import say
from qa.datatypes import Hit, Language, Outcome, Parts, Weights
from qa.errors import QuestionError
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.retrieval.phrasing import Asking
from qa.retrieval.query import Query

# The sections of hana and globiz have none: operators of their kind are asked about like any other.
OTHERS = """\
overview:
  zh-Hans: [为什么这几家合在一篇里写, 资料不多的都有谁, 这篇讲的是哪些公司]
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Assistant:
    """Return an assistant that answers from a corpus in which hana and globiz share a guide, with phrasings."""
    settings = build_shared(tmp_path_factory.mktemp("shared"), cache, embedder)
    write_phrasings(settings.corpus, OPERATORS, OUTSIDE, others=OTHERS)
    build(settings, embedder)
    return Assistant(settings.index, embedder, Weights())


def ask(operator: str, *topics: str) -> Query:
    return Query("怎么办", Language.ZH_HANS, (operator,), topics, ())


def decided(generation: Generation, query: Query, sections: dict[str, float]) -> Decision:
    """Return what becomes of query where a passage answers it well, and it is as like as that to what sections answer."""
    return decide(query, Asking(sections, {"buying": 0.3}), [Hit(generation.passages[0], 1.0, Parts())], generation)


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

    assert decided(generation, ask("hana"), {"fees": 0.6}).outcome is Outcome.ANSWERED
    assert decided(generation, ask("mineo"), {"fees": 0.6}).reason is Reason.NO_GUIDE


def test_an_unknown_section_of_a_shared_guide_says_nothing_of_its_operators(shared: Assistant) -> None:
    generation = shared.generation
    section = generation.guides["others", Language.ZH_HANS].section("fees")
    best = Hit(generation.passages[0], 1.0, Parts())

    assert section
    assert not section.is_known
    assert decided(generation, ask("hana", "fees"), {"fees": 0.6, "others#hana": 0.3}).outcome is Outcome.ANSWERED
    # Whatever is asked of an operator that shares a guide, its one section is known.
    found = signals(ask("hana"), Asking({"fees": 0.6, "others#fees": 0.6, "others#hana": 0.3}, {}), best, generation)
    assert found["unknown"] == -0.05


def test_what_is_not_covered_leads_to_the_operators_own_page_and_counts_all_that_share_a_guide(shared: Assistant) -> None:
    answer = shared.answer("HanaCell 能看 NHK 吗")

    assert answer.outcome is Outcome.NOT_COVERED
    assert answer.text == "\n\n".join(
        (
            say("not_covered", Language.ZH_HANS),
            say("official", Language.ZH_HANS, operator="HanaCell", url="https://hana.example.com"),
            say("covered", Language.ZH_HANS, count="3"),
        )
    )


def test_an_operator_that_shares_a_guide_can_be_chosen(shared: Assistant) -> None:
    assert {hit.passage.section_id for hit in shared.search("销户费用", operator="globiz")} == {"others#globiz"}
    with pytest.raises(QuestionError, match=r"No operator is called 'others'\. Mend: one of globiz, hana, mineo, povo$"):
        shared.search("销户费用", operator="others")


def test_no_question_is_suggested_of_an_operator_that_shares_a_guide(shared: Assistant) -> None:
    assert shared.answer("HanaCell 的销户费用是多少钱").follow_ups == ()
    assert shared.answer("HanaCell 能看 NHK 吗").follow_ups == ()


def test_the_name_of_an_operator_that_shares_a_guide_gets_all_that_is_known_of_it(shared: Assistant) -> None:
    answer = shared.answer("HanaCell")

    assert [each.section_id for each in answer.citations] == ["others#hana"]
    assert answer.citations[0].quote.startswith("HanaCell 用电子邮件解约。")
    assert answer.citations[0].quote.endswith("- HanaCell 的 SIM 卡：不用归还。[^s1]")
