"""What must hold of a hall's folder after whatever happened to its machine."""

import random
from collections.abc import Sequence
from pathlib import Path

import apsw

from protocol.errors import MotcuaError
from queue_server.storage.base import StorageFault
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import Broken, check_chain, verify
from tests.crash.day import Answered, Asked, service_on

LATEST = 8
"""So many of the latest batches are looked at one by one; the chain holds the rest together."""


class Fault(MotcuaError):
    """Something was lost, doubled or broken; the message says what."""


def check(folder: Path, answered: Sequence[Answered], refused: Sequence[Asked] = (), *, whole: bool = True) -> None:
    """Open the hall as a server does and look for what was answered; `whole`: also that the log adds up to the state.

    Raises Fault.
    """
    try:
        storage = SqliteStorage(folder / "hall.db")
    except StorageFault as fault:
        raise Fault(f"the hall can't be opened: {fault}") from fault
    try:
        _check_pages(storage)
        _check_log(storage, answered, whole=whole)
        for batch in answered[-LATEST:]:
            for asked, frame in batch.replies:
                _require(storage, asked, frame)
        for asked in refused[-LATEST:]:
            if storage.answer(asked.request.request_id) is not None:
                raise Fault(f"{asked.request.request_id} was refused and is stored")
    except (Broken, StorageFault, apsw.Error) as fault:
        raise Fault(str(fault)) from fault
    finally:
        storage.close()


def _check_pages(storage: SqliteStorage) -> None:
    told = storage._db.pragma("integrity_check")
    if told != "ok":
        raise Fault(f"integrity_check: {told}")


def _check_log(storage: SqliteStorage, answered: Sequence[Answered], *, whole: bool) -> None:
    head = verify(storage) if whole else check_chain(storage)
    if not answered:
        return
    last = answered[-1]
    found = next(storage.events(last.seq, last.seq), None)
    if head < last.seq or found is None or found.hash != last.head_hash:
        raise Fault(f"event {last.seq} was answered and is lost: the log ends with {head}")


def _require(storage: SqliteStorage, asked: Asked, frame: bytes) -> None:
    found = storage.answer(asked.request.request_id)
    if found is None:
        raise Fault(f"{asked.request.request_id} was answered and is lost")
    if found.reply != frame:
        raise Fault(f"{asked.request.request_id} would be answered otherwise now")


def check_repeated(folder: Path, answered: Sequence[Answered], pending: Sequence[Asked], seed: int) -> None:
    """Start a server and ask again what was answered, which gets the same, and what was not: each has one effect."""
    storage = SqliteStorage(folder / "hall.db")
    service = service_on(storage, random.Random(seed))
    now = max(service.ledger.event(service.hall.seq).at for _ in range(1)) if service.hall.seq else None
    try:
        for asked, frame in (pair for batch in answered[-LATEST:] for pair in batch.replies):
            assert now is not None
            if service.answer(asked.request, asked.device, now) != frame:
                raise Fault(f"{asked.request.request_id} got another answer when it was asked again")
        if now is not None:
            first = [service.answer(asked.request, asked.device, now) for asked in pending]
            service.ledger.commit()
            if first != [service.answer(asked.request, asked.device, now) for asked in pending]:
                raise Fault("a request that was under way had two effects")
        verify(storage)
    except (Broken, StorageFault) as fault:
        raise Fault(str(fault)) from fault
    finally:
        storage.close()


def check_copy(path: Path, seq: int) -> None:
    """A copy that was done is whole and goes as far as it must; raises Fault."""
    try:
        copy = SqliteStorage(path, writing=False)
        try:
            if check_chain(copy) < seq:
                raise Fault(f"{path.name} does not reach event {seq}")
        finally:
            copy.close()
    except (StorageFault, Broken) as fault:
        raise Fault(f"{path.name}: {fault}") from fault
