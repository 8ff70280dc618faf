"""What the storage does when the disk is full or fails: nothing is half-done, and nothing that was answered is lost."""

import random
from pathlib import Path

import apsw
import pytest

from queue_server.restoring import go_on_if_copied
from queue_server.storage import sqlite
from queue_server.storage.base import AnsweredLost, DiskFault, DiskFull
from queue_server.storage.head import HeadFile
from queue_server.storage.reserve import Reserve
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import LONG
from tests.crash.checking import check
from tests.crash.day import Day
from tests.crash.disk import Disk, Fault, Operation, disk_under
from tests.queue_server.factories import MORNING, SmallHall

EVERY = 1 if LONG else 40
STEPS = 25
BEGINNING = 130


def play_with(folder: Path, point: int, code: int, kind: str, lasting: int = 1) -> Day:
    """A day on whose disk the operations of a kind fail from a point on, so many of them."""
    left = [lasting]

    def fault(operation: Operation, count: int) -> int:
        if count < point or operation.kind != kind or operation.file.startswith("copy") or not left[0]:
            return 0
        left[0] -= 1
        return code

    folder.mkdir()
    with disk_under(Disk(fault, keep=False)):
        day = Day(folder, random.Random(7))
        day.play(STEPS)
    return day


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "AGAIN_AFTER_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("write", apsw.SQLITE_FULL),
        ("write", apsw.SQLITE_IOERR_WRITE),
        ("sync", apsw.SQLITE_IOERR_FSYNC),
        ("truncate", apsw.SQLITE_IOERR_TRUNCATE),
    ],
)
@pytest.mark.parametrize("lasting", [1, 25])
def test_a_fault_at_any_point_leaves_nothing_half_and_the_day_goes_on(
    tmp_path: Path, kind: str, code: int, lasting: int
) -> None:
    for point in range(BEGINNING, 500, EVERY * 3):
        folder = tmp_path / f"{point}"
        day = play_with(folder, point, code, kind, lasting)
        check(folder, day.answered, day.refused)


# ---- the disk is full ----


class _Freeing(Reserve):
    """A reserve whose end gives the disk space again."""

    def __init__(self, path: Path, full: list[int]) -> None:
        super().__init__(path, 1)
        self._full = full

    def give_up(self) -> bool:
        given = super().give_up()
        if given:
            self._full.clear()
        return given


def test_a_full_disk_is_helped_by_the_reserve_once_and_then_refuses_until_there_is_space(tmp_path: Path) -> None:
    full: list[int] = []
    disk = Disk(lambda operation, _count: full[0] if full and operation.kind == "write" else 0, keep=False)
    reserve = _Freeing(tmp_path / "reserve", full)
    reserve.make()
    with disk_under(disk):
        hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db", reserve=reserve))
        first = hall.issue()
        full.append(apsw.SQLITE_FULL)
        assert hall.issue().ticket.number == "A002"
        assert not (tmp_path / "reserve").exists()
        assert reserve.given_up == 1_000_000
        full.append(apsw.SQLITE_FULL)
        with pytest.raises(DiskFull):
            hall.issue()
        hall.service.reload()
        assert hall.ticket(first.ticket.ticket_id).number == "A001", "reading goes on"
        full.clear()
        assert hall.issue().ticket.number == "A003"
        verify(hall.storage)
        hall.storage.close()


# ---- the disk fails ----


def test_after_a_failed_sync_the_file_is_opened_anew_and_never_synced_again_as_it_is(tmp_path: Path) -> None:
    disk = Disk(keep=False)
    with disk_under(disk):
        storage = SqliteStorage(tmp_path / "hall.db")
        hall = SmallHall(storage=storage)
        hall.issue()
        before = storage._db
        disk.fault = fail_once(apsw.SQLITE_IOERR_FSYNC)
        with pytest.raises(DiskFault):
            hall.issue()
        assert storage._db is not before
        hall.service.reload()
        assert hall.issue().ticket.number == "A002", "the number that was refused is given to the next"
        verify(storage)
        storage.close()


def fail_once(code: int) -> Fault:
    """The next sync fails."""
    left = [code]

    def meet(operation: Operation, _count: int) -> int:
        return left.pop() if left and operation.kind == "sync" else 0

    return meet


def test_a_log_that_lost_what_was_answered_is_written_on_by_nobody(tmp_path: Path) -> None:
    disk = Disk(keep=False)
    with disk_under(disk):
        storage = SqliteStorage(tmp_path / "hall.db")
        hall = SmallHall(storage=storage)
        hall.issue()
        storage._answered = storage._answered[0] + 7, b"what the disk forgot"
        disk.fault = fail_once(apsw.SQLITE_IOERR_FSYNC)
        with pytest.raises(AnsweredLost, match="was answered and is not there"):
            hall.issue()
        with pytest.raises(AnsweredLost):
            storage.load()
    with pytest.raises(AnsweredLost, match=r"delete the file hall\.db\.answered_lost"):
        SqliteStorage(tmp_path / "hall.db")
    (tmp_path / "hall.db.answered_lost").unlink()
    SqliteStorage(tmp_path / "hall.db").close()


def test_who_goes_on_with_what_is_left_gives_no_number_twice(tmp_path: Path) -> None:
    path, disk = tmp_path / "hall.db", Disk(keep=False)
    with disk_under(disk):
        storage = SqliteStorage(path)
        storage.head_file = HeadFile(path)
        hall = SmallHall(storage=storage)
        storage.head_file.settle(storage)
        assert hall.issue().ticket.number == "A001"
        storage._answered = storage._answered[0] + 7, b"what the disk forgot"
        disk.fault = fail_once(apsw.SQLITE_IOERR_FSYNC)
        with pytest.raises(AnsweredLost):
            hall.issue()
    (tmp_path / "hall.db.answered_lost").unlink()
    storage = SqliteStorage(path)
    storage.head_file = HeadFile(path)
    hall = SmallHall(storage=storage, first_id=1000)
    assert "which was stored here, is not in it" in str(go_on_if_copied(storage, hall.service.ledger, MORNING))
    assert hall.issue().ticket.number == "A102"
    storage.close()


def test_a_disk_read_anew_after_a_fault_leaves_the_locks_of_who_copies_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_anew: list[str] = []
    monkeypatch.setattr(sqlite, "forget_cached", lambda path: read_anew.append(path.name))
    disk = Disk(keep=False)
    with disk_under(disk):
        hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
        disk.fault = fail_once(apsw.SQLITE_IOERR_FSYNC)
        with pytest.raises(DiskFault):
            hall.issue()
        hall.storage.close()
    assert read_anew == ["hall.db", "hall.db-wal"]
