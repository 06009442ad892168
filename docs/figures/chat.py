"""Measure the chat as people meet it: `make figures-of-chat` writes docs/figures/chat.json.

The chat is started as `python app.py` starts it, and asked by headless Chromium and by people who ask at once, all on this machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chat_asking
import chat_load
import chat_loading
from chat_states import Servers, chromium, servers
from playwright.sync_api import Browser, sync_playwright

TO = Path(__file__).parent / "chat.json"
PARTS: dict[str, Callable[[Browser, Servers], Any]] = {
    "asking": chat_asking.measure,
    "loading": chat_loading.measure,
}
LOAD = "load"


def main() -> None:
    """Measure what is wanted, and write it beside what was measured before."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("parts", nargs="*", help=f"of {', '.join((*PARTS, LOAD))}; all where none is named")
    wanted.add_argument("--users", type=int, default=30, help="who ask at once, each again as soon as the answer is there")
    wanted.add_argument("--minutes", type=float, default=5.0, help="for how long they do")
    options = wanted.parse_args()
    parts = options.parts or [*PARTS, LOAD]
    if unknown := set(parts) - {*PARTS, LOAD}:
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Mend: of {', '.join((*PARTS, LOAD))}")
    figures: dict[str, Any] = json.loads(TO.read_text(encoding="utf-8")) if TO.exists() else {}
    with tempfile.TemporaryDirectory() as folder, servers(Path(folder)) as running, sync_playwright() as playwright:
        browser = chromium(playwright)
        for part in parts:
            print(f"Measuring {part} …", file=sys.stderr)
            if part == LOAD:
                figures[part] = chat_load.measure(browser, running, options.users, options.minutes)
            else:
                figures[part] = PARTS[part](browser, running)
            figures[part] |= {"measured": str(dt.datetime.now(dt.UTC).date()), "cores": os.cpu_count()}
            TO.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
