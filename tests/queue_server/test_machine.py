"""Random days against a small model: whatever is asked in whatever order, the hall and the model agree.

One step decides one to three requests in a batch, commits them together, and may fail while it does.
"""

import copy
import datetime as dt
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from config.settings import Calling
from protocol import codec, errors
from protocol import commands as cmd
from protocol import replies as re
from protocol.commands import Request
from queue_server.domain.rows import Device
from queue_server.queries import get_snapshot
from queue_server.service import QueueService
from queue_server.storage.base import Batch, StorageFault
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.queue_server.factories import DESK, KIOSK, PHONE, Clock, counting_bytes, hall_file

pytestmark = pytest.mark.timeout(400)  # a failure is made smaller before it is shown

LAST = 6
RECALLS = 2
FILE = hall_file(last=LAST, calling=Calling(max_recalls=RECALLS))
SERVED_AT = {counter.id: set(counter.services) for counter in FILE.counters}
SERVICES = [service.id for service in FILE.services]
LIVE = {"waiting", "called", "serving"}


class FailingSqlite(SqliteStorage):
    """A database whose disk is full when told so: after everything was written, before the commit."""

    failing = False

    def _write(self, batch: Batch) -> None:
        super()._write(batch)
        if self.failing:
            raise apsw.FullError("database or disk is full")


@dataclass
class Turn:
    """What the model knows of a ticket."""

    number: str
    day: dt.date
    service_id: str
    token: str
    state: str = "waiting"
    counter_id: str | None = None
    recalls: int = 0
    score: int | None = None
    ended: dt.datetime | None = None


@dataclass
class Model:
    """A hall in a few dictionaries, without events, lines or storage."""

    day: dt.date | None = None
    counts: dict[str, int] = field(default_factory=dict)
    turns: dict[int, Turn] = field(default_factory=dict)
    operators: dict[str, str] = field(default_factory=dict)
    finished: int = 0

    def held(self, counter_id: str) -> int | None:
        """The ticket at a counter."""
        found = [i for i, t in self.turns.items() if t.counter_id == counter_id and t.state in ("called", "serving")]
        assert len(found) <= 1
        return found[0] if found else None

    def waiting(self, service_ids: set[str]) -> set[int]:
        """The tickets that wait for any of these services."""
        return {i for i, turn in self.turns.items() if turn.state == "waiting" and turn.service_id in service_ids}

    def start_day(self, today: dt.date, now: dt.datetime) -> None:
        """Begin a later day: only who is being served stays."""
        if self.day is not None and today <= self.day:
            return
        for turn in self.turns.values():
            if turn.state in ("waiting", "called"):
                turn.state, turn.ended = "cancelled", now
        self.day, self.counts, self.finished = today, {}, 0

    def refusal(self, command: Any, now: dt.datetime) -> str | None:
        """The code with which a command must be refused."""
        decide = getattr(self, f"refuse_{type(command).__name__}", self._refuse_move)
        code: str | None = decide(command, now)
        return code

    def refuse_IssueTicket(self, command: cmd.IssueTicket, now: dt.datetime) -> str | None:  # noqa: N802
        if command.service_id not in SERVICES:
            return "unknown_service"
        if command.class_id not in ("ordinary", "elderly"):
            return "unknown_class"
        return "numbers_exhausted" if self.counts.get(command.service_id, 0) == LAST else None

    def refuse_ReportPrint(self, command: cmd.ReportPrint, now: dt.datetime) -> str | None:  # noqa: N802
        return None if command.ticket_id in self.turns else "unknown_ticket"

    def refuse_OpenCounter(self, command: cmd.OpenCounter, now: dt.datetime) -> str | None:  # noqa: N802
        if command.counter_id not in SERVED_AT:
            return "unknown_counter"
        if command.operator_id == "99":
            return "unknown_operator"
        there = self.operators.get(command.counter_id, command.operator_id)
        return None if there == command.operator_id else "counter_taken"

    def refuse_CallNext(self, command: cmd.CallNext | cmd.CloseCounter, now: dt.datetime) -> str | None:  # noqa: N802
        if command.counter_id not in SERVED_AT:
            return "unknown_counter"
        if command.counter_id not in self.operators:
            return "counter_not_open"
        return "counter_busy" if self.held(command.counter_id) else None

    refuse_CloseCounter = refuse_CallNext  # noqa: N815

    def _refuse_move(self, command: Any, now: dt.datetime) -> str | None:
        if command.counter_id not in SERVED_AT:
            return "unknown_counter"
        turn = self.turns.get(command.ticket_id)
        if turn is None:
            return "unknown_ticket"
        if turn.state not in ("called", "serving"):
            return "wrong_state"
        if turn.counter_id != command.counter_id:
            return "not_at_this_counter"
        if isinstance(command, cmd.RecallTicket) and turn.recalls == RECALLS:
            return "too_many_recalls"
        wanted = "serving" if isinstance(command, cmd.FinishTicket) else "called"
        return None if turn.state == wanted else "wrong_state"

    def refuse_CancelTicket(self, command: cmd.CancelTicket, now: dt.datetime) -> str | None:  # noqa: N802
        ticket_id = self.meant(command)
        if isinstance(ticket_id, str):
            return ticket_id
        return None if self.turns[ticket_id].state in LIVE else "wrong_state"

    def refuse_RateTicket(self, command: cmd.RateTicket, now: dt.datetime) -> str | None:  # noqa: N802
        ticket_id = self.meant(command)
        if isinstance(ticket_id, str):
            return ticket_id
        turn = self.turns[ticket_id]
        if turn.score is not None:
            return "already_rated"
        if turn.state != "finished" or turn.ended is None:
            return "not_yet_served"
        if now - turn.ended > dt.timedelta(hours=24):
            return "rating_closed"
        return "unknown_reason" if "weather" in command.reasons else None

    def meant(self, command: cmd.CancelTicket | cmd.RateTicket) -> int | str:
        """The ticket that a command means, or the code of its refusal."""
        if command.token is not None:
            found = [ticket_id for ticket_id, turn in self.turns.items() if turn.token == command.token]
            return found[0] if found else "invalid_token"
        assert isinstance(command, cmd.CancelTicket)
        if command.ticket_id is None:
            return "malformed_request"
        return command.ticket_id if command.ticket_id in self.turns else "unknown_ticket"

    def happen(self, command: Any, reply: Any, now: dt.datetime) -> None:
        """Let an accepted command happen, and check its reply."""
        match command:
            case cmd.IssueTicket():
                self.count_number(reply)
            case cmd.OpenCounter():
                self.operators[command.counter_id] = command.operator_id
                assert reply.counter.open
            case cmd.CloseCounter():
                del self.operators[command.counter_id]
                assert not reply.counter.open
            case cmd.CallNext():
                self.take_call(command, reply)
            case cmd.CancelTicket():
                ticket_id = self.meant(command)
                assert isinstance(ticket_id, int)
                self.move(ticket_id, "cancelled", now)
            case cmd.RateTicket():
                ticket_id = self.meant(command)
                assert isinstance(ticket_id, int)
                self.turns[ticket_id].score = command.score
            case cmd.RecallTicket():
                self.turns[command.ticket_id].recalls += 1
                assert reply.ticket.recalls == self.turns[command.ticket_id].recalls
            case cmd.StartServing():
                self.move(command.ticket_id, "serving", now)
            case cmd.FinishTicket():
                self.move(command.ticket_id, "finished", now)
                self.finished += 1
            case cmd.MarkNoShow():
                self.move(command.ticket_id, "no_show", now)

    def count_number(self, reply: re.TicketIssuedReply) -> None:
        """The next number of its queue and day, without a hole."""
        ticket = reply.ticket
        count = self.counts[ticket.service_id] = self.counts.get(ticket.service_id, 0) + 1
        assert ticket.number[1:] == f"{count:03}"
        assert ticket.service_day == self.day
        assert ticket.ticket_id not in self.turns
        assert self.day is not None
        self.turns[ticket.ticket_id] = Turn(ticket.number, self.day, ticket.service_id, reply.token)

    def take_call(self, command: cmd.CallNext, reply: re.CallReply) -> None:
        """Somebody whom this counter serves and who waits; nobody only if there is nobody."""
        eligible = self.waiting(SERVED_AT[command.counter_id])
        if reply.ticket is None:
            assert not eligible, "told that nobody waits"
            return
        assert reply.ticket.ticket_id in eligible
        turn = self.turns[reply.ticket.ticket_id]
        turn.state, turn.counter_id = "called", command.counter_id

    def move(self, ticket_id: int, state: str, now: dt.datetime) -> None:
        """A ticket's new state."""
        turn = self.turns[ticket_id]
        turn.state = state
        if state not in LIVE:
            turn.ended = now


Draft = tuple[Any, ...]
"""A command with a place instead of a ticket_id: 0 for the one at the counter, else counted from the newest."""

counters = st.sampled_from(["1", "2", "3", "1", "3", "9"])
places = st.sampled_from([0, 0, 0, 0, 1, 2, 3, 7, 999])
ADVANCE = "advance"
"""Whatever comes next at a counter when all goes well; it takes a day far."""

drafts: st.SearchStrategy[Draft] = st.one_of(
    st.tuples(st.just(ADVANCE), st.sampled_from(["1", "3"])),
    st.tuples(st.just(ADVANCE), st.sampled_from(["1", "3"])),
    st.tuples(st.just(ADVANCE), st.sampled_from(["1", "3"])),
    st.tuples(
        st.just(cmd.IssueTicket),
        st.sampled_from([*SERVICES, *SERVICES, "nix"]),
        st.sampled_from(["ordinary", "elderly", "vip"]),
    ),
    st.tuples(st.just(cmd.IssueTicket), st.sampled_from(SERVICES), st.just("ordinary")),
    st.tuples(st.just(cmd.OpenCounter), counters, st.sampled_from(["01", "01", "02", "99"])),
    st.tuples(st.just(cmd.CloseCounter), counters),
    st.tuples(st.just(cmd.CallNext), counters),
    st.tuples(st.just(cmd.CallNext), counters),
    st.tuples(
        st.sampled_from([cmd.RecallTicket, *[cmd.StartServing] * 2, *[cmd.FinishTicket] * 2, cmd.MarkNoShow]),
        counters,
        places,
    ),
    st.tuples(st.just(cmd.ReportPrint), places, st.sampled_from(["printed", "failed", "unknown"])),
    st.tuples(st.just(cmd.CancelTicket), places, st.booleans()),
    st.tuples(st.just(cmd.RateTicket), places, st.integers(1, 5), st.sampled_from([[], ["long-wait"], ["weather"]])),
)


class HallMachine(RuleBasedStateMachine):
    """A service over a storage, driven beside the model."""

    @initialize(disk=st.sampled_from([False, False, False, False, True]))
    def begin(self, disk: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.storage: FailingSqlite | MemoryStorage = MemoryStorage()
        self.disk = disk
        if disk:
            self.storage = FailingSqlite(Path(self.folder.name) / "hall.db")
        self.clock, self.model, self.bytes = Clock(), Model(), counting_bytes()
        self.asked: list[tuple[Request, Device, bytes, dt.date | None]] = []
        self.ids = 0
        self.start()
        self.service.ledger.begin(self.clock.now)
        self.service.ledger.commit()

    def start(self) -> None:
        """A server begins its life."""
        self.service = QueueService(FILE, self.storage, self.bytes)

    def command(self, draft: Draft) -> tuple[Any, Device]:
        """The command of a draft, and who may ask for it."""
        kind, *rest = draft
        if kind == ADVANCE:
            return self.advance(rest[0]), DESK
        if kind is cmd.IssueTicket:
            return cmd.IssueTicket(*rest), KIOSK
        if kind is cmd.ReportPrint:
            return cmd.ReportPrint(self.ticket(rest[0]), rest[1]), KIOSK
        if kind is cmd.CancelTicket:
            called = [i for i, turn in self.model.turns.items() if turn.state in ("called", "serving")]
            ticket_id = called[-1] if rest[0] == 0 and called else self.ticket(rest[0])
            return (
                (cmd.CancelTicket(token=self.token(ticket_id)), PHONE)
                if rest[1]
                else (cmd.CancelTicket(ticket_id), DESK)
            )
        if kind is cmd.RateTicket:
            return cmd.RateTicket(self.token(self.finished_ticket(rest[0])), *rest[1:]), PHONE
        if len(rest) == 2 and kind is not cmd.OpenCounter:
            held = self.model.held(rest[0]) if rest[1] == 0 else None
            return kind(rest[0], held or self.ticket(rest[1])), DESK
        return kind(*rest), DESK

    def advance(self, counter_id: str) -> Any:
        """Open, call, start or finish, whichever is due."""
        held = self.model.held(counter_id)
        if counter_id not in self.model.operators:
            return cmd.OpenCounter(counter_id, "01")
        if held is None:
            return cmd.CallNext(counter_id)
        if self.model.turns[held].state == "called":
            return cmd.StartServing(counter_id, held)
        return cmd.FinishTicket(counter_id, held)

    def ticket(self, place: int) -> int:
        """A ticket counted from the newest; one that never was for a far place."""
        known = list(self.model.turns)
        return known[-1 - place] if place < len(known) else 999_999

    def finished_ticket(self, place: int) -> int:
        """A ticket to rate: most often one that was served."""
        served = [i for i, turn in self.model.turns.items() if turn.state == "finished" and turn.score is None]
        return served[-1] if place == 0 and served else self.ticket(place)

    def token(self, ticket_id: int) -> str:
        """The token of a ticket."""
        turn = self.model.turns.get(ticket_id)
        return turn.token if turn else "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    # ---- what may happen ----

    @rule(drafts=st.lists(drafts, min_size=1, max_size=3), failing=st.sampled_from([False] * 7 + [True]))
    def ask(self, drafts: list[Draft], failing: bool) -> None:
        before, seq, head = copy.deepcopy(self.model), self.service.hall.seq, self.snapshot()
        answered = [self.decide(draft) for draft in drafts]
        self.storage.failing = failing
        try:
            published = self.service.ledger.commit()
        except StorageFault:
            assert failing
            self.model = before
            self.service.reload()
            self.forget_what_is_not_stored()
            assert self.snapshot() == head, "a failed batch left something behind"
        else:
            assert not (failing and published), "told of a commit that failed"
            assert len(published) == self.service.hall.seq - seq
            self.asked += answered
        finally:
            self.storage.failing = False

    def decide(self, draft: Draft) -> tuple[Request, Device, bytes, dt.date | None]:
        """Ask one request, compare with the model; the last part says by which day its answer is stored."""
        command, device = self.command(draft)
        self.ids += 1
        request = Request(1, f"request-{self.ids:06}", command)
        now, pending = self.clock.now, self.service.ledger.pending_events
        frame = self.service.answer(request, device, now)
        self.model.start_day((now + dt.timedelta(hours=7)).date(), now)
        reply = codec.decode_answer(frame).reply
        refused = reply.code if isinstance(reply, re.Refused) else None
        assert refused == self.model.refusal(command, now), command
        if refused is not None:
            assert refused in errors.REFUSALS
            return request, device, frame, None
        self.model.happen(command, reply, now)
        assert self.service.answer(request, device, now) == frame, "asked again within the batch"
        stored = self.service.ledger.pending_events > pending and not self.changed_nothing(command, reply)
        return request, device, frame, self.model.day if stored else None

    def changed_nothing(self, command: Any, reply: Any) -> bool:
        """Accepted commands without an event: their answers are not kept on the disk."""
        return isinstance(command, cmd.OpenCounter) or (isinstance(command, cmd.CallNext) and reply.ticket is None)

    @rule(place=st.integers(0, 200))
    def repeat(self, place: int) -> None:
        """The same request comes again, a moment or a day later."""
        if self.asked:
            request, device, frame, _ = self.asked[-1 - place % len(self.asked)]
            before = self.service.hall.seq
            assert self.service.answer(request, device, self.clock.now) == frame
            assert self.service.hall.seq == before

    @rule(place=st.integers(0, 200))
    def reuse_a_request_id(self, place: int) -> None:
        """Somebody asks for another thing with an old id."""
        if self.asked:
            request = self.asked[-1 - place % len(self.asked)][0]
            other = Request(1, request.request_id, cmd.IssueTicket("land", language="en"))
            before = self.service.hall.seq
            reply = codec.decode_answer(self.service.answer(other, KIOSK, self.clock.now)).reply
            assert isinstance(reply, re.Refused)
            assert reply.code == "request_id_reused"
            assert self.service.hall.seq == before

    @rule(draft=drafts)
    def ask_without_the_right(self, draft: Draft) -> None:
        """A display may not change anything."""
        command, _ = self.command(draft)
        before = self.service.hall.seq
        request = Request(1, "display-request", command)
        reply = codec.decode_answer(self.service.answer(request, Device("wall", "display", "w"), self.clock.now)).reply
        assert isinstance(reply, re.Refused)
        assert reply.code == "forbidden"
        assert self.service.hall.seq == before

    @rule(minutes=st.sampled_from([0.5, 1, 7, 12, 65]))
    def time_passes(self, minutes: float) -> None:
        self.clock.tick(minutes)

    @rule(hours=st.sampled_from([17, 24, 26, -2, -30]))
    def the_clock_jumps(self, hours: int) -> None:
        self.clock.tick(hours * 60)

    @rule()
    def restart(self) -> None:
        before = self.snapshot()
        if self.disk:
            self.storage.close()
            self.storage = FailingSqlite(Path(self.folder.name) / "hall.db")
        self.start()
        self.forget_what_is_not_stored()
        assert self.snapshot() == before

    def forget_what_is_not_stored(self) -> None:
        """Answers without an effect are remembered in memory only, the others for two days."""
        day = self.model.day
        self.asked = [one for one in self.asked if one[3] is not None and day and (day - one[3]).days < 2]

    # ---- what must hold ----

    def snapshot(self) -> re.Snapshot:
        """What displays get to see."""
        reply = get_snapshot(self.service, cmd.GetSnapshot(), self.clock.now)
        assert isinstance(reply, re.Snapshot)
        return reply

    @invariant()
    def answers_that_may_be_forgotten_are_not_asked_for(self) -> None:
        day = self.model.day
        self.asked = [one for one in self.asked if one[3] is None or (day is not None and (day - one[3]).days < 2)]

    @invariant()
    def the_snapshot_shows_the_model(self) -> None:
        shown, model = self.snapshot(), self.model
        assert shown.service_day == model.day
        assert {s.service_id: s.waiting for s in shown.services} == {s: len(model.waiting({s})) for s in SERVICES}
        assert {c.counter_id: c.operator_id for c in shown.counters if c.open} == model.operators
        held = {c.counter_id: c.ticket.ticket_id if c.ticket else None for c in shown.counters}
        assert held == {counter_id: model.held(counter_id) for counter_id in SERVED_AT}
        assert sorted(t.ticket_id for t in shown.calls) == sorted(filter(None, held.values()))
        scores = [t.score for t in model.turns.values() if t.day == model.day and t.score]
        tally = shown.satisfaction
        assert (tally.ratings, tally.satisfied) == (len(scores), sum(score >= 4 for score in scores))
        assert tally.finished == model.finished
        assert tally.ratings <= sum(t.state == "finished" for t in model.turns.values() if t.day == model.day)

    @invariant()
    def every_ticket_is_in_exactly_one_place(self) -> None:
        hall = self.service.hall
        at_counters = [c.ticket_id for c in hall.counters.values() if c.ticket_id]
        in_lines = [e.ticket_id for _, _, e in hall.lines.first(SERVICES, 1000)]
        live = [ticket_id for ticket_id, turn in self.model.turns.items() if turn.state in LIVE]
        assert sorted(at_counters + in_lines) == live
        for ticket_id, turn in list(self.model.turns.items())[-8:]:
            ticket = hall.ticket(ticket_id)
            assert (ticket.state.value, ticket.number, ticket.rated) == (
                turn.state,
                turn.number,
                turn.score is not None,
            )

    def teardown(self) -> None:
        """fold(log) = state; numbers are unique per day and queue, without a hole."""
        if not hasattr(self, "storage"):
            return
        try:
            self.check_what_is_stored()
        finally:
            self.storage.close()
            self.folder.cleanup()

    def check_what_is_stored(self) -> None:
        """What an inspector would find."""
        assert verify(self.storage) == self.service.hall.seq
        series: dict[tuple[dt.date, str], list[int]] = {}
        for ticket in self.storage.tickets():
            series.setdefault((ticket.service_day, ticket.queue_id), []).append(int(ticket.number[1:]))
        assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in series.values())


HallMachine.TestCase.settings = settings(
    max_examples=80,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
TestHallMachine = HallMachine.TestCase
