from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from web.rendered import (
    BODY,
    FREE,
    GUIDE,
    RAKUTEN,
    TOPIC,
    answer_citing,
    answer_of,
    classes_of,
    guide_of,
    holding,
    html_of,
    links_of,
    not_covered,
    page_of,
    seen_of,
)

from qa.datatypes import Language, Outcome
from qa.index.generation import Generation
from qa.web.chat.card import render_answer
from qa.web.languages import browse_path, guide_path
from qa.web.texts import text

ELSEWHERE = {"target": "_blank", "rel": "noopener noreferrer nofollow"}
OFFICIAL, OUTSIDE = {"class": "official", **ELSEWHERE}, {"class": "outside", **ELSEWHERE}


def test_a_citation_links_its_own_sources_and_says_who_published_them_and_when(generation: Generation) -> None:
    dated = page_of(BODY, "Cancelling is free.[^s1]", generation)
    undated = page_of(BODY, "A new card costs 3,850 yen.[^s2]", generation)
    assert "povo: how to cancel example.com↗ operator's page page dated 2026-03" in dated.text
    assert "A blog blog.example.org" not in dated.text
    assert "A blog blog.example.org↗ third party undated" in undated.text
    assert {"href": "https://blog.example.org/a?b=1&c=2", **OUTSIDE} in undated.attributes_of("a")
    assert "kind operator" in classes_of(dated, "span")
    assert "kind third-party" in classes_of(undated, "span")


def test_a_card_shows_the_operators_own_link_and_the_day_of_compilation(generation: Generation) -> None:
    page = page_of(BODY, FREE, generation)
    assert {"href": "https://povo.jp/", **OFFICIAL} in page.attributes_of("a")
    assert f"{text('official_link', Language.EN).format(operator='povo')} povo.jp↗" in page.text
    assert page.text.count("compiled 2026-11-22") == len(("card", "citation"))


def test_a_guide_without_an_official_page_shows_no_official_link(generation: Generation) -> None:
    page = page_of(BODY, FREE, generation, guide=replace(GUIDE, official_url=None))
    assert links_of(page, "official") == []
    assert "the last word" not in page.text


def test_every_operator_that_is_cited_has_its_link_once(generation: Generation) -> None:
    povo, rakuten = guide_of(BODY), guide_of(BODY, RAKUTEN)
    answer = answer_citing([(povo, FREE), (rakuten, FREE), (povo, "A new card")], Language.JA)
    page = seen_of(render_answer(answer, holding(generation, povo, rakuten), "m", Language.JA, feedback=False))
    assert links_of(page, "official") == ["https://povo.jp/", "https://network.mobile.rakuten.co.jp/"]
    for name in ("povo", "楽天モバイル"):
        assert page.text.count(text("official_link", Language.JA).format(operator=name)) == 1


def test_a_topics_official_page_is_linked_without_naming_an_operator(generation: Generation) -> None:
    page = page_of(BODY, FREE, generation, guide=replace(TOPIC, official_url="https://www.soumu.go.jp/"))
    assert links_of(page, "official") == ["https://www.soumu.go.jp/"]
    assert f"{text('official_link_of_topic', Language.EN)} soumu.go.jp↗" in page.text


def test_beside_an_operators_own_page_a_topics_is_left_out(generation: Generation) -> None:
    povo, topic = guide_of(BODY), guide_of(BODY, replace(TOPIC, official_url="https://www.au.com/"))
    answer = answer_citing([(topic, FREE), (povo, FREE)], Language.EN)
    page = seen_of(render_answer(answer, holding(generation, povo, topic), "m", Language.EN, feedback=False))
    assert links_of(page, "official") == ["https://povo.jp/"]


def day(days_ago: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=days_ago)).isoformat()


def test_the_oldest_of_what_is_cited_is_the_day_that_counts(generation: Generation) -> None:
    old, new = guide_of(BODY, replace(GUIDE, checked="2025-01-31")), guide_of(BODY, replace(RAKUTEN, checked="2026-11-22"))
    for guides in ((old, new), (new, old)):
        answer = answer_citing([(guide, FREE) for guide in guides], Language.EN)
        page = seen_of(render_answer(answer, holding(generation, old, new), "m", Language.EN, feedback=False))
        assert page.text.count("compiled 2025-01-31") == len(("card", "its citation"))
        assert page.text.count("compiled 2026-11-22") == len(("its citation",))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("days_ago", "is_warned"), [(0, False), (363, False), (368, True), (4000, True)])
def test_what_is_older_than_a_year_is_warned_of(
    days_ago: int, is_warned: bool, language: Language, generation: Generation
) -> None:
    page = page_of(BODY, FREE, generation, language, replace(GUIDE, checked=day(days_ago)))
    assert classes_of(page, "p").count("old") == is_warned
    assert page.text.count(f"! {text('checked_old', language)}") == is_warned


def test_one_old_guide_among_those_cited_is_warned_of_once(generation: Generation) -> None:
    guides = guide_of(BODY, replace(GUIDE, checked=day(0))), guide_of(BODY, replace(RAKUTEN, checked=day(500)))
    answer = answer_citing([(guide, FREE) for guide in guides], Language.EN)
    page = seen_of(render_answer(answer, holding(generation, *guides), "m", Language.EN, feedback=False))
    assert classes_of(page, "p").count("old") == 1


def test_what_is_not_covered_is_said_in_paragraphs_with_the_operators_link(generation: Generation) -> None:
    answer = replace(not_covered("No guide.\n\nSee povo's page: https://povo.jp/"), operators=("povo",))
    page = seen_of(html_of(answer, guide_of(BODY), generation))
    said, _, rest = page.text.partition("↗")
    assert said == "– Not coveredNo guide.See povo's page: https://povo.jp/"
    assert rest.startswith(text("all_operators", Language.EN))
    assert page.attributes_of("a")[0] == {"href": "https://povo.jp/", **OFFICIAL}
    assert page.attributes_of("details") == []


@pytest.mark.parametrize("page", Language)
def test_what_is_not_covered_leads_to_the_operators_that_are_in_the_pages_language(
    page: Language, generation: Generation
) -> None:
    html = html_of(not_covered("No guide.", Language.JA), GUIDE, generation, page=page)
    assert links_of(seen_of(html), "inside") == [browse_path(page)]
    assert text("all_operators", Language.JA) in seen_of(html).text


@pytest.mark.parametrize("address", ["https://povo.jp/?a=1&b=2", "https://povo.jp/it's", "https://povo.jp/a_(b)"])
def test_an_operators_address_that_no_guide_explains_is_linked_as_it_is(address: str, generation: Generation) -> None:
    guide = guide_of(BODY, replace(GUIDE, official_url=address))
    page = seen_of(html_of(replace(not_covered(f"See {address}"), operators=("povo",)), guide, generation))
    assert links_of(page, "official") == [address]


@pytest.mark.parametrize("operators", [(), ("rakuten-mobile",), ("linemo", "nobody")])
def test_an_address_of_nobody_that_the_answer_is_about_is_text(operators: tuple[str, ...], generation: Generation) -> None:
    answer = replace(not_covered("See https://povo.jp/ first"), operators=operators)
    page = seen_of(html_of(answer, guide_of(BODY), generation))
    assert links_of(page, "official") == links_of(page, "outside") == []
    assert "See https://povo.jp/ first" in page.text


@pytest.mark.parametrize("page", Language)
def test_every_citation_leads_to_its_place_in_the_whole_guide(page: Language, generation: Generation) -> None:
    guide = guide_of(BODY)
    seen = seen_of(html_of(answer_of(Outcome.ANSWERED, Language.JA, guide), guide, generation, page=page))
    assert links_of(seen, "inside") == [guide_path(page, "povo", "fees")] * 2
    assert seen.text.count(text("whole_guide", Language.JA)) == 2


def test_an_operator_that_the_lexicon_does_not_know_is_called_by_its_key(generation: Generation) -> None:
    page = page_of(BODY, FREE, generation, guide=replace(GUIDE, operator="new-mobile"))
    assert text("official_link", Language.EN).format(operator="new-mobile") in page.text
