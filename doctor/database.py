"""The hall's database: whether it opens, whether the log's chain holds, how old the last backup is."""

import datetime as dt
from pathlib import Path

from config.settings import Watch
from doctor.finding import Findings, care, well, wrong
from doctor.place import Place
from protocol.errors import MotcuaError
from queue_server.last_backup import read_last_backup
from queue_server.storage.base import StorageFault
from queue_server.storage.in_place import LOST
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import Broken, check_chain, verify


def look_at_database(place: Place, now: dt.datetime, *, thorough: bool) -> Findings:
    """Read only, so also while the hall runs: the chain of the last day, or all of it and that it adds up."""
    path = place.data / "hall.db"
    if not path.exists():
        yield wrong("database", "database_missing", path=path)
        return
    try:
        storage = SqliteStorage(path, writing=False)
    except (MotcuaError, OSError) as fault:
        yield wrong("database", "database_closed", fault=fault)
        return
    lost = path.with_name(path.name + LOST)
    if lost.exists():
        yield wrong("database", "database_closed", fault=lost.read_text(encoding="utf-8").strip())
    try:
        yield from _opened(storage, path, thorough)
        if place.kind == "server":
            yield from look_at_backup(place, now)
        yield from _devices(storage)
    except StorageFault as fault:
        yield wrong("database", "database_closed", fault=fault)
    finally:
        storage.close()


def _opened(storage: SqliteStorage, path: Path, thorough: bool) -> Findings:
    size = round(path.stat().st_size / 10**6, 1)
    try:
        days = storage.days()
        first = (storage.day_span(days[-1]) or (1, 0))[0] if days else 1
        events = verify(storage) if thorough else check_chain(storage, first)
    except Broken as fault:
        yield wrong("database", "database_broken", fault=fault)
        return
    code = "database_thorough" if thorough else "database_well"
    yield well("database", code, size=size, events=events, checked=events - first + 1)


def _devices(storage: SqliteStorage) -> Findings:
    joined = [row for key, row in storage.rows().items() if key.startswith("device:")]
    active = sorted(str(getattr(one, "device_id", "")) for one in joined if not getattr(one, "revoked", False))
    shut_out = sum(bool(getattr(one, "revoked", False)) for one in joined)
    yield well("keys", "devices", count=len(active), names=", ".join(active) or "-", shut_out=shut_out)


def look_at_backup(place: Place, now: dt.datetime) -> Findings:
    """Whether there is a copy, not too old, on another disk."""
    limit = (place.hall.watch if place.hall is not None else Watch()).backup_hours
    last = read_last_backup(place.data)
    if last is None:
        yield wrong("backup", "backup_none")
        return
    hours = round((now - last.at).total_seconds() / 3600)
    file = Path(last.file)
    told = {"hours": hours, "file": file, "limit": limit}
    if hours > limit:
        yield wrong("backup", "backup_old", **told)
    elif file.is_file() and _same_disk(file, place.data):
        yield care("backup", "backup_same_disk", **told)
    else:
        yield well("backup", "backup_well", **told)


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev
