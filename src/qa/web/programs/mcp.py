"""The MCP server: the tools for agents, with structured output, over HTTP and over stdio."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from qa.answering.assistant import HITS
from qa.datatypes import Mode
from qa.errors import BusyError, QuestionError, UnknownGuideError
from qa.web.programs.requests import (
    AnswerLanguage,
    Count,
    Earlier,
    GuideId,
    GuideLanguage,
    HowScored,
    OperatorKey,
    Query,
    Question,
    SearchLanguage,
)
from qa.web.programs.results import AskResult, GuideResult, GuidesResult, SearchResult

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Receive, Scope, Send

    from qa.web.programs.tools import Tools

PATH = "/mcp"
_READ_ONLY = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_INSTRUCTIONS = """\
Sourced guides about cancelling a Japanese mobile line (解約, 销户) and keeping a number: docomo, au, SoftBank, Rakuten Mobile, povo, LINEMO, \
ahamo, UQ mobile, Y!mobile and many MVNOs. Who asks fears losing money or a number, and a made-up answer costs them both.

Use `ask` for every question, one at a time, in the person's own language and words. What it returns decides what you may say:
- outcome `answered`: say what `text` says, and keep its markers. Every statement needs its citation: quote `display` word by word, name \
`sources` with their dates (a third party's page is not the operator's), and say on which day the guide was `checked`.
- outcome `related`: these are the closest passages, not an answer. Say so before you quote them, and draw no conclusion from them.
- outcome `not_covered`: say that the guides don't cover it, and give what `text` gives, such as the operator's own page. \
Don't answer from your own knowledge, and don't fill the gap from another operator's guide.
Where two citations disagree, show both. Give amounts, deadlines and conditions exactly as quoted; add none. Give `official_url` so that \
the person can check.

`search` finds passages where you look for words rather than an answer; `guides` lists what there is; `guide` returns a whole guide, in \
whose text the offsets of every citation count. Nothing here writes anything or cancels anything.
"""


def mcp_server(tools: Tools) -> MCPServer:
    """Return the server of the tools `ask`, `search`, `guides` and `guide`."""

    async def ask(question: Question, language: AnswerLanguage = None, earlier: Earlier = ()) -> AskResult:
        with _explained():
            return await tools.in_line(tools.ask, question, language, earlier)

    async def search(
        query: Query,
        k: Count = HITS,
        mode: HowScored = Mode.HYBRID,
        language: SearchLanguage = None,
        operator: OperatorKey = None,
    ) -> SearchResult:
        with _explained():
            return await tools.in_line(tools.search, query, k, mode, language, operator)

    def guides(
        language: GuideLanguage = None,
        sections: Annotated[
            bool, Field(description="Whether to list the sections of every guide, which makes the list long.")
        ] = False,
    ) -> GuidesResult:
        return tools.guides(language, sections=sections)

    def guide(guide_id: GuideId, language: GuideLanguage = None) -> GuideResult:
        with _explained():
            return tools.guide(guide_id, language)

    # Else MCPServer gives the whole process' log a handler of its own, which draws boxes.
    logging.basicConfig(format="%(message)s")
    return MCPServer(
        "kaiyaku",
        title="Kaiyaku",
        instructions=_INSTRUCTIONS,
        version=version("kaiyaku-qa"),
        log_level="WARNING",
        subscriptions=False,
        tools=[
            _tool(
                ask,
                "Ask about cancelling a Japanese mobile line",
                "Answer one question about cancelling a Japanese mobile line or keeping its number, quoted from sourced guides, with "
                "citations. Look at `outcome` first: only `answered` is an answer; for `related` say that these are only the closest "
                "passages; for `not_covered` say that the guides don't cover it, and don't answer from your own knowledge. Quote each "
                "citation's `display` word by word with its marker, its sources and the day it was `checked`.",
            ),
            _tool(
                search,
                "Search the guides",
                "Find the passages of the guides that match best, best first. A hit is not an answer, and there are hits for every "
                "query: use `ask` for questions, since it also says when the guides don't cover something.",
            ),
            _tool(
                guides,
                "List the guides",
                "List every guide once: which operators and topics there are, in which language, checked on which day.",
            ),
            _tool(
                guide,
                "Read a guide",
                "Return a whole guide as written, Markdown with footnotes that `sources` resolves. A citation is exact where "
                "text[start:end] equals its quote, counted in Unicode code points. A section that is not `is_known` holds no facts.",
            ),
        ],
    )


def mcp_route(server: MCPServer) -> Route:
    """Return the route that serves server at PATH as stateless HTTP, every response one JSON object, while `serving` is entered."""
    # The app that this returns is not used: its one route would also take GET, whose streams stay open though nothing ever comes.
    server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        # No list of hosts: people serve under names that only they know, and all that is said here is public. See _OwnOrigin.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Route(PATH, _OwnOrigin(server.session_manager), methods=["POST"])


def serving(server: MCPServer) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """Return the lifespan of an app that has `mcp_route(server)`."""

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        async with server.session_manager.run():
            yield

    return lifespan


class _OwnOrigin:
    """Refuses what a page of another site sends through somebody's browser; programs name no origin."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            await PlainTextResponse("refused: a page of another site", 403)(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


@contextmanager
def _explained() -> Iterator[None]:
    """Hand on what an error says to who called the tool; of others the server says nothing, and its log everything."""
    try:
        yield
    except (BusyError, QuestionError, UnknownGuideError) as error:
        raise ToolError(str(error)) from error


def _tool(function: Callable[..., Any], title: str, description: str) -> Tool:
    """Return function as a tool that refuses arguments it doesn't know, rather than pass them over."""
    tool = Tool.from_function(function, title=title, description=description, annotations=_READ_ONLY, structured_output=True)

    model = tool.fn_metadata.arg_model
    closed = create_model(model.__name__, __base__=(model, _Closed), __module__=__name__)
    metadata = tool.fn_metadata.model_copy(update={"arg_model": closed})
    return tool.model_copy(update={"fn_metadata": metadata, "parameters": closed.model_json_schema(by_alias=True)})
