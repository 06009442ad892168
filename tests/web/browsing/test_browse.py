from __future__ import annotations

import re
from datetime import date
from html import unescape
from itertools import combinations

import pytest
from web.browse_corpus import OPERATORS, browse_settings
from web.page_html import PageHTML

from qa.answering.reader import for_reader
from qa.corpus.comparison_rows import rows_of, tell
from qa.corpus.comparison_wording import WORDING
from qa.datatypes import GUIDE_LANGUAGES, Language
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.web.browsing.browse import COLUMNS, browse_page
from qa.web.browsing.operator_choice import OperatorChoice
from qa.web.languages import guide_path
from qa.web.texts import text

TODAY = date(2026, 11, 23)
each_language = pytest.mark.parametrize("language", Language)


@pytest.fixture(scope="module")
def browsed(tmp_path_factory: pytest.TempPathFactory, cache: object, embedder: Embedder) -> Generation:
    """Return the generation of the guides with something to compare."""
    settings = browse_settings(tmp_path_factory.mktemp("browse"), cache, embedder)  # type: ignore[arg-type]
    return Generation.open_current(settings.index)


def page(generation: Generation, language: Language = Language.ZH_HANS, **asked: str) -> str:
    """Return the page that an address asks for."""
    return browse_page(generation, language, OperatorChoice.from_query(asked), TODAY)


def lines(html: str) -> dict[str, str]:
    """Return the HTML of the operators' rows, by the address that the name leads to, in order."""
    body = html.partition("<tbody")[2].partition("</tbody>")[0]
    return {re.findall(r'href="([^"]+)"', row)[0]: row for row in body.split("<tr ")[1:]}


def cells(row: str) -> dict[str, str]:
    """Return the HTML of a row's cells, by column."""
    return {re.findall(r'class="(\w+) ', cell)[0]: cell for cell in row.split("<td ")[1:]}


def words(html: str) -> str:
    """Return the text of a piece of HTML, in one line."""
    return " ".join(PageHTML.read(html[html.index(">") + 1 :] if html[0] != "<" else html).text.split())


@each_language
def test_every_operator_has_a_row_that_opens_its_guide(browsed: Generation, language: Language) -> None:
    rows = lines(page(browsed, language))
    assert list(rows) == [
        *(guide_path(language, operator) for operator in OPERATORS[:3]),
        *(guide_path(language, "others", operator) for operator in OPERATORS[3:]),
    ]
    for operator, row in zip(OPERATORS, rows.values(), strict=True):
        name = browsed.lexicon.operators[operator].name(language)
        assert words(row).startswith(for_reader(name, language.of_guides, language))


@each_language
def test_a_cell_says_what_the_comparison_says(browsed: Generation, language: Language) -> None:
    wording = WORDING[language.of_guides]
    shown = lines(page(browsed, language)).values()
    rows = rows_of(tuple(browsed.guides.values()), browsed.lexicon, language.of_guides)
    for row, html in zip(rows, shown, strict=True):
        assert list(cells(html)) == list(COLUMNS)
        for key, cell in cells(html).items():
            told = tell(row.profile.compared[key], wording.columns[key], wording)
            assert for_reader(told.value, language.of_guides, language) in words(cell)
            assert for_reader(told.confidence, language.of_guides, language) in words(cell)
            assert for_reader(told.date, language.of_guides, language) in words(cell)


def test_a_cell_leads_to_the_section_about_it_where_that_has_facts(browsed: Generation) -> None:
    povo, linemo, _, hana, _ = (cells(row) for row in lines(page(browsed)).values())
    assert 'href="/zh-Hans/guides/povo#fees"' in povo["cost"]
    assert "href" not in povo["abroad"]
    assert "href" not in linemo["last_month"]
    assert 'href="/zh-Hans/guides/others#hana"' in hana["cost"]


def test_what_is_hardly_more_than_a_guess_is_marked_and_said(browsed: Generation) -> None:
    povo = cells(next(iter(lines(page(browsed)).values())))
    assert '<span class="unsure">可信度低</span>' in povo["sim"]
    assert "unsure" not in povo["online"]


def test_a_date_of_long_ago_says_so_and_a_newer_one_does_not(browsed: Generation) -> None:
    povo = cells(next(iter(lines(page(browsed, Language.EN)).values())))
    assert "2001-12-14 (1+ years old)" in words(povo["sim"])
    assert "years" not in words(povo["online"])


def test_an_operator_that_takes_no_new_customers_says_so(browsed: Generation) -> None:
    povo, linemo, *_ = lines(page(browsed, Language.EN)).values()
    assert "closed to new customers" in linemo
    assert "new customers" not in povo


def test_the_form_shows_what_was_asked_for(browsed: Generation) -> None:
    html = page(browsed, name='"><b>povo', online="yes", sort="cost")
    fields = PageHTML.read(html)
    (name,) = fields.attributes_of("input")
    assert name["value"] == '"><b>povo'
    chosen = [option["value"] for option in fields.attributes_of("option") if "selected" in option]
    assert chosen == ["yes", "", "", "", "cost"]


def test_only_what_some_operator_has_can_be_chosen_unless_it_was(browsed: Generation) -> None:
    assert text("browse_abroad_no", Language.EN) not in unescape(page(browsed, Language.EN))
    assert text("browse_abroad_no", Language.EN) in unescape(page(browsed, Language.EN, abroad="no"))


def test_the_number_of_matches_is_announced(browsed: Generation) -> None:
    def status(**asked: str) -> str:
        return page(browsed, Language.EN, **asked).partition('role="status">')[2].partition("<")[0]

    assert status() == "5 operators"
    assert status(sort="cost") == "5 operators"
    assert status(online="unknown") == "2 of 5 operators"
    assert status(name="nothing") == "0 of 5 operators"


@each_language
def test_where_nothing_matches_there_is_a_way_back(browsed: Generation, language: Language) -> None:
    html = page(browsed, language, name="nothing")
    assert "<table" not in html
    none = html.partition('class="none"')[2].partition("</div>")[0]
    assert text("browse_none", language) in none
    assert f'href="/{language}/operators"' in none


def test_the_choice_stays_in_the_other_languages(browsed: Generation) -> None:
    html = page(browsed, Language.EN, online="yes", name="楽天")
    links = [link["href"] for link in PageHTML.read(html).attributes_of("a") if link.get("hreflang")]
    assert links == [f"/{language}/operators?name=%E6%A5%BD%E5%A4%A9&online=yes" for language in Language]


def test_topics_are_listed_in_the_nearest_language_which_is_said(browsed: Generation) -> None:
    def topics(language: Language) -> list[tuple[str, str]]:
        listed = page(browsed, language).partition('class="topics"')[2]
        return re.findall(r'<li><a href="[^"]+" lang="([^"]+)">([^<]+)</a>', listed)

    assert topics(Language.ZH_HANS) == [("zh-Hans", "携号转网：号码怎么带走"), ("zh-Hans", "其他小公司")]
    assert topics(Language.ZH_HANT)[0] == ("zh-Hant", "號碼可攜：號碼怎麼帶走")
    assert topics(Language.JA) == [("ja", "番号の持ち運び"), ("zh-Hans", "其他小公司")]
    assert topics(Language.EN)[0] == ("zh-Hans", "携号转网：号码怎么带走")


def ours(html: str) -> set[str]:
    """Return the visible texts of a page, and those that are only heard, without names, languages, numbers and topics' titles."""
    said = re.findall(r'(?:aria-label|name="description" content)="([^"]+)"', html)
    names = r'<nav class="languages".*?</nav>|<section class="topics".*?</section>|<th role="rowheader".*?</th>'
    shown = re.sub(names, "", html, flags=re.DOTALL)
    pieces = [*said, *PageHTML.read(shown).text.split("\n")]
    pieces = [re.sub(r"[\d\-,]+", "", piece).strip() for piece in pieces]
    heading = html.partition('id="page_topics">')[2].partition("<")[0]
    return {piece for piece in (*pieces, heading) if re.search(r"\w", piece)}


def test_every_visible_text_changes_with_the_language(browsed: Generation) -> None:
    said = {language: ours(page(browsed, language)) for language in GUIDE_LANGUAGES}
    assert all(said.values())
    for one, other in combinations(GUIDE_LANGUAGES, 2):
        assert said[one] & said[other] == set()


def test_traditional_characters_are_converted_throughout_and_marked_once(browsed: Generation) -> None:
    traditional = ours(page(browsed, Language.ZH_HANT))
    marked = text("converted", Language.ZH_HANT)
    expected = {for_reader(piece, Language.ZH_HANS, Language.ZH_HANT) for piece in ours(page(browsed))}
    assert traditional - expected == {marked}
    assert page(browsed, Language.ZH_HANT).count(marked) == 1
