"""Start the web chat: `python app.py`, or as a Hugging Face Space starts it. The index is built first where it is missing or stale."""

import os
import sys
from pathlib import Path

# A Space installs requirements.txt only, so the package may not be installed.
sys.path.insert(0, str(Path(__file__).parent / "src"))

from qa.cli import app

if __name__ == "__main__":
    os.chdir(Path(__file__).parent)
    if os.environ.get("SPACE_ID"):  # a Hugging Face Space forwards to its container from outside
        os.environ.setdefault("QA_HOST", "0.0.0.0")  # noqa: S104
    app(["chat"])
