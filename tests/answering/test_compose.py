from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qa.answering.compose import MOST_CITATIONS, compose, find_evidence
from qa.answering.decide import Decision
from qa.answering.evidence import Evidence
from qa.datatypes import Hit, Language, Outcome, Parts
from qa.index.generation import Generation
from qa.retrieval.query import Query
from qa.retrieval.query_vectors import QueryVectors


def hits(generation: Generation, *scored: tuple[str, float]) -> list[Hit]:
    """Return hits in sections of the guides in zh-Hans, with these scores."""
    rows = {section_id: generation.rows(section_id, Language.ZH_HANS)[0] for section_id, _ in scored}
    return [Hit(generation.passages[rows[section_id]], score, Parts()) for section_id, score in scored]


def query(*topics: str) -> Query:
    return Query("怎么办", Language.ZH_HANS, ("povo",), topics, ())


def like_the_token(generation: Generation, section_id: str, words: str) -> QueryVectors:
    """Return a question of one token, which is just like the first token of words in a section of a guide in zh-Hans."""
    (row,) = generation.rows(section_id, Language.ZH_HANS)
    guide_id = section_id.partition("#")[0]
    at = generation.guides[guide_id, Language.ZH_HANS].text.index(words)
    spans = generation.tokens.spans(row)
    token = int(np.flatnonzero((spans[:, 0] <= at) & (at < spans[:, 1]))[0])
    vectors, _ = generation.tokens.gathered(np.array([row]))
    return QueryVectors(vectors[token], vectors[[token]], np.ones(1, np.float32), np.ones(1, bool))


def cited(generation: Generation, found: list[Hit]) -> list[str]:
    encoded = like_the_token(generation, "povo#fees", "销户费用为")
    return [each.section.section_id for each in find_evidence(query("fees"), found, encoded, generation)]


@pytest.mark.parametrize("best", [0.4, 0.9])
def test_a_further_passage_is_cited_where_it_scores_94_percent_of_the_best_or_more(best: float, generation: Generation) -> None:
    close, less = ("povo#sim", best * 0.945), ("povo#overview", best * 0.935)

    assert cited(generation, hits(generation, ("povo#fees", best), close)) == ["povo#fees", "povo#sim"]
    assert cited(generation, hits(generation, ("povo#fees", best), less)) == ["povo#fees"]
    assert cited(generation, hits(generation, ("povo#fees", best), close, less)) == ["povo#fees", "povo#sim"]


def test_a_section_is_cited_once_and_no_more_than_three_are(generation: Generation) -> None:
    of_one = hits(generation, ("povo#fees", 0.9), ("povo#fees", 0.9), ("povo#sim", 0.9))
    many = hits(generation, *((f"povo#{slug}", 0.9) for slug in ("fees", "sim", "steps", "overview")))

    assert cited(generation, of_one) == ["povo#fees", "povo#sim"]
    assert cited(generation, many) == ["povo#fees", "povo#sim", "povo#steps"]
    assert MOST_CITATIONS == 3


@pytest.mark.parametrize(
    ("topics", "asks_how"),
    [
        ((), True),
        (("cancel",), True),
        (("steps",), True),
        (("fees", "steps"), True),
        (("fees",), False),
        (("cancel", "fees"), False),
    ],
)
def test_the_steps_are_quoted_whole_to_who_asks_how_or_names_no_section(
    topics: tuple[str, ...], asks_how: bool, generation: Generation
) -> None:
    encoded = like_the_token(generation, "povo#steps", "登记的邮箱")

    (evidence,) = find_evidence(query(*topics), hits(generation, ("povo#steps", 0.9)), encoded, generation)
    quote = evidence.guide.text[evidence.start : evidence.end]
    assert "登记的邮箱" in quote
    assert ("1. " in quote and "3. " in quote) == asks_how


def test_the_words_that_weigh_most_choose_what_is_quoted(generation: Generation) -> None:
    fee, again = (like_the_token(generation, "povo#fees", words) for words in ("解约费", "补发实体"))
    both = np.concatenate([fee.tokens, again.tokens])

    def quoted(*weights: float) -> str:
        encoded = QueryVectors(fee.embedding, both, np.array(weights, np.float32), np.ones(2, bool))
        (evidence,) = find_evidence(query("fees"), hits(generation, ("povo#fees", 0.9)), encoded, generation)
        return evidence.guide.text[evidence.start : evidence.end]

    assert "解约费" in quoted(20, 1)
    assert quoted(1, 20).startswith("- 补发")


def test_no_hits_give_no_evidence(generation: Generation) -> None:
    assert cited(generation, []) == []


def test_a_quote_that_holds_what_looks_like_a_marker_has_full_width_brackets_in_the_answers_text(
    generation: Generation,
) -> None:
    section = generation.guides["povo", Language.ZH_HANS].section("fees")
    assert section
    guide = replace(generation.guides["povo", Language.ZH_HANS], text="免费 [2]，见 [1]。\u202e[^s1]")
    evidence = [Evidence(guide, section, 0, len(guide.text))]
    answer = compose(query("fees"), hits(generation, ("povo#fees", 0.9)), Decision(Outcome.ANSWERED, 0.9), evidence, generation)
    assert answer.text == "免费 ［2］，见 ［1］。 [1]"
    assert answer.citations[0].quote == guide.text
