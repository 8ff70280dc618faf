"""The desk's script modules: under an address that changes with any of them, because they name each other."""

import hashlib
from functools import cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from web.pages import STATIC

FOLDER = STATIC / "desk"


@cache
def version() -> str:
    """A short digest of all modules."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.js")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def script_url(name: str) -> str:
    """The address of a module, which browsers may keep."""
    return f"/desk/scripts/{version()}/{name}"


async def script(request: Request) -> Response:
    """A module; an old page gets the newest one, and no browser keeps it under the old address."""
    name = request.path_params["name"]
    if name not in {path.name for path in FOLDER.glob("*.js")}:
        raise HTTPException(404)
    current = request.path_params["version"] == version()
    kept = "public, max-age=31536000, immutable" if current else "no-store"
    return FileResponse(FOLDER / name, media_type="text/javascript", headers={"Cache-Control": kept})
