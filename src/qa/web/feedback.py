"""POST /feedback: what the page sends when a reader says that an answer is helpful, wrong, outdated or missing."""

from __future__ import annotations

import logging
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool

from qa.corpus.yaml_text import Closed
from qa.datatypes import Language, Outcome
from qa.errors import FeedbackError, QuestionError
from qa.feedback.entry import Verdict
from qa.feedback.store import MAX_QUESTION, MAX_REMARK, FeedbackStore
from qa.web.token_bucket import TokenBucket

PATH = "/feedback"
A_MINUTE = 60  # from all readers together
MAX_BYTES = 64_000  # the longest question and remark take less, however they are escaped

_NAME = "[a-z0-9]+(?:-[a-z0-9]+)*"
_SectionId = Annotated[str, Field(pattern=f"^{_NAME}#{_NAME}$", max_length=200)]
_OperatorKey = Annotated[str, Field(pattern=f"^{_NAME}$", max_length=100)]

_log = logging.getLogger(__name__)


class Given(Closed):
    """What the page sends. question is as it was understood, completed from earlier turns; language is the answer's."""

    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    language: Language
    outcome: Outcome
    verdict: Verdict
    remark: str = Field("", max_length=MAX_REMARK)
    sections: tuple[_SectionId, ...] = Field((), max_length=50)
    operators: tuple[_OperatorKey, ...] = Field((), max_length=100)
    generation: str = Field("", pattern="^[A-Za-z0-9-]{0,100}$")


def feedback_router(store: FeedbackStore, bucket: TokenBucket | None = None) -> APIRouter:
    """Return the route that puts what our own page sends into store.

    204 it is kept; 403 another page sent it; 415 it is no JSON; 413 it is too long; 422 it says something that no answer can get; 429 there
    was too much within a minute; 503 the file can't take it. All but 204 say why in `detail`.
    """
    router = APIRouter()
    allowed = bucket or TokenBucket(A_MINUTE)

    @router.post(PATH, response_model=None)
    async def feedback(request: Request) -> Response:
        if not _is_from_our_page(request):
            raise HTTPException(403, "Feedback is taken from this site's own pages alone.")
        given = await _given(request)
        if not allowed.take():
            raise HTTPException(429, "There is too much feedback at the moment. Try again in a minute.", {"retry-after": "60"})
        try:
            await run_in_threadpool(store.add, **dict(given))
        except QuestionError as error:
            raise HTTPException(422, f"question: {error}") from error
        except FeedbackError as error:
            _log.warning("Feedback could not be kept: %s", error)
            raise HTTPException(503, "Feedback can't be kept at the moment. Try again later.") from error
        return Response(status_code=204)

    return router


def _is_from_our_page(request: Request) -> bool:
    """Whether a page of this site sent the request: browsers say so, and no page can say it for another."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    # Browsers leave it out where the site is served without TLS under another name than localhost.
    sender = urlsplit(request.headers.get("origin", "")).netloc.lower()
    return bool(sender) and sender == request.headers.get("host", "").lower()


async def _given(request: Request) -> Given:
    """Return what the request says; HTTPException where it is not JSON, too long, or not what a page sends."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "Feedback is sent as application/json.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            raise HTTPException(413, f"Feedback is at most {MAX_BYTES:,} bytes long.")
    try:
        return Given.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise HTTPException(422, f"{place}: {first['msg']}" if place else first["msg"]) from error
