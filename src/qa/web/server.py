"""The web server: our own app with one Gradio page per language mounted on it."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING

# Read by Gradio when it is imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from qa.datatypes import Language
from qa.errors import ServerError
from qa.web.page import chat_page
from qa.web.security import Security
from qa.web.style import CSS, FAVICON, theme

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from qa.answering.assistant import Assistant

COOKIE = "kaiyaku-language"
_ACCEPTED = re.compile(r"(?P<tag>[a-z0-9-]+)\s*(?:;\s*q\s*=\s*(?P<weight>\d(?:\.\d*)?))?")
_YEAR_SECONDS = 365 * 24 * 3600


def serve(host: str, port: int, open_assistant: Callable[[], Assistant], say: Callable[[str], None]) -> None:
    """Serve the web chat until it is stopped; ServerError where the port is taken.

    The port is claimed first, so that nobody waits for a model to load only to learn that it can't be served.
    """
    listener = _listen(host, port)
    with listener:
        assistant = open_assistant()
        assistant.warm_up()
        server = uvicorn.Server(uvicorn.Config(create_app(assistant), log_level="warning"))
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
        say(f"Chat on http://{shown}:{port}  (stop with Ctrl-C)")
        server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ServerError(
            f"Can't listen on {host}:{port} ({error.strerror}). Mend: choose another port with QA_PORT=…, or stop what uses it"
        ) from error
    return listener


def create_app(assistant: Assistant) -> FastAPI:
    """Return the app: `/` leads to the reader's language, `/health` says what is served, a page at each language's path."""
    app = FastAPI(title="Kaiyaku", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "generation": assistant.generation.id})

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return Response(FAVICON, media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})

    @app.get("/")
    def home(request: Request) -> RedirectResponse:
        language = preferred_language(request.cookies.get(COOKIE, ""), request.headers.get("accept-language", ""))
        return RedirectResponse(f"/{language}/", status_code=307)

    @app.middleware("http")
    async def remember_language(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call(request)
        path = request.url.path.strip("/")
        if path in tuple(Language) and request.method == "GET":
            response.set_cookie(COOKIE, path, max_age=_YEAR_SECONDS, samesite="lax", httponly=True)
        return response

    for language in Language:
        gr.mount_gradio_app(
            app,
            chat_page(assistant, language),
            path=f"/{language}",
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            show_error=False,
            mcp_server=False,
            max_file_size=0,
            theme=theme(),
            css=CSS,
        )
    app.add_middleware(Security)
    return app


def preferred_language(cookie: str, accept_language: str) -> Language:
    """Return the language of the page: the remembered one, else the browser's first that there is a page in, else zh-Hans."""
    if cookie in tuple(Language):
        return Language(cookie)
    weighted = []
    for number, entry in enumerate(accept_language.split(",")):
        if found := _ACCEPTED.fullmatch(entry.strip().lower()):
            weight = float(found["weight"] or 1)
            weighted.append((-weight, number, found["tag"]))
    for weight, _, tag in sorted(weighted):
        if weight < 0 and (language := _page_language(tag)):
            return language
    return Language.ZH_HANS


def _page_language(tag: str) -> Language | None:
    """Return the page for a language tag, None where there is none: zh-HK is zh-Hant, zh-SG zh-Hans."""
    parts = tag.split("-")
    if parts[0] in ("zh", "yue"):
        traditional = {"hant", "tw", "hk", "mo"}.intersection(parts[1:]) and "hans" not in parts
        return Language.ZH_HANT if traditional else Language.ZH_HANS
    return {"ja": Language.JA, "en": Language.EN}.get(parts[0])
