"""How a kiosk's parts ask the hall, print, and bring answers back to their own thread."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from printers.base import PrinterStatus, PrintOutcome
from printers.layout import Paper
from protocol.commands import Command
from protocol.errors import MotcuaError, Refusal, ServerUnreachable
from protocol.replies import Reply

Job = Callable[[], None]
Answered = Callable[[Reply | MotcuaError], None]


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


class Link:
    """The way to the hall; asks nothing before `client` is there and after it is gone."""

    def __init__(self, post: Callable[[Job], None]) -> None:
        self.post = post
        self.client: Asks | None = None

    def ask(self, command: Command, within: float, then: Answered, request_id: str | None = None) -> bool:
        """Have `then` called with the reply, or with what was raised, on the owner's thread; False: nobody to ask."""
        if self.client is None:
            return False
        future = self.client.ask(command, request_id=request_id, within=within)
        future.add_done_callback(lambda done: self.post(lambda: self._tell(then, done)))
        return True

    def _tell(self, then: Answered, future: "Future[Reply]") -> None:
        fault = future.exception()
        if fault is not None and not isinstance(fault, MotcuaError):
            raise fault
        if self.client is not None:
            then(future.result() if fault is None else fault)


def refused_code(fault: MotcuaError) -> str | None:
    """The code of a refusal, also of one that is newer than this program; none if nobody answered."""
    if isinstance(fault, ServerUnreachable) or not isinstance(fault, Refusal):
        return None
    return str(fault.args[0]).split(" ")[0] if fault.args else fault.code
