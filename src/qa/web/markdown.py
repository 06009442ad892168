"""Guide text as HTML that can do no harm and passes for nothing else: raw HTML is shown as text, links say where they lead, no images."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from qa.corpus.characters import displayed, visible
from qa.corpus.hosts import host_of, safe_address
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
# What names a host: what follows two slashes; and names with dots between, in letters that could be taken for Latin ones.
_NAMED = re.compile(r"//(?P<authority>[^\s/\\?#]+)\S*|(?P<dotted>[a-z0-9\u00a1-\u1fff.-]+)")
_DOTTED_NAME = re.compile(r"[^.]+(?:\.[^.]*)*\.[^\d.][^.]+")
_AWAY = '<span class="away" aria-hidden="true">↗</span>'


def link(url: str, label: str, *, official: bool = False) -> str:
    """Return a link that opens elsewhere and shows the host that it leads to; where url could be taken for another, label as text.

    official is for what a guide's front matter gives as the operator's own page; every other link is marked as leading outside.
    """
    text = displayed(label)
    opening, closing = _around(url, text, official=official)
    return f"{opening}{escape(text)}{closing}"


def _around(url: str, label: str, *, official: bool = False) -> tuple[str, str]:
    """Return what stands before and behind the label of a link; a label that names another host than url's is left outside the link."""
    address = safe_address(url)
    if address is None:
        return "", ""
    href, where = address
    kind = "official" if official else "outside"
    opening = f'<a class="{kind}" href="{escape(href)}" target="_blank" rel="noopener noreferrer nofollow">'
    host = f'<span class="host">{escape(where)}</span>{_AWAY}</a>'
    named = _hosts_in(label)
    if any(name != where and not where.endswith(f".{name}") for name in named):
        return "", f" {opening}{host}"
    return opening, f"{_AWAY}</a>" if where in named else f" {host}"


def _hosts_in(label: str) -> set[str]:
    folded = unicodedata.normalize("NFKC", visible(label)).lower().replace("。", ".")  # a dot to browsers
    names = (match["authority"] or match["dotted"].strip(".-") for match in _NAMED.finditer(folded))
    return {name.removeprefix("www.") for name in names if _DOTTED_NAME.fullmatch(name)}


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
    _let_links_say_where_they_lead(markdown)
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

    def code_rule(_self: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        nonlocal highlighted
        content = tokens[at].content
        marked = highlighted or _OPEN in content
        highlighted = content.rfind(_OPEN) > content.rfind(_CLOSE) or (highlighted and _CLOSE not in content)
        code = escape(displayed(_without_bounds(content))).replace("\n", "<br>")
        return f"<mark><code>{code}</code></mark>" if marked else f"<code>{code}</code>"

    def cell_open(_self: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        return f"<{tokens[at].tag}>"  # without the style that alignment would add

    markdown.add_render_rule("text", text_rule)
    for name in ("code_inline", "code_block", "fence"):
        markdown.add_render_rule(name, code_rule)
    for name in ("th_open", "td_open"):
        markdown.add_render_rule(name, cell_open)
    return markdown


def _let_links_say_where_they_lead(markdown: MarkdownIt) -> None:
    # Addresses stay as written until `safe_address` has seen them: escapes would hide what makes one unsafe.
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    markdown.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    markdown.validateLink = lambda url: url.startswith("https://") and safe_address(_without_bounds(url)) is not None  # type: ignore[method-assign]
    closings: list[str] = []

    def link_open(_self: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        end = next(number for number in range(at, len(tokens)) if tokens[number].type == "link_close")
        label = "".join(token.content or " " * (token.type == "softbreak") for token in tokens[at + 1 : end])
        opening, closing = _around(_without_bounds(str(tokens[at].attrs["href"])), _without_bounds(label))
        closings.append(closing)
        return opening

    def link_close(*_rest: Any) -> str:
        return closings.pop()

    markdown.add_render_rule("link_open", link_open)
    markdown.add_render_rule("link_close", link_close)


def _without_bounds(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _with_footnotes(text: str, sources: dict[str, Source]) -> str:
    html, at = [], 0
    for footnote in FOOTNOTE.finditer(text):
        html.append(escape(displayed(text[at : footnote.start()])))
        if source := sources.get(footnote["source"]):
            html.append(f'<sup class="source">{link(source.url, host_of(source.url))}</sup>')
        at = footnote.end()
    return "".join([*html, escape(displayed(text[at:]))])
