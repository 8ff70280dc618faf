"""Carries out what the flow decides: asks the hall, prints, reports the paper; without any window."""

import datetime as dt
import logging
import time
from collections.abc import Callable

from kiosk.arrival import Arrival
from kiosk.catalogue_reading import CatalogueReading
from kiosk.clocks import Clocks, utc_now
from kiosk.codes import meaning
from kiosk.debts import Debts
from kiosk.flow import Flow
from kiosk.issuing import Issuing
from kiosk.journal import Journal
from kiosk.link import Asks as Asks
from kiosk.link import Inbox as Inbox
from kiosk.link import Job as Job
from kiosk.link import Link, refused_code
from kiosk.link import Prints as Prints
from kiosk.memory import Memory
from kiosk.printing import Printing, Told
from kiosk.reporting import Reporting
from kiosk.reserving import Reserving
from kiosk.touches import Effect, Issue, Print, Query, Touch
from kiosk.visit import UNREACHABLE
from protocol.client import new_request_id
from protocol.commands import GetHall
from protocol.errors import MotcuaError, Refusal, ServerUnreachable
from protocol.events import DayStarted, Event, NumbersNeeded
from protocol.replies import HallReply, Pulse, Reply, Snapshot

HALL_SECONDS = 30.0
QUERY_SECONDS = 8.0
TIDY_SECONDS = 3600.0
_log = logging.getLogger(__name__)


class Session:
    """One kiosk at work; a `protocol.client.Listener`.

    Everything but the listener's four methods runs on the owner's thread; `post` brings jobs there, and
    `changed` is called there after anything that may have changed the screen. Without `journal` nothing outlives it.
    """

    def __init__(
        self,
        flow: Flow,
        printer: Prints,
        post: Callable[[Job], None],
        changed: Job = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        *,
        journal: Journal | None = None,
        wall: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.flow = flow
        self.printer = printer
        self.journal = journal or Journal()
        self._post = post
        self._changed = changed
        self._clock = clock
        self._asking_hall = False
        self._tidy_at = 0.0
        self._link = Link(post)
        self._make_parts(Clocks(clock, wall))

    def _make_parts(self, clocks: Clocks) -> None:
        flow, journal, link = self.flow, self.journal, self._link
        self._clocks = clocks
        self._memory = Memory(journal, flow.hall, clocks)
        self._memory.tell_again()
        self._printing = Printing(flow, self.printer, journal, link, clocks, self._do)
        self._issuing = Issuing(flow, journal, link, self._printing, clocks, self._do)
        self._debts = Debts(link, journal, flow.hall)
        self._reserving = Reserving(link, journal, flow.hall, self._debts)
        self._catalogue = CatalogueReading(link, journal, flow.hall)
        self._arrival = Arrival(link, flow.hall, clocks)
        self.reporting = Reporting(link, self.printer, journal, flow.hall)

    def connect(self, client: Asks) -> None:
        """Give the session the client whose listener it is, ask for the hall, go on with what a crash cut off."""
        self._link.client = client
        self._ask_hall()
        self._issuing.recover()

    # ---- the owner's thread ----

    def touch(self, touch: Touch, request_id: str | None = None) -> None:
        """Take a finger; `request_id` was made when it came down."""
        self._do(self.flow.touch(touch, request_id or new_request_id(), self._clock()))

    def scanned(self, code: bytes | str) -> None:
        """Take what a scanner read, from any thread; what is no code of ours does nothing."""

        def job() -> None:
            hall = self.flow.hall.hall
            touch = meaning(code, hall.public_url) if hall else None
            if touch is not None:
                self.touch(touch)

        self._post(job)

    def print_for_staff(self, job: Print, told: Told) -> None:
        """Print what staff asked for; `told` hears what became of it."""
        self._printing.print(job, told)

    @property
    def to_hand_in(self) -> int:
        """How many numbers were given alone that the hall does not know yet."""
        return self._debts.to_hand_in

    def tick(self) -> None:
        """Let time pass; call it a few times each second."""
        if self.flow.hall.away:
            self.flow.hall.take_time(self._clocks.now())
            self._issuing.give_up_waiting()
        self.reporting.tick(self._clock())
        self._catalogue.look()
        self._arrival.tick()
        self._tidy()
        self._do(self.flow.tick(self._clock()))

    def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Issue():
                    self._issuing.begin(effect)
                case Print():
                    self._printing.print(effect)
                case Query():
                    self._query(effect)
        self._work()
        self._changed()

    def _work(self) -> None:
        """Do what is due by itself."""
        if self._link.client is None:
            return
        self._issuing.withdraw_left()
        self._debts.work(self._clock())
        self._reserving.work(self._clock())

    def _query(self, query: Query) -> None:
        def answered(answer: Reply | MotcuaError) -> None:
            now = self._clock()
            if not isinstance(answer, MotcuaError):
                self._do(self.flow.answered(query.request_id, answer, now))
                return
            facts = answer.facts if isinstance(answer, Refusal) else {}
            self._do(self.flow.refused(query.request_id, refused_code(answer) or UNREACHABLE, facts, now))

        self._link.ask(query.command, QUERY_SECONDS, answered, query.request_id)

    def _tidy(self) -> None:
        if self._clock() >= self._tidy_at:
            self._tidy_at = self._clock() + TIDY_SECONDS
            self.journal.tidy(self._clocks.now())

    def close(self) -> None:
        """Ask nothing more, and let go of the journal."""
        self._link.client = None
        self.journal.close()

    def _ask_hall(self) -> None:
        if not self._asking_hall:
            self._asking_hall = self._link.ask(GetHall(), HALL_SECONDS, self._took_hall)

    def _took_hall(self, answer: Reply | MotcuaError) -> None:
        self._asking_hall = False
        if isinstance(answer, ServerUnreachable):
            self._ask_hall()
        elif isinstance(answer, HallReply):
            self._memory.take_hall(answer)
            self._do([])
        else:
            _log.error("the hall does not tell its settings: %s", answer)

    # ---- the client's thread ----

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state; the settings may have changed with it."""

        def job() -> None:
            self.flow.hall.take_snapshot(snapshot)
            self._memory.hear(snapshot.at)
            self._reserving.hear(snapshot.epoch, snapshot.seq)
            self._reserving.soon()
            self._ask_hall()
            self._do([])

        self._post(job)

    def on_event(self, event: Event) -> None:
        """The next event of the log."""

        def job() -> None:
            self.flow.hall.take_event(event)
            if isinstance(event.body, NumbersNeeded):
                self._reserving.need(event.body)
            elif isinstance(event.body, DayStarted):
                self._reserving.soon()
            self._do([])

        self._post(job)

    def on_pulse(self, pulse: Pulse) -> None:
        """The server lives; after a silence its settings may be new."""

        def job() -> None:
            was_away = self.flow.hall.away
            self.flow.hall.take_pulse(pulse)
            self._memory.hear(pulse.at)
            if was_away:
                self._reserving.soon()
                self._ask_hall()
            self._do([])

        self._post(job)

    def on_silence(self, seconds: float) -> None:
        """Nothing was heard for `seconds`."""

        def job() -> None:
            _log.debug("nothing heard of the hall for %.0f s", seconds)
            if not self.flow.hall.away:
                self._memory.keep()
            self.flow.hall.lose()
            self._do([])

        self._post(job)
