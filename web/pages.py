"""Templates to answers: language of the request, texts, versioned addresses of the static files."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from config import texts

HERE = Path(__file__).parent
STATIC = HERE / "static"

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(request: Request) -> str:
    """The language asked for with `?lang=`, Vietnamese if none or unknown."""
    asked = request.query_params.get("lang", texts.FALLBACK)
    return asked if asked in texts.languages() else texts.FALLBACK


@cache
def static_url(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def render(template: str, language: str, **values: object) -> Markup:
    """Fill a template; `t` is its text function."""

    def t(key: str, **places: object) -> str:
        return texts.text(key, language, **places)

    found = _environment.get_template(template)
    query = "" if language == texts.FALLBACK else f"?lang={language}"
    return Markup(found.render(t=t, language=language, query=query, static_url=static_url, **values))  # noqa: S704


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page in the request's language."""
    return HTMLResponse(render(template, language_of(request), path=_own_path(request), **values), status)


def _own_path(request: Request) -> str:
    """An address that shows this page again: a post is answered under an address that can't be opened."""
    path: str = request.scope["path"]
    if request.method == "POST":
        path = path.rpartition("/")[0]
    # with two slashes in front, of either kind, browsers would read the name of another host
    return quote("/" + path.lstrip("/\\"))
