from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from web.rendered import BODY, GUIDE, RAKUTEN, answer_citing, guide_of, holding, not_covered

from qa.datatypes import Language, Outcome, Publisher, Source
from qa.index.generation import Generation
from qa.web.chat.official import name_of
from qa.web.chat.plain import plain_answer
from qa.web.texts import text

SIMPLIFIED = replace(
    GUIDE,
    language=Language.ZH_HANS,
    title="povo：销户",
    sources=(Source("s1", "povo：销户费用", "https://example.com/销户", Publisher.OFFICIAL, None),),
)


@pytest.mark.parametrize(("outcome", "language"), list(product((Outcome.ANSWERED, Outcome.RELATED), Language)))
def test_a_copied_answer_stands_alone_with_every_source_and_every_official_link(
    outcome: Outcome, language: Language, generation: Generation
) -> None:
    povo, rakuten = guide_of(BODY), guide_of(BODY, RAKUTEN)
    quoted = [(povo, "Cancelling is free.[^s1]"), (rakuten, "A new card costs 3,850 yen.[^s2]")]
    answer = answer_citing(quoted, language, outcome)
    generation = holding(generation, povo, rakuten)
    compiled = text("checked", language).format(date="2026-11-22")
    own = {
        key: text("official_link", language).format(operator=name_of(key, generation, language))
        for key in ("povo", "rakuten-mobile")
    }
    lead = answer.text.partition("\n\n")[0] + "\n\n" if outcome is Outcome.RELATED else ""
    assert plain_answer(answer, generation) == (
        f"{text('asked', language)}Is it free?\n"
        f"{text(outcome, language)}\n"
        "\n"
        f"{lead}"
        "Cancelling is free. [1]\n"
        "\n"
        "A new card costs 3,850 yen. [2]\n"
        "\n"
        f"[1] Leaving povo · Fees ({compiled})\n"
        f"- povo: how to cancel ({text('operator', language)}) https://www.example.com/cancel\n"
        f"- {own['povo']}: https://povo.jp/\n"
        "\n"
        f"[2] Leaving Rakuten Mobile · Fees ({compiled})\n"
        f"- A blog ({text('third-party', language)}) https://blog.example.org/a?b=1&c=2\n"
        f"- {own['rakuten-mobile']}: https://network.mobile.rakuten.co.jp/\n"
        "\n"
        f"{text('title', language)} ({generation.id})"
    )


@pytest.mark.parametrize("language", Language)
def test_what_is_copied_where_nothing_answers_is_what_was_said(language: Language, generation: Generation) -> None:
    assert plain_answer(not_covered("Nothing.\n\nSee https://povo.jp/", language), generation) == (
        f"{text('asked', language)}Is it free?\n"
        f"{text('not_covered', language)}\n"
        "\n"
        "Nothing.\n"
        "\n"
        "See https://povo.jp/\n"
        "\n"
        f"{text('title', language)} ({generation.id})"
    )


def test_a_copied_answer_is_converted_to_traditional_characters_but_for_its_addresses(generation: Generation) -> None:
    guide = guide_of("销户费用为 0 日元。[^s1]\n", SIMPLIFIED, heading="费用")
    copied = plain_answer(answer_citing([(guide, "销户费用为 0 日元。[^s1]")], Language.ZH_HANT), generation)
    assert "退租費用為 0 日圓。 [1]" in copied
    assert "[1] povo：退租 · 費用" in copied
    assert "- povo：退租費用 (官方機構) https://example.com/销户\n" in copied


def test_a_guide_without_an_official_page_leaves_out_the_link_and_nothing_else(generation: Generation) -> None:
    guides = [guide_of(BODY, guide) for guide in (GUIDE, replace(GUIDE, official_url=None))]
    with_link, without_link = (
        plain_answer(answer_citing([(guide, "Cancelling is free.[^s1]")], Language.EN), holding(generation, guide))
        for guide in guides
    )
    own = "- povo's own page (the last word): https://povo.jp/"
    assert set(with_link.splitlines()) - set(without_link.splitlines()) == {own}
    assert set(without_link.splitlines()) < set(with_link.splitlines())
