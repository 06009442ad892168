from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from evaluation.samples import question

from qa.datatypes import Guide, Language, Section, SectionStatus
from qa.evaluation.dataset import Dataset, EvidenceSpan, Unit
from qa.evaluation.describe import Description, describe
from qa.evaluation.judgements import Judgement, Judgements
from qa.evaluation.tables_of_questions import tables_of_questions


def _guide(guide_id: str, words: str) -> Guide:
    text = f"## {guide_id} {{#fees}}\n{words}\n"
    section = Section(
        f"{guide_id}#fees", "fees", (guide_id,), 0, text.index("\n") + 1, len(text), SectionStatus.KNOWN, None, None
    )
    return Guide(guide_id, Language.EN, guide_id, None, guide_id, "2026-11-22", None, (), (section,), text, f"{guide_id}.md")


GUIDES = {
    (guide.guide_id, guide.language): guide
    for guide in (
        _guide("post", "the envelope needs a stamp"),
        *(_guide(f"plain{n}", "the plan costs little") for n in range(150)),
    )
}
QUESTIONS = (
    question("q1", "en", text="stamp on envelope", split="dev", kind="short", operator="povo", topic="fees"),
    question("q2", "en", text="what does it cost", split="test", kind="story", topic="fees"),
    question("q3", "ja", text="天気", split="dev", kind="short", answerable=False, near_miss=True, gap="chit-chat"),
)
DATASET = Dataset(
    "sample",
    Unit.SECTION,
    QUESTIONS,
    {"q1": {"post#fees": 2, "plain0#fees": 0}, "q2": {"plain0#fees": 2, "post#fees": 0}},
    {},
    {"q1": (EvidenceSpan("post#fees", "needs a stamp"), EvidenceSpan("post#fees", "envelope"))},
)
JUDGEMENTS = Judgements(
    judged=(
        Judgement("q1", "post#fees", 2, 2),
        Judgement("q1", "plain0#fees", 0, 1),
        Judgement("q2", "plain0#fees", 2, 1),
        Judgement("q2", "post#fees", 0, 0),
        Judgement("q3", "post#fees", 0, None),
        Judgement("q3", "plain0#fees", 0, 0),
    ),
    settled={("q1", "plain0#fees"): (0, "why"), ("q2", "plain0#fees"): (2, "why")},
)


@pytest.fixture(scope="module")
def described() -> Description:
    return describe(DATASET, JUDGEMENTS, GUIDES, names=["povo"])


def test_questions_are_counted_in_all_and_by_group(described: Description) -> None:
    assert described.all == {
        "questions": 3,
        "answerable": 2,
        "unanswerable": 1,
        "near_misses": 1,
        "dev_answerable": 1,
        "dev_unanswerable": 1,
        "test_answerable": 1,
        "test_unanswerable": 0,
    }
    counted = {
        kind: {name: counts["questions"] for name, counts in groups.items()} for kind, groups in described.groups.items()
    }
    assert counted == {
        "language": {"en": 2, "ja": 1},
        "operator": {"povo": 1},
        "topic": {"fees": 2},
        "kind": {"short": 2, "story": 1},
        "gap": {"chit-chat": 1},
        "split": {"dev": 2, "test": 1},
    }


def test_judgements_are_counted_as_settled(described: Description) -> None:
    assert described.grades == {"0": 4, "2": 2}
    assert described.differed == 2
    assert described.evidence == 2


def test_agreement_is_over_what_both_judged(described: Description) -> None:
    shares = {what: (each.pairs, each.agreed) for what, each in described.agreement.items()}
    assert shares == {
        "grades": (5, 0.6),
        "answers": (5, 0.8),
        "answerable": (3, pytest.approx(2 / 3)),
        "grades, en": (4, 0.5),
        "grades, ja": (1, 1.0),
    }


def test_without_a_second_judge_there_is_no_agreement() -> None:
    alone = Judgements((Judgement("q1", "post#fees", 2, None), Judgement("q2", "plain0#fees", 2, None)), {})

    assert describe(DATASET, alone, GUIDES, names=[]).agreement == {}


def test_a_language_that_only_one_judged_has_no_agreement() -> None:
    half = replace(JUDGEMENTS, judged=(*JUDGEMENTS.judged[:4], Judgement("q3", "post#fees", 0, None)))

    assert [name for name in describe(DATASET, half, GUIDES, names=[]).agreement if "," in name] == ["grades, en"]


def test_others_are_compared_with_the_first_judge_on_what_both_judged() -> None:
    compared = replace(
        JUDGEMENTS, compared={"desk": {"q1": {"post#fees": 1, "plain0#fees": 0, "elsewhere#fees": 2}}, "none": {}}
    )
    found = describe(DATASET, compared, GUIDES, names=[]).agreement

    assert (found["desk: grades"].pairs, found["desk: grades"].agreed) == (2, 0.5)
    assert (found["desk: answers"].pairs, found["desk: answers"].agreed) == (2, 0.5)
    assert not any("none" in name for name in found)


def test_overlap_is_with_the_sections_that_answer_in_the_questions_language(described: Description) -> None:
    assert {name: asdict(each) for name, each in described.overlap.items()} == {
        name: {"questions": 2, "with_rare_words": 1, "half": 1, "most": 1} for name in ("all", "en")
    }


def test_it_is_json(described: Description) -> None:
    assert json.loads(json.dumps(asdict(described)))["all"]["questions"] == 3


def test_tables_say_the_same(described: Description) -> None:
    found = {table.title: table for table in tables_of_questions(described)}

    assert found["Questions by language"].rows[-1] == ("all", "3", "1", "1", "1", "0", "1")
    assert found["Questions by gap"].rows == (("chit-chat", "1", "0", "0", "1", "0", "1"),)
    assert found["Agreement"].rows[1][:3] == ("answers, or not", "5", "80.0 %")
    assert found["Overlap"].rows[0] == ("all", "2", "1", "1 (100.0 %)", "1 (100.0 %)")
    assert all(len(row) == len(table.header) for table in found.values() for row in table.rows)
