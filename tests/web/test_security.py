from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from qa.web.security import MAX_BODY_BYTES, Security, content_security_policy

HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
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


APP = Security(
    Starlette(
        routes=[
            Route("/page", _page),
            Route("/pieces", _pieces),
            *(Route(path, _length, methods=["GET", "POST"]) for path in ("/length", "/upload", "/en/gradio_api/upload")),
        ]
    )
)


def request(method: str, path: str, content: bytes | AsyncIterator[bytes] | None = None) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://test") as client:
            return await client.request(method, path, content=content)

    return asyncio.run(send())


def sha256(code: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code).digest()).decode()}'"


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (directive.split() for directive in policy.split("; "))}


def test_a_policy_allows_our_files_and_the_pages_own_scripts_and_nothing_else_that_runs() -> None:
    policy = directives(content_security_policy(b"<script>one</script><p onclick='x'><script type='module'>two\n</script>"))
    assert policy["script-src"] == ["'self'", sha256(b"one"), sha256(b"two\n")]
    assert policy["default-src"] == ["'none'"]


def test_a_script_from_a_file_and_a_repeated_one_add_nothing_to_the_policy() -> None:
    policy = directives(content_security_policy(b"<script>one</script><script src='a.js'></script><script>one</script>"))
    assert policy["script-src"] == ["'self'", sha256(b"one")]


def test_no_directive_names_another_host_or_allows_eval() -> None:
    policy = content_security_policy(b"<script>one</script>")
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert "*" not in policy
    assert "'unsafe-inline'" not in directives(policy)["script-src"]


def test_a_page_may_be_framed_by_itself_alone_but_in_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert directives(content_security_policy(b""))["frame-ancestors"] == ["'self'"]
    monkeypatch.setenv("SPACE_ID", "someone/kaiyaku")
    assert directives(content_security_policy(b""))["frame-ancestors"] == ["'self'", "https://huggingface.co"]


@pytest.mark.parametrize("path", ["/page", "/pieces"])
def test_a_page_passes_whole_with_the_policy_of_its_scripts(path: str) -> None:
    response = request("GET", path)
    assert response.text == HTML
    assert response.headers["content-security-policy"] == content_security_policy(HTML.encode())
    assert response.headers["content-length"] == str(len(HTML.encode()))


@pytest.mark.parametrize(("path", "status"), [("/page", 200), ("/pieces", 200), ("/length", 200), ("/nowhere", 404)])
def test_every_response_carries_the_headers(path: str, status: int) -> None:
    response = request("GET", path)
    assert response.status_code == status
    assert response.headers.items() >= HEADERS.items()
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize(("path", "content"), [("/upload", b"x"), ("/length", b"x" * (MAX_BODY_BYTES + 1))])
def test_a_refusal_carries_the_headers(path: str, content: bytes) -> None:
    assert request("POST", path, content).headers.items() >= HEADERS.items()


@pytest.mark.parametrize("path", ["/upload", "/en/gradio_api/upload"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_upload_never_reaches_the_app(method: str, path: str) -> None:
    assert request(method, path).status_code == 404


def test_a_body_of_the_largest_size_passes() -> None:
    assert request("POST", "/length", b"x" * MAX_BODY_BYTES).text == str(MAX_BODY_BYTES)


def test_a_larger_body_is_refused() -> None:
    assert request("POST", "/length", b"x" * (MAX_BODY_BYTES + 1)).status_code == 413


def test_a_larger_body_that_does_not_say_its_length_is_refused() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * (MAX_BODY_BYTES // 10)

    assert request("POST", "/length", chunks()).status_code == 411
