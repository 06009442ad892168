from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import ROOT
from corpus.guide_texts import FILE
from corpus.phrasing_files import write_phrasings
from corpus.whole_guide import WHOLE, changed, line_of, read, write_whole_corpus

from qa.corpus.check import check_corpus, unusable
from qa.corpus.comparison import write_comparisons
from qa.corpus.guides import guide_paths, read_corpus
from qa.corpus.lexicon import read_lexicon
from qa.corpus.rules.subject import OPERATOR_SLUGS
from qa.errors import CorpusError

JAPANESE = "corpus/ja/operators/povo.md"
OTHER_GUIDE = "---\ntitle: 题\ntopic: esim\nchecked: 2026-11-22\n---\n## 题 {#a}\n\n没有脚注。\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus without a fault: one guide in two languages, a lexicon and the hosts."""
    return write_whole_corpus(tmp_path / "corpus")


def change(corpus: Path, old: str, new: str, *, languages: Sequence[str] = ("zh-Hans", "ja")) -> None:
    for language in languages:
        path = corpus / language / "operators" / "povo.md"
        path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def found(corpus: Path) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.rule) for problem in check_corpus(corpus)[1]]


def test_a_corpus_without_a_fault_has_no_problem(corpus: Path) -> None:
    assert check_corpus(corpus) == (2, [])


def test_the_corpus_of_the_project_has_no_problem() -> None:
    assert check_corpus(ROOT / "corpus") == (len(list(guide_paths(ROOT / "corpus"))), [])


@pytest.mark.parametrize(
    ("old", "new", "place", "rule"),
    [
        pytest.param("{#online}", "{#web}", "---", "slugs", id="the subject"),
        pytest.param("https://example.com/b", "https://povo.jp/b", "id: s2", "publisher", id="the sources"),
        pytest.param("要 2 天。[^s1][^s2]", " ", "{#online}", "empty", id="the sections"),
        pytest.param("[^s1]", "[^s9][^s1]", "[^s1]", "footnote", id="footnotes that lead nowhere"),
    ],
)
def test_every_guide_is_checked(corpus: Path, old: str, new: str, place: str, rule: str) -> None:
    change(corpus, old, new)
    assert found(corpus) == [(file, line_of(WHOLE, place), rule) for file in (JAPANESE, FILE)]


def test_the_languages_are_compared(corpus: Path) -> None:
    change(corpus, "要 2 天", "要 3 天", languages=["ja"])
    assert found(corpus) == [(JAPANESE, line_of(WHOLE, "{#online}"), "languages")]


def test_operators_are_found_in_the_languages_by_the_names_of_the_lexicon(corpus: Path) -> None:
    change(corpus, "要 2 天", "向 HanaCell 要 2 天", languages=["ja"])
    assert found(corpus) == [(JAPANESE, line_of(WHOLE, "{#online}"), "languages")]


def test_the_comparison_is_compared_with_the_guides(corpus: Path) -> None:
    write_comparisons(corpus, read_corpus(corpus)[0], read_lexicon(corpus)[0])
    assert check_corpus(corpus) == (4, [])
    path = corpus / "ja/topics/comparison.md"
    path.write_text(changed(path.read_text(encoding="utf-8"), "最後まで", "途中まで"), encoding="utf-8")
    (problem,) = check_corpus(corpus)[1]
    assert (problem.file, problem.rule) == ("corpus/ja/topics/comparison.md", "comparison")


def test_the_distinctions_of_the_lexicon_are_checked(corpus: Path) -> None:
    text = "distinct: [{words: [卡], looks_like: sim, because: it is none}]\n"
    with (corpus / "lexicon.yaml").open("a", encoding="utf-8") as lexicon:
        lexicon.write(text)
    assert found(corpus) == [("corpus/lexicon.yaml", 5, "distinct")]


def test_the_lexicon_is_searched_for_invisible_characters(corpus: Path) -> None:
    lexicon = corpus / "lexicon.yaml"
    lexicon.write_text(changed(lexicon.read_text(encoding="utf-8"), "HanaCell", "Hana\u202eCell"), encoding="utf-8")
    assert ("corpus/lexicon.yaml", 4, "invisible") in found(corpus)


def test_the_phrasings_are_compared_with_the_guides(corpus: Path) -> None:
    known = [slug for slug in OPERATOR_SLUGS if slug not in ("sim", "fees")]
    text = "".join(f"{slug}: {{en: [{slug} 1, {slug} 2, {slug} 3]}}\n" for slug in known)
    write_phrasings(corpus, operators=f"{text}sim:\n  ja:\n    - overview 1\n", outside="weather: {en: [tomorrow?]}\n")
    phrasings = "corpus/phrasings/operators.yaml"
    assert found(corpus) == [
        (JAPANESE, line_of(WHOLE, "{#fees}"), "phrasing"),
        (phrasings, len(known) + 1, "phrasing"),
        (phrasings, len(known) + 3, "phrasing"),
    ]


def test_a_malformed_file_of_phrasings_is_named_by_line(corpus: Path) -> None:
    write_phrasings(corpus, operators="fees:\n  fr: [combien]\n")
    with pytest.raises(CorpusError, match=r"^corpus/phrasings/operators\.yaml:2: .*Mend that line"):
        check_corpus(corpus)


def test_where_a_guide_cannot_be_read_its_sections_are_not_missed_by_the_phrasings(corpus: Path) -> None:
    write_phrasings(corpus, esim="loss: {en: [where is it, it is gone, I lost it]}\n")
    (corpus / "ja/operators/povo.md").write_text("# povo\n", encoding="utf-8")
    assert {rule for *_, rule in found(corpus)} == {"front-matter"}


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("lexicon.yaml", "corpus/lexicon.yaml:1: is missing; it names the operators [lexicon]"),
        ("hosts.yaml", "corpus/hosts.yaml:1: is missing; it says whose pages the sources are [hosts]"),
    ],
)
def test_a_missing_file_is_a_problem_of_its_own(corpus: Path, file: str, message: str) -> None:
    (corpus / file).unlink()
    assert message in map(str, check_corpus(corpus)[1])


def test_a_file_that_is_no_guide_is_a_problem_and_no_guide(corpus: Path) -> None:
    (corpus / "ja/operators/povo.md").write_text("# povo\n", encoding="utf-8")
    count, (problem,) = check_corpus(corpus)
    assert (count, problem.file, problem.rule) == (1, JAPANESE, "front-matter")


def test_problems_come_by_file_then_by_line_then_by_rule(corpus: Path) -> None:
    topic = corpus / "ja/topics/esim.md"
    topic.parent.mkdir()
    topic.write_text(OTHER_GUIDE, encoding="utf-8")
    change(corpus, "没有资料。", "0 日元。[^s1]\u200b")
    change(corpus, "example.com/b", "povo.jp/b")
    change(corpus, "https://povo.jp/cancel", "http://example.com")
    places = found(corpus)
    assert places == sorted(places)
    of_povo = ["official", "https", "publisher", "status", "invisible"]
    assert sorted(rule for *_, rule in places) == sorted([*of_povo, *of_povo, "footnote", "languages"])


def test_only_footnotes_without_a_source_keep_a_guide_out_of_the_index(tmp_path: Path) -> None:
    without = changed(WHOLE, "要 2 天。[^s1][^s2]", "要 2 天。")
    assert list(unusable(read(tmp_path, without))) == []
    (problem,) = unusable(read(tmp_path, changed(without, "要 2 天。[^s1][^s2]", "要 2 天。[^s9]")))
    assert (problem.rule, problem.line) == ("footnote", line_of(WHOLE, "{#steps}") + 2)
    assert problem.message == "footnote [^s9] has no source of that id in the front matter"


@pytest.mark.parametrize("mark", ["[^1]", "[^S1]", "[^s_1]"])
def test_a_footnote_whose_id_no_source_can_have_is_a_problem(tmp_path: Path, mark: str) -> None:
    (problem,) = unusable(read(tmp_path, changed(WHOLE, "[^s1][^s2]", f"[^s1]{mark}[^s2]")))
    assert problem.rule == "footnote"


def test_what_looks_like_a_footnote_in_the_front_matter_is_none(tmp_path: Path) -> None:
    assert list(unusable(read(tmp_path, changed(WHOLE, "title: povo", 'title: "po[^s9]vo"')))) == []
