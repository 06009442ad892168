"""The page's pictures as inline SVG. Series are told apart by order, label and pattern, not by colour alone; the page styles them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from markupsafe import Markup

from qa.answering.decide import fitted
from qa.evaluation.cells import LEAST
from qa.evaluation.drawing import (
    BAR_STEP,
    GROUP_GAP,
    PLOT_WIDTH,
    ROW,
    SERIES,
    WIDTH,
    Plot,
    bars,
    legend,
    line,
    nice,
    tag,
    text_at,
)
from qa.evaluation.outcomes import answer_measures
from qa.evaluation.refusal import area_under, risk_coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluation.comparison import Scored
    from qa.evaluation.refusal import Point
    from qa.evaluation.report import Report

BINS = 20
RANKS = ("1", "2", "3", "4", "5", "6–10", "later or none")
_LAST_ALONE, _LAST_SHOWN = 5, 10
_KINDS = (("language", "Language"), ("pair", "Question → evidence"), ("split", "Split"))
_BELOW = 40  # the axis and its title


@dataclass(frozen=True)
class Picture:
    """A drawing, with the sentence that says what it shows. key tells its ids on the page from those of the others."""

    key: str
    title: str
    caption: str
    svg: Markup


def pictures(report: Report) -> list[Picture]:
    """Return the pictures that there is data for."""
    drawn = (risk_picture(report), cells_picture(report), confidence_picture(report), ranks_picture(report))
    return [picture for picture in drawn if picture]


def first_rank(report: Report, run: Scored, question_id: str) -> int | None:
    """Return the rank of the first section or document that answers, None where none is ranked."""
    answering = report.dataset.answering(question_id)
    ranked = run.rankings.get(question_id, [])
    return next((rank for rank, (judged, _) in enumerate(ranked, 1) if judged in answering), None)


def risk_picture(report: Report) -> Picture | None:
    """Return risk against coverage: of all questions, and of each language that has LEAST of either kind."""
    curves = {"all": risk_coverage(report.asked)}
    if not curves["all"]:
        return None
    languages = report.asked_by("language")
    for language, asked in languages.items() if 1 < len(languages) < SERIES else ():
        answerable = sum(each.answerable for each in asked)
        if min(answerable, len(asked) - answerable) >= LEAST:
            curves[language] = risk_coverage(asked)
    top = nice(max(point.risk for curve in curves.values() for point in curve))
    key, end = legend(list(curves), "curve c")
    plot = Plot(end + ROW, 0, top)
    lines = [_curve(plot, curve, f"curve c{number}") for number, curve in enumerate(curves.values())]
    answered = [each for each in report.asked if each.is_answered]
    wrong = sum(not each.answerable for each in answered)
    risk, coverage = wrong / len(answered) if answered else 0.0, answer_measures(report.asked).answered or 0.0
    x, y = plot.x(coverage), plot.y(risk)
    now = [
        tag("circle", cx=x, cy=y, r=4.5, class_="now"),
        text_at("answered now", x, y - 10, "said", "end" if coverage > 0.5 else "start"),  # noqa: PLR2004
    ]
    caption = (
        f"{percent(coverage)} of the answerable questions are answered now; of all {len(answered)} answers {wrong} "
        f"({percent(risk)}) are to questions that have none. Area under the line of all: {area_under(curves['all']):.3f}."
    )
    axes = plot.axes("coverage: answerable questions accepted", "risk: unanswerable among accepted")
    # The line of all lies on top of the thin ones.
    parts = (key, *axes, *reversed(lines), *now)
    return _picture("risk", "Risk against coverage", caption, plot.below + _BELOW, parts)


def cells_picture(report: Report) -> Picture | None:
    """Return the headline measure of each run in each cell: by language, by pair of languages, by split."""
    key, y = legend([run.name for run in report.runs], "s")
    parts, lowest = [key], []
    for kind, title in _KINDS:
        groups = report.cells.get(kind, {})
        if not groups or (len(groups) == 1 and kind != "pair"):
            continue
        parts.append(text_at(title, 0, y + 12, "head"))
        y += ROW
        for name, ids in groups.items():
            values = [run.mean(report.headline, ids) for run in report.runs]
            parts += bars(name, str(len(ids)), values, [f"{value:.3f}" for value in values], y)
            y += len(values) * BAR_STEP + GROUP_GAP
            lowest += [(values[-1], name, len(ids))] if len(ids) >= LEAST and values else []
        y += GROUP_GAP
    if len(parts) == 1 or not report.runs:
        return None
    caption = f"Mean {report.headline}, from 0 to 1, in each cell; beside its name, the number of its questions."
    if len(lowest) > 1:
        value, name, questions = min(lowest)
        caption += f" {report.runs[-1].name} is lowest in {name}: {value:.3f} over {questions} questions."
    return _picture("cells", f"{report.headline} by cell", caption, y, parts)


def confidence_picture(report: Report) -> Picture | None:
    """Return how confident the assistant is of answerable questions, drawn upwards, and of unanswerable ones, downwards."""
    right, wrong = ([each.confidence for each in report.asked if each.answerable is kind] for kind in (True, False))
    if not right or not wrong:
        return None
    key, end = legend([f"{len(right)} answerable, upwards", f"{len(wrong)} unanswerable, downwards"], "s")
    shares = [[count / len(values) for count in histogram(values)] for values in (right, wrong)]
    top = nice(max(map(max, shares)))
    plot = Plot(end + ROW, -top, top)
    parts = [key, *plot.axes("confidence", "share of its kind", is_share=False)]
    for series, of_bins in enumerate(shares):
        for number, share in enumerate(of_bins):
            x, y = plot.x(number / BINS) + 1, plot.y(0 if series else share)
            size = {"width": PLOT_WIDTH / BINS - 2, "height": plot.y(0) - plot.y(share)}
            parts.append(tag("rect", x=x, y=y, **size, class_=f"s{series}"))
    x = plot.x(fitted().answered_from)
    parts += [line(x, plot.above, x, plot.below, "threshold"), text_at("answered →", x + 5, plot.above + 11, "said")]
    caption = (
        f"Half of the {len(right)} answerable questions have a confidence of at least {median(right):.2f}, half of the "
        f"{len(wrong)} unanswerable ones of at most {median(wrong):.2f}; from {fitted().answered_from:.2f} a question is answered."
    )
    title = "Confidence in answerable and unanswerable questions"
    return _picture("confidence", title, caption, plot.below + _BELOW, parts)


def ranks_picture(report: Report) -> Picture | None:
    """Return how many questions find their first answer at which rank."""
    ids = [question.question_id for question in report.dataset.answerable]
    if not ids or not report.runs:
        return None
    counts = {run.name: rank_counts([first_rank(report, run, each) for each in ids]) for run in report.runs}
    largest = max(map(max, counts.values()))
    key, y = legend(list(counts), "s")
    parts = [key, text_at("Rank", 0, y + 12, "head")]
    y += ROW
    for number, name in enumerate(RANKS):
        of_runs = [each[number] for each in counts.values()]
        said = [f"{count} · {count / len(ids):.0%}".replace("%", "\u00a0%") for count in of_runs]
        parts += bars(name, "", [count / largest for count in of_runs], said, y)
        y += len(of_runs) * BAR_STEP + GROUP_GAP
    first, none = (", ".join(f"{name} {each[at]}" for name, each in counts.items()) for at in (0, -1))
    caption = f"Of {len(ids)} questions an answer is ranked first for: {first}; none among the first {_LAST_SHOWN} for: {none}."
    return _picture("ranks", "Rank of the first answer", caption, y, parts)


def histogram(values: Sequence[float]) -> list[int]:
    """Return how many values, in [0, 1], fall into each of BINS equal bins; 1 counts in the last."""
    counts = [0] * BINS
    for value in values:
        counts[min(int(value * BINS), BINS - 1)] += 1
    return counts


def rank_counts(ranks: Sequence[int | None]) -> list[int]:
    """Return how many ranks fall into each of RANKS."""
    counts = [0] * len(RANKS)
    for rank in ranks:
        counts[-1 if rank is None or rank > _LAST_SHOWN else min(rank - 1, _LAST_ALONE)] += 1
    return counts


def percent(value: float | None) -> str:
    """Return a share in [0, 1] as a percentage, – for None."""
    return "–" if value is None else f"{100 * value:.1f}\u00a0%"


def _picture(key: str, title: str, caption: str, height: float, parts: Sequence[Markup]) -> Picture:
    named = (tag("title", title, id=f"{key}-title"), tag("desc", caption, id=f"{key}-desc"))
    labels = {"aria-labelledby": f"{key}-title", "aria-describedby": f"{key}-desc"}
    svg = tag("svg", *named, *parts, viewBox=f"0 0 {WIDTH} {height:g}", role="img", **labels)
    return Picture(key, title, caption, svg)


def _curve(plot: Plot, curve: Sequence[Point], style: str) -> Markup:
    """Return the line through the points; before the first one the risk is that point's."""
    ends = [(0.0, curve[0].risk), *((point.coverage, point.risk) for point in curve)]
    points = " ".join(f"{plot.x(coverage):.1f},{plot.y(risk):.1f}" for coverage, risk in ends)
    return tag("polyline", points=points, class_=style)
