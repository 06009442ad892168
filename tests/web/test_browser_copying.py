from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from web.chat_page import ChatPage
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.texts import text

pytestmark = pytest.mark.browser

QUESTION = "povo 怎么在线销户？"


def paste(page: Page) -> str:
    """Return what is on the clipboard as it arrives in a field: pages may not read it."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' }))")
    pasted = page.locator("#pasted")
    pasted.focus()
    pasted.press("Control+V")
    value = pasted.input_value()
    pasted.evaluate("each => each.remove()")
    return value


@pytest.fixture
def copied(browser: Browser, real_chat: ChatServer) -> Iterator[ChatPage]:
    """Return a page that may write to the clipboard, with a question asked."""
    chat = ChatPage.opened(browser, real_chat, "zh-Hans", permissions=["clipboard-write"])
    chat.ask(QUESTION)
    yield chat
    chat.close()
    assert chat.strange == []


def holds_everything(copy: str, chat: ChatPage) -> bool:
    """Whether copy has the question, the answer, every source and the link to ask again."""
    answer = chat.answers.first
    quoted = answer.locator(".quote li").first.inner_text()
    links = answer.locator(".sources a, a.official").evaluate_all("links => links.map((link) => link.href)")
    again = answer.locator("a.again").evaluate("link => link.href")
    assert len(links) > 1
    return all(each in copy for each in (QUESTION, quoted, *links, f"{chat.server.url}/zh-Hans/?q=", again))


def test_an_answer_is_copied_with_everything_to_check_it(copied: ChatPage) -> None:
    button = copied.answers.first.locator("button.copy")
    button.click()
    expect(button).to_have_text(text("copied", Language.ZH_HANS))
    assert holds_everything(paste(copied.page), copied)
    expect(button).to_have_text(text("copy", Language.ZH_HANS))


def test_the_link_to_a_question_is_copied_and_not_followed(copied: ChatPage) -> None:
    link = copied.answers.first.locator("a.again")
    link.click()
    expect(link).to_have_text(text("link_copied", Language.ZH_HANS))
    assert paste(copied.page) == link.evaluate("link => link.href")
    expect(copied.answers).to_have_count(1)


def test_an_answer_is_copied_where_the_browser_gives_no_clipboard_to_the_page(copied: ChatPage) -> None:
    copied.page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })")
    copied.reload()
    button = copied.answer(0).locator("button.copy")
    button.click()
    expect(button).to_have_text(text("copied", Language.ZH_HANS))
    assert holds_everything(paste(copied.page), copied)


def test_where_nothing_can_be_copied_the_page_says_so(copied: ChatPage) -> None:
    copied.page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined }); document.execCommand = () => false"
    )
    copied.reload()
    button = copied.answer(0).locator("button.copy")
    button.click()
    expect(button).to_have_text(text("not_copied", Language.ZH_HANS))
