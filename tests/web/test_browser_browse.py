from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect
from web.accessibility import serious_violations
from web.browse_corpus import browse_settings
from web.chat_server import QA_CHAT, ChatServer, running

from qa.datatypes import Language
from qa.index.embedder import Embedder
from qa.web.texts import text

pytestmark = pytest.mark.browser

PHONE, DESKTOP = 390, 1280
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
each_width = pytest.mark.parametrize("width", [PHONE, DESKTOP])
with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Iterator[ChatServer]:
    """Return a server of the guides with something to compare."""
    folder = tmp_path_factory.mktemp("browser-browse")
    settings = browse_settings(folder, cache, embedder)
    log = folder / "log"
    with running(QA_CHAT, folder, log, corpus=settings.corpus, index=settings.index, cache=settings.cache) as server:
        yield server


@dataclass
class Reader:
    """Opens pages; strange collects requests to other hosts and errors."""

    browser: Browser
    url: str
    strange: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def open(self, path: str, width: int = DESKTOP, scheme: Scheme = "light", *, scripts: bool = True) -> Page:
        """Return the page at path, in a browser that was never here."""
        size = {"width": width, "height": 900}
        context = self.browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)  # type: ignore[arg-type]
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.strange.append(f"error: {error.error}"))
        page = context.new_page()
        self.pages.append(page)
        page.goto(self.url + path)
        return page

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:")):
            self.strange.append(f"request to {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.strange.append(f"console: {message.text}")


@pytest.fixture
def reader(browser: Browser, served: ChatServer) -> Iterator[Reader]:
    """Return what opens pages; after the test, none may have asked another host for anything, nor had an error."""
    reader = Reader(browser, served.url)
    yield reader
    for page in reader.pages:
        page.context.close()
    assert reader.strange == []


def names(page: Page) -> Locator:
    """Return the operators that are shown."""
    return page.locator(".operators tbody th > a")


def scrolls_sideways(page: Page) -> bool:
    """Whether anything makes the page wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@with_and_without_scripts
@each_width
def test_operators_are_filtered_and_sorted(reader: Reader, width: int, *, scripts: bool) -> None:
    page = reader.open("/en/operators", width, scripts=scripts)
    expect(names(page)).to_have_count(5)
    page.get_by_label(text("browse_cost", Language.EN), exact=True).select_option("fee")
    page.get_by_label(text("browse_sort", Language.EN), exact=True).select_option("name")
    page.get_by_role("button", name=text("browse_show", Language.EN)).click()
    expect(names(page)).to_have_text(["HanaCell", "LINEMO"])
    expect(page.get_by_role("status")).to_have_text("2 of 5 operators")
    assert "cost=fee" in page.url
    assert "sort=name" in page.url
    page.get_by_text(text("browse_clear", Language.EN)).click()
    expect(names(page)).to_have_count(5)


def test_with_scripts_a_choice_shows_at_once_and_keeps_the_focus(reader: Reader) -> None:
    page = reader.open("/ja/operators")
    status = page.get_by_role("status").element_handle()
    online = page.get_by_label(text("browse_online", Language.JA), exact=True)
    online.focus()
    online.select_option("no")
    expect(names(page)).to_have_text(["楽天モバイル"])
    expect(page.get_by_role("status")).to_have_text("5社のうち1社")
    expect(online).to_be_focused()
    # The very element: a screen reader announces changes of what it knows.
    assert status is not None
    assert status.evaluate("each => each.isConnected")
    assert page.url.endswith("/ja/operators?online=no")
    expect(page.get_by_role("link", name="English")).to_have_attribute("href", "/en/operators?online=no")


def test_with_scripts_a_name_is_looked_for_while_it_is_typed(reader: Reader) -> None:
    page = reader.open("/zh-Hans/operators")
    page.get_by_role("searchbox").press_sequentially("樂天", delay=30)
    expect(names(page)).to_have_text(["乐天移动"])
    page.get_by_role("searchbox").fill("没有这家")
    expect(page.get_by_text(text("browse_none", Language.ZH_HANS))).to_be_visible()
    page.get_by_text(text("browse_clear", Language.ZH_HANS)).locator("visible=true").click()
    expect(names(page)).to_have_count(5)


def test_a_result_can_be_sent_to_somebody(reader: Reader) -> None:
    page = reader.open("/zh-Hant/operators?name=ラインモ&sort=cost", PHONE)
    expect(names(page)).to_have_text(["LINEMO"])
    expect(page.get_by_role("searchbox")).to_have_value("ラインモ")
    expect(page.get_by_label(text("browse_sort", Language.ZH_HANT), exact=True)).to_have_value("cost")


@with_and_without_scripts
def test_everything_can_be_done_with_the_keyboard(reader: Reader, *, scripts: bool) -> None:
    page = reader.open("/en/operators", scripts=scripts)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("rakuten")
    page.keyboard.press("Enter")
    expect(names(page)).to_have_text(["Rakuten Mobile"])
    names(page).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("楽天モバイル：解約")


@with_and_without_scripts
def test_an_entry_opens_the_section_about_it(reader: Reader, *, scripts: bool) -> None:
    page = reader.open("/ja/operators", PHONE, scripts=scripts)
    page.get_by_role("link", name="0円", exact=True).click()
    expect(page.get_by_role("heading", name="費用")).to_be_in_viewport()
    assert page.url.endswith("/ja/guides/povo#fees")


@each_width
def test_the_contents_lead_to_a_section(reader: Reader, width: int) -> None:
    page = reader.open("/zh-Hans/guides/povo", width)
    contents = page.get_by_role("navigation", name=text("guide_contents", Language.ZH_HANS))
    if width == PHONE:
        expect(contents.get_by_role("link").first).to_be_hidden()
        contents.locator("summary").click()
    contents.get_by_role("link", name="SIM 卡").click()
    expect(page.get_by_role("heading", name="SIM 卡")).to_be_in_viewport()


def test_each_page_leads_to_itself_in_the_other_languages_and_to_the_chat(reader: Reader) -> None:
    page = reader.open("/zh-Hans/guides/mnp")
    page.get_by_role("link", name="日本語").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("番号の持ち運び")
    assert page.url.endswith("/ja/guides/mnp")
    expect(page.get_by_role("link", name=text("ask", Language.JA), exact=True)).to_have_attribute("href", "/ja/")


def test_a_phone_shows_cards_that_say_what_each_value_is_about(reader: Reader) -> None:
    page = reader.open("/en/operators", PHONE)
    card = page.get_by_role("row").filter(has_text="povo")
    expect(card.locator(".label")).to_have_text(
        [text(f"browse_{key}", Language.EN) for key in ("online", "cost", "last_month", "sim", "abroad")]
    )
    expect(card.locator(".label").first).to_be_visible()
    boxes = [box for cell in card.get_by_role("cell").all() if (box := cell.bounding_box())]
    assert len(boxes) == 5
    assert all(one["y"] < other["y"] for one, other in pairwise(boxes))
    expect(reader.open("/en/operators", DESKTOP).locator(".operators .label").first).to_be_hidden()


@pytest.mark.parametrize("path", ["/en/operators", "/ja/operators?name=nothing", "/en/guides/povo", "/ja/guides/others"])
def test_no_page_scrolls_sideways(reader: Reader, path: str) -> None:
    page = reader.open(path)
    for width in (360, 600, 800, 960, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert not scrolls_sideways(page), width


@pytest.mark.parametrize("path", ["/zh-Hans/operators", "/en/operators?name=nothing", "/ja/guides/povo", "/en/guides/linemo"])
def test_axe_finds_nothing_serious(reader: Reader, path: str) -> None:
    page = reader.open(path)
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert serious_violations(page) == [], (width, scheme)


def test_the_checker_does_find_what_is_wrong(reader: Reader) -> None:
    page = reader.open("/en/operators")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/favicon.ico><button></button>')")
    found = serious_violations(page)
    assert [rule.partition(" ")[0] for rule in found] == ["button-name", "image-alt"]


def test_a_table_keeps_its_meaning_as_cards(reader: Reader) -> None:
    page = reader.open("/en/operators", PHONE)
    expect(page.get_by_role("table", name=text("browse_title", Language.EN))).to_have_count(1)
    expect(page.get_by_role("rowheader", name="povo")).to_have_count(1)
    expect(page.get_by_role("columnheader")).to_have_count(6)


def test_pages_follow_the_browsers_colours(reader: Reader) -> None:
    def background(scheme: Scheme) -> str:
        return str(reader.open("/en/operators", scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor"))

    light, dark = background("light"), background("dark")
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(15, 23, 42)")
