from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import ROOT, WriteGuide
from corpus.guide_texts import FILE, KEYS, front_matter

from qa.corpus.check import OPERATOR_SLUGS, check_corpus, unusable
from qa.corpus.guides import guide_paths, read_guide
from qa.datatypes import Language, Problem

LEXICON = "operators: {povo: {names: {en: povo}, domains: [povo.jp]}, au: {names: {en: au}}}\n"
OWN = '{id: s1, title: t, url: "https://support.povo.jp/a", publisher: operator, date: null}'
OTHER = '{id: s2, title: t, url: "https://example.com/b", publisher: third-party, date: null}'
KEYS_OF_POVO = KEYS | {"sections": "[{slug: sim, status: unknown}]", "sources": f"\n  - {OWN}\n  - {OTHER}"}
SECTIONS = {slug: "没有资料。" if slug == "sim" else "0 日元。[^s1][^s2]" for slug in OPERATOR_SLUGS}


def body(sections: Sequence[tuple[str, str]] = tuple(SECTIONS.items())) -> str:
    return "".join(f"## 题 {{#{slug}}}\n\n{text}\n\n" for slug, text in sections)


def section_line(slug: str) -> int:
    """Return the line in which the heading of slug stands: front matter, then four lines a section."""
    return front_matter(KEYS_OF_POVO).count("\n") + 3 + 4 * OPERATOR_SLUGS.index(slug)


@pytest.fixture
def corpus(tmp_path: Path, write_guide: WriteGuide) -> Path:
    """Return a corpus without a fault: one guide in two languages, and a lexicon."""
    for language in ("zh-Hans", "ja"):
        write_guide("povo", body(), language=language, front_matter=front_matter(KEYS_OF_POVO))
    (tmp_path / "corpus" / "lexicon.yaml").write_text(LEXICON)
    return tmp_path / "corpus"


def change(corpus: Path, old: str, new: str, *, languages: Sequence[str] = ("zh-Hans", "ja")) -> None:
    for language in languages:
        path = corpus / language / "operators" / "povo.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(corpus: Path) -> list[Problem]:
    return [problem for problem in check_corpus(corpus)[1] if problem.file == FILE]


def test_a_corpus_without_a_fault_has_no_problem(corpus: Path) -> None:
    assert check_corpus(corpus) == (2, [])


def test_the_corpus_of_the_project_has_no_problem() -> None:
    assert check_corpus(ROOT / "corpus") == (len(list(guide_paths(ROOT / "corpus"))), [])


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "message"),
    [
        pytest.param("[^s2]", "[^s2][^s9]", section_line("overview") + 2, "footnote", "[^s9] has no source", id="no source"),
        pytest.param("operator: povo", "operator: au", 1, "id", "must be the file's name, 'povo'", id="another name"),
        pytest.param("{#overview}", "{#summary}", 1, "slugs", "missing: ['overview']; not of the set: ['summary']", id="slugs"),
        pytest.param("[^s1][^s2]", "", section_line("overview"), "footnote", "'overview' cites nothing", id="no footnote"),
        pytest.param("0 日元。[^s1][^s2]", "", section_line("overview"), "empty", "'overview' is empty", id="empty section"),
        pytest.param("没有资料。", "0 日元。[^s1]", section_line("sim"), "status", "unknown but cites facts", id="status"),
        pytest.param(
            "没有资料。", "没有\u200b资料。", section_line("sim") + 2, "invisible", "U+200B; delete it", id="invisible"
        ),
        pytest.param("example.com/b", "povo.jp/b", 9, "publisher", "s2: povo.jp is operator", id="operator's own page"),
        pytest.param("support.povo.jp", "example.org", 8, "publisher", "example.org is not operator", id="someone else's page"),
        pytest.param("povo.jp", "evilpovo.jp", 8, "publisher", "is not operator", id="a host that only ends alike"),
    ],
)
def test_each_fault_is_exactly_one_problem(corpus: Path, old: str, new: str, line: int, rule: str, message: str) -> None:
    change(corpus, old, new)
    (problem,) = problems(corpus)
    assert (problem.line, problem.rule) == (line, rule)
    assert message in problem.message


def test_a_source_that_is_not_cited_is_one_problem_at_its_line(corpus: Path) -> None:
    change(corpus, OTHER, f"{OTHER}\n  - {OTHER.replace('s2', 's3')}")
    (problem,) = problems(corpus)
    assert (problem.line, problem.rule, problem.message) == (10, "source", "source s3 is not cited; drop it")


def test_an_operator_that_the_lexicon_lacks_is_one_problem(corpus: Path) -> None:
    (corpus / "lexicon.yaml").write_text(LEXICON.replace("povo:", "kddi:", 1))
    (problem,) = problems(corpus)
    assert (problem.line, problem.rule) == (1, "lexicon")
    assert problem.message == "operator 'povo' is not in lexicon.yaml"


def test_sections_in_another_order_are_one_problem(corpus: Path, write_guide: WriteGuide) -> None:
    swapped = body([*tuple(SECTIONS.items())[1:], ("overview", SECTIONS["overview"])])
    for language in ("zh-Hans", "ja"):
        write_guide("povo", swapped, language=language, front_matter=front_matter(KEYS_OF_POVO))
    (problem,) = problems(corpus)
    assert (problem.rule, "(another order)" in problem.message) == ("slugs", True)


def test_a_missing_lexicon_is_a_problem_of_its_own(corpus: Path) -> None:
    (corpus / "lexicon.yaml").unlink()
    assert "corpus/lexicon.yaml:1: is missing; it names the operators [lexicon]" in map(str, check_corpus(corpus)[1])


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        pytest.param("https://example.com/b", "https://example.com/c", "s2 https://example.com/c None", id="a source"),
        pytest.param("status: unknown", "status: known", "sim (known)", id="the status of a section"),
    ],
)
def test_languages_out_of_step_are_a_problem_of_the_translation(corpus: Path, old: str, new: str, difference: str) -> None:
    change(corpus, old, new, languages=["ja"])
    found = [problem for problem in check_corpus(corpus)[1] if problem.rule == "languages"]
    assert [(problem.file, problem.line) for problem in found] == [("corpus/ja/operators/povo.md", 1)]
    assert f"differs from {FILE}: " in found[0].message
    assert difference in found[0].message


def test_problems_come_by_file_then_by_line(corpus: Path) -> None:
    change(corpus, "没有资料。", "0 日元。[^s1]\u200b")
    change(corpus, "example.com/b", "povo.jp/b")
    found = check_corpus(corpus)[1]
    assert [(problem.file, problem.line) for problem in found] == sorted((problem.file, problem.line) for problem in found)
    assert len(found) == 6


def test_only_footnotes_without_a_source_keep_a_guide_out_of_the_index(corpus: Path) -> None:
    change(corpus, "[^s1][^s2]", "")
    assert list(unusable(read_guide(corpus.parent / FILE, Language.ZH_HANS, FILE))) == []
    change(corpus, "[^s1]", "[^s9]")
    (problem,) = unusable(read_guide(corpus.parent / FILE, Language.ZH_HANS, FILE))
    assert (problem.rule, problem.line) == ("footnote", section_line("online") + 2)


@pytest.mark.parametrize("mark", ["[^1]", "[^S1]", "[^s_1]"])
def test_a_footnote_whose_id_no_source_can_have_is_a_problem(corpus: Path, mark: str) -> None:
    change(corpus, "[^s1][^s2]", f"[^s1][^s2]{mark}")
    (problem,) = problems(corpus)
    assert problem.rule == "footnote"
