from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.corpus.lexicon import NameFinder, parse_lexicon, read_lexicon
from qa.corpus.near_names import NearName, NearNames
from qa.corpus.phrasings import read_phrasings

ROOT = Path(__file__).parents[2]
LEXICON = """\
operators:
  povo: {names: {en: povo}, aliases: [ポヴォ2, ぽゔぉさん]}
  rakuten: {names: {zh-Hans: 乐天移动, ja: 楽天モバイル}, aliases: [Rakuten, UN-LIMIT]}
  linemo: {names: {en: LINEMO}, aliases: [ラインモ]}
  mineo: {names: {en: mineo}, aliases: [マイネオ]}
  minea: {names: {en: minea}}
topics:
  lines: {aliases: [two linema]}
elsewhere:
  line: {names: {en: lineme}}
"""


@pytest.fixture(scope="module")
def near() -> NearNames:
    return NearNames(parse_lexicon(LEXICON, "lexicon.yaml"), ["I have a Linamo at home", "ラインマを歩く"])


def found(near: NearNames, question: str) -> dict[str, tuple[str, ...]]:
    return {each.word: each.operators for each in near.find(question)}


@pytest.mark.parametrize(
    ("question", "word", "operators"),
    [
        pytest.param("pvoo 怎么销户", "pvoo", ("povo",), id="two letters exchanged"),
        pytest.param("POVOO怎么销户", "povoo", ("povo",), id="one too many, in capitals"),
        pytest.param("how to cancel rakuden", "rakuden", ("rakuten",), id="another letter"),
        pytest.param("how to cancel rakudan", "rakudan", ("rakuten",), id="two other letters in a long word"),
        pytest.param("マイナオの解約", "マイナオ", ("mineo",), id="another kana"),
        pytest.param("ﾏｲﾅｵの解約", "マイナオ", ("mineo",), id="half-width"),
        pytest.param("乐天异动", "乐天异动", ("rakuten",), id="another character"),
        pytest.param("樂天異動？", "乐天异动", ("rakuten",), id="traditional"),
    ],
)
def test_a_word_that_is_a_slip_away_from_a_name_is_near_it(
    question: str, word: str, operators: tuple[str, ...], near: NearNames
) -> None:
    assert found(near, question) == {word: operators}


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("pvo 怎么销户", id="too short"),
        pytest.param("ovoo", id="two slips in a short word"),
        pytest.param("rinemo and kinemo", id="another first letter in every word"),
        pytest.param("sinemo", id="another first letter"),
        pytest.param("ラインテスト", id="a run that goes on"),
        pytest.param("rakutamm", id="three slips"),
        pytest.param("linema", id="a word of a topic"),
        pytest.param("lineme", id="a name from elsewhere"),
        pytest.param("LINAMO", id="a word of the texts"),
        pytest.param("ラインマ", id="kana of the texts"),
        pytest.param("un-limitt", id="half of a name"),
    ],
)
def test_what_is_no_slip_is_near_nothing(question: str, near: NearNames) -> None:
    assert found(near, question) == {}


def test_the_nearest_operator_comes_first_and_words_in_their_order(near: NearNames) -> None:
    assert near.find("mineaa, pvoo") == (NearName("mineaa", ("minea",)), NearName("pvoo", ("povo",)))
    assert near.find("mineu") == (NearName("mineu", ("mineo", "minea")),)


def test_among_real_questions_that_name_no_operator_only_slips_are_near_one() -> None:
    lexicon, _ = read_lexicon(ROOT / "corpus")
    finder = NameFinder(lexicon)
    near = NearNames(lexicon, [phrasing.text for phrasing in read_phrasings(ROOT / "corpus")])
    lines = (ROOT / "evaluation/questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    unnamed = [each for each in questions if not any(mention.kind == "operator" for mention in finder.find(each["text"]))]
    suspected = [(each["operator"], operators) for each in unnamed for operators in found(near, each["text"]).values()]

    assert len(unnamed) > 250
    assert suspected
    assert all(meant in operators for meant, operators in suspected)
