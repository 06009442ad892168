"""Write the packed model's tokenizer in the form of the `tokenizers` library.

Tests hold its token counts equal to those of the model's own engine, on text with marks, zero-width and unknown characters too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.index.normalization_trie import compile_normalization

if TYPE_CHECKING:
    from qa.index.packed_model import ModelFile


def tokenizer_json(packed: ModelFile) -> str:
    """Return the tokenizer in the form of the `tokenizers` library: the file's pieces, scores and normalisation."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(packed.pieces, unk_id=3, byte_fallback=False))
    # Precompiled looks up whole grapheme clusters of under six bytes and drops what follows the first code point; a control
    # character, which the map deletes, before every mark keeps each code point a cluster of its own.
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"(?=[\p{M}\x{200c}\x{200d}\x{ff9e}\x{ff9f}\x{e33}\x{eb3}\x{1ac0}-\x{1aff}])"), "\x01"),
            normalizers.Precompiled(compile_normalization(packed.normalization)),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(left=True, right=False),
        ]
    )
    # Unigram joins unknown characters that stand side by side into one token; the model's own engine counts each.
    unknown = Regex(f"[^{_character_ranges(packed.pieces)}]")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"), pre_tokenizers.Split(unknown, "isolated")]
    )
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer.to_str()


def _character_ranges(pieces: list[tuple[str, float]]) -> str:
    """Return the characters that some piece holds, as the inside of a regular expression's class."""
    known = sorted({ord(character) for piece, _ in pieces for character in piece})
    ranges: list[list[int]] = []
    for code_point in known:
        if ranges and code_point == ranges[-1][1] + 1:
            ranges[-1][1] = code_point
        else:
            ranges.append([code_point, code_point])
    return "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in ranges)
