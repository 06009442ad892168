"""The questions of this project as a set: what every figure rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import wiring_questions
from qa.corpus.guides import read_corpus
from qa.datatypes import Language
from qa.evaluation.describe import Description

ROOT = Path(__file__).parent.parent
LEAST = {"zh-Hans": 160, "ja": 100, "en": 90, "zh-Hant": 30}
KINDS = {"plain", "short", "misspelt", "nickname", "story", "two-part", "follow-up", "mixed"}


@pytest.fixture(scope="module")
def described() -> Description:
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(ROOT)
        return wiring_questions.description()


def test_questions_judgements_and_evidence_have_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    _, problems = wiring_questions.check()

    assert [str(problem) for problem in problems] == []


def test_there_are_enough_in_every_language_and_way_of_asking(described: Description) -> None:
    languages, kinds = described.groups["language"], described.groups["kind"]

    assert described.all["questions"] >= 400
    assert all(languages[name]["questions"] >= least for name, least in LEAST.items())
    assert set(kinds) == KINDS
    assert all(counts["questions"] >= 15 for counts in kinds.values())
    assert described.all["test_answerable"] >= 180
    assert described.all["dev_answerable"] >= 180


def test_enough_have_no_answer_and_half_of_these_are_near_misses(described: Description) -> None:
    assert described.all["unanswerable"] >= 90
    assert 2 * described.all["near_misses"] >= described.all["unanswerable"]
    for language in LEAST:
        counts = described.groups["language"][language]
        assert min(counts["dev_unanswerable"], counts["test_unanswerable"]) >= 15


def test_every_operator_and_topic_that_has_a_guide_is_asked_about(described: Description) -> None:
    guides = [guide for guide in read_corpus(ROOT / "corpus")[0] if guide.language is Language.ZH_HANS]
    asked = {*described.groups["operator"], *described.groups["topic"]}

    assert {guide.guide_id for guide in guides} - asked == set()


def test_splits_are_even_in_every_language(described: Description) -> None:
    for counts in described.groups["language"].values():
        assert counts["dev_answerable"] == pytest.approx(counts["test_answerable"], rel=0.2)


def test_one_in_ten_at_most_shares_most_of_its_rare_words_with_what_answers_it(described: Description) -> None:
    assert described.overlap["all"].most <= 0.1 * described.overlap["all"].with_rare_words


def test_every_section_judged_was_judged_twice_and_the_judges_agree(described: Description) -> None:
    assert described.agreement["grades"].pairs == sum(described.grades.values())
    assert described.agreement["grades"].kappa > 0.8
    assert all(each.kappa > 0.6 for each in described.agreement.values())
