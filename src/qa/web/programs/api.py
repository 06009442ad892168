"""The HTTP endpoints: the tools as JSON, described by OpenAPI.

What is asked goes in the body of a POST, since addresses end up in logs, histories and caches.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Query
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from qa.errors import BusyError, QuestionError, UnknownGuideError
from qa.web.programs import examples
from qa.web.programs.requests import AskRequest, GuideId, GuideRequest, GuidesRequest, SearchRequest
from qa.web.programs.results import AskResult, ErrorResult, GuideResult, GuidesResult, SearchResult

if TYPE_CHECKING:
    from starlette.requests import Request

    from qa.web.programs.tools import Tools

RETRY_SECONDS = 60
_MOST_CHARACTERS = 1000  # of what is said about a request that can hold any number of faults
# Any other error is a fault of the server.
_STATUSES: dict[type[Exception], int] = {QuestionError: 422, UnknownGuideError: 404, BusyError: 503}
_DESCRIPTION = """\
Answers about cancelling a Japanese mobile line, quoted from sourced guides, with citations that can be checked.

Everything is read-only, and there is no key. No language model writes anything: `text` and every citation's `quote` are the guides' own
words, `guide.text[start:end] == quote`, counted in Unicode code points. Where `outcome` is `not_covered`, the guides don't answer the
question, and nobody should.
"""
Response = dict[int | str, dict[str, Any]]


def _fault(status: int, description: str, **more: Any) -> Response:
    return {status: {"model": ErrorResult, "description": description, **more}}


def _shown(description: str, example: dict[str, Any]) -> Response:
    return {200: {"description": description, "content": {"application/json": {"example": example}}}}


_INVALID = _fault(
    422, "The request can't be used; the message says why.", content={"application/json": {"example": examples.FAULT}}
)
_BUSY = _fault(
    503,
    "Too many questions at once.",
    headers={"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
)
_UNKNOWN = _fault(404, "There is no such guide; the message names those that there are.")
_FAILED = _fault(500, "A fault of the server; its log alone has the cause.")


def api(tools: Tools) -> FastAPI:
    """Return the app that serves tools, to be mounted where its paths shall begin."""
    app = FastAPI(
        title="Kaiyaku",
        version=version("kaiyaku-qa"),
        summary="Questions and answers about cancelling a Japanese mobile line",
        description=_DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        # The pages that FastAPI would show it on load scripts from another host.
        docs_url=None,
        redoc_url=None,
        responses=_FAILED,
    )

    @app.post(
        "/ask",
        operation_id="ask",
        summary="Answer one question",
        responses=_shown("The answer.", examples.ASK) | _INVALID | _BUSY,
    )
    async def ask(request: AskRequest) -> AskResult:
        """Answer one question with citations, say that the closest passages are no answer, or that the guides don't cover it."""
        return await tools.in_line(tools.ask, request.question, request.language, request.earlier)

    @app.post(
        "/search",
        operation_id="search",
        summary="Find passages",
        responses=_shown("The hits.", examples.SEARCH) | _INVALID | _BUSY,
    )
    async def search(request: SearchRequest) -> SearchResult:
        """Find the passages that match best. A hit is no answer: ask decides whether one is there."""
        return await tools.in_line(tools.search, request.query, request.k, request.mode, request.language, request.operator)

    @app.get(
        "/guides", operation_id="guides", summary="List the guides", responses=_shown("The guides.", examples.GUIDES) | _INVALID
    )
    def guides(wanted: Annotated[GuidesRequest, Query()]) -> GuidesResult:
        """List every guide once, in the wanted language or the nearest."""
        return tools.guides(wanted.language, sections=wanted.sections)

    @app.get(
        "/guides/{guide_id}",
        operation_id="guide",
        summary="Read a guide",
        responses=_shown("The guide.", examples.GUIDE) | _UNKNOWN | _INVALID,
    )
    def guide(guide_id: Annotated[GuideId, Path()], wanted: Annotated[GuideRequest, Query()]) -> GuideResult:
        """Return a whole guide as written, in which the offsets of citations and hits count."""
        return tools.guide(guide_id, wanted.language)

    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in _STATUSES:
        app.add_exception_handler(kind, _explained)
    app.add_exception_handler(HTTPException, _no_such_endpoint)
    app.add_exception_handler(Exception, _failed)
    return app


def _error(status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    # JSON can name halves of characters, which can't be sent back.
    sendable = message.encode("utf-8", "replace").decode()
    return JSONResponse({"error": {"type": kind, "message": sendable}}, status, headers)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    return _error(422, "RequestError", f"{faults[:_MOST_CHARACTERS]}. Mend: send application/json as openapi.json describes it")


def _explained(_request: Request, error: Exception) -> JSONResponse:
    headers = {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, BusyError) else {}
    return _error(_STATUSES[type(error)], type(error).__name__, str(error), headers)


def _no_such_endpoint(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    return _error(error.status_code, "RequestError", f"{error.detail}. Mend: openapi.json names what there is", headers)


def _failed(_request: Request, _cause: Exception) -> JSONResponse:
    # The cause may name files of the server: it is for its log, where the server puts it.
    return _error(
        500, "InternalError", "Something went wrong here, not in the request. Mend: try again; the server's log has the cause"
    )
