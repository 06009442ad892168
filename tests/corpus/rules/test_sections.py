from __future__ import annotations

from pathlib import Path

import pytest
from corpus.whole_guide import BODIES, FRONT_MATTER, OVERVIEW, SHARED, WHOLE, changed, line_of, read, read_shared

from qa.corpus.rules.sections import LONGEST_SECTION, section_problems
from qa.datatypes import GUIDE_LANGUAGES, Language, Problem

STEPS = BODIES["steps"]
TOPIC = "---\ntitle: 题\ntopic: esim\nchecked: 2026-11-22\n---\n## 题 {#a}\n\n"


def problems(folder: Path, text: str) -> list[Problem]:
    return list(section_problems(read(folder, text)))


def with_steps(body: str) -> str:
    """Return the guide whose section steps has this body."""
    return WHOLE.replace(f"{{#steps}}\n\n{STEPS}", f"{{#steps}}\n\n{body}")


def test_a_whole_guide_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, WHOLE) == []


def test_an_empty_section_is_one_problem(tmp_path: Path) -> None:
    text = with_steps(" ")
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule, problem.message) == (line_of(text, "{#steps}"), "empty", "section 'steps' is empty")


def test_facts_in_a_section_that_is_listed_as_unknown_are_one_problem(tmp_path: Path) -> None:
    text = changed(WHOLE, "没有资料。", "不用还。[^s1]")
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, "{#sim}"), "status")
    assert problem.message == "section 'sim' is listed as unknown but cites facts"


@pytest.mark.parametrize(
    ("body", "at"),
    [
        pytest.param("带证件。", "带证件", id="a paragraph"),
        pytest.param("要 2 天。[^s1] 带证件。", "带证件", id="a sentence behind the last footnote"),
        pytest.param("要 2 天。[^s1]\n\n带证件。\n\n在线办。[^s2]", "带证件", id="one paragraph of several"),
        pytest.param("要 2 天。[^s1]\n\n- 带证件。\n- 在线办。[^s2]", "带证件", id="a list item"),
        pytest.param("- 在线办。[^s2] 带证件。\n- 要 2 天。[^s1]", "带证件", id="the end of a list item"),
        pytest.param("1. 打开。[^s1]\n2. 带证件。", "带证件", id="a step"),
        pytest.param("| 公司 | 天 |\n|---|---|\n| au | 带证件 |\n| povo | 2[^s1] |", "带证件", id="a table's row"),
        pytest.param("要带的证件：", "要带的证件", id="a colon that introduces nothing"),
        pytest.param("费用：带证件。\n\n- 在线办。[^s1]", "带证件", id="a colon within"),
    ],
)
def test_what_does_not_end_in_a_footnote_is_one_problem_at_its_line(tmp_path: Path, body: str, at: str) -> None:
    text = with_steps(body)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, at), "footnote")
    assert "no footnote at the end of “" in problem.message


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("要带的证件：\n\n- 驾照。[^s1]", id="an introduction of a list"),
        pytest.param("You need:\n\n1. A card.[^s1]", id="an English introduction"),
        pytest.param("| 公司 | 天 |\n|:---|---:|\n| au | 2[^s1] |", id="a table's head and ruler"),
        pytest.param("| 公司 |\n|---|\n| au[^s1] |\n\n再看：\n\n| 天 |\n|---|\n| 2[^s2] |", id="the head of the second table"),
        pytest.param("- **要 2 天。[^s1]** ", id="emphasis behind the footnote"),
        pytest.param("要 2 天。[^s1][^s2]\n\n在线办。[^s2]", id="footnotes"),
    ],
)
def test_what_introduces_and_what_heads_a_table_needs_no_footnote(tmp_path: Path, body: str) -> None:
    assert problems(tmp_path, with_steps(body)) == []


def test_what_lacks_a_footnote_is_quoted_with_its_end(tmp_path: Path) -> None:
    (short,) = problems(tmp_path, with_steps("带证件。"))
    (long,) = problems(tmp_path, with_steps("长" * 40 + "带证件。"))
    assert "“带证件。”" in short.message
    assert f"“…{'长' * 26}带证件。”" in long.message


@pytest.mark.parametrize("language", GUIDE_LANGUAGES)
def test_a_section_is_at_most_so_long_footnotes_aside(tmp_path: Path, language: Language) -> None:
    longest = LONGEST_SECTION[language]
    marks = "[^s1]" * 50
    fits = "长" * (longest - len("\n\n"))
    assert list(section_problems(read(tmp_path, f"{TOPIC}{fits}{marks}\n", name="topics/esim", language=language))) == []
    (problem,) = section_problems(read(tmp_path, f"{TOPIC}{fits}长{marks}\n", name="topics/esim", language=language))
    assert (problem.line, problem.rule) == (line_of(TOPIC, "{#a}"), "long")
    assert f"section 'a' has {longest + 1} characters; {longest} are the most" in problem.message


@pytest.mark.parametrize("slug", ["overview", "fees"])
@pytest.mark.parametrize(("amount", "yen"), [("550", "550"), ("1,078", "1,078")])
def test_a_cost_that_a_section_on_the_cost_leaves_out_is_one_problem(tmp_path: Path, slug: str, amount: str, yen: str) -> None:
    before, _, after = WHOLE.partition(f"{{#{slug}}}")
    text = before + f"{{#{slug}}}" + changed(after, amount, "33")
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, f"{{#{slug}}}"), "cost")
    assert problem.message == f"the front matter's cost says {yen} yen, but section '{slug}' doesn't"


def test_a_cost_may_be_written_without_a_separator_and_nothing_costs_no_amount(tmp_path: Path) -> None:
    assert problems(tmp_path, WHOLE.replace("1,078", "1078")) == []
    assert problems(tmp_path, WHOLE.replace("min_yen: 550", "min_yen: 0").replace("550 至 ", "")) == []


def test_a_cost_of_a_guide_without_the_section_is_named_at_its_first_line(tmp_path: Path) -> None:
    text = (
        FRONT_MATTER.replace("max_yen: 1078", "max_yen: 550") + f"## 题 {{#overview}}\n\n{OVERVIEW}\n\n## 题 {{#sim}}\n\n无。\n"
    )
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (1, "cost")


def test_the_cost_of_an_operator_that_shares_a_guide_is_named_in_its_section(tmp_path: Path) -> None:
    text = changed(SHARED, "min_yen: 5000, max_yen: 5000", "min_yen: 5000, max_yen: 9999")
    (problem,) = section_problems(read_shared(tmp_path, text))
    assert (problem.line, problem.rule) == (line_of(text, "{#hana}"), "cost")
    assert "9,999 yen, but section 'hana' doesn't" in problem.message


@pytest.mark.parametrize(
    "body", ["费用如下：\n\n都要 2 天。[^s1]", "- 费用：\n- 都要 2 天。[^s1]", "| 费用 2 天 |", "| 费用 | 天 |\n| 2 | 3 |[^s1]"]
)
def test_what_introduces_no_list_and_heads_no_table_needs_a_footnote(tmp_path: Path, body: str) -> None:
    assert [problem.rule for problem in problems(tmp_path, with_steps(body))] == ["footnote"]
