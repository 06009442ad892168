"""Read YAML that people write: every fault becomes one error with its place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from qa.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_Model = TypeVar("_Model", bound=BaseModel)
_DEEPEST = 1000


class Closed(BaseModel):
    """What people write by hand: a key that isn't known is a slip, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class YamlError(ValueError):
    """What is wrong, and on which line of the text (1-based)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.CSafeLoader):
    """Refuses a key that stands twice: YAML would let the last one win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError(key_node.start_mark.line + 1, "a key must be a word, not a list or mapping")
            if key_node.value in seen:
                raise YamlError(key_node.start_mark.line + 1, f"the key '{key_node.value}' stands twice")
            seen.add(str(key_node.value))
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp_unchecked(node)
        except ValueError as error:
            raise YamlError(node.start_mark.line + 1, f"'{node.value}' is no date: {error}") from error

    construct_yaml_timestamp_unchecked = yaml.CSafeLoader.construct_yaml_timestamp


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def _refuse_deep(text: str) -> None:
    """Raise YamlError where brackets are nested deeper than anybody writes: libyaml would run out of stack."""
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > _DEEPEST:
            raise YamlError(text.count("\n", 0, bracket.start()) + 1, f"brackets are nested more than {_DEEPEST} deep")


def load_yaml(text: str) -> Any:
    """Return what text says; YamlError where it can't be read."""
    _refuse_deep(text)
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except YamlError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # what PyYAML raises for tagged values like !!int x
        raise YamlError(1, f"a value can't be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or "it can't be parsed"
        # Where the end is missing, the mark stands behind the last line.
        line = min(mark.line, text.rstrip("\n").count("\n")) + 1 if mark else 1
        raise YamlError(line, f"not YAML: {message}") from error


def read_utf8(path: Path, file: str) -> str | None:
    """Return the text of the file at path, None where there is none; file is the name that a CorpusError gives it."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CorpusError(f"{file} can't be read ({error.strerror}). Mend its permissions") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{file}:1: is not UTF-8; save it as UTF-8") from error


def parse_model(text: str, file: str, model: type[_Model]) -> _Model:
    """Return what text says as a model; CorpusError says what is wrong and where."""
    try:
        return model.model_validate(load_yaml(text) or {})
    except YamlError as error:
        raise CorpusError(f"{file}:{error.line}: {error}. Mend that line") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CorpusError(f"{file}:{line_of(text, first['loc'])}: {place}: {first['msg']}. Mend that line") from error


def line_of(text: str, place: Sequence[str | int]) -> int:
    """Return the line (1-based) of what stands in text at place: keys and numbers of items, from the outermost, as far as they are there."""
    line, node = 1, _nodes(text)
    for part in place:
        if isinstance(node, yaml.MappingNode):
            entry = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            key, node = entry or (None, None)
        else:
            key = node = node.value[part] if isinstance(node, yaml.SequenceNode) and isinstance(part, int) else None
        if key is None:
            break
        line = key.start_mark.line + 1
    return line


@lru_cache(maxsize=8)
def _nodes(text: str) -> yaml.Node | None:
    return yaml.compose(text, _Loader)
