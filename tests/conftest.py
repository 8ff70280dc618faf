"""Fixtures that many tests need."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.running import ROOT, RunningHall, eventually, free_ports, hall_file_at_free_ports

__all__ = ["ROOT", "RunningHall", "eventually", "free_ports", "hall_file_at_free_ports"]


LONG = bool(os.environ.get("MOTCUA_LONG"))
"""Whether the tests may take their time: `./motcua test --long`."""

# how long an example takes says nothing on a machine that has much else to do
hypothesis.settings.register_profile(
    "plain", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], max_examples=60
)
hypothesis.settings.register_profile("long", hypothesis.settings.get_profile("plain"), max_examples=500)
hypothesis.settings.load_profile("long" if LONG else "plain")


_FIRST = ("tests/journeys", "tests/queue_server/test_machine", "tests/kiosk/test_run", "tests/screens", "tests/display")


def _place(item: pytest.Item) -> int:
    """What takes long goes first, so as to keep no worker waiting at the end; files with a browser can share it."""
    if item.get_closest_marker("browser"):
        return 1
    path = item.path.relative_to(ROOT).as_posix()
    return next((2 * place for place, start in enumerate(_FIRST) if path.startswith(start)), 2 * len(_FIRST))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; skip, visibly, what only widens what another test proves."""
    items.sort(key=_place)
    for item in items:
        if not LONG and item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="long: ./motcua test --long"))


@pytest.fixture
def start_hall(tmp_path: Path) -> Iterator[Callable[..., RunningHall]]:
    """Start real servers: `start_hall("xa")`, `start_hall("cao-bang", web=True)`."""
    running: list[RunningHall] = []

    def start(name: str = "xa", *, web: bool = False) -> RunningHall:
        hall_file, web_port = hall_file_at_free_ports(ROOT / "config" / "halls" / f"{name}.toml", tmp_path)
        running.append(RunningHall(hall_file, tmp_path / "data", web_port, web=web))
        return running[-1]

    yield start
    for hall in running:
        hall.close()


@pytest.fixture
def hall(start_hall: Callable[..., RunningHall]) -> RunningHall:
    """A running commune hall without web pages."""
    return start_hall("xa")
