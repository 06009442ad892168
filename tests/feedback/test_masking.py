from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.feedback.masking import mask

PHONES = [
    # Japan
    "09012345678", "090-1234-5678", "090 1234 5678", "090.1234.5678", "０９０－１２３４－５６７８", "090ー1234ー5678", "090 - 1234 - 5678",
    "03-1234-5678", "(03)1234-5678", "（０３）１２３４－５６７８", "03（1234）5678", "0120-111-157", "0120111157", "0800-123-4567", "0570-000-123",
    "0 9 0 1 2 3 4 5 6 7 8", "03 12 34 56 78",
    # with the country's code
    "+81 90 1234 5678", "+81-90-1234-5678", "+81 (0)90-1234-5678", "+(81) 90 1234 5678", "＋８１９０１２３４５６７８", "+819012345678",
    "0081 90 1234 5678", "010-81-90-1234-5678", "81-90-1234-5678", "+81 90 1234 567",
    # China
    "13812345678", "138 1234 5678", "138-1234-5678", "+86 138 1234 5678", "+8613812345678", "86 13812345678", "010-12345678", "0755-12345678",
    "+86 10 1234 5678",
    # Taiwan
    "0912-345-678", "0912345678", "(02) 2345-6789", "037-123-456", "+886 912 345 678", "+886-2-2345-6789",
    # Hong Kong and Macau
    "9123 4567", "91234567", "2345-6789", "+852 9123 4567", "852 9123 4567", "+853 6612 3456",
    # elsewhere
    "+44 20 7946 0958", "+1 (415) 555-1234", "(415) 555-1234", "+977 980-1234567", "+55 11 91234-5678",
]  # fmt: skip
EMAILS = [
    "abc@qq.com", "a.b-c_d+e@mail.example.co.jp", "a..b.@docomo.ne.jp", "ａｂｃ＠ｄｏｃｏｍｏ．ｎｅ．ｊｐ", "abc＠gmail.com", "abc @ qq.com", "ABC@QQ。COM",
    "13812345678@163.com",
]  # fmt: skip
CARDS = [
    "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "４１１１　１１１１　１１１１　１１１１", "378282246310005", "3782 822463 10005",
    "3056 930902 5904", "4222222222222", "6212 3456 7890 1234 567", "1234 5678 9012 3456",
]  # fmt: skip
NUMBERS = [
    "8981100012345678902", "8981 1000 1234 5678 9021 1", "89049032000000000000000012345678", "8904 9032 0000 0000 0000 0000 1234 5678",
    "35-209900-176148-2", "35 209900 176148 2", "352099001761482", "12-345-67890", "12 345 67890", "1234567890", "1234 5678 9012",
    "1 2 3 4 5 6 7 8 9 0 1 2",
]  # fmt: skip
KEPT = [
    "¥1,078", "￥3,300", "3,300円", "１，０７８円", "1078円", "¥2178 3278", "2178 3278 円", "30000000円", "3000 0000日元", "1,000,000,000円", "USD 2178 3278",
    "0 日元", "990/2178", "2,728円/月", "2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "20261122", "2026-11", "22-11-2026",
    "2026-11-22 2026-12-31", "2026-01-02 2026-02-03 2026-03-04 5", "2026-11-22 10:30", "2019-2020", "2024 2025 2026 2027", "2026", "令和8年",
    "povo2.0", "157", "188", "113", "157 188 113 116", "10086", "95588", "iPhone 15", "3GB", "24/365", "5G", "1 2 3 4 5 6 7 8 9 10",
    "me@home", "@povo_official", "180日 90日 30日",
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "token"),
    [
        (number, token)
        for token, numbers in {"[phone]": PHONES, "[e-mail]": EMAILS, "[card]": CARDS, "[number]": NUMBERS}.items()
        for number in numbers
    ],
)
def test_what_tells_who_wrote_is_replaced_whole(number: str, token: str) -> None:
    assert mask(number) == token
    assert mask(f"我的是{number}，怎么销户") == f"我的是{token}，怎么销户"
    assert mask(f"I have ({number}) here") == f"I have ({token}) here"


@pytest.mark.parametrize("text", KEPT)
def test_prices_dates_years_and_names_stay(text: str) -> None:
    assert mask(text) == text
    assert mask(f"povo 的费用是 {text} 吗？") == f"povo 的费用是 {text} 吗？"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("03-1234-5678 3回", "[phone] 3回"),
        ("+81 90-1234-5678 3 回", "[phone] 3 回"),
        ("〒123-4567 03-1234-5678", "〒123-4567 [phone]"),
        ("09012345678/08012345678", "[phone]/[phone]"),
        ("090-1234-5678\n080-8765-4321", "[phone]\n[phone]"),
        ("电话 080 1234 5678 元旦以后打", "电话 [phone] 元旦以后打"),
        ("2026-11-22 に 090-1234-5678 から", "2026-11-22 に [phone] から"),
        ("3,300円 a@b.cn 4111 1111 1111 1111 1,078円", "3,300円 [e-mail] [card] 1,078円"),
        ("id22345678901 と 0901234567890123456789", "id[number] と [number]"),
    ],
)
def test_what_stands_beside_a_number_stays(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_a_token_that_somebody_typed_stays() -> None:
    assert mask("[phone] [e-mail]@example.com [card] [number]") == "[phone] [e-mail]@example.com [card] [number]"


_NUMBERISH = st.text("0123456789０５９ -－ー()（）.+@＠ab円¥,/_年\n", max_size=60)


@given(st.one_of(_NUMBERISH, st.text()))
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(_NUMBERISH)
def test_no_ten_digits_in_a_row_are_left(text: str) -> None:
    assert not re.search(r"\d{10}", mask(text))


@given(
    st.from_regex(r"\A0[789]0\d{8}\Z", fullmatch=True),
    st.sampled_from(["", "-", " ", "－", "ー", "　", "."]),
    st.text("电话は是です的、,，。:：", max_size=8),
    st.text("电话は是です的、,，。:：", max_size=8),
)
def test_a_mobile_number_in_any_writing_leaves_no_digit(digits: str, between: str, before: str, behind: str) -> None:
    number = between.join((digits[:3], digits[3:7], digits[7:]))

    assert mask(f"{before}{number}{behind}") == f"{before}[phone]{behind}"


@given(st.integers(10**11, 10**18 - 1), st.sampled_from(["", " ", "-"]))
def test_thirteen_to_nineteen_digits_with_their_check_digit_are_a_card(number: int, between: str) -> None:
    doubled = "".join(str(2 * int(digit)) if place % 2 == 0 else digit for place, digit in enumerate(reversed(str(number))))
    digits = f"{number}{-sum(map(int, doubled)) % 10}".zfill(13)
    groups = [digits[start : start + 4] for start in range(0, len(digits), 4)]
    assume(not all(re.fullmatch("(19|20)..", group) for group in groups))

    assert mask(between.join(groups)) in ("[card]", "[phone]")


@given(st.integers(0, 999_999_999), st.sampled_from(["¥{}", "{}円", "￥{}", "{} 日元", "{:,}円", "¥{:,}", "{}元"]))
def test_no_price_is_masked(yen: int, form: str) -> None:
    price = form.format(yen)

    assert mask(f"{price} と {price}") == f"{price} と {price}"


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y", "%Y年%m月%d日", "%Y%m%d", "%Y-%m"]),
)
def test_no_date_is_masked(date: dt.date, form: str) -> None:
    written = f"{date:{form}}"

    assert mask(f"{written} {written} {written}") == f"{written} {written} {written}"


@pytest.mark.parametrize("text", ["1 " * 1500, "a" * 3000, "a@" * 1500, "1@a." * 750, "+(1" * 1000, "0-" * 1500, "9" * 3000])
def test_the_longest_texts_are_masked_at_once(text: str) -> None:
    started = time.perf_counter()
    mask(text)

    assert time.perf_counter() - started < 2
