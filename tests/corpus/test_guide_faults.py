from __future__ import annotations

from pathlib import Path

import pytest
from conftest import WriteGuide
from corpus.guide_texts import FILE, KEYS, front_matter, guide_in

from qa.corpus.guides import GuideError, read_corpus
from qa.datatypes import Problem
from qa.errors import CorpusError

BODY = "## 费用 {#fees}\n0 日元。\n"
TOPIC = {"title": "其他", "topic": "povo", "checked": "2026-11-22"}
SOURCE = "{{id: {id}, title: t, url: https://example.com/a, publisher: {publisher}, date: {date}}}"


def source(name: str = "s1", *, publisher: str = "operator", date: str = "null") -> str:
    return SOURCE.format(id=name, publisher=publisher, date=date)


def problems_of(corpus: Path, data: bytes) -> list[Problem]:
    path = corpus.parent / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    guides, problems = read_corpus(corpus)
    assert guides == []
    return problems


@pytest.mark.parametrize(
    ("data", "place", "mend"),
    [
        pytest.param(b"\xef\xbb\xbf---\n", ":1:", "save it as UTF-8 without BOM", id="byte order mark"),
        pytest.param(b"---\ntitle: a\r\n", ":2:", "has CRLF line ends; save it with LF", id="CRLF"),
        pytest.param("---\ntitle: a\n解約".encode("shift_jis"), ":3:", "is not UTF-8; save it as UTF-8", id="Shift JIS"),
        pytest.param(b"# a\n", ":1:", "expected YAML between two lines '---' at the very start", id="no front matter"),
        pytest.param(b"---\ntitle: a\n", ":1:", "expected YAML between two lines '---'", id="front matter without an end"),
        pytest.param(b"---\n- a\n---\n", ":1:", "must be a mapping (key: value)", id="a list"),
        pytest.param(
            b"---\ntitle: a\n\tx: b\n---\n", ":3:", "not YAML: found a tab character that violates indentation", id="not YAML"
        ),
        pytest.param(b"---\n---\n", ":1:", "must be a mapping (key: value)", id="empty front matter"),
    ],
)
def test_a_file_that_is_no_guide_is_named_by_line_with_its_mend(tmp_path: Path, data: bytes, place: str, mend: str) -> None:
    (problem,) = problems_of(tmp_path / "corpus", data)
    assert str(problem).startswith(FILE + place)
    assert mend in problem.message


@pytest.mark.parametrize(
    ("keys", "line", "message"),
    [
        pytest.param(
            KEYS | {"onlin": "full"}, 6, "onlin: unknown key; the known ones are: official_url, online, cost,", id="unknown key"
        ),
        pytest.param({k: v for k, v in KEYS.items() if k != "checked"}, 1, "checked: this key is missing", id="missing key"),
        pytest.param(KEYS | {"checked": "soon"}, 5, "checked: Input should be a valid date", id="bad date"),
        pytest.param(KEYS | {"topic": "esim"}, 1, "exactly one of 'operator' and 'topic' is needed", id="operator and topic"),
        pytest.param(KEYS | {"operator": "null"}, 1, "exactly one of 'operator' and 'topic'", id="neither operator nor topic"),
        pytest.param(KEYS | {"operators": "{au: {}}"}, 1, "'operators' is for a topic's guide that several", id="operators"),
        pytest.param(
            TOPIC | {"operators": "{fees: {}, au: {}}"}, 1, "lists section 'au', which the guide", id="no own section"
        ),
        pytest.param(
            TOPIC | {"operators": "{fees: {online: maybe}}"},
            5,
            "operators.fees.online.value: Input should be 'full'",
            id="its value",
        ),
        pytest.param(
            TOPIC | {"operators": "{fees: {onlin: full}}"}, 5, "operators.fees.onlin: unknown key", id="its unknown key"
        ),
        pytest.param(KEYS | {"official_url": "povo.jp"}, 4, "expected an address that starts with https://", id="address"),
        pytest.param(KEYS | {"online": "maybe"}, 6, "online.value: Input should be 'full', 'partial', 'none'", id="value"),
        pytest.param(
            KEYS | {"sections": "[{slug: sim, status: unknown}]"}, 1, "lists section 'sim', which the guide", id="slug"
        ),
        pytest.param(
            KEYS | {"sources": f"\n  - {source()}\n  - {source('s2', date='March')}"},
            8,
            "sources.1.date: expected a date like '2026', '2026-03' or '2026-03-31', found 'March'",
            id="date of a source",
        ),
        pytest.param(
            KEYS | {"sources": f"\n  - {source(publisher='friend')}"},
            7,
            "sources.0.publisher: Input should be 'operator', 'official' or 'third-party'",
            id="publisher",
        ),
        pytest.param(
            KEYS | {"sources": f"[{source()},\n {source('s2', date='March')}]"},
            7,
            "sources.1.date: expected a date",
            id="date of a source in a list without dashes",
        ),
        pytest.param(
            TOPIC | {"operators": "\n  fees:\n    online: full\n  au:\n    online: maybe"},
            9,
            "operators.au.online.value: Input should be 'full'",
            id="value of the second of two operators",
        ),
        pytest.param(KEYS | {"sources": f"[{source()}, {source()}]"}, 1, "source ids used twice: s1", id="source id twice"),
    ],
)
def test_malformed_front_matter_is_named_by_line(tmp_path: Path, keys: dict[str, str], line: int, message: str) -> None:
    (problem,) = problems_of(tmp_path / "corpus", f"---\n{front_matter(keys)}---\n{BODY}".encode())
    assert (problem.file, problem.line) == (FILE, line)
    assert message in problem.message


@pytest.mark.parametrize("keys", [KEYS | {"checked": "2026-13-45"}, KEYS | {"sources": f"[{source(date='2026-02-30')}]"}])
def test_a_day_that_does_not_exist_is_a_fault_of_the_guide(tmp_path: Path, keys: dict[str, str]) -> None:
    (problem,) = problems_of(tmp_path / "corpus", f"---\n{front_matter(keys)}---\n{BODY}".encode())
    assert problem.rule == "front-matter"


@pytest.mark.parametrize("date", ["'2026-13'", "'2026-02-30'", "'20260331'", "2026-W10-1", "'2026-3'"])
def test_a_date_of_a_source_that_does_not_exist_or_is_written_otherwise_is_a_fault(tmp_path: Path, date: str) -> None:
    with pytest.raises(GuideError, match="expected a date like"):
        guide_in(tmp_path, BODY, keys=KEYS | {"sources": f"[{source(date=date)}]"})


def test_a_key_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(GuideError):
        guide_in(tmp_path, BODY, keys=KEYS | {"checked": "2026-11-22\nchecked: 2025-01-01"})


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        pytest.param("## 费用\n文\n", [(7, "slug", "write it as '## 费用 {#slug}'")], id="heading without slug"),
        pytest.param("## 费用 {#Fees}\n文\n", [(7, "slug", "has no slug")], id="slug in capitals"),
        pytest.param("## 甲 {#a}\n## 乙 {#a}\n", [(8, "slug", "slug 'a' stands twice in this guide")], id="slug twice"),
        pytest.param("文\n", [(7, "sections", "expected headings like '## 费用 {#fees}'")], id="no section"),
        pytest.param("文\n\n## 甲 {#a}\n", [(7, "sections", "text before the first heading")], id="text before the headings"),
        pytest.param(
            "## 甲\n## 乙 {#b}\n## 丙 {#b}\n## 丁\n",
            [(7, "slug", "'甲' has no slug"), (9, "slug", "'b' stands twice"), (10, "slug", "'丁' has no slug")],
            id="every fault at once",
        ),
    ],
)
def test_a_fault_of_the_sections_is_named_by_line(tmp_path: Path, body: str, faults: list[tuple[int, str, str]]) -> None:
    found = problems_of(tmp_path / "corpus", f"---\n{front_matter()}---\n{body}".encode())
    assert [(problem.line, problem.rule) for problem in found] == [(line, rule) for line, rule, _ in faults]
    for problem, (_, _, message) in zip(found, faults, strict=True):
        assert message in problem.message


def test_a_guide_that_cannot_be_read_is_named_with_its_mend(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir(parents=True)
    guides, (problem,) = read_corpus(tmp_path / "corpus")
    assert guides == []
    assert str(problem).startswith(f"{FILE}:1: can't be read (")
    assert problem.message.endswith("mend its permissions")


def test_of_two_guides_with_one_id_the_second_is_named_with_the_first(tmp_path: Path, write_guide: WriteGuide) -> None:
    write_guide("povo", BODY)
    write_guide("povo", BODY, operator=False)
    guides, (problem,) = read_corpus(tmp_path / "corpus")
    assert [guide.path for guide in guides] == [FILE]
    assert str(problem).startswith("corpus/zh-Hans/topics/povo.md:1: guide id 'povo' is taken by " + FILE)
    assert "rename one of them" in problem.message


def test_one_malformed_guide_hides_no_other(tmp_path: Path, write_guide: WriteGuide) -> None:
    write_guide("au", "文\n")
    write_guide("povo", BODY)
    write_guide("ahamo", "## 费用\n文\n")
    guides, problems = read_corpus(tmp_path / "corpus")
    assert [guide.guide_id for guide in guides] == ["povo"]
    assert {Path(problem.file).stem for problem in problems} == {"ahamo", "au"}


@pytest.mark.parametrize("place", ["zh-Hans/au.md", "zh-Hans/operators/old/au.md", "zh-Hant/operators/au.md"])
def test_a_guide_in_the_wrong_folder_is_not_left_out_in_silence(tmp_path: Path, write_guide: WriteGuide, place: str) -> None:
    guide = write_guide("povo", BODY).read_bytes()
    stray = tmp_path / "corpus" / place
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(guide)
    _, problems = read_corpus(tmp_path / "corpus")
    assert [Path(problem.file).name for problem in problems] == ["au.md"]


def test_a_corpus_without_guides_says_where_they_are_expected(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with pytest.raises(CorpusError, match=r"expected files like operators/povo\.md in .*corpus/zh-Hans.*Mend: .*QA_CORPUS="):
        read_corpus(corpus)


def test_a_missing_corpus_names_its_folder_and_the_setting(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere is not a folder\. Mend: .*QA_CORPUS="):
        read_corpus(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("cost", "found"),
    [("{min_yen: 990, max_yen: 0}", "990"), ("{max_yen: 990}", "None")],
)
def test_a_cost_whose_least_is_not_up_to_its_most_is_a_fault(tmp_path: Path, cost: str, found: str) -> None:
    with pytest.raises(GuideError, match=f"min_yen must be a number up to max_yen .*found {found}"):
        guide_in(tmp_path, "## 甲 {#a}\n文\n", keys=KEYS | {"cost": cost})


def test_a_topics_guide_compares_nothing_of_its_own(tmp_path: Path) -> None:
    keys = {"title": "题", "topic": "povo", "checked": "2026-11-22", "online": "full"}
    with pytest.raises(GuideError, match="online: only operators are compared"):
        guide_in(tmp_path, "## 甲 {#a}\n文\n", keys=keys)


@pytest.mark.parametrize("url", ['https://povo.jp/"a', "https://evil.com\\\\.povo.jp/", "https://povo.jp/<b>"])
def test_an_address_holds_nothing_that_could_end_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(GuideError, match="expected an address"):
        guide_in(tmp_path, "## 甲 {#a}\n文\n", keys=KEYS | {"official_url": f"'{url}'"})
