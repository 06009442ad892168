from __future__ import annotations

from pathlib import Path

from index.small_generation import LEXICON, PHRASINGS, small_guide, small_passages

from qa.datatypes import Language
from qa.index import store

LANGUAGES = (Language.ZH_HANS, Language.JA, Language.EN)


def save(folder: Path) -> store.Stored:
    """Write three guides into folder and return what should come back."""
    folder.mkdir(exist_ok=True)
    guides = [small_guide(language) for language in LANGUAGES]
    passages = [passage for guide in guides for passage in small_passages(guide)]
    store.save(folder, guides, passages, LEXICON, PHRASINGS)
    return store.Stored(tuple(guides), tuple(passages), LEXICON, PHRASINGS)


def test_what_was_saved_comes_back_in_order(tmp_path: Path) -> None:
    expected = save(tmp_path)
    assert store.load(tmp_path) == expected


def test_the_text_of_a_passage_is_that_of_its_guide(tmp_path: Path) -> None:
    save(tmp_path)
    stored = store.load(tmp_path)
    texts = {(guide.guide_id, guide.language): guide.text for guide in stored.guides}
    for passage in stored.passages:
        assert passage.text == texts[passage.guide_id, passage.language][passage.start : passage.end]
        assert passage.text.strip()


def test_values_come_back_as_their_own_types(tmp_path: Path) -> None:
    expected = save(tmp_path)
    for ours, theirs in zip(store.load(tmp_path).guides, expected.guides, strict=True):
        assert type(ours.language) is type(theirs.language)
        assert [type(section.status) for section in ours.sections] == [type(section.status) for section in theirs.sections]
        assert [type(source.publisher) for source in ours.sources] == [type(source.publisher) for source in theirs.sources]
        assert type(ours.sections[0].headings) is tuple
    for phrasing in store.load(tmp_path).phrasings:
        assert (type(phrasing.language), type(phrasing.outside)) == (Language, bool)


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(tmp_path / name)
    assert (tmp_path / "a" / store.FILE).read_bytes() == (tmp_path / "b" / store.FILE).read_bytes()


def test_other_content_gives_other_bytes(tmp_path: Path) -> None:
    guide = small_guide()
    written = []
    for number, (guides, lexicon, phrasings) in enumerate(
        [
            ([guide], LEXICON, PHRASINGS),
            ([], LEXICON, PHRASINGS),
            ([guide], "", PHRASINGS),
            ([guide], LEXICON, PHRASINGS[:1]),
            ([guide], LEXICON, PHRASINGS[::-1]),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        store.save(folder, guides, [passage for each in guides for passage in small_passages(each)], lexicon, phrasings)
        written.append((folder / store.FILE).read_bytes())
    assert len(set(written)) == len(written)


def test_reading_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    save(tmp_path)
    before = (tmp_path / store.FILE).read_bytes()
    store.load(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [store.FILE]
    assert (tmp_path / store.FILE).read_bytes() == before


def test_a_corpus_of_nothing_comes_back_as_nothing(tmp_path: Path) -> None:
    store.save(tmp_path, [], [], "", [])
    assert store.load(tmp_path) == store.Stored((), (), "", ())


def test_a_folder_with_signs_that_addresses_use_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "a?b#c%20 销户"
    expected = save(folder)
    assert store.load(folder) == expected
