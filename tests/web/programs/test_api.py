from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from web.chat_server import ChatServer
from web.held_turnstile import held

from qa.answering.assistant import Assistant
from qa.config import Settings
from qa.datatypes import Weights
from qa.index.embedder import Embedder
from qa.web.programs.api import RETRY_SECONDS, api
from qa.web.programs.tools import Tools
from qa.web.turnstile import Turnstile

FEE = "povo 销户费用多少钱"


@pytest.fixture(scope="module")
def client(small_chat: ChatServer) -> Iterator[httpx.Client]:
    with small_chat.client() as client:
        yield client


@pytest.fixture(scope="module")
def described(client: httpx.Client) -> dict[str, Any]:
    """Return the OpenAPI description that is served."""
    response = client.get("/api/openapi.json")
    assert response.headers["content-type"] == "application/json"
    value = response.json()
    assert isinstance(value, dict)
    return value


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the operations by method and path."""
    return {f"{method} {path}": each for path, methods in described["paths"].items() for method, each in methods.items()}


def test_a_question_is_answered_with_citations(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json={"question": FEE}).raise_for_status().json()
    assert (answer["question"], answer["language"], answer["outcome"]) == (FEE, "zh-Hans", "answered")
    (citation,) = answer["citations"]
    assert citation["section_id"] == "povo#fees"
    assert f"[{citation['marker']}]" in answer["text"]
    guide = client.get(f"/api/guides/{citation['guide_id']}", params={"language": citation["language"]}).json()
    assert guide["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_the_questions_before_go_with_the_question(client: httpx.Client) -> None:
    body = {"question": "SIM 卡要归还吗", "earlier": ["povo 怎么销户"], "language": "ja"}
    answer = client.post("/api/ask", json=body).json()
    assert answer["language"] == "ja"
    assert answer["citations"][0]["section_id"] == "povo#sim"


def test_what_is_not_covered_says_so_and_cites_nothing(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json={"question": "NHK 怎么取消"}).json()
    assert (answer["outcome"], answer["citations"]) == ("not_covered", [])


def test_search_narrows_down_and_ranks(client: httpx.Client) -> None:
    body = {"query": "解約金", "k": 2, "mode": "lexical", "language": "ja", "operator": "povo"}
    found = client.post("/api/search", json=body).raise_for_status().json()
    assert [hit["guide_id"] for hit in found["hits"]] == ["povo", "povo"]
    assert found["hits"][0]["score"] >= found["hits"][1]["score"]
    assert found["mode"] == "lexical"


def test_the_guides_are_listed_with_or_without_their_sections(client: httpx.Client) -> None:
    listed = client.get("/api/guides", params={"language": "ja"}).raise_for_status().json()
    assert {guide["guide_id"]: guide["language"] for guide in listed["guides"]}["rakuten-mobile"] == "ja"
    assert all(guide["sections"] for guide in listed["guides"])
    short = client.get("/api/guides", params={"language": "ja", "sections": "false"}).json()
    assert [{**guide, "sections": None} for guide in listed["guides"]] == short["guides"]


@pytest.mark.parametrize(
    ("request_line", "body", "status", "kind", "message"),
    [
        ("POST /ask", {"question": ""}, 422, "QuestionError", "The question is empty"),
        ("POST /ask", {"question": "字" * 2001}, 422, "QuestionError", "2001 characters long; 2000 are the most"),
        ("POST /ask", {}, 422, "RequestError", "body.question: Field required"),
        ("POST /ask", {"question": 5}, 422, "RequestError", "body.question: Input should be a valid string"),
        ("POST /ask", {"question": "povo", "lang": "ja"}, 422, "RequestError", "body.lang: Extra inputs are not permitted"),
        ("POST /ask", {"question": "povo", "language": "fr"}, 422, "RequestError", "'zh-Hans', 'zh-Hant', 'ja' or 'en'"),
        ("POST /ask", {"question": "povo", "earlier": ["a"] * 21}, 422, "RequestError", "at most 20 items"),
        ("POST /ask", [], 422, "RequestError", "Mend: send application/json"),
        ("GET /ask", None, 405, "RequestError", "Method Not Allowed"),
        ("POST /search", {"query": " "}, 422, "QuestionError", "The question is empty"),
        ("POST /search", {"query": "x", "operator": "nope"}, 422, "QuestionError", "No operator is called 'nope'"),
        ("POST /search", {"query": "x", "k": 0}, 422, "RequestError", "body.k"),
        ("POST /search", {"query": "x", "k": 101}, 422, "RequestError", "body.k"),
        ("POST /search", {"query": "x", "mode": "fuzzy"}, 422, "RequestError", "'hybrid', 'dense' or 'lexical'"),
        ("GET /guides?language=fr", None, 422, "RequestError", "query.language"),
        ("GET /guides?langauge=ja", None, 422, "RequestError", "query.langauge: Extra inputs are not permitted"),
        ("GET /guides/nope", None, 404, "UnknownGuideError", "Mend: one of"),
        ("GET /guides/povo/more", None, 404, "RequestError", "Not Found"),
        ("POST /guides", {}, 405, "RequestError", "Method Not Allowed"),
        ("DELETE /guides/povo", None, 405, "RequestError", "Method Not Allowed"),
        ("GET /nope", None, 404, "RequestError", "openapi.json names what there is"),
        ("GET /docs", None, 404, "RequestError", "Not Found"),
        ("GET /redoc", None, 404, "RequestError", "Not Found"),
    ],
)
def test_what_cannot_be_served_is_an_error_that_says_why(
    request_line: str, body: object, status: int, kind: str, message: str, client: httpx.Client
) -> None:
    method, path = request_line.split()
    response = client.request(method, f"/api{path}", json=body)
    assert response.status_code == status
    error = response.json()
    assert list(error) == ["error"]
    assert error["error"]["type"] == kind
    assert message in error["error"]["message"]


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"\xff\xfe", rb'{"question": "\ud800 povo"}', rb'{"question": "povo", "\ud800": 1}', b'{"question": NaN}'],
)
def test_a_body_that_is_no_question_in_json_is_the_senders_fault(content: bytes, client: httpx.Client) -> None:
    response = client.post("/api/ask", content=content, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.json()["error"]["message"]


def test_what_is_said_about_a_request_stays_short(client: httpx.Client) -> None:
    response = client.post("/api/ask", json={f"{number}": "x" for number in range(10_000)})
    assert response.status_code == 422
    assert len(response.content) < 2000


def test_a_form_of_another_site_cannot_ask(client: httpx.Client) -> None:
    """Browsers send such bodies anywhere without asking first; application/json they don't."""
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        headers = {"content-type": content_type}
        assert client.post("/api/ask", content=json.dumps({"question": FEE}), headers=headers).status_code == 422
    preflight = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert client.options("/api/ask", headers=preflight).status_code == 405
    allowed = client.post("/api/ask", json={"question": FEE}, headers={"origin": "https://evil.example"}).headers
    assert not [name for name in allowed if name.startswith("access-control-")]


def test_many_questions_at_once_are_all_answered_alike(client: httpx.Client) -> None:
    def ask(_: int) -> dict[str, Any]:
        answer: dict[str, Any] = client.post("/api/ask", json={"question": FEE}).raise_for_status().json()
        return {key: value for key, value in answer.items() if key != "timings_ms"}

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(ask, range(24)))
    assert answers == [answers[0]] * 24


def files_below(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()}


def test_nothing_is_written_and_no_question_is_logged(client: httpx.Client, small_chat: ChatServer) -> None:
    before = files_below(small_chat.log.parent)
    question = "povo 销户要钱吗 a-secret-of-mine"
    client.post("/api/ask", json={"question": question})
    client.post("/api/search", json={"query": question})
    client.post("/api/ask", json={"question": question, "lang": "ja"})
    client.get("/api/guides/povo")
    assert files_below(small_chat.log.parent) == before
    assert "a-secret-of-mine" not in small_chat.log.read_text(encoding="utf-8")


def test_a_question_without_a_turn_is_told_when_to_come_again(small_index: Settings, embedder: Embedder) -> None:
    turnstile = Turnstile(at_once=1, patience_seconds=0.3)
    tools = Tools(Assistant(small_index.index, embedder, Weights()), turnstile)
    with held(turnstile):
        response = sent(tools, "/ask", {"question": FEE})
    assert response.status_code == 503
    assert response.headers["retry-after"] == str(RETRY_SECONDS)
    assert response.json()["error"]["type"] == "BusyError"


class BrokenTools(Tools):
    def ask(self, *_: object, **__: object) -> Any:
        raise RuntimeError("/srv/secret/index is gone")


def test_a_fault_of_the_server_says_nothing_of_its_cause(small_index: Settings, embedder: Embedder) -> None:
    tools = BrokenTools(Assistant(small_index.index, embedder, Weights()), Turnstile())
    response = sent(tools, "/ask", {"question": FEE})
    assert response.status_code == 500
    assert response.json()["error"]["type"] == "InternalError"
    assert "secret" not in response.text
    assert "Traceback" not in response.text


def sent(tools: Tools, path: str, body: object) -> httpx.Response:
    """Return what the endpoints alone, over tools, respond."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(api(tools), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(path, json=body)

    return asyncio.run(send())


def test_every_endpoint_is_described_with_its_errors_and_examples(described: dict[str, Any]) -> None:
    errors = {
        "post /ask": ["422", "503"],
        "post /search": ["422", "503"],
        "get /guides": ["422"],
        "get /guides/{guide_id}": ["404", "422"],
    }
    found = operations(described)
    assert list(found) == list(errors)
    assert described["servers"] == [{"url": "/api"}]
    for name, operation in found.items():
        assert operation["summary"]
        assert operation["description"]
        assert sorted(operation["responses"]) == sorted(["200", "500", *errors[name]])
        assert operation["responses"]["200"]["content"]["application/json"]["example"]
        assert "HTTPValidationError" not in json.dumps(operation)
        assert all(parameter["description"] for parameter in operation.get("parameters", []))
    assert found["post /ask"]["responses"]["503"]["headers"]["Retry-After"]


def test_the_description_has_no_loose_end_and_every_schema_is_closed(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert named == set(schemas)
    assert all(schema["additionalProperties"] is False for schema in schemas.values() if schema["type"] == "object")
    assert all("description" in schema for schema in schemas.values())


@pytest.mark.parametrize(
    ("method", "path", "body", "name"),
    [
        ("POST", "/ask", {"question": FEE}, "post /ask"),
        ("POST", "/ask", {"question": "NHK 怎么取消"}, "post /ask"),
        ("POST", "/ask", {"question": ""}, "post /ask"),
        ("POST", "/search", {"query": FEE}, "post /search"),
        ("POST", "/search", {"query": FEE, "mode": "lexical"}, "post /search"),
        ("GET", "/guides", None, "get /guides"),
        ("GET", "/guides?sections=false", None, "get /guides"),
        ("GET", "/guides/povo", None, "get /guides/{guide_id}"),
        ("GET", "/guides/nope", None, "get /guides/{guide_id}"),
    ],
)
def test_what_is_sent_is_what_the_description_says(
    method: str, path: str, body: object, name: str, client: httpx.Client, described: dict[str, Any]
) -> None:
    response = client.request(method, f"/api{path}", json=body)
    content = operations(described)[name]["responses"][str(response.status_code)]["content"]["application/json"]
    Draft202012Validator({**described, **content["schema"]}).validate(response.json())
