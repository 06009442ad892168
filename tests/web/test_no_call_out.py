"""The server asks no other host for anything: not when it starts, not when it serves, not when it answers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from web.chat_server import QA_CHAT, ChatServer, running

from qa.config import Settings

# Python imports a module of this name before everything else: it writes down every connection and every name that is looked up.
_WATCHER = """\
import sys

def watch(event, arguments, log=__file__ + ".log"):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        place = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        with open(log, "a", encoding="utf-8") as file:
            print(event, place[0] if isinstance(place, tuple) else place, file=file)

sys.addaudithook(watch)
"""


@pytest.fixture
def watched(
    tmp_path: Path, small_index: Settings, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[ChatServer, Path]]:
    """Return a chat, and the file in which it says whom it called."""
    watcher = tmp_path / "watcher" / "sitecustomize.py"
    watcher.parent.mkdir()
    watcher.write_text(_WATCHER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(watcher.parent))
    folder = shutil.copytree(small_index.index.parent, tmp_path / "chat")
    with running(QA_CHAT, folder, folder / "log", corpus=folder / "corpus", index=folder / "index", cache=cache) as server:
        yield server, watcher.with_name("sitecustomize.py.log")


def test_no_other_host_is_called_or_looked_up(watched: tuple[ChatServer, Path]) -> None:
    server, log = watched
    with server.client() as client:
        for path in (
            "/",
            "/en/",
            "/zh-Hans/",
            "/en/config",
            "/en/theme.css",
            "/en/operators",
            "/zh-Hans/guides/povo",
            "/health",
        ):
            assert client.get(path).status_code in (200, 307)
        answer = client.post("/api/ask", json={"question": "povo 怎么在线销户？"})
        assert answer.json()["outcome"] == "answered"
    called = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    assert [call for call in called if call.split()[-1] not in ("127.0.0.1", "localhost")] == []


def test_a_call_would_have_been_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(_WATCHER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    call = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", call], check=True)
    assert (tmp_path / "sitecustomize.py.log").read_text(encoding="utf-8") == "socket.connect 192.0.2.1\n"
