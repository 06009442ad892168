from __future__ import annotations

import math

import pytest

from qa.answering.decide import ANSWERED_FROM, RELATED_FROM, WEIGHTS, Decision, Reason, decide, signals
from qa.datatypes import Hit, Language, Outcome, Parts
from qa.index.generation import Generation
from qa.retrieval.query import Query

SCORES = [0.0, 0.5, 0.7, 0.78, 0.85, 1.0]


def query(operators: tuple[str, ...] = (), topics: tuple[str, ...] = (), elsewhere: tuple[str, ...] = ()) -> Query:
    return Query("怎么办", Language.ZH_HANS, operators, topics, elsewhere)


def decide_at(score: float, asked: Query, generation: Generation) -> Decision:
    return decide(asked, [Hit(generation.passages[0], score, Parts())], generation)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (query(), {}),
        (query(operators=("povo",)), {"operator": 1.0}),
        (query(operators=("povo", "linemo")), {"operator": 1.0}),
        (query(topics=("fees",)), {"topics": 1.0}),
        (query(topics=("cancel", "fees", "sim")), {"topics": 2.0}),
        (query(topics=("cancel",)), {}),
        (query(elsewhere=("nhk",)), {"elsewhere": 1.0}),
        (query(operators=("povo",), topics=("fees",), elsewhere=("nhk",)), {"operator": 1.0, "topics": 1.0, "elsewhere": 1.0}),
    ],
)
def test_confidence_is_the_logistic_of_the_weighted_signals(
    score: float, asked: Query, named: dict[str, float], generation: Generation
) -> None:
    expected = {"intercept": 1.0, "score": (score - 0.78) / 0.05, **named}
    found = signals(asked, Hit(generation.passages[0], score, Parts()), generation)

    assert {name: value for name, value in found.items() if value} == pytest.approx({n: v for n, v in expected.items() if v})
    assert set(found) == set(WEIGHTS)
    log_odds = sum(WEIGHTS[name] * value for name, value in expected.items())
    assert decide_at(score, asked, generation).confidence == pytest.approx(1 / (1 + math.exp(-log_odds)))


def test_what_speaks_for_an_answer_and_against_it_has_that_sign() -> None:
    assert all(WEIGHTS[name] > 0 for name in ("score", "operator", "line", "topics"))
    assert WEIGHTS["elsewhere"] < 0
    assert 0 < RELATED_FROM < ANSWERED_FROM < 1


@pytest.mark.parametrize("score", [number / 50 for number in range(51)])
def test_the_outcome_follows_from_the_confidence(score: float, generation: Generation) -> None:
    decision = decide_at(score, query(topics=("fees",)), generation)

    assert (decision.outcome is Outcome.ANSWERED) == (decision.confidence >= ANSWERED_FROM)
    assert (decision.outcome is Outcome.RELATED) == (RELATED_FROM <= decision.confidence < ANSWERED_FROM)
    assert (decision.reason is Reason.OUTSIDE) == (decision.outcome is Outcome.NOT_COVERED)


def test_every_outcome_is_reached_as_the_score_rises(generation: Generation) -> None:
    outcomes = [decide_at(number / 1000, query(), generation).outcome for number in range(1001)]

    assert list(dict.fromkeys(outcomes)) == [Outcome.NOT_COVERED, Outcome.RELATED, Outcome.ANSWERED]


def test_a_question_about_an_operator_that_has_a_guide_is_at_least_related(generation: Generation) -> None:
    assert decide_at(0.0, query(operators=("povo",)), generation).outcome is Outcome.RELATED
    assert decide_at(0.0, query(operators=("povo",), elsewhere=("nhk",)), generation).outcome is Outcome.NOT_COVERED


def test_without_hits_a_question_is_not_covered(generation: Generation) -> None:
    assert decide(query(), [], generation) == Decision(Outcome.NOT_COVERED, 0.0, Reason.OUTSIDE)


def test_an_operator_without_a_guide_is_not_covered_however_well_others_match(generation: Generation) -> None:
    decision = decide_at(1.0, query(operators=("mineo",), topics=("fees",)), generation)

    assert decision == Decision(Outcome.NOT_COVERED, 0.0, Reason.NO_GUIDE, "mineo")


def test_of_two_operators_one_guide_is_enough(generation: Generation) -> None:
    assert decide_at(1.0, query(operators=("mineo", "povo")), generation).outcome is Outcome.ANSWERED


def test_a_section_without_facts_is_not_covered_however_well_others_match(generation: Generation) -> None:
    decision = decide_at(1.0, query(operators=("povo",), topics=("cancel", "agent")), generation)

    assert decision == Decision(Outcome.NOT_COVERED, 0.0, Reason.UNKNOWN_SECTION, "agent")


@pytest.mark.parametrize(
    "asked",
    [
        query(operators=("povo",), topics=("fees",)),
        query(operators=("povo",), topics=("fees", "agent")),
        query(operators=("povo", "linemo"), topics=("agent",)),
        query(operators=("rakuten-mobile",), topics=("agent",)),
        query(topics=("agent",)),
    ],
    ids=["known", "one of two known", "two operators", "no such section", "no operator"],
)
def test_only_a_section_known_to_be_without_facts_counts_as_unknown(asked: Query, generation: Generation) -> None:
    assert decide_at(1.0, asked, generation).outcome is Outcome.ANSWERED
