"""The pages that can be read without asking, and without JavaScript: the operators, and every guide."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.datatypes import Language
from qa.web.browsing.browse import browse_page
from qa.web.browsing.guide_page import guide_page
from qa.web.browsing.operator_choice import OperatorChoice
from qa.web.browsing.shell import render
from qa.web.languages import browse_path

if TYPE_CHECKING:
    from qa.answering.assistant import Assistant


def pages_router(assistant: Assistant) -> APIRouter:
    """Return the routes of every language; they have to come before the chat, which takes every path below its language."""
    router = APIRouter()
    for language in Language:
        _add_pages(router, assistant, language)
    return router


def _add_pages(router: APIRouter, assistant: Assistant, language: Language) -> None:
    # Beside GET: a check whether a link still leads somewhere asks with HEAD.
    @router.api_route(f"/{language}/operators", methods=["GET", "HEAD"])
    def operators(request: Request) -> Response:
        choice = OperatorChoice.from_query(request.query_params)
        return _page(request, browse_page(assistant.generation, language, choice, _today()))

    @router.api_route(f"/{language}/guides/{{guide_id}}", methods=["GET", "HEAD"])
    def guide(request: Request, guide_id: str) -> Response:
        page = guide_page(assistant.generation, language, guide_id, _today())
        return missing() if page is None else _page(request, page)

    @router.api_route(f"/{language}/guides", methods=["GET", "HEAD"])
    @router.api_route(f"/{language}/guides/", methods=["GET", "HEAD"])
    @router.api_route(f"/{language}/operators/", methods=["GET", "HEAD"])
    def to_operators() -> RedirectResponse:
        return RedirectResponse(browse_path(language), status_code=307)

    @router.api_route(f"/{language}/guides/{{rest:path}}", methods=["GET", "HEAD"])
    @router.api_route(f"/{language}/operators/{{rest:path}}", methods=["GET", "HEAD"])
    def missing() -> HTMLResponse:
        return HTMLResponse(render("missing", language, browse_path), status_code=404)


def _page(request: Request, html: str) -> Response:
    """Return html, or that it is still what the browser has: a page changes with the guides, the texts and, once a year, the day."""
    headers = {"etag": f'W/"{hashlib.sha256(html.encode()).hexdigest()[:32]}"', "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, headers=headers)


def _today() -> date:
    return datetime.now(UTC).date()
