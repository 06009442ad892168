from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from index.small_generation import LEXICON, small_guide, small_manifest, small_passages, write_small

from qa.corpus.lexicon import parse_lexicon
from qa.datatypes import Language
from qa.index import store
from qa.index.generation import Generation
from qa.index.publish import publish


def generation_in(index: Path, languages: Sequence[Language]) -> Generation:
    guides = [small_guide(language) for language in languages]

    def write(folder: Path) -> None:
        write_small(folder)
        (folder / store.FILE).unlink()
        store.save(folder, guides, [passage for guide in guides for passage in small_passages(guide)], LEXICON)

    publish(index, small_manifest(), write)
    return Generation.open_current(index)


@pytest.mark.usefixtures("published")
def test_an_opened_generation_holds_what_was_written(index: Path) -> None:
    generation = Generation.open_current(index)
    assert list(generation.guides.values()) == [small_guide()]
    assert list(generation.passages) == small_passages(small_guide())
    assert generation.lexicon == parse_lexicon(LEXICON, "lexicon.yaml")
    assert generation.vectors.dimension == 4
    assert generation.terms.coverage("日元").shape == (2,)


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


def test_the_rows_of_a_section_are_those_of_its_passages_in_its_language(index: Path) -> None:
    generation = generation_in(index, (Language.ZH_HANS, Language.JA))
    for row, passage in enumerate(generation.passages):
        assert generation.rows(passage.section_id, passage.language) == [row]
    assert generation.rows("povo#fees", Language.EN) == []
