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

MAX_BODY_BYTES = 1_000_000

_INLINE_SCRIPT = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_BELOW_A_LANGUAGE = re.compile(rf"/(?:{'|'.join(Language)})/(?P<rest>.*)", re.DOTALL)
# All that is served below a language: our own pages, then what the chat asks of Gradio. Gradio would serve and accept much more.
_SERVED = re.compile(
    r"(?:operators|guides)(?:/.*)?"
    r"|(?:config|theme\.css)?"
    r"|(?:assets|static)/.+"
    r"|gradio_api/(?:run/predict|heartbeat/[a-z0-9]+|app_id)"
)
_FEATURES = (
    *(
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "clipboard-read",
        "display-capture",
        "encrypted-media",
        "fullscreen",
    ),
    *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
_HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join([*(f"{feature}=()" for feature in _FEATURES), "clipboard-write=(self)"]),
}


class Security:
    """ASGI middleware: a Content-Security-Policy on every response, bodies bounded, nothing of Gradio's but what the chat needs.

    Gradio writes its configuration as inline scripts; each chat page's policy allows exactly those, by hash.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not _is_served(scope["path"]):
            await _refuse(send, 404)
        elif (bounded := await _bounded(scope, receive)) is None:
            await _refuse(send, 413)
        else:
            is_chat = scope["path"].strip("/") in tuple(Language)
            await self._app(scope, bounded, _HeaderSender(send, holds_pages=is_chat))


class _HeaderSender:
    """Adds the headers; holds back a page with inline scripts of its own until they are known."""

    def __init__(self, send: Send, *, holds_pages: bool) -> None:
        self._send = send
        self._holds_pages = holds_pages
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if self._holds_pages and headers.get("content-type", "").startswith("text/html"):
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
            headers = MutableHeaders(scope=self._start)
            _set_headers(headers, self._body)
            headers["cache-control"] = "no-cache"
            await self._send(self._start)
            await self._send({"type": "http.response.body", "body": self._body})


def content_security_policy(html: bytes) -> str:
    """Return the policy for a page: nothing from other hosts, no scripts but our files and those that html holds inline."""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script['code']).digest()).decode()}'"
        for script in _INLINE_SCRIPT.finditer(html)
        if b"src=" not in script["attributes"] and b"application/json" not in script["attributes"]
    ]
    # A Hugging Face Space shows the page inside its own.
    framed_by = "https://huggingface.co" if os.environ.get("SPACE_ID") else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(["script-src 'self'", *dict.fromkeys(hashes)]),
            # Gradio's components carry style attributes and add style elements as they load.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {framed_by}",
        )
    )


def _set_headers(headers: MutableHeaders, html: bytes) -> None:
    headers["content-security-policy"] = content_security_policy(html)
    headers.update(_HEADERS)


def _is_served(path: str) -> bool:
    if "\\" in path or "\0" in path or ".." in path.split("/"):
        return False
    below = _BELOW_A_LANGUAGE.fullmatch(path)
    return below is None or _SERVED.fullmatch(below["rest"]) is not None


async def _bounded(scope: Scope, receive: Receive) -> Receive | None:
    """Return receive for a body within the bound, None where it is larger.

    A body that comes in chunks does not say its length, so it is read before it is passed on.
    """
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if length.isdigit() and b"transfer-encoding" not in headers:
        return receive if int(length) <= MAX_BODY_BYTES else None
    read: list[Message] = []
    size = 0
    while not read or read[-1].get("more_body", False):
        read.append(await receive())
        size += len(read[-1].get("body", b""))
        if size > MAX_BODY_BYTES:
            return None

    async def replay() -> Message:
        return read.pop(0) if read else await receive()

    return replay


async def _refuse(send: Send, status: int) -> None:
    # The rest of a body that is too large is not waited for.
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    _set_headers(MutableHeaders(scope=start), b"")
    await send(start)
    await send({"type": "http.response.body", "body": b"refused"})
