"""Papers: written into the journal before their first byte leaves, and again when it is known what became of them."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from msgspec.structs import replace

from kiosk.clocks import Clocks
from kiosk.entries import Entry, Slip
from kiosk.flow import Flow
from kiosk.journal import Journal
from kiosk.link import Link, Prints
from kiosk.touches import Effect, Print
from printers.base import PrinterState, PrintOutcome
from printers.layout import Paper, PlacePaper, TicketPaper
from protocol.client import new_request_id

FRESH_SECONDS = 2.0
"""So long the printer's last word decides by itself; an older one is asked for again by who prints."""
_log = logging.getLogger(__name__)

Told = Callable[[PrintOutcome], None]


def _to_nobody(_outcome: PrintOutcome) -> None:
    """Nobody waits for it but the flow."""


@dataclass(frozen=True)
class _Sent:
    """A paper that the printer has; `request_id` is its entry's, if it has one."""

    job: Print
    slip: Slip
    request_id: str
    told: Told


class Printing:
    """Prints for entries of the journal; `then` takes what the flow wants done afterwards."""

    def __init__(
        self,
        flow: Flow,
        printer: Prints,
        journal: Journal,
        link: Link,
        clocks: Clocks,
        then: Callable[[list[Effect]], None],
    ) -> None:
        self._flow = flow
        self._printer = printer
        self._journal = journal
        self._link = link
        self._clocks = clocks
        self._then = then

    def print(self, job: Print, told: Told = _to_nobody) -> None:
        """Print a paper; what becomes of a ticket's is kept and reported. `told` hears it too."""
        entry = self._entry_of(job)
        slip = Slip(new_request_id(), reprint=job.reprint)
        trouble = self._trouble()
        if entry is not None:
            self._journal.keep(entry.with_slip(replace(slip, outcome="failed", detail=trouble) if trouble else slip))
        if trouble:
            told("failed")
            self._then(self._flow.printed(job.slip_id, "failed", self._clocks.running()))
            return
        sent = _Sent(job, slip, entry.request_id if entry else "", told)
        printed = self._printer.print(job.paper)
        printed.add_done_callback(lambda done: self._link.post(lambda: self._printed(sent, done)))

    def print_unseen(self, entry: Entry, paper: Paper) -> None:
        """Print the paper of an entry that no screen waits for."""
        self._journal.note(entry)
        self.print(Print(entry.ticket_id, paper))

    def _trouble(self) -> str:
        """Why this paper surely would not come: a printer that is out would keep it for the next citizen.

        One that said nothing lately, or was not asked since the start, is asked by who prints.
        """
        status = self._printer.status()
        knows = status.age_seconds <= FRESH_SECONDS and status.state is not PrinterState.UNKNOWN
        return status.state.value if knows and not status.may_print else ""

    def _entry_of(self, job: Print) -> Entry | None:
        """The entry of a paper; a ticket that is long done gets one for the further paper alone."""
        if not isinstance(job.paper, TicketPaper | PlacePaper):
            return None
        for entry in reversed(self._journal.entries.values()):
            if entry.reply is not None and entry.reply.url == job.paper.url:
                return entry
        ticket_id = 0 if isinstance(job.paper, PlacePaper) else job.slip_id or self._handed_in_as(job.paper.url)
        return Entry(new_request_id(), self._clocks.now(), ticket_id=ticket_id) if ticket_id else None

    def _handed_in_as(self, url: str) -> int:
        """The ticket of a number that was given alone and is done since."""
        known = (entry for entry in self._journal.all_entries() if entry.reply is not None and entry.reply.url == url)
        return next((entry.ticket_id for entry in known), 0)

    def _printed(self, sent: "_Sent", done: "Future[PrintOutcome]") -> None:
        if self._link.client is None:
            return  # after the end nobody knows any more
        fault, job = done.exception(), sent.job
        if fault is not None:
            _log.error("paper %s was not printed: %s", job.paper.name, fault)
        outcome: PrintOutcome = "failed" if fault else done.result()
        entry = self._journal.entries.get(sent.request_id)
        if entry is not None:
            detail = str(fault)[:200] if fault else ""
            self._journal.keep(entry.with_slip(replace(sent.slip, outcome=outcome, detail=detail)))
        sent.told(outcome)
        waits = not sent.request_id or self._is_shown(job)
        self._then(self._flow.printed(job.slip_id, outcome, self._clocks.running()) if waits else [])

    def _is_shown(self, job: Print) -> bool:
        """Whether the screen waits for this paper: numbers that were given alone have no id to tell them apart."""
        visit = self._flow.visit
        shown = visit.reply or visit.place
        return shown is not None and isinstance(job.paper, TicketPaper | PlacePaper) and shown.url == job.paper.url
