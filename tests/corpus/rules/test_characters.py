from __future__ import annotations

from pathlib import Path

import pytest
from corpus.whole_guide import BODIES, OTHER, WHOLE, changed, line_of, read

from qa.corpus.rules.characters import character_problems, invisible_problems
from qa.datatypes import Problem

STEPS = BODIES["steps"]
# One of every kind: a control, a soft hyphen, zero-width ones, both families of direction marks, a joiner, a blank letter, a tag, selectors.
DECEIVING = (
    *(0x00, 0x1B, 0x7F, 0x85, 0xAD, 0x034F, 0x061C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x202A, 0x202E, 0x2060),
    *(0x2066, 0x2069, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xE0001, 0xE0041, 0xE007F, 0xE0100),
)


def problems(folder: Path, text: str) -> list[Problem]:
    return list(character_problems(read(folder, text)))


def with_steps(body: str) -> str:
    """Return the guide whose section steps has this body."""
    return WHOLE.replace(f"{{#steps}}\n\n{STEPS}", f"{{#steps}}\n\n{body}")


def test_a_whole_guide_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, WHOLE) == []


@pytest.mark.parametrize("character", DECEIVING)
def test_an_invisible_character_is_one_problem_at_its_line(tmp_path: Path, character: int) -> None:
    text = with_steps(f"要 2 天。[^s1]\n\n要{chr(character)}带证件。[^s2]")
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, "带证件"), "invisible")
    assert problem.message == f"invisible character U+{character:04X}; delete it"


@pytest.mark.parametrize("entity", ["&#x202e;", "&#8238;", "&rlm;", "&shy;", "&ZeroWidthSpace;"])
def test_an_invisible_character_that_is_written_as_an_entity_is_a_problem(tmp_path: Path, entity: str) -> None:
    text = with_steps(f"要 2 天。[^s1]\n\n要{entity}带证件。[^s2]")
    assert [(problem.line, problem.rule) for problem in problems(tmp_path, text)] == [(line_of(text, "带证件"), "invisible")]


def test_an_invisible_character_in_the_front_matter_is_found_too(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, changed(WHOLE, "title: povo", "title: po\u200bvo"))
    assert (problem.line, problem.rule) == (2, "invisible")


@pytest.mark.parametrize("text", ["表情 ☎️ ⚠️ 1️⃣", "葛飾区", "e\u0301", "\u3000全角空格"])
def test_what_can_be_seen_is_no_problem(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, with_steps(f"{text}。[^s1]")) == []


@pytest.mark.parametrize(
    "marker",
    ["[1]", "[12]", "[ 1 ]", "[**1**]", "[`1`]", "\\[1\\]", "&#91;1&#93;", "[1, 2]", "[1](https://a.example)", "[1]: x"],
)
def test_what_reads_like_a_marker_is_a_problem_at_its_line(tmp_path: Path, marker: str) -> None:
    text = with_steps(f"要 2 天。[^s1]\n\n要带证件 {marker}。[^s2]")
    found = [(problem.line, problem.rule) for problem in problems(tmp_path, text)]
    assert found == [(line_of(text, "带证件"), "marker")]


def test_a_marker_in_a_heading_is_found_too(tmp_path: Path) -> None:
    text = changed(WHOLE, "## 题 {#steps}", "## 题 [1] {#steps}")
    assert [(problem.line, problem.rule) for problem in problems(tmp_path, text)] == [(line_of(text, "{#steps}"), "marker")]


def test_a_marker_in_a_title_of_the_front_matter_is_found_at_its_line(tmp_path: Path) -> None:
    text = changed(WHOLE, "title: povo", 'title: "povo [1]"')
    text = changed(text, OTHER, OTHER.replace("title: t", 'title: "[2]"'))
    found = [(problem.line, problem.rule) for problem in problems(tmp_path, text)]
    assert found == [(2, "marker"), (line_of(text, "id: s2"), "marker")]


@pytest.mark.parametrize("text", ["［1］", "【1】", "[^s1]", "[x]", "a[i]", "[第1步]", "[ ]", "（1）"])
def test_other_brackets_are_no_marker(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, with_steps(f"要 2 天{text}。[^s1]")) == []


def test_the_ids_of_sources_in_the_front_matter_are_no_markers(tmp_path: Path) -> None:
    text = WHOLE.replace("[^s2]", "[^2]").replace("id: s2", "id: '2'").replace("sources: [s2]", "sources: ['2']")
    assert problems(tmp_path, text) == []


def test_a_file_without_a_guide_is_searched_for_invisible_characters() -> None:
    (problem,) = invisible_problems("operators:\n  povo: {aliases: [po\u200bvo]}\n", "corpus/lexicon.yaml")
    assert str(problem) == "corpus/lexicon.yaml:2: invisible character U+200B; delete it [invisible]"
