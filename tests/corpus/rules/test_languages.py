from __future__ import annotations

from pathlib import Path

import pytest
from corpus.whole_guide import OTHER, OWN, SHARED, WHOLE, changed, lexicon, line_of, read, read_shared

from qa.corpus.lexicon import NameFinder
from qa.corpus.rules.languages import language_problems, missing_versions
from qa.datatypes import Guide, Language, Problem

ORIGINAL = "corpus/zh-Hans/operators/povo.md"
JAPANESE = "corpus/ja/operators/povo.md"


def problems(*guides: Guide) -> list[Problem]:
    return list(language_problems(guides, NameFinder(lexicon())))


def translated(folder: Path, text: str) -> list[Problem]:
    """Return the problems of the whole guide and its Japanese version, whose text is given."""
    return problems(read(folder), read(folder, text, language=Language.JA))


def test_versions_that_say_the_same_have_no_problem(tmp_path: Path) -> None:
    assert translated(tmp_path, WHOLE) == []


def test_a_guide_that_a_language_lacks_is_a_problem_of_the_one_that_is_there(tmp_path: Path) -> None:
    both, alone = [read(tmp_path), read(tmp_path, language=Language.JA)], read_shared(tmp_path)
    assert list(missing_versions(both)) == list(missing_versions([alone])) == []
    (problem,) = missing_versions([*both, alone])
    assert (problem.file, problem.line, problem.rule) == (alone.path, 1, "languages")
    assert problem.message == f"has no version in ja, as other guides have; write {alone.path.replace('zh-Hans', 'ja')}"


def test_guides_of_different_things_are_not_compared(tmp_path: Path) -> None:
    assert problems(read(tmp_path), read_shared(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        pytest.param("{#online}", "{#web}", "online (known); web (known)", id="a section"),
        pytest.param("status: unknown", "status: known", "sim (known); sim (unknown)", id="the status of a section"),
        pytest.param("com/b", "com/c", "s2 https://example.com/b None; s2 https://example.com/c None", id="a source"),
        pytest.param(OTHER, OTHER.replace("null", "'2026'"), "s2 https://example.com/b 2026; s2 https", id="a source's date"),
        pytest.param(f"{OWN}\n  - {OTHER}", f"{OTHER}\n  - {OWN}", "another order", id="the order of sources"),
        pytest.param("value: full", "value: partial", "povo online: ", id="a compared value"),
        pytest.param("max_yen: 1078", "max_yen: 1100", "povo cost: ", id="a compared amount"),
        pytest.param("confidence: low", "confidence: high", "povo cost: ", id="the confidence of a compared value"),
    ],
)
def test_front_matter_or_sections_out_of_step_are_one_problem(tmp_path: Path, old: str, new: str, difference: str) -> None:
    (problem,) = translated(tmp_path, changed(WHOLE, old, new))
    assert (problem.file, problem.line, problem.rule) == (JAPANESE, 1, "languages")
    assert problem.message.startswith(f"differs from {ORIGINAL}: ")
    assert difference in problem.message


def test_what_is_compared_of_a_shared_guides_operators_is_the_same(tmp_path: Path) -> None:
    text = changed(SHARED, "online: unknown", "online: partial")
    (problem,) = problems(read_shared(tmp_path), read_shared(tmp_path, text, Language.JA))
    assert "hana online: " in problem.message


@pytest.mark.parametrize(
    ("new", "detail"),
    [
        pytest.param("要 3 天。[^s1]", "lacks 2; adds 3", id="another figure"),
        pytest.param("要几天。[^s1]", "lacks 2", id="a figure less"),
        pytest.param("要 2 天，6 月 1 日起。[^s1]", "adds --06-01", id="a date more"),
    ],
)
def test_other_figures_are_one_problem_of_their_section(tmp_path: Path, new: str, detail: str) -> None:
    before, _, after = WHOLE.partition("{#esim}")
    (problem,) = translated(tmp_path, before + "{#esim}" + changed(after, "要 2 天。[^s1]", new))
    assert (problem.file, problem.line, problem.rule) == (JAPANESE, line_of(WHOLE, "{#esim}"), "languages")
    assert problem.message == f"section 'esim' has other figures than {ORIGINAL}: {detail}"


def test_figures_may_be_written_in_another_way(tmp_path: Path) -> None:
    assert translated(tmp_path, WHOLE.replace("要 2 天。", "It takes two days.").replace("1,078 日元", "1078円")) == []


def test_a_figure_in_a_heading_is_none_of_the_section(tmp_path: Path) -> None:
    assert translated(tmp_path, changed(WHOLE, "## 题 {#esim}", "## 题 8,888 {#esim}")) == []


@pytest.mark.parametrize(
    ("words", "detail"),
    [("要 2 天，转到 au。[^s1]", "adds au"), ("au 和 HanaCell 要 2 天。[^s1]", "adds au, hana")],
)
def test_other_operators_are_one_problem_of_their_section(tmp_path: Path, words: str, detail: str) -> None:
    before, _, after = WHOLE.partition("{#esim}")
    text = before + "{#esim}" + changed(after, "要 2 天。[^s1]", words)
    (problem,) = translated(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(WHOLE, "{#esim}"), "languages")
    assert problem.message == f"section 'esim' has other operators than {ORIGINAL}: {detail}"


def test_every_further_language_is_compared_with_the_first(tmp_path: Path) -> None:
    changed_text = WHOLE.replace("要 2 天。", "要 3 天。")
    guides = [read(tmp_path, changed_text if language is Language.JA else WHOLE, language=language) for language in Language]
    first, _, japanese, english = guides
    assert {problem.file for problem in problems(first, japanese, english)} == {JAPANESE}
    found = problems(japanese, english)
    assert {problem.file for problem in found} == {"corpus/en/operators/povo.md"}
    assert all(f"than {JAPANESE}: lacks 3; adds 2" in problem.message for problem in found)
