from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

import httpx
import pytest
from command_line import point_at, run
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent, Tool
from web.chat_server import ChatServer, environment
from web.held_turnstile import held

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Language, Weights
from qa.index.embedder import Embedder
from qa.web.programs.mcp import mcp_server
from qa.web.programs.tools import Tools
from qa.web.turnstile import Turnstile

QA_MCP = ("-m", "qa.cli", "mcp")
QUESTIONS = {
    "answered": "povo 销户费用多少钱",
    "several": "povo 怎么在线销户",
    "japanese": "povoの解約金はいくらですか",
    "traditional": "povo 的 SIM 卡要歸還嗎",
    "not covered": "NHK 怎么取消",
}
FEE = QUESTIONS["answered"]
# What is called with which arguments.
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: ("ask", {"question": question}) for name, question in QUESTIONS.items()},
    "follow-up": ("ask", {"question": "SIM 卡要归还吗", "earlier": [FEE], "language": "ja"}),
    "search": ("search", {"query": "解約金", "k": 2, "mode": "lexical", "language": "ja", "operator": "povo"}),
    "guides": ("guides", {"language": "ja"}),
    "all sections": ("guides", {"sections": True}),
    "guide": ("guide", {"guide_id": "povo"}),
    "empty": ("ask", {"question": " "}),
    "over-long": ("ask", {"question": "字" * 2001}),
    "unknown argument": ("ask", {"question": FEE, "lang": "ja"}),
    "unknown language": ("ask", {"question": FEE, "language": "fr"}),
    "no question": ("ask", {}),
    "too many hits": ("search", {"query": FEE, "k": 101}),
    "unknown operator": ("search", {"query": FEE, "operator": "nope"}),
    "unknown guide": ("guide", {"guide_id": "nope"}),
    "unknown tool": ("build", {}),
}


@dataclass(frozen=True)
class Seen:
    """What a client was told: by the server about itself, and for each of CALLS."""

    tools: dict[str, Tool]
    instructions: str
    results: dict[str, CallToolResult]

    def value(self, call: str) -> dict[str, Any]:
        """Return the structured content of a call that succeeded."""
        result = self.results[call]
        assert not result.is_error
        assert isinstance(result.structured_content, dict)
        return result.structured_content

    def text(self, call: str) -> str:
        """Return the text of a call."""
        (content,) = self.results[call].content
        assert isinstance(content, TextContent)
        return content.text


def look(server: StdioServerParameters | str, mode: str = "auto") -> Seen:
    """Connect a client of the SDK and make all calls."""

    async def connected() -> Seen:
        async with Client(server, mode=mode) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            results = {call: await client.call_tool(name, arguments) for call, (name, arguments) in CALLS.items()}
            return Seen(tools, client.instructions or "", results)

    return asyncio.run(connected())


@pytest.fixture(scope="module")
def over_http(small_chat: ChatServer) -> Seen:
    return look(f"{small_chat.url}/mcp")


@pytest.fixture(scope="module")
def over_stdio(small_index: Settings) -> Seen:
    own = {key: getattr(small_index, key) for key in ("corpus", "index", "cache")}
    folder = small_index.index.parent
    return look(StdioServerParameters(command=sys.executable, args=list(QA_MCP), env=environment(**own), cwd=folder))


@pytest.fixture(params=["over_http", "over_stdio"])
def seen(request: pytest.FixtureRequest) -> Seen:
    value = request.getfixturevalue(request.param)
    assert isinstance(value, Seen)
    return value


def test_the_tools_are_these_and_all_only_read(seen: Seen) -> None:
    assert list(seen.tools) == ["ask", "search", "guides", "guide"]
    for tool in seen.tools.values():
        assert tool.annotations
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.open_world_hint is False


def test_every_tool_argument_and_result_is_described(seen: Seen) -> None:
    for tool in seen.tools.values():
        assert tool.title
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        assert all(argument["description"] for argument in tool.input_schema["properties"].values())
        assert tool.output_schema
        assert tool.output_schema["type"] == "object"
        assert tool.output_schema["additionalProperties"] is False


def test_an_agent_is_told_what_each_outcome_lets_it_say(seen: Seen) -> None:
    description = seen.tools["ask"].description or ""
    for outcome in ("answered", "related", "not_covered"):
        assert f"`{outcome}`" in description
        assert f"`{outcome}`" in seen.instructions


def test_an_answer_comes_structured_and_as_the_same_json_in_text(seen: Seen) -> None:
    answer = seen.value("answered")
    assert (answer["question"], answer["outcome"]) == (FEE, "answered")
    assert answer["citations"][0]["section_id"] == "povo#fees"
    assert json.loads(seen.text("answered")) == answer


def test_what_is_not_covered_says_so(seen: Seen) -> None:
    answer = seen.value("not covered")
    assert (answer["outcome"], answer["citations"]) == ("not_covered", [])


def test_a_question_goes_with_those_before_it(seen: Seen) -> None:
    answer = seen.value("follow-up")
    assert (answer["language"], answer["citations"][0]["section_id"]) == ("ja", "povo#sim")


def test_search_takes_every_argument(seen: Seen) -> None:
    found = seen.value("search")
    assert found["mode"] == "lexical"
    assert [(hit["guide_id"], hit["language"]) for hit in found["hits"]] == [("povo", "ja")] * 2


def test_the_list_of_guides_is_short_unless_sections_are_wanted(seen: Seen) -> None:
    assert {guide["sections"] for guide in seen.value("guides")["guides"]} == {None}
    assert all(guide["sections"] for guide in seen.value("all sections")["guides"])


def test_every_quote_stands_in_its_guide(seen: Seen) -> None:
    text = seen.value("guide")["text"]
    quoted = [citation for name in ("answered", "several") for citation in seen.value(name)["citations"]]
    assert quoted
    assert [text[citation["start"] : citation["end"]] for citation in quoted] == [citation["quote"] for citation in quoted]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("empty", "The question is empty. Mend: "),
        ("over-long", "The question is 2001 characters long; 2000 are the most. Mend: "),
        ("unknown argument", "lang\n  Extra inputs are not permitted"),
        ("unknown language", "Input should be 'zh-Hans', 'zh-Hant', 'ja' or 'en'"),
        ("no question", "question\n  Field required"),
        ("too many hits", "Input should be less than or equal to 100"),
        ("unknown operator", "No operator is called 'nope'. Mend: one of "),
        ("unknown guide", "No guide is called 'nope'. Mend: one of "),
        ("unknown tool", "Unknown tool: build"),
    ],
)
def test_what_cannot_be_done_is_a_tool_error_that_says_why(call: str, message: str, seen: Seen) -> None:
    assert seen.results[call].is_error
    assert message in seen.text(call)


def test_paths_are_named_where_there_are_pages(over_http: Seen, over_stdio: Seen) -> None:
    assert over_http.value("answered")["citations"][0]["path"] == "/zh-Hans/guides/povo#fees"
    assert '"path"' not in over_stdio.text("answered") + over_stdio.text("guide")


def test_a_client_of_the_protocol_before_is_served_alike(small_chat: ChatServer, over_http: Seen) -> None:
    before = look(f"{small_chat.url}/mcp", mode="legacy")
    assert before.tools == over_http.tools
    assert before.instructions == over_http.instructions
    assert before.value("guide") == over_http.value("guide")
    assert before.value("answered")["citations"] == over_http.value("answered")["citations"]
    assert before.text("empty") == over_http.text("empty")


@pytest.fixture
def assistant(small_index: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """Return an assistant on the index that the command line uses too."""
    point_at(small_index, monkeypatch, embedder)
    return Assistant(small_index.index, embedder, Weights())


@pytest.mark.parametrize("name", QUESTIONS)
def test_everyone_gets_the_same_answer_with_the_same_citations(
    name: str, over_http: Seen, over_stdio: Seen, small_chat: ChatServer, assistant: Assistant
) -> None:
    """HTTP, MCP both ways, the command line, Python, and what the page in each language shows."""
    question = QUESTIONS[name]
    answer = assistant.answer(question)
    pages = [assistant.answer_from_generation(question, hint=page)[0].citations for page in Language]
    assert pages == [answer.citations] * len(Language)
    with small_chat.client() as client:
        http = client.post("/api/ask", json={"question": question}).raise_for_status().json()
    results = {
        "HTTP": http,
        "MCP over HTTP": over_http.value(name),
        "MCP over stdio": over_stdio.value(name),
        "command line": run("ask", question, "--json").json,
    }
    expected = json.loads(json.dumps([asdict(citation) for citation in answer.citations]))
    assert bool(expected) == (name != "not covered")
    for how, result in results.items():
        citations = [{key: value for key, value in each.items() if key != "path"} for each in result["citations"]]
        assert citations == expected, how
        assert (result["text"], result["outcome"]) == (answer.text, answer.outcome), how
    assert http["citations"] == over_http.value(name)["citations"]


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


def initialized(server: ChatServer, **headers: str) -> httpx.Response:
    with server.client(**{"accept": "application/json, text/event-stream", **headers}) as client:
        return client.post("/mcp", json=INITIALIZE)


def test_a_response_is_one_json_object_without_a_session(small_chat: ChatServer) -> None:
    response = initialized(small_chat)
    assert response.headers["content-type"] == "application/json"
    assert "mcp-session-id" not in response.headers
    assert response.json()["result"]["serverInfo"]["name"] == "kaiyaku"


@pytest.mark.parametrize("host", ["localhost", "kaiyaku.example.org", "192.0.2.7:8080"])
def test_the_server_is_reached_by_whatever_name_it_is_served_under(host: str, small_chat: ChatServer) -> None:
    assert initialized(small_chat, host=host).status_code == 200
    assert initialized(small_chat, host=host, origin=f"https://{host}").status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "https://evil.example:7860"])
def test_a_page_of_another_site_is_refused(origin: str, small_chat: ChatServer) -> None:
    assert initialized(small_chat, host="kaiyaku.example.org", origin=origin).status_code == 403


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_nothing_but_calls_is_served(method: str, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        assert client.request(method, "/mcp").status_code == 405


def test_a_call_without_a_turn_is_told_so(small_index: Settings, embedder: Embedder) -> None:
    turnstile = Turnstile(at_once=1, patience_seconds=0.3)
    server = mcp_server(Tools(Assistant(small_index.index, embedder, Weights()), turnstile))

    async def ask() -> CallToolResult:
        async with Client(server) as client:
            return await client.call_tool("ask", {"question": FEE})

    with held(turnstile):
        result = asyncio.run(ask())
    assert result.is_error
    assert "Mend: ask again in a minute" in str(result.content)


class BrokenTools(Tools):
    def ask(self, *_: object, **__: object) -> Any:
        raise RuntimeError("/srv/secret/index is gone")


def test_a_fault_of_the_server_says_nothing_of_its_cause(
    small_index: Settings, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    server = mcp_server(BrokenTools(Assistant(small_index.index, embedder, Weights()), Turnstile()))

    async def ask() -> CallToolResult:
        async with Client(server) as client:
            return await client.call_tool("ask", {"question": FEE})

    result = asyncio.run(ask())
    assert result.is_error
    assert "secret" not in str(result)
    assert "secret" in caplog.text


def test_over_stdio_stdout_holds_the_protocol_alone_and_the_end_of_stdin_ends_it(small_index: Settings) -> None:
    own = {key: getattr(small_index, key) for key in ("corpus", "cache")}
    index = small_index.index.parent / "built-by-mcp"
    done = subprocess.run(
        [sys.executable, *QA_MCP],
        env=environment(index=index, **own),
        cwd=small_index.index.parent,
        input=json.dumps(INITIALIZE) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["result"]["serverInfo"]["name"] == "kaiyaku"
    assert "8 guides" in done.stderr  # an index is built where there is none, and only stderr says so


def test_over_stdio_what_cannot_be_opened_is_one_line_on_stderr(small_index: Settings) -> None:
    done = subprocess.run(
        [sys.executable, *QA_MCP],
        env=environment(index="none", corpus="none", cache=small_index.cache),
        cwd=small_index.index.parent,
        input="",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "No corpus: none is not a folder. Mend: name the guides' folder with QA_CORPUS=…\n"
