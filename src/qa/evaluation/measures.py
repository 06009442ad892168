"""Score a run: the only file that knows ir_measures. Measures are spelled as it spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.evaluation.trec import in_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.evaluation.trec import Ranking

JUDGED = "Judged@10"  # says how much of what was found is judged, not how good it is
MEASURES = ("nDCG@10", "RR@10", "R@5", "R@20", "Success@1", "Success@5", "AP", JUDGED)
# Where answering (grade 2) is told from helping (grade 1), what a person gets: an answer.
ANSWER_MEASURES = ("Success(rel=2)@1", "Success(rel=2)@5", "RR(rel=2)@10", "R(rel=2)@5", "R(rel=2)@20", "AP(rel=2)")


def score(
    measures: Sequence[str], qrels: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Ranking]
) -> dict[str, dict[str, float]]:
    """Return the value of each measure for each judged question: `score(…)[measure][question_id]`, in [0, 1].

    Questions for which nothing was ranked score 0. Equal scores count in trec_eval's order, by descending id.
    """
    import ir_measures

    parsed: dict[Any, str] = {ir_measures.parse_measure(measure): measure for measure in measures}
    # Its providers break ties each in their own way; scores that are ranks leave none.
    run = {
        question: {document: float(-rank) for rank, (document, _) in enumerate(in_order(ranking))}
        for question, ranking in rankings.items()
        if ranking and question in qrels
    }
    judged = {question: dict(grades) for question, grades in qrels.items()}
    values: dict[str, dict[str, float]] = {measure: {} for measure in measures}
    for metric in ir_measures.iter_calc(list(parsed), judged, run):
        values[parsed[metric.measure]][metric.query_id] = float(metric.value)
    # ir_measures leaves out a question whose judgements are empty: it can't be found right, and must not vanish from the mean.
    return {measure: {question: found.get(question, 0.0) for question in qrels} for measure, found in values.items()}
