"""From the Enter key to the whole answer on the screen, for 50 questions."""

from __future__ import annotations

from statistics import median, quantiles
from typing import Any

from chat_questions import drawn
from chat_states import Servers
from playwright.sync_api import Browser
from web.chat_page import DESKTOP, ChatPage

COUNT = 50
# Turns after which a conversation is begun anew.
TURNS = 5
# The clock is the page's own. An answer's HTML comes in one piece, so its outcome is there when all of it is; the frame after that shows it.
MEASURE = """number => new Promise((resolve, reject) => {
  let sent = null;
  const whole = () => document.querySelectorAll("#chat .answer .outcome, #chat .answer.failed").length >= number;
  const seen = new MutationObserver(() => {
    if (sent === null || !whole()) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - sent)));
  });
  document.addEventListener("keydown", event => { if (event.key === "Enter") sent = performance.now(); }, {capture: true, once: true});
  seen.observe(document.body, {childList: true, subtree: true});
  setTimeout(() => reject(new Error("No answer in a minute")), 60000);
})"""


def measure(browser: Browser, servers: Servers) -> dict[str, Any]:
    """Return the times in milliseconds, of all and by language."""
    by_language = {language: _ask(browser, servers, language, questions) for language, questions in drawn(COUNT).items()}
    every = [each for times in by_language.values() for each in times]
    return summary(every) | {"by_language": {language: summary(times) for language, times in by_language.items()}}


def summary(milliseconds: list[float]) -> dict[str, Any]:
    """Return count, median, 95th percentile and maximum."""
    return {
        "questions": len(milliseconds),
        "p50_ms": round(median(milliseconds)),
        "p95_ms": round(quantiles(milliseconds, n=20, method="inclusive")[-1]),
        "max_ms": round(max(milliseconds)),
    }


def _ask(browser: Browser, servers: Servers, language: str, questions: list[str]) -> list[float]:
    chat = ChatPage.opened(browser, servers.usual, language, DESKTOP)
    times = []
    for number, question in enumerate(questions):
        if number % TURNS == 0 and number:
            chat.page.locator("#new-chat").click()
            chat.answers.first.wait_for(state="detached")
        chat.question.fill(question)
        # Pressed by the page's own timer, so that the page listens when the key comes.
        chat.page.evaluate(f"number => {{ window.answered = ({MEASURE})(number) }}", number % TURNS + 1)
        chat.question.press("Enter")
        times.append(float(chat.page.evaluate("window.answered")))
    chat.close()
    return times
