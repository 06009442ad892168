"""Read YAML that people write: every fault becomes one error with its line."""

from __future__ import annotations

from typing import Any

import yaml


class YamlError(ValueError):
    """What is wrong, and on which line of the text (1-based)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML would let the last one win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                raise YamlError(key_node.start_mark.line + 1, f"the key '{key_node.value}' stands twice")
            seen.add(str(key_node.value))
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp_unchecked(node)
        except ValueError as error:
            raise YamlError(node.start_mark.line + 1, f"'{node.value}' is no date: {error}") from error

    construct_yaml_timestamp_unchecked = yaml.SafeLoader.construct_yaml_timestamp


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def load_yaml(text: str) -> Any:
    """Return what text says; YamlError where it can't be read."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or "it can't be parsed"
        raise YamlError(mark.line + 1 if mark else 1, f"not YAML: {message}") from error
