"""Sees everything that is committed, answered, printed and shown, and says which of the invariants is broken.

It folds the log by a few rules of its own, so that a fault in the product's fold does not hide itself.
"""

import re as patterns
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from display.board import Freshness
from protocol import codec
from protocol import events as ev
from protocol import replies as re
from protocol.errors import InternalError, StorageFailed
from protocol.words import TicketState
from queue_server.domain.chain import START, link
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import Batch, StoredEvent
from tests.simulation.hall import CONTACT, PERSON
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.hall_day import HallDay
    from tests.simulation.kiosk import Kiosk
    from tests.simulation.people import Citizens
    from tests.simulation.server import Server
    from tests.simulation.wall import Wall

INVARIANTS = {
    1: "what was acknowledged or published is there after any crash",
    2: "one request has one effect and always the same answer",
    3: "numbers are unique, and without holes but for those held, returned or withdrawn",
    4: "a ticket is at one counter at most and moves only as allowed",
    5: "the log adds up to the state, its chain is unbroken",
    6: "two programs reckon the same figures from the log",
    7: "walls never go back, never show what did not happen, and mark their age",
    8: "a rating belongs to one served ticket",
    9: "nothing personal stands outside the places for it",
    10: "after the last fault every journal empties and everybody can be called",
    11: "every paper carries a number of the hall, and no number is on two papers but for marked reprints",
    12: "no request meets a fault of the server's own",
}
_S = TicketState
_LIVE = {_S.WAITING, _S.CALLED, _S.SERVING, _S.PARKED}
_HANDS = {_S.CALLED, _S.SERVING}
_MOVES: dict[type[Struct], tuple[set[TicketState], TicketState]] = {
    ev.TicketCalled: ({_S.WAITING, _S.PARKED}, _S.CALLED),
    ev.TicketRecalled: ({_S.CALLED}, _S.CALLED),
    ev.TicketFinished: ({_S.SERVING}, _S.FINISHED),
    ev.NoShowMarked: ({_S.CALLED}, _S.NO_SHOW),
    ev.TicketParked: (_HANDS, _S.PARKED),
    ev.TicketDelayed: ({_S.WAITING}, _S.PARKED),
    ev.TicketReturned: ({_S.PARKED}, _S.WAITING),
    ev.TicketCancelled: (_LIVE | {_S.CANCELLED}, _S.CANCELLED),
    ev.TicketRestored: ({_S.NO_SHOW, _S.CANCELLED}, _S.WAITING),
}
"""What an event may do to a ticket: written down a second time on purpose."""
_CHANGES = frozenset(
    {"issue_ticket", "hand_in_ticket", "start_serving", "finish_ticket", "mark_no_show", "park_ticket"}
    | {"transfer_ticket", "recall_ticket", "resume_ticket", "rate_ticket", "rate_at_counter", "report_print"}
    | {"cancel_ticket", "delay_ticket", "book_place"}
)
"""Commands that change the hall whenever they are not refused."""
PERSONAL = patterns.compile(rb"%s\d{6}|%s" % (PERSON.encode(), CONTACT.encode()))
"""A citizen's number of twelve digits, or what he left to be called back; chance bytes hold neither."""


class Broken(BaseException):
    """An invariant does not hold; no program that is simulated can catch it."""

    def __init__(self, invariant: int, words: str) -> None:
        super().__init__(f"invariant {invariant} ({INVARIANTS[invariant]}): {words}")
        self.invariant = invariant


class _Type(Struct):
    type: str


class _Asked(Struct):
    request_id: str
    command: _Type


_asked = msgspec.json.Decoder(_Asked)


class Seen(Struct):
    """A ticket as the witness adds it up."""

    number: str
    day: str
    state: TicketState = TicketState.WAITING
    counter: str | None = None
    rated: bool = False
    withdrawn: bool = False


class Witness:
    """Keeps what was committed, acknowledged and shown."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people: Citizens | None = None
        self.head, self.seq, self.epoch = START, 0, ""
        self.answers: dict[str, bytes] = {}
        self.tickets: dict[int, Seen] = {}
        self.holding: dict[str, int] = {}
        self.numbers: dict[tuple[str, str, int], int] = {}
        self.given_alone: dict[int, set[int]] = {}
        """The counts that were handed in, by block."""
        self.blocks: dict[int, ev.NumbersReserved] = {}
        self.returned: dict[int, int] = {}
        self.rated = self.served = 0
        self.lives = 0
        self._asked: dict[str, str] = {}
        self._told: dict[str, tuple[int, bytes]] = {}
        self._walls: dict[str, tuple[object, str, int]] = {}

    # ---- what is committed ----

    def committed(self, batch: Batch) -> None:
        """A batch is on the disk."""
        rated = self.rated
        for event in batch.events:
            self._take(event)
        for ticket in batch.tickets:
            self._compare(ticket)
        for answer in batch.answers:
            if answer.request_id in self.answers:
                raise Broken(2, f"request {answer.request_id} was answered twice")
            self.answers[answer.request_id] = answer.reply
        if len(batch.ratings) != self.rated - rated:
            raise Broken(8, f"{len(batch.ratings)} ratings are stored for {self.rated - rated} rated tickets")
        self._look_for_persons(batch)
        self.world.counts["events"] += len(batch.events)
        self.world.seal(self.head)

    def _take(self, stored: StoredEvent) -> None:
        self.seq, self.head = self.seq + 1, link(self.head, stored.body)
        if (stored.seq, stored.hash) != (self.seq, self.head):
            raise Broken(5, f"event {stored.seq} does not follow event {self.seq - 1}")
        event = codec.decode_event(stored.body)
        self.epoch = event.epoch
        self._fold(event.body)

    def _fold(self, body: ev.EventBody) -> None:
        match body:
            case ev.TicketIssued():
                self._issue(body)
            case ev.ServingStarted():
                before = {_S.WAITING, _S.PARKED} if body.directly else {_S.CALLED}
                self._move(body.ticket_id, before, _S.SERVING, "serving started", body.counter_id)
            case ev.TicketTransferred():
                self._move(body.ticket_id, _LIVE, body.state, "transferred", None)
            case ev.TicketRated():
                self._rate(body.ticket_id)
            case ev.NumbersReserved():
                self.blocks[body.block_id] = body
            case ev.NumbersReturned():
                self.returned[body.block_id] = max(body.first, self.returned.get(body.block_id, 0))
            case _ if type(body) in _MOVES:
                before, after = _MOVES[type(body)]
                ticket_id: int = body.ticket_id  # type: ignore[union-attr]
                counter = getattr(body, "counter_id", None) if after in _HANDS else None
                self._move(ticket_id, before, after, type(body).__name__, counter)
                if isinstance(body, ev.TicketCancelled) and body.by == "kiosk":
                    self.tickets[ticket_id].withdrawn = True
            case _:
                pass

    def _issue(self, body: ev.TicketIssued) -> None:
        key = str(body.service_day), body.queue_id, body.count
        if key in self.numbers:
            raise Broken(3, f"{body.number} of {body.service_day} was given twice")
        self.numbers[key] = body.ticket_id
        self.tickets[body.ticket_id] = Seen(body.number, str(body.service_day))
        if body.block_id is not None:
            self.given_alone.setdefault(body.block_id, set()).add(body.count)
        if self.people is not None:
            self.people.was_issued(body.number)

    def _move(self, ticket_id: int, before: set[TicketState], after: TicketState, what: str, to: str | None) -> None:
        ticket = self.tickets[ticket_id]
        if ticket.state not in before:
            raise Broken(4, f"{ticket.number} is {ticket.state.value}, yet: {what}")
        if ticket.counter is not None and after not in _HANDS:
            self.holding.pop(ticket.counter, None)
            ticket.counter = None
        if to is not None:
            if self.holding.get(to, ticket_id) != ticket_id:
                raise Broken(4, f"{ticket.number} comes to counter {to}, which holds {self.holding[to]}")
            if ticket.counter not in (None, to):
                raise Broken(4, f"{ticket.number} is at counter {ticket.counter} and comes to {to}")
            self.holding[to], ticket.counter = ticket_id, to
        ticket.state = after
        if after is _S.FINISHED:
            self.served += 1
            if self.people is not None:
                self.people.was_served(ticket.number)

    def _rate(self, ticket_id: int) -> None:
        ticket = self.tickets[ticket_id]
        if ticket.rated or ticket.state is not _S.FINISHED:
            raise Broken(8, f"{ticket.number} is {ticket.state.value} and rated, rated before: {ticket.rated}")
        ticket.rated = True
        self.rated += 1

    def _compare(self, ticket: Ticket) -> None:
        seen = self.tickets.get(ticket.ticket_id)
        counter = ticket.counter_id if ticket.state in _HANDS else None
        if seen is None or (seen.state, seen.counter, seen.number) != (ticket.state, counter, ticket.number):
            raise Broken(5, f"stored is {ticket}, the log adds up to {seen}")

    def _look_for_persons(self, batch: Batch) -> None:
        public = [*(e.body for e in batch.events), *(a.reply for a in batch.answers)]
        public += [msgspec.json.encode(batch.rows), *(msgspec.json.encode(t) for t in batch.tickets)]
        kept = [rating.comment.encode() for rating in batch.ratings]
        for data in (*public, *kept, *(c.sealed for c in batch.callbacks)):
            if PERSONAL.search(data):
                raise Broken(9, f"a person stands in {data[:300]!r}")

    # ---- what is answered ----

    def requested(self, frame: bytes) -> None:
        """A device asks."""
        asked = _asked.decode(frame)
        self._asked[asked.request_id] = asked.command.type
        self.world.counts["commands"] += 1

    def answered(self, frame: bytes) -> None:
        """An answer leaves the server."""
        answer = codec.decode_answer(frame)
        name, reply = answer.request_id, answer.reply
        kept = self.answers.get(name)
        if isinstance(reply, re.Refused) and reply.code == InternalError.code:
            raise Broken(12, f"{self._asked.get(name)} {name}")
        if isinstance(reply, re.Refused) and reply.code == StorageFailed.code:
            self.lives += 1  # what was not stored is forgotten
            return
        if kept is not None:
            if kept != frame:
                raise Broken(2, f"request {name} has the answer {kept!r} and was told {frame!r}")
            return
        asked = self._asked.get(name, "")
        if asked in _CHANGES and not isinstance(reply, re.Refused):
            raise Broken(1, f"{asked} {name} was acknowledged and is not on the disk: {frame!r}")
        if not asked.startswith("get_"):
            told = self._told.setdefault(name, (self.lives, frame))
            if told[0] == self.lives and told[1] != frame:
                raise Broken(2, f"request {name} was told {told[1]!r} and then {frame!r}")
            self._told[name] = self.lives, frame

    def server_is_back(self, server: "Server") -> None:
        """The server runs again on what the disk held."""
        self.lives += 1
        service = server.service
        assert service is not None
        assert server.disk is not None
        if service.ledger.hall.seq != self.seq:
            raise Broken(1, f"the log went up to {self.seq} and goes up to {service.ledger.hall.seq} after a restart")
        if server.disk.load().head_hash != self.head:
            raise Broken(1, f"event {self.seq} is another one after a restart")
        live = {ticket_id: t.state for ticket_id, t in self.tickets.items() if t.state in _LIVE}
        if live != {ticket_id: ticket.state for ticket_id, ticket in service.hall.tickets.items()}:
            raise Broken(5, "the state after a restart is not what the log adds up to")

    # ---- what is shown ----

    def look_at_walls(self, day: "HallDay") -> None:
        """What the walls show now."""
        for wall in day.walls:
            if wall.up:
                self._look(wall, day.network.link(day.key(wall.name)).heard_at)

    def _look(self, wall: "Wall", heard_at: float) -> None:
        board = wall.board
        before = self._walls.get(wall.name)
        if before is not None and before[:2] == (board, board.epoch) and board.seq < before[2]:
            raise Broken(7, f"{wall.name} showed {before[2]} and shows {board.seq}")
        self._walls[wall.name] = board, board.epoch, board.seq
        if board.seq > self.seq:
            raise Broken(7, f"{wall.name} shows event {board.seq}, the log ends with {self.seq}")
        silent, fresh = self.world.now - heard_at, board.freshness(self.world.monotonic())
        least = Freshness.LOST if silent > 60.0 else Freshness.MARKED if silent > 3.0 else Freshness.LIVE
        if fresh < least:
            raise Broken(7, f"{wall.name} heard nothing for {silent:.1f} s and is {fresh.name}")
        if board.seq == self.seq:
            shown = board.numbers()
            for ticket in (self.tickets[held] for held in self.holding.values()):
                if ticket.state is _S.CALLED and ticket.number not in shown:
                    raise Broken(7, f"{ticket.number} is called and not on {wall.name}: {shown}")

    # ---- at the end ----

    def journals_are_empty(self, kiosks: "list[Kiosk]") -> None:
        """Some minutes after the last fault nothing is owed any more."""
        for kiosk in kiosks:
            if kiosk.owes:
                left = list(kiosk.journal.entries.values())
                raise Broken(10, f"{kiosk.name} (up: {kiosk.up}) still owes {left}")

    def day_is_over(self, day: "HallDay") -> None:
        """Everybody was called; look at everything once more."""
        from tests.simulation.evening import look_at_everything

        look_at_everything(self, day)
