from __future__ import annotations

import math

import pytest

from qa.answering.decide import (
    ANSWERED_FROM,
    ELSEWHERE,
    INTERCEPT,
    NO_OPERATOR,
    NO_SUBJECT,
    RELATED_FROM,
    SCORE_WEIGHT,
    TYPICAL_SCORE,
    Decision,
    Reason,
    decide,
)
from qa.datatypes import Hit, Language, Outcome, Parts
from qa.index.generation import Generation
from qa.retrieval.query import Query


def query(operators: tuple[str, ...] = (), topics: tuple[str, ...] = (), elsewhere: tuple[str, ...] = ()) -> Query:
    return Query("怎么办", Language.ZH_HANS, operators, topics, elsewhere)


def decide_at(score: float, asked: Query, generation: Generation) -> Decision:
    return decide(asked, [Hit(generation.passages[0], score, Parts())], generation)


def logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


@pytest.mark.parametrize("score", [0.0, 0.5, 0.7, TYPICAL_SCORE, 0.85, 1.0])
@pytest.mark.parametrize(
    ("asked", "offset"),
    [
        (query(operators=("povo",)), 0.0),
        (query(operators=("povo",), topics=("fees",)), 0.0),
        (query(topics=("fees",)), NO_OPERATOR),
        (query(), NO_SUBJECT),
        (query(elsewhere=("nhk",)), NO_SUBJECT + ELSEWHERE),
        (query(topics=("cancel",), elsewhere=("nhk",)), NO_OPERATOR + ELSEWHERE),
    ],
)
def test_confidence_is_the_logistic_of_the_best_score_and_of_what_the_question_names(
    score: float, asked: Query, offset: float, generation: Generation
) -> None:
    expected = logistic(INTERCEPT + SCORE_WEIGHT * (score - TYPICAL_SCORE) + offset)

    assert decide_at(score, asked, generation).confidence == pytest.approx(expected)


@pytest.mark.parametrize("score", [number / 50 for number in range(51)])
def test_the_outcome_follows_from_the_confidence(score: float, generation: Generation) -> None:
    decision = decide_at(score, query(operators=("povo",)), generation)

    assert (decision.outcome is Outcome.ANSWERED) == (decision.confidence >= ANSWERED_FROM)
    assert (decision.outcome is Outcome.RELATED) == (RELATED_FROM <= decision.confidence < ANSWERED_FROM)
    assert (decision.reason is Reason.OUTSIDE) == (decision.outcome is Outcome.NOT_COVERED)


def test_every_outcome_is_reached_as_the_score_rises(generation: Generation) -> None:
    outcomes = [decide_at(number / 1000, query(operators=("povo",)), generation).outcome for number in range(1001)]

    assert list(dict.fromkeys(outcomes)) == [Outcome.NOT_COVERED, Outcome.RELATED, Outcome.ANSWERED]


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


@pytest.mark.xfail(strict=True, reason="names from elsewhere count only where no operator is named: 乐天信用卡 also names 乐天")
def test_a_question_about_something_else_of_an_operators_is_less_likely_to_be_answered(generation: Generation) -> None:
    alone = decide_at(TYPICAL_SCORE, query(operators=("povo",)), generation)

    assert decide_at(TYPICAL_SCORE, query(operators=("povo",), elsewhere=("nhk",)), generation).confidence < alone.confidence
