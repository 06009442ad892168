"""Reports on a handful of questions, made by hand, and a reader of the page that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from web.page_html import PageHTML

from evaluation import samples
from qa.datatypes import Outcome
from qa.evaluation.comparison import compare_runs
from qa.evaluation.dataset import EvidenceSpan, Unit
from qa.evaluation.gate import Check, Verdict
from qa.evaluation.outcomes import Asked
from qa.evaluation.report import Report

_VOID = {"meta", "input"}


class Page(PageHTML):
    """A whole page, which has elements that are never closed, and in SVG some that close themselves. Spaces part their texts."""

    @classmethod
    def read(cls, html: str) -> Self:
        page = super().read(html)
        page.strays.remove("declaration DOCTYPE html")
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        self.text += " "
        if tag in _VOID:
            self.open_tags.pop()

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self.text += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open_tags.pop()


def full_report(mark: str = "", *, gate_met: bool = True) -> Report:
    """Return a report in which everything that can be there is; mark stands in every word that comes from outside.

    Of its questions, q1 is answered rightly and ranked first by both runs, q2 is ranked second by dense and nowhere by hybrid, q3 has no
    answer and gets one.
    """
    q1, q2, q3 = (f"{name}{mark}" for name in ("q1", "q2", "q3"))
    good, helping, other = (f"{name}{mark}" for name in ("good", "helping", "other"))
    words = EvidenceSpan(good, f"words that answer{mark}")
    labels = {"split": f"dev{mark}", "operator": f"povo{mark}", "topic": f"fees{mark}", "note": f"note{mark}"}
    questions = [
        samples.question(q1, f"ja{mark}", text=f"first question{mark}", **labels),
        samples.question(q2, f"en{mark}", text=f"second question{mark}", earlier=(f"earlier{mark}",), **labels),
        samples.question(q3, f"en{mark}", text=f"third question{mark}", answerable=False, near_miss=True),
    ]
    dataset = samples.dataset(questions, {q1: {good: 2, helping: 1}, q2: {good: 2, other: 0}}, evidence={q1: (words,)})
    rankings = {
        f"dense{mark}": {q1: samples.ranking(good, helping, other), q2: samples.ranking(other, good)},
        f"hybrid{mark}": {q1: samples.ranking(good), q2: []},
    }
    answers = [
        samples.asked(q1, cited=[good], language=f"ja{mark}", confidence=0.9, right=True, holds_evidence=True),
        samples.asked(q2, outcome=Outcome.NOT_COVERED, confidence=0.2, language=f"en{mark}"),
        samples.asked(q3, answerable=False, cited=[other], confidence=0.6, language=f"en{mark}", exact=False),
    ]
    cells = {"language": {f"en{mark}": [q2], f"ja{mark}": [q1]}, "operator": {f"au{mark}": [q1], f"povo{mark}": [q2]}}
    checks = (Check(f"RR@10{mark}", f"all{mark}", 0.5, f"at least 0.4{mark}", gate_met),)
    made = samples.report(dataset, rankings, answers, cells, milliseconds={q1: 2.0, q2: 4.0})
    return replace(
        made,
        dataset=replace(dataset, name=f"sample{mark}"),
        provenance={"command": f"qa eval{mark}", f"files{mark}": {f"questions.jsonl{mark}": f"0000{mark}"}},
        comparisons=(compare_runs(made.runs[0], made.runs[1], made.headline),),
        text_of=lambda judged, language: f"text of {judged} for {language}{mark}",
        gate=Verdict(gate_met, f"gate.toml{mark}", checks),
    )


def documents_report(*ranks: int) -> Report:
    """Return a report on a set of documents, a question for each of ranks: where its one run ranks the document that answers."""
    questions = [samples.question(f"q{number}") for number in range(len(ranks))]
    rankings = {}
    for number, rank in enumerate(ranks):
        ids = [f"d{each}" for each in range(1, 6)]
        rankings[f"q{number}"] = samples.ranking(*ids[: rank - 1], "answer", *ids[rank - 1 :])
    dataset = samples.dataset(questions, {each.question_id: {"answer": 1} for each in questions}, Unit.DOCUMENT)
    return samples.report(dataset, {"dense": rankings})


def asked_report(asked: Sequence[Asked]) -> Report:
    """Return a report on answers alone."""
    return samples.report(samples.dataset([], {}), {}, asked)
