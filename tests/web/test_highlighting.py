from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web.page_html import PageHTML

from qa.answering.citing import without_footnotes
from qa.corpus.guides import read_corpus
from qa.corpus.units import units
from qa.datatypes import Publisher, Source
from qa.web.markdown import to_html

ROOT = Path(__file__).parents[2]
SOURCE = Source("s1", "A page", "https://example.com/a", Publisher.THIRD_PARTY, None)

SECTION = """\
Cancel online。It is free，always.[^s1] Ask *before* you go.[^s1]

- Bring the **card** along.[^s1]
- Bring `1234` or a [form](https://example.com/form) too.

1. Log in.[^s1]
2. Press 「解約」。[^s1]
   Twice, that is.
3. Done.

| operator | card |
|:---|---:|
| povo | no need[^s1] |
| LINEMO | send back |

> Said by povo。

### Later

Last words.
"""


def highlighted(section: str, quote: str) -> PageHTML:
    start = section.index(quote)
    return PageHTML.read(to_html(section, [SOURCE], (start, start + len(quote))))


def squeezed(text: str) -> str:
    """Return text without blanks and the bars of tables: where cells and lines meet is the page's business."""
    return re.sub(r"[\s|]+", "", text)


@pytest.mark.parametrize(
    ("quote", "visible"),
    [
        ("Cancel online。", "Cancel online。"),
        ("It is free，always.[^s1]", "It is free，always."),
        ("Ask *before* you go.[^s1]", "Ask before you go."),
        (
            "Cancel online。It is free，always.[^s1] Ask *before* you go.[^s1]",
            "Cancel online。It is free，always. Ask before you go.",
        ),
        ("- Bring the **card** along.[^s1]", "Bring the card along."),
        ("- Bring the **card** along.[^s1]\n- Bring", "Bring the card along.Bring"),
        ("1. Log in.[^s1]", "Log in."),
        ("2. Press 「解約」。[^s1]\n   Twice, that is.", "Press 「解約」。Twice, that is."),
        (
            "1. Log in.[^s1]\n2. Press 「解約」。[^s1]\n   Twice, that is.\n3. Done.",
            "Log in.Press 「解約」。Twice, that is.Done.",
        ),
        ("| operator | card |", "operatorcard"),
        ("| povo | no need[^s1] |", "povono need"),
        ("| povo | no need[^s1] |\n| LINEMO | send back |", "povono needLINEMOsend back"),
        ("| operator | card |\n|:---|---:|\n| povo | no need[^s1] |", "operatorcardpovono need"),
        ("> Said by povo。", "Said by povo。"),
        ("### Later", "Later"),
        ("Last words.\n", "Last words."),
        ("free，", "free，"),
    ],
)
def test_what_is_highlighted_is_what_the_quote_shows(quote: str, visible: str) -> None:
    assert highlighted(SECTION, quote).marked == visible


def test_highlighting_changes_nothing_but_the_colour() -> None:
    plain = PageHTML.read(to_html(SECTION, [SOURCE]))
    for quote in ("- Bring the **card** along.[^s1]", "1. Log in.", "| povo | no need[^s1] |", "Last words."):
        marked = highlighted(SECTION, quote)
        assert marked.text == plain.text
        assert [tag for tag, _ in marked.tags if tag != "mark"] == [tag for tag, _ in plain.tags]


def test_without_a_quote_nothing_is_highlighted() -> None:
    assert PageHTML.read(to_html(SECTION, [SOURCE])).attributes_of("mark") == []


def test_a_whole_list_item_with_code_in_it_is_highlighted() -> None:
    quote = "- Bring `1234` or a [form](https://example.com/form) too."
    assert highlighted(SECTION, quote).marked == "Bring 1234 or a form too."


@pytest.mark.parametrize("quote", ["**「お客様」を選ぶ。**", "**「番号」** を控える。", "先に**控える。**"])
def test_words_are_bold_beside_full_width_punctuation(quote: str) -> None:
    assert PageHTML.read(to_html(quote, ())).text == quote.replace("**", "")


@pytest.mark.parametrize("quote", ["**「お客様」を選ぶ。**", "**「番号」** を控える。", "先に**控える。**"])
def test_words_stay_bold_beside_full_width_punctuation_when_highlighted(quote: str) -> None:
    assert highlighted(f"{quote}\n", quote).marked == quote.replace("**", "")


WORD = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
SENTENCE = st.lists(st.one_of(WORD, WORD.map("**{}**".format), WORD.map("[{}](https://a.example)".format)), min_size=1).map(
    lambda words: f"{' '.join(words)} end.[^s1]"
)
# How a unit of each kind of block is written, and what stands between two.
BLOCKS = {"paragraph": ("{}", " "), "list": ("- {}", "\n"), "numbered": ("1. {}", "\n"), "table": ("| {} |", "\n")}


@settings(deadline=None)
@given(
    block=st.sampled_from(sorted(BLOCKS)),
    before=st.lists(SENTENCE, max_size=2),
    quoted=st.lists(SENTENCE, min_size=1, max_size=3),
    after=st.lists(SENTENCE, max_size=2),
)
def test_any_run_of_sentences_items_or_rows_is_highlighted_whole(
    block: str, before: list[str], quoted: list[str], after: list[str]
) -> None:
    template, between = BLOCKS[block]
    opening = "Before.\n\n" + ("| x |\n|---|\n" if block == "table" else "")
    opening += "".join(template.format(sentence) + between for sentence in before)
    quote = between.join(template.format(sentence) for sentence in quoted)
    closing = "".join(between + template.format(sentence) for sentence in after) + "\n\nAfter.\n"
    page = PageHTML.read(to_html(opening + quote + closing, [SOURCE], (len(opening), len(opening) + len(quote))))
    visible = re.sub(r"\*\*|\[\^s1\]|\]\([^)]*\)|\[", "", "".join(quoted))
    assert squeezed(page.marked) == squeezed(visible)


def test_in_every_guide_of_the_project_each_unit_is_highlighted_whole() -> None:
    guides, problems = read_corpus(ROOT / "corpus")
    assert not problems
    for guide in guides:
        for section in guide.sections:
            body = guide.text[section.body : section.end]
            for unit in units(guide, section):
                quote = without_footnotes(guide.text[unit.start : unit.end])
                html = to_html(body, guide.sources, (unit.start - section.body, unit.end - section.body))
                assert squeezed(PageHTML.read(html).marked) == squeezed(PageHTML.read(to_html(quote, ())).text), quote
