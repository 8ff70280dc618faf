"""The server's look at itself: what it measures, when it tells of an old backup, when it is silent."""

import datetime as dt
import os
from pathlib import Path

import pytest

from config.settings import Watch
from config.watchdog import Watchdog
from protocol.commands import GetHealth, IssueTicket
from protocol.keys import write_private
from protocol.replies import HealthReply
from queue_server.chain_checked import ChainChecked, write_chain_checked
from queue_server.last_backup import NAME, LastBackup
from queue_server.storage.base import StorageFault
from queue_server.storage.memory import MemoryStorage
from queue_server.watching import MEASURE_SECONDS, Watching
from tests.queue_server.factories import SmallHall

HOUR = dt.timedelta(hours=1)


class Beats(Watchdog):
    """Counts how often the program told that it lives."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def alive(self) -> None:
        self.count += 1


class Sight:
    """A hall that looks at itself, with a clock for the intervals."""

    def __init__(self, data: Path, storage: MemoryStorage | None = None) -> None:
        self.hall = SmallHall(storage=storage)
        self.hall.issue()
        self.seconds = 0.0
        self.beats = Beats()
        watch = Watch(backup_hours=26)
        self.watching = Watching(self.hall.service, data, watch, self.beats, lambda: self.seconds)

    def look(self, later: dt.timedelta = dt.timedelta()) -> list[tuple[str, dict[str, object]]]:
        """The troubles after a look, some time after now, as they arrive at who asks for them."""
        self.watching.look(self.hall.clock.now + later)
        self.seconds += MEASURE_SECONDS
        reply = self.hall.ask(GetHealth())
        assert isinstance(reply, HealthReply)
        return [(trouble.code, dict(trouble.facts)) for trouble in reply.troubles]


def test_the_server_measures_its_files_memory_and_devices(tmp_path: Path) -> None:
    (tmp_path / "hall.db").write_bytes(b"x" * 4096)
    sight = Sight(tmp_path)
    sight.look()
    gauges = sight.hall.service.health.gauges
    assert (gauges["database_bytes"], gauges["wal_bytes"], gauges["devices_heard"]) == (4096, 0, 1)
    assert 1 < gauges["open_files"] < gauges["open_files_limit"]
    assert gauges["memory_bytes"] > 5_000_000
    descriptors = [os.open(tmp_path / "hall.db", os.O_RDONLY) for _ in range(10)]
    before = gauges["open_files"]
    sight.look(HOUR)
    for descriptor in descriptors:
        os.close(descriptor)
    assert gauges["open_files"] == before + 10
    assert gauges["devices_heard"] == 0


def test_a_hall_without_a_backup_is_told_after_its_first_evening(tmp_path: Path) -> None:
    sight = Sight(tmp_path)
    assert sight.look(26 * HOUR) == []
    assert sight.look(27 * HOUR) == [("backup_old", {"hours": 27})]


def test_an_old_backup_is_told_until_there_is_a_new_one(tmp_path: Path) -> None:
    sight = Sight(tmp_path)
    begun = sight.hall.clock.now
    write_private(tmp_path / NAME, LastBackup(begun + HOUR, 3, "e", "hall-1.db"))
    assert sight.look(27 * HOUR) == []
    assert sight.hall.service.health.gauges["backup_age_seconds"] == 26 * 3600
    assert sight.look(28 * HOUR) == [("backup_old", {"hours": 27})]
    write_private(tmp_path / NAME, LastBackup(begun + 28 * HOUR, 9, "e", "hall-2.db"))
    assert sight.look(28 * HOUR) == []
    assert sight.hall.service.health.gauges["backup_seq"] == 9


@pytest.mark.parametrize("written", [b"", b"{", b"[]", b'{"at":"2026-11-23T00:00:00","seq":1,"epoch":"e","file":""}'])
def test_a_note_of_the_backup_that_can_not_be_read_counts_as_none(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "last_backup.json").write_bytes(written)
    assert Sight(tmp_path).look(27 * HOUR) == [("backup_old", {"hours": 27})]


def test_the_age_of_the_last_check_of_the_log_is_measured(tmp_path: Path) -> None:
    sight = Sight(tmp_path)
    write_chain_checked(tmp_path, ChainChecked(sight.hall.clock.now, "e", 1))
    sight.look(HOUR)
    assert sight.hall.service.health.gauges["chain_checked_age_seconds"] == 3600


class Unreadable(MemoryStorage):
    """A storage whose disk may stop to answer."""

    gone = False

    def answer(self, request_id: str) -> None:
        if self.gone:
            raise StorageFault("disk I/O error")
        return super().answer(request_id)  # type: ignore[return-value]


def test_a_server_whose_storage_can_not_be_read_does_not_tell_that_it_lives(tmp_path: Path) -> None:
    storage = Unreadable()
    sight = Sight(tmp_path, storage)
    sight.look()
    storage.gone = True
    sight.look()
    sight.look()
    assert sight.beats.count == 1
    storage.gone = False
    sight.look()
    assert sight.beats.count == 2


def test_what_happens_is_counted_by_kind(tmp_path: Path) -> None:
    sight = Sight(tmp_path)
    health = sight.hall.service.health
    assert sight.hall.refusal(IssueTicket("none", "ordinary")) == "unknown_service"
    health.note_batch(3)
    health.note_batch(1)
    health.note_commit(2)
    assert health.counts["refusal_unknown_service"] == 1
    assert (health.counts["requests"], health.counts["batches"], health.counts["events"]) == (4, 2, 2)
    assert (health.gauges["batch_requests"], health.gauges["batch_requests_most"]) == (1, 3)
