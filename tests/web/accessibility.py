"""What axe-core, the checker of the browsers' own tools, finds wrong with a page."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Page

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_SERIOUS = ("serious", "critical")


def serious_violations(page: Page) -> list[str]:
    """Return what keeps people from using page as it stands, a line for each element: the rule, how grave, the element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {element['html'][:200]}"
        for rule in found
        if rule["impact"] in _SERIOUS
        for element in rule["nodes"]
    ]
