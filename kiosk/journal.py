"""The kiosk's journal on its own disk: touches that ask for a number, blocks of numbers, what the hall told last."""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import apsw
import msgspec

from kiosk.blocks import HeldBlock
from kiosk.entries import Entry
from kiosk.journal_file import UNREADABLE, JournalDamaged, body_of, connect, move_aside, rows, salvage, summed

DONE_KEPT = dt.timedelta(days=2)
REFUSED_KEPT = dt.timedelta(days=14)
"""A number that the hall would not have is kept for so long: somebody may look into it."""
_KEEP_ENTRY = """
INSERT INTO entries (request_id, body, checksum, made_at, done) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (request_id) DO UPDATE SET done = excluded.done, body = excluded.body, checksum = excluded.checksum
"""
_FORGET = "DELETE FROM entries WHERE done = 1 AND made_at < ? OR done = 2 AND made_at < ?"
_encode = msgspec.json.Encoder().encode
_entries = msgspec.json.Decoder(Entry)
_blocks = msgspec.json.Decoder(HeldBlock)
_log = logging.getLogger(__name__)


class Journal:
    """A journal that is open, and nobody else can open it meanwhile; without a path it is kept in memory only.

    Writing never raises: what could not be written is written with the next entry, and `faulty` says so until then.
    Opening raises `journal_file.JournalFault` or `JournalDamaged`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._db = connect(path)
        self._unwritten: dict[str, None] = {}
        self.faulty = False
        """Whether something could not be written."""
        self.lost_from: Path | None = None
        """Where the damaged journal lies whose place this one took."""
        known = self.all_entries()
        self.entries: dict[str, Entry] = {entry.request_id: entry for entry in known if not entry.done}
        """What is not done yet, in the order of the touches."""
        self.latest_at: dt.datetime | None = max((entry.made_at for entry in known), default=None)
        """When the last touch was that the journal held when it was opened."""
        self.blocks: list[HeldBlock] = [_blocks.decode(body_of(*row)) for row in rows(self._db, "blocks")]

    # ---- entries ----

    def note(self, entry: Entry) -> None:
        """Take an entry to the disk together with the next one."""
        self.entries[entry.request_id] = entry
        self._unwritten[entry.request_id] = None

    def keep(self, entry: Entry) -> None:
        """Take an entry to the disk before going on."""
        self.note(entry)
        self.write()

    def write(self) -> None:
        """Take to the disk what is not there yet."""
        if self._unwritten:
            self._write([])

    def mend(self) -> None:
        """See whether the disk can be written again."""
        if self.faulty and self.remember("mended", True):
            self.faulty = False
            self.write()

    def give(self, entry: Entry, block: HeldBlock) -> bool:
        """Take a number out of a block for an entry, both or neither; False if that is not on the disk."""
        before = self.entries.get(entry.request_id)
        self.note(entry)
        if self._write([block]):
            self.blocks = [block if held.block_id == block.block_id else held for held in self.blocks]
            return True
        self._put_back(entry.request_id, before)
        return False

    def _put_back(self, request_id: str, before: Entry | None) -> None:
        if before is not None:
            self.entries[request_id] = before
        else:
            del self.entries[request_id]
            self._unwritten.pop(request_id, None)

    def all_entries(self) -> list[Entry]:
        """Everything that is still known, oldest first."""
        return [_entries.decode(body_of(*row)) for row in rows(self._db, "entries")]

    def tidy(self, now: dt.datetime) -> None:
        """Forget what has been done for some days."""
        try:
            self._db.execute(_FORGET, ((now - DONE_KEPT).isoformat(), (now - REFUSED_KEPT).isoformat()))
        except apsw.Error as fault:
            self._fail(fault)

    # ---- blocks and what the hall told ----

    def keep_blocks(self, blocks: Sequence[HeldBlock]) -> bool:
        """Hold these blocks and no others; False if that is not on the disk."""
        try:
            with self._db:
                self._db.execute("DELETE FROM blocks")
                self._put_blocks(blocks)
            self._settle()
        except apsw.Error as fault:
            return self._fail(fault)
        self.blocks = list(blocks)
        return True

    def remember(self, name: str, value: object) -> bool:
        """Keep something under a name; False if that is not on the disk."""
        try:
            self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", summed(name, _encode(value)))
        except apsw.Error as fault:
            return self._fail(fault)
        return True

    def recall(self, name: str) -> bytes | None:
        """What was kept under a name, as JSON; none as well if it can't be read any more."""
        try:
            found = self._db.execute("SELECT name, body, checksum FROM kept WHERE name = ?", (name,)).fetchone()
            return body_of(*found) if found else None
        except (apsw.Error, JournalDamaged, *UNREADABLE) as fault:
            self._fail(fault)
            return None

    def close(self) -> None:
        """Let go of the file."""
        self.write()
        self._db.close()

    # ---- the disk ----

    def _write(self, blocks: Sequence[HeldBlock]) -> bool:
        try:
            with self._db:
                self._db.executemany(_KEEP_ENTRY, [_row(self.entries[name]) for name in self._unwritten])
                self._put_blocks(blocks)
            if blocks:
                self._settle()
        except apsw.Error as fault:
            return self._fail(fault)
        self._unwritten.clear()
        self.faulty = False
        for done in [entry.request_id for entry in self.entries.values() if entry.done]:
            del self.entries[done]
        return True

    def _put_blocks(self, blocks: Iterable[HeldBlock]) -> None:
        changed = [summed(str(block.block_id), _encode(block)) for block in blocks]
        self._db.executemany("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?)", changed)

    def _settle(self) -> None:
        """Copy the write-ahead log into the file: SQLite takes a log with a damaged end for a shorter one.

        An entry that is lost so is asked for again; a number that is lost so would be given twice.
        """
        try:
            self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error as fault:  # what was written stands in the log
            _log.warning("the journal's log is not settled: %s: %s", type(fault).__name__, fault)

    def _fail(self, fault: Exception) -> bool:
        if not self.faulty:
            _log.error("the journal can't be used: %s: %s", type(fault).__name__, fault)
        self.faulty = True
        return False


def _row(entry: Entry) -> tuple[str, bytes, int, str, int]:
    refused = entry.given is not None and bool(entry.given.refused)
    done = (2 if refused else 1) if entry.done else 0
    return *summed(entry.request_id, _encode(entry)), entry.made_at.isoformat(), done


def open_journal(path: Path) -> Journal:
    """Open a kiosk's journal; a damaged one is moved aside, and its entries that can still be read are taken over.

    Its blocks are not: what was given from them can no longer be known for sure. Raises `journal_file.JournalFault`.
    """
    try:
        return Journal(path)
    except (JournalDamaged, apsw.Error, *UNREADABLE) as fault:
        aside = move_aside(path)
        _log.critical("THE JOURNAL IS DAMAGED (%s): moved to %s, a new one begins; look after the disk", fault, aside)
        journal = Journal(path)
        journal.lost_from = aside
    for entry in salvage(aside, _entries):
        journal.note(entry)
    journal.write()
    return journal
