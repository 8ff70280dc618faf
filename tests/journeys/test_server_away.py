"""The server dies while four kiosks work: they go on, and afterwards every paper stands in its log, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import LONG, RunningHall, eventually
from tests.journeys.kiosks import Kiosk, assert_exact

ALONE = 150 if LONG else 6
"""So many numbers each kiosk gives by itself."""


@pytest.fixture
def kiosks(hall: RunningHall, tmp_path: Path) -> Iterator[list[Kiosk]]:
    found = [Kiosk(hall, f"kiosk-{number}", tmp_path) for number in range(1, 5)]
    for kiosk in found:
        kiosk.start()
    yield found
    for kiosk in found:
        kiosk.close()


@pytest.mark.timeout(900 if LONG else 240)
def test_four_kiosks_go_on_without_their_server_and_hand_everything_in(
    hall: RunningHall, kiosks: list[Kiosk], tmp_path: Path
) -> None:
    given(kiosks, [0] * 4, 2)
    hall.kill()
    given(kiosks, [kiosk.count("number") for kiosk in kiosks], ALONE)
    hall.start()
    given(kiosks, [kiosk.count("number") for kiosk in kiosks], 2)
    assert [kiosk.stop() for kiosk in kiosks] == [0] * 4, "everything was handed in"
    tickets = assert_exact(kiosks, tmp_path / "data")
    alone = [entry.given for kiosk in kiosks for entry in kiosk.entries() if entry.given]
    assert len(alone) >= 4 * ALONE
    assert all(found.handed_in for found in alone)
    assert len(tickets) >= 4 * (ALONE + 2)


def given(kiosks: list[Kiosk], before: list[int], more: int) -> None:
    """Wait until each kiosk gave so many more numbers."""

    def enough() -> bool:
        assert all(kiosk.process.poll() is None for kiosk in kiosks), "a kiosk ended"
        return all(kiosk.count("number") >= count + more for kiosk, count in zip(kiosks, before, strict=True))

    eventually(enough, within=60 + 3 * more, what=f"{more} more numbers at each kiosk")
