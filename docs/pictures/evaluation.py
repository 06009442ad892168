"""Take the pictures of an evaluation anew, on the project's guides: make screenshots."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent

with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
    evaluate = [sys.executable, "-m", "qa.cli", "eval", "--mode", "dense,lexical,hybrid", "--output", folder]
    subprocess.run(evaluate, stdout=subprocess.DEVNULL, check=False)  # also where the gate isn't met
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((Path(folder) / "report.html").as_uri())
    page.screenshot(path=HERE / "evaluation.png")
    page.get_by_role("heading", name="Risk against coverage").evaluate("heading => heading.scrollIntoView()")
    page.wait_for_timeout(1000)
    page.screenshot(path=HERE / "evaluation-pictures.png")
