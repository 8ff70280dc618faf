"""All addresses that the web application answers, read from its own table, with places filled in that exist."""

from collections.abc import Iterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route

from tests.web.sample import HALL
from web.app import create_app
from web.feed import Feed
from web.hall import Hall

EXAMPLES = {
    "token": "forged",
    "service_id": "ho-tich",
    "code": "ABCD2345",
    "counter_id": "q1",
    "version": "0",
    "name": "main.js",
    "what": "counter",
    "chart": "waits",
    "form": "csv",
    "view": "services",
}


class Nobody:
    """A hall that is never asked."""

    def ask(self, *_asked: object, **_how: object) -> object:
        raise AssertionError(HALL.hall_id)

    def close(self) -> None:
        """Nothing is open."""


def app_without_hall() -> Starlette:
    """The application, whose hall is never asked."""
    nobody = Nobody()
    hall = Hall(nobody, nobody, nobody, Feed())  # type: ignore[arg-type]
    return create_app(hall, pins=Path("pins.json"), secret="secret")


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of each route of the application, as the table has it."""
    for route in app_without_hall().routes:
        assert isinstance(route, Route)
        assert route.methods is not None
        for method in sorted(route.methods - {"HEAD"}):
            yield method, route.path


def address_of(path: str) -> str:
    """A path with its places filled in."""
    for name, value in EXAMPLES.items():
        path = path.replace("{" + name + "}", value).replace("{" + name + ":path}", "phone.css")
    assert "{" not in path, f"no example for a place of {path}"
    return path
