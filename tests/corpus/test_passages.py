from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT
from corpus.guide_texts import KEYS, bodies, guide_in, sentences
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.corpus.guides import read_corpus
from qa.corpus.passages import split_guides
from qa.corpus.search_text import search_text
from qa.datatypes import Guide, Passage, SectionStatus
from qa.index.embedder import Embedder

SIZES = st.sampled_from([64, 128, 256])
OPENING_MARK = re.compile(r"[*_」』）”’)\s]*\[\^")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guides")


def split(folder: Path, embedder: Embedder, body: str, max_tokens: int) -> tuple[Guide, list[Passage]]:
    guide = guide_in(folder, f"## 费用 {{#fees}}\n{body}\n")
    return guide, list(split_guides([guide], embedder, max_tokens))


def assert_exact(guide: Guide, passages: list[Passage]) -> None:
    at = {section.section_id: section.body for section in guide.sections}
    ends = {section.section_id: section.end for section in guide.sections}
    for passage in passages:
        assert guide.text[passage.start : passage.end] == passage.text
        between = guide.text[at[passage.section_id] : passage.start]
        assert at[passage.section_id] <= passage.start < passage.end <= ends[passage.section_id]
        assert not between.strip(), "lost"
        at[passage.section_id] = passage.end
    for section in guide.sections:
        rest = guide.text[at[section.section_id] : section.end]
        assert section.status is SectionStatus.UNKNOWN or not rest.strip(), "lost"


def tokens(embedder: Embedder, passage: Passage) -> int:
    return embedder.count_passage_tokens(search_text(passage.headings, passage.text, passage.start).text)


@given(bodies(), SIZES)
@settings(max_examples=40)
def test_passages_hold_the_whole_section_once_at_exact_offsets(
    folder: Path, embedder: Embedder, body: str, max_tokens: int
) -> None:
    assert_exact(*split(folder, embedder, body, max_tokens))


@given(st.lists(sentences(), min_size=3, max_size=40).map("".join), st.sampled_from(["\n\n---\n\n", "\n", "[^s1] "]), SIZES)
@example("甲" * 40 + "\n\n---\n\n" + "乙" * 40, "", 64)
@example("- " + "甲" * 20 + "[^s1] " + "丙" * 10 + " [^s2] " + "乙" * 40, "", 64)
@example("甲" * 53 + "[^s1]" + "乙" * 40, "", 64)
@settings(max_examples=10)
def test_passages_around_rules_and_lone_marks_are_exact(
    folder: Path, embedder: Embedder, body: str, between: str, max_tokens: int
) -> None:
    assert_exact(*split(folder, embedder, f"{body}{between}{body}", max_tokens))


@given(st.lists(st.sampled_from(["cancel", "the", "line", "before", "you", "leave"]), min_size=1, max_size=300), SIZES)
@settings(max_examples=20)
def test_no_passage_of_plain_words_is_longer_than_allowed(
    folder: Path, embedder: Embedder, words: list[str], max_tokens: int
) -> None:
    _, passages = split(folder, embedder, " ".join(words), max_tokens)
    assert all(tokens(embedder, passage) <= max_tokens for passage in passages)


@given(bodies(), SIZES)
@example("au、" * 300, 256)
@example("x" * 3000, 256)
@settings(max_examples=10)
def test_no_passage_is_longer_than_allowed(folder: Path, embedder: Embedder, body: str, max_tokens: int) -> None:
    _, passages = split(folder, embedder, body, max_tokens)
    assert all(tokens(embedder, passage) <= max_tokens for passage in passages)


@given(bodies(), SIZES)
@settings(max_examples=40)
def test_no_passage_begins_with_the_footnote_marks_of_the_sentence_before(
    folder: Path, embedder: Embedder, body: str, max_tokens: int
) -> None:
    _, passages = split(folder, embedder, body, max_tokens)
    assert not [passage.text for passage in passages if OPENING_MARK.match(passage.text)]


@pytest.mark.parametrize("end", ["。**[^s1]", "。 [^s1]", "！__[^s1]"])
def test_marks_behind_bold_text_or_a_space_stay_with_their_sentence(folder: Path, embedder: Embedder, end: str) -> None:
    mark = end[1:3] if end[1] in "*_" else ""
    _, passages = split(folder, embedder, f"{mark}{'甲' * 40}{end}{'乙' * 40}。", 64)
    assert not [passage.text for passage in passages if OPENING_MARK.match(passage.text)]


def test_an_unknown_section_gives_no_passage(folder: Path, embedder: Embedder) -> None:
    keys = KEYS | {"sections": "[{slug: sim, status: unknown}]"}
    guide = guide_in(folder, "## 费用 {#fees}\n0 日元。\n## SIM {#sim}\n没有资料。\n## 步骤 {#steps}\n一步。\n", keys=keys)
    assert [passage.section_id for passage in split_guides([guide], embedder, 64)] == ["povo#fees", "povo#steps"]


def test_an_empty_section_gives_no_passage(folder: Path, embedder: Embedder) -> None:
    assert split(folder, embedder, " \n\n", 64)[1] == []


def test_passages_are_numbered_within_their_section(folder: Path, embedder: Embedder) -> None:
    guide, passages = split(folder, embedder, "销户手续费是0日元。" * 40, 64)
    assert len(passages) > 1
    names = [f"zh-Hans/povo#fees/{number}" for number in range(len(passages))]
    assert [passage.passage_id for passage in passages] == names
    assert {passage.headings for passage in passages} == {guide.sections[0].headings}


def test_headings_that_take_more_than_half_are_cut_from_the_left(folder: Path, embedder: Embedder) -> None:
    guide = guide_in(folder, "## 费用 {#fees}\n0 日元。\n", keys=KEYS | {"title": "销户与保号" * 10})
    (passage,) = split_guides([guide], embedder, 64)
    assert passage.headings == ("费用",)


def test_a_heading_that_takes_more_than_half_alone_is_left_out(folder: Path, embedder: Embedder) -> None:
    guide = guide_in(folder, f"## {'销户与保号' * 20} {{#fees}}\n0 日元。\n")
    (passage,) = split_guides([guide], embedder, 64)
    assert passage.headings == ()


def test_the_passages_of_the_corpus_are_exact_whole_and_within_their_size(embedder: Embedder) -> None:
    guides, _ = read_corpus(ROOT / "corpus")
    for guide in guides:
        passages = list(split_guides([guide], embedder, 256))
        assert_exact(guide, passages)
        assert {passage.section_id for passage in passages} == {s.section_id for s in guide.sections if s.is_known}
        assert [passage.passage_id for passage in passages if tokens(embedder, passage) > 256] == []
        assert [passage.passage_id for passage in passages if OPENING_MARK.match(passage.text)] == []
