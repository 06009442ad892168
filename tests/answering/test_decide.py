from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering import decide as module
from qa.answering.decide import FITTED, Decision, Reason, Refusing, decide, fitted, signals
from qa.datatypes import Hit, Language, Outcome, Parts
from qa.index.generation import Generation
from qa.index.packed_model import SHA256
from qa.retrieval.phrasing import Asking
from qa.retrieval.query import Query

SCORES = [0.0, 0.4, 0.5, 0.6, 0.8, 1.0]
UNASKED = Asking({}, {})
ASKED = Asking({"fees": 0.7, "agent": 0.4}, {"buying": 0.4})


def query(operators: tuple[str, ...] = (), topics: tuple[str, ...] = (), elsewhere: tuple[str, ...] = ()) -> Query:
    return Query("怎么办", Language.ZH_HANS, operators, topics, elsewhere)


def best_of(generation: Generation, score: float = 1.0) -> Hit:
    return Hit(generation.passages[0], score, Parts())


def decide_at(score: float, asked: Query, generation: Generation, asking: Asking = UNASKED) -> Decision:
    return decide(asked, asking, [best_of(generation, score)], generation)


def likeness(fees: float, agent: float, **others: float) -> Asking:
    """Return what a question asks for that is so like to those about fees, which povo's guide has, and about agents, which it hasn't."""
    return Asking({"fees": fees, "agent": agent, **others}, {})


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """Return refusing.toml as it stands."""
    return tomllib.loads((files("qa.answering") / FITTED).read_text("utf-8"))


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize(
    ("asked", "asking", "named"),
    [
        (query(), UNASKED, {"unknown": -0.05}),
        (query(), ASKED, {"margin": 0.7 - 0.4, "unknown": -0.05}),
        (query(), Asking({"fees": 0.3}, {"buying": 0.8, "chat": 0.1}), {"margin": 0.3 - 0.8, "unknown": -0.05}),
        (query(topics=("fees",)), ASKED, {"margin": 0.3, "unknown": -0.05}),
        (query(elsewhere=("nhk",)), UNASKED, {"elsewhere": 1.0, "unknown": -0.05}),
        (query(operators=("povo",), elsewhere=("nhk",)), UNASKED, {"elsewhere": 1.0, "unknown": -0.05}),
        (query(operators=("povo",)), likeness(0.4, 0.7), {"unknown": 0.7 - 0.4}),
        (query(operators=("povo",)), likeness(0.42, 0.4), {"unknown": 0.4 - 0.42}),
        (query(operators=("povo",)), likeness(0.9, 0.4), {"unknown": -0.05}),
    ],
)
def test_confidence_is_the_logistic_of_the_weighted_signals(
    score: float, asked: Query, asking: Asking, named: dict[str, float], generation: Generation, written: dict[str, Any]
) -> None:
    expected = {"intercept": 1.0, "score": score, "margin": 0.0, "elsewhere": 0.0, **named}

    assert signals(asked, asking, best_of(generation, score), generation) == pytest.approx(expected)
    assert set(written["weights"]) == set(expected)
    log_odds = sum(written["weights"][name] * value for name, value in expected.items())
    assert decide_at(score, asked, generation, asking).confidence == pytest.approx(1 / (1 + math.exp(-log_odds)))


@pytest.mark.parametrize(
    ("asked", "asking", "unknown"),
    [
        (query(operators=("povo",)), likeness(0.4, 0.7, sim=0.5, overview=0.6), 0.7 - 0.6),
        (query(operators=("povo",)), Asking({"fees": 0.4, "agent": 0.7, "must-return": 0.9, "povo#fees": 0.9}, {}), 0.7 - 0.4),
        (query(operators=("povo",)), Asking({"agent": 0.7}, {}), -0.05),
        (query(operators=("povo",)), Asking({"fees": 0.7}, {}), -0.05),
        (query(operators=("povo",)), UNASKED, -0.05),
        (query(operators=("povo", "linemo")), likeness(0.4, 0.7), -0.05),
        (query(operators=("rakuten-mobile",)), likeness(0.4, 0.7), -0.05),
        (query(), likeness(0.4, 0.7), -0.05),
        (replace(query(operators=("povo",)), carried=True), likeness(0.4, 0.7), -0.05),
        (replace(query(operators=("povo",), topics=("cancel",)), carried=True), likeness(0.4, 0.7), 0.7 - 0.4),
        (replace(query(operators=("povo",)), language=Language.EN), likeness(0.4, 0.7), 0.7 - 0.4),
    ],
    ids=[
        "the most like of those known",
        "only the operator's own sections",
        "nobody wrote phrasings for a known one",
        "nobody wrote phrasings for the unknown one",
        "no phrasings",
        "two operators",
        "an operator all of whose sections are known",
        "no operator",
        "an operator of the turn before",
        "an operator of the turn before and a topic",
        "a guide in another language",
    ],
)
def test_unknown_is_by_how_much_more_a_section_without_facts_is_asked_for(
    asked: Query, asking: Asking, unknown: float, generation: Generation
) -> None:
    found = signals(asked, asking, best_of(generation), generation)

    assert found["unknown"] == pytest.approx(unknown)


def test_a_section_without_facts_that_is_asked_for_without_its_name_is_not_answered(generation: Generation) -> None:
    asked, outside = query(operators=("povo",)), {"buying": 0.5}

    known = decide_at(0.6, asked, generation, Asking({"fees": 0.6, "agent": 0.3}, outside))
    unknown = decide_at(0.6, asked, generation, Asking({"fees": 0.3, "agent": 0.6}, outside))
    assert known.outcome is Outcome.ANSWERED
    assert (unknown.outcome, unknown.reason) == (Outcome.RELATED, None)


@given(st.floats(0, 1), st.floats(-1, 1), st.booleans(), st.floats(-0.05, 1), st.floats(0.01, 1))
def test_confidence_rises_or_falls_with_each_signal_as_its_weights_sign_says(
    score: float, margin: float, elsewhere: bool, unknown: float, more: float
) -> None:
    found = {"intercept": 1.0, "score": score, "margin": margin, "elsewhere": float(elsewhere), "unknown": unknown}
    refusing = fitted()
    before = refusing.confidence(found)

    assert 0.0 < before < 1.0
    for name, weight in refusing.weights.items():
        assert (refusing.confidence({**found, name: found[name] + more}) - before) * weight > 0


def test_what_speaks_for_an_answer_and_against_it_has_that_sign() -> None:
    weights = fitted().weights

    assert {name: weight > 0 for name, weight in weights.items() if name != "intercept"} == {
        "score": True,
        "margin": True,
        "elsewhere": False,
        "unknown": False,
    }


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ((0.4, query(), ASKED), (0.5, query(), ASKED)),
        ((0.5, query(), Asking({"fees": 0.5}, {"buying": 0.5})), (0.5, query(), Asking({"fees": 0.6}, {"buying": 0.5}))),
        ((0.5, query(), Asking({"fees": 0.5}, {"buying": 0.5})), (0.5, query(), Asking({"fees": 0.5}, {"buying": 0.4}))),
        ((0.5, query(elsewhere=("nhk",)), ASKED), (0.5, query(), ASKED)),
        ((0.5, query(operators=("povo",)), likeness(0.4, 0.6)), (0.5, query(operators=("povo",)), likeness(0.4, 0.5))),
        ((0.5, query(operators=("povo",)), likeness(0.4, 0.6)), (0.5, query(operators=("povo",)), likeness(0.5, 0.6))),
    ],
    ids=["score", "more like the guides", "less like outside", "elsewhere", "unknown less asked for", "known more asked for"],
)
def test_a_question_with_more_that_speaks_for_it_is_answered_with_more_confidence(
    less: tuple[float, Query, Asking], more: tuple[float, Query, Asking], generation: Generation
) -> None:
    confidences = [decide_at(score, asked, generation, asking).confidence for score, asked, asking in (less, more)]

    assert confidences[0] < confidences[1]


def test_weights_and_thresholds_are_those_that_were_fitted(written: dict[str, Any]) -> None:
    assert fitted() == Refusing(written["weights"], written["answered_from"], written["related_from"])
    assert 0 < written["related_from"] < written["answered_from"] < 1


def test_what_was_fitted_says_on_what_and_when(written: dict[str, Any]) -> None:
    provenance = written["provenance"]

    assert dt.date.fromisoformat(provenance["fitted"])
    counts = re.fullmatch(r"(\d+) of (\d+) dev questions; (\d+) are refused by rule", provenance["questions"])
    assert counts
    fit, all_of_them, by_rule = map(int, counts.groups())
    assert fit + by_rule == all_of_them
    assert all(re.fullmatch("[0-9a-f]{64}", provenance[name]) for name in ("questions_sha256", "corpus"))
    assert provenance["ridge"] > 0


def test_what_was_fitted_was_fitted_with_the_bundled_model(written: dict[str, Any]) -> None:
    assert written["provenance"]["model"] == SHA256


def test_the_outcome_follows_from_what_was_fitted(generation: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing but the score counts: as log-odds, it gives any confidence.
    refusing = Refusing({"intercept": 0.0, "score": 1.0}, answered_from=0.9, related_from=0.6)
    monkeypatch.setattr(module, "fitted", lambda: refusing)

    def outcome(confidence: float) -> Outcome:
        return decide_at(math.log(confidence / (1 - confidence)), query(), generation).outcome

    assert (outcome(0.91), outcome(0.89)) == (Outcome.ANSWERED, Outcome.RELATED)
    assert (outcome(0.61), outcome(0.59)) == (Outcome.RELATED, Outcome.NOT_COVERED)


@pytest.mark.parametrize("asking", [UNASKED, ASKED, Asking({"fees": 0.4}, {"buying": 0.5})])
@pytest.mark.parametrize("score", [number / 50 for number in range(51)])
def test_the_outcome_follows_from_the_confidence(score: float, asking: Asking, generation: Generation) -> None:
    decision = decide_at(score, query(topics=("fees",)), generation, asking)
    refusing = fitted()

    assert (decision.outcome is Outcome.ANSWERED) == (decision.confidence >= refusing.answered_from)
    assert (decision.outcome is Outcome.RELATED) == (refusing.related_from <= decision.confidence < refusing.answered_from)
    assert (decision.reason is Reason.OUTSIDE) == (decision.outcome is Outcome.NOT_COVERED)


def test_every_outcome_is_reached_as_the_score_rises(generation: Generation) -> None:
    outcomes = [decide_at(number / 1000, query(), generation).outcome for number in range(1001)]

    assert list(dict.fromkeys(outcomes)) == [Outcome.NOT_COVERED, Outcome.RELATED, Outcome.ANSWERED]


def test_every_outcome_is_reached_as_the_margin_rises(generation: Generation) -> None:
    askings = [Asking({"fees": number / 1000}, {"buying": 0.5}) for number in range(1001)]
    outcomes = [decide_at(0.5, query(), generation, asking).outcome for asking in askings]

    assert list(dict.fromkeys(outcomes)) == [Outcome.NOT_COVERED, Outcome.RELATED, Outcome.ANSWERED]


@pytest.mark.parametrize("asking", [UNASKED, Asking({"fees": 0.5}, {"buying": 0.5}), Asking({"fees": 0.5}, {})])
def test_a_question_about_an_operator_that_has_a_guide_is_at_least_related(asking: Asking, generation: Generation) -> None:
    assert decide_at(0.0, query(operators=("povo",)), generation, asking).outcome is Outcome.RELATED
    assert decide_at(0.0, query(operators=("povo", "mineo")), generation, asking).outcome is Outcome.RELATED


@pytest.mark.parametrize(
    ("asked", "asking"),
    [
        (query(operators=("povo",), elsewhere=("nhk",)), UNASKED),
        (query(operators=("povo",)), Asking({"fees": 0.5}, {"buying": 0.51})),
        (replace(query(operators=("povo",)), carried=True), UNASKED),
        (query(topics=("fees",)), UNASKED),
    ],
    ids=["something else is named", "more like what is outside", "the turn before named it", "no operator"],
)
def test_a_question_that_is_not_surely_about_an_operator_is_not_covered_where_nothing_matches(
    asked: Query, asking: Asking, generation: Generation
) -> None:
    decision = decide_at(0.0, asked, generation, asking)

    assert (decision.outcome, decision.reason) == (Outcome.NOT_COVERED, Reason.OUTSIDE)


@pytest.mark.parametrize(
    ("topics", "outcome"), [((), Outcome.NOT_COVERED), (("cancel",), Outcome.NOT_COVERED), (("fees",), Outcome.RELATED)]
)
def test_of_an_operator_only_what_the_guides_could_tell_is_related_where_all_else_speaks_for_something_outside(
    topics: tuple[str, ...], outcome: Outcome, generation: Generation
) -> None:
    asking = Asking({"fees": 0.3}, {"buying": 0.8})

    assert decide_at(0.4, query(("povo",), topics), generation, asking).outcome is outcome


def test_a_topic_makes_a_question_that_carries_an_operator_one_about_it(generation: Generation) -> None:
    asked = replace(query(operators=("povo",), topics=("fees",)), carried=True)

    assert decide_at(0.0, asked, generation).outcome is Outcome.RELATED


def test_without_hits_a_question_is_not_covered(generation: Generation) -> None:
    for asked in (query(), query(operators=("povo",))):
        assert decide(asked, ASKED, [], generation) == Decision(Outcome.NOT_COVERED, 0.0, Reason.OUTSIDE)


def test_an_operator_without_a_guide_is_not_covered_however_well_others_match(generation: Generation) -> None:
    decision = decide_at(1.0, query(operators=("mineo",), topics=("fees",)), generation, ASKED)

    assert decision == Decision(Outcome.NOT_COVERED, 0.0, Reason.NO_GUIDE, "mineo")


def test_of_two_operators_one_guide_is_enough(generation: Generation) -> None:
    assert decide_at(1.0, query(operators=("mineo", "povo")), generation, ASKED).outcome is Outcome.ANSWERED


def test_a_named_section_without_facts_is_not_covered_however_well_others_match(generation: Generation) -> None:
    decision = decide_at(1.0, query(operators=("povo",), topics=("cancel", "agent")), generation, ASKED)

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
def test_only_a_named_section_known_to_be_without_facts_counts_as_unknown(asked: Query, generation: Generation) -> None:
    assert decide_at(1.0, asked, generation, ASKED).outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("text", "outcome"), [("povo", Outcome.RELATED), ("povo 呢？", Outcome.RELATED), ("povo 怎么办", Outcome.ANSWERED)]
)
def test_an_operators_name_alone_is_no_question_that_could_be_answered(
    text: str, outcome: Outcome, generation: Generation
) -> None:
    asked = replace(query(operators=("povo",)), text=text, names=("povo",))

    assert decide_at(1.0, asked, generation, Asking({"fees": 0.9}, {"buying": 0.4})).outcome is outcome
