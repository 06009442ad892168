from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from web.chat_page import ChatPage
from web.chat_questions import question
from web.chat_server import QA_CHAT, ChatServer, running

from qa.config import Settings
from qa.datatypes import Language, Outcome
from qa.feedback.entry import Verdict
from qa.web.feedback import PATH
from qa.web.texts import text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]


@pytest.fixture(scope="module")
def deaf_chat(tmp_path_factory: pytest.TempPathFactory, small_index: Settings, cache: Path) -> Iterator[ChatServer]:
    """Return a chat on the small corpus that takes no feedback."""
    folder = shutil.copytree(small_index.index.parent, tmp_path_factory.mktemp("deaf-chat") / "chat")
    settings = {"corpus": folder / "corpus", "index": folder / "index", "cache": cache}
    with running(QA_CHAT, folder, folder / "log", feedback="0", **settings) as server:
        yield server


def form_of(answer: Locator, verdict: Verdict) -> Locator:
    """Press the button of verdict and return the form that it opens."""
    answer.locator(f"button.verdict.{verdict}").click()
    return answer.locator("form.feedback")


@pytest.mark.parametrize(
    ("kind", "outcome", "offered"),
    [
        ("steps", Outcome.ANSWERED, (Verdict.HELPFUL, Verdict.WRONG, Verdict.OUTDATED)),
        ("related", Outcome.RELATED, (Verdict.HELPFUL, Verdict.WRONG, Verdict.MISSING)),
        ("outside", Outcome.NOT_COVERED, (Verdict.MISSING,)),
    ],
)
def test_each_verdict_that_an_answer_can_get_is_kept(
    kind: str, outcome: Outcome, offered: tuple[Verdict, ...], open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, "ja")
    answer = chat.ask(question(kind, Language.JA))
    buttons = [text(f"feedback_{verdict}", Language.JA) for verdict in offered]
    expect(answer.locator("button.verdict")).to_have_text(buttons)
    for verdict in offered:
        chat.reload()  # a new card: one takes one verdict
        form = form_of(chat.answer(0), verdict)
        form.locator("[type=submit]").click()
        expect(form.get_by_role("status")).to_have_text(text("feedback_thanks", Language.JA))
        kept = real_chat.feedback.entries()[-1]
        assert (kept.verdict, kept.outcome, kept.question) == (verdict, outcome, question(kind, Language.JA))
        assert (kept.language, kept.remark) == ("ja", "")


def test_what_is_kept_is_masked_and_says_what_it_is_about(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    answer = chat.ask("povo 怎么在线销户？我的号码是 090-1234-5678")
    form = form_of(answer, Verdict.OUTDATED)
    form.locator("textarea").fill("费用变了，联系我 someone@example.com")
    form.locator("[type=submit]").click()
    expect(form.get_by_role("status")).to_have_text(text("feedback_thanks", Language.ZH_HANS))
    kept = real_chat.feedback.entries()[-1]
    assert kept.verdict is Verdict.OUTDATED
    assert "povo" in kept.question
    assert "1234" not in kept.question
    assert "费用变了" in kept.remark
    assert "someone" not in kept.remark
    assert kept.operators == ("povo",)
    assert kept.sections
    assert all(section.startswith("povo#") for section in kept.sections)
    with real_chat.client() as client:
        assert kept.generation == client.get("/health").json()["generation"]


def test_a_form_says_what_is_kept_before_anything_is_sent(open_chat: OpenChat, real_chat: ChatServer) -> None:
    before = len(real_chat.feedback.entries())
    chat = open_chat(real_chat, "zh-Hant")
    answer = chat.ask(question("steps", Language.ZH_HANT))
    form = form_of(answer, Verdict.WRONG)
    expect(form).to_contain_text(text("feedback_privacy", Language.ZH_HANT))
    expect(form.get_by_label(text("feedback_remark", Language.ZH_HANT))).to_be_focused()
    expect(answer.locator("button.verdict.wrong")).to_have_attribute("aria-pressed", "true")
    assert len(real_chat.feedback.entries()) == before


def test_another_verdict_takes_the_place_of_the_first_until_one_is_sent(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    answer = chat.ask(question("steps", Language.EN))
    form_of(answer, Verdict.WRONG)
    form = form_of(answer, Verdict.HELPFUL)
    expect(form).to_have_count(1)
    expect(answer.locator("[aria-pressed=true]")).to_have_class("verdict helpful")
    before = len(real_chat.feedback.entries())
    form.locator("[type=submit]").click()
    expect(form.get_by_role("status")).to_have_text(text("feedback_thanks", Language.EN))
    for button in answer.locator("button.verdict").all():
        expect(button).to_be_disabled()
    kept = real_chat.feedback.entries()[before:]
    assert [each.verdict for each in kept] == [Verdict.HELPFUL]


def test_what_could_not_be_sent_stays_and_can_be_sent_again(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    form = form_of(chat.ask(question("steps", Language.ZH_HANS)), Verdict.WRONG)
    form.locator("textarea").fill("第三步不对")
    chat.page.route(f"**{PATH}", lambda route: route.abort())
    form.locator("[type=submit]").click()
    expect(form.get_by_role("status")).to_have_text(text("feedback_failed", Language.ZH_HANS))
    expect(form.locator("textarea")).to_have_value("第三步不对")
    chat.page.unroute(f"**{PATH}")
    form.locator("[type=submit]").click()
    expect(form.get_by_role("status")).to_have_text(text("feedback_thanks", Language.ZH_HANS))
    assert real_chat.feedback.entries()[-1].remark == "第三步不对"
    chat.forgive("ERR_FAILED")


def test_where_feedback_is_off_nothing_asks_for_it_and_nothing_takes_it(open_chat: OpenChat, deaf_chat: ChatServer) -> None:
    chat = open_chat(deaf_chat, "zh-Hans")
    answer = chat.ask(question("steps", Language.ZH_HANS))
    expect(answer.locator("button.copy")).to_be_visible()
    expect(answer.locator("button.verdict")).to_have_count(0)
    about = {"question": "povo", "language": "zh-Hans", "outcome": "answered", "verdict": "wrong"}
    with deaf_chat.client(**{"sec-fetch-site": "same-origin"}) as client:
        assert client.post(PATH, json=about).status_code in {404, 405}
    assert not deaf_chat.feedback.path.exists()
