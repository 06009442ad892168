"""The figures that a text states: amounts, dates, times and other numbers, written alike whatever the language."""

from __future__ import annotations

import calendar
import re
import unicodedata

from qa.corpus.search_text import FOOTNOTE

_MONTHS = calendar.month_name[1:]
_MONTH = f"(?P<name>{'|'.join(f'{name}|{name[:3]}' for name in _MONTHS)})" + r"\b\.?"
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WORD = f"(?P<word>{'|'.join(f'{word}|{word.capitalize()}' for word in _WORDS)}|[一二两三四五六七八九]|十(?! ?分))"
_SCALES = {"万": 10_000, "million": 1_000_000}
_LIST_NUMBER = re.compile(r"^[ \t]*\d+\.[ \t]", re.MULTILINE)
# A single digit or a number in words is a figure with one of these behind it: 「1本の記事」 is "an article" elsewhere.
_UNIT = r"(?= ?-?(?:年|[个かヶカヵケ]月|月|[周週]|天|日|小[时時]|時間|分(?!之)|円|yen|%|GB|(?:year|month|week|day|hour|minute)s?\b))"
# Dates first, from the fullest to the barest, and times; then numbers.
_FIGURES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?![\d-])",
        r"(?<!\d)(?P<year>(?:19|20)\d\d) ?年(?: ?(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?[日号])?)?",
        rf"\b(?P<day>\d{{1,2}}) {_MONTH} (?P<year>(?:19|20)\d\d)\b",
        rf"\b{_MONTH} (?:(?P<day>\d{{1,2}}), )?(?P<year>(?:19|20)\d\d)\b",
        r"(?<!\d)(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]",
        rf"\b(?P<day>\d{{1,2}}) {_MONTH}",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})\b",
        r"(?<!\d)(?P<month>\d{1,2}) ?月(?!额)",
        rf"\b(?:in|since|from|until|before|after|of|by|to|and|on|every|each) {_MONTH}",
        r"(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?: ?(?P<half>[aApP])\.?[mM]\b\.?)?",
        r"(?<!\d)(?P<hour>\d{1,2}) ?(?P<half>[aApP])\.?[mM]\b\.?",
        (
            r"(?:(?P<before>午前|午後|上午|下午|晚上) ?)?(?<![\d.])(?<![这の])(?<!以下)(?<![这の] )(?<!以下 )"
            r"(?P<hour>\d{1,2}) ?(?:点|[時时](?![間间]))(?: ?(?P<minute>\d{1,2}) ?分)?"
        ),
        rf"(?P<number>\d+(?:,\d{{3}})+|\d+\.\d+|\d{{2,}}|\d{_UNIT}|\d(?= ?(?:万|million)))(?: ?(?P<scale>万|million))?",
        rf"(?<![第不一二两三四五六七八九十百千之])(?<!\w-)(?<![A-Za-z]){_WORD}{_UNIT}",
    )
)


def figures(text: str) -> frozenset[str]:
    """Return the figures of text: dates as 2026-06-06, 2026-06, 2026, --06-06 or --06, times as 21:00, numbers without separators.

    Footnote marks and the numbers of list items are none, nor are small counts of things. 1 is left out: English says "a month" for it,
    and where another number should stand, that one is missing.
    """
    rest = unicodedata.normalize("NFKC", _LIST_NUMBER.sub("", FOOTNOTE.sub("", text)))
    found: set[str] = set()
    for pattern in _FIGURES:
        found.update(_figure(match.groupdict("")) for match in pattern.finditer(rest))
        rest = pattern.sub(" ; ", rest)
    return frozenset(found - {"1"})


def _figure(groups: dict[str, str]) -> str:
    if word := groups.get("word"):
        return str(_WORDS.index(word.lower()) + 1 if word.lower() in _WORDS else "一二三四五六七八九十".find(word) + 1 or 2)
    if number := groups.get("number"):
        value, scale = number.replace(",", ""), groups["scale"]
        return f"{float(value) * _SCALES[scale]:.0f}" if scale else value
    if hour := groups.get("hour"):
        is_afternoon = groups.get("half", "").lower() == "p" or groups.get("before") in ("午後", "下午", "晚上")
        is_of_twelve = groups.get("half") or groups.get("before")
        return f"{int(hour) % 12 + 12 * is_afternoon if is_of_twelve else int(hour)}:{int(groups.get('minute') or 0):02}"
    name = groups.get("name", "")[:3]
    month = [full[:3] for full in _MONTHS].index(name) + 1 if name else groups.get("month")
    return "-".join([groups.get("year") or "-", *(f"{int(part):02}" for part in (month, groups.get("day")) if part)])
