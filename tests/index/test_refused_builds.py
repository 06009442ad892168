from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import WriteGuide
from corpus.phrasing_files import write_phrasings
from index.building import BODY, Workshop

from qa.errors import CorpusError
from qa.index.manifest import CURRENT


@pytest.fixture(scope="module")
def embeddings(tmp_path_factory: pytest.TempPathFactory, everyday: Path) -> Path:
    return shutil.copytree(everyday, tmp_path_factory.mktemp("embeddings"), dirs_exist_ok=True)


@pytest.fixture
def in_use(workshop: Workshop, write_guide: WriteGuide, embeddings: Path) -> str:
    """Return the generation that was built before the guides were spoilt."""
    workshop.cache = embeddings
    write_guide("povo", BODY)
    return str(workshop.build().generation)


def assert_untouched(workshop: Workshop, in_use: str) -> None:
    assert workshop.open().id == in_use
    assert [path.name for path in (workshop.folder / "index" / "generations").iterdir()] == [in_use]


def test_every_fault_of_every_guide_is_listed_and_nothing_published(
    workshop: Workshop, in_use: str, write_guide: WriteGuide
) -> None:
    write_guide("au", "## 费用\n文。[^s1]\n")
    write_guide("docomo", "## 费用 {#fees}\n文。[^s9]\n\n文。[^s8]\n")
    write_guide("uq", BODY, front_matter="operator: uq\n")
    with pytest.raises(
        CorpusError, match=r"^5 faults in the guides; nothing was published\. Mend them, then: qa index build"
    ) as e:
        workshop.build()
    folder = "corpus/zh-Hans/operators"
    assert sorted((problem.file, problem.line, problem.rule) for problem in e.value.problems) == [
        (f"{folder}/au.md", 9, "slug"),
        (f"{folder}/docomo.md", 10, "footnote"),
        (f"{folder}/docomo.md", 12, "footnote"),
        (f"{folder}/uq.md", 1, "front-matter"),
        (f"{folder}/uq.md", 1, "front-matter"),
    ]
    assert_untouched(workshop, in_use)


def test_a_page_that_passes_for_an_operators_own_is_refused_where_it_is_known_whose_pages_are_whose(
    workshop: Workshop, in_use: str, write_guide: WriteGuide
) -> None:
    hosts = workshop.folder / "corpus" / "hosts.yaml"
    hosts.write_text("operators: {povo: [povo.jp]}\n", encoding="utf-8")
    with pytest.raises(CorpusError) as e:
        workshop.build()
    assert [(problem.file, problem.line, problem.rule) for problem in e.value.problems] == [
        ("corpus/zh-Hans/operators/povo.md", 4, "official")
    ]
    assert_untouched(workshop, in_use)
    hosts.write_text("operators: {povo: [example.com]}\n", encoding="utf-8")
    assert workshop.build().failed == ()


def test_one_fault_is_counted_as_one(workshop: Workshop, in_use: str, write_guide: WriteGuide) -> None:
    write_guide("au", "文\n")
    with pytest.raises(CorpusError, match=r"^1 fault in the guides"):
        workshop.build()
    assert_untouched(workshop, in_use)


def test_a_guide_mended_after_a_refused_build_is_published(workshop: Workshop, in_use: str, write_guide: WriteGuide) -> None:
    write_guide("au", "文\n")
    with pytest.raises(CorpusError):
        workshop.build()
    write_guide("au", BODY)
    assert workshop.build().added == 2
    assert workshop.open().id != in_use


@pytest.mark.parametrize("text", ["operators: {", "operators: {povo: {name: povo}}"])
def test_a_malformed_lexicon_is_named_and_nothing_published(workshop: Workshop, in_use: str, text: str) -> None:
    (workshop.corpus / "lexicon.yaml").write_text(text)
    with pytest.raises(CorpusError, match=r"^corpus/lexicon\.yaml:\d+: "):
        workshop.build()
    assert_untouched(workshop, in_use)


@pytest.mark.parametrize("text", ["fees: {ja: [", "fees: {fr: [combien]}", "fees: {ja: ['']}"])
def test_malformed_phrasings_are_named_and_nothing_published(workshop: Workshop, in_use: str, text: str) -> None:
    write_phrasings(workshop.corpus, esim=text)
    with pytest.raises(CorpusError, match=r"^corpus/phrasings/topics/esim\.yaml:1: .*Mend that line"):
        workshop.build()
    assert_untouched(workshop, in_use)


def test_guides_that_know_nothing_are_refused_with_the_mend(workshop: Workshop, in_use: str) -> None:
    guide = workshop.corpus / "zh-Hans" / "operators" / "povo.md"
    unknown = "sections: [{slug: fees, status: unknown}, {slug: steps, status: unknown}]\nsources:"
    workshop.replace(guide, "sources:", unknown)
    with pytest.raises(CorpusError, match=r"hold no known section\. Mend: write one, or QA_CORPUS="):
        workshop.build()
    assert_untouched(workshop, in_use)


def test_a_first_build_that_is_refused_publishes_nothing(workshop: Workshop, write_guide: WriteGuide) -> None:
    write_guide("au", "文\n")
    with pytest.raises(CorpusError):
        workshop.build()
    assert not (workshop.folder / "index" / CURRENT).exists()


def test_a_missing_corpus_names_the_setting(workshop: Workshop) -> None:
    (workshop.corpus / "lexicon.yaml").unlink()
    workshop.corpus.rmdir()
    with pytest.raises(CorpusError, match="Mend: name the guides' folder with QA_CORPUS="):
        workshop.build()


def test_a_guide_that_is_a_folder_is_listed(workshop: Workshop, in_use: str) -> None:
    (workshop.corpus / "zh-Hans" / "operators" / "au.md").mkdir()
    with pytest.raises(CorpusError) as caught:
        workshop.build()
    assert [problem.rule for problem in caught.value.problems] == ["unreadable"]
    assert_untouched(workshop, in_use)


def test_a_guide_that_cannot_be_read_is_listed(workshop: Workshop, in_use: str) -> None:
    # Permissions don't hold for root; this file, though, nobody can read from its beginning.
    unreadable = Path("/proc/self/mem")
    if not unreadable.exists():
        pytest.skip("no /proc here")
    (workshop.corpus / "zh-Hans" / "operators" / "au.md").symlink_to(unreadable)
    with pytest.raises(CorpusError) as caught:
        workshop.build()
    assert [problem.rule for problem in caught.value.problems] == ["unreadable"]
    assert_untouched(workshop, in_use)
