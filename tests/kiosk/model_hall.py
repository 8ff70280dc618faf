"""A hall's server in a few lines, for the kiosk's tests: each request has one effect, and messages may be lost."""

import datetime as dt
from concurrent.futures import Future
from dataclasses import dataclass, field

from msgspec.structs import replace

from kiosk.doors import spans_of
from protocol import commands as cmd
from protocol.block_token import make_block_token
from protocol.errors import (
    MotcuaError,
    NotInBlock,
    NumberTaken,
    Refusal,
    RequestIdReused,
    ServerUnreachable,
    UnknownBlock,
)
from protocol.replies import (
    BlocksReply,
    CatalogueReply,
    DoneReply,
    HallReply,
    KioskHabits,
    NumberBlock,
    PlaceReply,
    ProcedureInfo,
    Pulse,
    QueueInfo,
    Reply,
    Satisfaction,
    ServiceInfo,
    ServiceStatus,
    Snapshot,
    TicketIssuedReply,
    TicketView,
)
from protocol.words import TicketState
from tests.kiosk.halls import AT, DAY, commune

__all__ = ["ModelClient", "ModelHall", "Ticket", "hall_of_blocks", "spans_of"]

LAST = 999


def hall_of_blocks(services: int = 2) -> HallReply:
    """A commune of a few services with a queue each, no classes, no purposes."""
    found = [
        ServiceInfo(f"s{at}", f"Service {at}", f"Service {at}", "ubnd", f"q{at}", ["c1"]) for at in range(services)
    ]
    queues = [QueueInfo(f"q{at}", "ABCDEF"[at], 3) for at in range(services)]
    habits = KioskHabits(["vi", "en"], 0, 15, 10, 30, 30)
    return replace(commune(), services=found, queues=queues, kiosk=habits, classes=[])


@dataclass
class Ticket:
    """A number that the hall gave or took in."""

    ticket_id: int
    number: str
    service_id: str
    day: dt.date
    issued_at: dt.datetime
    request_id: str
    kiosk_id: str
    block_id: int | None = None
    cancelled: bool = False
    reports: list[cmd.ReportPrint] = field(default_factory=list)


@dataclass
class Block:
    """Numbers of a queue that a kiosk holds."""

    block_id: int
    kiosk_id: str
    queue_id: str
    day: dt.date
    first: int
    last: int
    used: dict[int, int] = field(default_factory=dict)

    def view(self) -> NumberBlock:
        first = max([self.first, *(count + 1 for count in self.used)])
        return NumberBlock(self.block_id, self.queue_id, self.day, first, self.last, f"{self.block_id:064x}")


class ModelHall:
    """What the server does with a kiosk's commands."""

    def __init__(self, hall: HallReply | None = None, block_size: int = 200) -> None:
        self.hall = hall or hall_of_blocks()
        self.block_size = block_size
        self.now = AT
        self.day = DAY
        self.seq = 100
        self.epoch = "e"
        self.tickets: dict[int, Ticket] = {}
        self.blocks: dict[int, Block] = {}
        self.answers: dict[str, tuple[cmd.Command | None, Reply | Refusal]] = {}
        self.given: dict[tuple[dt.date, str], int] = {}
        self.procedures: list[ProcedureInfo] = []
        self.health: list[list[str]] = []
        self.unnamed = 0

    def handle(self, kiosk_id: str, request_id: str, command: cmd.Command) -> Reply:
        """Do a command once, and answer a repetition the same way."""
        remembered = self.answers.get(request_id)
        if remembered is None:
            remembered = command, self._decide(kiosk_id, request_id, command)
            if not isinstance(remembered[1], Refusal):
                self.answers[request_id] = remembered
        elif remembered[0] != command:
            raise RequestIdReused(request_id=request_id)
        if isinstance(remembered[1], Refusal):
            raise remembered[1]
        return remembered[1]

    def _decide(self, kiosk_id: str, request_id: str, command: cmd.Command) -> Reply | Refusal:
        try:
            return self._do(kiosk_id, request_id, command)
        except Refusal as fault:
            return fault

    def _do(self, kiosk_id: str, request_id: str, command: cmd.Command) -> Reply:
        match command:
            case cmd.GetHall():
                return self.hall
            case cmd.GetCatalogue(after=after):
                page = self.procedures[after : after + 2]
                return CatalogueReply(self.hall.catalogue_id, len(self.procedures), page)
            case cmd.IssueTicket():
                return self._issue(kiosk_id, request_id, command)
            case cmd.BookPlace():
                return PlaceReply(
                    self._next(), command.service_id, self.now + dt.timedelta(days=1), "p", "http://x/t/p"
                )
            case cmd.ReportPrint():
                self.tickets[command.ticket_id].reports.append(command)
            case cmd.ReportDevice():
                self.health.append(command.troubles)
            case cmd.ReserveNumbers():
                return self._reserve(kiosk_id)
            case cmd.ReturnNumbers():
                block = self._block(kiosk_id, command.block_id)
                block.first = max(block.first, command.first)
            case cmd.HandInTicket():
                return self._hand_in(kiosk_id, request_id, command)
            case cmd.WithdrawRequest():
                self._withdraw(command.withdrawn_id)
            case _:
                raise AssertionError(command)
        return DoneReply()

    def _next(self) -> int:
        self.seq += 1
        return self.seq

    def _issue(self, kiosk_id: str, request_id: str, command: cmd.IssueTicket) -> Reply:
        queue = self._queue(command.service_id)
        key = self.day, queue.queue_id
        count = self.given.get(key, 0) + 1
        mine = [block for block in self.blocks.values() if (block.day, block.queue_id) == key]
        while any(block.first <= count <= block.last or count in block.used for block in mine):
            count += 1
        self.given[key] = count
        return self._ticket(kiosk_id, request_id, queue, count, command.service_id, self.now, self.day, None)

    def _ticket(
        self,
        kiosk_id: str,
        request_id: str,
        queue: QueueInfo,
        count: int,
        service_id: str,
        at: dt.datetime,
        day: dt.date,
        block_id: int | None,
    ) -> TicketIssuedReply:
        ticket_id, number = self._next(), f"{queue.prefix}{count:03d}"
        self.tickets[ticket_id] = Ticket(ticket_id, number, service_id, day, at, request_id, kiosk_id, block_id)
        view = TicketView(ticket_id, number, day, service_id, "ordinary", TicketState.WAITING, at, 3, 5, 9)
        token = make_block_token(bytes.fromhex(f"{block_id:064x}"), block_id, count) if block_id else f"t{ticket_id}"
        return TicketIssuedReply(view, token, f"{self.hall.public_url}/t/{token}", ["c1"])

    def _queue(self, service_id: str) -> QueueInfo:
        queue_id = next(found.queue_id for found in self.hall.services if found.service_id == service_id)
        return next(found for found in self.hall.queues if found.queue_id == queue_id)

    def _reserve(self, kiosk_id: str) -> Reply:
        for day in (self.day, self.day + dt.timedelta(days=1)):
            for queue in self.hall.queues:
                self._reserve_of(kiosk_id, queue.queue_id, day)
        return BlocksReply([b.view() for b in self.blocks.values() if b.kiosk_id == kiosk_id and b.day >= self.day])

    def _reserve_of(self, kiosk_id: str, queue_id: str, day: dt.date) -> None:
        held = [block for block in self.blocks.values() if (block.queue_id, block.day) == (queue_id, day)]
        if not any(block.kiosk_id == kiosk_id for block in held):
            last = min([LAST + 1, *(block.first for block in held)]) - 1
            block_id = self._next()
            self.blocks[block_id] = Block(block_id, kiosk_id, queue_id, day, last - self.block_size + 1, last)

    def _block(self, kiosk_id: str, block_id: int) -> Block:
        block = self.blocks.get(block_id)
        if block is None or block.kiosk_id != kiosk_id:
            raise UnknownBlock(block_id=block_id)
        return block

    def _hand_in(self, kiosk_id: str, request_id: str, command: cmd.HandInTicket) -> Reply:
        block, queue = self._block(kiosk_id, command.block_id), self._queue(command.service_id)
        if command.count in block.used:
            raise NumberTaken(ticket_id=block.used[command.count])
        if queue.queue_id != block.queue_id or not block.first <= command.count <= block.last or block.day > self.day:
            raise NotInBlock(block_id=block.block_id, count=command.count)
        if command.instead_of is not None:
            self._withdraw(command.instead_of)
        at, service_id = command.issued_at, command.service_id
        reply = self._ticket(kiosk_id, request_id, queue, command.count, service_id, at, block.day, block.block_id)
        block.used[command.count] = reply.ticket.ticket_id
        return reply

    def _withdraw(self, request_id: str) -> None:
        remembered = self.answers.get(request_id)
        if remembered is None:
            self.answers[request_id] = None, RequestIdReused(request_id=request_id)
        elif isinstance(remembered[1], TicketIssuedReply):
            self.tickets[remembered[1].ticket.ticket_id].cancelled = True

    # ---- what it publishes ----

    def snapshot(self) -> Snapshot:
        statuses = [ServiceStatus(found.service_id, 0, 1) for found in self.hall.services]
        return Snapshot(self.epoch, self.seq, self.now, self.day, statuses, [], [], Satisfaction())

    def pulse(self) -> Pulse:
        shot = self.snapshot()
        return Pulse(shot.epoch, shot.seq, shot.at, shot.services, shot.satisfaction)


@dataclass
class Sent:
    """A request on its way."""

    request_id: str
    command: cmd.Command
    future: "Future[Reply]"
    deadline: float


class ModelClient:
    """A kiosk's connection to the model; requests arrive, and answers come back, only when the test says so."""

    def __init__(self, hall: ModelHall, kiosk_id: str = "kiosk-1") -> None:
        self.hall = hall
        self.kiosk_id = kiosk_id
        self.now = 0.0
        self.sent: list[Sent] = []
        self.told: list[tuple[str, cmd.Command]] = []
        """Everything that was ever sent."""

    def ask(self, command: cmd.Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        future: Future[Reply] = Future()
        self.hall.unnamed += 1
        name = request_id or f"unnamed-{self.hall.unnamed}"
        self.told.append((name, command))
        self.sent.append(Sent(name, command, future, self.now + within))
        return future

    def arrive(self, *, answered: bool = True) -> None:
        """All that is on its way reaches the hall; its answers come back, or are lost."""
        sent, self.sent = self.sent, []
        for one in sent:
            try:
                outcome: Reply | MotcuaError = self.hall.handle(self.kiosk_id, one.request_id, one.command)
            except Refusal as fault:
                outcome = fault
            if answered:
                _settle(one.future, outcome)
            else:
                self.sent.append(one)

    def expire(self, now: float) -> None:
        """Time passes: what was not answered in time fails."""
        self.now = now
        late = [one for one in self.sent if one.deadline <= now]
        self.sent = [one for one in self.sent if one.deadline > now]
        for one in late:
            _settle(one.future, ServerUnreachable("model"))

    def commands(self, kind: type[cmd.Command]) -> list[cmd.Command]:
        """What was sent of a kind, each request once."""
        return [command for _, command in dict(reversed(self.told)).items() if isinstance(command, kind)][::-1]


def _settle(future: "Future[Reply]", outcome: Reply | MotcuaError) -> None:
    if isinstance(outcome, MotcuaError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
