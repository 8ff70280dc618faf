"""Fixtures of the web tests: a fresh hall for each test that asks for one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.running import RunningHall


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningHall]:
    """A hall with its server and web process."""
    hall = RunningHall(tmp_path)
    try:
        yield hall
    finally:
        hall.close()


@pytest.fixture
def chromium() -> str:
    """The path of a Chromium, or a visible skip."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("no chromium found: the browser tests are left out")
    return found
