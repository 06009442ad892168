from __future__ import annotations

import json
import re
from html import escape, unescape
from typing import Any

import pytest
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.frame import header, script_texts
from qa.web.languages import COOKIE, chat_path
from qa.web.security import MAX_BODY_BYTES, content_security_policy
from qa.web.texts import text


@pytest.mark.parametrize(
    ("cookie", "accepted", "expected"),
    [
        ("", "", "/zh-Hans/"),
        ("", "zh-HK,zh;q=0.9,en;q=0.8", "/zh-Hant/"),
        ("", "ja", "/ja/"),
        ("", "en-GB,en;q=0.9", "/en/"),
        (f"{COOKIE}=en", "ja", "/en/"),
        (f"{COOKIE}=//evil.example", "ja", "/ja/"),
    ],
)
def test_the_root_leads_to_the_remembered_language_else_to_the_browsers(
    cookie: str, accepted: str, expected: str, small_chat: ChatServer
) -> None:
    with small_chat.client(**{"cookie": cookie, "accept-language": accepted}) as client:
        response = client.get("/")
    assert response.is_redirect
    assert response.headers["location"] == expected


def test_a_question_in_the_address_of_the_root_is_taken_along(small_chat: ChatServer) -> None:
    with small_chat.client(**{"accept-language": "ja"}) as client:
        location = client.get("/", params={"q": "解約 & MNP?"}).headers["location"]
    assert location == chat_path(Language.JA, "解約 & MNP?")


@pytest.mark.parametrize("language", Language)
def test_each_language_has_its_page_which_is_remembered(language: Language, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        response = client.get(f"/{language}/")
        assert text("title", language) in unescape(response.text)
        assert client.cookies[COOKIE] == language
        assert client.get("/", headers={"accept-language": "fr"}).headers["location"] == f"/{language}/"


def test_the_cookie_can_be_read_by_no_script_and_is_not_sent_from_other_sites(small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        attributes = client.get("/ja/").headers["set-cookie"].lower()
    assert "httponly" in attributes
    assert "samesite=lax" in attributes


def test_only_a_page_sets_the_cookie(small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        for path in ("/", "/health", "/favicon.ico", "/ja/config", "/nowhere"):
            assert "set-cookie" not in client.get(path).headers


def test_health_names_the_generation_that_is_served(small_chat: ChatServer) -> None:
    current = (small_chat.log.parent / "index" / "CURRENT").read_text(encoding="utf-8")
    with small_chat.client() as client:
        assert client.get("/health").json() == {"status": "ok", "generation": current.split()[0]}


@pytest.mark.parametrize("language", Language)
def test_a_pages_policy_allows_exactly_its_inline_scripts(language: Language, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        response = client.get(f"/{language}/")
    assert re.search(rb"<script(?![^>]*src=)[^>]*>.", response.content)
    assert response.headers["content-security-policy"] == content_security_policy(response.content)


def test_a_page_names_no_other_host_to_load_from(small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        page = client.get("/en/").text
    loaded = re.findall(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=[\"']([^\"']+)", page)
    assert loaded
    assert [address for address in loaded if re.match(r"(?:https?:)?//(?!127\.0\.0\.1)", address)] == []


@pytest.mark.parametrize("language", Language)
def test_a_page_names_no_other_host_at_all_not_even_for_those_who_preview_a_link(
    language: Language, small_chat: ChatServer
) -> None:
    with small_chat.client() as client:
        page = client.get(f"/{language}/").text
    assert set(re.findall(r"https?://[^\s\"'<>\\/]+", page)) <= {small_chat.url}
    assert re.findall(r'<meta[^>]*"((?:og|twitter):[^"]*)"', page) == ["og:title"]
    assert re.findall(r'<meta name="description" content="([^"]*)"', page) == [escape(text("tagline", language))]


@pytest.mark.parametrize("language", Language)
def test_a_page_holds_its_header_and_the_texts_of_its_scripts_once(language: Language, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        page = client.get(f"/{language}/").text
    assert page.count(header(language, "ask", chat_path)) == 1
    configured = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", page)[1])  # type: ignore[index]
    assert configured["head"].count(script_texts(language)) == 1


@pytest.mark.parametrize("language", Language)
def test_no_call_of_a_page_waits_in_gradios_queue_or_is_offered_to_others(language: Language, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        calls = client.get(f"/{language}/config").json()["dependencies"]
    assert calls
    assert {(call["queue"], call["api_visibility"]) for call in calls} == {(False, "private")}
    (taken,) = [call for call in calls if any(event == "submit" for _, event in call["targets"])]
    assert taken["trigger_mode"] == "multiple"  # "once" would drop what is sent meanwhile


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 307),
        ("/en/", 200),
        ("/health", 200),
        ("/favicon.ico", 200),
        ("/en/config", 200),
        ("/nowhere", 404),
        ("/en/x", 404),
    ],
)
def test_every_response_says_what_the_browser_may_do(path: str, status: int, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("prefix", ["", "/zh-Hans", "/zh-Hant", "/ja", "/en"])
@pytest.mark.parametrize("route", ["/upload", "/gradio_api/upload", "/gradio_api/%75pload", "/gradio_api/upload?upload_id=1"])
def test_nobody_can_upload_a_file(prefix: str, route: str, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        assert client.post(prefix + route, files={"files": b"x"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("GET", "/upload_progress?upload_id=1"),
        ("GET", "/proxy=https://evil.example/"),
        ("HEAD", "/proxy=https://evil.example/"),
        ("POST", "/component_server"),
        ("POST", "/vibe-edit/"),
        ("GET", "/vibe-code/"),
    ],
)
def test_what_the_chat_does_not_need_of_gradio_is_not_there(method: str, route: str, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        assert client.request(method, f"/en/gradio_api{route}").status_code == 404


def test_gradios_route_for_recordings_is_not_there(small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        assert client.post("/en/gradio_api/process_recording", files={"video": b"x"}).status_code == 404


@pytest.mark.parametrize("path", ["/etc/passwd", "index/CURRENT", "corpus/lexicon.yaml", "qa.toml", "../log"])
def test_no_file_of_the_machine_is_served(path: str, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        for route in ("gradio_api/file=", "file=", "gradio_api/file/", "static/"):
            assert client.get(f"/en/{route}{path}").status_code in (403, 404)


def test_a_body_over_the_limit_is_refused(small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        response = client.post("/en/gradio_api/run/predict", content=b"x" * (MAX_BODY_BYTES + 1))
    assert response.status_code == 413


def asked_directly(server: ChatServer, question: object, turns: object) -> list[dict[str, str]]:
    """Return the chat's messages after data went straight to the functions behind the page, which anyone can call."""
    with server.client() as client:
        functions = client.get("/en/config").json()["dependencies"]

        def call(event: str, *data: object) -> list[Any]:
            number, target = next(
                (each["id"], target) for each in functions for target, name in each["targets"] if name == event
            )
            body = {"data": data, "fn_index": number, "trigger_id": target, "session_hash": f"test{id(turns)}"}
            reply = client.post("/en/gradio_api/run/predict", json=body).raise_for_status()
            return list(reply.json()["data"])

        call("submit", question, None, turns)
        messages: list[dict[str, str]] = call("then", None, turns)[0]
    return messages


def test_an_over_long_question_sent_past_the_page_is_refused_in_words(small_chat: ChatServer) -> None:
    question, reply = asked_directly(small_chat, "a" * 3000, [])
    assert len(str(question)) < 3000
    assert text("too_long", Language.EN).format(length=3000) in str(reply)


@pytest.mark.parametrize(
    "forged", [None, "text", 7, {}, [[]], [["question only"]], [[1, 2, 3]], [["q", "a", [None]]], [{"question": "q"}]]
)
def test_a_history_that_is_none_is_passed_over(forged: object, small_chat: ChatServer) -> None:
    assert len(asked_directly(small_chat, "povo 怎么在线销户？", forged)) == len(("question", "answer"))


@pytest.mark.parametrize("language", list(Language))
def test_a_page_says_its_language(language: Language, small_chat: ChatServer) -> None:
    with small_chat.client() as client:
        page = client.get(f"/{language}/").text
    assert re.search(r'<html[^>]*\blang="([^"]*)"', page)[1] == language  # type: ignore[index]
