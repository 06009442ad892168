from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from corpus.whole_guide import SHARED, changed, read_shared
from index.small_generation import LEXICON, PHRASINGS, small_guide, small_manifest, small_passages, write_small

from qa.corpus.lexicon import parse_lexicon
from qa.datatypes import GUIDE_LANGUAGES, Guide, Language
from qa.index import store
from qa.index.generation import Generation
from qa.index.publish import publish


def generation_in(index: Path, languages: Sequence[Language]) -> Generation:
    return generation_of(index, [small_guide(language) for language in languages])


def generation_of(index: Path, guides: Sequence[Guide]) -> Generation:
    def write(folder: Path) -> None:
        write_small(folder)
        (folder / store.FILE).unlink()
        store.save(folder, guides, [passage for guide in guides for passage in small_passages(guide)], LEXICON, PHRASINGS)

    publish(index, small_manifest(), write)
    return Generation.open_current(index)


@pytest.fixture
def shared(tmp_path: Path, index: Path) -> Generation:
    """Return a generation of povo's guide in zh-Hans, and in zh-Hans and ja the one that au and hana share."""
    japanese = changed(SHARED, "https://au.com/cancel", "https://au.com/ja")
    return generation_of(index, [small_guide(), read_shared(tmp_path), read_shared(tmp_path, japanese, Language.JA)])


@pytest.mark.usefixtures("published")
def test_an_opened_generation_holds_what_was_written(index: Path) -> None:
    generation = Generation.open_current(index)
    assert list(generation.guides.values()) == [small_guide()]
    assert list(generation.passages) == small_passages(small_guide())
    assert generation.lexicon == parse_lexicon(LEXICON, "lexicon.yaml")
    assert generation.vectors.dimension == 4
    assert generation.terms.coverage("日元").shape == (2,)
    assert generation.phrasings.phrasings == PHRASINGS
    assert generation.phrasings.vectors.nearest(np.eye(4, dtype=np.float32)[3], 1).tolist() == [1]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("language", list(GUIDE_LANGUAGES))
def test_the_share_of_the_recipe_is_what_an_opened_generation_takes_away(index: Path, language: Language) -> None:
    generation = Generation.open_current(index)
    assert generation.manifest.recipe.centre_share == 0.5
    # The centres lie along the fourth axis, half a unit long: a quarter of a unit is taken away.
    vectors, lengths = generation.centres.centred(np.eye(4, dtype=np.float32)[2:], language)
    assert lengths == pytest.approx([np.hypot(1, 0.25), 0.75])
    assert vectors[1] == pytest.approx([0, 0, 0, 1])


@pytest.mark.parametrize(
    ("held", "asked", "given"),
    [
        ((Language.ZH_HANS, Language.JA), Language.JA, Language.JA),
        ((Language.ZH_HANS, Language.JA), Language.ZH_HANT, Language.ZH_HANS),
        ((Language.ZH_HANS, Language.JA), Language.EN, Language.ZH_HANS),
        ((Language.JA, Language.EN), Language.ZH_HANT, Language.JA),
        ((Language.EN,), Language.JA, Language.EN),
    ],
)
def test_a_guide_comes_in_the_readers_language_or_the_nearest(
    index: Path, held: tuple[Language, ...], asked: Language, given: Language
) -> None:
    guide = generation_in(index, held).guide("povo", asked)
    assert guide is not None
    assert guide.language is given


@pytest.mark.usefixtures("published")
def test_a_guide_that_is_not_there_is_none(index: Path) -> None:
    assert Generation.open_current(index).guide("au", Language.JA) is None


def test_the_operators_are_those_that_sections_are_about_in_corpus_order(shared: Generation) -> None:
    assert shared.operators == ("povo", "au", "hana")


@pytest.mark.parametrize(
    ("operator", "asked", "given", "url"),
    [
        ("au", Language.ZH_HANS, Language.ZH_HANS, "https://au.com/cancel"),
        ("au", Language.JA, Language.JA, "https://au.com/ja"),
        ("au", Language.ZH_HANT, Language.ZH_HANS, "https://au.com/cancel"),
        ("au", Language.EN, Language.ZH_HANS, "https://au.com/cancel"),
        ("hana", Language.JA, Language.JA, None),
    ],
)
def test_the_sections_about_an_operator_that_shares_a_guide_are_its_own(
    shared: Generation, operator: str, asked: Language, given: Language, url: str | None
) -> None:
    (section,) = shared.sections_about(operator, asked)
    assert (section.slug, section.operator, section.official_url) == (operator, operator, url)
    assert section in shared.guides["others", given].sections


def test_the_sections_about_an_operator_are_all_of_its_own_guide(shared: Generation) -> None:
    guide = shared.guides["povo", Language.ZH_HANS]
    assert shared.sections_about("povo", Language.EN) == guide.sections
    assert shared.sections_about("nobody", Language.EN) == ()


def test_a_passage_stands_in_the_section_of_its_own_language(shared: Generation) -> None:
    for passage in shared.passages:
        section = shared.section_of(passage)
        assert section in shared.guides[passage.guide_id, passage.language].sections
        assert section.start <= passage.start < passage.end <= section.end


def test_the_rows_of_a_section_are_those_of_its_passages_in_its_language(index: Path) -> None:
    generation = generation_in(index, (Language.ZH_HANS, Language.JA))
    for row, passage in enumerate(generation.passages):
        assert generation.rows(passage.section_id, passage.language) == [row]
    assert generation.rows("povo#fees", Language.EN) == []
