from __future__ import annotations

from collections.abc import Mapping

import pytest
import pytrec_eval
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.evaluation.measures import ANSWER_MEASURES, MEASURES, score
from qa.evaluation.trec import Ranking

Qrels = Mapping[str, Mapping[str, int]]
Rankings = Mapping[str, Ranking]

# Ids on whose order tools may disagree: d10 < d2 as text, capitals, accents in two forms, Han, what lies beyond UTF-16's first plane.
DOCUMENTS = (
    *(f"d{number}" for number in range(1, 21)),
    *("D2", "d", "é", "e\u0301", "号码保管", "povo#fees", "\uffee", "\U00020bb7", "Z", "0"),
)
# Equal ones, some that only double precision tells apart, and negative ones.
SCORES = (0.5, 0.5 + 1e-9, 0.5 + 1e-6, 0.25, 0.0, -0.0, -1.0, 1.0, 1e-9, 17.25)
QUESTIONS = ("q1", "q2", "q10", "質問")
# What pytrec_eval calls each measure.
THEIRS = {
    "nDCG@10": "ndcg_cut_10",
    "R@5": "recall_5",
    "R@20": "recall_20",
    "Success@1": "success_1",
    "Success@5": "success_5",
    "AP": "map",
    "RR@10": "recip_rank",
}
ASKED = {"ndcg_cut.10", "recall.5,20", "success.1,5", "map", "recip_rank"}


@st.composite
def _rankings(draw: st.DrawFn) -> Ranking:
    documents = draw(st.permutations(DOCUMENTS))[: draw(st.integers(0, len(DOCUMENTS)))]
    scores = draw(st.lists(st.sampled_from(SCORES), min_size=len(documents), max_size=len(documents)))
    return list(zip(documents, scores, strict=True))


_runs = st.dictionaries(st.sampled_from((*QUESTIONS, "not judged")), _rankings())
_grades = st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 3), min_size=1)
_qrels = st.dictionaries(st.sampled_from(QUESTIONS), _grades, min_size=1)


def _theirs(qrels: Qrels, run: Rankings, least: int) -> dict[str, dict[str, float]]:
    """Return what pytrec_eval makes of run: questions that it leaves out score 0, and so does a first hit beyond rank 10."""
    evaluator = pytrec_eval.RelevanceEvaluator({key: dict(grades) for key, grades in qrels.items()}, ASKED, least)
    found = evaluator.evaluate({question: dict(ranking) for question, ranking in run.items()})
    values = {
        name: {question: found.get(question, {}).get(theirs, 0.0) for question in qrels} for name, theirs in THEIRS.items()
    }
    values["RR@10"] = {question: value if value > 1 / 10.5 else 0.0 for question, value in values["RR@10"].items()}
    return values


@settings(deadline=None)
@given(_qrels, _runs)
@example({"q1": {"d2": 1}}, {"q1": [("d10", 0.5), ("d2", 0.5)]})
@example({"q1": {"d10": 1}}, {"q1": [("d10", 0.5), ("d2", 0.5)]})
@example({"q1": {"d1": 1}}, {"q1": [("d2", 0.5), ("d1", 0.5 + 1e-9)]})
@example({"q1": {"\uffee": 1}}, {"q1": [("\U00020bb7", 0.5), ("\uffee", 0.5)]})
@example({"q1": {"d11": 1}}, {"q1": [(f"d{rank}", float(-rank)) for rank in range(1, 13)]})
def test_every_measure_equals_pytrec_evals_with_ties_and_missing_questions(qrels: Qrels, run: Rankings) -> None:
    ours = score(MEASURES, qrels, run)

    for measure, values in _theirs(qrels, run, 1).items():
        assert ours[measure] == pytest.approx(values, abs=0.00005), measure


@settings(deadline=None)
@given(_qrels, _runs)
@example({"q1": {"d1": 1, "d2": 2}}, {"q1": [("d1", 2.0), ("d2", 1.0)]})
def test_every_measure_of_answers_equals_pytrec_evals_at_relevance_level_2(qrels: Qrels, run: Rankings) -> None:
    ours = score(ANSWER_MEASURES, qrels, run)
    theirs = _theirs(qrels, run, 2)

    for measure in ANSWER_MEASURES:
        assert ours[measure] == pytest.approx(theirs[measure.replace("(rel=2)", "")], abs=0.00005), measure


@settings(deadline=None)
@given(_qrels, _runs)
def test_each_judged_question_has_one_value_of_each_measure_in_0_to_1(qrels: Qrels, run: Rankings) -> None:
    values = score((*MEASURES, *ANSWER_MEASURES), qrels, run)

    assert list(values) == [*MEASURES, *ANSWER_MEASURES]
    for of_measure in values.values():
        assert list(of_measure) == list(qrels)
        assert all(0 <= value <= 1 for value in of_measure.values())


def test_the_discounted_gain_is_that_of_the_formula() -> None:
    found = score(["nDCG@10"], {"q1": {"a": 2, "b": 1}}, {"q1": [("b", 3.0), ("x", 2.0), ("a", 1.0)]})

    gain, best = 1 / 1 + 2 / 2, 2 / 1 + 1 / 1.5849625007  # divided by log2(rank + 1)
    assert found["nDCG@10"]["q1"] == pytest.approx(gain / best)


def test_judged_counts_the_judged_among_the_first_ten_whatever_their_grade() -> None:
    ranking = [(f"d{rank}", 1 / rank) for rank in range(1, 13)]

    found = score(["Judged@10"], {"q1": {"d1": 2, "d4": 0, "d10": 1, "d11": 1, "elsewhere": 1}}, {"q1": ranking})

    assert found["Judged@10"]["q1"] == pytest.approx(3 / 10)


def test_judged_of_a_short_ranking_is_the_share_of_what_was_ranked() -> None:
    found = score(["Judged@10"], {"q1": {"a": 0}}, {"q1": [("a", 2.0), ("b", 1.0), ("c", 0.5)]})

    assert found["Judged@10"]["q1"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("run", [{}, {"q1": []}], ids=["missing", "empty"])
def test_a_question_for_which_nothing_was_ranked_scores_0(run: Rankings) -> None:
    found = score(MEASURES, {"q1": {"a": 1}, "q2": {"a": 1}}, {**run, "q2": [("a", 1.0)]})

    assert found == {measure: {"q1": 0.0, "q2": 1.0} for measure in MEASURES}


@pytest.mark.parametrize("grades", [{}, {"a": 0}, {"a": 0, "b": 0}])
def test_a_question_that_nothing_answers_scores_0_and_stays_in_the_mean(grades: dict[str, int]) -> None:
    found = score(MEASURES[:-1], {"q1": grades, "q2": {"a": 1}}, {"q1": [("a", 1.0)], "q2": [("a", 1.0)]})

    assert found == {measure: {"q1": 0.0, "q2": 1.0} for measure in MEASURES[:-1]}


def test_a_question_without_judgements_is_not_scored() -> None:
    assert score(["AP"], {"q1": {"a": 1}}, {"q1": [("a", 1.0)], "q9": [("a", 1.0)]}) == {"AP": {"q1": 1.0}}


def test_the_order_in_which_a_ranking_is_listed_does_not_count() -> None:
    assert score(["RR@10"], {"q1": {"a": 1}}, {"q1": [("b", 1.0), ("a", 2.0), ("c", 0.5)]}) == {"RR@10": {"q1": 1.0}}


def test_equal_scores_count_by_descending_id_as_text() -> None:
    found = score(["RR@10"], {"q1": {"d10": 1}, "q2": {"d2": 1}}, {key: [("d10", 0.5), ("d2", 0.5)] for key in ("q1", "q2")})

    assert found["RR@10"] == {"q1": 1 / 2, "q2": 1.0}
