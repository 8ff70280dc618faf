"""How a server becomes a second machine, has one, or learns that one took its place."""

import argparse
import datetime as dt
import logging
import signal
from pathlib import Path

from msgspec.structs import replace

from config.settings import HallFile
from config.watchdog import Watchdog
from protocol.errors import InvalidEnrolmentCode
from protocol.invitation import InvitationError, accept, read_invitation
from protocol.keys import DeviceKeys, read_keys
from queue_server.service import QueueService
from queue_server.standby import wire
from queue_server.standby.fencing import Warden
from queue_server.standby.following import Ending, Follower
from queue_server.standby.link import Link
from queue_server.standby.promoting import take_over
from queue_server.standby.states import begin_following, fence, link_keys, promotion
from queue_server.storage.base import Fenced, StorageFault
from queue_server.storage.sqlite import SqliteStorage

log = logging.getLogger("queue_server")

_FENCED = (
    "the second machine took this hall over: this machine writes no more. To make it the new second machine, run on "
    "the other one: ./motcua enrol --data DIR --role standby --name NAME, and here the command which that prints"
)
_AHEAD = (
    "the second machine has events that this log lacks: what was answered was lost here, as after a power cut on a bad "
    "disk. Let the second machine take over (there: ./motcua promote --data DIR), or end it to go on without them"
)


def parser_into(parser: argparse.ArgumentParser) -> None:
    """Tell a parser the option of a second machine."""
    parser.add_argument(
        "--standby-of",
        metavar="INVITATION",
        help="be the hall's second machine: the invitation of the first (enrol --role standby), later also its address",
    )


def follow(data: Path, standby_of: str | None) -> bool:
    """Be the second machine, if this is one, until it is to serve; False if it was stopped before.

    Returns True at once on a machine that is no second one. Raises Fenced on one that was taken over.
    """
    keys = _keys(data, standby_of)
    if keys is None:
        if fence(data) is not None:
            raise Fenced(_FENCED)
        return True
    follower = Follower(data, keys, Watchdog().alive)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: follower.stop())
    log.info("second machine of the hall at %s", keys.commands)
    if follower.run() is Ending.STOPPED:
        return False
    taken = take_over(data, keys, dt.datetime.now(dt.UTC))
    log.warning("this machine took the hall over: epoch %s follows %s with event %d", *_told(taken))
    return True


def _told(taken: wire.Fence) -> tuple[str, str, int]:
    return taken.epoch, taken.previous, taken.seq


def _keys(data: Path, standby_of: str | None) -> DeviceKeys | None:
    """By which key this machine follows; it joins if it was invited. An invitation counts once, also in a unit file."""
    known = link_keys(data)
    if standby_of is None or (known is None and promotion(data) is not None and fence(data) is None):
        return known
    if known is not None:
        return _moved(data, known, standby_of)
    invitation = read_invitation(standby_of)
    server = data / "keys" / "server.json"
    if (data / "hall.db").exists() and read_keys(server).public_key != invitation.server_key:
        raise InvitationError(f"{data} holds another hall than the one that invites: name an empty folder with --data")
    try:
        keys = accept(invitation)
    except InvalidEnrolmentCode as fault:
        raise InvitationError("the code is unknown, used or expired: make a new one at the first machine") from fault
    if keys.role != "standby":
        raise InvitationError(f"the invitation is for the role {keys.role}: make one with --role standby")
    begin_following(data, keys)
    return keys


def _moved(data: Path, known: DeviceKeys, standby_of: str) -> DeviceKeys:
    """The key with the first machine's address as told now; an old invitation tells nothing new."""
    if standby_of.count("/") > 2 or standby_of == known.commands:
        return known
    keys = replace(known, commands=standby_of)
    begin_following(data, keys)
    return keys


# ---- the hall's server ----


class Pair:
    """The server's side of a pair of machines: the link to a second one, and the word to one that it replaced."""

    def __init__(self, file: HallFile, data: Path, storage: SqliteStorage, server_keys: tuple[str, str]) -> None:
        promoted = promotion(data)
        own_key = promoted.keys.public_key if promoted else ""
        self.link = Link(storage, data, file.standby.link, server_keys, own_key) if file.standby.link else None
        self._warden = Warden(promoted) if promoted else None

    def meet(self, service: QueueService) -> None:
        """Before anything is written: wait a little for the second machine; raises StorageFault if it is not to be."""
        if self.link is None:
            return
        self.link.admit(service.hall.devices.values())
        self.link.wait_for_second(wire.SILENCE_SECONDS)
        if self.link.fence is not None or self.link.ahead:
            self.close()
            raise Fenced(_FENCED) if self.link.fence is not None else StorageFault(_AHEAD)

    def check(self) -> None:
        """Raise Fenced if the second machine took over."""
        if self.link is not None and self.link.fence is not None:
            raise Fenced(_FENCED)

    def close(self) -> None:
        """End both."""
        if self.link is not None:
            self.link.close()
        if self._warden is not None:
            self._warden.stop()
