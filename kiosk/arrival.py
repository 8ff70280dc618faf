"""The code on the first screen by which a phone proves that its citizen is here: asked for, and renewed each minute."""

import datetime as dt
import logging

from kiosk.clocks import Clocks
from kiosk.hall_now import HallNow
from kiosk.link import Link
from protocol.commands import GetArrivalCode
from protocol.errors import MotcuaError
from protocol.replies import ArrivalCodeReply, Reply

WITHIN_SECONDS = 5.0
AGAIN_SECONDS = 5.0
GRACE = dt.timedelta(seconds=15)
"""So long an old code stays while the next one is on its way: the hall takes it for a minute longer."""
_log = logging.getLogger(__name__)


class Arrival:
    """Holds the code while the hall gives places from home and answers."""

    def __init__(self, link: Link, hall: HallNow, clocks: Clocks) -> None:
        self._link = link
        self._hall = hall
        self._clocks = clocks
        self._asking = False
        self._next_at = 0.0

    def tick(self) -> None:
        """Ask if it is time to, and let go of what counts no more; call it a few times each second."""
        known = self._hall.arrival
        if known is not None and (not self._offers or self._clocks.now() >= known.expires_at + GRACE):
            self._hall.take_arrival(None)
        if self._is_due() and not self._asking and self._clocks.running() >= self._next_at:
            self._next_at = self._clocks.running() + AGAIN_SECONDS
            self._asking = self._link.ask(GetArrivalCode(), WITHIN_SECONDS, self._took)

    @property
    def _offers(self) -> bool:
        """Whether a code is of any use: the hall gives places from home, this kiosk is in use, the server answers."""
        hall = self._hall.hall
        gives = hall is not None and hall.from_home is not None and bool(hall.from_home.service_ids)
        return gives and not self._hall.away and self._hall.suspended is None

    def _is_due(self) -> bool:
        known = self._hall.arrival
        return self._offers and (known is None or self._clocks.now() >= known.expires_at)

    def _took(self, answer: Reply | MotcuaError) -> None:
        self._asking = False
        if isinstance(answer, ArrivalCodeReply):
            self._hall.take_arrival(answer)
        else:
            _log.info("no code for the first screen: %s", answer)
