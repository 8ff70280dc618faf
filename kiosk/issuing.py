"""A touch on its way to its number: kept, asked for or given from a block, answered, or withdrawn."""

import logging
from collections.abc import Callable

from msgspec.structs import replace

from config.texts import FALLBACK
from kiosk.alone import own_reply
from kiosk.clocks import Clocks
from kiosk.entries import Asked, Entry, Given, Step, kept, step_after_crash, with_lost_papers
from kiosk.flow import Flow
from kiosk.flow.asking import issue
from kiosk.journal import Journal
from kiosk.link import Link, refused_code
from kiosk.papers import place_paper, ticket_paper
from kiosk.printing import Printing
from kiosk.touches import Effect, Issue, Print
from kiosk.visit import ORDINARY, UNREACHABLE, Visit
from protocol.client import new_request_id
from protocol.commands import BookPlace, CheckIn, IssueTicket
from protocol.errors import MotcuaError, Refusal, StorageFailed
from protocol.replies import PlaceReply, Reply, TicketIssuedReply

ISSUE_SECONDS = 12.0
ALONE_AFTER_SECONDS = 3.0
"""After so long without answer or pulse the kiosk gives a number of its own instead."""
_log = logging.getLogger(__name__)


class Issuing:
    """Brings touches to their numbers; `then` takes what the flow wants done."""

    def __init__(
        self,
        flow: Flow,
        journal: Journal,
        link: Link,
        printing: Printing,
        clocks: Clocks,
        then: Callable[[list[Effect]], None],
    ) -> None:
        self._flow = flow
        self._journal = journal
        self._link = link
        self._printing = printing
        self._clocks = clocks
        self._then = then
        self._waiting: dict[str, float] = {}
        """Since when (monotonic seconds) requests wait for their answers."""
        self._unseen: set[str] = set()
        """Touches from before a crash that no screen waits for; their papers are printed all the same."""

    # ---- a touch ----

    def begin(self, wanted: Issue) -> None:
        """Take a touch that asks for a number, or asks again."""
        if self._link.client is None:
            return
        entry = self._journal.entries.get(wanted.request_id)
        asked_before = entry is not None
        if entry is None:
            entry = kept(wanted.request_id, self._clocks.now(), wanted.command)
        elif not entry.unanswered:
            return
        if not self._give(entry, sent_before=asked_before):
            self._ask(entry, wanted.command)

    def _ask(self, entry: Entry, command: Asked | None = None) -> None:
        """Ask the hall; `command`: as it was, with what the journal does not keep."""
        self._journal.keep(entry)
        whole = command or entry.command
        assert whole is not None, "asked for is only what has a command"

        def answered(answer: Reply | MotcuaError) -> None:
            self._waiting.pop(entry.request_id, None)
            self._answered(entry.request_id, answer)

        if self._link.ask(whole, ISSUE_SECONDS, answered, entry.request_id):
            self._waiting[entry.request_id] = self._clocks.running()

    # ---- a number of the kiosk's own ----

    def _give(self, entry: Entry, *, sent_before: bool) -> bool:
        """Give a number from a block, if the server is away and one is left; False: not so."""
        command, hall = entry.command, self._flow.hall
        block = hall.block(command.service_id) if isinstance(command, IssueTicket) and hall.alone else None
        if block is None or not isinstance(command, IssueTicket):
            return False
        at = self._clocks.now()
        given = Given(block.block_id, block.first, at, new_request_id(), sent_before)
        numbered = replace(entry, given=given, reply=own_reply(hall, command, block, at))
        if not self._journal.give(numbered, block.without_next()):
            return False
        hall.take_blocks(self._journal.blocks)
        self._bring(numbered)
        return True

    def give_up_waiting(self) -> None:
        """Give numbers to those who waited long enough for a server that is away."""
        late = self._clocks.running() - ALONE_AFTER_SECONDS
        for request_id in [found for found, since in self._waiting.items() if since <= late]:
            entry = self._journal.entries.get(request_id)
            if entry is not None and entry.unanswered and self._give(entry, sent_before=True):
                del self._waiting[request_id]

    # ---- the answer ----

    def _answered(self, request_id: str, answer: Reply | MotcuaError) -> None:
        entry = self._journal.entries.get(request_id)
        if entry is None or not entry.unanswered:
            return  # a number was given alone meanwhile: handing that in takes this one back
        if isinstance(answer, TicketIssuedReply | PlaceReply):
            numbered = entry.answered(answer)
            self._journal.note(numbered)
            self._bring(numbered)
        elif isinstance(answer, MotcuaError):
            self._refused(entry, answer)
        else:
            _log.error("request %s was answered by %s", request_id, type(answer).__name__)

    def _refused(self, entry: Entry, fault: MotcuaError) -> None:
        code = refused_code(fault)
        if code == StorageFailed.code:
            self._withdraw(replace(entry, refused=code))  # a disk that failed may have kept it all the same
        elif code is not None:
            self._journal.keep(replace(entry, refused=code))
        facts = fault.facts if isinstance(fault, Refusal) else {}
        self._then(self._flow.refused(entry.request_id, code or UNREACHABLE, facts, self._clocks.running()))

    def _bring(self, entry: Entry) -> None:
        """Show and print a number, if its citizen still waits for it."""
        if entry.request_id in self._unseen:
            self._print_unseen(entry)
            return
        effects = self._shown(entry)
        if not any(isinstance(effect, Print) for effect in effects):
            self._withdraw(entry)
        self._then(effects)

    def _shown(self, entry: Entry) -> list[Effect]:
        now, reply = self._clocks.running(), entry.reply
        if isinstance(reply, PlaceReply):
            return self._flow.booked(entry.request_id, reply, now)
        assert reply is not None, "brought is only what has a number"
        return self._flow.issued(entry.request_id, reply, now)

    # ---- after a crash ----

    def recover(self) -> None:
        """Go on with what was not finished when the program ended, as far as somebody may still wait for it."""
        now = self._clocks.now()
        entries = [with_lost_papers(entry) for entry in self._journal.entries.values()]
        steps = [(entry, step_after_crash(entry, now)) for entry in entries]
        young = [entry.request_id for entry, step in steps if step in (Step.ASK, Step.PRINT)]
        for entry, step in steps:
            self._journal.note(entry)
            if step is Step.WITHDRAW:
                self._withdraw(entry)
            elif step is not Step.NOTHING:
                self._go_on(entry, seen=entry.request_id == young[-1])
        self._journal.write()

    def _go_on(self, entry: Entry, *, seen: bool) -> None:
        """Ask or print again; the last touch has the screen, the papers of others come out without one."""
        if seen and entry.command is not None:
            self._flow.visit = _visit_of(entry)
            issue(self._flow, Issue(entry.request_id, entry.command), self._clocks.running())
        else:
            self._unseen.add(entry.request_id)
        if entry.reply is None:
            self._ask(entry)
        else:
            self._bring(entry)

    def _print_unseen(self, entry: Entry) -> None:
        hall, visit, reply = self._flow.hall, _visit_of(entry), entry.reply
        if isinstance(reply, PlaceReply):
            self._printing.print_unseen(entry, place_paper(hall, visit, reply))
        elif reply is not None:
            self._printing.print_unseen(entry, ticket_paper(hall, visit, reply))

    # ---- nobody waits any more ----

    def withdraw_left(self) -> None:
        """Let requests have no effect whose citizens went away before an answer came."""
        for entry in list(self._journal.entries.values()):
            if not entry.unanswered or entry.request_id in self._waiting or self._is_awaited(entry):
                continue
            if entry.request_id in self._unseen and step_after_crash(entry, self._clocks.now()) is Step.ASK:
                self._ask(entry)
            else:
                self._withdraw(entry)

    def _is_awaited(self, entry: Entry) -> bool:
        awaited = self._flow.visit.issue
        return awaited is not None and awaited.request_id == entry.request_id

    def _withdraw(self, entry: Entry) -> None:
        self._journal.keep(replace(entry, withdraw_id=new_request_id()))


def _visit_of(entry: Entry) -> Visit:
    """The visit to which an entry belongs, as far as it is known again."""
    visit = Visit(FALLBACK)
    match entry.command:
        case IssueTicket() as command:
            visit.language, visit.class_id = command.language, command.class_id
            visit.service_id, visit.procedure_code = command.service_id, command.procedure_code
        case BookPlace() as command:
            visit.service_id, visit.class_id = command.service_id, command.class_id
        case CheckIn() as command:
            visit.language, visit.class_id = command.language, ORDINARY
    return visit
