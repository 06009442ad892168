from __future__ import annotations

from pathlib import Path

import pytest
from corpus.whole_guide import WHOLE, changed, lexicon, line_of, read, read_shared, write_whole_corpus

from qa.corpus.comparison import comparison, comparison_path, write_comparisons
from qa.corpus.comparison_wording import WORDING
from qa.corpus.guides import read_corpus
from qa.corpus.rules.comparison import comparison_problems
from qa.datatypes import GUIDE_LANGUAGES, Guide, Language

each_language = pytest.mark.parametrize("language", GUIDE_LANGUAGES)


@pytest.fixture
def guides(tmp_path: Path) -> list[Guide]:
    """Return povo's guide and the one that au and hana share."""
    return [read(tmp_path / "guides"), read_shared(tmp_path / "guides")]


@each_language
@pytest.mark.parametrize("words", ["checked: ", "povo_s2, title", "{#last-month}", "- povo", "opening"])
def test_a_comparison_that_says_otherwise_is_one_problem_at_its_line(
    tmp_path: Path, guides: list[Guide], language: Language, words: str
) -> None:
    text = comparison(guides, lexicon(), language)
    opening = WORDING[language].columns["status"].opening.format(all=3)
    number = line_of(text, opening if words == "opening" else words)
    lines = text.split("\n")
    drifted = "\n".join([*lines[: number - 1], lines[number - 1].replace("22", "21") + " # ", *lines[number:]])
    if words == "{#last-month}":
        drifted = text.replace("{#last-month}", "{#latest-month}")
    found = read(tmp_path, drifted, name="topics/comparison", language=language)
    (problem,) = comparison_problems([*guides, found], lexicon())
    assert (problem.file, problem.line, problem.rule) == (found.path, number, "comparison")
    assert f"expected “{lines[number - 1]}”. Mend: qa corpus compare" in problem.message


def test_a_change_of_a_guide_makes_the_comparison_say_otherwise(tmp_path: Path, guides: list[Guide]) -> None:
    old = read(tmp_path, comparison(guides, lexicon(), Language.ZH_HANS), name="topics/comparison")
    assert list(comparison_problems([*guides, old], lexicon())) == []
    newer = read(tmp_path, changed(WHOLE, "max_yen: 1078", "max_yen: 2200"))
    (problem,) = comparison_problems([newer, guides[1], old], lexicon())
    assert problem.line == line_of(old.text, "1,078")


@pytest.mark.parametrize("end", ["", "- one more\n"])
def test_a_comparison_that_ends_early_or_late_says_otherwise(tmp_path: Path, guides: list[Guide], end: str) -> None:
    text = comparison(guides, lexicon(), Language.EN)
    *lines, _, _ = text.split("\n")
    drifted = text + end if end else "\n".join([*lines, ""])
    found = read(tmp_path, drifted, name="topics/comparison", language=Language.EN)
    (problem,) = comparison_problems([*guides, found], lexicon())
    assert problem.line == len(lines) + (2 if end else 1)


LANGUAGES = (Language.ZH_HANS, Language.JA)
PATHS = [f"{language}/topics/comparison.md" for language in LANGUAGES]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus whose one operator has a guide in zh-Hans and ja."""
    return write_whole_corpus(tmp_path / "corpus")


def write(corpus: Path) -> list[str]:
    return write_comparisons(corpus, read_corpus(corpus)[0], lexicon())


def test_the_comparison_is_written_in_the_languages_in_which_all_operators_have_guides(corpus: Path) -> None:
    assert write(corpus) == PATHS == [comparison_path(language) for language in LANGUAGES]
    for language, path in zip(LANGUAGES, PATHS, strict=True):
        assert (corpus / path).read_text(encoding="utf-8") == comparison(read_corpus(corpus)[0], lexicon(), language)


def test_an_operator_that_shares_a_guide_has_to_have_it_in_that_language_too(corpus: Path, tmp_path: Path) -> None:
    read_shared(tmp_path)
    assert write(corpus) == PATHS[:1]
    read_shared(tmp_path, language=Language.JA)
    assert write(corpus) == PATHS[1:]


def test_only_what_changed_is_written_and_reported(corpus: Path) -> None:
    write(corpus)
    (corpus / PATHS[1]).write_text(changed((corpus / PATHS[1]).read_text("utf-8"), "povo", "au"), encoding="utf-8")
    times = [(corpus / path).stat().st_mtime_ns for path in PATHS]
    assert write(corpus) == PATHS[1:]
    assert [(corpus / path).stat().st_mtime_ns == time for path, time in zip(PATHS, times, strict=True)] == [True, False]
    assert write(corpus) == []


def test_what_the_check_asks_to_compare_anew_is_written_anew(corpus: Path, tmp_path: Path) -> None:
    write(corpus)
    read_shared(tmp_path)
    write(corpus)
    assert [problem.file for problem in comparison_problems(read_corpus(corpus)[0], lexicon())] == []
