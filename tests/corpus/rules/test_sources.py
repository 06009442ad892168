from __future__ import annotations

from pathlib import Path

import pytest
from corpus.whole_guide import HOSTS, OTHER, OWN, SHARED, WHOLE, changed, lexicon, line_of, read, read_shared

from qa.corpus.hosts import Hosts
from qa.corpus.rules.sources import false_claims, host_problems, source_problems
from qa.datatypes import Problem

UNUSED = f"{OTHER}\n  - {OTHER.replace('s2', 's3')}"


def problems(folder: Path, text: str) -> list[Problem]:
    return list(source_problems(read(folder, text), HOSTS))


def shared_problems(folder: Path, text: str) -> list[Problem]:
    return list(source_problems(read_shared(folder, text), HOSTS))


def test_a_whole_guide_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, WHOLE) == []
    assert shared_problems(tmp_path, SHARED) == []


def test_a_source_that_is_not_cited_is_one_problem_at_its_line(tmp_path: Path) -> None:
    text = changed(WHOLE, OTHER, UNUSED)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule, problem.message) == (
        line_of(text, "id: s3"),
        "source",
        "source s3 is not cited; drop it",
    )


def test_a_source_in_block_style_is_found_at_its_line(tmp_path: Path) -> None:
    block = '- id: s3\n    title: t\n    url: "https://example.com/c"\n    publisher: third-party'
    text = changed(WHOLE, OTHER, f"{OTHER}\n  {block}")
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, "- id: s3"), "source")


def test_a_source_that_only_a_compared_value_names_is_used(tmp_path: Path) -> None:
    text = changed(WHOLE, OTHER, UNUSED)
    assert problems(tmp_path, changed(text, "sources: [s2]", "sources: [s2, s3]")) == []


def test_a_source_that_only_a_shared_guides_operator_names_is_used(tmp_path: Path) -> None:
    text = changed(SHARED, OTHER, UNUSED)
    assert [problem.message for problem in shared_problems(tmp_path, text)] == ["source s3 is not cited; drop it"]
    assert shared_problems(tmp_path, changed(text, "sources: [s2]", "sources: [s3]")) == []


def test_a_source_that_a_compared_value_names_has_to_be_there(tmp_path: Path) -> None:
    text = changed(WHOLE, "sources: [s2]", "sources: [s2, s8, s9]")
    found = problems(tmp_path, text)
    assert [(problem.line, problem.rule) for problem in found] == [(line_of(text, "cost:"), "source")] * 2
    assert [problem.message for problem in found] == ["cost: there is no source s8", "cost: there is no source s9"]


NEEDS = "has a value, so it needs its confidence and its sources: {…, confidence: high, sources: [s1]}"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        pytest.param(", sources: [s1]}", "}", "online", id="no sources"),
        pytest.param("confidence: high, ", "", "online", id="no confidence"),
        pytest.param("{value: full, confidence: high, date: 2026-03, sources: [s1]}", "full", "online", id="the short form"),
        pytest.param("confidence: low, ", "", "cost", id="no confidence of a cost"),
        pytest.param("min_yen: 550, max_yen: 1078, confidence: low", "min_yen: 550", "cost", id="the least alone"),
    ],
)
def test_a_compared_value_needs_its_confidence_and_its_sources(tmp_path: Path, old: str, new: str, key: str) -> None:
    text = changed(WHOLE, old, new)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule, problem.message) == (line_of(text, f"{key}:"), "source", f"{key} {NEEDS}")


@pytest.mark.parametrize("value", ["unknown", "{value: unknown}", "{value: unknown, confidence: low}"])
def test_a_compared_value_that_is_unknown_needs_neither(tmp_path: Path, value: str) -> None:
    text = changed(WHOLE, "{value: full, confidence: high, date: 2026-03, sources: [s1]}", value)
    assert problems(tmp_path, text) == []


@pytest.mark.parametrize(("sources", "operator"), [("sources: [s1]}\n  hana", "au"), ("sources: [s2]", "hana")])
def test_a_value_of_a_shared_guide_is_named_with_its_operator_at_its_own_line(
    tmp_path: Path, sources: str, operator: str
) -> None:
    text = changed(SHARED, sources, sources.replace("[s1]", "[s9]").replace("[s2]", "[s9]"))
    expected = (line_of(text, "s9"), f"{operator}.cost: there is no source s9")
    assert expected in [(problem.line, problem.message) for problem in shared_problems(tmp_path, text)]


def test_a_value_of_a_shared_guide_needs_its_confidence_too(tmp_path: Path) -> None:
    text = changed(SHARED, "online: unknown", "online: partial")
    assert f"hana.online {NEEDS}" in [problem.message for problem in shared_problems(tmp_path, text)]


@pytest.mark.parametrize(
    ("old", "new", "source", "message"),
    [
        pytest.param("example.com/b", "povo.jp/b", "s2", "https://povo.jp/b is operator, not third-party", id="own"),
        pytest.param("example.com/b", "www.soumu.go.jp/b", "s2", "is official, not third-party", id="official"),
        pytest.param("support.povo.jp", "example.org", "s1", "is third-party, not operator", id="someone else's"),
        pytest.param("povo.jp/a", "evilpovo.jp/a", "s1", "is third-party, not operator", id="a host that only ends alike"),
        pytest.param(
            "support.povo.jp", "povo.jp.example.com", "s1", "is third-party, not operator", id="one that begins alike"
        ),
        pytest.param("support.povo.jp", "www.au.com", "s1", "is third-party, not operator", id="another operator's"),
    ],
)
def test_a_publisher_other_than_hosts_yaml_says_is_one_problem(
    tmp_path: Path, old: str, new: str, source: str, message: str
) -> None:
    text = changed(WHOLE, old, new)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, f"id: {source}"), "publisher")
    assert problem.message.startswith(f"{source}: by hosts.yaml the publisher of https://")
    assert message in problem.message


def test_to_a_topic_any_operators_page_is_an_operators(tmp_path: Path) -> None:
    assert shared_problems(tmp_path, SHARED.replace("support.povo.jp", "www.au.com")) == []
    (problem,) = shared_problems(tmp_path, SHARED.replace("support.povo.jp", "example.org"))
    assert problem.rule == "publisher"


@pytest.mark.parametrize("url", ["https://example.com/x", "https://au.com/cancel", "https://www.soumu.go.jp/x"])
def test_the_official_page_of_an_operator_is_its_own(tmp_path: Path, url: str) -> None:
    text = changed(WHOLE, "https://povo.jp/cancel", url)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, "official_url:"), "official")
    assert problem.message == f"official_url must be povo's own page by hosts.yaml; found {url}"


@pytest.mark.parametrize("url", ["https://au.com/x", "https://www.soumu.go.jp/x", "null"])
def test_the_official_page_of_a_topic_is_an_operators_or_an_official_one(tmp_path: Path, url: str) -> None:
    assert shared_problems(tmp_path, changed(SHARED, "official_url: null", f"official_url: {url}")) == []


def test_the_official_page_of_a_topic_is_no_third_partys(tmp_path: Path) -> None:
    text = changed(SHARED, "official_url: null", 'official_url: "https://example.com/x"')
    (problem,) = shared_problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, "official_url:"), "official")
    assert problem.message.startswith("official_url must be an operator's or an official page by hosts.yaml; found")


@pytest.mark.parametrize("quote", ["", '"'])
def test_the_official_page_of_an_operator_that_shares_a_guide_is_checked_at_its_line(tmp_path: Path, quote: str) -> None:
    text = changed(SHARED, "https://au.com/cancel", f"{quote}https://example.com/x{quote}")
    (problem,) = shared_problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, "example.com/x"), "official")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        pytest.param("https://example.com/b", "http://example.com/b", "id: s2", id="a source"),
        pytest.param("https://povo.jp/cancel", "http://povo.jp/cancel", "official_url:", id="the official page"),
    ],
)
def test_an_address_that_is_not_https_is_one_problem(tmp_path: Path, old: str, new: str, place: str) -> None:
    text = changed(WHOLE, old, new)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, place), "https")
    assert problem.message.startswith(f"{new} is not https; if its host answers only at http, name it under http_only")


def test_a_host_that_answers_only_at_http_may_be_cited(tmp_path: Path) -> None:
    assert problems(tmp_path, changed(WHOLE, "https://example.com/b", "http://www.old.example.com/b")) == []
    assert OWN in WHOLE


@pytest.mark.parametrize(
    ("date", "is_early"), [("null", True), ("2025", True), ("2026-02", True), ("2026", False), ("2026-03-31", False)]
)
def test_a_compared_value_is_as_of_its_newest_source(tmp_path: Path, date: str, is_early: bool) -> None:
    dated = changed(WHOLE, OWN, OWN.replace("date: null", "date: 2026-03-31")).replace("date: 2026-03,", f"date: {date},")
    found = problems(tmp_path, dated)
    assert [(problem.line, problem.rule) for problem in found] == ([(line_of(dated, "online:"), "date")] if is_early else [])


def test_an_operator_of_hosts_yaml_is_in_the_lexicon() -> None:
    (problem,) = host_problems(Hosts(operators={"povo": ("povo.jp",), "pov": ("pov.jp",)}), lexicon(), "corpus")
    assert str(problem) == "corpus/hosts.yaml:1: operator 'pov' is not in lexicon.yaml [hosts]"


@pytest.mark.parametrize(
    ("address", "is_http"),
    [("http://example.com/a", True), ("https://example.com/a", False), ("http://old.example.com/a", False)],
)
def test_a_link_in_the_text_is_https_too(tmp_path: Path, address: str, is_http: bool) -> None:
    text = changed(WHOLE, "要 2 天。", f"要 [2 天]({address})。")
    found = problems(tmp_path, text)
    assert [(problem.line, problem.rule) for problem in found] == (
        [(line_of(text, f"]({address})"), "https")] if is_http else []
    )


@pytest.mark.parametrize("url", ["https://povo.jp@example.com/b", "https://example.com./b", "https://127.0.0.1/b"])
def test_an_address_that_could_be_taken_for_another_is_one_problem(tmp_path: Path, url: str) -> None:
    text = changed(WHOLE, "https://example.com/b", url)
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.rule) == (line_of(text, "id: s2"), "address")
    assert problem.message == f"{url} is shown without a link: it could be taken for another host"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("https://povo.jp/cancel", "https://evil.example/", "official"),
        ("https://povo.jp/cancel", "https://povo.jp@evil.example/", "official"),
        ("https://povo.jp/cancel", "https://www.soumu.go.jp/", "official"),
        ("https://support.povo.jp/a", "https://support.povo.jp.evil.example/a", "publisher"),
        ("publisher: third-party", "publisher: official", "publisher"),
    ],
)
def test_a_page_that_passes_for_an_operators_or_an_official_one_is_a_false_claim(
    tmp_path: Path, old: str, new: str, rule: str
) -> None:
    (problem,) = false_claims(read(tmp_path, changed(WHOLE, old, new)), HOSTS)
    assert problem.rule == rule


def test_to_call_an_operators_page_a_third_partys_is_no_false_claim(tmp_path: Path) -> None:
    text = changed(WHOLE, "https://example.com/b", "https://povo.jp/b")
    assert list(false_claims(read(tmp_path, text), HOSTS)) == []
    assert [problem.rule for problem in problems(tmp_path, text)] == ["publisher"]
