"""Tells the hall how this kiosk is, now and then and when it changes; that it tells proves that it lives."""

import datetime as dt
import logging
from collections.abc import Callable

import msgspec

from kiosk.hall_now import HallNow
from kiosk.health import Beat, Own, troubles_of
from kiosk.journal import Journal
from kiosk.link import Link, Prints
from protocol.commands import ReportDevice
from protocol.errors import MotcuaError
from protocol.replies import Reply

WITHIN_SECONDS = 10.0
_log = logging.getLogger(__name__)


class Reporting:
    """Tells troubles of the printer and of the kiosk itself; what happened once is told for the rest of the day."""

    def __init__(self, link: Link, printer: Prints, journal: Journal, hall: HallNow) -> None:
        self.more_troubles: Callable[[], list[str]] = list
        """What is wrong with what is attached beside the printer, as codes."""
        self._link = link
        self._printer = printer
        self._journal = journal
        self._hall = hall
        self._beat = Beat()

    def tick(self, now: float) -> None:
        """Tell if it is time to; `now` is monotonic seconds."""
        troubles = [*troubles_of(self._printer.status(), self._own()), *self.more_troubles()]
        if self._link.client is not None and self._beat.due(troubles, now):
            self._link.ask(ReportDevice(troubles), WITHIN_SECONDS, self._told)

    def _told(self, answer: Reply | MotcuaError) -> None:
        if isinstance(answer, MotcuaError):
            self._beat.forget()
            _log.debug("the hall did not hear how this kiosk is: %s", answer)

    def _own(self) -> Own:
        today = self._hall.today()
        if self._journal.lost_from is not None and today is not None:
            self._journal.remember("journal_lost", today)
            self._journal.lost_from = None
        lost = self._journal.faulty or self._journal.lost_from is not None or self._was_today("journal_lost", today)
        return Own(journal_damaged=lost, hand_in_refused=self._was_today("hand_in_refused", today))

    def _was_today(self, name: str, today: dt.date | None) -> bool:
        found = self._journal.recall(name)
        return found is not None and msgspec.json.decode(found, type=dt.date) == today
