"""Our own style sheets and scripts: their address changes with what is in them, so that browsers keep them and never an old one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.staticfiles import StaticFiles

if TYPE_CHECKING:
    from fastapi import Response
    from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
_CONTENT = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(FOLDER.iterdir()))).hexdigest()
PATH = f"/static/{_CONTENT[:12]}"


class KeptFiles(StaticFiles):
    """Serves the files to be kept for good."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file at path."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
