"""What may be personal lies apart from the log, is erased in time, and leaves nothing in the files."""

import datetime as dt
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol import replies as re
from queue_server.storage.base import Batch, Guard, Storage, StoredNote
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.queue_server.factories import KIOSK, MORNING, SmallHall, hall_file, with_service

DAY = MORNING.date()
SECRET = "bà Nguyễn Thị Nết đau chân"
PERSON = "001199012345"


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return MemoryStorage() if request.param == "memory" else SqliteStorage(tmp_path / "hall.db")


@pytest.fixture
def hall(storage: Storage) -> SmallHall:
    hall = SmallHall(with_service(hall_file(), "land", asks_person=True), storage)
    hall.open("1")
    return hall


def note(seq: int, ticket_id: int | None = 7, day: dt.date = DAY, text: str = SECRET) -> StoredNote:
    return StoredNote(seq, day, ticket_id, MORNING, "1", "01", text)


def in_files(folder: Path) -> bytes:
    """Every byte of the database and of its write-ahead log."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("hall.db*")))


# ---- what every storage promises ----


def test_notes_are_found_by_their_ticket_oldest_first(storage: Storage) -> None:
    storage.commit(Batch(notes=[note(5), note(6, text="hai"), note(8, ticket_id=9)]))
    assert storage.notes(7) == [note(5), note(6, text="hai")]
    assert storage.notes(9) == [note(8, ticket_id=9)]
    assert storage.notes(1) == []


def test_a_note_that_was_taken_back_is_gone(storage: Storage) -> None:
    storage.commit(Batch(notes=[note(5), note(6)]))
    storage.commit(Batch(erased_notes=[6]))
    assert storage.notes(7) == [note(5)]


def test_notes_of_days_before_are_erased_and_those_of_that_day_stay(storage: Storage) -> None:
    before = DAY - dt.timedelta(days=1)
    storage.commit(Batch(notes=[note(5, day=before), note(6)]))
    assert storage.erasable("notes", DAY) == 1
    storage.commit(Batch(erasures={"notes": DAY}))
    assert storage.notes(7) == [note(6)]


def test_guards_live_as_long_as_their_day_and_each_day_has_a_key_of_its_own(storage: Storage) -> None:
    first = storage.guard_key(DAY)
    storage.commit(Batch(guards=[Guard(b"p" * 32, "land", 7)]))
    assert storage.guard_key(DAY) == first
    assert storage.guards() == [Guard(b"p" * 32, "land", 7)]
    assert storage.guard_key(DAY + dt.timedelta(days=1)) != first
    assert storage.guards() == []


# ---- in the hall ----


def issue(hall: SmallHall, person: str = PERSON) -> re.Reply:
    return hall.ask(cmd.IssueTicket("land", person=person), KIOSK)


def test_an_undone_action_takes_its_note_along_also_from_the_storage(hall: SmallHall) -> None:
    issue(hall)
    ticket_id = hall.start().ticket_id
    hall.ask(cmd.AddNote("1", ticket_id, "vẫn còn"))
    hall.ask(cmd.ParkTicket("1", ticket_id, 5, SECRET))
    assert len(hall.storage.notes(ticket_id)) == 2
    hall.undo()
    assert [kept.text for kept in hall.storage.notes(ticket_id)] == ["vẫn còn"]


def test_notes_are_erased_after_fourteen_days_and_the_log_still_adds_up(hall: SmallHall) -> None:
    issue(hall)
    ticket_id = hall.start().ticket_id
    hall.ask(cmd.AddNote("1", ticket_id, SECRET))
    hall.ask(cmd.FinishTicket("1", ticket_id))
    hall.pass_time(14 * 24 * 60)
    assert len(hall.storage.notes(ticket_id)) == 1
    hall.pass_time(24 * 60)
    assert hall.storage.notes(ticket_id) == []
    assert verify(hall.storage) == hall.service.hall.seq


def test_a_person_is_forgotten_at_the_days_end(hall: SmallHall) -> None:
    issue(hall)
    assert len(hall.storage.guards()) == 1
    hall.pass_time(24 * 60)
    assert hall.storage.guards() == []
    assert isinstance(issue(hall), re.TicketIssuedReply)


def test_a_person_who_took_a_number_and_came_again_after_a_restart_is_still_known(tmp_path: Path) -> None:
    file = with_service(hall_file(), "land", asks_person=True)
    first = SmallHall(file, SqliteStorage(tmp_path / "hall.db"))
    issue(first)
    first.storage.close()
    again = SmallHall(file, SqliteStorage(tmp_path / "hall.db"))
    refused = again.ask(cmd.IssueTicket("land", person=PERSON), KIOSK, "after-restart")
    assert isinstance(refused, re.Refused)
    assert refused.code == "already_waiting"


# ---- in the files ----


def test_nothing_of_a_persons_number_is_ever_in_the_files(tmp_path: Path) -> None:
    """Neither in the log, nor in an answer or its fingerprint, nor beside them: a hash under the day's key only."""
    hall = SmallHall(with_service(hall_file(), "land", asks_person=True), SqliteStorage(tmp_path / "hall.db"))
    issued = issue(hall)
    assert isinstance(issued, re.TicketIssuedReply)
    assert isinstance(issue(hall), re.Refused)
    bytes_on_disk = in_files(tmp_path)
    assert issued.ticket.number.encode() in bytes_on_disk, "what must be there is found"
    assert PERSON.encode() not in bytes_on_disk
    hall.storage.tidy()
    assert PERSON.encode() not in in_files(tmp_path)


def test_an_erased_note_is_in_no_file_any_more(tmp_path: Path) -> None:
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    hall.open("1")
    hall.issue()
    ticket_id = hall.start().ticket_id
    hall.ask(cmd.AddNote("1", ticket_id, SECRET))
    hall.storage.tidy()
    assert SECRET.encode() in in_files(tmp_path)
    hall.pass_time(15 * 24 * 60)
    hall.storage.tidy()
    assert SECRET.encode() not in in_files(tmp_path)


def test_yesterdays_hashes_and_their_key_are_in_no_file_any_more(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    hall = SmallHall(with_service(hall_file(), "land", asks_person=True), storage)
    issue(hall)
    key, (guard,) = storage.guard_key(DAY), storage.guards()
    storage.tidy()
    assert key in in_files(tmp_path)
    assert guard.person in in_files(tmp_path)
    hall.pass_time(24 * 60)
    storage.tidy()
    assert guard.person not in in_files(tmp_path)
    assert key not in in_files(tmp_path)
