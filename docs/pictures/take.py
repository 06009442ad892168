"""Take the pictures of README and docs anew, of the chat on the project's guides and of an evaluation: make screenshots."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PORT = "7861"
URL = f"http://127.0.0.1:{PORT}"
# Picture, page, question, size, whether the first citation is opened.
PICTURES = (
    ("answer-zh-Hans", "zh-Hans", "povo 怎么在线销户？", (1280, 900), True),
    ("answer-ja-phone", "ja", "povoの解約方法は？", (390, 844), False),
    ("answer-en", "en", "How do I cancel povo from abroad?", (1280, 900), False),
)

chat = subprocess.Popen([sys.executable, str(HERE.parents[1] / "app.py")], env={**os.environ, "QA_PORT": PORT})
try:
    while chat.poll() is None:
        try:
            urllib.request.urlopen(f"{URL}/health").close()
            break
        except OSError:
            time.sleep(0.5)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, language, question, (width, height), opened in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{URL}/{language}/")
            page.wait_for_timeout(1000)
            page.locator("#question textarea").fill(question)
            page.keyboard.press("Enter")
            page.locator("#chat .answer").wait_for()
            if opened:
                page.locator("#chat summary").first.click()
            # Past the scrolling that the chat itself does.
            page.wait_for_timeout(1000)
            page.locator("#chat .bubble-wrap").evaluate("log => { log.scrollTop = 0 }")
            page.screenshot(path=HERE / f"{name}.png")
        with tempfile.TemporaryDirectory() as folder:
            evaluate = [sys.executable, "-m", "qa.cli", "eval", "--mode", "dense,lexical,hybrid", "--output", folder]
            subprocess.run(evaluate, stdout=subprocess.DEVNULL, check=False)  # also where the gate isn't met
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto((Path(folder) / "report.html").as_uri())
            page.screenshot(path=HERE / "evaluation.png")
            page.get_by_role("heading", name="Risk against coverage").evaluate("heading => heading.scrollIntoView()")
            page.wait_for_timeout(1000)
            page.screenshot(path=HERE / "evaluation-pictures.png")
finally:
    chat.terminate()
    chat.wait()
