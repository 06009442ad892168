from __future__ import annotations

from pathlib import Path

import pytest
from corpus.phrasing_files import OPERATORS, OUTSIDE, TOPIC, write_phrasings
from corpus.whole_guide import read, read_shared

from qa.corpus.phrasings import Phrasing, phrasing_paths, read_phrasings, target_of
from qa.datatypes import Language
from qa.errors import CorpusError


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return an empty corpus folder."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def test_phrasings_come_in_the_order_of_their_files_with_language_and_target(corpus: Path) -> None:
    write_phrasings(corpus, outside=OUTSIDE, sim_return=TOPIC, esim="loss: {ja: [失くした]}\n", operators=OPERATORS)
    assert read_phrasings(corpus) == [
        Phrasing("销户要多少钱", Language.ZH_HANS, "fees"),
        Phrasing("手续费贵吗", Language.ZH_HANS, "fees"),
        Phrasing("解約金はいくら", Language.JA, "fees"),
        Phrasing("怎麼解約", Language.ZH_HANT, "steps"),
        Phrasing("失くした", Language.JA, "esim#loss"),
        Phrasing("Do I send the card back?", Language.EN, "sim-return#return"),
        Phrasing("明日の天気は", Language.JA, "weather", outside=True),
    ]


def test_a_corpus_may_have_no_phrasings(corpus: Path) -> None:
    assert (phrasing_paths(corpus), read_phrasings(corpus)) == ([], [])


@pytest.mark.parametrize("text", ["", "# to be written\n", "{}\n", "fees: {}\n", "fees: {ja: []}\n"])
def test_a_file_may_hold_none_yet(corpus: Path, text: str) -> None:
    write_phrasings(corpus, operators=text)
    assert read_phrasings(corpus) == []


def test_only_the_named_files_and_those_of_topics_are_read(corpus: Path) -> None:
    write_phrasings(corpus, operators=OPERATORS, esim=TOPIC)
    folder = corpus / "phrasings"
    (folder / "notes.md").write_text("# notes\n")
    (folder / "topics" / "drafts").mkdir()
    (folder / "topics" / "drafts" / "esim.yaml").write_text("- no phrasings\n")
    assert phrasing_paths(corpus) == [folder / "operators.yaml", folder / "topics" / "esim.yaml"]


def test_white_space_in_a_phrasing_is_one_space(corpus: Path) -> None:
    write_phrasings(
        corpus, operators='fees:\n  en:\n    - " how  much\\tis\\u3000it "\n    - >\n      what do\n      they take\n'
    )
    assert [phrasing.text for phrasing in read_phrasings(corpus)] == ["how much is it", "what do they take"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("fees:\n  ja: [", "2: not YAML: ", id="malformed YAML"),
        pytest.param("fees:\n\tja: [a]\n", "2: not YAML: found character that cannot start any token", id="a tabulator"),
        pytest.param("- fees\n", "1: .*valid dictionary", id="a list of slugs"),
        pytest.param("fees:\n  ja: [a]\nfees:\n  en: [b]\n", "3: the key 'fees' stands twice", id="a slug twice"),
        pytest.param("fees:\n  ja: [a]\n  fr: [b]\n", r"3: fees\.fr\..*'zh-Hans', 'zh-Hant', 'ja'", id="an unknown language"),
        pytest.param("fees:\n  ja: [a]\nsteps:\n", r"3: steps: .*valid dictionary", id="a slug without languages"),
        pytest.param("fees:\n  ja: いくら\n", r"2: fees\.ja: .*valid tuple", id="a phrasing that is no list"),
        pytest.param("fees:\n  ja:\n    - a\n    - ''\n", r"4: fees\.ja\.1: .*a name is blank", id="an empty phrasing"),
        pytest.param("fees:\n  ja:\n    - a\n    - '\u3000'\n", r"4: fees\.ja\.1: .*a name is blank", id="a blank phrasing"),
        pytest.param("fees:\n  ja:\n    - a\n    -\n", r"4: fees\.ja\.1: .*valid string", id="a phrasing of nothing"),
        pytest.param("fees:\n  ja:\n    - 0570\n", r"3: fees\.ja\.0: .*valid string", id="a number without quotes"),
    ],
)
@pytest.mark.parametrize("name", ["operators", "outside", "esim"])
def test_a_malformed_file_is_named_by_line(corpus: Path, name: str, text: str, message: str) -> None:
    write_phrasings(corpus, **{name: text})
    place = "topics/esim" if name == "esim" else name
    with pytest.raises(CorpusError, match=rf"^corpus/phrasings/{place}\.yaml:{message}.*\. Mend that line$"):
        read_phrasings(corpus)


def test_a_file_that_is_not_utf_8_names_the_mend(corpus: Path) -> None:
    write_phrasings(corpus, operators="")
    (corpus / "phrasings" / "operators.yaml").write_bytes("fees: {ja: [解約金]}".encode("shift_jis"))
    with pytest.raises(CorpusError, match=r"^corpus/phrasings/operators\.yaml:1: is not UTF-8; save it as UTF-8"):
        read_phrasings(corpus)


def test_sections_of_operators_share_a_target_and_those_of_topics_have_their_own(tmp_path: Path) -> None:
    assert [target_of(section) for section in read(tmp_path).sections[:2]] == ["overview", "online"]
    assert [target_of(section) for section in read_shared(tmp_path).sections] == ["others#overview", "others#au", "others#hana"]
