"""Write a code point → text map as the precompiled table that the `tokenizers` library reads.

The table is sentencepiece's: u32 size of a double-array trie in bytes, the trie (32-bit units, as in darts-clone), then the texts, each
ended by a zero byte. A trie's unit holds the label of its node (low 8 bits), whether a value hangs below it (bit 8) and the exclusive-or
distance to its children (bits 10 up); a value's unit has bit 31 set.
"""

from __future__ import annotations

import struct

_HAS_VALUE = 1 << 8
_IS_VALUE = 1 << 31
_BLOCK = 256


def compile_normalization(mapping: dict[int, str]) -> bytes:
    """Return the precompiled table for mapping (code point → replacement, possibly empty)."""
    children: dict[bytes, set[int]] = {b"": set()}
    values: dict[bytes, int] = {}
    texts = bytearray()
    for code_point, text in sorted(mapping.items()):
        key = chr(code_point).encode("utf-8")
        values[key] = len(texts)
        texts += text.encode("utf-8") + b"\0"
        for end in range(len(key)):
            children.setdefault(key[:end], set()).add(key[end])
    # UTF-8 is prefix-free, so a node has either children or a value. Every parent gets a base of its own: a whole block for
    # those with children, one slot for those with a value, behind the blocks.
    bases = {prefix: _BLOCK * (number + 1) for number, prefix in enumerate(sorted(children))}
    first_value = _BLOCK * (len(bases) + 1)
    bases |= {key: first_value + number for number, key in enumerate(sorted(values))}
    units = [0] * (-(-(first_value + len(values)) // _BLOCK) * _BLOCK)
    units[0] = _offset(0, bases[b""])
    for prefix, labels in children.items():
        for label in labels:
            at, node = bases[prefix] ^ label, prefix + bytes([label])
            units[at] = _offset(at, bases[node]) | label | (_HAS_VALUE if node in values else 0)
    for key, start in values.items():
        units[bases[key]] = _IS_VALUE | start
    trie = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(trie)) + trie + bytes(texts)


def _offset(at: int, base: int) -> int:
    return (at ^ base) << 10
