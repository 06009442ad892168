from __future__ import annotations

import socket
import subprocess
from pathlib import Path

from web.chat_server import QA_CHAT, ChatServer, environment

from qa.index.generation import Generation

ROOT = Path(__file__).parents[2]


def refused(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return how a chat ended that found no guides, no index and no model, and can't listen either."""
    command = [*QA_CHAT, *arguments]
    settings = environment(corpus=folder / "corpus", index=folder / "index", cache=folder / "cache")
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=120, check=False)


def test_a_taken_port_is_one_line_with_its_mend_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = refused(tmp_path, "--port", str(port))
    assert ended.returncode == 1
    assert ended.stdout == ""
    [line] = ended.stderr.splitlines()
    assert line.startswith(f"Can't listen on 127.0.0.1:{port}")
    assert "Mend: choose another port with QA_PORT=" in line
    assert not list(tmp_path.iterdir())


def test_an_address_of_another_machine_is_one_line_with_its_mend(tmp_path: Path) -> None:
    ended = refused(tmp_path, "--host", "192.0.2.1")
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith("Can't listen on 192.0.2.1:")


def test_without_guides_and_without_an_index_the_chat_says_what_is_missing(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ended = refused(tmp_path, "--port", str(port))
    assert ended.returncode == 1
    assert "Mend: name the guides' folder with QA_CORPUS=" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_where_a_guide_is_malformed_the_index_that_is_there_is_served(small_chat: ChatServer) -> None:
    built = Generation.open_current(small_chat.log.parent / "index").id
    with small_chat.client() as client:
        assert client.get("/health").json() == {"status": "ok", "generation": built}


def test_where_a_guide_is_malformed_the_fault_is_printed_with_its_file_and_line(small_chat: ChatServer) -> None:
    guide = small_chat.log.parent / "corpus" / "zh-Hans" / "operators" / "povo.md"
    line = len(guide.read_text(encoding="utf-8").splitlines())
    log = small_chat.log.read_text(encoding="utf-8")
    assert f"corpus/zh-Hans/operators/povo.md:{line}: heading 'A heading without its slug' has no slug" in log
    assert "Serving the index that was built before." in log
    assert "Traceback" not in log


def test_app_py_serves_the_projects_guides_from_another_working_directory(real_chat: ChatServer) -> None:
    assert not (real_chat.log.parent / "corpus").exists()
    with real_chat.client() as client:
        assert client.get("/health").json()["status"] == "ok"
    generation = Generation.open_current(real_chat.log.parent / "index")
    assert {"zh-Hans", "ja", "en"} <= {str(language) for _, language in generation.guides}
    assert generation.manifest.guides == len(list((ROOT / "corpus").glob("*/*/*.md")))
