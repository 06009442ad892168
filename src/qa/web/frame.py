"""What Gradio's page doesn't say by itself: its language, what it is, and the header that all our pages share."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from qa.datatypes import Language
from qa.web.languages import browse_path, chat_path
from qa.web.texts import LANGUAGE_NAMES, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HTML_LANGUAGE = re.compile(r'(<html[^>]*\blang=")[^"]*')
# Gradio introduces itself to those who preview a link, with a picture from another host.
_PREVIEW = re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*')
_BODY = re.compile(r"<body[^>]*>")
# Texts that the page's own scripts show; see static/.
_SCRIPT_TEXTS = (
    *("lost", "back", "slow", "conversation", "copied", "link_copied", "not_copied"),
    *("feedback_remark", "feedback_send", "feedback_thanks", "feedback_failed", "feedback_privacy"),
)


class Frame:
    """ASGI middleware: puts the frame around the chat pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope["path"].strip("/") if scope["type"] == "http" else ""
        framing = _FramingSender(send, Language(path)) if path in tuple(Language) else send
        await self._app(scope, receive, framing)


class _FramingSender:
    """Holds a page back until it is whole, and sends it framed; what is no page passes through."""

    def __init__(self, send: Send, language: Language) -> None:
        self._send = send
        self._language = language
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            body = framed(self._body.decode(), self._language).encode() if self._body else b""
            MutableHeaders(scope=self._start)["content-length"] = str(len(body))
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    content_type = MutableHeaders(scope=start).get("content-type", "")
    return start["status"] == 200 and content_type.startswith("text/html")  # noqa: PLR2004


def framed(html: str, language: Language) -> str:
    """Return Gradio's page with its language, its own description and our header."""
    about = escape(text("tagline", language))
    description = (
        f'<meta name="description" content="{about}"><meta property="og:title" content="{escape(text("title", language))}">'
    )
    html = _HTML_LANGUAGE.sub(rf"\g<1>{language}", html, count=1)
    html = _PREVIEW.sub("", html).replace("</head>", f"{description}</head>", 1)
    notices = (
        f'<h1 class="off-screen" lang="{language}">{escape(text("title", language))}</h1>'
        '<div id="notice" role="status" hidden></div>'
        f'<p id="loading" lang="{language}">{escape(text("loading", language))}</p>'
        f'<noscript><p class="no-script" lang="{language}">{escape(text("no_script", language))}</p></noscript>'
    )
    return _BODY.sub(lambda body: body[0] + header(language, "ask", chat_path) + notices, html, count=1)


def script_texts(language: Language) -> str:
    """Return the element from which the page's own scripts read their texts."""
    texts = json.dumps({key: text(key, language) for key in _SCRIPT_TEXTS}, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="texts">{texts}</script>'


def header(language: Language, here: str, elsewhere: Callable[[Language], str]) -> str:
    """Return the header of a page.

    Args:
        language: The language of the page.
        here: Which of the views it belongs to, "ask" or "browse".
        elsewhere: Returns the address of the same page in a language.
    """
    views = "".join(
        f'<a href="{escape(path)}"{" aria-current=page" if view == here else ""}>{escape(text(view, language))}</a>'
        for view, path in (("ask", chat_path(language)), ("browse", browse_path(language)))
    )
    languages = "".join(
        f'<a href="{escape(elsewhere(each))}" lang="{each}" hreflang="{each}"{" aria-current=true" if each is language else ""}>'
        f"{LANGUAGE_NAMES[each]}</a>"
        for each in Language
    )
    skip = f'<a class="skip" href="#question">{escape(text("skip", language))}</a>' if here == "ask" else ""
    return (
        f'{skip}<header class="site" lang="{language}"><a class="brand" href="{chat_path(language)}">{escape(text("brand", language))}</a>'
        f'<nav class="views" aria-label="{escape(text("brand", language))}">{views}</nav>'
        f'<nav class="languages" aria-label="{escape(text("languages", language))}">{languages}</nav></header>'
    )
