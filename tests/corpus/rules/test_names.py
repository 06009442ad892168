from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from corpus.whole_guide import changed, line_of, read, read_shared

from qa.corpus.lexicon import parse_lexicon
from qa.corpus.rules.names import name_problems
from qa.datatypes import Guide, Problem

TEXT = """\
topics:
  points: {aliases: [积分]}
  device: {aliases: [手机, 积分手机, 兑换]}
distinct:
  - words: [积分手机]
    looks_like: points
    means: device
    because: it is a device bought with points
  - words: [电子钱包, 积分卡片]
    looks_like: device
    because: neither is a device
"""


def problems(text: str, guides: Sequence[Guide] = ()) -> list[Problem]:
    return list(name_problems(parse_lexicon(text, "lexicon.yaml"), text, "corpus", guides))


def test_distinctions_that_hold_are_no_problem() -> None:
    assert problems(TEXT) == []


def test_a_lexicon_without_distinctions_has_no_problem() -> None:
    assert problems(TEXT.partition("distinct:")[0]) == []


def test_a_word_that_is_understood_as_what_it_only_looks_like_is_one_problem() -> None:
    text = changed(TEXT, "looks_like: device", "looks_like: points")
    (problem,) = problems(text)
    assert (problem.file, problem.line, problem.rule) == ("corpus/lexicon.yaml", line_of(text, "[电子钱包"), "distinct")
    assert problem.message == "'积分卡片' is understood as 'points'; make it, whole, an alias of what it means"


def test_a_word_that_is_not_understood_as_what_it_means_is_one_problem() -> None:
    text = changed(TEXT, "because: neither", "means: points\n    because: neither")
    (problem,) = problems(text)
    assert (problem.line, problem.rule) == (line_of(text, "电子钱包"), "distinct")
    assert problem.message == "'电子钱包' is not understood as 'points'; add it there"


def test_a_word_that_loses_its_whole_alias_is_understood_as_what_it_looks_like() -> None:
    text = changed(TEXT, "手机, 积分手机, 兑换", "积分机")
    assert [problem.message for problem in problems(text)] == [
        "'积分手机' is understood as 'points'; make it, whole, an alias of what it means",
        "'积分手机' is not understood as 'device'; add it there",
    ]


@pytest.mark.parametrize(("old", "new"), [("looks_like: points", "looks_like: gadget"), ("means: device", "means: gadget")])
def test_a_topic_that_is_not_there_is_a_problem_at_its_line(old: str, new: str) -> None:
    text = changed(TEXT, old, new)

    expected = Problem("corpus/lexicon.yaml", line_of(text, new), "distinct", "there is no topic 'gadget'")
    assert expected in problems(text)


@pytest.mark.parametrize("named", ["others", "others#au"])
def test_a_topic_may_name_a_topics_guide_or_one_of_its_sections(named: str, tmp_path: Path) -> None:
    assert problems(changed(TEXT, "aliases: [积分]", f"aliases: [积分], guides: [{named}]"), [read_shared(tmp_path)]) == []


@pytest.mark.parametrize("named", ["other", "others#fees", "povo", "povo#fees"])
def test_a_topic_that_names_no_topics_guide_nor_section_is_a_problem_at_its_line(named: str, tmp_path: Path) -> None:
    text = changed(TEXT, "aliases: [积分]", f"aliases: [积分], guides: [{named}]")
    (problem,) = problems(text, [read_shared(tmp_path), read(tmp_path)])
    assert (problem.file, problem.line, problem.rule) == ("corpus/lexicon.yaml", line_of(text, "  points:"), "topic")
    assert problem.message == f"topic 'points' names '{named}', but there is no such topic guide or section"


def test_a_topic_that_names_no_section_of_operators_is_a_problem_at_its_line() -> None:
    text = changed(TEXT, "兑换]", "兑换], sections: [device, handset]")
    (problem,) = problems(text)
    assert (problem.line, problem.rule) == (line_of(text, "  device:"), "topic")
    assert problem.message == "topic 'device' names 'handset', but operators' guides have no such section"


AMBIGUOUS = """\
operators:
  au: {names: {ja: au}, aliases: [KDDI, au by KDDI]}
  povo: {names: {ja: povo}, aliases: [Sora]}
  uq: {names: {ja: UQ}, aliases: [Sora]}
ambiguous:
  - names: [KDDI]
    means: [au, uq]
    because: both are its brands
"""


def test_an_ambiguous_name_that_is_an_alias_of_one_of_its_operators_is_no_problem() -> None:
    assert problems(AMBIGUOUS) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("KDDI卡片公司KDDI", id="which is found twice"),
        pytest.param("KDDI SIM", id="which is found in part"),
        pytest.param("povo", id="of another operator"),
        pytest.param("Sora", id="of two operators"),
        pytest.param("kddy", id="of none"),
    ],
)
def test_an_ambiguous_name_that_is_not_understood_as_one_of_its_operators_is_a_problem_at_its_line(name: str) -> None:
    text = changed(AMBIGUOUS, "names: [KDDI]", f"names: [KDDI, {name}]")
    (problem,) = problems(text)

    assert (problem.file, problem.line, problem.rule) == ("corpus/lexicon.yaml", line_of(text, "  - names:"), "ambiguous")
    assert problem.message == f"'{name}' is not understood as one of au, uq; make it, whole, an alias of the likeliest"
