"""The web server: our own app with one Gradio page per language mounted on it."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

# Read by Gradio when it is imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response

from qa.datatypes import Language
from qa.errors import ServerError
from qa.web.browsing.pages import pages_router
from qa.web.chat.page import chat_page
from qa.web.chat.style import head, theme
from qa.web.feedback import feedback_router
from qa.web.frame import Frame
from qa.web.languages import COOKIE, chat_path, preferred_language
from qa.web.programs.api import api
from qa.web.programs.mcp import mcp_route, mcp_server, serving
from qa.web.programs.tools import Tools
from qa.web.security import Security
from qa.web.static_files import FOLDER, PATH, KeptFiles
from qa.web.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from qa.answering.assistant import Assistant
    from qa.feedback.store import FeedbackStore

_YEAR_SECONDS = 365 * 24 * 3600
_SECONDS_TO_FINISH = 3  # for answers that are being made when the server is told to stop


def serve(
    host: str,
    port: int,
    open_assistant: Callable[[], Assistant],
    feedback: FeedbackStore | None,
    say: Callable[[str], None],
) -> None:
    """Serve the web chat until it is stopped; ServerError where the port is taken. Without a store it takes no feedback.

    The port is claimed first, so that nobody waits for a model to load only to learn that it can't be served.
    """
    listener = _listen(host, port)
    with listener:
        assistant = open_assistant()
        assistant.warm_up()
        assistant.keep_to_one_core()
        # Every open page keeps a connection, which would keep a server that is told to stop from ending.
        config = uvicorn.Config(
            create_app(assistant, feedback), log_level="warning", timeout_graceful_shutdown=_SECONDS_TO_FINISH
        )
        server = uvicorn.Server(config)
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


def create_app(assistant: Assistant, feedback: FeedbackStore | None) -> FastAPI:
    """Return the app: `/` leads to the reader's language, `/health` says what is served, a chat page at each language's path."""
    turnstile = Turnstile()
    tools = Tools(assistant, turnstile)
    agents = mcp_server(tools)
    app = FastAPI(title="Kaiyaku", docs_url=None, redoc_url=None, openapi_url=None, lifespan=serving(agents))

    @app.get("/health")
    def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "generation": assistant.generation.id})

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return FileResponse(FOLDER / "favicon.svg", headers={"cache-control": "max-age=86400"})

    @app.get("/")
    def home(request: Request) -> RedirectResponse:
        language = preferred_language(request.cookies.get(COOKIE, ""), request.headers.get("accept-language", ""))
        return RedirectResponse(chat_path(language, request.query_params.get("q", "")), status_code=307)

    @app.middleware("http")
    async def remember_language(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call(request)
        language, _, _ = request.url.path.strip("/").partition("/")
        # A page that the browser still has comes without a type.
        is_page = response.status_code == 304 or response.headers.get("content-type", "").startswith("text/html")  # noqa: PLR2004
        if language in tuple(Language) and is_page and request.method == "GET":
            response.set_cookie(COOKIE, language, max_age=_YEAR_SECONDS, samesite="lax", httponly=True)
        return response

    app.include_router(pages_router(assistant))
    if feedback:
        app.include_router(feedback_router(feedback))
    app.mount("/api", api(tools))
    app.router.routes.append(mcp_route(agents))
    app.mount(PATH, KeptFiles(), name="static")
    for language in Language:
        gr.mount_gradio_app(
            app,
            chat_page(assistant, language, turnstile, feedback=bool(feedback)),
            path=f"/{language}",
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            show_error=False,
            mcp_server=False,
            max_file_size=0,
            theme=theme(),
            head=head(language),
        )
    app.add_middleware(Frame)
    app.add_middleware(Security)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    return app
