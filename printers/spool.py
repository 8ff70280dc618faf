"""The spool: one thread owns the printer, knows its state before it is asked, and says what became of each ticket."""

import logging
import queue
import threading
import time
from concurrent.futures import Future

from msgspec import Struct

from printers.base import PrinterState, PrinterStatus, PrinterUnreachable, PrintOutcome, Transport
from printers.dialogue import STOPPED, Dialogue
from printers.escpos import encode
from printers.layout import Paper, lay_out
from printers.models import PrinterModel

logger = logging.getLogger(__name__)

_FINE = (PrinterState.READY, PrinterState.PAPER_LOW)


class _Job(Struct):
    """A paper in line."""

    paper: Paper
    outcome: "Future[PrintOutcome]"


class Spool:
    """A printer as the kiosk sees it; no call waits for the device.

    The state is polled every `poll_seconds`; `spare_seconds` is how much longer than its line needs a job may take.
    """

    def __init__(
        self, transport: Transport, model: PrinterModel, *, poll_seconds: float = 2.0, spare_seconds: float = 3.0
    ) -> None:
        self.model = model
        self._dialogue = Dialogue(transport, model)
        self._poll_seconds = poll_seconds
        self._spare_seconds = spare_seconds
        self._state = PrinterState.UNKNOWN
        self._asked_at = time.monotonic()
        self._unfinished = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._entrance = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    # ---- what others call --------------------------------------------------

    def status(self) -> PrinterStatus:
        """Return what the last poll found."""
        return PrinterStatus(self._state, self.model.status, time.monotonic() - self._asked_at)

    def print(self, paper: Paper) -> "Future[PrintOutcome]":
        """Print one ticket: `printed` if the printer confirms it, `failed` if it surely did not, else `unknown`."""
        job = _Job(paper, Future())
        with self._entrance:
            if not self._closed:
                self._jobs.put(job)
                return job.outcome
        job.outcome.set_result("failed")
        return job.outcome

    def close(self) -> None:
        """Finish the tickets in line and let go of the device; later tickets fail."""
        with self._entrance:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    # ---- the thread --------------------------------------------------------

    def _run(self) -> None:
        """Serve jobs, and ask for the state whenever none came for a while."""
        self._poll()
        while True:
            try:
                job = self._jobs.get(timeout=self._poll_seconds)
            except queue.Empty:
                self._poll()
                continue
            if job is None:
                break
            self._serve(job)
        self._dialogue.close()

    def _serve(self, job: _Job) -> None:
        """Do one job, unless it was cancelled in line, and answer it, whatever happens."""
        if not job.outcome.set_running_or_notify_cancel():
            return
        try:
            job.outcome.set_result(self._print(job.paper))
        except Exception as error:
            logger.exception("%s could not be printed", job.paper.name)
            job.outcome.set_exception(error)

    def _poll(self) -> PrinterState:
        """Ask for the state and remember it."""
        state = self._dialogue.state()
        if state is not self._state:
            logger.info("printer is %s", state)
        self._state, self._asked_at = state, time.monotonic()
        return state

    def _print(self, paper: Paper) -> PrintOutcome:
        """Print one ticket and return what became of it."""
        self._poll()
        if not self.status().may_print:
            return "failed"
        data = encode(lay_out(paper), self.model)
        seconds = self._dialogue.seconds_for(len(data)) + self._spare_seconds
        try:
            if self._unfinished and not self._dialogue.clear_way(seconds):
                return "failed"
            self._unfinished = True
            self._dialogue.title(paper.name)
            self._dialogue.send(data, seconds)
            confirmed = self._confirmed(seconds)
        except PrinterUnreachable as error:
            logger.warning("%s: %s", paper.name, error)
            self._dialogue.close()
            confirmed = False
        return self._outcome(confirmed)

    def _confirmed(self, seconds: float) -> bool:
        """Wait until the printer has carried out what was sent; False when it stopped or does not say."""
        if self.model.barrier:
            self._unfinished = not self._dialogue.barrier(seconds)
            return not self._unfinished
        self._unfinished = False
        return self.model.status and self._dialogue.settle(self.model.settle_seconds + seconds - self._spare_seconds)

    def _outcome(self, confirmed: bool) -> PrintOutcome:
        """Weigh the printer's word against its state afterwards."""
        state = self._poll()
        if confirmed and state in _FINE:
            return "printed"
        surely_not = self.model.barrier and self._unfinished and state in STOPPED
        return "failed" if surely_not else "unknown"
