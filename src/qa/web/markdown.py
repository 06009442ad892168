"""Guide text as HTML that can do no harm: raw HTML is shown as text, only https links lead anywhere, no styles, no images."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from qa.corpus.hosts import host_of
from qa.corpus.search_text import FOOTNOTE

if TYPE_CHECKING:
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

    from qa.datatypes import Source

# Noncharacters stand for the bounds of the quote while Markdown is parsed: guide text is cleared of them, and entities can't name them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_BEFORE_TEXT = re.compile(r"[ \t]*(?:(?:[-*+]|\d+\.|#+|>)[ \t]+|\|[ \t]*)*[*_]*")
_AFTER_TEXT = re.compile(r"[*_ \t\n|]*\Z")
_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")


def link(url: str, label: str) -> str:
    """Return a link that opens elsewhere; an address that is not http(s) is shown as text."""
    if not re.match(r"https?://", url):
        return escape(label)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow">{escape(label)}</a>'


def one_block(html: str) -> str:
    """Return html without line breaks and control characters: one block, in which the chat reads nothing as Markdown again."""
    return _CONTROL.sub(" ", html)


def to_html(
    text: str,
    sources: Sequence[Source],
    quote: tuple[int, int] | None = None,
    convert: Callable[[str], str] = str,
) -> str:
    """Return Markdown as HTML on one line.

    Args:
        text: Markdown of a guide.
        sources: What footnote marks link to; marks of others disappear.
        quote: Offsets in text of the words to highlight with <mark>.
        convert: Turns the words (never addresses) into what the reader reads.
    """
    clean = text.replace(_OPEN, "�").replace(_CLOSE, "�")
    if quote is not None:
        start, end = _inside_blocks(clean, *quote)
        clean = clean[:start] + _OPEN + clean[start:end] + _CLOSE + clean[end:]
    html = _markdown({source.id: source for source in sources}, convert).render(clean)
    return one_block("<br>".join(line for line in html.replace(">\n", ">").split("\n") if line.strip()))


def _inside_blocks(text: str, start: int, end: int) -> tuple[int, int]:
    """Move the bounds of a quote behind list markers and inside the outer bars of table rows."""
    opening = _BEFORE_TEXT.match(text, start)
    closing = _AFTER_TEXT.search(text, start, end)
    first = opening.end() if opening else start
    last = closing.start() if closing else end
    return (first, last) if first < last else (start, end)


def _markdown(sources: dict[str, Source], convert: Callable[[str], str]) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.validateLink = lambda url: url.startswith("https://")  # type: ignore[method-assign]
    highlighted = False

    def text_rule(_self: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        nonlocal highlighted
        html = []
        for piece in re.split(f"([{_OPEN}{_CLOSE}])", tokens[at].content):
            if piece in (_OPEN, _CLOSE):
                highlighted = piece == _OPEN
            elif piece:
                linked = _with_footnotes(convert(piece), sources)
                html.append(f"<mark>{linked}</mark>" if highlighted else linked)
        return "".join(html)

    def link_open(_self: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        url = escape(str(tokens[at].attrs.get("href", "")))
        return f'<a href="{url}" target="_blank" rel="noopener noreferrer nofollow">'

    def code_rule(_self: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        nonlocal highlighted
        content = tokens[at].content
        marked = highlighted or _OPEN in content
        highlighted = content.rfind(_OPEN) > content.rfind(_CLOSE) or (highlighted and _CLOSE not in content)
        code = escape(content.replace(_OPEN, "").replace(_CLOSE, "")).replace("\n", "<br>")
        return f"<mark><code>{code}</code></mark>" if marked else f"<code>{code}</code>"

    def cell_open(_self: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        return f"<{tokens[at].tag}>"  # without the style that alignment would add

    markdown.add_render_rule("text", text_rule)
    markdown.add_render_rule("link_open", link_open)
    for name in ("code_inline", "code_block", "fence"):
        markdown.add_render_rule(name, code_rule)
    for name in ("th_open", "td_open"):
        markdown.add_render_rule(name, cell_open)
    return markdown


def _with_footnotes(text: str, sources: dict[str, Source]) -> str:
    html, at = [], 0
    for footnote in FOOTNOTE.finditer(text):
        html.append(escape(text[at : footnote.start()]))
        if source := sources.get(footnote["source"]):
            html.append(f'<sup class="source">{link(source.url, host_of(source.url))}</sup>')
        at = footnote.end()
    return "".join([*html, escape(text[at:])])
