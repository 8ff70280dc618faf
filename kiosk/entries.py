"""What the journal knows of a touch that asked for a number: how far it came, and what is still owed to the hall."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from protocol.commands import BookPlace, CheckIn, HandInTicket, IssueTicket, ReportPrint, WithdrawRequest
from protocol.replies import PlaceReply, TicketIssuedReply
from protocol.words import PrintOutcome

YOUNG = dt.timedelta(minutes=2)
"""So long after the touch its citizen may still stand there."""

Asked = IssueTicket | BookPlace | CheckIn


class Slip(Struct, frozen=True, omit_defaults=True):
    """One paper: without outcome its bytes may be on their way; `told`: the hall has heard of it."""

    report_id: str
    outcome: PrintOutcome | None = None
    detail: str = ""
    reprint: bool = False
    told: bool = False


class Given(Struct, frozen=True, omit_defaults=True):
    """A number that the kiosk gave from a block of its own, and whether the hall has it."""

    block_id: int
    count: int
    at: dt.datetime
    hand_in_id: str
    sent_before: bool = False
    """Whether the hall was asked first, so that it may have given a number too."""
    handed_in: bool = False
    refused: str = ""
    """The code with which the hall would not have it."""


class Entry(Struct, frozen=True, omit_defaults=True):
    """One touch; an entry without command is only about a further paper of an older ticket."""

    request_id: str
    made_at: dt.datetime
    command: Asked | None = None
    whole: bool = True
    """Whether the command stands here with all that was sent: what is personal is not kept."""
    reply: TicketIssuedReply | PlaceReply | None = None
    given: Given | None = None
    ticket_id: int = 0
    """The hall's id of its ticket; 0: none, or not yet."""
    slips: tuple[Slip, ...] = ()
    withdraw_id: str = ""
    withdrawn: bool = False
    refused: str = ""
    """The code with which the hall refused a number."""

    @property
    def done(self) -> bool:
        """Whether nothing is left to do about it."""
        if any(slip.outcome is None for slip in self.slips):
            return False
        if self.given is not None and not self.given.handed_in:
            return bool(self.given.refused)
        if self.withdraw_id:
            return self.withdrawn
        if self.ticket_id:
            return bool(self.slips) and all(slip.told for slip in self.slips)
        return bool(self.refused or self.slips)

    @property
    def unanswered(self) -> bool:
        """Whether nobody knows yet what becomes of it."""
        return self.command is not None and self.reply is None and not self.refused and not self.withdraw_id

    def answered(self, reply: TicketIssuedReply | PlaceReply) -> "Entry":
        """The entry with the hall's answer."""
        ticket_id = reply.ticket.ticket_id if isinstance(reply, TicketIssuedReply) else 0
        return replace(self, reply=reply, ticket_id=ticket_id)

    def with_slip(self, slip: Slip) -> "Entry":
        """The entry with a paper, in the place of what was known of it before."""
        others = tuple(known for known in self.slips if known.report_id != slip.report_id)
        return replace(self, slips=(*others, slip))


def kept(request_id: str, made_at: dt.datetime, command: Asked) -> Entry:
    """A new entry, without what says who the citizen is."""
    if not isinstance(command, IssueTicket) or (command.person is None and not command.note):
        return Entry(request_id, made_at, command)
    return Entry(request_id, made_at, replace(command, person=None, note=""), whole=False)


# ---- after a crash ---------------------------------------------------------


class Step(StrEnum):
    """What to do about an entry that was not finished when the program ended."""

    ASK = "ask"
    PRINT = "print"
    WITHDRAW = "withdraw"
    NOTHING = "nothing"


def with_lost_papers(entry: Entry) -> Entry:
    """The entry after a crash: of papers that were on their way nobody knows, and none is printed again by itself."""
    slips = tuple(replace(slip, outcome=slip.outcome or "unknown") for slip in entry.slips)
    return replace(entry, slips=slips)


def step_after_crash(entry: Entry, now: dt.datetime) -> Step:
    """Go on where the citizen may still wait for it; else let it have no effect."""
    if entry.withdraw_id or entry.refused or entry.slips or entry.command is None:
        return Step.NOTHING
    if now - entry.made_at >= YOUNG:
        return Step.WITHDRAW
    if entry.reply is not None:
        return Step.PRINT
    return Step.ASK if entry.whole else Step.WITHDRAW


# ---- what is owed to the hall ----------------------------------------------


class Debt(Struct, frozen=True):
    """Something of an entry that the hall must still hear, with the request_id under which it is told."""

    entry_id: str
    request_id: str
    command: HandInTicket | ReportPrint | WithdrawRequest


def debts(entries: Iterable[Entry]) -> list[Debt]:
    """What is owed now: numbers given alone one after the other as they were given, then papers and withdrawals."""
    known = list(entries)
    waiting = [entry for entry in known if entry.given and not entry.given.handed_in and not entry.given.refused]
    first = min(waiting, key=lambda entry: entry.given.at if entry.given else entry.made_at, default=None)
    later = [debt for entry in known if entry not in waiting for debt in _later_debts(entry)]
    return [*([_hand_in(first)] if first else []), *later]


def _hand_in(entry: Entry) -> Debt:
    given, command = entry.given, entry.command
    assert given is not None
    assert isinstance(command, IssueTicket), "only these are given alone"
    return Debt(
        entry.request_id,
        given.hand_in_id,
        HandInTicket(
            block_id=given.block_id,
            count=given.count,
            service_id=command.service_id,
            issued_at=given.at,
            class_id=command.class_id,
            language=command.language,
            procedure_code=command.procedure_code,
            instead_of=entry.request_id if given.sent_before else None,
        ),
    )


def _later_debts(entry: Entry) -> list[Debt]:
    if entry.withdraw_id:
        withdrawn_id = entry.given.hand_in_id if entry.given else entry.request_id
        command = WithdrawRequest(withdrawn_id)
        return [] if entry.withdrawn else [Debt(entry.request_id, entry.withdraw_id, command)]
    if not entry.ticket_id:
        return []
    return [
        Debt(entry.request_id, slip.report_id, ReportPrint(entry.ticket_id, slip.outcome, slip.detail, slip.reprint))
        for slip in entry.slips
        if slip.outcome is not None and not slip.told
    ]


def settled(entry: Entry, debt: Debt, reply: object) -> Entry:
    """The entry after the hall heard what was owed."""
    match debt.command:
        case HandInTicket() if entry.given is not None and isinstance(reply, TicketIssuedReply):
            return replace(entry, ticket_id=reply.ticket.ticket_id, given=replace(entry.given, handed_in=True))
        case WithdrawRequest():
            return replace(entry, withdrawn=True)
        case ReportPrint():
            return _with_told(entry, debt.request_id)
    return entry


def not_taken(entry: Entry, debt: Debt, code: str) -> Entry:
    """The entry after the hall would not hear it: a number is kept as refused, the rest is over."""
    if isinstance(debt.command, HandInTicket) and entry.given is not None:
        return replace(entry, given=replace(entry.given, refused=code))
    return settled(entry, debt, None)


def _with_told(entry: Entry, report_id: str) -> Entry:
    told = (replace(slip, told=slip.told or slip.report_id == report_id) for slip in entry.slips)
    return replace(entry, slips=tuple(told))
