"""A hall in a few dictionaries, without events, lines or storage: what the state machine compares the real one with.

`refuse_…` says with which code a command must be refused, or None; `do_…` lets an accepted one happen.
"""

import copy
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from protocol import commands as cmd
from protocol import replies as re
from tests.queue_server.factories import hall_file

LAST = 6
BLOCK = 2
RECALLS = 2
LEASE = 60
UNDO = 10
FROM_HOME = ("land", "civil")
PER_SERVICE = 2
LEADERS = ("90", "99")
OPERATORS = [f"{i:02}" for i in range(1, 9)] + ["90", "98", "99"]
IN_HAND = ("called", "serving")
LIVE = ("waiting", "called", "serving", "parked")
PLAIN = hall_file()
SERVICES = [service.id for service in PLAIN.services]
SERVED_AT = {counter.id: list(counter.services) for counter in PLAIN.counters}
UNDOABLE = {
    "CallNext", "CallTicket", "RecallTicket", "StartServing", "MarkNoShow", "RestoreTicket", "ServeDirectly",
    "FinishTicket", "ParkTicket", "ResumeTicket", "TransferTicket", "RecordServices", "AddNote", "FlagTimes",
    "CheckClaim", "GrantComeBack", "PauseCounter", "ContinueCounter", "CancelTicket",
}  # fmt: skip


@dataclass
class Turn:
    """What the model knows of a ticket."""

    number: str
    day: dt.date
    service_id: str
    class_id: str
    token: str = ""
    state: str = "waiting"
    counter_id: str | None = None
    recalls: int = 0
    score: int | None = None
    ended: dt.datetime | None = None
    parked_until: dt.datetime | None = None
    target: str = ""
    return_to: str | None = None
    legs: list[tuple[str, str]] = field(default_factory=list)
    back_office: bool = False
    moves: int = 0
    come_back: dt.datetime | None = None
    used: bool = False
    used_by: int | None = None
    withdrawn: bool = False
    delayed: bool = False


@dataclass
class Seat:
    """What the model knows of a counter."""

    operator_id: str | None = None
    paused: bool = False
    asks: bool = False
    asks_service: str | None = None
    services: list[str] | None = None
    takes: str = "all"
    alarm: bool = False
    last_finished: int | None = None
    kept: dt.datetime | None = None


@dataclass
class Undo:
    """What a counter's last action changed: before and after."""

    at: dt.datetime
    turns: dict[int, Turn | None]
    after: dict[int, Turn]
    seat: Seat
    held_after: int | None


@dataclass
class Appointment:
    """A promised place."""

    service_id: str
    class_id: str
    slot_at: dt.datetime
    token: str
    ticket_id: int | None = None
    booked: dt.datetime | None = None
    """When it was taken from home."""
    mark: str = ""


@dataclass
class Block:
    """Numbers that a kiosk may give alone; `papers` are those surely or perhaps given: the ticket, or None."""

    kiosk_id: str
    service_id: str
    day: dt.date
    first: int
    last: int
    papers: dict[int, int | None] = field(default_factory=dict)

    @property
    def next(self) -> int:
        """The first number that is on no paper as far as the hall knows."""
        return max([self.first, *(count + 1 for count in self.papers)])

    def keeps(self, number: int) -> bool:
        """Whether a number is nobody else's."""
        return self.first <= number <= self.last or number in self.papers


@dataclass
class Model:
    """The whole hall."""

    day: dt.date | None = None
    last: dict[str, int] = field(default_factory=dict)
    """The number given last at the counters and online, today."""
    blocks: dict[int, Block] = field(default_factory=dict)
    numbers: dict[tuple[dt.date, str], set[int]] = field(default_factory=dict)
    """All numbers that were ever given, per day and service."""
    gave: dict[str, tuple[int, str]] = field(default_factory=dict)
    """What requests gave: the ticket, and to which device."""
    asking: str = ""
    """The device that asks."""
    turns: dict[int, Turn] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=lambda: {c: Seat() for c in SERVED_AT})
    undos: dict[str, Undo] = field(default_factory=dict)
    suspended: set[str] = field(default_factory=set)
    kiosk_suspended: bool = False
    appointments: dict[int, Appointment] = field(default_factory=dict)
    announced: dict[int, tuple[str, dt.datetime | None]] = field(default_factory=dict)
    """What was said to the room: how, and until when."""
    finished: int = 0
    scores: list[tuple[str, int]] = field(default_factory=list)
    """Services and scores of today's tickets, in the order in which they were given."""
    began: dt.datetime | None = None

    # ---- looking ----

    def held(self, counter_id: str) -> int | None:
        """The ticket at a counter."""
        found = [i for i, t in self.turns.items() if t.counter_id == counter_id and t.state in IN_HAND]
        assert len(found) <= 1, "a counter holds two tickets"
        return found[0] if found else None

    def services_of(self, counter_id: str) -> list[str]:
        """What a counter calls."""
        return self.seats[counter_id].services or SERVED_AT[counter_id]

    def mine(self, counter_id: str) -> set[str]:
        """The targets that a counter is."""
        return {f"counter:{counter_id}", f"operator:{self.seats[counter_id].operator_id}"}

    def present(self) -> set[str]:
        """The targets that somebody is there for."""
        staffed = {c: seat.operator_id for c, seat in self.seats.items() if seat.operator_id}
        return {f"counter:{c}" for c in staffed} | {f"operator:{o}" for o in staffed.values()}

    def eligible(self, counter_id: str, service_id: str | None = None) -> set[int]:
        """Whom a counter may call next, at all or within one service."""
        seat, mine, present = self.seats[counter_id], self.mine(counter_id), self.present()
        services = [service_id] if service_id else self.services_of(counter_id)
        found = set()
        for ticket_id, turn in self.turns.items():
            if turn.state != "waiting":
                continue
            wanted = seat.takes == "all" or (seat.takes == "priority") == (turn.class_id == "elderly")
            reachable = not turn.target or turn.target in mine or turn.target not in present
            by_service = turn.service_id in services and reachable and (wanted or bool(turn.target))
            foreign = turn.target in mine and service_id is None and turn.service_id not in services
            if by_service or foreign:
                found.add(ticket_id)
        return found

    def asked_for(self, counter_id: str) -> set[int]:
        """Whom a counter that asked for the next arrival gets."""
        wanted = self.seats[counter_id].asks_service
        if wanted is not None and wanted not in self.services_of(counter_id):
            return set()
        return self.eligible(counter_id, wanted)

    def lease_holds(self, counter_id: str, now: dt.datetime) -> bool:
        """Whether somebody is at a counter whose page was heard lately."""
        seat = self.seats[counter_id]
        heard = seat.kept or self.began or now
        return seat.operator_id is not None and abs((now - heard).total_seconds()) <= LEASE

    def sitting(self, operator_id: str) -> str | None:
        """Where an operator sits."""
        return next((c for c, seat in self.seats.items() if seat.operator_id == operator_id), None)

    def hearing(self, other: "Model") -> "Model":
        """This model with what the other heard of counters' pages: nobody unhears it, whatever the disk does."""
        self.began = other.began
        for counter_id, seat in self.seats.items():
            seat.kept = other.seats[counter_id].kept
        return self

    # ---- numbers ----

    def free(self, service_id: str, day: dt.date) -> list[int]:
        """The numbers that can still be given online on a day, in order: those given back late come last."""
        last = self.last.get(service_id, 0) if day == self.day else 0
        blocks = [b for b in self.blocks.values() if (b.service_id, b.day) == (service_id, day)]
        kept = {number for number in range(1, LAST + 1) if any(b.keeps(number) for b in blocks)}
        kept |= self.numbers.get((day, service_id), set())
        return [number for number in (*range(last + 1, LAST + 1), *range(1, last + 1)) if number not in kept]

    def held_by_kiosks(self, service_id: str) -> bool:
        """Whether a kiosk could spare numbers of today."""
        mine = [b for b in self.blocks.values() if (b.service_id, b.day) == (service_id, self.day)]
        return any(block.next <= block.last for block in mine)

    def note_number(self, service_id: str, day: dt.date, number: int) -> None:
        """Whatever happens: no number twice in a day."""
        given = self.numbers.setdefault((day, service_id), set())
        assert number not in given, f"{service_id} {number} was given twice on {day}"
        given.add(number)

    def _next(self, service_id: str) -> str:
        """The next number as people see it, from now on given."""
        assert self.day is not None
        number = self.free(service_id, self.day)[0]
        self.last[service_id] = max(number, self.last.get(service_id, 0))
        self.note_number(service_id, self.day, number)
        return f"{number:03}"

    # ---- time ----

    def keep_time(self, now: dt.datetime) -> None:
        """A new day, and parked tickets that are due."""
        self.began = self.began or now
        today = (now + dt.timedelta(hours=7)).date()
        if self.day is None or today > self.day:
            self._start_day(today, now)
        for turn in self.turns.values():
            due = turn.state == "parked" and turn.parked_until is not None and turn.parked_until <= now
            if due and not turn.back_office:
                self.move(turn, "waiting")

    def _start_day(self, today: dt.date, now: dt.datetime) -> None:
        for turn in self.turns.values():
            if turn.state in LIVE and turn.state != "serving":
                self.move(turn, "cancelled", now)
            if turn.come_back is not None and turn.come_back < now:
                turn.come_back = None
        for counter_id, seat in self.seats.items():
            seat.services, seat.takes = None, "all"
            if self.held(counter_id) is None:
                self._leave(seat)
        self.appointments = {i: a for i, a in self.appointments.items() if a.slot_at >= now - dt.timedelta(days=1)}
        self.announced = {i: one for i, one in self.announced.items() if one[1] is None or one[1] >= now}
        self.day, self.last, self.finished, self.scores = today, {}, 0, []
        self.blocks = {i: b for i, b in self.blocks.items() if b.day >= today - dt.timedelta(days=7)}
        self.undos.clear()

    def _leave(self, seat: Seat) -> None:
        seat.operator_id, seat.paused, seat.asks, seat.asks_service = None, False, False, None

    def move(self, turn: Turn, state: str, now: dt.datetime | None = None) -> None:
        """A ticket's new state."""
        turn.state, turn.moves = state, turn.moves + 1
        turn.ended = now if state not in LIVE else None
        if state != "parked":
            turn.parked_until = None

    def out_of_hand(self, turn: Turn) -> None:
        """A stay at a counter ended without ending the visit."""
        if turn.counter_id is not None:
            turn.legs.append((turn.counter_id, turn.service_id))
        turn.counter_id, turn.recalls = None, 0

    # ---- why not ----

    def refusal(self, command: Any, now: dt.datetime) -> str | None:
        """The code with which a command must be refused."""
        code: str | None = getattr(self, f"refuse_{type(command).__name__}")(command, now)
        return code

    def _staffed(self, counter_id: str, operator_id: str | None) -> str | None:
        if counter_id not in self.seats:
            return "unknown_counter"
        there = self.seats[counter_id].operator_id
        if there is None:
            return "counter_not_open"
        return "lease_taken" if operator_id not in (None, there) else None

    def _idle(self, command: Any) -> str | None:
        return self._staffed(command.counter_id, command.operator_id) or (
            "counter_busy" if self.held(command.counter_id) else None
        )

    def _ready(self, command: Any) -> str | None:
        return self._idle(command) or ("counter_paused" if self.seats[command.counter_id].paused else None)

    def _held(self, command: Any, ticket_id: int | None = None) -> str | None:
        if command.counter_id not in self.seats:
            return "unknown_counter"
        if command.operator_id is not None and (code := self._staffed(command.counter_id, command.operator_id)):
            return code
        turn = self.turns.get(ticket_id or command.ticket_id)
        if turn is None:
            return "unknown_ticket"
        if turn.state not in IN_HAND:
            return "wrong_state"
        return "not_at_this_counter" if turn.counter_id != command.counter_id else None

    def _in_state(self, command: Any, *states: str) -> str | None:
        return self._held(command) or (None if self.turns[command.ticket_id].state in states else "wrong_state")

    def _leader(self, operator_id: str) -> str | None:
        if operator_id not in OPERATORS:
            return "unknown_operator"
        return None if operator_id in LEADERS else "not_permitted"

    def _known(self, service_id: str, class_id: str = "ordinary") -> str | None:
        if service_id not in SERVICES:
            return "unknown_service"
        return None if class_id in ("ordinary", "elderly") else "unknown_class"

    def _performed(self, command: Any) -> str | None:
        for one in command.performed:
            if one.service_id not in SERVICES:
                return "unknown_service"
            if one.result_id not in ("", "received", "must_supplement"):
                return "unknown_result"
        return None

    def refuse_IssueTicket(self, command: cmd.IssueTicket, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._known(command.service_id, command.class_id):
            return code
        if self.kiosk_suspended:
            return "kiosk_suspended"
        if command.service_id in self.suspended:
            return "service_suspended"
        return self.exhausted(command.service_id)

    def exhausted(self, service_id: str) -> str | None:
        """Whether no number can be given online any more."""
        assert self.day is not None
        return None if self.free(service_id, self.day) else "numbers_exhausted"

    def refuse_ReserveNumbers(self, command: cmd.ReserveNumbers, now: dt.datetime) -> str | None:  # noqa: N802
        return None

    refuse_WithdrawRequest = refuse_ReserveNumbers  # noqa: N815

    def refuse_ReturnNumbers(self, command: cmd.ReturnNumbers, now: dt.datetime) -> str | None:  # noqa: N802
        block = self.blocks.get(command.block_id)
        if block is None or block.kiosk_id != self.asking:
            return "unknown_block"
        return "not_in_block" if command.first > block.last + 1 else None

    def refuse_HandInTicket(self, command: cmd.HandInTicket, now: dt.datetime) -> str | None:  # noqa: N802
        block = self.blocks.get(command.block_id)
        if block is None or block.kiosk_id != self.asking:
            return "unknown_block"
        if code := self._known(command.service_id, command.class_id):
            return code
        if block.papers.get(command.count):
            return "number_taken"
        assert self.day is not None
        fits = block.keeps(command.count) and command.service_id == block.service_id and block.day <= self.day
        return None if fits else "not_in_block"

    def refuse_BookPlace(self, command: cmd.BookPlace, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._known(command.service_id, command.class_id):
            return code
        return "kiosk_suspended" if self.kiosk_suspended else "no_place_left"

    def refuse_BookAppointment(self, command: cmd.BookAppointment, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._leader(command.operator_id) or self._known(command.service_id, command.class_id):
            return code
        return "invalid_slot" if command.slot_at <= now else None

    def refuse_BookFromHome(self, command: cmd.BookFromHome, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._known(command.service_id, command.class_id):
            return code
        if command.service_id not in FROM_HOME:
            return "not_from_home"
        if command.service_id in self.suspended:
            return "service_suspended"
        today = (now + dt.timedelta(hours=7)).date()
        taken = [
            a for a in self.appointments.values() if a.booked and (a.booked + dt.timedelta(hours=7)).date() == today
        ]
        full = sum(a.service_id == command.service_id for a in taken) >= PER_SERVICE
        return "too_many_from_home" if full or any(a.mark == command.mark for a in taken) else None

    def refuse_ConfirmArrival(self, command: cmd.ConfirmArrival, now: dt.datetime) -> str | None:  # noqa: N802
        claim = next((a for a in self.appointments.values() if a.token == command.token), None)
        return self._refuse_appointment(claim, now) if claim and claim.booked else "invalid_token"

    def refuse_AcknowledgeCall(self, command: cmd.AcknowledgeCall, now: dt.datetime) -> str | None:  # noqa: N802
        return None

    def refuse_MakeAnnouncement(self, command: cmd.MakeAnnouncement, now: dt.datetime) -> str | None:  # noqa: N802
        return self._leader(command.operator_id) or ("unknown_display" if command.display_ids else None)

    def refuse_EndAnnouncement(self, command: cmd.EndAnnouncement, now: dt.datetime) -> str | None:  # noqa: N802
        unknown = command.announcement_id not in self.announced
        return self._leader(command.operator_id) or ("unknown_announcement" if unknown else None)

    def refuse_CheckIn(self, command: cmd.CheckIn, now: dt.datetime) -> str | None:  # noqa: N802
        claim = next((a for a in self.appointments.values() if a.token == command.token), None)
        if self.kiosk_suspended and (claim or any(turn.token == command.token for turn in self.turns.values())):
            return "kiosk_suspended"
        if claim is not None:
            return self._refuse_appointment(claim, now)
        turn = next((t for t in self.turns.values() if t.token == command.token and t.come_back is not None), None)
        if turn is None or turn.come_back is None:
            return "invalid_token"
        if turn.used:
            return "already_checked_in"
        return "too_late" if now > turn.come_back else self.exhausted(turn.service_id)

    def _refuse_appointment(self, claim: Appointment, now: dt.datetime) -> str | None:
        if claim.ticket_id is not None:
            return "already_checked_in"
        if now < claim.slot_at - dt.timedelta(minutes=60):
            return "too_early"
        local = dt.timedelta(hours=7)
        if (now + local).date() > (claim.slot_at + local).date():
            return "too_late"
        return self.exhausted(claim.service_id)

    def refuse_ReportPrint(self, command: cmd.ReportPrint, now: dt.datetime) -> str | None:  # noqa: N802
        return None if command.ticket_id in self.turns else "unknown_ticket"

    def refuse_OpenCounter(self, command: cmd.OpenCounter, now: dt.datetime) -> str | None:  # noqa: N802
        if command.counter_id not in self.seats:
            return "unknown_counter"
        if command.operator_id not in OPERATORS:
            return "unknown_operator"
        if command.operator_id == "98":
            return "not_permitted"
        there = self.seats[command.counter_id].operator_id
        if there == command.operator_id:
            return None
        if there is not None and self.lease_holds(command.counter_id, now):
            return "counter_taken"
        elsewhere = self.sitting(command.operator_id)
        if elsewhere and (self.held(elsewhere) or self.lease_holds(elsewhere, now)):
            return "operator_elsewhere"
        return None

    def refuse_CloseCounter(self, command: cmd.CloseCounter, now: dt.datetime) -> str | None:  # noqa: N802
        return self._idle(command)

    def refuse_PauseCounter(self, command: cmd.PauseCounter, now: dt.datetime) -> str | None:  # noqa: N802
        return self._ready(command) or (None if command.reason_id == "break" else "unknown_reason")

    def refuse_ContinueCounter(self, command: cmd.ContinueCounter, now: dt.datetime) -> str | None:  # noqa: N802
        return self._staffed(command.counter_id, command.operator_id)

    def refuse_RaiseAlarm(self, command: cmd.RaiseAlarm, now: dt.datetime) -> str | None:  # noqa: N802
        return None if command.counter_id in self.seats else "unknown_counter"

    def refuse_AnswerAlarm(self, command: cmd.AnswerAlarm, now: dt.datetime) -> str | None:  # noqa: N802
        if command.alarm_counter_id not in self.seats:
            return "unknown_counter"
        if command.operator_id in LEADERS:
            code = None if command.counter_id in self.seats else "unknown_counter"
        else:
            code = self._staffed(command.counter_id, command.operator_id)
        if code:
            return code
        return None if self.seats[command.alarm_counter_id].alarm else "no_alarm"

    def refuse_CallNext(self, command: cmd.CallNext, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._staffed(command.counter_id, command.operator_id):
            return code
        if command.service_id is not None:
            if command.service_id not in SERVICES:
                return "unknown_service"
            if command.service_id not in self.services_of(command.counter_id):
                return "not_served_here"
        if command.finish_ticket_id is not None:
            if code := self._held(command, command.finish_ticket_id):
                return code
            return None if self.turns[command.finish_ticket_id].state == "serving" else "wrong_state"
        return self._ready(command)

    def refuse_CallTicket(self, command: cmd.CallTicket, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._ready(command):
            return code
        if self.seats[command.counter_id].operator_id not in LEADERS:
            return "not_permitted"
        waiting = [t for t in self.turns.values() if t.state == "waiting" and t.number == command.number]
        return None if waiting else "unknown_number"

    def refuse_RecallTicket(self, command: cmd.RecallTicket, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._in_state(command, "called"):
            return code
        return "too_many_recalls" if self.turns[command.ticket_id].recalls == RECALLS else None

    def refuse_StartServing(self, command: cmd.StartServing, now: dt.datetime) -> str | None:  # noqa: N802
        return self._in_state(command, "called")

    refuse_MarkNoShow = refuse_StartServing  # noqa: N815

    def refuse_RestoreTicket(self, command: cmd.RestoreTicket, now: dt.datetime) -> str | None:  # noqa: N802
        if command.counter_id is not None:
            code = self._staffed(command.counter_id, command.operator_id)
        elif command.operator_id is None:
            code = "malformed_request"
        else:
            code = self._leader(command.operator_id)
        if code:
            return code
        turn = self.turns.get(command.ticket_id)
        if turn is None:
            return "unknown_ticket"
        ended = turn.state in ("no_show", "cancelled") and turn.day == self.day and not turn.back_office
        return None if ended else "wrong_state"

    def refuse_ServeDirectly(self, command: cmd.ServeDirectly, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._ready(command) or self._known(command.service_id, command.class_id):
            return code
        return None if command.back_office else self.exhausted(command.service_id)

    def refuse_FinishTicket(self, command: cmd.FinishTicket, now: dt.datetime) -> str | None:  # noqa: N802
        return self._in_state(command, "serving") or self._performed(command)

    def refuse_GrantComeBack(self, command: cmd.GrantComeBack, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._in_state(command, "serving"):
            return code
        return "wrong_state" if self.turns[command.ticket_id].back_office else self._performed(command)

    def refuse_ParkTicket(self, command: cmd.ParkTicket, now: dt.datetime) -> str | None:  # noqa: N802
        return self._held(command)

    def refuse_ResumeTicket(self, command: cmd.ResumeTicket, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._ready(command):
            return code
        turn = self.turns.get(command.ticket_id)
        if turn is None:
            return "unknown_ticket"
        if turn.state != "parked":
            return "wrong_state"
        here = turn.target in self.mine(command.counter_id) or turn.service_id in self.services_of(command.counter_id)
        return None if here else "not_served_here"

    def refuse_TransferTicket(self, command: cmd.TransferTicket, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._held(command):
            return code
        if not self.turns[command.ticket_id].back_office and (code := self._nowhere(command)):
            return code
        turn = self.turns[command.ticket_id]
        if turn.back_office:
            return "wrong_state"
        here = (None, self.seats[command.counter_id].operator_id)
        same = command.to_counter_id in (None, command.counter_id) and command.to_operator_id in here
        return "no_destination" if same and command.service_id in (None, turn.service_id) else None

    def _nowhere(self, command: Any) -> str | None:
        if command.to_counter_id is not None and command.to_counter_id not in self.seats:
            return "unknown_counter"
        if command.to_operator_id is not None and command.to_operator_id not in OPERATORS:
            return "unknown_operator"
        if command.to_operator_id == "98":
            return "not_permitted"
        turn = self.turns[command.ticket_id]
        return self._known(command.service_id or turn.service_id, getattr(command, "class_id", None) or "ordinary")

    def refuse_MoveTicket(self, command: cmd.MoveTicket, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._leader(command.operator_id):
            return code
        turn = self.turns.get(command.ticket_id)
        if turn is None:
            return "unknown_ticket"
        return "wrong_state" if turn.state not in LIVE or turn.back_office else self._nowhere(command)

    def refuse_RecordServices(self, command: cmd.RecordServices, now: dt.datetime) -> str | None:  # noqa: N802
        return self._held(command) or self._performed(command)

    def refuse_AddNote(self, command: cmd.AddNote | cmd.FlagTimes, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._staffed(command.counter_id, command.operator_id):
            return code
        turn = self.turns.get(command.ticket_id)
        if turn is None:
            return "unknown_ticket"
        return None if turn.state in LIVE or turn.day == self.day else "wrong_state"

    def refuse_FlagTimes(self, command: cmd.FlagTimes, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self.refuse_AddNote(command, now):
            return code
        mine = self.turns[command.ticket_id].counter_id == command.counter_id
        return None if mine else "not_at_this_counter"

    def refuse_CheckClaim(self, command: cmd.CheckClaim, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._held(command):
            return code
        return None if self.turns[command.ticket_id].class_id == "elderly" else "no_claim"

    def refuse_CancelTicket(self, command: cmd.CancelTicket, now: dt.datetime) -> str | None:  # noqa: N802
        ticket_id = self.meant(command)
        if isinstance(ticket_id, str):
            return ticket_id
        turn = self.turns[ticket_id]
        if command.token is None and (code := self._not_his_to_cancel(command, turn)):
            return code
        return None if turn.state in LIVE else "wrong_state"

    def _not_his_to_cancel(self, command: cmd.CancelTicket, turn: Turn) -> str | None:
        if command.counter_id is None:
            return self._leader(command.operator_id) if command.operator_id else "malformed_request"
        if code := self._staffed(command.counter_id, command.operator_id):
            return code
        if turn.state in IN_HAND:
            mine = turn.counter_id == command.counter_id
        else:
            mine = turn.service_id in self.services_of(command.counter_id)
        return None if mine or turn.target in self.mine(command.counter_id) else "not_at_this_counter"

    def meant(self, command: cmd.CancelTicket | cmd.RateTicket | cmd.DelayTicket) -> int | str:
        """The ticket that a command means, or the code of its refusal."""
        if command.token is not None:
            found = [ticket_id for ticket_id, turn in self.turns.items() if turn.token == command.token]
            return found[0] if found else "invalid_token"
        assert isinstance(command, cmd.CancelTicket)
        if command.ticket_id is None:
            return "malformed_request"
        return command.ticket_id if command.ticket_id in self.turns else "unknown_ticket"

    def refuse_RateTicket(self, command: cmd.RateTicket, now: dt.datetime) -> str | None:  # noqa: N802
        ticket_id = self.meant(command)
        if isinstance(ticket_id, str):
            return ticket_id
        return self._unratable(self.turns[ticket_id], now) or (
            "unknown_reason" if "weather" in command.reasons else None
        )

    def refuse_DelayTicket(self, command: cmd.DelayTicket, now: dt.datetime) -> str | None:  # noqa: N802
        ticket_id = self.meant(command)
        if isinstance(ticket_id, str):
            return ticket_id
        turn = self.turns[ticket_id]
        return "wrong_state" if turn.state != "waiting" else "already_delayed" if turn.delayed else None

    def _unratable(self, turn: Turn, now: dt.datetime) -> str | None:
        if turn.score is not None:
            return "already_rated"
        if turn.state != "finished" or turn.ended is None or turn.back_office:
            return "not_yet_served"
        return "rating_closed" if now - turn.ended > dt.timedelta(hours=24) else None

    def refuse_RateAtCounter(self, command: cmd.RateAtCounter, now: dt.datetime) -> str | None:  # noqa: N802
        if command.counter_id not in self.seats:
            return "unknown_counter"
        if command.ticket_id not in self.turns:
            return "unknown_ticket"
        if self.seats[command.counter_id].last_finished != command.ticket_id:
            return "not_at_this_counter"
        return self._unratable(self.turns[command.ticket_id], now)

    def refuse_SuspendService(self, command: cmd.SuspendService, now: dt.datetime) -> str | None:  # noqa: N802
        return self._leader(command.operator_id) or self._known(command.service_id)

    refuse_ReopenService = refuse_SuspendService  # noqa: N815

    def refuse_SuspendKiosk(self, command: cmd.SuspendKiosk, now: dt.datetime) -> str | None:  # noqa: N802
        return self._leader(command.operator_id) or (None if command.device_id == "kiosk-1" else "unknown_device")

    refuse_ReopenKiosk = refuse_SuspendKiosk  # noqa: N815

    def refuse_AssignServices(self, command: cmd.AssignServices, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._leader(command.operator_id):
            return code
        if command.counter_id not in self.seats:
            return "unknown_counter"
        unknown = [service for service in command.service_ids or [] if service not in SERVICES]
        return "unknown_service" if unknown else None

    def refuse_TakeOverCounter(self, command: cmd.TakeOverCounter, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._leader(command.operator_id):
            return code
        if command.counter_id not in self.seats:
            return "unknown_counter"
        new = command.new_operator_id
        if new is None:
            return None if self.seats[command.counter_id].operator_id else "counter_not_open"
        if new not in OPERATORS:
            return "unknown_operator"
        if new == "98":
            return "not_permitted"
        elsewhere = self.sitting(new)
        if elsewhere in (None, command.counter_id):
            return None
        return "operator_elsewhere" if self.held(elsewhere) or self.lease_holds(elsewhere, now) else None

    def refuse_SendMessage(self, command: cmd.SendMessage, now: dt.datetime) -> str | None:  # noqa: N802
        unknown = [counter for counter in command.counter_ids if counter not in self.seats]
        return self._leader(command.operator_id) or ("unknown_counter" if unknown else None)

    def refuse_SetCounterCount(self, command: cmd.SetCounterCount, now: dt.datetime) -> str | None:  # noqa: N802
        return self._leader(command.operator_id)

    def refuse_UndoAction(self, command: cmd.UndoAction, now: dt.datetime) -> str | None:  # noqa: N802
        if code := self._staffed(command.counter_id, command.operator_id):
            return code
        undo = self.undos.get(command.counter_id)
        if undo is None or command.action_seq == 0 or not 0 <= (now - undo.at).total_seconds() <= UNDO:
            return "undo_impossible"
        if self.held(command.counter_id) != undo.held_after:
            return "undo_impossible"
        pairs = [(self.turns[i], after) for i, after in undo.after.items()]
        gone_on = any(t.moves != a.moves or t.score != a.score or t.used for t, a in pairs)
        return "undo_impossible" if gone_on else None

    # ---- what happens ----

    def happen(self, command: Any, reply: Any, now: dt.datetime) -> None:
        """Let an accepted command happen, and check its reply."""
        counter_id = getattr(command, "counter_id", None)
        kind = type(command).__name__
        before = copy.deepcopy((self.turns, self.seats))
        getattr(self, f"do_{kind}", self._nothing)(command, reply, now)
        if counter_id is None or kind in ("AssignServices", "TakeOverCounter"):
            return
        if getattr(command, "operator_id", None) in (None, self.seats[counter_id].operator_id):
            self.seats[counter_id].kept = now
        self._note_undo(command, reply, before, now)

    def _note_undo(
        self, command: Any, reply: Any, before: tuple[dict[int, Turn], dict[str, Seat]], now: dt.datetime
    ) -> None:
        """What changed can be taken back; a command that recorded nothing leaves the last action as it was."""
        (turns, seats), counter_id, kind = before, command.counter_id, type(command).__name__
        if not _recorded(command, reply, seats[counter_id]):
            return
        self.undos.pop(counter_id, None)
        if kind not in UNDOABLE:
            return
        changed = {i for i, turn in self.turns.items() if turns.get(i) != turn}
        if kind in ("RecordServices", "AddNote", "FlagTimes", "CheckClaim"):
            changed.add(command.ticket_id)
        images = {i: turns.get(i) for i in changed}
        after = {i: copy.deepcopy(self.turns[i]) for i in changed}
        self.undos[counter_id] = Undo(now, images, after, seats[counter_id], self.held(counter_id))

    def _nothing(self, command: Any, reply: Any, now: dt.datetime) -> None:
        """Nothing that the model knows of."""

    def _number(self, reply: re.TicketIssuedReply, now: dt.datetime) -> Turn:
        """The next number of its queue and day that no kiosk keeps, without a hole."""
        ticket = reply.ticket
        assert ticket.number[1:] == self._next(ticket.service_id)
        assert ticket.service_day == self.day
        assert ticket.ticket_id not in self.turns
        assert self.day is not None
        turn = Turn(ticket.number, self.day, ticket.service_id, ticket.class_id, reply.token)
        self.turns[ticket.ticket_id] = turn
        return turn

    def do_IssueTicket(self, command: cmd.IssueTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self._number(reply, now)

    def do_BookAppointment(self, command: cmd.BookAppointment, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.appointments[reply.appointment_id] = Appointment(
            command.service_id, command.class_id, command.slot_at, reply.token
        )

    def do_BookFromHome(self, command: cmd.BookFromHome, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        assert reply.from_home
        assert reply.slot_at >= now
        self.appointments[reply.appointment_id] = Appointment(
            command.service_id, command.class_id, reply.slot_at, reply.token, None, now, command.mark
        )

    def do_ConfirmArrival(self, command: cmd.ConfirmArrival, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.do_CheckIn(cmd.CheckIn(command.token), reply, now)

    def make_announcement(self, announcement_id: int, command: cmd.MakeAnnouncement, now: dt.datetime) -> None:
        """Whatever stands then: twenty at most, what is over goes first and emergencies last."""
        until = now + dt.timedelta(minutes=command.minutes) if command.minutes else None

        def rank(one: int) -> tuple[bool, bool, int]:
            kind, ends = self.announced[one]
            return ends is None or ends > now, kind == "emergency", one

        for one in sorted(self.announced, key=rank)[: max(0, len(self.announced) - 19)]:
            del self.announced[one]
        self.announced[announcement_id] = command.kind, until

    def do_EndAnnouncement(self, command: cmd.EndAnnouncement, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        del self.announced[command.announcement_id]

    def do_CheckIn(self, command: cmd.CheckIn, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        for claim in self.appointments.values():
            if claim.token == command.token:
                claim.ticket_id = reply.ticket.ticket_id
        for turn in self.turns.values():
            if turn.token == command.token:
                turn.used, turn.used_by = True, reply.ticket.ticket_id
        self._number(reply, now)

    def do_ReserveNumbers(self, command: cmd.ReserveNumbers, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        """The same blocks as long as they have numbers; new ones of free numbers only, at most half of them."""
        assert self.day is not None
        told = {(block.queue_id, block.service_day): block for block in reply.blocks}
        assert len(told) == len(reply.blocks)
        days = (self.day, self.day + dt.timedelta(days=1))
        assert set(told) <= {(service_id, day) for service_id in SERVICES for day in days}
        for service_id in SERVICES:
            for day in days:
                self._reserve(service_id, day, told.get((service_id, day)))

    def _reserve(self, service_id: str, day: dt.date, told: re.NumberBlock | None) -> None:
        asking = self.asking, service_id, day
        mine = {i: b for i, b in self.blocks.items() if (b.kiosk_id, b.service_id, b.day) == asking}
        left = [(i, b.next, b.last) for i, b in mine.items() if b.next <= b.last]
        last = self.last.get(service_id, 0) if day == self.day else 0
        free = [number for number in self.free(service_id, day) if number > last]
        if left:
            assert told is not None
            assert [(told.block_id, told.first, told.last)] == left
        elif told is not None:
            numbers = range(told.first, told.last + 1)
            assert told.block_id not in self.blocks
            assert set(numbers) <= set(free)
            assert 0 < len(numbers) <= min(BLOCK, len(free) // 2)
            assert not mine or len(numbers) == BLOCK
            self.blocks[told.block_id] = Block(self.asking, service_id, day, told.first, told.last)
        else:
            assert mine or len(free) < 2

    def do_ReturnNumbers(self, command: cmd.ReturnNumbers, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        """Numbers below one that is known to be on paper may be on paper too."""
        block = self.blocks[command.block_id]
        for count in range(block.first, min(block.next, command.first)):
            block.papers.setdefault(count, None)
        block.first = max(block.first, command.first)

    def do_HandInTicket(self, command: cmd.HandInTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        if command.instead_of is not None:
            self._withdraw(command.instead_of, now)
        block, ticket = self.blocks[command.block_id], reply.ticket
        assert ticket.number[1:] == f"{command.count:03}"
        assert ticket.service_day == block.day
        assert ticket.ticket_id not in self.turns
        self.note_number(block.service_id, block.day, command.count)
        block.papers[command.count] = ticket.ticket_id
        turn = Turn(ticket.number, block.day, command.service_id, command.class_id, reply.token)
        self.turns[ticket.ticket_id] = turn
        if block.day != self.day:
            self.move(turn, "cancelled", now)

    def do_WithdrawRequest(self, command: cmd.WithdrawRequest, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self._withdraw(command.withdrawn_id, now)

    def _withdraw(self, request_id: str, now: dt.datetime) -> None:
        """What a request gave ends, unless its citizen is being served; whoever got it by a promise may come again."""
        ticket_id, device_id = self.gave.get(request_id, (0, ""))
        turn = self.turns.get(ticket_id)
        nobodys = ("waiting", "called", "parked", "cancelled")
        if turn is None or device_id != self.asking or turn.state not in nobodys or turn.withdrawn:
            return
        self.move(turn, "cancelled", now)
        turn.withdrawn = True
        for claim in self.appointments.values():
            claim.ticket_id = None if claim.ticket_id == ticket_id else claim.ticket_id
        for earlier in self.turns.values():
            if earlier.used_by == ticket_id:
                earlier.used, earlier.used_by = False, None

    def do_OpenCounter(self, command: cmd.OpenCounter, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        seat, elsewhere = self.seats[command.counter_id], self.sitting(command.operator_id)
        assert reply.counter.open
        if elsewhere == command.counter_id:
            return
        if elsewhere is not None:
            self._leave(self.seats[elsewhere])
            # the other counter's last action stays its own
        seat.operator_id, seat.paused, seat.asks, seat.asks_service = command.operator_id, False, False, None

    def do_CloseCounter(self, command: cmd.CloseCounter, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self._leave(self.seats[command.counter_id])
        assert not reply.counter.open

    def do_PauseCounter(self, command: cmd.PauseCounter, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        seat = self.seats[command.counter_id]
        seat.paused, seat.asks, seat.asks_service = True, False, None

    def do_ContinueCounter(self, command: cmd.ContinueCounter, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.seats[command.counter_id].paused = False

    def do_RaiseAlarm(self, command: cmd.RaiseAlarm, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.seats[command.counter_id].alarm = True

    def do_AnswerAlarm(self, command: cmd.AnswerAlarm, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.seats[command.alarm_counter_id].alarm = False

    def do_CallNext(self, command: cmd.CallNext, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        """Somebody whom this counter serves and who waits; nobody only if there is nobody."""
        if command.finish_ticket_id is not None:
            self._end(command.finish_ticket_id, command.counter_id, now)
        eligible = self.eligible(command.counter_id, command.service_id)
        if reply.ticket is None:
            assert not eligible, "told that nobody waits"
            seat = self.seats[command.counter_id]
            seat.asks, seat.asks_service = command.wait, command.service_id if command.wait else None
            return
        assert reply.ticket.ticket_id in eligible
        self.take_call(command.counter_id, reply.ticket.ticket_id)

    def take_call(self, counter_id: str, ticket_id: int) -> None:
        """A ticket is called to a counter."""
        turn = self.turns[ticket_id]
        self.move(turn, "called")
        turn.counter_id, turn.target, turn.recalls = counter_id, "", 0
        self.seats[counter_id].asks, self.seats[counter_id].asks_service = False, None

    def do_CallTicket(self, command: cmd.CallTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        assert self.turns[reply.ticket.ticket_id].number == command.number
        assert self.turns[reply.ticket.ticket_id].state == "waiting"
        self.take_call(command.counter_id, reply.ticket.ticket_id)

    def do_ResumeTicket(self, command: cmd.ResumeTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.take_call(command.counter_id, command.ticket_id)
        turn = self.turns[command.ticket_id]
        turn.state = "serving" if turn.back_office else turn.state

    def do_RecallTicket(self, command: cmd.RecallTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        turn = self.turns[command.ticket_id]
        turn.recalls, turn.moves = turn.recalls + 1, turn.moves + 1
        assert reply.ticket.recalls == turn.recalls

    def do_StartServing(self, command: cmd.StartServing, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.move(self.turns[command.ticket_id], "serving")

    def do_MarkNoShow(self, command: cmd.MarkNoShow, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.move(self.turns[command.ticket_id], "no_show", now)

    def do_RestoreTicket(self, command: cmd.RestoreTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        turn = self.turns[command.ticket_id]
        self.out_of_hand(turn)
        self.move(turn, "waiting")
        turn.withdrawn = False

    def do_ServeDirectly(self, command: cmd.ServeDirectly, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        ticket = reply.ticket
        assert self.day is not None
        if not command.back_office:
            assert ticket.number[1:] == self._next(command.service_id)
        class_id = "ordinary" if command.back_office else command.class_id
        turn = Turn(ticket.number, self.day, command.service_id, class_id, state="serving")
        turn.counter_id, turn.back_office = command.counter_id, command.back_office
        self.turns[ticket.ticket_id] = turn
        self.seats[command.counter_id].asks, self.seats[command.counter_id].asks_service = False, None

    def do_FinishTicket(self, command: cmd.FinishTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self._end(command.ticket_id, command.counter_id, now)

    def _end(self, ticket_id: int, counter_id: str, now: dt.datetime) -> None:
        turn = self.turns[ticket_id]
        if turn.return_to is not None:
            self._send_back(turn)
            return
        self._finish(ticket_id, counter_id, now)

    def _finish(self, ticket_id: int, counter_id: str, now: dt.datetime) -> None:
        turn = self.turns[ticket_id]
        self.move(turn, "finished", now)
        self.seats[counter_id].last_finished = ticket_id
        self.finished += not turn.back_office

    def _send_back(self, turn: Turn) -> None:
        there, turn.return_to = turn.return_to, None
        service_id = next((service for counter, service in reversed(turn.legs) if counter == there), turn.service_id)
        self.out_of_hand(turn)
        turn.service_id, turn.target = service_id, f"counter:{there}"
        self.move(turn, "waiting")

    def do_GrantComeBack(self, command: cmd.GrantComeBack, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self._finish(command.ticket_id, command.counter_id, now)
        turn = self.turns[command.ticket_id]
        turn.come_back, turn.token = reply.until, reply.token

    def do_ParkTicket(self, command: cmd.ParkTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        turn = self.turns[command.ticket_id]
        self.out_of_hand(turn)
        self.move(turn, "parked")
        turn.parked_until = now + dt.timedelta(minutes=command.minutes)
        turn.target = f"counter:{command.counter_id}"

    def do_TransferTicket(self, command: cmd.TransferTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        turn = self.turns[command.ticket_id]
        self._direct(turn, command)
        if command.comes_back:
            turn.return_to = command.counter_id
        if command.not_before_minutes:
            turn.state = "parked"
            turn.parked_until = now + dt.timedelta(minutes=command.not_before_minutes)

    def do_MoveTicket(self, command: cmd.MoveTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        turn = self.turns[command.ticket_id]
        self._direct(turn, command)
        turn.class_id = command.class_id or turn.class_id

    def _direct(self, turn: Turn, command: Any) -> None:
        if turn.state in IN_HAND:
            self.out_of_hand(turn)
        self.move(turn, "waiting")
        turn.service_id = command.service_id or turn.service_id
        turn.target = f"operator:{command.to_operator_id}" if command.to_operator_id else ""
        turn.target = f"counter:{command.to_counter_id}" if command.to_counter_id else turn.target

    def do_CheckClaim(self, command: cmd.CheckClaim, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        if not command.valid:
            self.turns[command.ticket_id].class_id = "ordinary"

    def do_CancelTicket(self, command: cmd.CancelTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        ticket_id = self.meant(command)
        assert isinstance(ticket_id, int)
        self.move(self.turns[ticket_id], "cancelled", now)

    def do_RateTicket(self, command: cmd.RateTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        ticket_id = self.meant(command)
        assert isinstance(ticket_id, int)
        self._rate(self.turns[ticket_id], command.score)

    def _rate(self, turn: Turn, score: int) -> None:
        turn.score = score
        self.scores += [(turn.service_id, score)] if turn.day == self.day else []

    def told_scores(self) -> list[int]:
        """The scores that are told: of each service by fives."""
        of_service = {name: [score for service, score in self.scores if service == name] for name in SERVICES}
        return [score for scores in of_service.values() for score in scores[: len(scores) // 5 * 5]]

    def do_DelayTicket(self, command: cmd.DelayTicket, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        ticket_id = self.meant(command)
        assert isinstance(ticket_id, int)
        self.move(self.turns[ticket_id], "parked")
        self.turns[ticket_id].parked_until, self.turns[ticket_id].delayed = now + dt.timedelta(minutes=10), True

    def do_RateAtCounter(self, command: cmd.RateAtCounter, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self._rate(self.turns[command.ticket_id], command.score)

    def do_SuspendService(self, command: cmd.SuspendService, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.suspended.add(command.service_id)

    def do_ReopenService(self, command: cmd.ReopenService, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.suspended.discard(command.service_id)

    def do_SuspendKiosk(self, command: cmd.SuspendKiosk, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.kiosk_suspended = True

    def do_ReopenKiosk(self, command: cmd.ReopenKiosk, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        self.kiosk_suspended = False

    def do_AssignServices(self, command: cmd.AssignServices, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        seat = self.seats[command.counter_id]
        seat.services, seat.takes = command.service_ids, command.takes

    def do_TakeOverCounter(self, command: cmd.TakeOverCounter, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        seat = self.seats[command.counter_id]
        self.undos.pop(command.counter_id, None)
        if command.new_operator_id is not None:
            elsewhere = self.sitting(command.new_operator_id)
            if elsewhere not in (None, command.counter_id):
                self._leave(self.seats[elsewhere])
            seat.operator_id, seat.paused, seat.asks = command.new_operator_id, False, False
            seat.asks_service = None
            return
        held = self.held(command.counter_id)
        if held is not None and self.turns[held].back_office:
            self.out_of_hand(self.turns[held])
            self.move(self.turns[held], "parked")
            self.turns[held].parked_until = now + dt.timedelta(hours=8)
            self.turns[held].target = f"counter:{command.counter_id}"
        elif held is not None:
            self.do_MoveTicket(cmd.MoveTicket(command.operator_id, held), reply, now)
        self._leave(seat)

    def do_UndoAction(self, command: cmd.UndoAction, reply: Any, now: dt.datetime) -> None:  # noqa: N802
        """Everything is as before, but paper and moves go on."""
        undo = self.undos[command.counter_id]
        for ticket_id, before in undo.turns.items():
            turn = self.turns[ticket_id]
            self.finished -= turn.state == "finished" and not turn.back_office
            if before is None:
                self.move(turn, "cancelled", now)
            else:
                moves = turn.moves
                self.turns[ticket_id] = copy.deepcopy(before)
                self.turns[ticket_id].moves = moves + 1
        seat = self.seats[command.counter_id]
        for name in ("paused", "asks", "asks_service", "last_finished"):
            setattr(seat, name, getattr(undo.seat, name))


def _recorded(command: Any, reply: Any, seat: Seat) -> bool:
    """Whether an accepted command of a counter left an event; `seat` is as it was before."""
    match command:
        case cmd.OpenCounter():
            return seat.operator_id != command.operator_id
        case cmd.RaiseAlarm():
            return not seat.alarm
        case cmd.ContinueCounter():
            return seat.paused
        case cmd.CallNext(finish_ticket_id=None) if reply.ticket is None:
            wanted = command.service_id if command.wait else None
            return (seat.asks, seat.asks_service) != (command.wait, wanted)
    return True
