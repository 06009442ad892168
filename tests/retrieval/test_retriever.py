from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pytest

from qa.corpus.lexicon import NameFinder
from qa.corpus.phrasings import target_of
from qa.datatypes import Hit, Language, Mode, Weights
from qa.errors import QuestionError
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.retrieval import retriever as module
from qa.retrieval.phrasing import Asking
from qa.retrieval.query import MAX_CHARACTERS, Query, understand
from qa.retrieval.retriever import Retriever

ALL = 1000  # more than there are
TOPICS = {"zh-Hans/sim-return", "zh-Hans/twin-a", "zh-Hans/twin-b"}
UNASKED = Asking({}, {})
Search = Callable[..., list[Hit]]
modes = pytest.mark.parametrize("mode", list(Mode))


def passage_ids(hits: list[Hit]) -> list[str]:
    return [hit.passage.passage_id for hit in hits]


def guides(hits: list[Hit]) -> set[str]:
    return {f"{hit.passage.language}/{hit.passage.guide_id}" for hit in hits}


@modes
def test_a_question_that_names_an_operator_gets_no_passage_of_another(mode: Mode, search: Search) -> None:
    hits = search("povo 的销户费用，不是别家的", mode=mode)

    assert "zh-Hans/povo" in guides(hits)
    assert not {hit.passage.guide_id for hit in hits} & {"linemo", "rakuten-mobile"}


@modes
def test_a_question_that_names_two_operators_gets_passages_of_both(mode: Mode, search: Search) -> None:
    found = guides(search("从 povo 换到 linemo 要费用吗", mode=mode))

    assert {"zh-Hans/povo", "zh-Hans/linemo"} <= found
    assert "ja/rakuten-mobile" not in found


def test_an_operator_without_a_guide_gets_passages_of_no_operator(search: Search) -> None:
    assert guides(search("mineo 怎么销户")) == TOPICS


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.DENSE])
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hans", {"zh-Hans/povo", "zh-Hans/linemo", "zh-Hans/sim-return", "ja/rakuten-mobile"}),
        ("zh-Hant", {"zh-Hans/povo", "zh-Hans/linemo", "zh-Hans/sim-return", "ja/rakuten-mobile"}),
        ("ja", {"ja/povo", "zh-Hans/linemo", "ja/sim-return", "ja/rakuten-mobile"}),
        ("en", {"zh-Hans/povo", "zh-Hans/linemo", "zh-Hans/sim-return", "ja/rakuten-mobile"}),
    ],
)
def test_each_guide_is_searched_once_in_the_readers_language_or_the_nearest(
    mode: Mode, language: str, expected: set[str], retriever: Retriever
) -> None:
    query = Query("SIM", Language(language), (), (), ())

    assert guides(retriever.retrieve(query, ALL, mode)) == expected | {"zh-Hans/twin-a", "zh-Hans/twin-b"}


@modes
@pytest.mark.parametrize("k", [1, 3, 5])
def test_k_hits_are_the_first_k_of_all(mode: Mode, k: int, search: Search) -> None:
    hits = search("povo 销户费用多少钱", k, mode)

    assert len(hits) == k
    assert hits == search("povo 销户费用多少钱", ALL, mode)[:k]


@pytest.mark.parametrize("mode", [Mode.DENSE, Mode.LEXICAL])
@pytest.mark.parametrize("question", ["povo 销户费用多少钱", "SIM 卡要归还吗", "楽天の解約金はいくら"])
def test_dense_and_lexical_rank_the_same_with_every_k(
    mode: Mode, question: str, generation: Generation, embedder: Embedder, finder: NameFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CANDIDATES", 1)
    # What the question names outweighs the score: who cuts by score before weighing loses the best.
    weighing = Retriever(generation, embedder, Weights(other_subject=0.01, other_section=0.1))
    query = understand(question, finder)
    encoded = weighing.encode(query)
    whole = weighing.retrieve(query, ALL, mode, encoded=encoded)

    assert len(whole) >= 4
    for k in range(1, len(whole) + 2):
        assert weighing.retrieve(query, k, mode, encoded=encoded) == whole[:k]
        assert weighing.retrieve(query, k, mode, encoded=encoded, depth=1) == whole[:k]


@pytest.mark.parametrize("has_phrasings", [True, False])
@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("question", ["povo 销户费用多少钱", "号码保管可以放多久", "How do I return the SIM?"])
def test_hybrid_scores_as_many_candidates_as_the_depth_says_and_what_is_asked_for_whatever_k(
    question: str, depth: int, has_phrasings: bool, generation: Generation, retriever: Retriever, finder: NameFinder
) -> None:
    query = understand(question, finder)
    encoded = retriever.encode(query)
    asking = retriever.match(encoded) if has_phrasings else UNASKED
    dense = retriever.retrieve(query, ALL, Mode.DENSE, encoded=encoded)
    nearest = sorted(dense, key=lambda hit: -(hit.parts.dense or 0))
    of_subject = [hit for hit in nearest if (generation.section_of(hit.passage).operator or "") in (query.operators or [""])]
    coverage = generation.terms.coverage(query.text)
    rows = [row for row, passage in enumerate(generation.passages) if passage in [hit.passage for hit in dense]]
    by_words = [generation.passages[row] for row in sorted(rows, key=lambda row: -coverage[row]) if coverage[row] > 0]
    candidates = {hit.passage.passage_id for hit in [*nearest[:depth], *of_subject[:depth]]}
    candidates |= {passage.passage_id for passage in by_words[:depth]}
    asked_for = sorted(asking.sections, key=lambda target: -asking.sections[target])[:5]
    candidates |= {hit.passage.passage_id for hit in dense if target_of(generation.section_of(hit.passage)) in asked_for}

    whole = retriever.retrieve(query, ALL, encoded=encoded, asking=asking, depth=depth)
    assert set(passage_ids(whole)) == candidates
    for k in range(1, len(whole) + 2):
        assert retriever.retrieve(query, k, encoded=encoded, asking=asking, depth=depth) == whole[:k]
    assert len(retriever.retrieve(query, ALL, encoded=encoded, asking=asking)) > len(whole) or has_phrasings


@pytest.mark.parametrize("k", [1, 2, ALL])
def test_a_section_that_is_asked_for_is_a_candidate_although_no_engine_finds_it(
    k: int, retriever: Retriever, finder: NameFinder
) -> None:
    query = understand("号码保管可以放多久", finder)
    found = set(passage_ids(retriever.retrieve(query, ALL, asking=UNASKED, depth=1)))
    of_sim = {"zh-Hans/povo#sim/0", "zh-Hans/linemo#sim/0", "ja/rakuten-mobile#sim/0"}
    assert found
    assert not found & of_sim

    hits = retriever.retrieve(query, k, asking=Asking({"sim": 1.0}, {}), depth=1)
    assert set(passage_ids(hits)) <= found | of_sim
    assert len(hits) == min(k, len(found | of_sim))
    assert {hit.parts.phrasing for hit in hits} == {1.0}  # the median of what is asked for, too


def test_the_sections_of_the_five_targets_asked_for_most_are_candidates_equal_ones_by_name(
    retriever: Retriever, finder: NameFinder
) -> None:
    query = understand("povo", finder)
    found = {hit.passage.section_id for hit in retriever.retrieve(query, ALL, asking=UNASKED, depth=1)}

    def added(sections: dict[str, float]) -> set[str]:
        hits = retriever.retrieve(query, ALL, asking=Asking(sections, {"chat": 1.0}), depth=1)
        return {hit.passage.section_id for hit in hits} - found

    every = dict.fromkeys(("fees", "sim", "steps", "overview"), 0.5)
    assert added(every) == {"povo#fees", "povo#sim", "povo#steps", "povo#overview"} - found
    crowd = dict.fromkeys(("x1", "x2", "x3"), 0.9)
    assert added(every | crowd) == {"povo#fees", "povo#overview"} - found
    assert added({**every, **crowd, "steps": 0.7, "sim": 0.6}) == {"povo#steps", "povo#sim"} - found
    assert added({**every, **crowd, "agent": 0.9, "sim-return#must-return": 0.9}) == {"sim-return#must-return"} - found


@pytest.mark.parametrize(
    ("question", "language", "operator", "expected"),
    [
        ("linemo", None, None, {"zh-Hans/linemo#sim/0"}),
        ("号码保管", Language.JA, None, {"ja/povo#sim/0", "ja/rakuten-mobile#sim/0"}),
        ("号码保管", None, "povo", {"zh-Hans/povo#sim/0"}),
    ],
)
def test_what_is_asked_for_is_found_only_where_is_searched(
    question: str,
    language: Language | None,
    operator: str | None,
    expected: set[str],
    retriever: Retriever,
    finder: NameFinder,
) -> None:
    hits = retriever.retrieve(
        understand(question, finder), ALL, Mode.HYBRID, language, operator, asking=Asking({"sim": 1.0}, {}), depth=1
    )

    assert {each for each in passage_ids(hits) if "#sim/" in each} == expected


@pytest.mark.parametrize("mode", [Mode.DENSE, Mode.LEXICAL])
def test_what_is_asked_for_counts_in_hybrid_mode_alone(mode: Mode, retriever: Retriever, finder: NameFinder) -> None:
    query = understand("号码保管", finder)

    assert retriever.retrieve(query, ALL, mode, asking=Asking({"sim": 1.0}, {})) == retriever.retrieve(query, ALL, mode)
    assert retriever.retrieve(query, ALL, asking=Asking({"sim": 1.0}, {})) != retriever.retrieve(query, ALL)


def test_hits_are_the_same_whether_what_is_asked_is_encoded_and_matched_before_or_not(
    retriever: Retriever, finder: NameFinder
) -> None:
    query = understand("povo 的 SIM 卡要归还吗", finder)
    encoded = retriever.encode(query)
    asking = retriever.match(encoded)

    assert retriever.retrieve(query, ALL) == retriever.retrieve(query, ALL, encoded=encoded, asking=asking)


@modes
def test_no_hits_are_returned_for_k_0(mode: Mode, search: Search) -> None:
    assert search("povo", 0, mode) == []


@modes
def test_only_the_asked_language_is_searched(mode: Mode, search: Search) -> None:
    found = guides(search("SIM 解約 返却", mode=mode, only_language=Language.JA))

    assert found == {"ja/povo", "ja/rakuten-mobile", "ja/sim-return"}


def test_traditional_chinese_readers_search_the_simplified_guides(search: Search) -> None:
    hits = search("费用", only_language=Language.ZH_HANT)

    assert guides(hits) == {"zh-Hans/povo", "zh-Hans/linemo"} | TOPICS
    assert hits == search("费用", only_language=Language.ZH_HANS)


@modes
def test_a_question_in_traditional_characters_finds_what_it_finds_in_simplified_ones(mode: Mode, search: Search) -> None:
    traditional, simplified = search("povo 的 SIM 卡要歸還嗎", mode=mode), search("povo 的 SIM 卡要归还吗", mode=mode)

    assert [(hit.passage.passage_id, hit.score) for hit in traditional] == [
        (hit.passage.passage_id, hit.score) for hit in simplified
    ]


@modes
def test_only_the_asked_operator_is_searched_whatever_the_question_names(mode: Mode, search: Search) -> None:
    assert guides(search("povo 费用", mode=mode, only_operator="linemo")) == {"zh-Hans/linemo"}
    assert search("povo 费用", mode=mode, only_operator="mineo") == []


@modes
def test_every_mode_finds_the_section_that_answers(mode: Mode, search: Search) -> None:
    assert passage_ids(search("povo 的 SIM 卡要归还吗", 1, mode)) == ["zh-Hans/povo#sim/0"]


def test_a_question_in_another_language_finds_the_section_that_answers(search: Search) -> None:
    assert search("How do I return the SIM card of LINEMO?", 1)[0].passage.section_id == "linemo#sim"


@modes
@pytest.mark.parametrize("has_phrasings", [True, False])
def test_hits_say_which_engines_took_part(mode: Mode, has_phrasings: bool, search: Search, plain_search: Search) -> None:
    parts = asdict((search if has_phrasings else plain_search)("povo 费用", 1, mode)[0].parts)
    hybrid = {"dense", "lexical", "late", *(["phrasing"] if has_phrasings else [])}

    took_part = {name for name, part in parts.items() if part is not None}
    assert took_part == {Mode.HYBRID: hybrid, Mode.DENSE: {"dense"}, Mode.LEXICAL: {"lexical"}}[mode]


def test_a_question_longer_than_the_model_reads_is_refused_in_one_line(retriever: Retriever, finder: NameFinder) -> None:
    query = understand("解 約 " * (MAX_CHARACTERS // 4), finder)

    with pytest.raises(QuestionError, match=r"^The question is too long: \d+ tokens where the model reads 512\. Mend: .+$"):
        retriever.retrieve(query, 1)
