"""Kaiyaku: answers questions about cancelling a Japanese mobile line from sourced guides, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.wiring import open_assistant as open_assistant

__all__ = ["__version__", "open_assistant"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # `import qa` stays light: models and indexes are imported at first use.
    if name == "open_assistant":
        from qa.wiring import open_assistant

        return open_assistant
    raise AttributeError(f"module 'qa' has no attribute '{name}'")
