from __future__ import annotations

import calendar
import datetime as dt
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.figures import figures


class Fact(NamedTuple):
    """One sentence in three languages, and the figure that it states; None where it states none."""

    zh: str
    ja: str
    en: str
    figure: str | None


UNITS = (
    ("天", "日", "days"),
    ("个月", "か月", "months"),
    ("年", "年", "years"),
    ("周", "週間", "weeks"),
    ("小时", "時間", "hours"),
    ("分钟", "分", "minutes"),
    ("日元", "円", "yen"),
    ("%", "%", "%"),
    ("GB", "GB", "GB"),
)
WORDS = (("两", "two", 2), ("三", "three", 3), ("四", "four", 4), ("八", "eight", 8), ("十", "ten", 10))
WRITTEN_DATES: tuple[str, ...] = ("{y}-{m:02}-{d:02}", "{y} 年 {m} 月 {d} 日", "{y}年{m}月{d}日", "{y} 年 {m} 月 {d} 号")
WRITTEN_DATES += ("{d} {name} {y}", "{name} {d}, {y}", "{d} {short} {y}", "{short} {d}, {y}", "{d} {short}. {y}")


def date_fact(date: dt.date) -> Fact:
    y, m, d, name = date.year, date.month, date.day, calendar.month_name[date.month]
    return Fact(f"{y} 年 {m} 月 {d} 日停机。", f"{y}年{m}月{d}日に止まる。", f"It ends on {d} {name} {y}.", f"{date}")


def month_fact(date: dt.date) -> Fact:
    y, m, name = date.year, date.month, calendar.month_name[date.month]
    return Fact(f"从 {y} 年 {m} 月起。", f"{y}年{m}月から。", f"From {name} {y}.", f"{y}-{m:02}")


def day_fact(date: dt.date) -> Fact:
    m, d, name = date.month, date.day, calendar.month_name[date.month]
    return Fact(f"每年 {m} 月 {d} 日。", f"毎年{m}月{d}日。", f"Every year on {d} {name}.", f"--{m:02}-{d:02}")


def yearly_fact(month: int) -> Fact:
    return Fact(f"每年 {month} 月。", f"毎年{month}月。", f"Every year in {calendar.month_name[month]}.", f"--{month:02}")


def amount_fact(yen: int) -> Fact:
    return Fact(f"收 {yen:,} 日元。", f"{yen}円かかる。", f"It costs {yen:,} yen.", f"{yen}")


def ten_thousands_fact(count: int) -> Fact:
    yen = count * 10_000
    return Fact(f"约 {count} 万日元。", f"約{count}万円。", f"About {yen:,} yen.", f"{yen}")


def counted_fact(number: int, unit: tuple[str, str, str]) -> Fact:
    zh, ja, en = unit
    return Fact(f"要 {number} {zh}。", f"{number}{ja}かかる。", f"It takes {number} {en}.", f"{number}" if number > 1 else None)


def nothing_fact(number: int) -> Fact:
    return Fact(f"看第 {number % 9} 条。[^s{number}]", f"第{number % 9}の条。[^s{number}]", f"See [^s{number}].", None)


DATES = st.dates(dt.date(1985, 1, 1), dt.date(2035, 12, 31))
FACTS = st.one_of(
    DATES.map(date_fact),
    DATES.map(month_fact),
    DATES.map(day_fact),
    st.integers(1, 12).map(yearly_fact),
    st.integers(10, 9_999_999).map(amount_fact),
    st.integers(2, 99).map(ten_thousands_fact),
    st.builds(counted_fact, st.integers(1, 99), st.sampled_from(UNITS)),
    st.integers(1, 99).map(nothing_fact),
)


@given(st.lists(FACTS, max_size=6))
def test_the_same_sentences_state_the_same_figures_in_every_language(facts: list[Fact]) -> None:
    stated = frozenset(fact.figure for fact in facts if fact.figure)
    assert figures("".join(fact.zh for fact in facts)) == stated
    assert figures("".join(fact.ja for fact in facts)) == stated
    assert figures(" ".join(fact.en for fact in facts)) == stated


@given(st.lists(FACTS, min_size=1, max_size=6))
def test_a_list_states_what_its_items_state(facts: list[Fact]) -> None:
    numbered = "\n".join(f"{number}. {fact.ja}" for number, fact in enumerate(facts, 11))
    assert figures(numbered) == figures("\n".join(f"- {fact.zh}" for fact in facts))


@given(DATES)
def test_a_date_is_the_same_in_every_notation(date: dt.date) -> None:
    name = calendar.month_name[date.month]
    written = [each.format(y=date.year, m=date.month, d=date.day, name=name, short=name[:3]) for each in WRITTEN_DATES]
    assert {figures(f"a {text} b") for text in written} == {frozenset({date.isoformat()})}


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_is_the_same_in_every_language(hour: int, minute: int) -> None:
    half = f"{hour % 12 or 12}:{minute:02} {'p' if hour > 11 else 'a'}.m."
    written = [
        f"{hour}:{minute:02} 开门。",
        f"{hour} 点 {minute} 分开门。",
        f"{hour}時{minute}分に開く。",
        f"It opens at {hour}:{minute:02}.",
        f"It opens at {half}",
    ]
    assert {figures(text) for text in written} == {frozenset({f"{hour}:{minute:02}"})}


@pytest.mark.parametrize("text", ["21 点以后", "21時以降", "after 21:00", "after 9 p.m."])
def test_a_full_hour_is_a_time(text: str) -> None:
    assert figures(text) == {"21:00"}


@pytest.mark.parametrize("text", ["24 小时", "24時間", "24 hours", "2.0 点击"])
def test_a_length_of_time_is_none(text: str) -> None:
    assert not any(":" in figure for figure in figures(text))


@pytest.mark.parametrize("text", ["6 月底", "6月末", "at the end of June"])
def test_the_end_of_a_month_names_the_month(text: str) -> None:
    assert figures(text) == {"--06"}


@pytest.mark.parametrize(("zh", "en", "number"), WORDS)
def test_a_number_in_words_is_a_figure_where_a_unit_follows(zh: str, en: str, number: int) -> None:
    stated = {f"{number}"}
    assert figures(f"{zh}个月") == figures(f"{en} months") == figures(f"{number}か月") == figures(f"{en}-month term") == stated
    assert figures(f"{zh}种办法") == figures(f"{en} ways") == frozenset()


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        pytest.param("1,078 日元 1078円 １，０７８円", {"1078"}, id="separators and full width"),
        pytest.param("1,234,567 yen", {"1234567"}, id="two separators"),
        pytest.param("14.6% 0.5 GB", {"14.6", "0.5"}, id="fractions"),
        pytest.param("1.5 万日元 15,000 yen", {"15000"}, id="a fraction of ten thousand"),
        pytest.param("200 万日元 2 million yen 2,000,000円", {"2000000"}, id="millions"),
        pytest.param("1万円 10,000 yen", {"10000"}, id="one ten thousand"),
        pytest.param("0 日元 0円 0 yen", {"0"}, id="nothing"),
        pytest.param("2026 年 in 2026", {"2026"}, id="a year"),
        pytest.param("2026-06 2026年6月 June 2026 Jun 2026", {"2026-06"}, id="a month of a year"),
        pytest.param("6 月 6 日 6月6号 6 June June 6", {"--06-06"}, id="a day of any year"),
        pytest.param("on June 6", {"--06-06"}, id="an American day of any year"),
        pytest.param("6 月起 since June each June", {"--06"}, id="a month of any year"),
        pytest.param("从 5 月 1 日至 6 月 2 日", {"--05-01", "--06-02"}, id="a span"),
        pytest.param("It may take a while. March on.", set[str](), id="words that only look like months"),
        pytest.param("2 月额", {"2"}, id="a number of monthly fees is no month"),
        pytest.param("1 个月 1年 1 day one week 一天", set[str](), id="one"),
        pytest.param("1. 甲\n  2. 乙\n30. 丙", set[str](), id="numbers of list items"),
        pytest.param("甲[^s12][^30]乙", set[str](), id="footnotes"),
        pytest.param("2本の記事 3 家 5 people", set[str](), id="small counts of things"),
        pytest.param("12 家 12社 12 operators", {"12"}, id="greater counts of things"),
        pytest.param("第三天 不三天 x-two days someone day", set[str](), id="ordinals and parts of words"),
        pytest.param("4G 5G", set[str](), id="networks"),
    ],
)
def test_figures_are_written_alike(text: str, stated: set[str]) -> None:
    assert figures(text) == stated


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("and may change", set()),
        ("十分重要，十分に", set()),
        ("以下 3 点、次の3点", set()),
        ("十二个月，二十天", set()),
        ("四分之一", set()),
        ("午後9時から", {"21:00"}),
        ("下午 5 点前", {"17:00"}),
        ("午前0時", {"0:00"}),
    ],
)
def test_what_only_looks_like_a_figure_is_none(text: str, stated: set[str]) -> None:
    assert figures(text) == stated
