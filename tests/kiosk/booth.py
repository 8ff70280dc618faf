"""A kiosk in its booth, for tests: a session with a journal on the disk, which can be cut off and started again."""

import datetime as dt
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.journal import Journal, open_journal
from kiosk.route import Wish, next_touch
from kiosk.session import Inbox, Session
from kiosk.stages import Screen
from kiosk.touches import Home
from printers.base import PrinterState, PrinterStatus, PrintOutcome
from printers.layout import Paper, TicketPaper
from tests.kiosk.model_hall import ModelClient, ModelHall


@dataclass
class Job:
    """A paper that the printer was given."""

    paper: Paper
    future: "Future[PrintOutcome]"
    out: bool = False


class SlowPrinter:
    """A printer whose papers come out when the test says so; paper that is out stays out, whatever ends."""

    def __init__(self) -> None:
        self.state = PrinterState.READY
        self.age_seconds = 0.0
        self.jobs: list[Job] = []

    def status(self) -> PrinterStatus:
        return PrinterStatus(self.state, age_seconds=self.age_seconds)

    def print(self, paper: Paper) -> "Future[PrintOutcome]":
        self.jobs.append(Job(paper, Future()))
        return self.jobs[-1].future

    def finish(self, outcome: PrintOutcome = "printed", *, tells: bool = True) -> None:
        """Let everything come out that waits, unless it failed; `tells`: the kiosk hears of it.

        A printer calls failed only what surely did not come out.
        """
        for job in self.jobs:
            if not job.future.done():
                job.out = job.out or outcome != "failed"
                if tells:
                    job.future.set_result("unknown" if job.out and outcome == "failed" else outcome)

    def forget(self) -> None:
        """The kiosk was cut off: nobody waits for these any more; what was sent may still come out, or not."""
        for job in self.jobs:
            if not job.future.done():
                job.future.cancel()

    def out(self) -> list[TicketPaper]:
        """The tickets that lie before the citizens."""
        return [job.paper for job in self.jobs if job.out and isinstance(job.paper, TicketPaper)]


class Booth:
    """A kiosk, its machine's clocks, its printer and its way to the hall."""

    def __init__(self, path: Path, hall: ModelHall, device_id: str = "kiosk-1") -> None:
        self.path = path
        self.hall = hall
        self.device_id = device_id
        self.printer = SlowPrinter()
        self.seconds = 1000.0
        self.own_clock_behind = dt.timedelta()
        self.touches: list[str] = []
        """The request_id of every touch that asked for a number."""
        self._taps = 0
        self.start()

    def start(self) -> None:
        """Switch it on."""
        self.inbox = Inbox()
        self.flow = Flow(HallNow(self.device_id), settle_seconds=0)
        self.client = ModelClient(self.hall, self.device_id)
        self.client.now = self.seconds
        self.journal: Journal = open_journal(self.path)
        self.session = Session(
            self.flow, self.printer, self.inbox.post, clock=lambda: self.seconds, journal=self.journal, wall=self.wall
        )
        self.session.connect(self.client)
        self.work()

    def wall(self) -> dt.datetime:
        """What the machine's own clock says."""
        return self.hall.now - self.own_clock_behind

    def work(self) -> None:
        """Do all that was posted, and what that posts."""
        for _ in range(50):
            self.inbox.work(0)
        self.session.tick()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, in the hall as well."""
        self.seconds += seconds
        self.hall.now += dt.timedelta(seconds=seconds)
        self.client.expire(self.seconds)
        self.work()

    # ---- the server ----

    def hear(self) -> None:
        """Connected: the hall tells how it stands, and answers all."""
        self.session.on_snapshot(self.hall.snapshot())
        self.work()
        self.settle()

    def settle(self) -> None:
        """Let everything be answered until nothing is on its way."""
        for _ in range(1000):
            if not self.client.sent:
                return
            self.client.arrive()
            self.work()
        raise AssertionError(f"never at rest: {self.client.sent[:3]}")

    def lose_server(self) -> None:
        """The pulse is missing."""
        self.pass_time(3.5)
        self.session.on_silence(3.5)
        self.work()

    # ---- citizens ----

    def tap(self, service_id: str = "s0") -> str:
        """Tap to a number's request; returns its request_id."""
        self._taps += 1
        request_id = f"{self.device_id}-touch-{self._taps:04d}"
        self.session.touch(Home())
        for _ in range(20):
            if self.flow.screen in (Screen.ISSUING, Screen.RESULT, Screen.AWAY, Screen.NO_NUMBER):
                break
            touch = next_touch(self.flow, Wish(service_id))
            assert touch is not None, self.flow.screen
            self.session.touch(touch, request_id)
        issue = self.flow.visit.issue
        if issue is not None and issue.request_id == request_id:
            self.touches.append(request_id)
        return request_id

    def number(self) -> str:
        """What the screen shows."""
        reply = self.flow.visit.reply
        return reply.ticket.number if reply else ""

    # ---- its end ----

    def cut(self) -> None:
        """SIGKILL or a power cut: what was not on the disk is gone, whatever was on its way with it."""
        self.printer.forget()
        self.session._link.client = None
        self.journal._db.close()

    def crash(self, seconds: float = 5.0) -> None:
        """Cut it off, and switch it on again after a while."""
        self.cut()
        self.seconds += seconds
        self.hall.now += dt.timedelta(seconds=seconds)
        self.start()
