"""The server's eye on its disk and on the log that lies there."""

import datetime as dt
from pathlib import Path

import apsw
import pytest

from config.settings import Watch
from queue_server.chain_checked import ChainChecked, read_chain_checked, write_chain_checked
from queue_server.checking_chain import check_when_due
from queue_server.commits import Commits
from queue_server.disk_watch import DiskWatch
from queue_server.health import Health
from queue_server.storage.base import DiskFault, DiskFull
from queue_server.storage.reserve import MEGABYTE, Reserve
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import MORNING, SmallHall

LATER = MORNING + dt.timedelta(days=4)


class Watched:
    """A hall with its disk watched; `free` are the bytes that the disk tells."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.free = 10_000 * MEGABYTE
        self.seconds = 0.0
        monkeypatch.setattr(Reserve, "free", lambda _self: self.free)
        self.reserve = Reserve(folder / "reserve", 1)
        self.hall = SmallHall(storage=SqliteStorage(folder / "hall.db", reserve=self.reserve))
        watch = Watch(disk_reserve_mb=1)
        self.watch = DiskWatch(self.hall.service, folder, watch, self.reserve, lambda: self.seconds)

    def look(self, now: dt.datetime = MORNING) -> set[str]:
        """The troubles that are told after a look half a minute later."""
        self.seconds += 31
        self.watch.look(now)
        return {trouble.code for trouble in self.hall.service.health.troubles}


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(tmp_path, monkeypatch)


def test_space_and_reserve_are_measured_and_little_space_is_told(watched: Watched) -> None:
    assert watched.look() == set()
    gauges = watched.hall.service.health.gauges
    assert (gauges["disk_free_bytes"], gauges["disk_reserve_bytes"]) == (10_000 * MEGABYTE, MEGABYTE)
    watched.free = 499 * MEGABYTE
    assert watched.look() == {"disk_low"}
    watched.free = 500 * MEGABYTE
    assert watched.look() == set()


def test_a_reserve_that_was_given_up_is_told_at_once_until_it_is_back(watched: Watched) -> None:
    watched.look()
    watched.reserve.give_up()
    watched.free = MEGABYTE
    watched.watch.look(MORNING)
    assert "disk_full" in {trouble.code for trouble in watched.hall.service.health.troubles}
    assert watched.look() == {"disk_full", "disk_low"}
    watched.free = 10_000 * MEGABYTE
    assert watched.look() == set()
    assert (watched.folder / "reserve").exists()


def test_a_fault_of_the_disk_is_told_for_the_rest_of_its_day(watched: Watched) -> None:
    watched.hall.issue()
    Commits(watched.hall.service.health).failed(DiskFault("fsync"), MORNING)
    assert watched.look() == {"disk_fault"}
    assert watched.look() == {"disk_fault"}
    watched.hall.pass_time(24 * 60)
    assert watched.look() == set()


def break_event(path: Path, seq: int) -> None:
    db = apsw.Connection(str(path))
    db.execute("UPDATE events SET body = CAST(replace(body, 'ordinary', 'elderly') AS BLOB) WHERE seq = ?", (seq,))
    db.close()


def test_an_end_of_the_log_that_was_changed_is_told_at_start(watched: Watched) -> None:
    ticket_id = watched.hall.issue().ticket.ticket_id
    watched.hall.issue()
    watched.watch.check_end(MORNING)
    assert watched.look() == set()
    break_event(watched.folder / "hall.db", ticket_id)
    watched.watch.check_end(MORNING)
    [trouble] = watched.hall.service.health.troubles
    assert (trouble.code, trouble.facts["where"]) == (
        "chain_broken",
        f"event {ticket_id}: its hash does not fit; it or its hash was changed",
    )


def test_the_whole_log_is_checked_by_night_and_its_fault_reaches_the_server(watched: Watched) -> None:
    ticket_id = watched.hall.issue().ticket.ticket_id
    seq = watched.hall.service.hall.seq
    assert check_when_due(watched.folder, MORNING), "a log that was never checked"
    assert not check_when_due(watched.folder, MORNING + dt.timedelta(hours=10))
    assert watched.look() == set()
    assert watched.hall.service.health.gauges["chain_checked_seq"] == seq
    break_event(watched.folder / "hall.db", ticket_id)
    assert check_when_due(watched.folder, LATER)
    assert watched.look() == {"chain_broken"}


@pytest.mark.parametrize(("hours", "due"), [(14, False), (19, False), (20, True), (25, False), (44, True), (60, True)])
def test_a_check_waits_for_the_night_or_at_most_two_days(watched: Watched, hours: int, due: bool) -> None:
    watched.hall.issue()
    half_past_four = MORNING - dt.timedelta(hours=3)
    write_chain_checked(watched.folder, ChainChecked(half_past_four, watched.hall.storage.epoch, 1))
    assert check_when_due(watched.folder, half_past_four + dt.timedelta(hours=hours)) is due


def test_what_was_checked_of_another_log_does_not_count(watched: Watched) -> None:
    watched.hall.issue()
    write_chain_checked(watched.folder, ChainChecked(MORNING, "another", 9, "event 9"))
    assert watched.look() == set()
    assert check_when_due(watched.folder, MORNING)
    (watched.folder / "chain_checked.json").write_text("{")
    assert read_chain_checked(watched.folder) is None


def test_commits_are_measured_and_each_trouble_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    health = Health()
    commits = Commits(health)
    for number in range(100):
        commits.done(number / 1000)
    commits.measure()
    assert health.gauges["commit_p99_seconds"] == pytest.approx(0.098)
    for _ in range(50):
        commits.failed(DiskFull("no space"), MORNING)
    assert health.counts["storage_faults"] == 50
    assert len(caplog.records) == 1
