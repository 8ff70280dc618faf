"""Go on with an older copy of a hall's log: another epoch, and no number that may be on paper is given again.

A backup is put in the hall's place by `restore`; a database that somebody copied there is noticed at the next start.
"""

import contextlib
import dataclasses
import datetime as dt
import itertools
import secrets
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import apsw
import msgspec
from msgspec.structs import replace

from config.settings import Queue
from protocol import codec
from protocol import events as ev
from protocol.errors import MotcuaError
from protocol.replies import HallReply
from queue_server.clock_watch import doubt_clause, doubted_after
from queue_server.domain import numbering
from queue_server.domain.hall import Hall
from queue_server.domain.rows import Block, ClockDoubt, Device
from queue_server.domain.rules import Rules
from queue_server.ledger import Ledger
from queue_server.storage.base import StorageFault
from queue_server.storage.in_place import begin_swap, finish_swap, fresh_of
from queue_server.storage.migrating import copy_up_to_date
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import Broken, verify

VOID = 100
"""So many numbers of each queue are given to nobody after a restore, unless something else is asked for."""
_UNKNOWN_LAST = 10**9
_OF_BEGINNING = (ev.EpochStarted, ev.NumbersVoided, ev.DeviceRevoked)


@dataclasses.dataclass(frozen=True)
class Restored:
    """What became of a hall: `seq` is of its last event, `aside` is where the database lies that was replaced.

    `unread` says that nobody could look into that one; `to_enrol` and `shut_out` are what it alone knew of devices.
    """

    seq: int
    voided: list[ev.NumbersVoided]
    to_enrol: list[Device]
    shut_out: list[str]
    aside: Path | None = None
    unread: bool = False


class ClockWrong(StorageFault):
    """The machine's clock can't be believed, so nobody knows which day's numbers are to be void: nothing was done."""


def restore(data: Path, backup: Path, now: dt.datetime, *, void: int = VOID, clock_is_right: bool = False) -> Restored:
    """Put a backup in the place of a hall's database.

    Raises Broken, ClockWrong, StorageFault or OSError, and nothing changed then. `clock_is_right` believes a `now` that
    is before the backup's last event or long after it. The caller holds the folder's lock. Cut off at any moment, the
    folder holds the old hall or the restored one.
    """
    path = data / "hall.db"
    finish_swap(path)
    fresh, aside, held = fresh_of(path), _free_name(path, now), path.exists()
    _forget(fresh)
    try:
        _copy_checked(backup, fresh)
        if not clock_is_right:
            _require_right(fresh, now)
        old = _state_of(path)
        restored = _go_on(fresh, old, now, void)
        begin_swap(path, aside.name)
    except BaseException:
        _forget(fresh)
        raise
    finish_swap(path)
    return dataclasses.replace(restored, aside=aside if held else None, unread=held and old is None)


def _forget(fresh: Path) -> None:
    for part in ("", "-wal", "-shm", "-journal"):
        fresh.with_name(fresh.name + part).unlink(missing_ok=True)


def _copy_checked(backup: Path, fresh: Path) -> None:
    copy_up_to_date(backup, fresh)
    storage = SqliteStorage(fresh, writing=False)
    try:
        if not verify(storage):
            raise Broken(f"{backup}: it holds no event of a hall")
    finally:
        storage.close()


def _require_right(fresh: Path, now: dt.datetime) -> None:
    storage = SqliteStorage(fresh, writing=False)
    try:
        last, _ = storage.head()
        doubt = doubted_after(codec.decode_event(next(storage.events(last)).body).at, now)
    finally:
        storage.close()
    if doubt is not None:
        raise ClockWrong(
            f"{doubt_clause(doubt)} after the backup's last event: set the clock right, since numbers of today may be "
            "on paper; if it is right, say so with --clock-is-right"
        )


def _free_name(path: Path, now: dt.datetime) -> Path:
    stem = f"{path.name}.before-{now:%Y%m%dT%H%M%SZ}"
    names = (path.with_name(stem + (f".{count}" if count else "")) for count in itertools.count())
    return next(name for name in names if not name.exists())


def _state_of(path: Path) -> Hall | None:
    """The state of the hall that is to be replaced, if it can still be read."""
    if not path.exists():
        return None
    with contextlib.suppress(MotcuaError, apsw.Error, *codec.UNREADABLE, KeyError):
        storage = SqliteStorage(path, writing=False)
        try:
            return Ledger(Rules(), storage).hall
        finally:
            storage.close()
    return None


def _go_on(fresh: Path, old: Hall | None, now: dt.datetime, void: int) -> Restored:
    storage = SqliteStorage(fresh)
    try:
        ledger = Ledger(Rules(), storage)
        if old is not None and old.epoch_of(1) != ledger.hall.epoch_of(1):
            old = None  # another hall's
        voided = begin_epoch(ledger, now, void, old)
        devices = list(old.devices.values()) if old else []
        known = ledger.hall.devices
        lost = [one for one in devices if not one.revoked and _key_of(known, one) != one.public_key]
        revoked = [one.device_id for one in devices if one.revoked and _is_admitted(known, one)]
        for device_id in revoked:
            ledger.record(ev.DeviceRevoked(device_id), "server", now)
        ledger.commit()
        return Restored(ledger.hall.seq, voided, lost, revoked)
    finally:
        storage.close()


def _key_of(known: dict[str, Device], device: Device) -> str | None:
    found = known.get(device.device_id)
    return found.public_key if found else None


def _is_admitted(known: dict[str, Device], device: Device) -> bool:
    found = known.get(device.device_id)
    return found is not None and not found.revoked and found.public_key == device.public_key


# ---- another epoch of a log ----


def begin_epoch(ledger: Ledger, now: dt.datetime, void: int = VOID, old: Hall | None = None) -> list[ev.NumbersVoided]:
    """Record that the log goes on after a restore, and which numbers of today nobody gets; the caller commits.

    `old` is the hall as it was when it was lost, where that is known.
    """
    raw = ledger.storage.description()
    hall = msgspec.json.decode(raw, type=HallReply) if raw else None
    ledger.start_epoch(secrets.token_hex(8), "restored", hall.hall_id if hall else _hall_id(ledger), now)
    return _Voiding(ledger, hall, now, void, old).run() if hall and void else []


def _hall_id(ledger: Ledger) -> str:
    first = ledger.event(1).body
    return first.hall_id if isinstance(first, ev.EpochStarted) else ""


def has_just_begun(ledger: Ledger) -> bool:
    """Whether nothing happened yet in the log's last epoch, which is not its first."""
    epochs = ledger.hall.epochs
    if len(epochs) < 2:
        return False
    events = ledger.storage.events(epochs[-1].first_seq)
    return all(isinstance(codec.decode_event(event.body).body, _OF_BEGINNING) for event in events)


class _Voiding:
    """Which numbers of a day may be on papers that the log does not know."""

    def __init__(self, ledger: Ledger, hall: HallReply, now: dt.datetime, void: int, old: Hall | None) -> None:
        self._ledger = ledger
        self._hall = hall
        self._now = now
        self._void = void
        known = ledger.hall.day
        local = numbering.service_day(now, ZoneInfo(hall.zone))
        self._day = max(local, known.service_day) if known else local
        self._today = known if known and known.service_day == self._day else None
        self._old = old
        self._voided: list[ev.NumbersVoided] = []

    def run(self) -> list[ev.NumbersVoided]:
        """Record them, queue by queue."""
        for info in self._hall.queues:
            last = info.last or _UNKNOWN_LAST
            self._void_queue(Queue(id=info.queue_id, prefix=info.prefix, first=info.first, last=last))
        return self._voided

    def _void_queue(self, queue: Queue) -> None:
        last = self._today.last_numbers.get(queue.id) if self._today else None
        passed = self._today.passed.get(queue.id, []) if self._today else []
        self._record(queue, numbering.runs_of(passed))
        self._record(queue, numbering.numbers_to_void(queue, last, self._blocks(queue), self._void, self._given(queue)))
        for block in self._lost_blocks(queue):
            within = replace(queue, first=max(block.first, (last or 0) + 1), last=block.last)
            self._record(queue, numbering.free_runs(within, None, self._blocks(queue)))
        if queue.last != _UNKNOWN_LAST and self._old is None:
            self._void_what_kiosks_may_hold(queue, last)

    def _blocks(self, queue: Queue) -> list[Block]:
        return self._ledger.hall.blocks_of(queue.id, self._day)

    def _given(self, queue: Queue) -> int:
        """The highest number that was given, where that is known."""
        day = self._old.day if self._old else None
        return day.last_numbers.get(queue.id, 0) if day and day.service_day == self._day else 0

    def _lost_blocks(self, queue: Queue) -> list[Block]:
        """What kiosks held, where that is known."""
        known = self._ledger.hall.blocks
        held = self._old.blocks_of(queue.id, self._day) if self._old else []
        return [block for block in held if _range(known.get(block.block_id)) != _range(block)]

    def _void_what_kiosks_may_hold(self, queue: Queue, last: int | None) -> None:
        """A kiosk that holds nothing, as far as the log knows, had surely reserved a block of the day meanwhile."""
        size = self._hall.kiosk.block_size if self._hall.kiosk else 0
        kiosks = [d.device_id for d in self._ledger.hall.devices.values() if d.role == "kiosk" and not d.revoked]
        for kiosk_id in kiosks:
            held = self._blocks(queue)
            if size and not any(block.kiosk_id == kiosk_id and block.numbers_left for block in held):
                reserved = numbering.numbers_to_reserve(queue, last, held, size)
                self._record(queue, [reserved] if reserved else [])

    def _record(self, queue: Queue, stretches: Iterable[tuple[int, int]]) -> None:
        for first, last in stretches:
            body = ev.NumbersVoided(queue.id, self._day, first, last)
            self._ledger.record(body, "server", self._now)
            self._voided.append(body)


def _range(block: Block | None) -> tuple[str, str, int] | None:
    """What stays the same of a block as long as it is the same one."""
    return (block.kiosk_id, block.queue_id, block.last) if block else None


# ---- a database that was copied ----


def go_on_if_copied(
    storage: SqliteStorage, ledger: Ledger, now: dt.datetime, doubt: ClockDoubt | None = None
) -> str | None:
    """Begin another epoch if the folder knew another log than its database holds; why, or None if all is as it was.

    What `restore` put there has its epoch already. From then on database and folder belong together. Raises ClockWrong
    if the clock is doubted: no epoch begins then.
    """
    head_file = storage.head_file
    assert head_file is not None, "a server keeps its folder's head"
    why = head_file.departure(storage)
    copied = why is not None and not has_just_begun(ledger)
    if copied and doubt is not None:
        raise ClockWrong(
            f"{why}, and {doubt_clause(doubt)}: set the clock right and start again, since numbers of today may be on "
            "paper; if it is right and the database that old, put it there with ./motcua restore"
        )
    if copied:
        begin_epoch(ledger, now)
        ledger.commit()
    head_file.settle(storage)
    return why if copied else None


def restored_today(ledger: Ledger, zone: ZoneInfo, now: dt.datetime) -> dt.datetime | None:
    """Since when the hall goes on from an older copy, if that is so since today."""
    last = ledger.hall.epochs[-1] if ledger.hall.epochs else None
    if last is None or last.reason != "restored":
        return None
    same_day = numbering.service_day(last.at, zone) == numbering.service_day(now, zone)
    return last.at if same_day else None


def queues_of(path: Path) -> dict[str, tuple[str, int]]:
    """The letters and the count of digits of each queue's numbers, as people see them."""
    storage = SqliteStorage(path, writing=False)
    try:
        raw = storage.description()
    finally:
        storage.close()
    hall = msgspec.json.decode(raw, type=HallReply) if raw else None
    return {queue.queue_id: (queue.prefix, queue.digits) for queue in hall.queues} if hall else {}
