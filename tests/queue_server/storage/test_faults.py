"""What the storage says and does when its file, its disk or its folder is not as it should be."""

import errno
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from protocol.events import ServiceSuspended
from protocol.keys import write_private
from queue_server.storage import head as heads
from queue_server.storage import migrating, sqlite
from queue_server.storage.base import AnsweredLost, Batch, DiskFault, DiskFull, StorageFault, StoredRating
from queue_server.storage.faults import fault_of, is_full
from queue_server.storage.head import Head, HeadFile, machine_id
from queue_server.storage.in_place import LOST, finish_swap, fresh_of, swap
from queue_server.storage.opening import open_database
from queue_server.storage.reserve import Reserve
from queue_server.storage.sqlite import SqliteStorage
from tests.crash.disk import Disk, Operation, disk_under
from tests.queue_server.factories import MORNING, SmallHall

DAY = MORNING.date()


class Failing:
    """A disk whose operations of a kind fail while a code is set, so many of them."""

    def __init__(self) -> None:
        self.kinds: tuple[str, ...] = ()
        self.code = 0
        self.left = 0
        self.disk = Disk(self._fault, keep=False)

    def fail(self, code: int, *kinds: str, left: int = 1) -> None:
        self.code, self.kinds, self.left = code, kinds, left

    def _fault(self, operation: Operation, _count: int) -> int:
        if operation.kind not in self.kinds or not self.left:
            return 0
        self.left -= 1
        return self.code


@pytest.fixture
def failing() -> Iterator[Failing]:
    failing = Failing()
    with disk_under(failing.disk):
        yield failing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hall.db"


# ---- what a fault is called ----


def raised(code: int) -> apsw.Error:
    fault = apsw.exception_for(code)
    assert isinstance(fault, apsw.Error)
    return fault


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (apsw.SQLITE_IOERR_WRITE, DiskFault),
        (apsw.SQLITE_CORRUPT, DiskFault),
        (apsw.SQLITE_NOTADB, DiskFault),
        (apsw.SQLITE_CANTOPEN, DiskFault),
        (apsw.SQLITE_READONLY, DiskFault),
        (apsw.SQLITE_CONSTRAINT, StorageFault),
    ],
)
def test_a_fault_of_the_disk_is_told_from_one_of_the_program(code: int, kind: type[StorageFault]) -> None:
    told = fault_of(raised(code), about="hall.db: ")
    assert type(told) is kind
    assert str(told).startswith("hall.db: ")
    assert type(fault_of(raised(code), full=True)) is DiskFull


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (apsw.SQLITE_FULL, "the disk is full"),
        (apsw.SQLITE_NOTADB, "this is no database, or its first page is damaged"),
        (apsw.SQLITE_CORRUPT, "the database is damaged"),
        (apsw.SQLITE_IOERR, "IOError: "),
    ],
)
def test_a_fault_is_told_in_words_that_help(code: int, words: str) -> None:
    assert str(fault_of(raised(code))).startswith(words)
    assert str(fault_of(raised(code), full=True, about="hall.db: ")).startswith(f"hall.db: {words}")


class Asked:
    """A connection whose last fault of the system was this."""

    def __init__(self, number: int) -> None:
        self.system_errno = number


@pytest.mark.parametrize(
    ("code", "number", "full"),
    [
        (apsw.SQLITE_FULL, 0, True),
        (apsw.SQLITE_IOERR_WRITE, errno.ENOSPC, True),
        (apsw.SQLITE_IOERR_WRITE, errno.EDQUOT, True),
        (apsw.SQLITE_IOERR_WRITE, errno.EIO, False),
        (apsw.SQLITE_IOERR_FSYNC, errno.ENOSPC, False),
        (apsw.SQLITE_IOERR_DIR_FSYNC, errno.ENOSPC, False),
        (apsw.SQLITE_CONSTRAINT, errno.ENOSPC, False),
    ],
)
def test_a_disk_is_full_when_it_has_no_space_and_not_when_a_sync_says_so(code: int, number: int, full: bool) -> None:
    assert is_full(raised(code), Asked(number)) is full  # type: ignore[arg-type]


# ---- reading ----


def test_what_can_not_be_read_is_a_fault_of_the_storage(path: Path) -> None:
    storage = SqliteStorage(path)
    for table in ("events", "answers", "rows"):
        storage._db.execute(f"DROP TABLE {table}")
    for read in (storage.head, storage.rows, lambda: list(storage.events()), lambda: storage.answer("request")):
        with pytest.raises(StorageFault, match="no such table"):
            read()
    storage.close()


@pytest.mark.parametrize("key", ["epoch", "token_key", "schema_version"])
def test_a_database_without_what_makes_it_a_halls_is_refused(path: Path, key: str) -> None:
    SqliteStorage(path).close()
    db = apsw.Connection(str(path))
    db.execute("DELETE FROM meta WHERE key = ?", (key,))
    db.close()
    with pytest.raises(StorageFault, match=f"its {key} is missing"):
        SqliteStorage(path)


def test_an_epoch_that_nobody_can_read_is_left_to_who_verifies(path: Path) -> None:
    SqliteStorage(path).close()
    with SqliteConnection(path) as db:
        db.execute("UPDATE meta SET value = x'ff' WHERE key = 'epoch'")
    storage = SqliteStorage(path)
    assert storage.epoch == "\N{REPLACEMENT CHARACTER}"
    storage.close()


def test_pages_that_are_sound_have_no_damage_and_others_are_told(path: Path) -> None:
    storage = SqliteStorage(path)
    assert storage.damage() == ""
    storage._db.execute("CREATE TABLE broken (a INTEGER NOT NULL)")
    storage._db.execute("INSERT INTO broken VALUES (1), (2)")
    storage._db.pragma("writable_schema", "ON")
    storage._db.execute(
        "UPDATE sqlite_master SET sql = 'CREATE TABLE broken (a TEXT CHECK (a > 1))' WHERE name = 'broken'"
    )
    storage._db.pragma("schema_version", 99)
    storage.close()
    again = SqliteStorage(path)
    assert "broken" in again.damage()
    again.close()


def test_a_folder_that_can_not_be_made_is_a_fault_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DiskFault, match="data"):
        SqliteStorage(tmp_path / "data" / "hall.db")


def test_a_database_that_is_not_there_is_not_made_by_who_only_reads(path: Path) -> None:
    with pytest.raises(DiskFault, match=r"hall\.db"):
        SqliteStorage(path, writing=False)
    assert not path.exists()


def test_who_only_reads_keeps_no_order_of_ratings_and_closes_without_writing(path: Path) -> None:
    SqliteStorage(path).close()
    reading = SqliteStorage(path, writing=False)
    reading._rated_days.add(DAY.isoformat())
    reading.close()
    with SqliteConnection(path) as db:
        assert db.pragma("integrity_check") == "ok"


class SqliteConnection:
    """Another program's connection."""

    def __init__(self, path: Path) -> None:
        self._db = apsw.Connection(str(path))

    def __enter__(self) -> apsw.Connection:
        return self._db

    def __exit__(self, *_: object) -> None:
        self._db.close()


def test_a_log_that_a_killed_server_left_is_written_again_and_lost_nothing(path: Path, tmp_path: Path) -> None:
    storage = SqliteStorage(path)
    hall = SmallHall(storage=storage)
    tickets = [hall.issue().ticket.number for _ in range(3)]
    left = tmp_path / "left"
    left.mkdir()
    for name in ("hall.db", "hall.db-wal"):
        shutil.copyfile(tmp_path / name, left / name)
    storage.close()
    again = SqliteStorage(left / "hall.db")
    assert [ticket.number for ticket in again.tickets()] == tickets
    again.close()


# ---- writing ----


def test_a_copy_to_where_none_can_be_is_a_fault(path: Path, tmp_path: Path) -> None:
    storage = SqliteStorage(path)
    with pytest.raises(StorageFault, match="nowhere"):
        storage.copy_to(tmp_path / "nowhere" / "copy.db")
    storage.close()


def test_while_a_disk_fails_nothing_is_written_and_soon_it_is_tried_again(
    path: Path, failing: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = SqliteStorage(path)
    hall = SmallHall(storage=storage)
    hall.issue()
    failing.fail(apsw.SQLITE_IOERR_WRITE, "write", "sync", "truncate", left=10_000)
    with pytest.raises(DiskFault, match="can't be opened after a fault"):
        hall.issue()
    failing.left = 0
    with pytest.raises(DiskFault, match="opened again soon"):
        storage.load()
    soon = time.monotonic() + sqlite.AGAIN_AFTER_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: soon)
    hall.service.reload()
    assert hall.issue().ticket.number == "A002"
    storage.close()


def test_a_disk_that_fails_at_the_very_first_write_of_a_start_is_gone_on_from(path: Path, failing: Failing) -> None:
    storage = SqliteStorage(path)
    number = SmallHall(storage=storage).issue().ticket.number
    storage.close()
    again = SqliteStorage(path)
    failing.fail(apsw.SQLITE_IOERR_FSYNC, "sync")
    with pytest.raises(DiskFault):
        again.describe(b"hall")
    again.describe(b"hall")
    assert [ticket.number for ticket in again.load().tickets] == [number]
    again.close()


def test_a_disk_that_is_full_without_a_reserve_says_so_and_keeps_the_connection(path: Path, failing: Failing) -> None:
    storage = SqliteStorage(path)
    before = storage._db
    failing.fail(apsw.SQLITE_FULL, "write", left=10_000)
    with pytest.raises(DiskFull):
        storage.describe(b"hall")
    failing.left = 0
    storage.describe(b"hall")
    assert storage._db is before
    storage.close()


def test_a_disk_that_stays_full_without_its_reserve_says_so_and_the_reserve_is_gone(
    path: Path, failing: Failing
) -> None:
    reserve = Reserve(path.with_name("reserve"), 1)
    reserve.make()
    storage = SqliteStorage(path, reserve=reserve)
    failing.fail(apsw.SQLITE_FULL, "write", left=10_000)
    with pytest.raises(DiskFull, match="the disk is full"):
        storage.describe(b"hall")
    assert (reserve.held, reserve.given_up) == (0, 1_000_000)
    failing.left = 0
    storage.describe(b"hall")
    storage.close()


def test_a_transaction_that_sqlite_itself_rolled_back_is_not_rolled_back_twice(path: Path) -> None:
    storage = SqliteStorage(path)

    def give_up() -> None:
        storage._db.execute("ROLLBACK")
        raise apsw.ConstraintError("as SQLite does when it must")

    with pytest.raises(StorageFault, match="as SQLite does"):
        storage._durably(give_up)
    storage.describe(b"hall")
    storage.close()


def test_an_erased_log_is_cut_only_when_nobody_reads_in_it(path: Path) -> None:
    storage = SqliteStorage(path)
    storage.guard_key(DAY)
    storage.tidy()
    log = path.with_name("hall.db-wal")
    storage.guard_key(DAY.replace(day=1))
    with SqliteConnection(path) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM meta").get
        storage.describe(b"hall")
        storage.tidy()
        assert log.stat().st_size > 0
        reader.execute("ROLLBACK")
    storage.tidy()
    assert log.stat().st_size == 0
    storage.close()


def test_a_disk_that_fails_at_the_end_does_not_keep_a_server_from_ending(path: Path, failing: Failing) -> None:
    storage = SqliteStorage(path)
    storage.commit(Batch(ratings=[StoredRating(b"r" * 16, DAY, "land", "1", 4, [], "")]))
    storage.head_file = HeadFile(path)
    failing.fail(apsw.SQLITE_FULL, "write", left=10_000)
    storage.close()
    failing.left = 0
    again = SqliteStorage(path)
    assert [rating.score for rating in again.ratings(DAY)] == [4]
    again.close()


def test_an_event_that_only_speaks_of_a_day_begins_none(path: Path) -> None:
    storage = SqliteStorage(path)
    hall = SmallHall(storage=storage)
    hall.enrol()
    before = storage.days()
    hall.service.ledger.record(ServiceSuspended("land", "day_started", "90"), "admin", hall.clock.now)
    hall.service.ledger.commit()
    assert storage.days() == before
    storage.close()


# ---- the head of a folder ----


@pytest.fixture
def settled(path: Path) -> Iterator[tuple[SqliteStorage, HeadFile]]:
    """A hall with one number, and the note of its folder."""
    storage = SqliteStorage(path)
    SmallHall(storage=storage).issue()
    head = HeadFile(path)
    assert head.departure(storage) is None, "a folder that is new is none that was left"
    head.settle(storage)
    yield storage, head
    storage.close()


def test_a_database_is_at_home_where_it_was_settled(settled: tuple[SqliteStorage, HeadFile], path: Path) -> None:
    storage, head = settled
    assert head.departure(storage) is None
    installed = storage.installation()
    HeadFile(path).settle(storage)
    assert storage.installation() == installed


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda head: head.path.unlink(), "is missing"),
        (lambda head: head.path.write_bytes(b"\xff"), "is missing"),
        (lambda head: head.path.write_bytes(b'{"installation":"\xff"}'), "is missing"),
        (lambda head: write_private(head.path, Head("another", "another", "epoch", 0, "")), "another"),
        (lambda head: head.demand(3, b"lost"), "event 3, which was stored here"),
        (lambda head: head.demand(99, b"lost"), "the log ends with event 3; event 99, which was stored here"),
    ],
)
def test_a_database_that_is_not_the_one_that_was_left_is_noticed_until_it_is_settled(
    settled: tuple[SqliteStorage, HeadFile], path: Path, change: Callable[[HeadFile], object], told: str
) -> None:
    storage, head = settled
    change(head)
    assert told in (HeadFile(path).departure(storage) or "")
    HeadFile(path).settle(storage)
    assert HeadFile(path).departure(storage) is None


def test_where_nothing_was_noted_nothing_is_demanded(path: Path) -> None:
    head = HeadFile(path)
    head.demand(7, b"lost")
    assert not head.path.exists()


def test_a_head_that_can_not_be_written_is_told_and_tried_again(
    settled: tuple[SqliteStorage, HeadFile], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, head = settled
    storage.head_file = head
    SmallHall(storage=storage, first_id=100).issue()

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "the disk fails")

    with monkeypatch.context() as failing, caplog.at_level(logging.WARNING):
        failing.setattr(heads, "write_private", refuse)
        storage.tidy()
    assert "the disk fails" in caplog.text
    before = head.path.read_bytes()
    storage.tidy()
    assert head.path.read_bytes() != before
    written = head.path.stat().st_mtime_ns
    storage.tidy()
    assert head.path.stat().st_mtime_ns == written, "the log did not go on"


def test_a_machine_without_an_id_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "_MACHINE", tmp_path / "machine-id")
    assert machine_id() == ""
    (tmp_path / "machine-id").write_text("0123456789abcdef\n")
    told = machine_id()
    assert len(told) == 64
    assert "0123456789abcdef" not in told


def test_what_a_disk_lost_is_demanded_of_the_folder_and_no_start_goes_on_without_it(
    path: Path, failing: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = SqliteStorage(path)
    hall = SmallHall(storage=storage)
    hall.issue()
    storage.head_file = HeadFile(path)
    storage.head_file.settle(storage)
    storage._answered = 99, b"what the disk forgot"
    failing.fail(apsw.SQLITE_IOERR_FSYNC, "sync")
    for _ in range(2):
        with pytest.raises(AnsweredLost, match="event 99"):
            hall.issue()
    with pytest.raises(AnsweredLost, match="delete the file"):
        SqliteStorage(path)
    storage.close()
    path.with_name(path.name + LOST).unlink()
    left = SqliteStorage(path)
    assert "event 99" in (HeadFile(path).departure(left) or "")
    left.close()


def test_what_a_disk_lost_stops_the_server_also_where_it_can_not_be_noted(
    path: Path, failing: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "the disk fails")

    storage = SqliteStorage(path)
    storage._answered = 99, b"what the disk forgot"
    monkeypatch.setattr(sqlite, "write_private_bytes", refuse)
    failing.fail(apsw.SQLITE_IOERR_FSYNC, "sync")
    for _ in range(2):
        with pytest.raises(AnsweredLost, match="event 99"):
            storage.describe(b"hall")


def test_a_server_that_ends_notes_how_far_its_log_is(settled: tuple[SqliteStorage, HeadFile]) -> None:
    storage, head = settled
    storage.head_file = head
    hall = SmallHall(storage=storage, first_id=100)
    hall.issue()
    storage.close()
    noted = msgspec.json.decode(head.path.read_bytes(), type=Head)
    assert (noted.seq, noted.epoch) == (hall.service.hall.seq, hall.service.hall.epoch)


# ---- in the place of another ----


def test_a_swap_that_never_began_is_not_ended_and_one_that_was_is_ended_once(path: Path) -> None:
    finish_swap(path)
    path.write_bytes(b"old")
    fresh_of(path).write_bytes(b"new")
    finish_swap(path)
    assert path.read_bytes() == b"old", "nobody decided it"
    path.with_name("hall.db-wal").write_bytes(b"log of the old")
    swap(path, "hall.db.aside")
    left = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert left == {"hall.db": b"new", "hall.db.aside": b"old", "hall.db.aside-wal": b"log of the old"}


def test_a_database_that_did_not_fit_on_the_disk_takes_no_place(path: Path) -> None:
    path.write_bytes(b"old")
    fresh_of(path).write_bytes(b"half")
    fresh_of(path).with_name(f"{fresh_of(path).name}-wal").write_bytes(b"rest")
    with pytest.raises(StorageFault, match="could not be written to its end: the disk is full"):
        swap(path, "hall.db.aside")
    finish_swap(path)
    assert path.read_bytes() == b"old"


def test_a_connection_is_closed_when_what_it_opened_is_no_halls_database(path: Path) -> None:
    with SqliteConnection(path) as db:
        db.execute("CREATE TABLE meta (key, value)")
        db.pragma("user_version", 1)
    with pytest.raises(StorageFault, match="this is no hall's database"):
        open_database(path, writing=True)
    path.unlink()


# ---- an older program's database ----


@pytest.fixture
def older(path: Path) -> Path:
    """A database of the schema before that never saw a day."""
    with SqliteConnection(path) as db:
        db.execute((Path(__file__).parent / "schema_3.sql").read_text(encoding="utf-8"))
        for table in ("events", "tickets", "rows", "days", "answers"):
            db.execute(f"DELETE FROM {table}")
    return path


def test_an_older_database_in_which_nothing_happened_is_brought_forward_without_an_epoch_of_its_own(
    older: Path,
) -> None:
    storage = SqliteStorage(older)
    assert (storage.head()[0], storage.rows()) == (0, {})
    assert SmallHall(storage=storage).issue().ticket.number == "A001"
    storage.close()


def test_an_older_database_that_waits_tells_when_its_last_event_was_if_it_has_any(older: Path) -> None:
    with pytest.raises(migrating.MigrationWaits, match="its schema version is 3, this program's is 4") as waits:
        SqliteStorage(older, may_migrate=False)
    assert waits.value.last_at is None
    with SqliteConnection(older) as db:
        db.execute("INSERT INTO events VALUES (1, '{\"at\": 1}', x'00')")
    with pytest.raises(migrating.MigrationWaits) as waits:
        SqliteStorage(older, may_migrate=False)
    assert waits.value.last_at is None, "nobody can read it"


def test_a_step_that_sqlite_itself_rolled_back_leaves_the_old_one(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(db: apsw.Connection) -> None:
        db.execute("ROLLBACK")
        raise apsw.FullError("as SQLite does when it must")

    monkeypatch.setitem(migrating._STEPS, 3, give_up)
    with pytest.raises(StorageFault, match="it is still of version 3"):
        SqliteStorage(older)


def test_of_an_older_database_with_unsound_pages_no_copy_is_taken_for_sound(older: Path) -> None:
    with SqliteConnection(older) as db:
        db.execute("CREATE TABLE broken (a INTEGER); INSERT INTO broken VALUES (1)")
        db.pragma("writable_schema", "ON")
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'broken'", ("CREATE TABLE broken (a CHECK (a > 1))",))
    with pytest.raises(StorageFault, match="the database is damaged"):
        SqliteStorage(older)
    assert not older.with_name("hall.db.schema-3").exists()
