from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from web.chat_page import PHONE, ChatPage
from web.chat_questions import question
from web.chat_server import ChatServer

from qa.datatypes import Language
from qa.web.languages import chat_path
from qa.web.texts import LANGUAGE_NAMES, text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
QUESTION = "povo 怎么在线销户？"
CHIP = text("subject", Language.ZH_HANS).format(operator="povo")


def cards(chat: ChatPage) -> list[str]:
    """Return what stands in the conversation, to the letter."""
    found = chat.page.locator("#chat .question, #chat .answer").evaluate_all("cards => cards.map((card) => card.outerHTML)")
    assert found
    return list(map(str, found))


def paste(page: Page) -> str:
    """Return what is on the clipboard as it arrives in a field: pages may not read it."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' }))")
    pasted = page.locator("#pasted")
    pasted.focus()
    pasted.press("Control+V")
    value = pasted.input_value()
    pasted.evaluate("each => each.remove()")
    return value


def test_a_suggested_question_is_asked_when_it_is_clicked(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    suggested = chat.suggestions.first.inner_text()
    chat.suggestions.first.click()
    expect(chat.answer(1)).to_have_class("answer answered")
    expect(chat.questions).to_have_text([QUESTION, suggested])


def test_an_example_is_asked_when_it_is_clicked(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "en")
    example = text("examples", Language.EN).split("|")[1]
    chat.page.locator("#chat").get_by_role("button").filter(has_text=example).click()
    chat.answer(0)
    expect(chat.questions).to_have_text([example])


@pytest.mark.parametrize("language", list(Language))
def test_another_meaning_of_a_name_is_offered_and_asked_when_it_is_clicked(
    language: Language, open_chat: OpenChat, real_chat: ChatServer
) -> None:
    chat = open_chat(real_chat, language)
    chat.ask(question("ambiguous", language))
    label, _, _ = text("did_you_mean", language).partition("{")
    offered = chat.suggestions.filter(has_text=label)
    expect(offered).to_have_count(1)
    meant = offered.inner_text().removeprefix(label)
    offered.click()
    chat.answer(1)
    expect(chat.questions).to_have_text([question("ambiguous", language), meant])
    expect(chat.suggestions.filter(has_text=label)).to_have_count(0)


def test_a_reload_keeps_a_conversation_to_the_letter(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    chat.ask("要多少钱？")
    before, suggested = cards(chat), chat.suggestions.all_inner_texts()
    chat.reload()
    chat.answer(1)
    assert cards(chat) == before
    expect(chat.suggestions).to_have_text(suggested)
    expect(chat.subject).to_have_text(CHIP)
    chat.answers.first.locator("a.marker").first.click()
    expect(chat.answers.first.locator("mark").first).to_be_visible()
    expect(chat.ask("SIM 卡要还吗？").locator(".carried")).to_contain_text("povo")


def test_another_language_keeps_the_conversation(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    before = cards(chat)
    chat.page.locator("header.site").get_by_text(LANGUAGE_NAMES[Language.JA]).click()
    expect(chat.page).to_have_title(text("title", Language.JA))
    chat.answer(0)
    assert cards(chat) == before
    expect(chat.subject).to_have_text(text("subject", Language.JA).format(operator="povo"))
    expect(chat.ask("いくらかかりますか？").locator(".carried")).to_have_text(
        text("carried", Language.JA).format(operator="povo")
    )


def test_whom_the_next_question_is_about_is_shown_and_can_be_taken_away(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    expect(chat.subject).not_to_be_visible()
    chat.ask(QUESTION)
    expect(chat.subject).to_have_text(CHIP)
    chat.subject.click()
    expect(chat.subject).not_to_be_visible()
    chat.reload()
    chat.answer(0)
    expect(chat.subject).not_to_be_visible()
    expect(chat.ask("SIM 卡要还吗？").locator(".carried")).to_have_count(0)
    chat.ask("LINEMO 怎么销户？")
    expect(chat.subject).to_have_text(text("subject", Language.ZH_HANS).format(operator="LINEMO"))


def test_a_new_chat_clears_the_conversation_for_good(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    chat.new_chat.click()
    expect(chat.answers).to_have_count(0)
    expect(chat.subject).not_to_be_visible()
    chat.reload()
    expect(chat.ask("怎么销户？").locator(".carried")).to_have_count(0)
    expect(chat.answers).to_have_count(1)


def test_another_reader_sees_nothing_of_a_conversation(open_chat: OpenChat, real_chat: ChatServer) -> None:
    open_chat(real_chat, "zh-Hans").ask(QUESTION)
    other = open_chat(real_chat, "zh-Hans")
    expect(other.ask("怎么销户？").locator(".carried")).to_have_count(0)
    expect(other.answers).to_have_count(1)


@pytest.mark.parametrize("path", ["/ja/", "/"])
def test_a_link_to_a_question_asks_it_once(path: str, open_chat: OpenChat, real_chat: ChatServer) -> None:
    asked = question("steps", Language.JA)
    chat = open_chat(real_chat, "ja")  # which the browser now remembers
    chat.go(chat_path(Language.JA, asked).replace("/ja/", path))
    expect(chat.answer(0)).to_have_attribute("lang", "ja")
    expect(chat.page).to_have_url(f"{real_chat.url}/ja/")
    chat.reload()
    chat.answer(0)
    chat.ask(question("follow_up", Language.JA))
    expect(chat.questions).to_have_text([asked, question("follow_up", Language.JA)])


def test_a_link_to_a_question_asks_it_after_the_conversation_that_is_kept(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask("LINEMO 怎么销户？")
    chat.go(chat_path(Language.ZH_HANS, QUESTION))
    chat.answer(1)
    expect(chat.questions).to_have_text(["LINEMO 怎么销户？", QUESTION])


def test_the_link_of_an_answer_asks_what_was_understood(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.ask(QUESTION)
    link = chat.ask("要多少钱？").locator("a.again").get_attribute("href")
    assert link is not None
    other = open_chat(real_chat, "en")
    other.go(link)
    answer = other.answer(0)
    expect(answer.locator(".carried")).to_have_count(0)
    expect(answer.locator(".quote").first).to_contain_text("povo")


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


def wait_for(held: list[Route], chat: ChatPage) -> Route:
    """Return the call that is held back, once it is made."""
    chat.wait_until(lambda: bool(held))
    return held[0]


@pytest.fixture
def held(open_chat: OpenChat, real_chat: ChatServer) -> tuple[ChatPage, Route]:
    """Return a page whose question has been taken, and the call for its answer, which is on its way until it is continued."""
    chat = open_chat(real_chat, "zh-Hans")
    calls = chat.hold("answer")
    chat.send(QUESTION)
    expect(chat.questions).to_have_text([QUESTION])
    return chat, wait_for(calls, chat)


def test_a_question_that_is_sent_while_the_page_loads_stays_on_it(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    opening, answering = chat.hold("open"), chat.hold("answer")
    chat.reload()
    opens = wait_for(opening, chat)
    chat.send(QUESTION)
    answer = wait_for(answering, chat)
    with chat.page.expect_response(opens.request.url):
        opens.continue_()
    chat.page.wait_for_timeout(200)
    expect(chat.questions).to_have_text([QUESTION], timeout=1)
    answer.continue_()
    chat.answer(0)
    expect(chat.questions).to_have_text([QUESTION])


def test_nothing_comes_back_into_a_new_chat_that_is_begun_while_an_answer_is_on_its_way(held: tuple[ChatPage, Route]) -> None:
    chat, call = held
    chat.new_chat.click()
    expect(chat.questions).to_have_count(0)
    with chat.page.expect_response(call.request.url):
        call.continue_()
    # The next answer comes after whatever that one did.
    chat.ask("LINEMO 怎么销户？")
    expect(chat.questions).to_have_text(["LINEMO 怎么销户？"])
    expect(chat.answers).to_have_count(1)
    chat.reload()
    chat.answer(0)
    expect(chat.questions).to_have_text(["LINEMO 怎么销户？"])


def test_a_reload_while_an_answer_is_on_its_way_puts_the_question_back_into_the_field(held: tuple[ChatPage, Route]) -> None:
    chat, _ = held
    chat.question.fill("要多少钱？")
    chat.reload()
    expect(chat.question).to_have_value(f"{QUESTION}\n要多少钱？")
    expect(chat.questions).to_have_count(0)


def test_what_is_typed_survives_a_reload_and_another_language(open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, "zh-Hans")
    chat.question.fill("povo 怎么")
    chat.reload()
    expect(chat.question).to_have_value("povo 怎么")
    chat.page.locator("header.site").get_by_text(LANGUAGE_NAMES[Language.ZH_HANT]).click()
    expect(chat.page).to_have_title(text("title", Language.ZH_HANT))
    expect(chat.question).to_have_value("povo 怎么")
    chat.question.press("End")
    chat.page.keyboard.type("销户")
    chat.question.press("Enter")
    chat.answer(0)
    expect(chat.questions).to_have_text(["povo 怎么销户"])
    chat.reload()
    chat.answer(0)
    expect(chat.question).to_have_value("")


def test_what_is_typed_while_an_answer_is_awaited_stays(held: tuple[ChatPage, Route]) -> None:
    chat, call = held
    chat.question.fill("要多少钱？")
    call.continue_()
    chat.answer(0)
    expect(chat.question).to_have_value("要多少钱？")


def test_what_is_sent_while_an_answer_is_awaited_is_answered_next(held: tuple[ChatPage, Route]) -> None:
    chat, call = held
    chat.send("要多少钱？")
    expect(chat.question).to_have_value("")
    chat.send("SIM 卡要还吗？")
    expect(chat.questions).to_have_text([QUESTION, "要多少钱？", "SIM 卡要还吗？"])
    call.continue_()
    expect(chat.answer(2).locator(".carried")).to_contain_text("povo")
    expect(chat.questions).to_have_text([QUESTION, "要多少钱？", "SIM 卡要还吗？"])


def test_a_question_that_is_sent_twice_in_one_breath_is_asked_once(held: tuple[ChatPage, Route]) -> None:
    chat, call = held
    chat.send(QUESTION)
    chat.question.clear()
    call.continue_()
    chat.answer(0)
    chat.ask("要多少钱？")
    expect(chat.questions).to_have_text([QUESTION, "要多少钱？"])


@pytest.mark.parametrize("language", [Language.ZH_HANS, Language.EN])
def test_nothing_makes_a_phone_scroll_sideways(language: Language, open_chat: OpenChat, real_chat: ChatServer) -> None:
    chat = open_chat(real_chat, language, size=PHONE)
    assert chat.fits_its_width()
    answer = chat.ask(QUESTION)
    assert chat.fits_its_width()
    answer.locator("a.marker").first.click()
    expect(answer.locator("mark").first).to_be_visible()
    assert chat.fits_its_width()
    chat.ask("https://example.com/" + "a" * 400)
    assert chat.fits_its_width()
