"""Every storage keeps the same promises."""

import datetime as dt
import shutil
import stat
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from protocol import commands as cmd
from queue_server.domain.hall import Counter, Day
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import Batch, Guard, Storage, StorageFault, StoredAnswer, StoredEvent, StoredRating
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


def day_started(day: dt.date) -> bytes:
    at = f"{day}T00:30:00Z"
    body = f'{{"type":"day_started","service_day":"{day}"}}'
    return f'{{"epoch":"e","seq":1,"at":"{at}","device_id":"server","body":{body}}}'.encode()


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


def test_a_day_ends_before_the_next_begins_and_the_last_with_the_log(storage: Storage) -> None:
    bodies = {1: b"", 2: day_started(DAY), 5: day_started(DAY.replace(day=24)), 9: day_started(DAY.replace(day=25))}
    storage.commit(Batch([event(seq, bodies.get(seq)) for seq in range(1, 13)]))
    spans = [storage.day_span(DAY.replace(day=day)) for day in (23, 24, 25)]
    assert spans == [(2, 4), (5, 8), (9, 12)]


def test_who_ended_today_is_told_at_a_start_and_who_ended_before_is_not(storage: Storage) -> None:
    hall = SmallHall(storage=storage)
    for _ in range(2):
        ended = hall.issue().ticket.ticket_id
        hall.ask(cmd.CancelTicket(ended))
        waiting = hall.issue().ticket.ticket_id
        hall.clock.tick(24 * 60)
    hall.clock.tick(-24 * 60)
    stored = storage.load()
    assert [ticket.ticket_id for ticket in stored.ended] == [ended]
    assert [ticket.ticket_id for ticket in stored.tickets] == [waiting]


def test_a_long_log_is_read_whole_and_the_latest_tickets_up_to_any_place(storage: Storage) -> None:
    storage.commit(Batch([event(seq) for seq in range(1, 201)], [ticket(seq) for seq in range(1, 201)]))
    assert [stored.seq for stored in storage.events()] == list(range(1, 201))

    def latest(count: int, before: int | None = None) -> list[int]:
        return sorted(found.ticket_id for found in storage.recent_tickets(count, before))

    assert latest(3) == [198, 199, 200]
    assert latest(2, 100) == [98, 99]
    assert len(latest(500)) == 200


def test_a_number_of_one_day_that_came_on_the_next_is_found_however_long_the_log(storage: Storage) -> None:
    following = DAY.replace(day=24)
    bodies = {1: day_started(DAY), 140: day_started(following)}
    late, own = ticket(150), replace(ticket(151), service_day=following)
    storage.commit(Batch([event(seq, bodies.get(seq)) for seq in range(1, 160)], [ticket(7), late, own]))
    assert storage.late_events(DAY) == [150]
    assert storage.late_events(following) == []


def test_who_holds_which_ticket_is_kept_from_every_batch(storage: Storage) -> None:
    storage.guard_key(DAY)
    guards = [Guard(bytes([number]) * 32, "land", number) for number in (1, 2)]
    for guard in guards:
        storage.commit(Batch(guards=[guard]))
    assert storage.guards() == guards


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


def test_the_number_of_the_last_batch_for_a_second_machine_is_kept_with_it(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    assert storage.last_number() == 0, "it never had one"
    for batch in (Batch(number=7), Batch(number=8), Batch()):
        storage.commit(batch)
    assert storage.last_number() == 8
    storage.close()


def test_the_key_of_a_days_guards_that_came_from_the_first_machine_takes_the_place_of_ones_own(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    own = storage.guard_key(DAY)
    storage.commit(Batch(guards=[Guard(b"p" * 32, "land", 7)]))
    kept = storage.kept_guard_key()
    storage.commit(Batch(guard_key=kept))
    assert len(storage.guards()) == 1, "the same key leaves the hashes that were made with it"
    storage.commit(Batch(guard_key=f"{DAY}".encode() + b"n" * 32))
    assert (storage.guards(), storage.guard_key(DAY)) == ([], b"n" * 32)
    assert own != b"n" * 32
    storage.close()


def test_what_was_looked_up_does_not_keep_the_log_from_being_tidied(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.commit(Batch([event(1)], [ticket(1)], {}, [StoredAnswer("request-1", b"p", b"{}")]))
    assert storage.answer("request-1") is not None
    assert storage.ticket(1) is not None
    storage.tidy()
    in_log, copied = storage._db.wal_checkpoint()
    assert in_log == copied


def test_tidying_copies_what_lies_in_the_log_into_the_database(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.tidy()
    storage.commit(Batch([event(1)], [ticket(1)]))
    storage.tidy()
    alone = tmp_path / "alone" / "hall.db"
    alone.parent.mkdir()
    shutil.copyfile(tmp_path / "hall.db", alone)
    assert SqliteStorage(alone).head()[0] == 1
    storage.close()


def test_after_tidying_ratings_lie_by_their_random_ids_and_nowhere_in_the_order_of_writing(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.tidy()
    ids = [bytes([number]) * 16 for number in (3, 1, 4, 2)]
    for rating_id in ids:
        storage.commit(Batch(ratings=[StoredRating(rating_id, DAY, "land", "1", 4, [], "")]))
    storage.tidy()
    content = (tmp_path / "hall.db").read_bytes()
    places = [content.find(rating_id) for rating_id in sorted(ids)]
    assert places in (sorted(places), sorted(places, reverse=True))
    assert (tmp_path / "hall.db-wal").stat().st_size == 0, "its pages hold the order still"
    storage.close()


def test_a_copy_is_one_file_whole_without_a_log_beside_it(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.commit(Batch([event(1)], [ticket(1)]))
    storage.copy_to(tmp_path / "copy.db")
    storage.close()
    db = apsw.Connection(str(tmp_path / "copy.db"), flags=apsw.SQLITE_OPEN_READONLY)
    assert db.pragma("journal_mode") == "delete"
    assert db.execute("SELECT count(*) FROM events").get == 1
    db.close()


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
    with pytest.raises(StorageFault, match=r"schema version is 9.*: start the program that wrote it, or update"):
        SqliteStorage(tmp_path / "hall.db")


def test_answers_of_past_days_are_forgotten(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    hall = SmallHall(storage=storage)
    hall.issue()
    assert storage.answer("request-000000") is not None
    hall.open("1")
    kept = []
    for _ in range(4):
        hall.clock.tick(24 * 60)
        hall.issue()
        kept.append([storage.answer(f"request-00000{number}") is not None for number in (0, 1)])
    assert kept == [[True] * 2, [True] * 2, [False] * 2, [False] * 2], "who asks again after midnight gets the old one"
    assert storage.answer("request-000005") is not None


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
