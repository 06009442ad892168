from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import WriteGuide
from corpus.phrasing_files import OPERATORS, OUTSIDE, TOPIC, write_phrasings
from index.building import BODY, Workshop
from index.recording_embedder import RecordingEmbedder

from qa import wiring
from qa.config import Settings
from qa.corpus.lexicon import NameFinder
from qa.corpus.phrasings import read_phrasings
from qa.datatypes import Weights
from qa.index import store
from qa.index.embedder import QUERY, Embedder
from qa.index.phrasing_index import FOLDER
from qa.retrieval.phrasing import Asking
from qa.retrieval.query import understand
from qa.retrieval.retriever import Retriever


@pytest.fixture
def guide(write_guide: WriteGuide) -> Path:
    return write_guide("povo", BODY)


@pytest.fixture
def phrased(workshop: Workshop, guide: Path) -> Workshop:
    """Return a workshop whose corpus has seven phrasings."""
    write_phrasings(workshop.corpus, operators=OPERATORS, sim_return=TOPIC, outside=OUTSIDE)
    return workshop


def asking(workshop: Workshop, question: str) -> tuple[Retriever, Asking]:
    """Return a retriever of the generation in use and what question asks for."""
    generation = workshop.open()
    retriever = Retriever(generation, workshop.embedder, Weights())
    return retriever, retriever.match(retriever.encode(understand(question, NameFinder(generation.lexicon))))


def files(workshop: Workshop, index: str = "index") -> dict[str, dict[str, object]]:
    return workshop.open(index).manifest.files


def test_a_generation_holds_the_phrasings_of_the_corpus_in_their_order(phrased: Workshop, embedder: Embedder) -> None:
    phrased.build()
    index = phrased.open().phrasings
    assert list(index.phrasings) == read_phrasings(phrased.corpus)
    texts = [phrasing.text.replace("怎麼解約", "怎么解约") for phrasing in index.phrasings]
    for row, encoded in enumerate(embedder.encode(texts, QUERY)):
        assert index.vectors.nearest(encoded.embedding, 1).tolist() == [row]
        assert index.tokens.spans(row).tolist() == encoded.spans.tolist()


def test_phrasings_are_stored_without_what_their_language_gives_them(phrased: Workshop, embedder: Embedder) -> None:
    phrased.build()
    generation = phrased.open()
    phrasings = generation.phrasings
    texts = [phrasing.text.replace("怎麼解約", "怎么解约") for phrasing in phrasings.phrasings]
    for row, encoded in enumerate(embedder.encode(texts, QUERY)):
        expected, _ = generation.centres.centred(encoded.token_vectors, phrasings.phrasings[row].language.of_guides)
        stored, _ = phrasings.tokens.gathered(np.array([row]))
        assert (stored * expected).sum(axis=1).min() > 0.999


def test_what_a_question_asks_for_is_told_by_the_phrasings_of_the_generation(phrased: Workshop) -> None:
    phrased.build()
    _, asked = asking(phrased, "手续费贵不贵")
    assert max(asked.sections, key=lambda target: asked.sections[target]) == "fees"
    assert set(asked.sections) == {"fees", "steps", "sim-return#return"}
    assert set(asked.outside) == {"weather"}


def test_an_edit_of_a_phrasing_makes_the_index_stale_until_it_is_built_anew(phrased: Workshop, settings: Settings) -> None:
    first = phrased.build()
    assert wiring.index_status(settings).fresh
    write_phrasings(phrased.corpus, operators=OPERATORS.replace("贵吗", "高吗"))
    assert not wiring.index_status(settings).fresh
    report = phrased.build()
    assert report.generation != first.generation
    assert (report.full_because, report.reused, report.changed) == (None, 2, 0)
    assert wiring.index_status(settings).fresh
    assert phrased.open().phrasings.phrasings[1].text == "手续费高吗"


def test_only_what_is_new_among_the_phrasings_is_embedded(phrased: Workshop, recording: RecordingEmbedder) -> None:
    phrased.build()
    phrased.embedder = recording
    write_phrasings(phrased.corpus, operators=OPERATORS.replace("贵吗", "高吗"), outside="")
    phrased.build()
    assert (recording.texts, recording.kinds) == (["手续费高吗"], {QUERY})


@pytest.mark.parametrize("edit", ["fees: {ja: [解約金はいくら]}\n", ""])
def test_an_incremental_and_a_new_build_from_one_cache_give_equal_files(phrased: Workshop, edit: str) -> None:
    phrased.build()
    write_phrasings(phrased.corpus, operators=edit, esim="loss: {zh-Hant: [卡弄丟了]}\n")
    phrased.build()
    phrased.build(index="another")
    assert files(phrased, "another") == files(phrased)


def test_full_builds_and_what_comes_from_their_cache_give_equal_files(phrased: Workshop) -> None:
    assert phrased.build(full=True).full_because is not None
    full = files(phrased)
    assert phrased.build(full=True).full_because == "--full"
    assert files(phrased) == full
    write_phrasings(phrased.corpus, operators=OPERATORS.replace("贵吗", "高吗"))
    assert phrased.build().full_because is None
    assert files(phrased) != full
    write_phrasings(phrased.corpus, operators=OPERATORS)
    assert phrased.build().full_because is None
    assert files(phrased) == full


def test_phrasings_change_nothing_but_their_own_files_and_the_store(workshop: Workshop, guide: Path) -> None:
    workshop.build()
    without = files(workshop)
    write_phrasings(workshop.corpus, operators=OPERATORS)
    workshop.build()
    differing = {name for name, entry in files(workshop).items() if entry != without[name]}
    assert {name for name in differing if not name.startswith(f"{FOLDER}/")} == {store.FILE}
    write_phrasings(workshop.corpus, operators="")
    workshop.build()
    assert files(workshop) == without


def test_a_corpus_without_phrasings_asks_for_nothing_and_finds_passages_all_the_same(workshop: Workshop, guide: Path) -> None:
    workshop.build()
    assert workshop.open().phrasings.phrasings == ()
    retriever, asked = asking(workshop, "手续费贵不贵")
    assert asked == Asking({}, {})
    best, _ = retriever.retrieve(understand("手续费贵不贵", NameFinder(workshop.open().lexicon)), 2)
    assert (best.passage.section_id, best.parts.phrasing) == ("povo#fees", None)


def test_a_phrasing_without_any_content_token_harms_nothing(phrased: Workshop) -> None:
    phrased.build()
    _, before = asking(phrased, "手续费贵不贵")
    write_phrasings(phrased.corpus, operators=f"fees: {{en: [？？]}}\nspell:\n  ja: [……]\n{OPERATORS.replace('fees', 'price')}")
    phrased.build()
    index = phrased.open().phrasings
    assert [index.phrasings[row].text for row in np.flatnonzero(index.tokens.lengths == 0)] == ["？？", "……"]
    retriever, asked = asking(phrased, "手续费贵不贵")
    farthest = min(asked.sections.values())
    assert (asked.sections["fees"], asked.sections["spell"]) == (farthest, farthest)
    assert asked.sections["price"] == pytest.approx(before.sections["fees"], abs=1e-6)
    assert asked.outside == pytest.approx(before.outside, abs=1e-6)
    assert all(0 <= hit.score <= 1 for hit in retriever.retrieve(understand("？？", NameFinder(phrased.open().lexicon)), 2))


def test_phrasings_none_of_which_has_a_content_token_ask_for_nothing(phrased: Workshop) -> None:
    write_phrasings(phrased.corpus, operators="fees: {en: [？？]}\n", sim_return="", outside="")
    phrased.build()
    assert asking(phrased, "手续费贵不贵")[1] == Asking({}, {})
