"""How well the assistant knows what it doesn't know: risk against coverage, refusals, calibration.

A question is accepted where its confidence reaches a threshold. Coverage is the share of the answerable questions that are accepted, risk
the share of the unanswerable among all accepted. Neither looks at whether an accepted question is answered rightly, and coverage doesn't
depend on how many unanswerable questions a set happens to hold, as risk does. After El-Yaniv and Wiener, 2010, whose coverage is over all questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluation.outcomes import Asked

AT_COVERAGE = 0.9
BINS = 10


@dataclass(frozen=True)
class Point:
    """Coverage, risk, and the share of unanswerable questions accepted, each in [0, 1], where confidence ≥ threshold is accepted."""

    threshold: float
    coverage: float
    risk: float
    false_answers: float


@dataclass(frozen=True)
class RefusalMeasures:
    """Measures in [0, 1]; None where the questions allow none.

    area: under risk against coverage. error_at_90: risk where 90 % of the answerable questions are accepted. precision, recall: of refusing,
    as the assistant does (a related passage is no answer). answered, false_answers: of the answerable and of the unanswerable questions,
    those that are answered. calibration_error: expected, over ten equal bins, of the confidence as the chance that a question is answerable.
    """

    questions: int
    unanswerable: int
    area: float | None
    error_at_90: float | None
    precision: float | None
    recall: float | None
    answered: float | None
    false_answers: float | None
    calibration_error: float | None


def refusal_measures(asked: Sequence[Asked]) -> RefusalMeasures:
    """Return the measures over asked."""
    answerable = [each for each in asked if each.answerable]
    unanswerable = [each for each in asked if not each.answerable]
    refused = [each for each in asked if not each.is_answered]
    curve = risk_coverage(asked)
    return RefusalMeasures(
        questions=len(asked),
        unanswerable=len(unanswerable),
        area=area_under(curve),
        error_at_90=next((point.risk for point in curve if point.coverage >= AT_COVERAGE), None),
        precision=_share(sum(not each.answerable for each in refused), len(refused)),
        recall=_share(sum(not each.is_answered for each in unanswerable), len(unanswerable)),
        answered=_share(sum(each.is_answered for each in answerable), len(answerable)),
        false_answers=_share(sum(each.is_answered for each in unanswerable), len(unanswerable)),
        calibration_error=calibration_error(asked),
    )


def risk_coverage(asked: Sequence[Asked]) -> list[Point]:
    """Return the points of the curve, one for each confidence that occurs, from the highest; none where one kind of question is missing."""
    answerable = sum(each.answerable for each in asked)
    unanswerable = len(asked) - answerable
    if not answerable or not unanswerable:
        return []
    points = []
    right = wrong = 0
    ordered = sorted(asked, key=lambda each: -each.confidence)
    for number, each in enumerate(ordered):
        right, wrong = right + each.answerable, wrong + (not each.answerable)
        if number + 1 == len(ordered) or ordered[number + 1].confidence < each.confidence:
            points.append(Point(each.confidence, right / answerable, wrong / (right + wrong), wrong / unanswerable))
    return points


def area_under(curve: Sequence[Point]) -> float | None:
    """Return the area under risk over coverage from 0 to 1, by trapezoids; before the first point the risk is that point's."""
    if not curve:
        return None
    area, coverage, risk = 0.0, 0.0, curve[0].risk
    for point in curve:
        area += (point.coverage - coverage) * (point.risk + risk) / 2
        coverage, risk = point.coverage, point.risk
    return area


def calibration_error(asked: Sequence[Asked]) -> float | None:
    """Return the expected calibration error: the mean, weighted by size, of |confidence − share answerable| over equal bins."""
    if not asked:
        return None
    bins: dict[int, list[Asked]] = {}
    for each in asked:
        bins.setdefault(min(int(each.confidence * BINS), BINS - 1), []).append(each)
    gaps = (
        abs(sum(each.confidence for each in members) - sum(each.answerable for each in members)) for members in bins.values()
    )
    return sum(gaps) / len(asked)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
