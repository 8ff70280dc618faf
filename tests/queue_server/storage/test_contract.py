"""Every storage keeps the same promises."""

import datetime as dt
import stat
from pathlib import Path

import apsw
import pytest

from queue_server.domain.hall import Counter, Day
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import Batch, Storage, StorageFault, StoredAnswer, StoredEvent, StoredRating
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import MORNING, SmallHall

DAY = MORNING.date()


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return MemoryStorage() if request.param == "memory" else SqliteStorage(tmp_path / "hall.db")


def event(seq: int, body: bytes | None = None) -> StoredEvent:
    body = body or (
        b'{"epoch":"e","seq":%d,"at":"2026-11-23T00:30:00Z","device_id":"d","body":{"type":"ticket_rated","ticket_id":1}}'
        % seq
    )
    return StoredEvent(seq, body, bytes(32))


def ticket(ticket_id: int) -> Ticket:
    return Ticket(ticket_id, f"A{ticket_id:03}", DAY, "A", "land", "ordinary", "vi", MORNING)


def test_a_new_storage_is_empty(storage: Storage) -> None:
    stored = storage.load()
    assert (stored.seq, stored.tickets, stored.rows) == (0, [], {})
    assert storage.answer("nothing") is None
    assert storage.ticket(1) is None
    assert storage.day_span(DAY) is None
    assert len(storage.token_key) == 32


def test_what_a_batch_brought_is_found_again(storage: Storage) -> None:
    answer = StoredAnswer("request-1", b"print", b"{}")
    rating = StoredRating(b"r" * 16, DAY, "land", "1", 4, ["long-wait"], "tốt")
    rows = {"day": Day(DAY, {"A": 2}), "counter:1": Counter("1", "01", 2)}
    storage.commit(Batch([event(1), event(2)], [ticket(1), ticket(2)], dict(rows), [answer], [rating]))
    stored = storage.load()
    assert (stored.seq, stored.rows) == (2, rows)
    assert stored.tickets == [ticket(1), ticket(2)]
    assert storage.answer("request-1") == answer
    assert storage.ratings(DAY) == [rating]
    assert [e.seq for e in storage.events()] == [1, 2]
    assert [e.seq for e in storage.events(2, 2)] == [2]


def test_a_ticket_that_ended_is_no_longer_live_but_still_known(storage: Storage) -> None:
    storage.commit(Batch([event(1)], [ticket(1)]))
    ended = ticket(1).cancel(MORNING)
    storage.commit(Batch([event(2)], [ended]))
    assert storage.load().tickets == []
    assert storage.ticket(1) == ended


def test_the_days_of_a_log_are_found_by_their_events(storage: Storage) -> None:
    hall = SmallHall(storage=storage)
    first = hall.issue()
    hall.clock.tick(24 * 60)
    second = hall.issue()
    days = [view.ticket.service_day for view in (first, second)]
    assert storage.days() == days
    (start, end), (next_start, next_end) = (storage.day_span(day) or (0, 0) for day in days)
    assert start <= first.ticket.ticket_id <= end < next_start <= second.ticket.ticket_id <= next_end


def test_a_half_batch_is_never_stored(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.commit(Batch([event(1)], [ticket(1)]))
    with pytest.raises(StorageFault):
        storage.commit(Batch([event(2), event(1)], [ticket(2)], {}, [StoredAnswer("request-1", b"p", b"{}")]))
    assert storage.load().seq == 1
    assert storage.ticket(2) is None
    assert storage.answer("request-1") is None
    storage.commit(Batch([event(2)], [ticket(2)]))


def test_what_was_committed_is_there_after_reopening(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.commit(Batch([event(1)], [ticket(1)]))
    epoch, key = storage.epoch, storage.token_key
    storage.close()
    again = SqliteStorage(tmp_path / "hall.db")
    assert (again.epoch, again.token_key, again.load().seq) == (epoch, key, 1)


def test_a_database_is_durable_by_its_settings(tmp_path: Path) -> None:
    SqliteStorage(tmp_path / "hall.db").close()
    writing = SqliteStorage(tmp_path / "hall.db")
    assert writing._db.pragma("journal_mode") == "wal"
    assert writing._db.pragma("synchronous") == 2, "2 is FULL"


def test_what_holds_the_key_of_the_tokens_is_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "halls" / "small" / "hall.db"
    storage = SqliteStorage(path)
    found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert found == dict.fromkeys(("hall.db", "hall.db-wal", "hall.db-shm"), 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    storage.close()


def test_what_was_looked_up_does_not_keep_the_log_from_being_tidied(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.commit(Batch([event(1)], [ticket(1)], {}, [StoredAnswer("request-1", b"p", b"{}")]))
    assert storage.answer("request-1") is not None
    assert storage.ticket(1) is not None
    storage.tidy()
    in_log, copied = storage._db.wal_checkpoint()
    assert in_log == copied


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"x" * 5000])
def test_a_file_that_is_no_database_is_a_clear_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hall.db"
    path.write_bytes(content)
    with pytest.raises(StorageFault, match=r"hall\.db"):
        SqliteStorage(path)
    assert path.read_bytes() == content


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    SqliteStorage(tmp_path / "hall.db").close()
    db = apsw.Connection(str(tmp_path / "hall.db"))
    db.execute("UPDATE meta SET value = x'39' WHERE key = 'schema_version'")
    db.close()
    with pytest.raises(StorageFault, match="schema version is 9"):
        SqliteStorage(tmp_path / "hall.db")


def test_answers_of_past_days_are_forgotten(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    hall = SmallHall(storage=storage)
    hall.issue()
    assert storage.answer("request-000000") is not None
    kept = []
    for _ in range(4):
        hall.clock.tick(24 * 60)
        hall.issue()
        kept.append(storage.answer("request-000000") is not None)
    assert kept == [True, True, False, False], "who asks again after midnight gets the answer of before"
    assert storage.answer("request-000004") is not None


def test_the_ratings_table_keeps_no_order_and_no_ticket(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    columns: list[str] = [row[1] for row in storage._db.execute("PRAGMA table_info(ratings)")]
    where = ["service_day", "service_id", "counter_id", "operator_id"]
    assert columns == ["rating_id", *where, "score", "reasons", "comment", "criteria"]
    with pytest.raises(apsw.SQLError):
        storage._db.execute("SELECT rowid FROM ratings")


def test_dates_are_kept_as_dates(storage: Storage) -> None:
    storage.commit(Batch([event(1)], [], {"day": Day(dt.date(2026, 12, 31), {"A": 9}, 3)}))
    day = storage.load().rows["day"]
    assert day == Day(dt.date(2026, 12, 31), {"A": 9}, 3)
