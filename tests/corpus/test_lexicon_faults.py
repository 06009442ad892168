from __future__ import annotations

from pathlib import Path

import pytest

from qa.corpus.lexicon import Lexicon, parse_lexicon, read_lexicon
from qa.errors import CorpusError


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("operators:\n  au: {", r"corpus/lexicon\.yaml:2: not YAML: "),
        ("operators:\n\tau: {}\n", r"corpus/lexicon\.yaml:2: not YAML: found character that cannot start any token"),
        ("- au\n", r"corpus/lexicon\.yaml:1: .*valid dictionary"),
        ("operators: {au: {name: au}}\n", r"corpus/lexicon\.yaml:1: operators\.au\.name: Extra inputs"),
        (
            "operators: {au: {names: {fr: au}}}\n",
            r"corpus/lexicon\.yaml:1: operators\.au\.names\.fr\..*'zh-Hans', 'zh-Hant', 'ja'",
        ),
        (
            "operators:\n  povo: {}\n  au:\n    name: au\n",
            r"corpus/lexicon\.yaml:4: operators\.au\.name: Extra inputs.*Mend that line",
        ),
        (
            "operators:\n  au: {name: au}\n  povo:\n    name: povo\n",
            r"corpus/lexicon\.yaml:2: operators\.au\.name: Extra inputs",
        ),
        ("carriers: {}\n", r"corpus/lexicon\.yaml:1: carriers: Extra inputs"),
        (
            "operators: {au: {}}\nambiguous:\n  - {name: KDDI, means: [au, povo], because: x}\n",
            r"corpus/lexicon\.yaml:3: ambiguous\.0\.names: Field required",
        ),
        (
            "operators: {au: {}}\nambiguous:\n  - names: [KDDI]\n    means: [au]\n    because: x\n",
            r"corpus/lexicon\.yaml:4: ambiguous\.0\.means: .*at least 2",
        ),
        (
            "operators: {au: {}, uq: {}}\nambiguous:\n  - names: [KDDI]\n    because: x\n    means:\n      - au\n      - povo\n",
            r"corpus/lexicon\.yaml:7: ambiguous\.0\.means: there is no operator 'povo'\. Mend that line",
        ),
    ],
)
def test_a_malformed_lexicon_is_named_by_line(tmp_path: Path, text: str, message: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "lexicon.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        read_lexicon(corpus)


def test_a_lexicon_that_is_not_utf_8_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "lexicon.yaml").write_bytes("operators: {au: {aliases: [解約]}}".encode("shift_jis"))
    with pytest.raises(CorpusError, match=r"lexicon\.yaml:1: is not UTF-8; save it as UTF-8"):
        read_lexicon(tmp_path)


def test_a_lexicon_that_cannot_be_read_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "lexicon.yaml").mkdir()
    with pytest.raises(CorpusError, match=r"lexicon\.yaml can't be read \(.*\)\. Mend its permissions"):
        read_lexicon(tmp_path)


def test_a_missing_lexicon_is_an_empty_one(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path) == (Lexicon(), "")


@pytest.mark.parametrize("alias", ["''", "'\u3000'"])
def test_an_empty_alias_is_refused(alias: str) -> None:
    with pytest.raises(CorpusError):
        parse_lexicon(f"operators: {{au: {{aliases: [{alias}]}}, povo: {{aliases: [povo]}}}}", "lexicon.yaml")


def test_a_day_that_does_not_exist_is_a_fault_of_the_lexicon() -> None:
    with pytest.raises(CorpusError):
        parse_lexicon("operators: {au: {aliases: [2026-02-30]}}", "lexicon.yaml")


@pytest.mark.parametrize("key", ["日本", "AU", "uq_mobile", "a b"])
def test_an_operators_key_can_name_a_file_and_a_source(key: str) -> None:
    with pytest.raises(CorpusError, match="operators"):
        parse_lexicon(f"operators: {{{key}: {{}}}}", "lexicon.yaml")


@pytest.mark.parametrize(
    "text", ["? [a]\n: b\n", "a: !!int x\n", "a: !!bool x\n", "a: !!timestamp x\n", "a: 0b_\n", "[" * 50_000]
)
def test_yaml_that_makes_the_parser_stumble_is_a_fault_all_the_same(text: str) -> None:
    with pytest.raises(CorpusError, match=r"lexicon\.yaml:1: "):
        parse_lexicon(text, "lexicon.yaml")
