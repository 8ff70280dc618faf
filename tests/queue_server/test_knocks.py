"""Who knocks at the doors is counted always, logged seldom, and a trouble as long as it lasts."""

import datetime as dt
import re

import pytest

from queue_server.health import Health
from queue_server.knocks import LOG_SECONDS, QUIET_SECONDS, SAID, STRANGE, Knocks
from tests.queue_server.factories import MORNING


class Door:
    """Knocks with a clock that a test moves."""

    def __init__(self) -> None:
        self.health = Health()
        self.knocks = Knocks(self.health)
        self.seconds = 0.0

    def pass_second(self) -> None:
        self.seconds += 1
        self.knocks.tell(MORNING + dt.timedelta(seconds=self.seconds), self.seconds)

    @property
    def troubles(self) -> list[str]:
        return [alert.code for alert in self.health.troubles]


def test_however_many_knock_each_kind_is_logged_once_a_minute_and_every_knock_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    door, minutes, a_second = Door(), 10, 1000
    for _ in range(minutes * 60 + int(LOG_SECONDS)):
        for kind in SAID if door.seconds < minutes * 60 else ():
            door.knocks.note(kind, "192.168.1.66", a_second)
        door.pass_second()
    for kind in SAID:
        said = [record.getMessage() for record in caplog.records if record.getMessage().startswith(kind)]
        assert minutes <= len(said) <= minutes + 1
        assert sum(int(re.search(r"(\d+) times", line)[1]) for line in said) == door.health.counts[kind]  # type: ignore[index]
        assert door.health.counts[kind] == minutes * 60 * a_second


def test_the_first_knock_is_logged_at_once_with_who_it_was(caplog: pytest.LogCaptureFixture) -> None:
    door = Door()
    door.knocks.note("refused_revoked", "kiosk-1")
    door.pass_second()
    assert "refused_revoked" in caplog.text
    assert "kiosk-1" in caplog.text


@pytest.mark.parametrize("kind", sorted(STRANGE))
def test_a_strange_knock_is_a_trouble_until_it_was_quiet_for_some_minutes(kind: str) -> None:
    door = Door()
    door.knocks.note(kind, "192.168.1.66", 3)
    door.pass_second()
    [alert] = door.health.troubles
    assert (alert.code, alert.since, alert.facts) == ("keys_refused", MORNING + dt.timedelta(seconds=1), {"refused": 3})
    for _ in range(int(QUIET_SECONDS) - 1):
        door.pass_second()
    assert door.troubles == ["keys_refused"]
    door.pass_second()
    assert door.troubles == []


def test_a_device_of_the_hall_that_asks_for_too_much_is_no_stranger() -> None:
    door = Door()
    for kind in SAID.keys() - STRANGE:
        door.knocks.note(kind, "kiosk-1")
    door.pass_second()
    assert door.troubles == []
