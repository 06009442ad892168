from __future__ import annotations

from pathlib import Path

import pytest
from conftest import WriteGuide
from corpus.phrasing_files import write_phrasings
from index.building import BODY, Workshop

from qa.datatypes import Language
from qa.index.build import BuildReport
from qa.index.centres import everyday_questions

EVERYDAY = sum(map(len, everyday_questions().values()))


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.reused


@pytest.fixture
def guide(write_guide: WriteGuide) -> Path:
    return write_guide("povo", BODY)


@pytest.mark.usefixtures("guide")
def test_a_first_build_adds_every_passage(workshop: Workshop) -> None:
    report = workshop.build()
    assert counts(report) == (2, 0, 0, 0)
    assert (report.guides, report.sections, report.passages, report.failed) == (1, 2, 2, ())
    assert report.full_because == f"No index in {workshop.folder / 'index'}"
    generation = workshop.open()
    assert report.generation == generation.id
    assert report.tokens == sum(len(generation.tokens.spans(row)) for row in range(2)) > 0


@pytest.mark.usefixtures("guide")
def test_progress_counts_passages_then_questions_and_ends_at_the_number_of_all(workshop: Workshop) -> None:
    write_phrasings(workshop.corpus, operators="fees: {zh-Hans: [要钱吗, 收费吗]}\n")
    workshop.build()
    total = 2 + 2 + EVERYDAY
    reused = 2 + EVERYDAY  # passages and everyday questions
    assert workshop.progress == [(done, total) for done in (0, 1, 2, reused, reused + 1, reused + 2)]


@pytest.mark.usefixtures("guide")
def test_where_nothing_changed_the_generation_stays_and_no_model_is_loaded(workshop: Workshop) -> None:
    first = workshop.build()
    again = workshop.build()
    assert again.generation == first.generation
    assert counts(again) == (0, 0, 0, 2)
    assert (again.full_because, workshop.loads) == (None, 1)


def test_only_changed_text_is_embedded_anew(workshop: Workshop, guide: Path) -> None:
    first = workshop.build()
    workshop.replace(guide, "0 日元", "550 日元")
    report = workshop.build()
    assert counts(report) == (0, 1, 0, 1)
    assert report.full_because is None
    assert report.generation != first.generation
    assert "550 日元" in workshop.open().passages[0].text


def test_new_and_removed_guides_are_counted_by_passage(workshop: Workshop, guide: Path, write_guide: WriteGuide) -> None:
    workshop.build()
    write_guide("au", BODY.replace("官网", "My au"))
    assert counts(workshop.build()) == (2, 0, 0, 2)
    guide.unlink()
    assert counts(workshop.build()) == (0, 0, 2, 2)
    assert {passage.guide_id for passage in workshop.open().passages} == {"au"}


def test_a_passage_under_another_heading_is_changed(workshop: Workshop, guide: Path) -> None:
    workshop.build()
    workshop.replace(guide, "## 费用", "## 手续费")
    assert counts(workshop.build()) == (0, 1, 0, 1)


def test_what_was_embedded_before_is_reused_when_it_comes_back(workshop: Workshop, guide: Path) -> None:
    workshop.build()
    workshop.replace(guide, "0 日元", "550 日元")
    workshop.build()
    workshop.replace(guide, "550 日元", "0 日元")
    assert counts(workshop.build()) == (0, 1, 0, 2)


def test_a_section_that_becomes_unknown_is_removed(workshop: Workshop, guide: Path) -> None:
    workshop.build()
    workshop.replace(guide, "sources:", "sections: [{slug: steps, status: unknown}]\nsources:")
    report = workshop.build()
    assert counts(report) == (0, 0, 1, 1)
    assert (report.sections, report.passages) == (2, 1)


@pytest.mark.usefixtures("guide")
def test_a_full_build_embeds_everything_anew(workshop: Workshop) -> None:
    first = workshop.build()
    report = workshop.build(full=True)
    assert counts(report) == (0, 0, 0, 0)
    assert report.full_because == "--full"
    assert report.generation != first.generation


@pytest.mark.usefixtures("guide")
def test_another_lexicon_gives_another_generation_without_embedding(workshop: Workshop) -> None:
    workshop.build()
    (workshop.corpus / "lexicon.yaml").write_text("operators: {povo: {names: {en: povo 2.0}}}\n")
    assert counts(workshop.build()) == (0, 0, 0, 2)
    assert workshop.open().lexicon.operators["povo"].name(Language.EN) == "povo 2.0"
