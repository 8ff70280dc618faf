"""Bit rot: a flipped bit in what the hall lives by is noticed, and the message says where."""

import itertools
import random
import shutil
from pathlib import Path

import apsw
import pytest

from protocol import commands as cmd
from queue_server.__main__ import main
from queue_server.storage.base import StorageFault
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import Broken, verify
from tests.conftest import LONG
from tests.queue_server.factories import KIOSK, PHONE, SmallHall

FLIPS = 4000 if LONG else 120
SEED = 20261123


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rot") / "hall.db"
    storage = SqliteStorage(path)
    hall = SmallHall(storage=storage)
    hall.enrol(KIOSK)
    hall.open("1", "3")
    issued = [hall.issue("land") for _ in range(30)]
    for _ in range(8):
        hall.serve("1")
    hall.ask(cmd.ReserveNumbers(), KIOSK)
    hall.ask(cmd.RateTicket(issued[0].token, 5), PHONE)
    storage.close()
    return path


def cells(path: Path) -> list[tuple[str, int, int]]:
    """Where the values of the log and the state lie in the file: table, offset, length."""
    raw, found = path.read_bytes(), []
    db = apsw.Connection(str(path))
    wanted = {
        "events": "SELECT body FROM events UNION ALL SELECT hash FROM events",
        "tickets": "SELECT body FROM tickets",
        "rows": "SELECT body FROM rows",
    }
    for table, sql in wanted.items():
        for (value,) in db.execute(sql).fetchall():
            if raw.count(value) == 1:  # a long value may lie in two pages, a moved one in unused bytes as well
                found.append((table, raw.find(value), len(value)))
    db.close()
    return found


def state(path: Path) -> object:
    """The tickets and rows as they are read; the log has no two spellings, since its bytes are chained."""
    storage = SqliteStorage(path, writing=False)
    try:
        return list(storage.tickets()), storage.rows(), list(storage.events())
    finally:
        storage.close()


def noticed(path: Path) -> str:
    """What is said of a database, or nothing."""
    try:
        storage = SqliteStorage(path, writing=False)
    except StorageFault as fault:
        return str(fault)
    try:
        verify(storage)
    except (Broken, StorageFault, apsw.Error) as fault:
        return str(fault)
    finally:
        storage.close()
    return ""


def test_every_flipped_bit_in_the_log_and_the_state_is_noticed_and_its_place_is_told(
    path: Path, tmp_path: Path
) -> None:
    chance, places = random.Random(SEED), cells(path)
    assert {table for table, _, _ in places} == {"events", "tickets", "rows"}
    copy, raw = tmp_path / "hall.db", path.read_bytes()
    for turn, (table, start, length) in enumerate(itertools.islice(itertools.cycle(places), FLIPS)):
        at = start + chance.randrange(length)
        flipped = bytearray(raw)
        flipped[at] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        said = noticed(copy)
        if not said and state(copy) == state(path):
            continue  # it reads as the same: an instant that ends with z for Z
        assert said, f"turn {turn}: a bit of {table} at byte {at} was flipped, and nobody noticed"
        assert {"events": "event", "tickets": "ticket", "rows": "row"}[table] in said or "day" in said, (table, said)


def test_of_all_bits_of_the_file_those_unnoticed_are_none_that_the_hall_lives_by(path: Path, tmp_path: Path) -> None:
    """What is left: unused bytes of pages, and what no log tells: answers, ratings' words, the hall's description."""
    chance, raw = random.Random(SEED), path.read_bytes()
    live = {at for _, start, length in cells(path) for at in range(start, start + length)}
    copy, missed, hit = tmp_path / "hall.db", [], 0
    shutil.copy(path, copy)
    for _ in range(FLIPS):
        at = chance.randrange(len(raw))
        flipped = bytearray(raw)
        flipped[at] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        hit += at in live
        if not noticed(copy) and state(copy) != state(path):
            missed.append(at)
    assert missed == []
    assert hit > FLIPS / 20, "some of them were in the log and the state"


def test_a_page_that_only_sqlite_knows_to_be_wrong_is_told_by_the_command(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "hall.db"
    shutil.copy(path, copy)
    db = apsw.Connection(str(copy))
    db.execute("PRAGMA writable_schema = on; DELETE FROM sqlite_schema WHERE name = 'notes_of_tickets'")
    db.close()
    assert not noticed(copy)
    assert main(["verify", "--data", str(tmp_path)]) == 1
    assert "the file is damaged, although its log is sound" in capsys.readouterr().err
