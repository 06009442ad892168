from __future__ import annotations

from pathlib import Path

import pytest
from corpus.whole_guide import BODIES, FRONT_MATTER, OVERVIEW, SHARED, WHOLE, changed, lexicon, line_of, read, read_shared

from qa.corpus.lexicon import Lexicon
from qa.corpus.rules.subject import OPERATOR_SLUGS, repeated_operators, subject_problems
from qa.datatypes import Language, Problem


def problems(folder: Path, text: str) -> list[Problem]:
    return list(subject_problems(read(folder, text), lexicon()))


def test_a_whole_guide_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, WHOLE) == []
    assert list(subject_problems(read_shared(tmp_path), lexicon())) == []


def test_a_guide_of_an_operator_is_called_as_its_file(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, changed(WHOLE, "operator: povo", "operator: au"))
    assert (problem.line, problem.rule, problem.message) == (1, "id", "operator or topic must be the file's name, 'povo'")


def test_a_guide_of_a_topic_is_called_as_its_file(tmp_path: Path) -> None:
    (problem,) = subject_problems(read_shared(tmp_path, changed(SHARED, "topic: others", "topic: rest")), lexicon())
    assert (problem.rule, problem.message) == ("id", "operator or topic must be the file's name, 'others'")


def test_an_operator_that_the_lexicon_lacks_is_one_problem(tmp_path: Path) -> None:
    (problem,) = subject_problems(read(tmp_path), Lexicon())
    assert (problem.line, problem.rule, problem.message) == (1, "lexicon", "operator 'povo' is not in lexicon.yaml")


def test_each_operator_of_a_shared_guide_that_the_lexicon_lacks_is_one_problem(tmp_path: Path) -> None:
    found = list(subject_problems(read_shared(tmp_path), Lexicon()))
    assert [problem.message for problem in found] == [f"operator '{each}' is not in lexicon.yaml" for each in ("au", "hana")]


def test_a_section_that_is_none_of_the_fixed_ones_is_named_with_the_one_that_is_missing(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, changed(WHOLE, "{#online}", "{#web}"))
    assert (problem.line, problem.rule) == (1, "slugs")
    assert "missing: ['online']; not of the set: ['web']" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ("## 题 {#online}\n", "", "missing: ['online']; not of the set: []"),
        ("## 题 {#online}\n", "## 题 {#online}\n\n## 题 {#web}\n", "missing: []; not of the set: ['web']"),
    ],
)
def test_a_section_too_few_or_too_many_is_named(tmp_path: Path, old: str, new: str, detail: str) -> None:
    (problem,) = problems(tmp_path, changed(WHOLE, old, new))
    assert (problem.rule, detail in problem.message) == ("slugs", True)


def test_sections_in_another_order_are_one_problem(tmp_path: Path) -> None:
    order = (*OPERATOR_SLUGS[1:], OPERATOR_SLUGS[0])
    (problem,) = problems(tmp_path, FRONT_MATTER + "".join(f"## 题 {{#{slug}}}\n\n{BODIES[slug]}\n\n" for slug in order))
    assert (problem.rule, "(another order)" in problem.message) == ("slugs", True)


@pytest.mark.parametrize("items", [0, 1, 2, 4])
def test_an_overview_without_exactly_three_list_items_is_one_problem(tmp_path: Path, items: int) -> None:
    text = changed(WHOLE, OVERVIEW, "povo 可以在线销户。[^s1]\n\n" + "- 550 至 1,078 日元。[^s1]\n" * items)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, "{#overview}"), "overview")
    assert f"the overview has {items} list items; expected 3" in problem.message


def test_steps_are_no_list_items_of_the_overview(tmp_path: Path) -> None:
    assert problems(tmp_path, changed(WHOLE, OVERVIEW, f"{OVERVIEW}\n\n1. 打开网页。[^s1]")) == []


def test_an_overview_without_facts_needs_no_list(tmp_path: Path) -> None:
    text = changed(changed(WHOLE, OVERVIEW, "没有资料。"), "slug: sim", "slug: overview")
    assert problems(tmp_path, text) == []


def test_an_operator_has_one_guide_in_a_language(tmp_path: Path) -> None:
    shared = read_shared(tmp_path, changed(SHARED, "  hana:", "  povo:").replace("{#hana}", "{#povo}"))
    guides = [read(tmp_path), shared, read(tmp_path, language=Language.JA)]
    (problem,) = repeated_operators(guides)
    assert (problem.file, problem.rule) == (shared.path, "operator")
    assert problem.message == f"{guides[0].path} tells of 'povo' already; an operator has one guide"
