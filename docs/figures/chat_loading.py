"""What a page weighs, and from when on it can be used."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from chat_states import Servers
from playwright.sync_api import Browser, BrowserContext, CDPSession
from web.chat_page import DESKTOP, PHONE

LANGUAGE = "zh-Hans"
TIMES = 5
# Past the last request of a page that has been opened.
QUIET_SECONDS = 2
PATIENCE_MS = 120_000
# Slow 4G and the processor of a phone, as Chromium's own tools imitate them: bytes per second, milliseconds, how many times slower.
SLOW_NETWORK = {"offline": False, "downloadThroughput": 180_000, "uploadThroughput": 84_375, "latency": 562.5}
SLOW_PROCESSOR = 4
# Set before any script of the page runs; the clock starts with the navigation.
FIELD_IS_THERE = """window.usable = new Promise(resolve => new MutationObserver((_, observer) => {
  const field = document.querySelector("#question textarea");
  if (!field || field.disabled) return;
  observer.disconnect();
  resolve(performance.now());
}).observe(document, {childList: true, subtree: true}))"""


@dataclass
class _Wire:
    """What went over the network: bytes as they were sent, compressed or not. at is when something last did."""

    bytes: int = 0
    requests: int = 0
    at: float = 0.0
    _cached: set[str] = field(default_factory=set)

    def watch(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._note)
        session.on("Network.dataReceived", self._note)
        session.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        session.on("Network.loadingFinished", self._finish)

    def _note(self, _event: dict[str, Any]) -> None:
        self.at = time.monotonic()

    def _finish(self, event: dict[str, Any]) -> None:
        self._note(event)
        if event["requestId"] not in self._cached and event["encodedDataLength"]:
            self.bytes += int(event["encodedDataLength"])
            self.requests += 1


def measure(browser: Browser, servers: Servers) -> dict[str, Any]:
    """Return weight and times of the page at a desk and on a slow phone, for who was never here and for who comes back."""
    rows = []
    for name, size, slow in (("desk", DESKTOP, False), ("phone", PHONE, False), ("slow phone", PHONE, True)):
        first, again = [], []
        for _ in range(TIMES):
            context = browser.new_context(viewport={"width": size[0], "height": size[1]})
            first.append(_open(context, servers, slow=slow))
            again.append(_open(context, servers, slow=slow))
            context.close()
        rows += [{"where": name, "visit": visit} | _middle(loads) for visit, loads in (("first", first), ("again", again))]
    return {"times": TIMES, "rows": rows}


def _open(context: BrowserContext, servers: Servers, *, slow: bool) -> dict[str, float]:
    """Return what it took to open the page in a new tab."""
    page = context.new_page()
    page.add_init_script(FIELD_IS_THERE)
    session = context.new_cdp_session(page)
    wire = _Wire()
    session.send("Network.enable")
    wire.watch(session)
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
    page.goto(f"{servers.usual.url}/{LANGUAGE}/", wait_until="commit", timeout=PATIENCE_MS)
    usable = page.evaluate("window.usable")
    # One connection is held open as long as the page is, so the network is never idle.
    while time.monotonic() - wire.at < QUIET_SECONDS:
        page.wait_for_timeout(100)
    found = {
        "bytes": float(wire.bytes),
        "requests": float(wire.requests),
        "first_paint_ms": float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")),
        "usable_ms": float(usable),
    }
    page.close()
    return found


def _middle(loads: list[dict[str, float]]) -> dict[str, int]:
    return {name: round(median(load[name] for load in loads)) for name in loads[0]}
