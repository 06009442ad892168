from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa.datatypes import Language, Outcome
from qa.feedback.entry import Feedback, Verdict
from qa.feedback.store import MAX_QUESTION, MAX_REMARK, FeedbackStore
from qa.web.feedback import A_MINUTE, MAX_BYTES, PATH, feedback_router
from qa.web.texts import text
from qa.web.token_bucket import TokenBucket

GIVEN: dict[str, Any] = {
    "question": "povo 怎么销户，我的号码是 090-1234-5678",
    "language": "zh-Hant",
    "outcome": "answered",
    "verdict": "outdated",
    "remark": "费用变了",
    "sections": ["povo#steps", "rakuten-mobile#final-bill"],
    "operators": ["povo", "rakuten-mobile"],
    "generation": "20261122T223407946477Z-6d171234",
}
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "kept" / "feedback.sqlite", day=lambda: "2026-12-01")


@pytest.fixture
def client(store: FeedbackStore) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(feedback_router(store))
    with TestClient(app, "http://chat.example:7860", headers=OURS) as client:
        yield client


def refusal(client: TestClient, given: object, status: int, **headers: str) -> str:
    """Return in which words given is refused with status."""
    response = client.post(PATH, content=json.dumps(given), headers={"content-type": "application/json", **headers})
    assert response.status_code == status
    assert list(response.json()) == ["detail"]
    return str(response.json()["detail"])


def test_what_the_page_sends_is_kept_masked(client: TestClient, store: FeedbackStore) -> None:
    response = client.post(PATH, json=GIVEN)

    assert (response.status_code, response.content) == (204, b"")
    assert "set-cookie" not in response.headers
    assert store.entries() == (
        Feedback(
            number=1,
            day="2026-12-01",
            question="povo 怎么销户，我的号码是 [phone]",
            language="zh-Hant",
            outcome=Outcome.ANSWERED,
            verdict=Verdict.OUTDATED,
            remark="费用变了",
            sections=("povo#steps", "rakuten-mobile#final-bill"),
            operators=("povo", "rakuten-mobile"),
            generation="20261122T223407946477Z-6d171234",
        ),
    )


def test_a_verdict_alone_is_enough(client: TestClient, store: FeedbackStore) -> None:
    least = {key: GIVEN[key] for key in ("question", "language", "outcome", "verdict")}

    assert client.post(PATH, json=least).status_code == 204
    assert store.entries()[0].remark == ""


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_answer_can_get_every_verdict(verdict: Verdict, outcome: Outcome, client: TestClient) -> None:
    assert client.post(PATH, json={**GIVEN, "verdict": verdict, "outcome": outcome}).status_code == 204


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"question": ""}, "question: String should have at least 1 character"),
        ({"question": "\u200b"}, "question: There is no question"),
        ({"question": "x" * (MAX_QUESTION + 1)}, "question: String should have at most 2000 characters"),
        ({"question": 7}, "question: Input should be a valid string"),
        ({"remark": "x" * (MAX_REMARK + 1)}, "remark: String should have at most 1000 characters"),
        ({"language": "fr"}, "language: Input should be 'zh-Hans', 'zh-Hant', 'ja' or 'en'"),
        ({"verdict": "splendid"}, "verdict: Input should be 'helpful', 'wrong', 'outdated' or 'missing'"),
        ({"outcome": "guessed"}, "outcome: Input should be 'answered', 'related' or 'not_covered'"),
        ({"sections": ["povo"]}, "sections.0: String should match pattern"),
        ({"sections": ["povo#fees", "<b>#x"]}, "sections.1: String should match pattern"),
        ({"sections": ["povo#fees"] * 51}, "sections: Tuple should have at most 50 items"),
        ({"operators": ["au", "../etc"]}, "operators.1: String should match pattern"),
        ({"generation": "a b"}, "generation: String should match pattern"),
        ({"name": "Taro"}, "name: Extra inputs are not permitted"),
        ({"ip": "192.0.2.1"}, "ip: Extra inputs are not permitted"),
    ],
)
def test_what_no_answer_can_get_is_refused_in_words(
    change: dict[str, Any], words: str, client: TestClient, store: FeedbackStore
) -> None:
    assert refusal(client, {**GIVEN, **change}, 422).startswith(words)
    assert store.entries() == ()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'{"question": "\\ud800"}', b"\xff"])
def test_a_body_that_is_no_object_is_refused_in_words(body: bytes, client: TestClient, store: FeedbackStore) -> None:
    response = client.post(PATH, content=body, headers={"content-type": "application/json"})

    assert response.status_code == 422
    assert response.json()["detail"]
    assert store.entries() == ()


def test_a_missing_verdict_is_named(client: TestClient) -> None:
    given = {key: value for key, value in GIVEN.items() if key != "verdict"}

    assert refusal(client, given, 422) == "verdict: Field required"


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_only_json_is_taken(content_type: str, client: TestClient, store: FeedbackStore) -> None:
    assert refusal(client, GIVEN, 415, **{"content-type": content_type}) == "Feedback is sent as application/json."
    assert store.entries() == ()


def test_json_may_name_its_charset(client: TestClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}

    assert client.post(PATH, content=json.dumps(GIVEN), headers=headers).status_code == 204


def test_a_body_that_is_too_long_is_refused(client: TestClient) -> None:
    assert refusal(client, {**GIVEN, "x": "x" * MAX_BYTES}, 413) == "Feedback is at most 64,000 bytes long."


def test_the_longest_texts_fit_however_they_are_written(client: TestClient, store: FeedbackStore) -> None:
    given = {**GIVEN, "question": "𠮷" * MAX_QUESTION, "remark": "𠮷" * MAX_REMARK}

    assert client.post(PATH, content=json.dumps(given), headers={"content-type": "application/json"}).status_code == 204
    assert len(store.entries()[0].question) == MAX_QUESTION


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 204),
        ({"sec-fetch-site": "same-origin", "origin": "http://other.example"}, 204),  # a proxy in front changed the host
        ({"sec-fetch-site": "same-site", "origin": "http://chat.example:7860"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "http://chat.example:7860"}, 204),
        ({"origin": "https://CHAT.example:7860"}, 204),
        ({"origin": "http://chat.example"}, 403),
        ({"origin": "http://evil.example:7860"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({}, 403),
    ],
)
def test_only_the_sites_own_pages_can_send(
    headers: dict[str, str], status: int, client: TestClient, store: FeedbackStore
) -> None:
    del client.headers["sec-fetch-site"]

    assert client.post(PATH, json=GIVEN, headers=headers).status_code == status
    assert len(store.entries()) == (status == 204)


def test_more_than_a_minutes_feedback_is_refused_whoever_sends_it(store: FeedbackStore) -> None:
    app = FastAPI()
    app.include_router(feedback_router(store, TokenBucket(A_MINUTE, clock=lambda: 0.0)))
    with TestClient(app, headers=OURS) as client:
        for number in range(A_MINUTE):
            assert client.post(PATH, json=GIVEN, headers={"x-forwarded-for": f"203.0.113.{number}"}).status_code == 204
        assert refusal(client, GIVEN, 429) == "There is too much feedback at the moment. Try again in a minute."
    assert len(store.entries()) == A_MINUTE


def test_what_is_refused_takes_nothing_from_the_others(store: FeedbackStore) -> None:
    app = FastAPI()
    app.include_router(feedback_router(store, TokenBucket(1, clock=lambda: 0.0)))
    with TestClient(app, headers=OURS) as client:
        refusal(client, {**GIVEN, "verdict": "splendid"}, 422)
        assert client.post(PATH, json=GIVEN).status_code == 204
        refusal(client, GIVEN, 429)


def test_tokens_come_back_evenly_and_never_pile_up() -> None:
    now = 0.0
    bucket = TokenBucket(60, clock=lambda: now)
    assert [bucket.take() for _ in range(61)] == [True] * 60 + [False]
    now = 2.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now = 10_000.0
    assert [bucket.take() for _ in range(61)] == [True] * 60 + [False]


def test_a_file_that_takes_no_more_is_told_calmly_and_logged(
    store: FeedbackStore, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    store.path.parent.mkdir()
    store.path.write_text("mine, and no database at all: " * 50)

    words = refusal(client, GIVEN, 503)
    assert words == "Feedback can't be kept at the moment. Try again later."
    assert f"{store.path} is damaged" in caplog.text
    assert GIVEN["question"] not in caplog.text


def test_nothing_but_sending_is_served(client: TestClient) -> None:
    assert client.get(PATH).status_code == 405


def test_the_file_knows_nothing_of_the_sender(client: TestClient, store: FeedbackStore) -> None:
    headers = {"user-agent": "SecretBrowser/1.0", "x-forwarded-for": "203.0.113.77", "cookie": "kaiyaku-language=ja; id=abcdef"}
    client.post(PATH, json=GIVEN, headers=headers)

    with closing(sqlite3.connect(store.path)) as connection:
        dump = "\n".join(connection.iterdump())
    assert not any(secret in dump for secret in ("SecretBrowser", "203.0.113.77", "abcdef", "5678"))


@pytest.mark.parametrize("language", Language)
def test_the_pages_promise_is_one_sentence_or_two(language: Language) -> None:
    assert len(text("feedback_privacy", language)) < 160
