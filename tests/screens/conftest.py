"""One Kivy window for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.screens.driver import Driver


@pytest.fixture(scope="session")
def _window() -> Driver:
    return Driver()


@pytest.fixture
def driver(_window: Driver) -> Iterator[Driver]:
    """A driver whose app is ended after the test."""
    yield _window
    _window.stop()
