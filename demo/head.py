"""The head of the hall, played: suspends a service for a while, speaks to counters and room, books appointments."""

import datetime as dt
import logging
import threading
from collections.abc import Callable

from config.settings import HallFile, Operator
from demo.hall_time import HallTime
from demo.later import Later
from demo.pace import Pace
from protocol.client import HallClient
from protocol.commands import (
    BookAppointment,
    CheckIn,
    Command,
    MakeAnnouncement,
    ReopenService,
    SendMessage,
    SuspendService,
)
from protocol.errors import MotcuaError, Refusal
from protocol.replies import PlaceReply, Reply

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 20.0
_SLOT_MINUTES = (15, 30)
_BETWEEN_MINUTES = (3, 9)


class Head(threading.Thread):
    """One supervisor through the day."""

    def __init__(self, client: HallClient, file: HallFile, person: Operator, time: HallTime, pace: Pace, later: Later):
        super().__init__(name=f"head-{person.id}")
        self._client = client
        self._file = file
        self._operator_id = person.id
        self._time = time
        self._pace = pace
        self._later = later
        self._going = threading.Event()

    def run(self) -> None:
        """Do each duty in turn while the hall is open, until told to go home."""
        duties = [self._book, self._suspend, self._book, self._say, self._announce]
        try:
            while not self._going.wait(self._pace.minutes(*_BETWEEN_MINUTES)):
                if self._time.is_open:
                    self._try(duties[0])
                    duties.append(duties.pop(0))
        except MotcuaError as fault:
            log.warning("the head of the hall stopped: %s", fault)

    def go_home(self) -> None:
        """Stop after the step in hand."""
        self._going.set()

    def _try(self, duty: Callable[[], None]) -> None:
        try:
            duty()
        except Refusal as refusal:
            log.info("the head of the hall: %s", refusal)

    def _suspend(self) -> None:
        service_id = self._pace.one_of(self._file.services).id
        self._ask(SuspendService(self._operator_id, service_id, self._pace.words("suspended")))
        reopen = ReopenService(self._operator_id, service_id)
        self._later.after(self._pace.minutes(4, 10), lambda: self._ask(reopen))

    def _say(self) -> None:
        self._ask(SendMessage(self._operator_id, self._pace.words("message")))

    def _announce(self) -> None:
        self._ask(MakeAnnouncement(self._operator_id, "announcement", self._pace.words("announcement"), minutes=5))

    def _book(self) -> None:
        """Promise somebody a time soon, who keeps it, a little early or late."""
        minutes = self._pace.chance.uniform(*_SLOT_MINUTES)
        slot_at = (self._time.now() + dt.timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        place = self._ask(BookAppointment(self._operator_id, self._pace.one_of(self._file.services).id, slot_at))
        assert isinstance(place, PlaceReply)
        comes_in = max(1.0, minutes + self._pace.chance.gauss(-6, 7))
        self._later.after(self._pace.seconds(comes_in * 60), lambda: self._ask(CheckIn(place.token)))

    def _ask(self, command: Command) -> Reply:
        return self._client.call(command, within=_ANSWER_SECONDS)
