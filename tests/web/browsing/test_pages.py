from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest
from small_corpus import build
from web.browse_corpus import browse_settings
from web.chat_server import QA_CHAT, ChatServer, running
from web.page_html import PageHTML

from qa.datatypes import Language
from qa.index.embedder import Embedder
from qa.web.languages import COOKIE
from qa.web.texts import text

each_language = pytest.mark.parametrize("language", Language)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, cache: object, embedder: Embedder) -> Iterator[ChatServer]:
    """Return a server of the guides with something to compare."""
    folder = tmp_path_factory.mktemp("pages")
    settings = browse_settings(folder, cache, embedder)  # type: ignore[arg-type]
    log = folder / "log"
    with running(QA_CHAT, folder, log, corpus=settings.corpus, index=settings.index, cache=settings.cache) as server:
        yield server


def got(server: ChatServer, path: str, **headers: str) -> httpx.Response:
    """Return what the server answers, without following where it leads."""
    with server.client(**headers) as client:
        return client.get(path)


@each_language
@pytest.mark.parametrize("path", ["operators", "operators?online=yes&sort=cost&name=楽天", "guides/povo", "guides/mnp"])
def test_a_page_is_served_in_its_language_and_is_light(served: ChatServer, language: Language, path: str) -> None:
    response = got(served, f"/{language}/{path}")
    assert response.status_code == 200
    assert re.search(r'<html lang="([^"]+)"', response.text)[1] == language  # type: ignore[index]
    assert len(response.content) < 60_000


@each_language
@pytest.mark.parametrize("path", ["operators/unknown", "operators/povo/x", "guides/unknown", "guides/povo/x"])
def test_a_page_that_is_not_there_says_so_in_the_language_and_shows_two_ways_on(
    served: ChatServer, language: Language, path: str
) -> None:
    response = got(served, f"/{language}/{path}")
    assert response.status_code == 404
    main = unescape(response.text).partition("<main")[2].partition("</main>")[0]
    assert text("missing_title", language) in main
    links = [link["href"] for link in PageHTML.read(f"<main{main}").attributes_of("a")]
    assert links == [f"/{language}/operators", f"/{language}/"]


@each_language
@pytest.mark.parametrize("path", ["operators/", "guides", "guides/"])
def test_an_address_cut_short_leads_to_the_operators(served: ChatServer, language: Language, path: str) -> None:
    response = got(served, f"/{language}/{path}")
    assert response.is_redirect
    assert response.headers["location"] == f"/{language}/operators"


@pytest.mark.parametrize("path", ["/en/operators", "/en/guides/povo", "/en/guides/unknown"])
def test_a_page_runs_our_files_alone_and_says_what_the_browser_may_do(served: ChatServer, path: str) -> None:
    response = got(served, path)
    assert "script-src 'self';" in response.headers["content-security-policy"]
    assert re.findall(r'<script(?![^>]*src="/static/)', response.text) == []
    loaded = re.findall(r'<(?:script|link rel="(?:stylesheet|icon)")[^>]*?(?:src|href)="([^"]+)"', response.text)
    assert loaded
    for address in loaded:
        assert got(served, address).status_code == 200


@pytest.mark.parametrize("path", ["/en/operators?online=yes", "/ja/guides/povo"])
def test_a_page_that_has_not_changed_is_not_sent_again(served: ChatServer, path: str) -> None:
    first = got(served, path)
    assert first.headers["cache-control"] == "no-cache"
    again = got(served, path, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = got(served, path.replace("/ja/", "/zh-Hant/").replace("yes", "no"), **{"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


@each_language
@pytest.mark.parametrize("path", ["operators", "guides/povo"])
def test_a_pages_language_is_remembered(served: ChatServer, language: Language, path: str) -> None:
    assert got(served, f"/{language}/{path}").cookies[COOKIE] == language


def test_a_language_that_there_is_not_has_no_pages(served: ChatServer) -> None:
    assert got(served, "/fr/operators").status_code == 404


def test_a_page_can_be_asked_for_without_its_body(served: ChatServer) -> None:
    with served.client() as client:
        assert client.head("/en/guides/povo").status_code == 200
        assert client.head("/en/guides/unknown").status_code == 404


def test_a_newly_published_generation_is_shown_without_a_restart(
    tmp_path_factory: pytest.TempPathFactory, cache: object, embedder: Embedder
) -> None:
    folder = tmp_path_factory.mktemp("republished")
    settings = browse_settings(folder, cache, embedder)  # type: ignore[arg-type]
    with running(QA_CHAT, folder, folder / "log", corpus=settings.corpus, index=settings.index, cache=settings.cache) as server:
        before = got(server, "/ja/operators")
        assert "2999-06-06" in before.text
        guide = settings.corpus / "ja" / "operators" / "rakuten-mobile.md"
        guide.write_text(guide.read_text("utf-8").replace("2999-06-06", "2999-07-07"), encoding="utf-8")
        assert got(server, "/ja/operators").text == before.text
        build(settings, embedder)
        after = got(server, "/ja/operators", **{"if-none-match": before.headers["etag"]})
        assert after.status_code == 200
        assert "2999-07-07" in after.text
