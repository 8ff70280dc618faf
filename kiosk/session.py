"""Carries out what the flow decides: asks the hall, prints, reports the paper; without any window."""

import logging
import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from kiosk.flow import Flow
from kiosk.health import Beat, troubles_of
from kiosk.touches import Effect, Issue, Print, Touch
from kiosk.visit import UNREACHABLE
from printers.base import PrinterStatus, PrintOutcome
from printers.layout import Paper, TicketPaper
from protocol.client import new_request_id
from protocol.commands import Command, GetHall, ReportDevice, ReportPrint
from protocol.errors import MotcuaError, Refusal, ServerUnreachable
from protocol.events import Event
from protocol.replies import HallReply, PlaceReply, Pulse, Reply, Snapshot, TicketIssuedReply

ISSUE_SECONDS = 12.0
REPORT_SECONDS = 30.0
HEALTH_SECONDS = 10.0
_log = logging.getLogger(__name__)

Job = Callable[[], None]


class Asks(Protocol):
    """What a session needs of `protocol.client.HallClient`."""

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        """Send a command; the future holds the reply or raises a MotcuaError."""


class Prints(Protocol):
    """What a session needs of a printer; `printers.spool.Spool` has it."""

    def status(self) -> PrinterStatus:
        """Return what the printer said last."""

    def print(self, paper: Paper) -> "Future[PrintOutcome]":
        """Print one paper."""


class Inbox:
    """Jobs from other threads, done on the thread that calls `work`; a window has its own."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()

    def post(self, job: Job) -> None:
        """Have a job done soon; from any thread."""
        self._jobs.put(job)

    def work(self, seconds: float) -> None:
        """Do the jobs that have come, waiting up to `seconds` for the first; what they post comes next time."""
        try:
            first = self._jobs.get(timeout=seconds)
        except queue.Empty:
            return
        for job in [first, *(self._jobs.get() for _ in range(self._jobs.qsize()))]:
            job()


class Session:
    """One kiosk at work; a `protocol.client.Listener`.

    Everything but the listener's four methods runs on the owner's thread; `post` brings jobs there, and
    `changed` is called there after anything that may have changed the screen.
    """

    def __init__(
        self,
        flow: Flow,
        printer: Prints,
        post: Callable[[Job], None],
        changed: Job = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.flow = flow
        self.printer = printer
        self._post = post
        self._changed = changed
        self._clock = clock
        self._client: Asks | None = None
        self._asking_hall = False
        self._beat = Beat()

    def connect(self, client: Asks) -> None:
        """Give the session the client whose listener it is, and ask for the hall."""
        self._client = client
        self._ask_hall()

    # ---- the owner's thread ----

    def touch(self, touch: Touch, request_id: str | None = None) -> None:
        """Take a finger; `request_id` was made when it came down."""
        self._do(self.flow.touch(touch, request_id or new_request_id(), self._clock()))

    def tick(self) -> None:
        """Let time pass; call it a few times each second."""
        self._report_health()
        self._do(self.flow.tick(self._clock()))

    def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Issue():
                    self._issue(effect)
                case Print():
                    self._print(effect)
        self._changed()

    def _issue(self, issue: Issue) -> None:
        self._ask(issue.command, ISSUE_SECONDS, lambda future: self._answered(issue, future), issue.request_id)

    def _answered(self, issue: Issue, future: "Future[Reply]") -> None:
        now, fault = self._clock(), future.exception()
        if fault is None:
            self._do(self._given(issue, future.result(), now))
        elif isinstance(fault, Refusal):
            code = str(fault.args[0]).split(" ")[0] if fault.args else fault.code
            self._do(self.flow.refused(issue.request_id, code, fault.facts, now))
        elif isinstance(fault, MotcuaError):
            self._do(self.flow.refused(issue.request_id, UNREACHABLE, {}, now))

    def _given(self, issue: Issue, reply: Reply, now: float) -> list[Effect]:
        if isinstance(reply, PlaceReply):
            return self.flow.booked(issue.request_id, reply, now)
        assert isinstance(reply, TicketIssuedReply)
        return self.flow.issued(issue.request_id, reply, now)

    def _print(self, job: Print) -> None:
        """A printer that is known to be out would keep the ticket for the next citizen: it is not given any."""
        status = self.printer.status()
        if not status.may_print:
            self._paper(job, "failed", status.state.value)
            return
        self.printer.print(job.paper).add_done_callback(lambda future: self._post(lambda: self._printed(job, future)))

    def _printed(self, job: Print, future: "Future[PrintOutcome]") -> None:
        fault = future.exception()
        if fault is not None:
            _log.error("paper %d was not printed: %s", job.slip_id, fault)
        outcome: PrintOutcome = "failed" if fault else future.result()
        self._paper(job, outcome, str(fault)[:200] if fault else "")

    def _paper(self, job: Print, outcome: PrintOutcome, detail: str) -> None:
        if isinstance(job.paper, TicketPaper):
            self._report(ReportPrint(job.slip_id, outcome, detail), new_request_id())
        self._do(self.flow.printed(job.slip_id, outcome, self._clock()))

    def _report(self, report: ReportPrint, request_id: str) -> None:
        """Tell what became of the paper, until the hall has heard it."""

        def told(future: "Future[Reply]") -> None:
            fault = future.exception()
            if isinstance(fault, ServerUnreachable) and self._client is not None:
                self._report(report, request_id)
            elif fault is not None:
                _log.error("report of ticket %d was not taken: %s", report.ticket_id, fault)

        self._ask(report, REPORT_SECONDS, told, request_id)

    def _report_health(self) -> None:
        """Tell how this kiosk is, now and then and when it changes; that it tells proves that it lives."""
        troubles = troubles_of(self.printer.status())
        if self._client is None or not self._beat.due(troubles, self._clock()):
            return

        def told(future: "Future[Reply]") -> None:
            fault = future.exception()
            if fault is not None:
                self._beat.forget()
                _log.debug("the hall did not hear how this kiosk is: %s", fault)

        self._ask(ReportDevice(troubles), HEALTH_SECONDS, told)

    def close(self) -> None:
        """Ask nothing more."""
        self._client = None

    def _ask_hall(self) -> None:
        if self._asking_hall or self._client is None:
            return
        self._asking_hall = True
        self._ask(GetHall(), REPORT_SECONDS, self._took_hall)

    def _took_hall(self, future: "Future[Reply]") -> None:
        self._asking_hall = False
        fault = future.exception()
        if isinstance(fault, ServerUnreachable):
            self._ask_hall()
        elif fault is not None:
            _log.error("the hall does not tell its settings: %s", fault)
        else:
            hall = future.result()
            assert isinstance(hall, HallReply)
            self.flow.hall.take_hall(hall)
            self._changed()

    def _ask(
        self, command: Command, within: float, then: Callable[["Future[Reply]"], None], request_id: str | None = None
    ) -> None:
        if self._client is not None:
            future = self._client.ask(command, request_id=request_id, within=within)
            future.add_done_callback(lambda done: self._post(lambda: then(done)))

    # ---- the client's thread ----

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state; the settings may have changed with it."""

        def job() -> None:
            self.flow.hall.take_snapshot(snapshot)
            self._ask_hall()
            self._changed()

        self._post(job)

    def on_event(self, event: Event) -> None:
        """The next event of the log."""
        self._post(lambda: self._learn(lambda: self.flow.hall.take_event(event)))

    def on_pulse(self, pulse: Pulse) -> None:
        """The server lives; after a silence its settings may be new."""

        def job() -> None:
            was_away = self.flow.hall.away
            self.flow.hall.take_pulse(pulse)
            if was_away:
                self._ask_hall()
            self._changed()

        self._post(job)

    def on_silence(self, seconds: float) -> None:
        """Nothing was heard for `seconds`."""
        _log.debug("nothing heard of the hall for %.0f s", seconds)
        self._post(lambda: self._learn(self.flow.hall.lose))

    def _learn(self, lesson: Job) -> None:
        lesson()
        self._changed()
