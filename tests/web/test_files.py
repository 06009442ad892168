"""No file beside our own and Gradio's is served, however it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from web.chat_server import ChatServer

from qa.web.static_files import PATH

SECRET = "planted-where-nobody-may-read-it"
PLACES = ("secret.txt", ".env", "corpus/secret.txt", "index/secret.txt")
# What takes a path: of Gradio's routes, and of ours.
ROUTES = (
    *("en/file=", "en/file/", "en/gradio_api/file=", "en/gradio_api/file/", "en/gradio_api/proxy=", "en/static/", "en/assets/"),
    *(
        "en/svelte/",
        "en/gradio_api/custom_component/x/client/component/",
        "en/gradio_api/stream/",
        "en/gradio_api/heartbeat/",
        "en/",
    ),
    *(f"{PATH.strip('/')}/", "static/", "en/guides/", "api/guides/", "mcp/", ""),
)
PAGE_FILES = ("chat.css", "chat.js")


@pytest.fixture(scope="module")
def planted(small_chat: ChatServer) -> Iterator[Path]:
    """Return the server's working directory, with secrets in it, among the guides and in the index."""
    folder = small_chat.log.parent
    for place in PLACES:
        (folder / place).write_text(SECRET, encoding="utf-8")
    yield folder
    for place in PLACES:
        (folder / place).unlink()


def written(place: str, folder: Path) -> Iterator[str]:
    """Yield the ways to ask for the file at place: plain, climbing, absolute, encoded once and twice, in capitals."""
    absolute = str(folder / place)
    climbing = [f"../{place}", f"../../../{place}", f"{'../' * 20}{absolute.lstrip('/')}"]
    for path in (place, absolute, f"/{absolute}", f"file://{absolute}", *climbing):
        yield path
        yield quote(path, safe="")
        yield quote(quote(path, safe=""), safe="")
        yield f"{path}%00.css"
    for path in climbing:
        for climb in ("..%2f", "%2e%2e/", "..\\", "....//", "..;/", "./"):
            yield path.replace("../", climb)
    yield place.upper()


def answer(server: ChatServer, *paths: str) -> Iterator[tuple[int, str]]:
    """Yield status and text for each path, asked for as it is written: an ordinary client would tidy it up."""
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    for path in paths:
        connection.putrequest("GET", f"/{path}", skip_accept_encoding=True)
        connection.endheaders()
        response = connection.getresponse()
        yield response.status, response.read().decode(errors="replace")
    connection.close()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("route", ROUTES)
def test_no_route_serves_a_file_of_the_working_directory(route: str, place: str, planted: Path, small_chat: ChatServer) -> None:
    paths = [f"{route}{path}" for path in written(place, planted)]
    for path, (status, text) in zip(paths, answer(small_chat, *paths), strict=True):
        assert SECRET not in text, path
        assert status < 500, path


@pytest.mark.parametrize("query", ["path", "file", "filepath", "deep_link", "view", "__theme"])
def test_no_parameter_brings_a_file_of_the_working_directory(query: str, planted: Path, small_chat: ChatServer) -> None:
    values = [quote(str(planted / place), safe="") for place in PLACES]
    paths = [f"{page}?{query}={value}" for page in ("en/", "en/config", "en/theme.css", "ja/operators") for value in values]
    assert all(SECRET not in text for _, text in answer(small_chat, *paths))


@pytest.mark.parametrize(
    "file", [*PAGE_FILES, "../server.py", "..%2fserver.py", "%2e%2e/page.py", "../wording/chat.yaml", "__init__.py"]
)
def test_of_our_own_program_only_what_pages_load_is_served(file: str, small_chat: ChatServer) -> None:
    ((status, _),) = answer(small_chat, f"{PATH.strip('/')}/{file}")
    assert status == (200 if file in PAGE_FILES else 404)
