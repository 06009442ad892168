from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from qa.corpus.hosts import Hosts, host_of, read_hosts, safe_address
from qa.datatypes import Publisher
from qa.errors import CorpusError

HOSTS = Hosts(
    operators={"docomo": ("docomo.ne.jp", "ntt.com"), "ahamo": ("ahamo.com", "docomo.ne.jp"), "au": ("au.com",)},
    official=("go.jp", "city.osaka.lg.jp"),
    http_only=("old.example.com",),
)


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://docomo.ne.jp/a", Publisher.OPERATOR),
        ("https://www.docomo.ne.jp/a", Publisher.OPERATOR),
        ("https://faq.mobile.ntt.com/", Publisher.OPERATOR),
        ("https://WWW.AU.COM:443/x", Publisher.OPERATOR),
        ("https://soumu.go.jp/menu", Publisher.OFFICIAL),
        ("https://www.city.osaka.lg.jp/x", Publisher.OFFICIAL),
        ("https://lg.jp/x", Publisher.THIRD_PARTY),
        ("https://evildocomo.ne.jp/a", Publisher.THIRD_PARTY),
        ("https://docomo.ne.jp.example.com/a", Publisher.THIRD_PARTY),
        ("https://example.com/docomo.ne.jp", Publisher.THIRD_PARTY),
        ("https://example.com/?u=https://au.com", Publisher.THIRD_PARTY),
        ("https://au.com@example.com/", Publisher.THIRD_PARTY),
        ("https://[au.com", Publisher.THIRD_PARTY),
    ],
)
def test_a_host_stands_for_itself_and_for_the_hosts_below_it(url: str, publisher: Publisher) -> None:
    assert HOSTS.publisher(url) is publisher


@pytest.mark.parametrize(
    ("operator", "publisher"),
    [("docomo", Publisher.OPERATOR), ("ahamo", Publisher.OPERATOR), ("au", Publisher.THIRD_PARTY)],
)
def test_to_the_guide_of_one_operator_the_pages_of_the_others_are_a_third_partys(operator: str, publisher: Publisher) -> None:
    assert HOSTS.publisher("https://www.docomo.ne.jp/a", operator) is publisher


def test_an_operator_that_has_no_hosts_has_no_pages_of_its_own() -> None:
    assert HOSTS.publisher("https://www.docomo.ne.jp/a", "povo") is Publisher.THIRD_PARTY
    assert HOSTS.publisher("https://www.soumu.go.jp/a", "povo") is Publisher.OFFICIAL


@pytest.mark.parametrize(
    ("url", "is_http_only"),
    [("http://www.old.example.com/a", True), ("http://old.example.com", True), ("http://example.com/a", False)],
)
def test_hosts_that_answer_only_at_http_are_known(url: str, is_http_only: bool) -> None:
    assert HOSTS.is_http_only(url) is is_http_only


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.povo.jp/help", "povo.jp"),
        ("https://support.mobal.com/a?b#c", "support.mobal.com"),
        ("http://example.org:8080/x", "example.org"),
        ("not an address", "not an address"),
        ("https://www.docomo.ne.jp@evil.example/", "evil.example"),
        ("https://evil.example\\@docomo.ne.jp/", "evil.example"),
        ("https://日本語.jp/x", "xn--wgv71a119e.jp"),
        ("https://d\u043ec\u043em\u043e.ne.jp/", "xn--dcm-sedbb.ne.jp"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_a_page_is_named_by_its_host(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "address", "where"),
    [
        ("https://www.povo.jp/a?b=1&c=2#d", "https://www.povo.jp/a?b=1&c=2#d", "povo.jp"),
        ("http://povo.jp", "http://povo.jp", "povo.jp"),
        ("https://POVO.jp:8443/A", "https://povo.jp:8443/A", "povo.jp:8443"),
        ("https://日本語.jp/解约", "https://xn--wgv71a119e.jp/解约", "xn--wgv71a119e.jp"),
        ("https://povo.jp。evil.example/", "https://povo.jp.evil.example/", "povo.jp.evil.example"),
        ("https://evil.example/?https://povo.jp@", "https://evil.example/?https://povo.jp@", "evil.example"),
    ],
)
def test_an_address_leads_where_it_is_shown_to_lead(url: str, address: str, where: str) -> None:
    assert safe_address(url) == (address, where)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.docomo.ne.jp@evil.example/",
        "https://docomo.ne.jp:x@evil.example/",
        "https://evil.example\\@docomo.ne.jp/",
        "https://docomo.ne.jp\\.evil.example/",
        "https://docomo.ne.jp\t.evil.example/",
        "https://docomo.ne.jp/ evil",
        "https://docomo.ne.jp/\u202egpj.evil",
        "https://docomo\u200b.ne.jp/",
        "https://docomo.ne.jp%2eevil.example/",
        "https://docomo.ne.jp／.evil.example/",
        "https://docomo.ne.jp./",
        "https://docomo/",
        "https:docomo.ne.jp",
        "https:/docomo.ne.jp",
        "https:///docomo.ne.jp",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::1",
        "https://docomo.ne.jp:99999/",
        "HTTPS://docomo.ne.jp/",
        " https://docomo.ne.jp/",
        "//docomo.ne.jp/",
        "javascript://docomo.ne.jp/%0aalert(1)",
        "data:text/html,x",
        "",
    ],
)
def test_what_could_be_taken_for_another_host_is_no_address(url: str) -> None:
    assert safe_address(url) is None


@given(rest=st.text(st.sampled_from("ab.jp:@/\\?#%[]-_。．／\u200b\u202e\t ß0１"), max_size=20))
def test_an_address_holds_the_host_that_is_shown_right_behind_its_slashes(rest: str) -> None:
    if safe := safe_address(f"https://{rest}"):
        address, where = safe
        assert address.removeprefix("https://").removeprefix("www.").startswith(where)
        assert address.removeprefix("https://").removeprefix("www.")[len(where) :][:1] in ("", "/", "?", "#")
        assert host_of(address) == where.partition(":")[0]
        assert safe_address(address) == safe


def test_hosts_are_read_from_their_file(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("operators:\n  au: [au.com]\nofficial: [go.jp]\nhttp_only: [a.jp]\n", "utf-8")
    assert read_hosts(tmp_path) == Hosts(operators={"au": ("au.com",)}, official=("go.jp",), http_only=("a.jp",))


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n"])
def test_a_missing_or_an_empty_file_names_no_hosts(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "hosts.yaml").write_text(text, encoding="utf-8")
    assert read_hosts(tmp_path) == Hosts()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("official: [go.jp]\nofficial: []\n", r"corpus/hosts\.yaml:2: the key 'official' stands twice\. Mend that line"),
        ("operators:\n  au: [au.com\nofficial: []\n", r"corpus/hosts\.yaml:3: not YAML: "),
        ("operators:\n  au: {", r"corpus/hosts\.yaml:2: not YAML: "),
        ("ministries: [go.jp]\n", r"corpus/hosts\.yaml:1: ministries: Extra inputs"),
        ("operators: {au: au.com}\n", r"corpus/hosts\.yaml:1: operators\.au: "),
        ("- au.com\n", r"corpus/hosts\.yaml:1: .*valid dictionary"),
    ],
)
def test_a_malformed_file_is_named_by_line(tmp_path: Path, text: str, message: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "hosts.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        read_hosts(corpus)


def test_a_file_that_is_not_utf_8_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_bytes("official: [総務省]".encode("shift_jis"))
    with pytest.raises(CorpusError, match=r"hosts\.yaml:1: is not UTF-8; save it as UTF-8"):
        read_hosts(tmp_path)


def test_a_file_that_cannot_be_read_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").mkdir()
    with pytest.raises(CorpusError, match=r"hosts\.yaml can't be read \(.*\)\. Mend its permissions"):
        read_hosts(tmp_path)


@pytest.mark.parametrize("host", ["www.povo.jp", "Povo.jp", "https://povo.jp/", "*.povo.jp", "povo"])
def test_a_host_that_could_never_match_is_refused(host: str) -> None:
    with pytest.raises(ValidationError, match="expected a host in lower case"):
        Hosts(official=(host,))
