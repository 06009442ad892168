"""Start a chat in which no answer can be given, for the pictures: steps find too many people asking, everything else breaks."""

import os
from pathlib import Path
from typing import NoReturn

from asked import question

from qa.answering.assistant import Assistant
from qa.cli import app
from qa.datatypes import Language
from qa.errors import BusyError

BUSY = {question("steps", language) for language in Language}


def fail(_assistant: Assistant, asked: str, *_others: object, **_more: object) -> NoReturn:
    """Raise what the page has to explain."""
    raise BusyError("for the picture") if asked in BUSY else RuntimeError("for the picture")


Assistant.answer_from_generation = fail
os.chdir(Path(__file__).parents[2])
app(["chat"])
