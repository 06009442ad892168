"""The embedding model: the only file that knows sentence-transformers.

One forward pass gives a text's embedding and the vectors of its tokens, which late interaction compares one by one.
"""

from __future__ import annotations

import logging
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from qa.errors import ModelError
from qa.index.bundled_model import weights_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

QUERY, PASSAGE = "query", "passage"
_BATCH = 16


@dataclass(frozen=True)
class Encoded:
    """A text as the model sees it.

    embedding: unit vector, shape (dimension,). token_vectors: unit vectors of the content tokens, shape (tokens, dimension); prompt,
    special tokens and punctuation are left out. spans: their offsets in the text, shape (tokens, 2).
    """

    embedding: NDArray[np.float32]
    token_vectors: NDArray[np.float32]
    spans: NDArray[np.int32]


@dataclass(frozen=True)
class ModelIdentity:
    """What makes two embeddings comparable: stored with every generation, part of every cache key."""

    model: str
    weights: str
    precision: str
    prompts: dict[str, str]


class Embedder:
    """Embeds questions and passages with one sentence-transformers model. seconds counts the time spent in the model."""

    def __init__(self, model: Any, identity: ModelIdentity) -> None:
        self.seconds = 0.0
        self._model = model
        self._tokenizer = model.tokenizer
        self.identity = identity

    @classmethod
    def from_folder(cls, folder: Path | str, name: str, precision: str) -> Self:
        """Load the model in folder (or of that name on the model hub); ModelError says why it can't be loaded."""
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from threadpoolctl import threadpool_limits
        from transformers.utils import logging as transformers_logging

        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        try:
            # Weights of the pooling layer that BERT checkpoints may lack are not used.
            model = SentenceTransformer(
                str(folder), device="cpu", model_kwargs={"add_pooling_layer": False}, trust_remote_code=False
            )
        except TypeError:
            model = SentenceTransformer(str(folder), device="cpu", trust_remote_code=False)
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(
                f"The model '{name}' can't be loaded: {reason}. Expected a sentence-transformers model or folder. "
                "Mend: QA_MODEL=bundled, or the name of another model"
            ) from error
        # NumPy's BLAS keeps its threads spinning for a while after each product, and the model waits for the cores.
        threadpool_limits(1, user_api="blas")
        stored = model.prompts or {}
        prompts = {
            QUERY: stored.get("query") or "",
            PASSAGE: stored.get("passage") or stored.get("document") or "",
        }
        local = Path(folder)
        weights = weights_hash(local) if local.is_dir() else f"hub:{name}"
        return cls(model, ModelIdentity(name, weights, precision, prompts))

    @property
    def dimension(self) -> int:
        """Return the length of an embedding."""
        return int(self._model.get_embedding_dimension())

    @property
    def max_tokens(self) -> int:
        """Return how many tokens the model reads at most."""
        return int(self._model.max_seq_length or 512)

    def count_tokens(self, text: str, kind: str) -> int:
        """Return the number of tokens that the model reads for text as kind (query or passage), prompt and special tokens included."""
        return len(self._tokenizer(self.identity.prompts[kind] + text)["input_ids"])

    def count_passage_tokens(self, text: str) -> int:
        """Return the number of tokens for text as a passage."""
        return self.count_tokens(text, PASSAGE)

    def keep_to_one_core(self) -> None:
        """Let each pass use one core alone from now on: where several run at once, their threads would wait for each other."""
        import torch

        torch.set_num_threads(1)

    def encode(self, texts: Sequence[str], kind: str) -> Iterator[Encoded]:
        """Yield each text encoded as kind (query or passage), in order. ModelError where a text is longer than the model reads."""
        import torch

        prompt = self.identity.prompts[kind]
        autocast = torch.autocast("cpu", torch.bfloat16, enabled=self.identity.precision == "bfloat16")
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            tokenized = self._tokenizer([prompt + text for text in batch], return_offsets_mapping=True)
            for text, ids in zip(batch, tokenized["input_ids"], strict=True):
                if len(ids) > self.max_tokens:
                    raise ModelError(f"{len(ids)} tokens where the model reads {self.max_tokens}: '{text[:40]}…'")
            started = time.perf_counter()
            with torch.inference_mode(), autocast:
                outputs = self._model.encode(
                    batch, prompt=prompt, output_value=None, batch_size=_BATCH, show_progress_bar=False
                )
            self.seconds += time.perf_counter() - started
            for text, offsets, output in zip(batch, tokenized["offset_mapping"], outputs, strict=True):
                yield _encoded(text, len(prompt), np.asarray(offsets, dtype=np.int32), output)


def _encoded(text: str, prompt_length: int, offsets: NDArray[np.int32], output: dict[str, Any]) -> Encoded:
    tokens = output["token_embeddings"][output["attention_mask"].bool()].float().numpy()
    if len(tokens) != len(offsets):
        raise ModelError("The model's tokens don't match its tokenizer's. Mend: QA_MODEL=bundled, or another model")
    spans = offsets - prompt_length
    spans[:, 0] = np.maximum(spans[:, 0], 0)
    content = np.array([end > start and _is_content(text[start:end]) for start, end in spans], dtype=bool)
    vectors = tokens[content]
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    embedding = output["sentence_embedding"].float().numpy()
    embedding = embedding / max(float(np.linalg.norm(embedding)), 1e-12)
    return Encoded(embedding.astype(np.float32), vectors.astype(np.float32), spans[content])


def _is_content(text: str) -> bool:
    """Whether text holds a letter, digit or symbol that means something: punctuation and spaces alone match anything."""
    return any(unicodedata.category(character)[0] in "LNSM" for character in text)
