"""Tells the hall what it must still hear: numbers given alone, papers, requests whose citizen is gone."""

import logging

from kiosk.entries import Debt, debts, not_taken, settled
from kiosk.hall_now import HallNow
from kiosk.journal import Journal
from kiosk.link import Link, refused_code
from protocol.commands import HandInTicket
from protocol.errors import InternalError, MotcuaError, StorageFailed
from protocol.replies import Reply

WITHIN_SECONDS = 30.0
PAUSE_SECONDS = 5.0
"""How long to wait when the hall could not write."""
MOST_AT_ONCE = 8
_FOR_NOW = (StorageFailed.code, InternalError.code)
_log = logging.getLogger(__name__)


class Debts:
    """Works through the journal's debts; `now` is monotonic seconds."""

    def __init__(self, link: Link, journal: Journal, hall: HallNow) -> None:
        self._link = link
        self._journal = journal
        self._hall = hall
        self._asked: set[str] = set()
        self._not_before = 0.0
        self._now = 0.0

    @property
    def to_hand_in(self) -> int:
        """How many numbers wait to be handed in."""
        given = [entry.given for entry in self._journal.entries.values() if entry.given]
        return sum(not one.handed_in and not one.refused for one in given)

    def work(self, now: float) -> None:
        """Tell what can be told now."""
        self._now = now
        if self._hall.away or now < self._not_before or not self._journal.entries:
            return
        for debt in debts(self._journal.entries.values()):
            if debt.request_id not in self._asked and len(self._asked) < MOST_AT_ONCE:
                self._tell(debt)

    def _tell(self, debt: Debt) -> None:
        def told(answer: Reply | MotcuaError) -> None:
            self._asked.discard(debt.request_id)
            self._told(debt, answer)

        if self._link.ask(debt.command, WITHIN_SECONDS, told, debt.request_id):
            self._asked.add(debt.request_id)

    def _told(self, debt: Debt, answer: Reply | MotcuaError) -> None:
        entry = self._journal.entries.get(debt.entry_id)
        if entry is None:
            return
        if not isinstance(answer, MotcuaError):
            self._journal.keep(settled(entry, debt, answer))
        elif (code := refused_code(answer)) in _FOR_NOW:
            self._not_before = self._now + PAUSE_SECONDS
        elif code is not None:
            self._refused(debt, answer)
            self._journal.keep(not_taken(entry, debt, code))
        self.work(self._now)

    def _refused(self, debt: Debt, fault: MotcuaError) -> None:
        _log.error("the hall did not take %s: %s", debt.command, fault)
        if isinstance(debt.command, HandInTicket):
            self._journal.remember("hand_in_refused", self._hall.today())
