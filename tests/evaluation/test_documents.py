from __future__ import annotations

from pathlib import Path

import pytest
from evaluation.datasets import error_of, rows, written

from qa.datatypes import Guide, Language
from qa.evaluation.documents import Documents
from qa.index.storage import sha256_file

MARKDOWN = "---\ntitle: x\n---\n# Head {#fees}\n\n- a [^s1]\n\n[^s1]: http://x\n<b>b</b> | c |\n```\n\tcode  \n"


def _read(folder: Path, *documents: object) -> tuple[Guide, ...]:
    return Documents(written(folder / "corpus.jsonl", *rows(*documents))).read().guides


def _slices(guide: Guide) -> list[str]:
    return [guide.text[section.start : section.end] for section in guide.sections]


def test_a_document_is_a_guide_of_one_section_that_holds_its_whole_text(tmp_path: Path) -> None:
    (guide,) = _read(tmp_path, {"_id": "d1", "title": "Steam", "text": " Steam engines 😀 work.\n"})
    (section,) = guide.sections

    assert (guide.guide_id, guide.title, guide.text, guide.path) == ("d1", "Steam", " Steam engines 😀 work.\n", "corpus.jsonl")
    assert (section.start, section.body, section.end) == (0, 0, len(guide.text))
    assert section.headings == ("Steam",)
    assert guide.section(section.slug) == section
    assert section.section_id == f"d1#{section.slug}"


@pytest.mark.parametrize("title", ["", " ", None])
def test_a_document_without_a_title_has_no_heading(tmp_path: Path, title: str | None) -> None:
    (guide,) = _read(tmp_path, {"_id": "d1", "title": title, "text": "one"})

    assert guide.sections[0].headings == ()


@pytest.mark.parametrize("text", ["", " \n\u3000"])
def test_a_title_alone_is_the_text_and_not_the_heading_too(tmp_path: Path, text: str) -> None:
    (guide,) = _read(tmp_path, {"_id": "d1", "title": "Steam engine", "text": text})

    assert guide.text == "Steam engine"
    assert _slices(guide) == ["Steam engine"]
    assert guide.sections[0].headings == ()


def test_an_empty_document_is_no_guide_but_can_be_judged(tmp_path: Path) -> None:
    empty = [{"_id": "d1", "text": ""}, {"_id": "d2", "title": " ", "text": "\n"}]
    documents = Documents(written(tmp_path / "corpus.jsonl", *rows(*empty, {"_id": "d3", "text": "one"})))

    assert [guide.guide_id for guide in documents.read().guides] == ["d3"]
    assert documents.ids == {"d1", "d2", "d3"}


def test_the_guides_keep_the_files_order(tmp_path: Path) -> None:
    found = _read(tmp_path, *({"_id": name, "text": name} for name in ("d2", "d10", "D1", "号")))

    assert [guide.guide_id for guide in found] == ["d2", "d10", "D1", "号"]


@pytest.mark.parametrize("text", [MARKDOWN, "a\r\nb\rc", "\ufeffa", "a\0b", "a\u2028b", "e\u0301", "{{ x }}", "\ta\t"])
def test_no_character_of_a_text_is_changed_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    (guide,) = _read(tmp_path, {"_id": "d1", "title": "## T {#t}", "text": text})

    assert guide.text == text
    assert _slices(guide) == [text]
    assert guide.sections[0].headings == ("## T {#t}",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("蒸汽机把热能转化为机械能。", Language.ZH_HANS),
        ("蒸汽機把熱能轉化為機械能。", Language.ZH_HANS),
        ("蒸気機関は熱エネルギーを動力に変える。", Language.JA),
        ("A steam engine turns heat into work.", Language.EN),
        ("Паровая машина", Language.EN),
        ("증기 기관은 열을 일로 바꾼다.", Language.EN),
        ("1774 – 1819", Language.EN),
    ],
)
def test_a_document_is_stored_under_the_language_of_guides_that_its_script_is_nearest_to(
    tmp_path: Path, text: str, language: Language
) -> None:
    (guide,) = _read(tmp_path, {"_id": "d1", "title": "T", "text": text})

    assert guide.language is language


def test_a_document_has_neither_operator_nor_sources_and_documents_neither_lexicon_nor_phrasings(tmp_path: Path) -> None:
    corpus = Documents(written(tmp_path / "corpus.jsonl", *rows({"_id": "povo", "text": "povo"}))).read()
    (guide,) = corpus.guides

    assert (guide.operator, guide.sources, guide.sections[0].operator) == (None, (), None)
    assert (corpus.lexicon, corpus.phrasings) == ("", ())


def test_the_hash_changes_with_any_byte_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "corpus.jsonl", '{"_id":"d1","text":"one"}')
    before = Documents(path).hash()

    assert Documents(path).hash() == before == sha256_file(path)
    written(path, '{"_id":"d1","text":"one" }')
    assert Documents(path).hash() != before


@pytest.mark.parametrize(
    "name", ["missing.jsonl", "", "corpus.jsonl/corpus.jsonl"], ids=["missing", "a folder", "below a file"]
)
def test_a_file_that_cannot_be_hashed_is_named(tmp_path: Path, name: str) -> None:
    written(tmp_path / "corpus.jsonl", "")
    path = tmp_path / name

    message = str(error_of(Documents(path).hash))

    assert message.startswith(f"{path} can't be read: ")
    assert "Mend: --dataset" in message


def test_reading_faulty_documents_names_file_and_line(tmp_path: Path) -> None:
    documents = Documents(written(tmp_path / "corpus.jsonl", *rows({"_id": "d1", "text": "one"}, {"_id": "d1", "text": "two"})))

    for read in (documents.read, lambda: documents.ids):
        assert [str(each) for each in error_of(read).problems] == [
            "corpus.jsonl:2: the id 'd1' is that of line 1 too [duplicate-id]"
        ]


def test_it_is_shown_as_its_path(tmp_path: Path) -> None:
    assert str(Documents(tmp_path / "corpus.jsonl")) == str(tmp_path / "corpus.jsonl")
