"""Fixtures of the web tests: one hall for all, emptied before each test; a fresh one for tests that break it."""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.running import PATIENCE
from tests.web.running import RunningHall
from tests.web.supervisor_halls import sign_in

expect.set_options(timeout=1000 * PATIENCE)


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
def short_lease(tmp_path: Path) -> Iterator[RunningHall]:
    """A hall whose counters are given up soon after their page is gone."""
    hall = RunningHall(tmp_path, lease=10)
    yield hall
    hall.close()


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[RunningHall]:
    """A hall that wants two calls and ten minutes before a no-show."""
    hall = RunningHall(tmp_path, no_show_calls=2, no_show_seconds=600, recall_gap=600)
    yield hall
    hall.close()


@pytest.fixture
def leading(running: RunningHall) -> Iterator[httpx.Client]:
    """A supervisor who is signed in."""
    with running.visitor() as found:
        assert sign_in(found).headers["location"] == "/supervisor"
        yield found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, best of one that has no windows to draw, or a visible skip."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        pytest.skip("no chromium found: the browser tests are left out")
    return found


QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # a window's own parts, that nobody sees, cost more than the pages; the rest is what Playwright leaves out as well
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,LensOverlay,MediaRouter,"
    "OptimizationHints,PaintHolding",
]
_open = ExitStack()
_browsers: list[Browser] = []


@pytest.fixture
def browser(chromium: str) -> Browser:
    """A Chromium that stays at home, shared by the browser tests that follow each other in a worker."""
    if not _browsers:
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        playwright = _open.enter_context(sync_playwright())
        _browsers.append(playwright.chromium.launch(executable_path=chromium, args=QUIET + as_root))
        _open.callback(_browsers.clear)
        _open.callback(_browsers[0].close)
    return _browsers[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None]:
    """End the browser before a test without one: its event loop is in the way of others."""
    try:
        return (yield)
    finally:
        if "browser" not in getattr(nextitem, "fixturenames", ()):
            _open.close()


@pytest.fixture
def phone_page(browser: Browser) -> Iterator[Page]:
    """A page on a small phone; a script error fails the test."""
    yield from _page(browser, {"width": 360, "height": 740})


@pytest.fixture
def desk_page(browser: Browser) -> Iterator[Page]:
    """A page on a desk's screen; a script error fails the test."""
    yield from _page(browser, {"width": 1280, "height": 800})


@pytest.fixture
def colleague_page(browser: Browser) -> Iterator[Page]:
    """A second operator's page, in a browser of its own."""
    yield from _page(browser, {"width": 380, "height": 900})


def _page(browser: Browser, size: ViewportSize) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert faults == []
