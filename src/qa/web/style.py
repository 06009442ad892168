"""How the page looks: system fonts, calm colours in light and dark, one column that reads well on a phone."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

_STATIC = Path(__file__).parent / "static"
CSS = (_STATIC / "chat.css").read_text(encoding="utf-8")
FAVICON = (_STATIC / "favicon.svg").read_text(encoding="utf-8")
_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")


def theme() -> gr.themes.Base:
    """Return Gradio's theme without web fonts."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        font=list(_FONTS),
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )
