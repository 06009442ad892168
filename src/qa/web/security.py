"""What every response says about what the browser may do, and what the server doesn't accept."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from qa.datatypes import Language

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HTML_LANGUAGE = re.compile(rb'(<html[^>]*\blang=")[^"]*')
_INLINE_SCRIPT = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_REFUSED = ("/upload", "/upload_progress", "/proxy=", "/component_server", "/login", "/vibe-")
MAX_BODY_BYTES = 1_000_000


class Security:
    """ASGI middleware: a Content-Security-Policy for every page, uploads refused, bodies bounded.

    Gradio writes its configuration as inline scripts; each page's policy allows exactly those, by hash.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if status := _refusal(scope):
            await _refuse(send, status)
            return
        await self._app(scope, receive, _HeaderSender(send, scope["path"].strip("/")))


class _HeaderSender:
    """Holds back a page until its scripts are known; everything else passes through.

    Gradio says of every page that it is English; ours says its language, which chooses voices and Han glyphs.
    """

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._language = path if path in tuple(Language) else ""
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
            _set_headers(headers, b"")
            await self._send(message)
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            if self._language:
                self._body = _HTML_LANGUAGE.sub(rb"\g<1>" + self._language.encode(), self._body, count=1)
            headers = MutableHeaders(scope=self._start)
            _set_headers(headers, self._body)
            headers["content-length"] = str(len(self._body))
            headers["cache-control"] = "no-cache"
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": self._body})


def content_security_policy(html: bytes) -> str:
    """Return the policy for a page: nothing from other hosts, no scripts but our files and the page's own inline ones."""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script['code']).digest()).decode()}'"
        for script in _INLINE_SCRIPT.finditer(html)
        if b"src=" not in script["attributes"]
    ]
    # A Hugging Face Space shows the page inside its own.
    framed_by = "'self' https://huggingface.co" if os.environ.get("SPACE_ID") else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(["script-src 'self'", *dict.fromkeys(hashes)]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {framed_by}",
        )
    )


def _set_headers(headers: MutableHeaders, html: bytes) -> None:
    headers["content-security-policy"] = content_security_policy(html)
    headers["referrer-policy"] = "no-referrer"
    headers["x-content-type-options"] = "nosniff"
    headers["permissions-policy"] = "camera=(), microphone=(), geolocation=()"


def _refusal(scope: Scope) -> int:
    """Return the status with which a request is refused, 0 where it is served."""
    path, headers = scope["path"], dict(scope["headers"])
    if any(f"/gradio_api{refused}" in path or path.startswith(refused) for refused in _REFUSED):
        return 404
    length = headers.get(b"content-length", b"")
    if length.isdigit():
        return 413 if int(length) > MAX_BODY_BYTES else 0
    # A body in chunks has no announced length, so it could be endless.
    return 411 if b"transfer-encoding" in headers else 0


async def _refuse(send: Send, status: int) -> None:
    start: Message = {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]}
    _set_headers(MutableHeaders(scope=start), b"")
    await send(start)
    await send({"type": "http.response.body", "body": b"refused"})
