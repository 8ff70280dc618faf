"""The spool: one thread owns the printer, knows its state before it is asked, and says what became of each ticket."""

import logging
import queue
import threading
import time
from concurrent.futures import Future

from msgspec import Struct

from printers.base import PrinterState, PrinterStatus, PrinterUnreachable, PrintOutcome, Transport
from printers.dialogue import Dialogue
from printers.job import Job
from printers.layout import lay_out
from printers.lines import Fact, Line, Number, QrCode, Size, Text
from printers.models import PrinterModel
from printers.paper_count import PaperCount
from printers.papers import Paper
from printers.picture_store import PictureStore
from printers.printout import most_bytes_of, print_out
from printers.template import TicketTemplate
from printers.usual_template import default_template

logger = logging.getLogger(__name__)


class _Ordered(Struct):
    """A paper in line."""

    paper: Paper
    outcome: "Future[PrintOutcome]"


class Spool:
    """A printer as the kiosk sees it; no call waits for the device.

    The state is polled every `poll_seconds`; `spare_seconds` is how much longer than its line needs a job may take.
    """

    def __init__(
        self,
        transport: Transport,
        model: PrinterModel,
        *,
        poll_seconds: float = 2.0,
        spare_seconds: float = 3.0,
        template: TicketTemplate | None = None,
        paper_count: PaperCount | None = None,
    ) -> None:
        self.model = model
        self.paper_count = paper_count
        self._template = template
        self._dialogue = Dialogue(transport, model)
        self._store = PictureStore(self._dialogue, model)
        self._poll_seconds = poll_seconds
        self._spare_seconds = spare_seconds
        self._state = PrinterState.UNKNOWN
        self._asked_at = time.monotonic()
        self._unfinished = False
        self._on_its_way_until = 0.0
        self._job_connection = 0
        self._orders: queue.SimpleQueue[_Ordered | None] = queue.SimpleQueue()
        self._entrance = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    # ---- what others call --------------------------------------------------

    def status(self) -> PrinterStatus:
        """Return what the last poll found."""
        age_seconds, count = time.monotonic() - self._asked_at, self.paper_count
        if count is None:
            return PrinterStatus(self._state, self.model.status, age_seconds)
        return PrinterStatus(
            self._state, self.model.status, age_seconds, count.tickets_left, count.ends_soon, count.new_roll_likely
        )

    def print(self, paper: Paper) -> "Future[PrintOutcome]":
        """Print one ticket: `printed` if the printer confirms it, `failed` if it surely did not, else `unknown`."""
        ordered = _Ordered(paper, Future())
        with self._entrance:
            if not self._closed:
                self._orders.put(ordered)
                return ordered.outcome
        ordered.outcome.set_result("failed")
        return ordered.outcome

    def new_roll(self) -> None:
        """Staff put a new roll in."""
        if self.paper_count is not None:
            self.paper_count.new_roll()

    def same_roll(self) -> None:
        """Staff say that the roll is still the same."""
        if self.paper_count is not None:
            self.paper_count.same_roll()

    def close(self) -> None:
        """Finish the tickets in line and let go of the device; later tickets fail."""
        with self._entrance:
            if not self._closed:
                self._closed = True
                self._orders.put(None)
        self._thread.join()

    # ---- the thread --------------------------------------------------------

    def _run(self) -> None:
        """Serve orders, and ask for the state whenever none came for a while."""
        self._poll()
        _warm_up(self.model)
        while True:
            try:
                ordered = self._orders.get(timeout=self._poll_seconds)
            except queue.Empty:
                self._poll()
                continue
            if ordered is None:
                break
            self._serve(ordered)
        self._dialogue.close()

    def _serve(self, ordered: _Ordered) -> None:
        """Do one order, unless it was cancelled in line, and answer it, whatever happens."""
        if not ordered.outcome.set_running_or_notify_cancel():
            return
        try:
            ordered.outcome.set_result(self._print(ordered.paper))
        except Exception as error:
            logger.exception("%s could not be printed", ordered.paper.name)
            ordered.outcome.set_exception(error)

    def _poll(self) -> PrinterState:
        """Ask for the state and remember it."""
        state = self._dialogue.state()
        if state is not self._state:
            logger.info("printer is %s", state)
        self._state, self._asked_at = state, time.monotonic()
        self._mind_lost_connection()
        if self.paper_count is not None:
            self.paper_count.look(state)
        return state

    def _mind_lost_connection(self) -> None:
        """A connection that broke while a paper could be on its way may have cut it short."""
        if time.monotonic() < self._on_its_way_until and self._dialogue.connection != self._job_connection:
            self._unfinished = True

    def _print(self, paper: Paper) -> PrintOutcome:
        """Print one ticket and return what became of it."""
        self._poll()
        if not self.status().may_print:
            return "failed"
        lines = lay_out(paper, self._template)
        kept = self._prepared(lines)
        if kept is None:
            return "failed"
        printout = print_out(lines, self.model, kept, most_bytes_of(paper))
        self._dialogue.title(paper.name)
        self._job_connection = self._dialogue.connection
        job = Job(self._dialogue, self.model, printout, self._poll)
        outcome = job.carry_out(self._spare_seconds)
        self._unfinished = job.unfinished
        self._on_its_way_until = time.monotonic() + job.on_its_way
        self._mind_lost_connection()
        if job.begun and self.paper_count is not None:
            self.paper_count.spend(printout.rows)
        return outcome

    def _prepared(self, lines: list[Line]) -> frozenset[str] | None:
        """Clear the way and have the printer keep what it can; returns what it keeps, none if the way is not clear."""
        try:
            if self._unfinished:
                self._unfinished = not self._dialogue.clear_way(self._clearing_seconds())
            return None if self._unfinished else self._store.ready_for(lines)
        except PrinterUnreachable as error:
            logger.warning("%s", error)
            self._unfinished = True
            self._dialogue.close()
            return None

    def _clearing_seconds(self) -> float:
        """How long the rest of a broken job may take."""
        return self._dialogue.seconds_for(self.model.width_dots * 8) + self._spare_seconds


def _warm_up(model: PrinterModel) -> None:
    """Read the usual template and the fonts now, so that the first citizen does not wait for them."""
    default_template()
    texts = [Text("Ẵ", size, bold) for size in Size for bold in (False, True)]
    print_out([*texts, Fact("Ẵ", "Ẵ"), Number("A000"), QrCode("http://")], model)
