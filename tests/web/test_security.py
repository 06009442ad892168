from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import Message

from qa.datatypes import Language
from qa.web.security import MAX_BODY_BYTES, Security, content_security_policy

HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HTML = "<html><script>let a = 1</script><script src='x.js'></script><p>é</p></html>"


async def _page(_request: Request) -> Response:
    return HTMLResponse(HTML)


async def _pieces(_request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(HTML), 7):
            yield HTML[at : at + 7].encode()

    return StreamingResponse(pieces(), media_type="text/html")


async def _length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _said(request: Request) -> Response:
    return PlainTextResponse(request.url.path)


_GRADIO = [Route("/", _page), Route("/{rest:path}", _said, methods=["GET", "POST", "HEAD"])]
APP = Security(
    Starlette(
        routes=[
            Route("/page", _page),
            Route("/length", _length, methods=["GET", "POST"]),
            Mount("/ja", routes=[Route("/", _pieces)]),
            *(Mount(f"/{language}", routes=_GRADIO) for language in ("en", "zh-Hans")),
        ]
    )
)


def request(
    method: str, path: str, content: bytes | AsyncIterator[bytes] | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://test") as client:
            return await client.request(method, path, content=content, headers=headers)

    return asyncio.run(send())


async def chunks(size: int, count: int = 10) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * (size // count)


def sha256(code: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code).digest()).decode()}'"


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (directive.split() for directive in policy.split("; "))}


def test_a_policy_allows_our_files_and_the_pages_own_scripts_and_nothing_else_that_runs() -> None:
    policy = directives(content_security_policy(b"<script>one</script><p onclick='x'><script type='module'>two\n</script>"))
    assert policy["script-src"] == ["'self'", sha256(b"one"), sha256(b"two\n")]
    assert policy["default-src"] == ["'none'"]


def test_a_script_from_a_file_a_repeated_one_and_data_add_nothing_to_the_policy() -> None:
    html = b"<script>one</script><script src='a.js'></script><script>one</script><script type='application/json'>{}</script>"
    assert directives(content_security_policy(html))["script-src"] == ["'self'", sha256(b"one")]


def test_no_directive_names_another_host_or_allows_eval_data_or_blobs() -> None:
    policy = content_security_policy(b"<script>one</script>")
    for loose in ("unsafe-eval", "http", "*", "data:", "blob:", "wasm"):
        assert loose not in policy
    assert [name for name, values in directives(policy).items() if "'unsafe-inline'" in values] == ["style-src"]


def test_no_page_may_be_framed_but_in_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert directives(content_security_policy(b""))["frame-ancestors"] == ["'none'"]
    monkeypatch.setenv("SPACE_ID", "someone/kaiyaku")
    assert directives(content_security_policy(b""))["frame-ancestors"] == ["https://huggingface.co"]


@pytest.mark.parametrize("path", ["/en/", "/ja/"])
def test_a_chat_page_passes_whole_with_the_policy_of_its_scripts(path: str) -> None:
    response = request("GET", path)
    assert response.text == HTML
    assert response.headers["content-security-policy"] == content_security_policy(HTML.encode())
    assert response.headers["cache-control"] == "no-cache"


def test_no_inline_script_of_another_page_may_run() -> None:
    response = request("GET", "/page")
    assert response.text == HTML
    assert response.headers["content-security-policy"] == content_security_policy(b"")


@pytest.mark.parametrize(
    ("path", "status"), [("/page", 200), ("/en/", 200), ("/ja/", 200), ("/length", 200), ("/nowhere", 404), ("/en/login", 404)]
)
def test_every_response_carries_the_headers(path: str, status: int) -> None:
    response = request("GET", path)
    assert response.status_code == status
    assert response.headers.items() >= HEADERS.items()
    assert "content-security-policy" in response.headers


def test_a_refusal_of_a_body_carries_the_headers() -> None:
    assert request("POST", "/length", b"x" * (MAX_BODY_BYTES + 1)).headers.items() >= HEADERS.items()


def test_pages_may_copy_and_use_nothing_else_of_the_machine() -> None:
    allowed = dict(feature.split("=") for feature in request("GET", "/page").headers["permissions-policy"].split(", "))
    assert {feature for feature, whom in allowed.items() if whom != "()"} == {"clipboard-write"}
    assert {"camera", "microphone", "geolocation", "clipboard-read", "payment", "usb"} <= allowed.keys()


SERVED = (
    *("/en/", "/en/config", "/en/theme.css", "/en/assets/index-a1.js", "/en/static/js/x.js"),
    *(
        "/en/gradio_api/run/predict",
        "/en/gradio_api/heartbeat/a1b2",
        "/en/gradio_api/app_id",
        "/en/operators",
        "/en/guides/povo",
        "/zh-Hans/guides/",
    ),
)
# Everything else that Gradio 6.31 has routes for.
NOT_SERVED = (
    *(
        "login",
        "login/",
        "logout",
        "openapi.json",
        "svelte/x",
        "config/",
        "robots.txt",
        "pwa_icon",
        "manifest.json",
        "monitoring",
    ),
    *(
        "monitoring/summary",
        "monitoring/key",
        "favicon.ico",
        "gradio_api",
        "gradio_api/",
        "upload",
        "file=x",
        "file/x",
        "proxy=x",
    ),
    *(
        f"gradio_api/{route}"
        for route in (
            *(
                "user",
                "login_check",
                "token",
                "app_id/",
                "dev/reload",
                "runs",
                "run-history/connect",
                "info",
                "info/",
            ),
            *(
                "run-history/buckets",
                "run-history/records",
                "openapi.json",
                "custom_component/a/b/c/d",
                "proxy=https://evil.example",
            ),
            *(
                "file=/etc/passwd",
                "file=secret.txt",
                "file/secret.txt",
                "stream/x",
                "stream/a/b/c/playlist.m3u8",
                "reset",
                "deep_link",
            ),
            *(
                "api/predict",
                "run/other",
                "run/predict/",
                "call/predict",
                "call/v2/predict",
                "queue/join",
                "queue/data",
                "queue/status",
            ),
            *("cancel", "component_server", "upload_progress", "upload", "startup-events", "theme.css", "process_recording"),
            *(
                "vibe-edit",
                "undo-vibe-edit",
                "vibe-code",
                "vibe-starter-queries",
                "heartbeat/../upload",
                "heartbeat/a/b",
                "heartbeat/",
            ),
        )
    ),
)


@pytest.mark.parametrize("path", SERVED)
def test_what_the_chat_needs_reaches_the_app(path: str) -> None:
    assert request("GET", path).status_code == 200


@pytest.mark.parametrize("path", NOT_SERVED)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_nothing_else_of_gradio_reaches_the_app(method: str, path: str) -> None:
    assert request(method, f"/en/{path}").status_code == 404


@pytest.mark.parametrize("language", Language)
def test_uploads_are_refused_below_every_language_however_they_are_written(language: Language) -> None:
    for path in ("upload", "%75pload", "./upload", "run/../upload", "run/%2e%2e/upload", "/upload", "upload?upload_id=1"):
        assert request("POST", f"/{language}/gradio_api/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/en/static/../secret", "/en/assets/%2e%2e/secret", "/page/../page", "/en/assets/a%5c..%5cb", "/en/assets/a%00b"]
)
def test_a_path_that_climbs_never_reaches_the_app(path: str) -> None:
    # httpx would tidy the path up; a hostile client does not.
    assert asyncio.run(_status(path)) == 404


async def _status(path: str) -> int:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    raw = httpx.URL(f"http://test{path}").raw_path if "%" in path else path.encode()
    scope = {"type": "http", "method": "GET", "path": _decoded(path), "raw_path": raw, "query_string": b"", "headers": []}
    await APP(scope | {"root_path": "", "http_version": "1.1"}, receive, send)
    return int(sent[0]["status"])


def _decoded(path: str) -> str:
    return path.replace("%2e", ".").replace("%5c", "\\").replace("%00", "\0")


def test_a_websocket_is_closed_at_once() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    asyncio.run(APP({"type": "websocket", "path": "/en/", "headers": []}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("size", [0, 1, MAX_BODY_BYTES])
def test_a_body_within_the_limit_passes_whole(size: int) -> None:
    assert request("POST", "/length", b"x" * size).text == str(size)


def test_a_larger_body_is_refused_before_it_is_read() -> None:
    assert request("POST", "/length", b"x" * (MAX_BODY_BYTES + 1)).status_code == 413


@pytest.mark.parametrize("size", [0, 10, MAX_BODY_BYTES])
def test_a_body_in_chunks_within_the_limit_passes_whole(size: int) -> None:
    assert request("POST", "/length", chunks(size)).text == str(size)


def test_a_larger_body_in_chunks_is_refused_where_it_passes_the_limit() -> None:
    taken = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal taken
        async for chunk in chunks(MAX_BODY_BYTES * 100, 1000):
            taken += len(chunk)
            yield chunk

    assert request("POST", "/length", counted()).status_code == 413
    assert taken <= MAX_BODY_BYTES * 1.2


@pytest.mark.parametrize("length", ["1", "-1", "x", ""])
def test_a_body_in_chunks_that_lies_about_its_length_is_bounded_all_the_same(length: str) -> None:
    headers = {"content-length": length, "transfer-encoding": "chunked"}
    assert request("POST", "/length", chunks(MAX_BODY_BYTES * 2), headers).status_code == 413


def test_a_reader_that_leaves_before_the_body_is_there_stops_nothing() -> None:
    messages: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}, {"type": "http.disconnect"}]
    )

    async def receive() -> Message:
        return next(messages)

    received: list[Message] = []

    async def app(_scope: object, receive: object, _send: object) -> None:
        received.extend([await receive(), await receive(), await receive()])  # type: ignore[operator]

    async def send(_message: Message) -> None:
        raise AssertionError

    asyncio.run(Security(app)({"type": "http", "path": "/", "headers": []}, receive, send))
    assert [message["type"] for message in received] == ["http.request", "http.disconnect", "http.disconnect"]
