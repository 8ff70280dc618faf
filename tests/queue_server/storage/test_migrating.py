"""A database of an older program is copied, brought forward, and is the old one or the new one at every moment."""

import datetime as dt
import stat
from pathlib import Path

import apsw
import pytest

from config.settings import Hours
from protocol import commands as cmd
from protocol import replies as re
from queue_server import folder
from queue_server.clock_watch import WatchedClock
from queue_server.domain.rows import Epoch
from queue_server.storage import migrating
from queue_server.storage.base import StorageFault
from queue_server.storage.reserve import Reserve
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import LONG
from tests.queue_server.factories import MORNING, PHONE, SmallHall, hall_file
from tests.queue_server.storage.dying import dies

SCHEMA_3 = Path(__file__).parent / "schema_3.sql"
"""A short morning as the last program of schema 3 wrote it."""
EVENTS = 23
PAPER = "AAAAAAAJZofEECerQtbDQ3kdSMEmww"
"""On the paper of the number A002."""
STRIDE = 1 if LONG else 7
"""Each touch of the disk in the long run; in the plain one a part of them."""
WORKDAY = Hours(monday=["07:30-11:30", "13:30-17:00"], issue_before_minutes=15)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lay(tmp_path / "hall.db")


def lay(path: Path) -> Path:
    db = apsw.Connection(str(path))
    db.execute(SCHEMA_3.read_text(encoding="utf-8"))
    db.close()
    return path


def version(path: Path) -> int:
    db = apsw.Connection(str(path))
    try:
        return int(db.execute("SELECT value FROM meta WHERE key = 'schema_version'").get)
    finally:
        db.close()


def test_an_older_database_is_brought_forward_and_its_log_adds_up(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    storage = SqliteStorage(path)
    assert f"{path}: brought from schema version 3 to 4; its copy is {path}.schema-3" in caplog.text
    assert verify(storage) == EVENTS
    assert storage.rows()["epoch:1"] == Epoch(storage.epoch, 1, MORNING)
    hall = SmallHall(storage=storage, first_id=1000)
    reply = hall.get(re.TicketReply, cmd.GetTicket(token=PAPER), PHONE)
    assert reply.ticket.number == "A002"
    assert hall.issue("land").ticket.number == "A005"
    assert verify(storage) > EVENTS
    storage.close()


def test_the_old_one_is_kept_beside_it_for_the_old_program(path: Path) -> None:
    SqliteStorage(path).close()
    copy = path.with_name("hall.db.schema-3")
    assert (version(copy), version(path)) == (3, migrating.SCHEMA_VERSION)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600, "it holds the key of the tokens"
    db = apsw.Connection(str(copy))
    assert db.pragma("journal_mode") == "delete", "it is one file, whole without a log beside it"
    assert db.execute("SELECT count(*) FROM events").get == EVENTS
    assert not db.execute("SELECT 1 FROM rows WHERE key = 'epoch:1'").get
    db.close()


def test_a_copy_that_is_brought_forward_leaves_its_source_and_nothing_else(path: Path, tmp_path: Path) -> None:
    before, copy = path.read_bytes(), tmp_path / "copy.db"
    migrating.copy_up_to_date(path, copy)
    assert (version(copy), stat.S_IMODE(copy.stat().st_mode)) == (migrating.SCHEMA_VERSION, 0o600)
    assert sorted(tmp_path.iterdir()) == [copy, path]
    assert path.read_bytes() == before
    with pytest.raises(StorageFault, match=r"nowhere\.db can't be copied: CantOpenError"):
        migrating.copy_up_to_date(tmp_path / "nowhere.db", tmp_path / "other.db")


def test_who_only_reads_changes_nothing_and_says_what_to_do(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(StorageFault, match="schema version is 3, this program's is 4: start the server once"):
        SqliteStorage(path, writing=False)
    assert path.read_bytes() == before


def open_at(path: Path, clock: str, day: str = "2026-11-30", *, migrate_now: bool = False) -> SqliteStorage:
    now = dt.datetime.fromisoformat(f"{day}T{clock}+07:00")

    def clock_after(last: dt.datetime | None) -> WatchedClock:
        return WatchedClock(last, wall=lambda: now)

    file, reserve = hall_file(hours=WORKDAY), Reserve(path.parent / "reserve", 0)
    return folder.open_to_serve(path.parent, file, clock_after, reserve, migrate_now=migrate_now)


@pytest.mark.parametrize("clock", ["07:15", "09:00", "12:30", "16:59"])
def test_while_the_hall_is_open_it_waits_and_says_until_when(path: Path, clock: str) -> None:
    with pytest.raises(StorageFault, match=r"the hall is open.* until 17:00.*--migrate-now"):
        open_at(path, clock)
    assert version(path) == 3
    assert not path.with_name("hall.db.schema-3").exists()


@pytest.mark.parametrize(("clock", "told"), [("07:14", False), ("17:00", False), ("09:00", True)])
def test_while_it_is_closed_or_when_told_it_does_not_wait(path: Path, clock: str, told: bool) -> None:
    storage = open_at(path, clock, migrate_now=told)
    assert verify(storage) == EVENTS
    storage.close()


@pytest.mark.parametrize("day", ["1970-01-01", "2026-11-22", "2031-11-23"])
def test_by_a_clock_that_cannot_be_believed_no_hall_is_closed(path: Path, day: str) -> None:
    with pytest.raises(StorageFault, match=f"the machine's clock says {day}.*set the clock right; or .*--migrate-now"):
        open_at(path, "20:00", day)
    assert version(path) == 3
    open_at(path, "20:00", day, migrate_now=True).close()


def test_a_database_of_today_is_opened_at_any_hour(path: Path) -> None:
    open_at(path, "06:00").close()
    open_at(path, "09:00").close()


def test_a_step_that_fails_leaves_the_old_one_and_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(db: apsw.Connection) -> None:
        db.execute("DELETE FROM tickets")
        db.execute("no SQL at all")

    monkeypatch.setitem(migrating._STEPS, 3, half)
    with pytest.raises(StorageFault, match=r"from schema version 3 to 4 \(.*\); it is still of version 3"):
        SqliteStorage(path)
    monkeypatch.undo()
    assert version(path) == 3
    storage = SqliteStorage(path)
    assert verify(storage) == EVENTS
    storage.close()


def test_a_damaged_one_is_not_touched(path: Path) -> None:
    db = apsw.Connection(str(path))
    db.execute("UPDATE events SET body = replace(body, 'land', 'sand') WHERE seq = 8")
    db.close()
    with pytest.raises(StorageFault, match="event 8: its hash does not fit"):
        SqliteStorage(path)
    assert version(path) == 3


def test_without_room_for_the_copy_nothing_is_changed(path: Path) -> None:
    path.with_name("hall.db.schema-3").mkdir()
    with pytest.raises(StorageFault, match=r"no copy could be made beside it: .*schema-3"):
        SqliteStorage(path)
    assert version(path) == 3


def test_killed_at_any_write_it_is_old_or_new_and_the_next_start_ends_it(tmp_path: Path) -> None:
    found, at = set(), 1 - STRIDE
    while True:
        at += STRIDE
        (tmp_path / str(at)).mkdir()
        path = lay(tmp_path / str(at) / "hall.db")
        killed = dies(at, lambda path=path: SqliteStorage(path).close())  # type: ignore[misc]
        found.add(version(path))
        storage = SqliteStorage(path)
        assert verify(storage) == EVENTS, at
        storage.close()
        assert version(path.with_name("hall.db.schema-3")) == 3
        assert not path.with_name("hall.db.schema-3.new").exists()
        if not killed:
            break
    assert found == {3, migrating.SCHEMA_VERSION}
    assert at > 60, "so many touches of the disk"
