from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from web.chat_page import ChatPage
from web.chat_questions import question
from web.chat_server import ChatServer

from qa.datatypes import Language, Outcome
from qa.feedback.entry import Verdict
from qa.web.texts import LANGUAGE_NAMES, text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
MOST_STOPS = 60
# What surrounds the element with the focus: its outline, or the frame of the field.
_SHOWS_FOCUS = """() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const frame = element.closest("#question");
  return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || Boolean(frame && getComputedStyle(frame).boxShadow !== "none");
}"""
BODY = "BODY"
_NAME = """() => {
  const element = document.activeElement;
  return element === document.body ? "BODY" : `${element.tagName} ${element.id} ${element.textContent.trim().slice(0, 30)}`;
}"""


def press_until(chat: ChatPage, key: str, wanted: Locator) -> list[str]:
    """Press key until wanted has the focus, which must be seen wherever it comes to; return where it came to."""
    stops: list[str] = []
    while len(stops) < MOST_STOPS:
        chat.page.keyboard.press(key)
        stops.append(str(chat.page.evaluate(_NAME)))
        assert stops[-1] == BODY or chat.page.evaluate(_SHOWS_FOCUS), f"The focus is not seen on {stops[-1]}"
        if wanted.evaluate_all("found => found.includes(document.activeElement)"):
            return stops
    raise AssertionError(f"{key} does not lead to {wanted}: {stops}")


@pytest.fixture(scope="module")
def walked(browser: Browser, real_chat: ChatServer) -> Iterator[ChatPage]:
    """Return a page on which a question was typed and sent with the keyboard, from its top on."""
    chat = ChatPage.opened(browser, real_chat, "en")
    press_until(chat, "Tab", chat.question)
    chat.page.keyboard.type(question("steps", Language.EN))
    chat.page.keyboard.press("Enter")
    chat.answer(0)
    expect(chat.question).to_be_focused()
    yield chat
    chat.close()
    assert chat.strange == []


def test_the_first_stop_leads_past_the_header_to_the_question(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "ja")
    chat.page.keyboard.press("Tab")
    skip = chat.page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    expect(skip).to_have_text(text("skip", Language.JA))
    chat.page.keyboard.press("Enter")
    stops = press_until(chat, "Tab", chat.question)
    assert len(stops) <= 1, stops


def test_every_stop_is_seen_and_none_is_a_trap(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    skip = chat.page.locator("a.skip")
    press_until(chat, "Tab", skip)
    around = press_until(chat, "Tab", skip)
    wanted = [*LANGUAGE_NAMES.values(), text("ask", Language.EN), text("browse", Language.EN), text("send", Language.EN)]
    for name in [*wanted, *(example[:30] for example in text("examples", Language.EN).split("|"))]:
        assert any(stop.endswith(name.strip()) for stop in around), f"{name} can't be reached: {around}"
    back = press_until(chat, "Shift+Tab", skip)
    # The one is turned around by the browser's own controls, where the page has no stop.
    assert sorted(set(back) - {BODY}) == sorted(set(around) - {BODY})


def test_an_example_is_asked_with_the_keyboard(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    example = text("examples", Language.EN).split("|")[0]
    press_until(chat, "Tab", chat.page.locator("#chat").get_by_role("button").filter(has_text=example))
    chat.page.keyboard.press("Enter")
    chat.answer(0)
    expect(chat.questions).to_have_text([example])


def test_a_citation_is_opened_and_closed_with_the_keyboard(walked: ChatPage) -> None:
    citation = walked.answers.first.locator("details.citation").first
    press_until(walked, "Shift+Tab", citation.locator("summary"))
    walked.page.keyboard.press("Enter")
    expect(citation.locator("mark").first).to_be_visible()
    press_until(walked, "Tab", citation.locator(".sources a").first)
    press_until(walked, "Shift+Tab", citation.locator("summary"))
    walked.page.keyboard.press("Space")
    expect(citation.locator("mark").first).to_be_hidden()


def test_a_marker_leads_to_its_citation_with_the_keyboard(walked: ChatPage) -> None:
    answer = walked.answers.first
    press_until(walked, "Shift+Tab", answer.locator("a.marker").first)
    walked.page.keyboard.press("Enter")
    expect(answer.locator("details.citation mark").first).to_be_in_viewport()
    # What follows is within the citation.
    walked.page.keyboard.press("Tab")
    assert walked.page.evaluate("Boolean(document.activeElement.closest('details.citation'))")


def test_an_answer_is_copied_with_the_keyboard(walked: ChatPage) -> None:
    button = walked.answers.first.locator("button.copy")
    press_until(walked, "Tab", button)
    walked.page.keyboard.press("Enter")
    expect(button).not_to_have_text(text("copy", Language.EN))
    expect(button).to_be_focused()
    expect(button).to_have_text(text("copy", Language.EN))


def test_a_reader_says_what_is_wrong_with_the_keyboard(walked: ChatPage, real_chat: ChatServer) -> None:
    answer = walked.answers.first
    press_until(walked, "Tab", answer.locator("button.verdict.wrong"))
    walked.page.keyboard.press("Space")
    form = answer.locator("form.feedback")
    expect(form.locator("textarea")).to_be_focused()
    walked.page.keyboard.type("by keyboard")
    press_until(walked, "Tab", form.locator("button"))
    walked.page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_have_text(text("feedback_thanks", Language.EN))
    kept = real_chat.feedback.entries()[-1]
    assert (kept.verdict, kept.remark, kept.outcome) == (Verdict.WRONG, "by keyboard", Outcome.ANSWERED)
    # From where it was, not from the top of the page.
    press_until(walked, "Tab", walked.suggestions.first)


def test_a_suggestion_is_asked_and_the_chip_taken_away_with_the_keyboard(walked: ChatPage) -> None:
    answered = walked.answers.count()
    press_until(walked, "Tab", walked.suggestions.first)
    walked.page.keyboard.press("Space")
    walked.answer(answered)
    press_until(walked, "Tab", walked.subject)
    walked.page.keyboard.press("Enter")
    expect(walked.subject).to_be_hidden()
    press_until(walked, "Tab", walked.question)


def test_shift_and_enter_make_a_new_line(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    chat.question.click()
    chat.page.keyboard.type("How do I cancel")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("povo?")
    expect(chat.question).to_have_value("How do I cancel\npovo?")
    chat.page.keyboard.press("Enter")
    chat.answer(0)
    expect(chat.questions).to_have_text(["How do I cancelpovo?"])
    assert chat.questions.first.inner_text() == "How do I cancel\npovo?"


def test_enter_that_ends_an_input_methods_composition_does_not_send(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "ja")
    chat.question.click()
    keyboard = chat.page.context.new_cdp_session(chat.page)
    keyboard.send("Input.imeSetComposition", {"text": "povoのかいやく", "selectionStart": 8, "selectionEnd": 8})
    # As macOS sends it; elsewhere the key is called "Process", which nothing could take for an Enter.
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    keyboard.send("Input.insertText", {"text": "povoの解約方法は?"})
    expect(chat.question).to_have_value("povoの解約方法は?")
    chat.question.press("Enter")
    chat.answer(0)
    expect(chat.questions).to_have_text(["povoの解約方法は?"])
