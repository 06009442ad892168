"""How the page looks and what it loads: system fonts, calm colours in light and dark, our own files alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import gradio as gr

from qa.web.frame import script_texts
from qa.web.static_files import FOLDER, PATH

if TYPE_CHECKING:
    from qa.datatypes import Language

# What chat.js imports.
_MODULES = re.findall(r'from "\./(\w+)\.js"', (FOLDER / "chat.js").read_text("utf-8"))
_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")


def theme() -> gr.themes.Base:
    """Return Gradio's theme without web fonts."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        font=list(_FONTS),
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )


def head(language: Language) -> str:
    """Return what the chat page in language loads of ours."""
    sheets = "".join(f'<link rel="stylesheet" href="{PATH}/{name}.css">' for name in ("colours", "header", "chat"))
    # All at once, not one after the other.
    modules = "".join(f'<link rel="modulepreload" href="{PATH}/{name}.js">' for name in _MODULES)
    return f'{sheets}{modules}<script type="module" src="{PATH}/chat.js"></script>{script_texts(language)}'
