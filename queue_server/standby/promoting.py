"""The command `promote`: the second machine takes the hall over, in an epoch of its own."""

import argparse
import datetime as dt
import hashlib
import sys
import time
from pathlib import Path

from protocol.errors import MotcuaError
from protocol.events import EpochStarted
from protocol.keys import DeviceKeys
from queue_server import folder
from queue_server.clock_watch import WatchedClock
from queue_server.domain.chain import START
from queue_server.domain.rules import Rules
from queue_server.ledger import Ledger
from queue_server.standby import wire
from queue_server.standby.dialling import Line
from queue_server.standby.states import Promotion, ask_promotion, end_following, link_keys
from queue_server.standby.wire import Fence
from queue_server.storage.base import StorageFault
from queue_server.storage.head import HeadFile
from queue_server.storage.sqlite import SqliteStorage

LISTEN_SECONDS = 2.0
"""So long the first machine is listened for before another takes its place."""
TAKING_SECONDS = 30.0


class NotPromoted(MotcuaError):
    """This machine can't take the hall over; the message says why and what to do."""


def parser_into(parser: argparse.ArgumentParser) -> None:
    """Tell a parser the options of `promote`."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the second machine's data folder")
    parser.add_argument(
        "--primary-is-gone", action="store_true", help="take over although the first machine still answers"
    )


def promote(options: argparse.Namespace) -> int:
    """Let this machine take the hall over; raises NotPromoted."""
    keys = link_keys(options.data)
    if keys is None:
        raise NotPromoted(f"{options.data} is no second machine's folder (./motcua server --standby-of ...)")
    if not all((options.data / name).exists() for name in ("hall.db", "keys/server.json")):
        raise NotPromoted(f"{options.data} holds no copy of the hall yet: there is nothing to go on with")
    if not options.primary_is_gone and answers(keys):
        raise NotPromoted(
            f"the first machine still answers at {keys.commands} (it may have shut this one out): stop it first, or it "
            "must be out of everybody's reach; if you know better: --primary-is-gone"
        )
    try:
        lock = folder.lock(options.data)
    except StorageFault:  # the second machine's program works on it
        return _ask(options.data)
    with lock:
        take_over(options.data, keys, dt.datetime.now(dt.UTC))
    sys.stdout.write("this machine is the hall's server now: start it (./motcua server --hall FILE --data DIR)\n")
    return 0


def take_over(data: Path, keys: DeviceKeys, now: dt.datetime) -> Fence:
    """Begin the new epoch in the clone of a folder that nobody else works on; once begun it is not begun again.

    `now` is what this machine's clock tells: one that can't be believed is not written into the log, where the server
    that starts next would believe it.
    """
    storage = SqliteStorage(data / "hall.db")
    try:
        ledger = Ledger(Rules(), storage)
        if not _is_begun(ledger, storage, keys):
            _begin_epoch(ledger, _epoch(keys, storage.head()[1]), now)
        event = ledger.event(ledger.hall.seq)
        assert isinstance(event.body, EpochStarted)
        fence = Fence(event.epoch, event.body.previous or "", event.seq)
        HeadFile(data / "hall.db").settle(storage)
    finally:
        storage.close()
    end_following(data, Promotion(fence, keys))
    return fence


def _epoch(keys: DeviceKeys, head: bytes) -> str:
    """The epoch that this machine begins after a head of the log: known again after a promotion that was cut off."""
    return hashlib.sha256(b"promotion\0" + keys.public_key.encode() + b"\0" + head).hexdigest()[:16]


def _is_begun(ledger: Ledger, storage: SqliteStorage, keys: DeviceKeys) -> bool:
    seq = ledger.hall.seq
    return seq > 0 and ledger.event(seq).epoch == _epoch(keys, storage.hash_of(seq - 1) or START)


def _begin_epoch(ledger: Ledger, epoch: str, now: dt.datetime) -> None:
    first = ledger.event(1).body
    hall_id = first.hall_id if isinstance(first, EpochStarted) else ""
    believed = WatchedClock(ledger.event(ledger.hall.seq).at, wall=lambda: now)
    ledger.start_epoch(epoch, "promoted", hall_id, believed())
    ledger.commit()


def answers(keys: DeviceKeys) -> bool:
    """Whether the first machine is heard; one that has shut this one out is there as well."""
    line = Line(keys)
    try:
        line.say(wire.PING)
        return line.listen(LISTEN_SECONDS) is not None or line.refused
    finally:
        line.close()


def _ask(data: Path) -> int:
    ask_promotion(data)
    deadline = time.monotonic() + TAKING_SECONDS
    while link_keys(data) is not None:
        if time.monotonic() > deadline:
            raise NotPromoted("the second machine's program does not take over: look at its log")
        time.sleep(0.02)
    sys.stdout.write("this machine is the hall's server now.\n")
    return 0
