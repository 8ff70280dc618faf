"""What the hall told last, kept in the journal: with it a kiosk can begin to serve while the server is away."""

import datetime as dt

import msgspec
from msgspec import Struct

from kiosk.clocks import Clocks
from kiosk.hall_now import HallNow
from kiosk.journal import Journal
from protocol.replies import HallReply, ServiceStatus

EVERY_SECONDS = 60.0


class Heard(Struct, frozen=True):
    """When the hall was heard the last time, and what it said of its doors."""

    at: dt.datetime
    services: list[ServiceStatus]
    suspended: str | None = None


class Memory:
    """Keeps what the hall tells, and tells it again after a start."""

    def __init__(self, journal: Journal, hall: HallNow, clocks: Clocks) -> None:
        self._journal = journal
        self._hall = hall
        self._clocks = clocks
        self._kept_at: float | None = None

    def tell_again(self) -> None:
        """Teach the hall's last word, before it is heard itself."""
        if (found := self._journal.recall("hall")) is not None:
            self._hall.take_hall(msgspec.json.decode(found, type=HallReply))
        heard_at = None
        if (found := self._journal.recall("heard")) is not None:
            heard = msgspec.json.decode(found, type=Heard)
            self._hall.take_doors(heard.services, heard.suspended)
            heard_at = heard.at
        known = [at for at in (heard_at, self._journal.latest_at) if at is not None]
        if known:
            self._clocks.know(max(known))

    def take_hall(self, hall: HallReply) -> None:
        """Keep the settings if they changed."""
        if hall != self._hall.hall:
            self._journal.remember("hall", hall)
        self._hall.take_hall(hall)

    def hear(self, at: dt.datetime) -> None:
        """The hall told its time; kept once a minute."""
        self._clocks.hear(at)
        if self._kept_at is None or self._clocks.running() - self._kept_at >= EVERY_SECONDS:
            self.keep()

    def keep(self) -> None:
        """Keep how the doors stand now."""
        self._kept_at = self._clocks.running()
        heard = Heard(self._clocks.now(), self._hall.statuses(), self._hall.suspended)
        self._journal.remember("heard", heard)
