from __future__ import annotations

import pytest
from web.browse_corpus import OPERATORS, write_browse_corpus

from qa.corpus.comparison_rows import Row, rows_of
from qa.corpus.guides import read_corpus
from qa.corpus.lexicon import Lexicon, read_lexicon
from qa.datatypes import Language
from qa.web.browsing.operator_choice import FILTERS, LONGEST_NAME, SORTS, OperatorChoice, group_of
from qa.web.texts import keys


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Row], Lexicon]:
    """Return the rows of the operators, and their names."""
    corpus = write_browse_corpus(tmp_path_factory.mktemp("choice") / "corpus")
    guides, problems = read_corpus(corpus)
    assert problems == []
    names = read_lexicon(corpus)[0]
    return rows_of(guides, names, Language.ZH_HANS), names


Listed = tuple[list[Row], Lexicon]


def found(listed: Listed, **asked: str) -> list[str]:
    """Return the operators that are found by what an address asks."""
    return [row.operator for row in OperatorChoice.from_query(asked).apply(*listed)]


def test_without_a_choice_all_operators_are_there_in_the_order_of_the_lexicon(listed: Listed) -> None:
    assert found(listed) == list(OPERATORS)


@pytest.mark.parametrize(
    ("key", "chosen", "expected"),
    [
        ("online", "yes", ["povo"]),
        ("online", "partly", ["linemo"]),
        ("online", "no", ["rakuten-mobile"]),
        ("online", "unknown", ["hana", "gs-mobile"]),
        ("cost", "free", ["povo"]),
        ("cost", "fee", ["linemo", "hana"]),
        ("cost", "unknown", ["rakuten-mobile", "gs-mobile"]),
        ("sim", "keep", ["povo"]),
        ("sim", "return", ["linemo"]),
        ("sim", "unknown", ["rakuten-mobile", "hana", "gs-mobile"]),
        ("abroad", "yes", ["povo", "hana"]),
        ("abroad", "no", []),
        ("abroad", "unknown", ["linemo", "rakuten-mobile", "gs-mobile"]),
    ],
)
def test_a_filter_leaves_the_operators_of_which_it_is_true(listed: Listed, key: str, chosen: str, expected: list[str]) -> None:
    assert found(listed, **{key: chosen}) == expected


@pytest.mark.parametrize("key", FILTERS)
def test_every_operator_stands_under_exactly_one_choice(listed: Listed, key: str) -> None:
    chosen = [operator for group in FILTERS[key] for operator in found(listed, **{key: group})]
    assert sorted(chosen) == sorted(OPERATORS)
    assert all(group_of(key, row.profile.compared[key]) in FILTERS[key] for row in listed[0])


def test_filters_are_true_together(listed: Listed) -> None:
    assert found(listed, sim="unknown", cost="unknown") == ["rakuten-mobile", "gs-mobile"]
    assert found(listed, online="yes", cost="fee") == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["gs-mobile", "hana", "linemo", "povo", "rakuten-mobile"]),
        ("online", ["povo", "linemo", "rakuten-mobile", "hana", "gs-mobile"]),
        ("cost", ["povo", "linemo", "hana", "rakuten-mobile", "gs-mobile"]),
        ("sim", ["povo", "linemo", "rakuten-mobile", "hana", "gs-mobile"]),
        ("abroad", ["hana", "povo", "linemo", "rakuten-mobile", "gs-mobile"]),
    ],
)
def test_a_sort_puts_the_best_first_and_the_unknown_last(listed: Listed, sort: str, expected: list[str]) -> None:
    assert found(listed, sort=sort) == expected


def test_of_equals_the_surer_comes_first(listed: Listed) -> None:
    rows, names = listed
    povo = next(row for row in rows if row.operator == "povo")
    low = povo.profile.model_copy(update={"online": povo.profile.online.model_copy(update={"confidence": "low"})})
    unsure = Row("unsure", "unsure", low, povo.guide)
    assert [row.operator for row in OperatorChoice(sort="online").apply([unsure, povo], names)] == ["povo", "unsure"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("povo", ["povo"]),
        ("ＰＯＶＯ", ["povo"]),
        ("ポヴォ", ["povo"]),
        ("rakutan", ["rakuten-mobile"]),
        ("楽天", ["rakuten-mobile"]),
        ("樂天", ["rakuten-mobile"]),
        ("乐天", ["rakuten-mobile"]),
        ("rakuten", ["rakuten-mobile"]),
        ("ライン", ["linemo"]),
        ("ラインモ", ["linemo"]),
        ("mobile", ["rakuten-mobile", "gs-mobile"]),
        ("花花", ["hana"]),
        ("line", ["linemo"]),
        ("nothing like it", []),
        ("mineo", []),
    ],
)
def test_a_name_is_found_in_any_script_whole_or_in_part(listed: Listed, name: str, expected: list[str]) -> None:
    assert found(listed, name=name) == expected


def test_what_cannot_be_chosen_is_passed_over() -> None:
    asked = {"online": "bogus", "cost": "", "sim": "yes", "sort": "size", "name": "  ", "page": "7"}
    assert OperatorChoice.from_query(asked) == OperatorChoice()


def test_a_name_is_cut_to_what_the_field_takes() -> None:
    assert len(OperatorChoice.from_query({"name": "x" * 5000}).name) == LONGEST_NAME


def test_a_choice_stands_in_the_address_and_is_read_from_it_again() -> None:
    assert OperatorChoice().query == ""
    assert OperatorChoice(name="楽天 &", online="yes", sort="cost").query == "?name=%E6%A5%BD%E5%A4%A9+%26&online=yes&sort=cost"
    assert OperatorChoice(sort="cost").query == "?sort=cost"


def test_a_sort_alone_leaves_nobody_out() -> None:
    assert not OperatorChoice(sort="cost").narrows
    assert all(OperatorChoice(**{key: "unknown"}).narrows for key in FILTERS)
    assert OperatorChoice(name="x").narrows


def test_every_choice_and_every_sort_has_words() -> None:
    wanted = {f"browse_{key}_{group}" for key, groups in FILTERS.items() for group in groups}
    assert wanted | {f"browse_sort_{sort}" for sort in SORTS} <= set(keys())
