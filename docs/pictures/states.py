"""Take every state of the chat in four languages, on a phone and on a desk, and a sheet of each: make screenshots."""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from chat_states import STATES, Servers, State, chromium, servers, window
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import BrowserContext, Error, sync_playwright
from web.chat_page import DESKTOP, PHONE

from qa.datatypes import Language

TO = Path(__file__).parent / "states"
SIZES = (PHONE, DESKTOP)
# Of a picture on a sheet, in pixels.
SHOWN = {PHONE: (260, 563), DESKTOP: (433, 305)}
SHEET_WIDTH, LABEL = 2600, 26


def main(wanted: list[str]) -> int:
    """Take the wanted states, all where none is named, print those that could not be reached, and return the exit code."""
    TO.mkdir(exist_ok=True)
    states = [state for state in STATES if not wanted or state.name in wanted]
    missed = []
    with tempfile.TemporaryDirectory() as folder, servers(Path(folder)) as running, sync_playwright() as playwright:
        browser = chromium(playwright)
        for language in Language:
            for size, dark in product(SIZES, (False, True)):
                with window(browser, language, size, dark=dark) as context:
                    for state in states:
                        if state.also_dark or not dark:
                            missed += _take(context, running, state, language, _path(state, language, size, dark=dark))
            for size in SIZES:
                _sheet(language, size)
    print("\n".join(missed), file=sys.stderr)
    print(f"{len(missed)} states not reached; the pictures are in {TO}")
    return int(bool(missed))


def _take(context: BrowserContext, running: Servers, state: State, language: Language, path: Path) -> list[str]:
    """Write the picture of a state; return why it could not be reached, if so."""
    path.unlink(missing_ok=True)
    try:
        with state.reached(context, running, language) as chat:
            chat.page.screenshot(path=path)
    except (Error, AssertionError) as error:
        return [f"{path.stem}: {str(error).strip().splitlines()[0]}"]
    # A page has few colours: a palette makes the file a third as large, and nobody sees it.
    Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    return []


def _path(state: State, language: Language, size: tuple[int, int], *, dark: bool) -> Path:
    return TO / f"{state.name}{'-dark' * dark}-{language}-{size[0]}.png"


def _sheet(language: Language, size: tuple[int, int]) -> None:
    """Put all pictures of a language and size on one sheet."""
    width, height = SHOWN[size]
    every = [_path(state, language, size, dark=dark) for state in STATES for dark in (False, True)]
    paths = [path for path in every if path.exists()]
    columns = SHEET_WIDTH // width
    sheet = Image.new("RGB", (SHEET_WIDTH, -(-len(paths) // columns) * (height + LABEL)), "#888")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(15)
    for at, path in enumerate(paths):
        left, top = at % columns * width, at // columns * (height + LABEL)
        draw.text((left + 6, top + 4), path.stem.removesuffix(f"-{language}-{size[0]}"), fill="white", font=font)
        picture = Image.open(path).convert("RGB").resize((width - 8, height), Image.Resampling.LANCZOS)
        sheet.paste(picture, (left + 4, top + LABEL))
    sheet.quantize(256).save(TO / f"sheet-{language}-{size[0]}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
