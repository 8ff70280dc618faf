"""A kiosk that is killed again and again in the middle of a touch: never two numbers for one, nor a paper too much."""

import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import RunningHall, eventually
from tests.journeys.kiosks import Kiosk, assert_exact

LATEST_SECONDS = 0.6
"""So long after a touch began its paper is surely out."""


@pytest.fixture
def kiosk(hall: RunningHall, tmp_path: Path) -> Iterator[Kiosk]:
    found = Kiosk(hall, "kiosk-1", tmp_path)
    found.start()
    yield found
    found.close()


@pytest.mark.timeout(240)
def test_a_kiosk_killed_in_mid_touch_is_exact(hall: RunningHall, kiosk: Kiosk, tmp_path: Path) -> None:
    kill_in_mid_touch(hall, kiosk, 8)
    assert_exact([kiosk], tmp_path / "data")


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_a_kiosk_killed_a_hundred_times_in_mid_touch_is_exact(hall: RunningHall, kiosk: Kiosk, tmp_path: Path) -> None:
    kill_in_mid_touch(hall, kiosk, 100)
    assert_exact([kiosk], tmp_path / "data")


def kill_in_mid_touch(hall: RunningHall, kiosk: Kiosk, times: int) -> None:
    """Kill it so often, every fourth time while the server is away too, and then let it settle everything."""
    chance = random.Random()
    for turn in range(times):
        frozen = turn % 4 == 3
        if frozen:
            wait_for_a_number(kiosk)
            hall.process.send_signal(signal.SIGSTOP)
            wait_for_a_number(kiosk, 2)
        wait_for_a_touch(kiosk)
        kill_within(kiosk, chance.uniform(0, LATEST_SECONDS))
        if frozen:
            hall.process.send_signal(signal.SIGCONT)
        kiosk.start()
    wait_for_a_number(kiosk)
    assert kiosk.stop() == 0, "everything was settled"


def wait_for_a_number(kiosk: Kiosk, more: int = 1) -> None:
    before = kiosk.count("number")
    eventually(lambda: kiosk.count("number") >= before + more, within=40, what="a number is given")


def wait_for_a_touch(kiosk: Kiosk) -> None:
    before = kiosk.count("touch")
    eventually(lambda: kiosk.count("touch") > before, within=40, what="a citizen touches")


def kill_within(kiosk: Kiosk, seconds: float) -> None:
    """Kill it at an instant that it can't know."""
    with pytest.raises(subprocess.TimeoutExpired):
        kiosk.process.wait(timeout=seconds)
    kiosk.kill()
