from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from web.page_html import PageHTML

from qa.datatypes import Language
from qa.web import frame
from qa.web.frame import Frame, framed, header, script_texts
from qa.web.languages import browse_path, chat_path
from qa.web.texts import LANGUAGE_NAMES, text

_GRADIO = find_spec("gradio")
assert _GRADIO
assert _GRADIO.origin
# What Gradio makes its pages from.
TEMPLATE = (Path(_GRADIO.origin).parent / "templates" / "frontend" / "index.html").read_text(encoding="utf-8")
PAGE = '<html lang="en"><head><meta name="twitter:card" content="x"></head><body class="b"><p>é</p></body></html>'


def metas_of(html: str) -> dict[str, str]:
    """Return the contents of html's metas by what they are about."""
    metas = PageHTML.read(html).attributes_of("meta")
    return {meta.get("property") or meta.get("name", ""): meta.get("content", "") for meta in metas}


@pytest.mark.parametrize("language", Language)
def test_gradios_page_says_its_language_and_what_it_is_itself_and_names_no_other_host(language: Language) -> None:
    assert {"og:image", "twitter:creator"} < metas_of(TEMPLATE).keys()
    html = framed(TEMPLATE, language)
    assert PageHTML.read(html).attributes_of("html")[0]["lang"] == language
    described = {name: content for name, content in metas_of(html).items() if name not in ("", "viewport")}
    assert described == {"description": text("tagline", language), "og:title": text("title", language)}
    assert re.findall(r"https?://[a-z]", html) == []


@pytest.mark.parametrize("language", Language)
def test_nothing_of_gradios_page_is_lost_but_how_it_introduces_itself(language: Language) -> None:
    def rest_of(html: str) -> list[tuple[str, dict[str, str]]]:
        tags = PageHTML.read(html).tags
        return [(tag, attributes) for tag, attributes in tags if tag not in ("html", "meta")]

    kept, whole = rest_of(TEMPLATE), rest_of(framed(TEMPLATE, language))
    assert [each for each in whole if each in kept] == kept
    added = framed(PAGE, language)
    assert added.endswith("<p>é</p></body></html>")
    assert added.count('<body class="b">') == 1


@pytest.mark.parametrize("language", Language)
def test_the_page_begins_with_the_header_then_says_what_it_is_and_that_it_opens_or_needs_a_script(language: Language) -> None:
    body = framed(PAGE, language).partition('<body class="b">')[2]
    assert body.startswith(header(language, "ask", chat_path))
    page = PageHTML.read(body.removeprefix(header(language, "ask", chat_path)))
    assert page.text == f"{text('title', language)}{text('loading', language)}{text('no_script', language)}é"
    assert page.tags == [
        ("h1", {"class": "off-screen", "lang": language.value}),
        ("div", {"id": "notice", "role": "status", "hidden": ""}),
        ("p", {"id": "loading", "lang": language.value}),
        ("noscript", {}),
        ("p", {"class": "no-script", "lang": language.value}),
        ("p", {}),
    ]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("here", ["ask", "browse"])
def test_the_header_leads_to_both_views_and_every_language_and_says_which_it_is(language: Language, here: str) -> None:
    page = PageHTML.read(header(language, here, browse_path))
    assert (page.strays, page.open_tags) == ([], [])
    links = page.attributes_of("a")
    addresses = [link["href"] for link in links if link.get("class") != "skip"]
    assert addresses == [
        chat_path(language),
        chat_path(language),
        browse_path(language),
        *(browse_path(each) for each in Language),
    ]
    current = [(link["href"], link["aria-current"]) for link in links if "aria-current" in link]
    view = chat_path(language) if here == "ask" else browse_path(language)
    assert current == [(view, "page"), (browse_path(language), "true")]
    assert [(link["lang"], link["hreflang"]) for link in links if "hreflang" in link] == [(each, each) for each in Language]
    assert page.text.endswith("".join(LANGUAGE_NAMES.values()))
    assert page.attributes_of("header") == [{"class": "site", "lang": language.value}]
    assert all(nav["aria-label"] for nav in page.attributes_of("nav"))


@pytest.mark.parametrize("language", Language)
def test_only_where_there_is_a_field_to_skip_to_the_first_link_does(language: Language) -> None:
    first = PageHTML.read(header(language, "ask", chat_path)).attributes_of("a")[0]
    assert first == {"class": "skip", "href": "#question"}
    assert "skip" not in header(language, "browse", browse_path)


def test_an_address_elsewhere_is_escaped() -> None:
    page = PageHTML.read(header(Language.JA, "browse", lambda language: f'{browse_path(language)}?name="><b>&sort=x'))
    assert page.attributes_of("b") == []
    assert page.attributes_of("a")[-1]["href"] == '/en/operators?name="><b>&sort=x'


@pytest.mark.parametrize("language", Language)
def test_the_pages_scripts_read_their_texts_in_its_language(language: Language) -> None:
    element = PageHTML.read(script_texts(language))
    assert element.tags == [("script", {"type": "application/json", "id": "texts"})]
    texts = json.loads(element.text)
    assert texts == {key: text(key, language) for key in texts}
    assert texts.keys() >= set(_read_by_scripts())


def _read_by_scripts() -> list[str]:
    """Return the texts that the scripts of the page read."""
    static = Path(frame.__file__).parent / "static"
    return [key for script in static.glob("*.js") for key in re.findall(r"\btexts\.(\w+)", script.read_text(encoding="utf-8"))]


def test_no_text_can_end_the_element_that_scripts_read_texts_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "text", lambda key, _: f"</script><!--<script>{key}")
    html = script_texts(Language.EN)
    assert html.count("<") == len(("<script", "</script"))
    inner = html.partition(">")[2].removesuffix("</script>")
    assert json.loads(inner)["lost"] == "</script><!--<script>lost"


async def _page(_: Request) -> Response:
    return HTMLResponse(PAGE)


async def _pieces(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        body = PAGE.encode()
        for start in range(0, len(body), 7):  # cuts the é in two
            yield body[start : start + 7]

    return StreamingResponse(pieces(), media_type="text/html")


async def _missing(_: Request) -> Response:
    return HTMLResponse(PAGE, status_code=404)


async def _bytes(_: Request) -> Response:
    return Response(b"\xff<body>\xfe", media_type="application/octet-stream")


async def _text(_: Request) -> Response:
    return PlainTextResponse(PAGE)


APP = Frame(
    Starlette(
        routes=[
            Route("/", _page),
            Route("/en/", _page),
            Route("/zh-Hant", _page),
            Route("/ja/", _pieces),
            Route("/ja", _missing),
            Route("/zh-Hans/", _bytes),
            Route("/zh-Hans", _text),
            Route("/en/operators", _page),
            Route("/english/", _page),
        ]
    )
)


def answered(path: str, method: str = "GET") -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://test") as client:
            return await client.request(method, path)

    return asyncio.run(send())


@pytest.mark.parametrize(("path", "language"), [("/en/", Language.EN), ("/zh-Hant", Language.ZH_HANT), ("/ja/", Language.JA)])
def test_a_chat_page_comes_framed_and_whole_also_where_it_comes_in_pieces(path: str, language: Language) -> None:
    response = answered(path)
    assert response.text == framed(PAGE, language)
    assert response.headers["content-length"] == str(len(response.content))


@pytest.mark.parametrize("path", ["/", "/en/operators", "/english/", "/ja", "/zh-Hans"])
def test_what_is_no_chat_page_comes_as_it_is(path: str) -> None:
    assert answered(path).text == PAGE


def test_what_is_no_text_comes_as_it_is() -> None:
    assert answered("/zh-Hans/").content == b"\xff<body>\xfe"


def test_who_asks_for_the_headers_alone_gets_those_of_the_page() -> None:
    page, headers = answered("/en/"), answered("/en/", "HEAD")
    assert (headers.status_code, headers.headers) == (200, page.headers)


def test_a_path_that_nothing_answers_is_not_found() -> None:
    assert answered("/en/nowhere").status_code == 404
