"""Many people asking at once, each again as soon as the answer is there: as the page asks, and over HTTP."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from chat_questions import dev_questions
from chat_states import Servers
from playwright.sync_api import Browser, Request
from web.chat_page import ChatPage
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.texts import text

ENDPOINT = "/api/ask"
OUTCOMES = ("answered", "related", "not_covered")
MODEL_QUESTION = "How do I cancel povo online?"
PATIENCE_SECONDS = 120
# Past the calls that the page makes when it is opened.
OPENING_MS = 2000

# Asks a question and returns what is wrong with the answer, "" where nothing is.
Ask = Callable[[httpx.Client, str], str]


@dataclass
class _Measured:
    """What happened to the questions: how long each took, in seconds, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    health: list[float] = field(default_factory=list)

    def summary(self, lasted: float) -> dict[str, Any]:
        return {
            "questions": len(self.seconds) + self.errors.total(),
            "errors": dict(self.errors),
            "per_second": round(len(self.seconds) / lasted, 1),
            "p50_ms": round(1000 * median(self.seconds)),
            "p95_ms": round(1000 * quantiles(self.seconds, n=20)[-1]),
            "max_ms": round(1000 * max(self.seconds)),
            "health_max_ms": round(1000 * max(self.health)),
        }


def measure(browser: Browser, servers: Servers, users: int, minutes: float) -> dict[str, Any]:
    """Return requests, errors, times and the server's memory, for the page and, where there is one, for the endpoint."""
    server = servers.usual
    calls = _calls_of_a_question(browser, server)
    rows: dict[str, Any] = {"page": _together(server, lambda user: _as_the_page(calls, user), users, minutes)}
    with server.client() as client:
        is_served = client.post(ENDPOINT, json={"question": MODEL_QUESTION}).is_success
    if is_served:
        rows["endpoint"] = _together(server, lambda _user: _over_http, users, minutes)
    return {"users": users, "minutes": minutes, "rows": rows}


def _calls_of_a_question(browser: Browser, server: ChatServer) -> list[tuple[str, dict[str, Any]]]:
    """Return the path and body of each call that the page makes for a question, by listening to it."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def on_request(request: Request) -> None:
        if request.method == "POST" and "/gradio_api/" in request.url:
            calls.append((request.url.removeprefix(server.url), request.post_data_json))

    chat = ChatPage.opened(browser, server, Language.EN.value)
    chat.page.wait_for_timeout(OPENING_MS)
    chat.page.on("request", on_request)
    chat.ask(MODEL_QUESTION)
    chat.close()
    return calls


def _as_the_page(calls: list[tuple[str, dict[str, Any]]], user: int) -> Ask:
    """Return how a user asks: with the calls of the page, each question in a new conversation."""

    def ask(client: httpx.Client, question: str) -> str:
        reply = ""
        for path, body in calls:
            data = [question if each == MODEL_QUESTION else each for each in body["data"]]
            sent = client.post(path, json={**body, "data": data, "session_hash": f"user{user}"})
            if sent.is_error:
                return f"status {sent.status_code}"
            reply = sent.text
        if any(f'class=\\"answer {outcome}' in reply for outcome in OUTCOMES):
            return ""
        return "busy" if text("busy", Language.EN) in reply else "no answer"

    return ask


def _over_http(client: httpx.Client, question: str) -> str:
    sent = client.post(ENDPOINT, json={"question": question})
    if sent.is_error:
        return f"status {sent.status_code}"
    return "" if sent.json().get("outcome") in OUTCOMES else "no answer"


def _together(server: ChatServer, asking: Callable[[int], Ask], users: int, minutes: float) -> dict[str, Any]:
    """Return what becomes of the questions of all users, asked for so many minutes, and of the server's memory."""
    questions = [question for asked in dev_questions().values() for question in asked]
    measured = _Measured()
    before = _resident_mb(server)
    started = time.perf_counter()
    until = started + 60 * minutes

    def use(user: int) -> None:
        draw, ask = random.Random(user), asking(user)  # noqa: S311 the same questions in every run
        with httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
            while time.perf_counter() < until:
                asked = time.perf_counter()
                try:
                    wrong = ask(client, draw.choice(questions))
                except (httpx.HTTPError, json.JSONDecodeError) as error:
                    wrong = type(error).__name__
                if wrong:
                    measured.errors[wrong] += 1
                else:
                    measured.seconds.append(time.perf_counter() - asked)

    def watch_health() -> None:
        with server.client() as client:
            while time.perf_counter() < until:
                asked = time.perf_counter()
                client.get("/health")
                measured.health.append(time.perf_counter() - asked)
                time.sleep(1)

    threads = [threading.Thread(target=use, args=(user,)) for user in range(users)] + [threading.Thread(target=watch_health)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - started
    return measured.summary(lasted) | {"memory_before_mb": before, "memory_after_mb": _resident_mb(server)}


def _resident_mb(server: ChatServer) -> int:
    """Return the server's resident memory."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    return round(int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024)
