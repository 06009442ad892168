"""Groups of questions that are measured apart."""

from __future__ import annotations

from evaluation.samples import dataset, generation, guide, question

from qa.datatypes import Language
from qa.evaluation.cells import LEAST, cells, worst
from qa.evaluation.dataset import Unit

GUIDES = generation(
    guide("povo", Language.ZH_HANS),
    guide("povo", Language.JA),
    guide("linemo", Language.ZH_HANS),
    guide("rakuten-mobile", Language.JA),
    guide("late", Language.EN),
)


def five(value: float, prefix: str) -> dict[str, float]:
    return {f"{prefix}{number}": value for number in range(5)}


def test_questions_are_grouped_by_what_the_dataset_tells_of_them() -> None:
    questions = [
        question("1", "zh-Hans", split="dev", operator="povo", topic="fees", kind="short", round=1),
        question("2", "ja", split="test", operator="povo", topic="sim", kind="story", round=3),
        question("3", "ja", split="dev", operator="linemo", topic="fees", kind="short", round=3),
    ]
    found = cells(dataset(questions, {each.question_id: {"povo#fees": 2} for each in questions}), GUIDES)
    assert found == {
        "language": {"ja": ["2", "3"], "zh-Hans": ["1"]},
        "pair": {"ja→ja": ["2", "3"], "zh-Hans→zh-Hans": ["1"]},
        "split": {"dev": ["1", "3"], "test": ["2"]},
        "operator": {"linemo": ["3"], "povo": ["1", "2"]},
        "topic": {"fees": ["1", "3"], "sim": ["2"]},
        "kind": {"short": ["1", "3"], "story": ["2"]},
        "round": {"1, dev": ["1"], "3, dev": ["3"], "3, test": ["2"]},
    }
    assert list(found["language"]) == ["ja", "zh-Hans"]


def test_kinds_of_which_the_dataset_tells_nothing_are_left_out() -> None:
    found = cells(dataset([question("1", "en")], {"1": {"povo#fees": 1}}), GUIDES)
    assert set(found) == {"language", "pair"}


def test_unanswerable_questions_are_in_no_cell() -> None:
    questions = [question("1", "en", split="dev"), question("2", "en", split="test", answerable=False)]
    found = cells(dataset(questions, {"1": {"povo#fees": 2}}), GUIDES)
    assert found["language"] == {"en": ["1"]}
    assert found["split"] == {"dev": ["1"]}


def pair_of(language: str, grades: dict[str, int], unit: Unit = Unit.SECTION) -> str:
    found = cells(dataset([question("1", language)], {"1": grades}, unit), GUIDES)
    return next(iter(found.get("pair", {"": []})))


def test_the_evidence_has_the_language_that_a_reader_of_the_question_gets_it_in() -> None:
    assert pair_of("ja", {"povo#fees": 2}) == "ja→ja"
    assert pair_of("zh-Hant", {"povo#fees": 2}) == "zh-Hant→zh-Hans"
    assert pair_of("zh-Hans", {"rakuten-mobile#fees": 2}) == "zh-Hans→ja"
    assert pair_of("en", {"povo#fees": 2}) == "en→zh-Hans"
    assert pair_of("ja", {"late#fees": 2}) == "ja→en"


def test_the_evidence_has_the_language_of_most_of_what_answers_and_what_only_helps_does_not_count() -> None:
    assert pair_of("ja", {"linemo#fees": 2, "late#fees": 1, "rakuten-mobile#fees": 2, "povo#fees": 2}) == "ja→ja"
    assert pair_of("en", {"rakuten-mobile#fees": 2, "linemo#fees": 1, "povo#fees": 1}) == "en→ja"


def test_a_question_whose_evidence_is_not_among_the_guides_is_in_no_pair() -> None:
    assert pair_of("ja", {"mineo#fees": 2}) == ""


def test_a_question_in_a_language_that_no_guide_serves_has_a_cell_of_its_own() -> None:
    found = cells(dataset([question("1", "other")], {"1": {"rakuten-mobile#fees": 2}}), GUIDES)
    assert found["language"] == {"other": ["1"]}
    assert list(found["pair"]) == ["other→ja"]


def test_documents_have_the_language_that_their_script_tells() -> None:
    documents = generation(
        guide("d1", Language.ZH_HANS, "我們可以在網上辦理解約手續"),
        guide("d2", Language.EN, "Здравствуйте"),
        guide("d3", Language.JA, "オンラインで解約できます"),
    )

    def pair(document: str) -> list[str]:
        of_documents = dataset([question("1", "de")], {"1": {document: 1}}, Unit.DOCUMENT)
        return list(cells(of_documents, documents).get("pair", {}))

    assert [pair(each) for each in ("d1", "d2", "d3", "d4")] == [["de→zh-Hant"], ["de→other"], ["de→ja"], []]


def test_the_worst_cell_is_the_one_with_the_lowest_mean() -> None:
    values = {**five(0.5, "a"), **five(0.75, "b"), "b0": 0.0, **five(0.25, "c"), "c0": 1.0}
    groups = {name: [each for each in values if each.startswith(name)] for name in "bca"}
    # a: 5 · 0.5 / 5; b: 4 · 0.75 / 5 = 0.6; c: (4 · 0.25 + 1) / 5 = 0.4
    assert worst(groups, values) == ("c", (4 * 0.25 + 1) / 5)


def test_of_cells_that_are_as_bad_the_first_by_name_is_the_worst() -> None:
    values = {**five(0.5, "a"), **five(0.5, "b"), **five(0.75, "c")}
    groups = {name: [each for each in values if each.startswith(name)] for name in "cba"}
    assert worst(groups, values) == ("a", 0.5)


def test_a_cell_of_fewer_than_five_questions_is_never_the_worst() -> None:
    values = {**five(0.5, "a"), **five(0.75, "b"), **five(0.0, "c")}
    groups = {name: [each for each in values if each.startswith(name)] for name in "abc"}
    groups["c"].pop()
    assert len(groups["c"]) == LEAST - 1
    assert worst(groups, values) == ("a", 0.5)


def test_one_cell_alone_is_not_the_worst() -> None:
    values = {**five(0.5, "a"), **five(0.0, "b")}
    few = [f"b{number}" for number in range(4)]
    assert worst({"a": [f"a{number}" for number in range(5)]}, values) is None
    assert worst({"a": [f"a{number}" for number in range(5)], "b": few}, values) is None
    assert worst({}, values) is None
