"""The kiosk's journal: what was written is there after any end, and what is damaged is never taken for true."""

import datetime as dt
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from kiosk.blocks import HeldBlock
from kiosk.entries import Entry, Given, Slip
from kiosk.journal import Journal, open_journal
from kiosk.journal_file import JournalFault
from protocol.commands import IssueTicket
from tests.conftest import LONG, ROOT
from tests.kiosk.halls import AT, DAY, issued

BLOCK = HeldBlock(50, "a", DAY, 800, 999, "aa")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "kiosk-1.db"


def entry(request_id: str, at: dt.datetime = AT) -> Entry:
    return Entry(request_id, at, IssueTicket("s1"))


def given(count: int, at: dt.datetime = AT) -> Entry:
    """A number of the kiosk's own."""
    own = Given(50, count, at, f"hand-in-{count}")
    return replace(entry(f"request-{count}", at), given=own, reply=issued("s1", ticket_id=0))


def fill(path: Path, numbers: int = 20) -> None:
    """A journal with a block from which some numbers were given."""
    journal = open_journal(path)
    journal.keep_blocks([BLOCK])
    for _ in range(numbers):
        [block] = journal.blocks
        assert journal.give(given(block.first), block.without_next())
    journal.remember("hall", {"name": "Một cửa" * 200})
    journal.close()


# ---- what was written is there ----


def test_what_was_kept_is_there_after_the_end(path: Path) -> None:
    journal = open_journal(path)
    asked = entry("request-1")
    journal.keep(asked)
    journal.remember("since", "x")
    journal.close()
    again = open_journal(path)
    assert again.entries == {"request-1": asked}
    assert again.recall("since") == b'"x"'
    assert again.recall("nothing") is None
    again.close()


def test_what_was_kept_is_on_the_disk_before_the_program_goes_on(path: Path) -> None:
    """A copy of the files, as a power cut would leave them, holds it although the journal was never closed."""
    journal = open_journal(path)
    journal.keep_blocks([BLOCK])
    journal.keep(entry("request-1"))
    assert journal.give(given(800), BLOCK.without_next())
    cut = path.parent / "cut.db"
    for ending in ("", "-wal"):
        source = path.with_name(path.name + ending)
        if source.exists():
            cut.with_name(cut.name + ending).write_bytes(source.read_bytes())
    journal.close()
    after = open_journal(cut)
    assert list(after.entries) == ["request-1", "request-800"]
    assert after.blocks == [BLOCK.without_next()]
    after.close()


def test_the_disk_is_asked_to_be_sure(path: Path) -> None:
    journal = open_journal(path)
    assert journal._db.pragma("journal_mode") == "wal"
    assert journal._db.pragma("synchronous") == 2, "FULL"
    assert path.stat().st_mode & 0o077 == 0, "its keys are nobody else's business"
    journal.close()


def test_what_is_noted_goes_to_the_disk_with_the_next(path: Path) -> None:
    journal = open_journal(path)
    journal.note(entry("request-1"))
    journal.keep(entry("request-2"))
    assert [found.request_id for found in journal.all_entries()] == ["request-1", "request-2"]
    journal.close()


def test_an_entry_that_is_done_is_no_longer_at_hand_but_still_known(path: Path) -> None:
    journal = open_journal(path)
    journal.keep(entry("request-1"))
    journal.keep(replace(entry("request-1"), refused="numbers_exhausted"))
    assert journal.entries == {}
    assert [found.refused for found in journal.all_entries()] == ["numbers_exhausted"]
    journal.close()


def test_done_entries_are_forgotten_after_days_and_open_ones_never(path: Path) -> None:
    journal = open_journal(path)
    own = given(800)
    assert own.given is not None
    refused = replace(own, given=replace(own.given, refused="number_taken"))
    journal.note(entry("open"))
    journal.note(replace(entry("done"), refused="hall_closed"))
    journal.keep(refused)
    for days, left in [(1, 3), (3, 2), (15, 1)]:
        journal.tidy(AT + dt.timedelta(days=days))
        assert len(journal.all_entries()) == left
    assert list(journal.entries) == ["open"]
    journal.close()


# ---- what the disk refuses ----


class FullDisk:
    """A connection whose writes fail as on a full disk."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        raise apsw.FullError("disk full")

    def __exit__(self, *_: object) -> None:
        """Never entered."""

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> object:
        if not statement.startswith("SELECT"):
            raise apsw.FullError("disk full")
        return self._db.execute(statement, values)

    def __getattr__(self, name: str) -> object:
        return getattr(self._db, name)


def test_no_number_is_given_that_is_not_on_the_disk(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    journal = open_journal(path)
    journal.keep_blocks([BLOCK])
    whole, journal._db = journal._db, FullDisk(journal._db)  # type: ignore[assignment]
    assert not journal.give(given(800), BLOCK.without_next())
    assert journal.blocks == [BLOCK]
    assert journal.entries == {}
    journal.keep(entry("request-1"))
    assert journal.faulty
    assert caplog.text.count("can't be used") == 1, "it is said once, not at every touch"
    journal._db = whole
    journal.keep(entry("request-2"))
    assert not journal.faulty
    assert [found.request_id for found in journal.all_entries()] == ["request-1", "request-2"]
    journal.close()


def test_a_second_program_is_kept_out(path: Path) -> None:
    journal = open_journal(path)
    with pytest.raises(JournalFault, match="in use by another kiosk program"):
        open_journal(path)
    journal.close()


def test_a_folder_where_nothing_may_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalFault):
        open_journal(Path("/proc/kiosk-1.db"))
    (tmp_path / "kiosk-2.db").mkdir()
    with pytest.raises(JournalFault):
        open_journal(tmp_path / "kiosk-2.db")


def test_a_program_that_was_killed_leaves_the_journal_to_the_next(path: Path) -> None:
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom kiosk.journal import open_journal\n"
        "from tests.kiosk.test_journal import entry\njournal = open_journal(Path(sys.argv[1]))\n"
        "journal.keep(entry('request-1'))\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=False)
    journal = open_journal(path)
    assert list(journal.entries) == ["request-1"]
    journal.close()


def test_what_can_not_be_read_any_more_is_not_there(path: Path) -> None:
    journal = open_journal(path)
    journal.remember("hall", "x")
    journal._db.execute("UPDATE kept SET body = CAST('\"y\"' AS BLOB)")
    assert journal.recall("hall") is None
    assert journal.faulty
    journal.close()


# ---- damage ----


def test_a_damaged_journal_is_moved_aside_and_its_entries_are_saved(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fill(path)
    whole = path.read_bytes()
    at = whole.rindex("Một cửa".encode())
    path.write_bytes(whole[:at] + b"\x01" + whole[at + 1 :])
    journal = open_journal(path)
    assert "THE JOURNAL IS DAMAGED" in caplog.text
    assert journal.lost_from == path.with_name("kiosk-1.db.damaged-1")
    assert [found.given.count for found in journal.entries.values() if found.given] == list(range(800, 820))
    assert journal.blocks == [], "what was given from them is not sure any more"
    journal.close()


def test_a_second_damaged_journal_does_not_overwrite_the_first(path: Path) -> None:
    for number in (1, 2):
        fill(path, 1)
        path.write_bytes(b"no database" * 100)
        journal = open_journal(path)
        assert journal.lost_from == path.with_name(f"kiosk-1.db.damaged-{number}")
        journal.close()


@pytest.mark.parametrize("size", [0, 1, 100, 4095, 4096, 5000, 8192, 12_000])
def test_a_journal_cut_short_gives_no_block_back(path: Path, size: int) -> None:
    fill(path)
    path.write_bytes(path.read_bytes()[:size])
    journal = open_journal(path)
    assert journal.blocks == []
    journal.keep(entry("request-1"))
    journal.close()


def test_a_flipped_bit_anywhere_never_ends_the_program_or_makes_a_number_free_again(path: Path) -> None:
    fill(path)
    whole, chance = path.read_bytes(), random.Random(7)
    for _ in range(2000 if LONG else 200):
        at, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
        journal = open_journal(path)
        assert [block.first for block in journal.blocks] in ([], [820]), (at, bit)
        assert all(found == given(found.given.count) for found in journal.entries.values() if found.given), (at, bit)
        journal.close()
        for left in path.parent.iterdir():
            left.unlink()


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_log_beside_the_file_makes_no_number_free_again(path: Path, damage: str) -> None:
    """SQLite takes a log with a damaged end for a shorter one, silently: what was given must not lie in it alone."""
    journal = open_journal(path)
    journal.keep_blocks([BLOCK])
    for _ in range(5):
        assert journal.give(given(journal.blocks[0].first), journal.blocks[0].without_next())
    journal.keep(replace(given(804), slips=(Slip("report-1"),)))
    cut, log = path.parent / "cut.db", path.parent / "cut.db-wal"
    cut.write_bytes(path.read_bytes())
    frames = path.with_name(path.name + "-wal").read_bytes()
    journal.close()
    if damage != "gone":
        log.write_bytes(frames[: len(frames) // 2] if damage == "cut" else frames[:40] + b"\xff" * 8 + frames[48:])
    after = open_journal(cut)
    assert [block.first for block in after.blocks] == [805]
    assert len(after.entries) == 5
    after.close()


def test_the_file_is_a_plain_database_that_any_tool_reads(path: Path) -> None:
    fill(path, 2)
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT request_id, done FROM entries").fetchall()
    db.close()
    assert rows == [("request-800", 0), ("request-801", 0)]


def test_a_journal_in_memory_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    journal = Journal()
    journal.keep(entry("request-1"))
    assert list(journal.entries) == ["request-1"]
    journal.close()
    assert list(tmp_path.iterdir()) == []
