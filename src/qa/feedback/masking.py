"""Take out of a text what would tell who wrote it: telephone numbers, e-mail addresses, card numbers and other long numbers.

It can't see names, street addresses, or numbers written in words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from qa.feedback.numbers import certain_kind, likely_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EMAIL = "[e-mail]"

_DASHES = "‐‑‒–—―−﹣ー─━ｰ"
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+'&~-])[A-Za-z0-9._%+'&~-]+\s?@\s?[A-Za-z0-9-]+(?:[.。][A-Za-z0-9-]+)+",
)
_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_DATE_OR_SUM = re.compile(
    # Neither inside a longer number nor joined to one.
    rf"(?<![0-9])(?<![0-9][-.])(?:{_YEAR}([-./]){_MONTH}(?:\1{_DAY})?|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    rf"|{_DAY}([-./]){_DAY}\2{_YEAR}|[0-9]{{1,3}}(?:,[0-9]{{3}})+)(?![0-9]|[-.][0-9])"
)
# Digits with what stands between the digits of one number.
_RUN = re.compile(r"(?:\+\s?\(?)?[0-9](?:[\s().\-_]{0,3}[0-9])*")
_GROUP = re.compile("[0-9]+")
_PRICE_BEFORE = re.compile(r"(?:[¥$€£]|JPY|RMB|HKD|TWD|USD)\s?\Z", re.IGNORECASE)
_PRICE_AFTER = re.compile(r"\s?(?:日?[元円圓圆]|块|塊|日[币幣]|ドル|yen|jpy|rmb|hkd|twd|usd)", re.IGNORECASE)
_MOST_GROUPS = 32  # of one number: an EID has as many digits


def mask(text: str) -> str:
    """Return text with [phone], [e-mail], [card] and [number] in place of what could tell who wrote it.

    Masking a second time changes nothing. Prices, dates, years, short codes like 157 and names like povo2.0 stay.
    """
    # What is left of a run of digits may be a number by itself: as long as anything is found, there may be more.
    while (masked := _masked_once(text)) != text:
        text = masked
    return text


def _masked_once(text: str) -> str:
    plain = "".join(map(_plain, text))
    emails = [(*match.span(), EMAIL) for match in _EMAIL.finditer(plain)]
    text, plain = _replaced(text, emails), _replaced(plain, emails)
    plain = _DATE_OR_SUM.sub(lambda found: "d" * len(found[0]), plain)
    return _replaced(text, [found for run in _RUN.finditer(plain) for found in _numbers(run, plain)])


def _plain(character: str) -> str:
    """Return the ASCII character that this one is a variant of, else itself: one for one, so that offsets stay."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in _DASHES:
        return "-"
    if ord(character) in _FULL_WIDTH:
        return chr(ord(character) - _FULL_WIDTH.start + ord("!"))
    return "¥" if character == "￥" else character


def _replaced(text: str, found: Sequence[tuple[int, int, str]]) -> str:
    """Return text with the token of each of found (start, end, token; ascending) in its place."""
    for start, end, token in reversed(found):
        text = text[:start] + token + text[end:]
    return text


def _numbers(run: re.Match[str], plain: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and token of the numbers in a run of digits."""
    groups = list(_GROUP.finditer(plain, *run.span()))
    priced = bool(_PRICE_BEFORE.search(plain, max(run.start() - 5, 0), run.start()) or _PRICE_AFTER.match(plain, run.end()))
    first = 0
    while first < len(groups):
        found = _longest(groups[first:], run.start() if first == 0 else groups[first].start(), plain, priced=priced)
        if found is None:
            first += 1
            continue
        count, start, token = found
        yield start, groups[first + count - 1].end(), token
        first += count


def _longest(groups: Sequence[re.Match[str]], start: int, plain: str, *, priced: bool) -> tuple[int, int, str] | None:
    """Return how many of groups, from the first, make up a number, where it starts, and its token.

    A number of a known form counts before a longer one that merely has many digits.
    """
    for kind in (certain_kind, likely_kind):
        for count in range(min(_MOST_GROUPS, len(groups)), 0, -1):
            written = plain[start : groups[count - 1].end()]
            if token := kind([group[0] for group in groups[:count]], written, priced=priced):
                opens = plain[max(start - 1, 0)] == "(" and ")" in written and "(" not in written
                return count, start - opens, token
    return None
