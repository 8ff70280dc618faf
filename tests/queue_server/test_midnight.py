"""The reset of numbers is an event: it happens once, also when the server is killed in it or two clocks ask for it."""

import datetime as dt
from pathlib import Path

from protocol import events as ev
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import LONG
from tests.queue_server.factories import MORNING, SmallHall
from tests.queue_server.storage.dying import dies

STRIDE = 1 if LONG else 5
TOMORROW = MORNING + dt.timedelta(days=1)


def days(hall: SmallHall) -> list[dt.date]:
    return [body.service_day for body in hall.log(ev.DayStarted)]


def test_two_resets_of_a_day_are_one() -> None:
    hall = SmallHall(storage=MemoryStorage())
    assert hall.issue("land").ticket.number == "A001"
    hall.clock.now = TOMORROW
    for _ in range(2):
        hall.service.start_day(TOMORROW)
    hall.service.ledger.commit()
    assert hall.issue("land").ticket.number == "A001"
    again = SmallHall(storage=hall.storage, first_id=100)
    again.clock.now = TOMORROW + dt.timedelta(minutes=1)
    again.service.start_day(again.clock.now)
    assert again.issue("land").ticket.number == "A002"
    assert days(again) == [MORNING.date(), TOMORROW.date()]


def test_killed_in_the_reset_the_day_is_the_old_or_the_new_one_and_begins_once(tmp_path: Path) -> None:
    found, at = set(), 1 - STRIDE
    while True:
        at += STRIDE
        path = tmp_path / str(at) / "hall.db"
        storage = SqliteStorage(path)
        hall = SmallHall(storage=storage)
        held = hall.issue("land")
        storage.close()

        def reset(path: Path = path) -> None:
            dying = SmallHall(storage=SqliteStorage(path), first_id=100)
            dying.service.start_day(TOMORROW)
            dying.service.ledger.commit()

        killed = dies(at, reset)
        storage = SqliteStorage(path)
        hall = SmallHall(storage=storage, first_id=200)
        found.add(len(days(hall)))
        hall.clock.now = TOMORROW
        assert hall.issue("land").ticket.number == "A001", "the first of the new day"
        assert days(hall) == [MORNING.date(), TOMORROW.date()]
        assert not hall.ticket(held.ticket.ticket_id).live, "it ended with its day"
        assert verify(storage) == hall.service.hall.seq
        storage.close()
        if not killed:
            break
    assert found == {1, 2}
