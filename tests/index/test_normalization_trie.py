from __future__ import annotations

import struct

from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import normalizers

from qa.index.normalization_trie import compile_normalization
from qa.index.packed_model import ModelFile, bundled_file

CODE_POINTS = st.integers(1, 0x10FFFF).filter(lambda code_point: not 0xD800 <= code_point < 0xE000)
MAPPINGS = st.dictionaries(CODE_POINTS, st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5), min_size=1)


def look_up(table: bytes, key: bytes) -> str | None:
    """Return what table holds for key, read as sentencepiece reads it: by the double array's own rules."""
    (size,) = struct.unpack_from("<I", table)
    unit = unit_at(table, 0)
    at = offset(unit)
    for byte in key:
        at ^= byte
        unit = unit_at(table, at)
        if unit & (1 << 31 | 0xFF) != byte:
            return None
        at ^= offset(unit)
    if not unit >> 8 & 1:
        return None
    start = 4 + size + (unit_at(table, at) & 0x7FFFFFFF)
    return table[start : table.index(b"\0", start)].decode()


def unit_at(table: bytes, at: int) -> int:
    unit: int = struct.unpack_from("<I", table, 4 + 4 * at)[0]
    return unit


def offset(unit: int) -> int:
    return unit >> 10 << (unit >> 6 & 8)


@given(MAPPINGS, CODE_POINTS)
@example({0x3000: " ", 0x337F: "株式会社", 0x200B: ""}, 0x3001)
@example({0x41: "a", 0x10FFFF: "z"}, 0x10FFFE)
def test_every_code_point_leads_to_its_text_and_no_other_to_any(mapping: dict[int, str], other: int) -> None:
    table = compile_normalization(mapping)
    assert {code_point: look_up(table, chr(code_point).encode()) for code_point in mapping} == mapping
    assert look_up(table, chr(other).encode()) == mapping.get(other)


@given(MAPPINGS)
def test_the_tokenizers_library_reads_the_table_alike(mapping: dict[int, str]) -> None:
    normalizer = normalizers.Precompiled(compile_normalization(mapping))
    assert {code_point: normalizer.normalize_str(chr(code_point)) for code_point in mapping} == mapping


def test_equal_mappings_give_equal_bytes() -> None:
    assert compile_normalization({1: "a", 2: "b"}) == compile_normalization({2: "b", 1: "a"})


def test_the_table_of_the_model_holds_its_whole_map() -> None:
    mapping = ModelFile.read(bundled_file()).normalization
    table = compile_normalization(mapping)
    assert {code_point: look_up(table, chr(code_point).encode()) for code_point in mapping if code_point} == {
        code_point: text for code_point, text in mapping.items() if code_point
    }


def test_an_empty_map_gives_a_table_that_changes_nothing() -> None:
    assert normalizers.Precompiled(compile_normalization({})).normalize_str("abc") == "abc"
