from __future__ import annotations

from dataclasses import replace
from itertools import product
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.page_html import PageHTML
from web.rendered import (
    BODY,
    GUIDE,
    answer_of,
    classes_of,
    guide_of,
    holding,
    html_of,
    links_of,
    not_covered,
    payload_of,
    seen_of,
)

from qa.datatypes import Language, Outcome
from qa.index.generation import Generation
from qa.web.chat.plain import plain_answer
from qa.web.feedback import Given
from qa.web.texts import text

EVERY_KIND = list(product(Outcome, Language))


@pytest.mark.parametrize(
    ("outcome", "verdicts"),
    [
        (Outcome.ANSWERED, ["helpful", "wrong", "outdated"]),
        (Outcome.RELATED, ["helpful", "wrong", "missing"]),
        (Outcome.NOT_COVERED, ["missing"]),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_what_can_be_said_of_an_answer_follows_its_outcome(
    outcome: Outcome, verdicts: list[str], language: Language, generation: Generation
) -> None:
    guide = guide_of(BODY)
    answer = answer_of(outcome, language, guide)
    page = seen_of(html_of(answer, guide, generation))
    assert classes_of(page, "button") == ["copy", *(f"verdict {verdict}" for verdict in verdicts)]
    assert page.text.endswith("".join(text(f"feedback_{verdict}", language) for verdict in verdicts))
    without = seen_of(html_of(answer, guide, generation, feedback=False))
    assert classes_of(without, "button") == ["copy"]
    assert {each["type"] for each in page.attributes_of("button")} == {"button"}


@pytest.mark.parametrize(("outcome", "language"), EVERY_KIND)
def test_the_feedback_on_an_answer_is_taken_as_the_page_sends_it(
    outcome: Outcome, language: Language, generation: Generation
) -> None:
    guide = guide_of(BODY)
    html = html_of(answer_of(outcome, language, guide), guide, generation)
    verdicts = [each.split()[1] for each in classes_of(PageHTML.read(html), "button") if each.startswith("verdict ")]
    for verdict in verdicts:
        assert (
            Given.model_validate_json(Given(**payload_of(html)["about"], verdict=verdict).model_dump_json()).verdict == verdict
        )


@pytest.mark.parametrize(("outcome", "language"), EVERY_KIND)
def test_the_payload_says_what_the_answer_is(outcome: Outcome, language: Language, generation: Generation) -> None:
    guide = guide_of(BODY)
    answer = answer_of(outcome, language, guide)
    assert payload_of(html_of(answer, guide, generation)) == {
        "about": {
            "question": answer.asked,
            "outcome": str(outcome),
            "sections": [citation.section_id for citation in answer.citations],
            "operators": list(answer.operators),
            "generation": answer.generation,
            "language": str(language),
        },
        "plain": plain_answer(answer, holding(generation, guide)),
    }


@settings(deadline=None)
@given(
    asked=st.one_of(
        st.text(min_size=1), st.sampled_from(['</div><b>"&amp;', "1+1=2&b=#?", "a\\n'\"\\", "povo ％？", "<!--", "&#60;"])
    )
)
def test_a_question_comes_back_as_it_was_asked_from_the_payload_and_from_the_link(asked: str, generation: Generation) -> None:
    html = html_of(replace(not_covered("No guide."), asked=asked), GUIDE, generation, page=Language.ZH_HANT)
    page = PageHTML.read(html)
    assert (page.strays, page.open_tags) == ([], [])
    assert payload_of(html)["about"]["question"] == asked
    (again,) = links_of(page, "again")
    assert again.isascii()
    assert urlsplit(again).path == "/zh-Hant/"
    assert parse_qs(urlsplit(again).query, strict_parsing=True) == {"q": [asked]}
    assert not urlsplit(again).fragment


@pytest.mark.parametrize("page", Language)
def test_the_link_to_a_question_opens_it_in_the_pages_language(page: Language, generation: Generation) -> None:
    html = html_of(not_covered("資料がありません。", Language.JA), GUIDE, generation, page=page)
    assert links_of(seen_of(html), "again") == [f"/{page}/?q=Is%20it%20free%3F"]
