"""What becomes of each question, asked of a real assistant on the small corpus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evaluation.samples import asked, dataset, question
from retrieval.small_phrasings import phrased_settings

from qa.answering.assistant import Assistant
from qa.datatypes import Answer, Outcome, Weights
from qa.evaluation.dataset import EvidenceSpan, Question
from qa.evaluation.outcomes import AnswerChange, AnswerMeasures, Asked, answer_changes, answer_measures, ask_all
from qa.index.embedder import Embedder
from qa.index.generation import Generation

FEE = question("fee", "zh-Hans", text="povo 销户费用多少钱", split="dev")
FEE_QUOTE = "povo2.0 销户费用为 0 日元：没有解约费，也没有携号转出费。[^s1][^s2]"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Assistant:
    return Assistant(phrased_settings(tmp_path_factory.mktemp("small"), cache, embedder).index, embedder, Weights())


def ask(assistant: Assistant, one: Question, grades: dict[str, int], *spans: EvidenceSpan) -> Asked:
    (found,) = ask_all(
        dataset([one], {one.question_id: grades}, evidence={one.question_id: spans} if spans else {}),
        assistant,
        lambda *_: None,
    )
    return found


def test_a_question_is_answered_as_the_assistant_answers_it(assistant: Assistant) -> None:
    answer = assistant.answer(FEE.text)
    found = ask(assistant, FEE, {"povo#fees": 2}, EvidenceSpan("povo#fees", "povo2.0 销户费用为 0 日元"))
    assert found == Asked(
        question_id="fee",
        language="zh-Hans",
        answerable=True,
        outcome=Outcome.ANSWERED,
        confidence=answer.confidence,
        cited=("povo#fees",),
        quotes=(FEE_QUOTE,),
        right=True,
        holds_evidence=True,
        exact=True,
        split="dev",
    )


@pytest.mark.parametrize(
    ("grades", "right"),
    [({"povo#fees": 2}, True), ({"povo#fees": 1, "povo#sim": 2}, False), ({"povo#sim": 2}, False), ({"povo#fees": 1}, True)],
)
def test_an_answer_is_right_where_its_first_citation_has_the_grade_that_answers(
    grades: dict[str, int], right: bool, assistant: Assistant
) -> None:
    assert ask(assistant, FEE, grades).right is right


def test_of_several_citations_the_first_one_has_to_answer(assistant: Assistant) -> None:
    several = question("q", "zh-Hans", text="povo 和 LINEMO 的 SIM 卡要归还吗")
    first, *_, last = ask(assistant, several, {}).cited
    assert ask(assistant, several, {first: 2}).right
    assert not ask(assistant, several, {last: 2}).right


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        (["也没有携号转出费"], True),
        (["3,850 日元"], False),
        (["3,850 日元", "没有解约费"], True),
        ([], None),
    ],
)
def test_an_answer_holds_the_evidence_where_a_quote_holds_one_of_the_judged_words(
    words: list[str], holds: bool | None, assistant: Assistant
) -> None:
    spans = [EvidenceSpan("povo#fees", each) for each in words]
    assert ask(assistant, FEE, {"povo#fees": 2}, *spans).holds_evidence is holds


@pytest.mark.parametrize("section", ["povo#overview", "povo#sim", "linemo#fees"])
def test_the_same_words_as_evidence_of_another_section_are_not_held(section: str, assistant: Assistant) -> None:
    words = "没有解约费"  # in the quote of povo#fees
    assert ask(assistant, FEE, {"povo#fees": 2}, EvidenceSpan(section, words)).holds_evidence is False
    spans = (EvidenceSpan(section, words), EvidenceSpan("povo#fees", words))
    assert ask(assistant, FEE, {"povo#fees": 2}, *spans).holds_evidence is True


def test_a_question_whose_every_span_is_stale_counts_as_not_held(assistant: Assistant) -> None:
    stale = [EvidenceSpan("povo#fees", each) for each in ("words of yesterday", "また別の言葉")]
    found = ask(assistant, FEE, {"povo#fees": 2}, *stale)
    assert found.holds_evidence is False
    assert answer_measures([found]).holds_evidence == 0 / 1


@pytest.mark.parametrize("language", ["zh-Hant", "en", "ja"])
def test_quotes_are_compared_with_the_guide_that_they_come_from(language: str, assistant: Assistant) -> None:
    found = ask(assistant, question("q", language, text="LINEMO の SIM 返却 return the SIM card"), {"linemo#sim": 2})
    assert found.cited[0] == "linemo#sim"
    assert found.exact


def test_a_question_is_asked_on_the_page_of_its_language(assistant: Assistant) -> None:
    japanese = ask(assistant, question("q", "ja", text="povo SIM"), {"povo#sim": 2})
    chinese = ask(assistant, question("q", "zh-Hans", text="povo SIM"), {"povo#sim": 2})
    assert japanese.quotes[0] == "povo2.0のSIMカードは返却不要で、自分で破棄します。[^s2]"
    assert chinese.quotes[0] == "povo2.0 的 SIM 卡不用归还，自行销毁即可。[^s2]"


def test_a_question_is_asked_after_its_earlier_turns(assistant: Assistant) -> None:
    follow_up = question("q", "zh-Hans", text="SIM 卡要归还吗", earlier=("LINEMO 怎么销户",))
    assert ask(assistant, follow_up, {"linemo#sim": 2}).cited[0] == "linemo#sim"
    assert ask(assistant, replace(follow_up, earlier=()), {"linemo#sim": 2}).cited[0] != "linemo#sim"


def test_a_question_in_a_language_that_has_no_page_is_asked_all_the_same(assistant: Assistant) -> None:
    found = ask(assistant, question("q", "other", text="povo 해지 SIM 返却"), {"povo#sim": 2})
    assert found.cited[0] == "povo#sim"


@pytest.mark.parametrize("text", ["povo 怎么销户？" * 400, " \n"])
def test_a_question_that_cannot_be_asked_is_not_covered(text: str, assistant: Assistant) -> None:
    with_spans = ask(assistant, question("long", "zh-Hans", text=text), {"povo#fees": 2}, EvidenceSpan("povo#fees", "0 日元"))
    assert with_spans == Asked("long", "zh-Hans", True, Outcome.NOT_COVERED, 0.0, (), (), False, False, True)


def test_unanswerable_questions_are_asked_too(assistant: Assistant) -> None:
    found = ask(assistant, question("agent", "zh-Hans", text="povo 代理人可以办理吗", answerable=False), {})
    assert (found.answerable, found.outcome, found.right, found.cited) == (False, Outcome.NOT_COVERED, False, ())


def test_questions_are_asked_in_the_order_of_the_dataset_and_progress_counts_them(assistant: Assistant) -> None:
    steps: list[tuple[int, int]] = []
    ids = ["z", "a", "m"]
    found = ask_all(
        dataset([question(each, "zh-Hans", text="povo 销户费用") for each in ids], {}),
        assistant,
        lambda done, total: steps.append((done, total)),
    )
    assert [each.question_id for each in found] == ids
    assert steps == [(1, 3), (2, 3), (3, 3)]


class Misquoting(Assistant):
    """Answers well and changes what it quotes."""

    def __init__(self, assistant: Assistant, **changed: Any) -> None:
        self._real = assistant
        self._changed = changed

    def answer_from_generation(self, *args: Any, **more: Any) -> tuple[Answer, Generation]:
        answer, generation = self._real.answer_from_generation(*args, **more)
        *others, last = answer.citations
        return replace(answer, citations=(*others, replace(last, **self._changed))), generation


@pytest.mark.parametrize("changed", [{"quote": FEE_QUOTE.replace("0", "1")}, {"start": 0}, {"quote": FEE_QUOTE + " "}])
def test_a_quote_that_does_not_stand_at_its_offsets_is_not_exact(changed: dict[str, Any], assistant: Assistant) -> None:
    assert not ask(Misquoting(assistant, **changed), FEE, {"povo#fees": 2}).exact


def test_one_quote_that_is_wrong_among_several_is_not_exact(assistant: Assistant) -> None:
    several = question("q", "zh-Hans", text="povo 和 LINEMO 的 SIM 卡要归还吗")
    assert len(assistant.answer(several.text).citations) > 1
    assert ask(assistant, several, {}).exact
    assert not ask(Misquoting(assistant, quote="LINEMO"), several, {}).exact


def test_shares_of_answers_are_counted_over_what_they_are_about() -> None:
    found = answer_measures(
        [
            asked(cited=["s"], right=True, holds_evidence=True),
            asked(cited=["s"], right=True, holds_evidence=False),
            asked(cited=["s"], right=False, holds_evidence=None),
            # Related and refused: not answered, so neither right nor wrong; what is shown must be exact all the same.
            asked(cited=["s"], right=True, holds_evidence=True, outcome=Outcome.RELATED, exact=False),
            asked(outcome=Outcome.NOT_COVERED, holds_evidence=False),
            # An unanswerable question that is answered counts against refusing, not here, but for its quotes.
            asked(cited=["s"], answerable=False),
            asked(answerable=False, outcome=Outcome.NOT_COVERED),
        ]
    )
    assert found == AnswerMeasures(questions=5, answered=3 / 5, right=2 / 3, holds_evidence=1 / 2, exact=4 / 5)


def test_shares_of_nothing_are_none() -> None:
    assert answer_measures([]) == AnswerMeasures(0, None, None, None, None)
    refused = asked(outcome=Outcome.NOT_COVERED)
    assert answer_measures([refused]) == AnswerMeasures(1, 0.0, None, None, None)


RIGHT = asked("q", cited=["povo#fees"], right=True)
WRONG = asked("q", cited=["povo#sim"])
REFUSED = asked("q", outcome=Outcome.NOT_COVERED)
RELATED = asked("q", outcome=Outcome.RELATED, cited=["povo#fees"], right=True)
ANSWERED_ANYWAY = asked("q", answerable=False, cited=["povo#sim"])
REFUSED_RIGHTLY = asked("q", answerable=False, outcome=Outcome.NOT_COVERED)
RELATED_RIGHTLY = asked("q", answerable=False, outcome=Outcome.RELATED, cited=["povo#sim"])


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (WRONG, REFUSED),
        (WRONG, RELATED),
        (WRONG, RIGHT),
        (REFUSED, RIGHT),
        (RELATED, RIGHT),
        (ANSWERED_ANYWAY, REFUSED_RIGHTLY),
        (ANSWERED_ANYWAY, RELATED_RIGHTLY),
    ],
)
def test_an_answer_changes_for_the_better_one_way_and_for_the_worse_the_other(less: Asked, more: Asked) -> None:
    ends = [(each.outcome, each.cited) for each in (less, more)]
    assert answer_changes([less], [more]) == [AnswerChange("q", ends[0], ends[1], better=True, worse=False)]
    assert answer_changes([more], [less]) == [AnswerChange("q", ends[1], ends[0], better=False, worse=True)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (REFUSED, RELATED),
        (REFUSED_RIGHTLY, RELATED_RIGHTLY),
        (WRONG, replace(WRONG, cited=("linemo#fees",))),
        (RIGHT, replace(RIGHT, cited=("povo#fees", "povo#sim"))),
        (RIGHT, replace(RIGHT, cited=("povo#steps",))),  # two sections that answer
        (ANSWERED_ANYWAY, replace(ANSWERED_ANYWAY, cited=("povo#fees",))),
    ],
)
def test_another_answer_that_is_as_good_is_a_change_neither_for_the_better_nor_for_the_worse(old: Asked, new: Asked) -> None:
    (change,) = answer_changes([old], [new])
    assert (change.old, change.new) == ((old.outcome, old.cited), (new.outcome, new.cited))
    assert (change.better, change.worse) == (False, False)


def test_an_answer_of_the_same_outcome_and_citations_has_not_changed() -> None:
    assert answer_changes([RIGHT], [replace(RIGHT, confidence=0.9, quotes=(), holds_evidence=True)]) == []


def test_questions_that_were_asked_only_once_have_not_changed() -> None:
    assert answer_changes([replace(RIGHT, question_id="gone")], [replace(WRONG, question_id="new")]) == []


def test_changes_for_the_worse_stand_first_and_those_for_the_better_last_each_by_id() -> None:
    pairs = {"a": (WRONG, RIGHT), "b": (REFUSED, RELATED), "c": (RIGHT, WRONG), "d": (RIGHT, REFUSED), "e": (RELATED, REFUSED)}
    old, new = ([replace(pair[end], question_id=key) for key, pair in pairs.items()] for end in (0, 1))
    assert [change.question_id for change in answer_changes(old, new[::-1])] == ["c", "d", "b", "e", "a"]
