"""The static files, out of memory: finding one on the disk for each request took longer than all the rest of it."""

import mimetypes
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.pages import STATIC

_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}
"""Browsers keep a file for a year: its address changes with its content."""


async def kept_file(request: Request) -> Response:
    """Answer with the file of the address."""
    found = _files(STATIC).get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    content, kind = found
    return Response(content, media_type=kind, headers=_HEADERS)


@cache
def _files(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Content and media type of each file by its path in the folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), _kind(path)) for path in files}


def _kind(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
