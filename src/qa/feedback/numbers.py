"""What a row of digits is, told by its digits and by how they are grouped: a telephone number, a card's, another long number, or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PHONE, CARD, NUMBER = "[phone]", "[card]", "[number]"

_LONG = 10  # digits that neither prices nor dates have
_CARD_DIGITS = range(13, 20)
_ABROAD_DIGITS = range(7, 16)
_FROM_HOME = re.compile(
    r"0[1-9]0\d{8}"  # Japanese mobile and IP lines, 0800
    r"|0[1-9]\d{8}"  # Japanese lines, 0120, 0570; mobile lines of Taiwan
    r"|0[2-8]\d{7}"  # lines of Taiwan
    r"|0[2-9]\d{9,10}"  # lines of China
)
_CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
_HONG_KONG = re.compile(r"[235689]\d{7}")  # Macau too
_NORTH_AMERICA = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
_FROM_ABROAD = re.compile(
    r"(?:00|010)?(?:810?[1-9]\d{8,9}|860?[1-9]\d{8,10}|8860?[2-9]\d{7,8}|85[23][2-9]\d{7}|1[2-9]\d{2}[2-9]\d{6})"
)
_CODE = re.compile(r"(?:00|010)?(?:81|86|886|85[23])|(?:00|010)1")
_CODE_AHEAD = re.compile(r"81|86|85[23]|1[2-9]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_EIGHT = ((8,), (4, 4))
_CARDS = ((4, 6, 5), (4, 6, 4))
_OTHERS = ((2, 6, 6, 1), (2, 3, 5))  # an IMEI, a number to port with
_LEAST_EVEN = 12  # digits in groups of four or five
_CHINESE_GROUPS = (3, 4)  # the shortest group, the last at least


def certain_kind(groups: Sequence[str], written: str, *, priced: bool) -> str:
    """Return the token of the number of known form that groups make up, '' where they make up none.

    Args:
        groups: The digits, by what stands between them.
        written: The same with what stands between them, and with the + before them.
        priced: Whether a currency stands beside them.
    """
    digits, sizes = "".join(groups), tuple(map(len, groups))
    if written.startswith("+"):
        # A number of another length than its country's may have swallowed what stands behind it.
        fits = _FROM_ABROAD.fullmatch(digits) if _CODE_AHEAD.match(digits) else len(digits) in _ABROAD_DIGITS
        return PHONE if fits and _ends_well(sizes) else ""
    if _is_dialled(groups, digits, sizes, written, priced=priced):
        return PHONE
    is_even = _is_even(groups, sizes) and not priced
    if len(digits) in _CARD_DIGITS and (is_even or sizes in _CARDS or (len(groups) == 1 and _has_check_digit(digits))):
        return CARD
    return NUMBER if is_even or sizes in _OTHERS else ""


def likely_kind(groups: Sequence[str], written: str, *, priced: bool) -> str:  # noqa: ARG001 - one signature for both
    """Return the token where groups have as many digits as only a number of a person or thing has, '' where they have fewer."""
    digits = sum(map(len, groups))
    if written.startswith("+"):
        return PHONE if digits in _ABROAD_DIGITS else ""
    is_joined = len(groups) == 1 or len(groups) == digits or not re.search(r"[^0-9-]|--", written)
    return NUMBER if is_joined and digits >= _LONG else ""


def _is_dialled(groups: Sequence[str], digits: str, sizes: tuple[int, ...], written: str, *, priced: bool) -> bool:
    """Whether this is a telephone number without a + before it."""
    if not _ends_well(sizes):
        return False
    if _FROM_HOME.fullmatch(digits) and (sizes[0] > 1 or max(sizes) == 1):
        return True
    if _CHINESE_MOBILE.fullmatch(digits):
        least, last = _CHINESE_GROUPS
        return max(sizes) == 1 or (min(sizes) >= least and sizes[-1] >= last)
    if _FROM_ABROAD.fullmatch(digits) and (len(groups) == 1 or _begins_with_code(groups) or sizes == (1, 3, 3, 4)):
        return True
    if _NORTH_AMERICA.fullmatch(digits) and sizes == (3, 3, 4):
        return bool(re.search(r"[^\d\s]", written))  # else a list of prices
    return bool(_HONG_KONG.fullmatch(digits)) and sizes in _EIGHT and not priced and not all(map(_YEAR.fullmatch, groups))


def _begins_with_code(groups: Sequence[str]) -> bool:
    """Whether a country's code, with what is dialled before it, is apart from the rest."""
    return bool(_CODE.fullmatch(groups[0]) or _CODE.fullmatch(groups[0] + groups[1]))


def _ends_well(sizes: tuple[int, ...]) -> bool:
    """Whether the last group belongs to the number: a single digit behind longer groups is something else."""
    return sizes[-1] > 1 or max(sizes) == 1


def _is_even(groups: Sequence[str], sizes: tuple[int, ...]) -> bool:
    """Whether groups are fours or fives, as numbers are printed on cards, and not a list of years."""
    is_even = len(set(sizes[:-1])) == 1 and sizes[0] in (4, 5) and sizes[-1] <= sizes[0]
    return is_even and sum(sizes) >= _LEAST_EVEN and not all(map(_YEAR.fullmatch, groups))


def _has_check_digit(digits: str) -> bool:
    """Whether the last digit is the one that the others ask for (ISO/IEC 7812-1, Luhn)."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0
