"""A web chat that runs as a process of its own: a Gradio server inside the test process leaves loops and sockets open."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from qa.feedback.store import FeedbackStore

# Long enough to unpack the model and to embed the whole corpus on a slow machine that has never done so.
START_SECONDS = 900
STOP_SECONDS = 10
FEEDBACK = "feedback.sqlite"
QA_CHAT = (sys.executable, "-m", "qa.cli", "chat")


@dataclass(frozen=True)
class ChatServer:
    """A running chat; log holds what it printed."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self, **headers: str) -> httpx.Client:
        """Return a client that sends headers and follows no redirect."""
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=60)

    @property
    def feedback(self) -> FeedbackStore:
        """The file that it keeps what readers say in."""
        return FeedbackStore(self.log.parent / FEEDBACK)

    def stop(self) -> None:
        """Stop it as Ctrl-C does, and wait until it has ended."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**settings: str | Path) -> dict[str, str]:
    """Return this process' environment with QA_* variables for settings alone."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    return inherited | {f"QA_{name.upper()}": str(value) for name, value in settings.items()}


@contextmanager
def running(command: Sequence[str], working_directory: Path, log: Path, **settings: str | Path) -> Iterator[ChatServer]:
    """Run command, which serves the chat, until the block is left; it answers when the block is entered.

    Where settings name no port, it is a free one. What readers say is kept beside log.
    """
    given: dict[str, str | Path] = {"port": str(free_port()), "feedback_file": log.parent / FEEDBACK, **settings}
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=working_directory, env=environment(**given), stdout=output, stderr=output)
    server = ChatServer(f"http://127.0.0.1:{given['port']}", process, log)
    try:
        _wait(server)
        yield server
    finally:
        server.stop()


def _wait(server: ChatServer) -> None:
    until = time.monotonic() + START_SECONDS
    with server.client() as client:
        while time.monotonic() < until and server.process.poll() is None:
            try:
                if client.get("/health").is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
    raise AssertionError(f"The chat did not start:\n{server.log.read_text(encoding='utf-8')}")
