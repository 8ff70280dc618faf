"""The log can't be changed unseen: whatever is touched is found, and the message says where."""

import subprocess
import sys
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import commands as cmd
from queue_server.domain.chain import START, link
from queue_server.storage.base import StoredEvent
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import Broken, verify
from tests.conftest import ROOT
from tests.queue_server.factories import PHONE, SmallHall


def lived(storage: MemoryStorage | SqliteStorage) -> SmallHall:
    """A hall after a short morning."""
    hall = SmallHall(storage=storage)
    hall.open("1", "3")
    issued = [hall.issue("land") for _ in range(4)]
    hall.serve("1")
    hall.call("3")
    hall.ask(cmd.RateTicket(issued[0].token, 5), PHONE)
    hall.ask(cmd.CancelTicket(issued[3].ticket.ticket_id))
    return hall


STORED = MemoryStorage()
lived(STORED)
LOG = list(STORED.events())


def with_log(events: list[StoredEvent]) -> MemoryStorage:
    """The morning's state with another log."""
    twin = MemoryStorage()
    twin.__dict__.update(STORED.__dict__)
    twin._events = events
    return twin


def chained(events: list[StoredEvent]) -> list[StoredEvent]:
    """Events whose hashes were made to fit, as somebody would who knows how."""
    previous, found = START, []
    for event in events:
        previous = link(previous, event.body)
        found.append(StoredEvent(event.seq, event.body, previous))
    return found


def changed(index: int, body: bytes) -> list[StoredEvent]:
    return [*LOG[:index], StoredEvent(index + 1, body, LOG[index].hash), *LOG[index + 1 :]]


def test_a_sound_log_passes() -> None:
    assert verify(STORED) == len(LOG) > 12


@settings(max_examples=200)
@given(st.data())
def test_any_flipped_bit_of_an_event_or_its_hash_is_found_at_that_event(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(LOG) - 1))
    event, of_hash = LOG[index], data.draw(st.booleans())
    raw = bytearray(event.hash if of_hash else event.body)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    flipped = (
        StoredEvent(event.seq, event.body, bytes(raw)) if of_hash else StoredEvent(event.seq, bytes(raw), event.hash)
    )
    with pytest.raises(Broken, match=rf"^event {index + 1}: its hash"):
        verify(with_log([*LOG[:index], flipped, *LOG[index + 1 :]]))


@pytest.mark.parametrize("index", range(len(LOG) - 1))
def test_a_deleted_event_is_found(index: int) -> None:
    with pytest.raises(Broken, match=rf"^event {index + 1} is missing"):
        verify(with_log([*LOG[:index], *LOG[index + 1 :]]))


@pytest.mark.parametrize("index", range(len(LOG) - 1))
def test_two_swapped_events_are_found(index: int) -> None:
    first, second = LOG[index], LOG[index + 1]
    swapped = [StoredEvent(first.seq, second.body, first.hash), StoredEvent(second.seq, first.body, second.hash)]
    with pytest.raises(Broken, match=rf"^event {index + 1}: its hash"):
        verify(with_log([*LOG[:index], *swapped, *LOG[index + 2 :]]))


def test_the_log_without_its_end_does_not_add_up_to_the_state() -> None:
    for end in range(len(LOG)):
        with pytest.raises(Broken, match=r"^(ticket|row|ratings|day)"):
            verify(with_log(LOG[:end]))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        LOG[2].body.replace(b'"seq":3', b'"seq":4'),
        LOG[2].body.replace(b"0123456789abcdef", b"0000000000000000"),
        b'{"epoch":"0123456789abcdef","seq":3,"at":"2026-11-23T00:30:00Z","device_id":"x",'
        b'"body":{"type":"device_revoked","revoked_device_id":"nobody"}}',
        b'{"epoch":"0123456789abcdef","seq":3,"at":"2026-11-23T00:30:00Z","device_id":"x",'
        b'"body":{"type":"ticket_rated","ticket_id":99}}',
    ],
)
def test_an_event_that_fits_the_chain_but_can_not_have_happened_is_found(body: bytes) -> None:
    with pytest.raises(Broken, match=r"^event 3: it "):
        verify(with_log(chained(changed(2, body))))


# ---- real databases, touched from outside ----


@pytest.fixture
def data(tmp_path: Path) -> Path:
    storage = SqliteStorage(tmp_path / "hall.db")
    lived(storage)
    storage.close()
    return tmp_path


def touch(data: Path, *statements: str) -> None:
    db = apsw.Connection(str(data / "hall.db"))
    for statement in statements:
        db.execute(statement)
        assert db.changes() > 0, statement
    db.close()


def verified(data: Path) -> tuple[int, str, str]:
    """`verify` at the terminal: exit code and words, never a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "queue_server", "verify", "--data", str(data)], capture_output=True, text=True, cwd=ROOT
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_the_command_says_that_a_log_is_sound(data: Path) -> None:
    assert verified(data) == (0, f"{len(LOG)} events: the chain is unbroken and adds up to the state.\n", "")


TOUCHED = [
    ("UPDATE events SET body = replace(body, 'land', 'lend') WHERE seq = 6", "event 6: "),
    ("UPDATE events SET body = CAST(body AS TEXT) WHERE seq = 6", "event 6: "),
    ("UPDATE events SET hash = zeroblob(32) WHERE seq = 4", "event 4: its hash"),
    ("DELETE FROM events WHERE seq = 7", "event 7 is missing"),
    ("DELETE FROM events", "ticket 5: "),
    (
        "UPDATE tickets SET body = replace(body, 'A002', 'A003') WHERE ticket_id = 6",
        "ticket 6: the log adds up to number 'A002', stored is 'A003'",
    ),
    ("UPDATE tickets SET body = '{' WHERE ticket_id = 6", "ticket after 5"),
    ("UPDATE tickets SET live = 0 WHERE ticket_id = 6", "ticket 6: "),
    ("DELETE FROM tickets WHERE ticket_id = 6", "ticket 6: "),
    ("UPDATE rows SET body = replace(body, '03', '02') WHERE key = 'counter:3'", "row counter:3: "),
    ("UPDATE rows SET body = '{' WHERE key = 'day'", "row"),
    ("INSERT INTO rows VALUES ('device:king', CAST('{}' AS BLOB))", "row"),
    ("INSERT INTO rows VALUES ('king', CAST('{}' AS BLOB))", "row"),
    ("DELETE FROM rows WHERE key = 'counter:1'", "row counter:1: "),
    ("DELETE FROM days", "day 2026-11-23: "),
    ("UPDATE days SET first_seq = 5", "day 2026-11-23: "),
    ("INSERT INTO days VALUES ('2026-11-24', 6)", "day 2026-11-24: "),
    (
        "INSERT INTO ratings VALUES (zeroblob(9), '2026-11-23', 'land', '1', '', 5, '[]', '', '{}')",
        "ratings of 2026-11-23: ",
    ),
    ("DELETE FROM ratings", "ratings of 2026-11-23: "),
]


@pytest.mark.parametrize(("statement", "words"), TOUCHED, ids=[f"{i}" for i in range(len(TOUCHED))])
def test_a_row_changed_in_the_database_is_found_and_named(data: Path, statement: str, words: str) -> None:
    touch(data, statement)
    storage = SqliteStorage(data / "hall.db", writing=False)
    with pytest.raises(Broken) as raised:
        verify(storage)
    storage.close()
    assert str(raised.value).startswith(words)


def test_the_command_says_what_is_broken(data: Path) -> None:
    touch(data, "UPDATE tickets SET body = '{' WHERE ticket_id = 6")
    code, out, err = verified(data)
    assert (code, out) == (1, "")
    assert err.startswith("ticket after 5")


def test_the_command_says_when_there_is_no_hall(tmp_path: Path) -> None:
    code, _, err = verified(tmp_path / "nowhere")
    assert code == 2
    assert "there is no hall's database" in err


@pytest.mark.parametrize("content", [b"", b"this is no database " * 1000, bytes(8192)])
def test_the_command_says_when_a_file_is_no_hall(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "hall.db").write_bytes(content)
    code, out, err = verified(tmp_path)
    assert (code, out) == (1, "")
    assert err.strip()
