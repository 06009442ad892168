from __future__ import annotations

from pathlib import Path

import pytest
from corpus.phrasing_files import write_phrasings
from corpus.whole_guide import SHARED, WHOLE, changed, line_of, read, read_shared

from qa.corpus.rules.phrasings import FEWEST, phrasing_problems
from qa.corpus.rules.subject import OPERATOR_SLUGS
from qa.datatypes import Problem

POVO = "corpus/zh-Hans/operators/povo.md"
OTHERS = "corpus/zh-Hans/topics/others.md"
FILE = "corpus/phrasings/operators.yaml"
OF_TOPIC = "corpus/phrasings/topics/others.yaml"
OVERVIEW = "overview:\n  zh-Hans: [谁写的]\n  ja: [誰が書いたか]\n  en: [who wrote it]\n"
# Of every section of povo's guide but sim, about which nothing is known.
WHOLE_PHRASINGS = "".join(
    f"{slug}:\n  zh-Hans:\n    - {slug} 一\n    - {slug} 二\n  ja:\n    - {slug} 三\n"
    for slug in OPERATOR_SLUGS
    if slug != "sim"
)


def problems(folder: Path, **files: str) -> list[Problem]:
    """Return what is wrong with files of phrasings beside the guides of povo and of those who share one."""
    write_phrasings(folder / "corpus", **({"operators": WHOLE_PHRASINGS, "others": OVERVIEW} | files))
    return list(phrasing_problems(folder / "corpus", [read(folder), read_shared(folder)]))


def test_three_phrasings_of_every_section_with_facts_are_enough(tmp_path: Path) -> None:
    assert FEWEST == 3
    assert problems(tmp_path) == []


def test_a_corpus_may_have_no_phrasings_at_all(tmp_path: Path) -> None:
    assert list(phrasing_problems(tmp_path / "corpus", [read(tmp_path), read_shared(tmp_path)])) == []


@pytest.mark.parametrize("slug", ["price", "sim", "hana"])
def test_phrasings_that_no_operators_section_with_facts_answers_are_a_problem_at_the_slug(tmp_path: Path, slug: str) -> None:
    text = f"{WHOLE_PHRASINGS}{slug}:\n  en:\n    - a\n    - b\n    - c\n"
    (problem,) = problems(tmp_path, operators=text)
    assert (problem.file, problem.line, problem.rule) == (FILE, text.count("\n") - 4, "phrasing")
    assert problem.message == f"'{slug}': no guide has such a section with facts; name one that has, or delete its phrasings"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("others", "price", id="a section that the topic's guide lacks"),
        pytest.param("others", "fees", id="a section of operators' guides"),
        pytest.param("povo", "fees", id="a section in a file that is called as an operator's guide"),
        pytest.param("nobody", "overview", id="a guide that is not there"),
    ],
)
def test_phrasings_that_no_topics_section_answers_are_a_problem_at_the_slug(tmp_path: Path, name: str, slug: str) -> None:
    text = f"# Of a topic.\n{slug}: {{en: [a, b, c]}}\n"
    (problem,) = problems(tmp_path, **{name: (OVERVIEW if name == "others" else "") + text})
    file, line = (OF_TOPIC, 6) if name == "others" else (OF_TOPIC.replace("others", name), 2)
    assert (problem.file, problem.line) == (file, line)
    assert problem.message.startswith(f"'{name}#{slug}': no guide has such a section")


def test_what_the_guides_do_not_cover_needs_no_section_and_no_number(tmp_path: Path) -> None:
    assert problems(tmp_path, outside="weather: {ja: [明日の天気は]}\n") == []


@pytest.mark.parametrize("again", ["sim 一？", "ＳＩＭ　一？", "Sim 一？", "sim 一?"])
def test_a_phrasing_that_stands_twice_is_a_problem_however_it_is_written(tmp_path: Path, again: str) -> None:
    text = WHOLE_PHRASINGS.replace("mnp 一", "sim 一？").replace("abroad 三", again)
    (problem,) = problems(tmp_path, operators=text)
    first, second = (number for number, line in enumerate(text.split("\n"), 1) if line.strip() in ("- sim 一？", f"- {again}"))
    assert (problem.file, problem.line, problem.rule) == (FILE, second, "phrasing")
    assert problem.message == f"'{again}' stands in {FILE}:{first} already; a question asks for one thing"


def test_traditional_and_simplified_characters_are_one_phrasing(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, outside="a:\n  zh-Hans: [归还]\nb:\n  zh-Hant: [歸還]\n")
    assert (problem.file, problem.line) == ("corpus/phrasings/outside.yaml", 4)


def test_a_phrasing_may_stand_once_in_all_files_together(tmp_path: Path) -> None:
    line = line_of(WHOLE_PHRASINGS, "- fees 一")
    found = problems(tmp_path, others=f"{OVERVIEW}  zh-Hant: [fees 一]\n", outside="weather:\n  en:\n    - fees 一\n")
    assert [(problem.file, problem.line) for problem in found] == [(OF_TOPIC, 5), ("corpus/phrasings/outside.yaml", 3)]
    assert all(problem.message.startswith(f"'fees 一' stands in {FILE}:{line} already") for problem in found)


@pytest.mark.parametrize(("left", "count"), [("    - fees 二\n", 2), ("  zh-Hans:\n    - fees 一\n    - fees 二\n", 1)])
def test_a_section_of_operators_with_fewer_phrasings_is_a_problem_of_the_guide(tmp_path: Path, left: str, count: int) -> None:
    (problem,) = problems(tmp_path, operators=changed(WHOLE_PHRASINGS, left, ""))
    assert (problem.file, problem.line, problem.rule) == (POVO, line_of(WHOLE, "{#fees}"), "phrasing")
    assert problem.message == f"'fees' has {count} phrasings; write 3 or more into corpus/phrasings/operators.yaml"


def test_a_topics_section_without_phrasings_is_a_problem_of_the_guide(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, others="")
    assert (problem.file, problem.line, problem.rule) == (OTHERS, line_of(SHARED, "{#overview}"), "phrasing")
    assert problem.message == "'others#overview' has 0 phrasings; write 3 or more into corpus/phrasings/topics/others.yaml"


def test_what_is_outside_makes_up_for_no_phrasings_of_a_section_that_is_called_alike(tmp_path: Path) -> None:
    found = problems(tmp_path, operators=WHOLE_PHRASINGS.partition("pitfalls:")[0], outside="pitfalls: {en: [a, b, c]}\n")
    assert [problem.message.partition(";")[0] for problem in found] == ["'pitfalls' has 0 phrasings"]


def test_the_section_of_an_operator_that_shares_a_guide_may_have_phrasings(tmp_path: Path) -> None:
    assert problems(tmp_path, others=f"{OVERVIEW}au: {{en: [a]}}\n") == []
