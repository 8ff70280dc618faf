"""Fixtures of the web tests: one hall for all, emptied before each test; a fresh one for tests that break it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.running import RunningHall


@pytest.fixture(scope="session")
def shared_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """The hall that the tests share."""
    hall = RunningHall(tmp_path_factory.mktemp("hall"))
    yield hall
    hall.close()


@pytest.fixture
def running(shared_hall: RunningHall) -> RunningHall:
    """A hall with its server and web process, empty and with all counters closed."""
    shared_hall.clear()
    return shared_hall


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[RunningHall]:
    """A hall of its own for tests that end its processes."""
    hall = RunningHall(tmp_path)
    yield hall
    hall.close()


@pytest.fixture
def chromium() -> str:
    """The path of a Chromium, or a visible skip."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("no chromium found: the browser tests are left out")
    return found
