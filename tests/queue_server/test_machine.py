"""Random days against a small model: whatever is asked in whatever order, the hall and the model agree.

One step decides one to three requests in a batch, commits them together, and may fail while it does. MOTCUA_LONG=1
(`./motcua test --long`) makes it at least 100,000 steps.
"""

import copy
import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from config.settings import Calling, FromHome, Kiosk
from protocol import codec, errors
from protocol import commands as cmd
from protocol import replies as re
from protocol.commands import Request
from protocol.events import NumbersNeeded
from protocol.words import Performed
from queue_server.cases.phones import get_arrival_code
from queue_server.domain.rows import Device
from queue_server.queries import get_snapshot
from queue_server.service import QueueService
from queue_server.storage.base import Batch, StorageFault
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import LONG
from tests.queue_server.factories import DESK, KIOSK, MORNING, PHONE, Clock, counting_bytes, hall_file
from tests.queue_server.machine_model import (
    BLOCK,
    FROM_HOME,
    IN_HAND,
    LAST,
    LIVE,
    PER_SERVICE,
    RECALLS,
    SERVICES,
    Block,
    Model,
)

pytestmark = pytest.mark.timeout(7200 if LONG else 400)  # a failure is made smaller before it is shown

FILE = replace(
    hall_file(last=LAST, calling=Calling(max_recalls=RECALLS)),
    kiosk=Kiosk(block_size=BLOCK),
    from_home=FromHome(services=list(FROM_HOME), per_phone=1, per_service=PER_SERVICE),
)
WALL = Device("wall", "display", "w")
KIOSKS = {kiosk.device_id: kiosk for kiosk in (KIOSK, Device("kiosk-2", "kiosk", "k2"))}
BOXES = {counter.id: Device(f"box-{counter.id}", "counter", "b", counter_id=counter.id) for counter in FILE.counters}


class FailingSqlite(SqliteStorage):
    """A database whose disk is full when told so: after everything was written, before the commit."""

    failing = False

    def _write(self, batch: Batch) -> None:
        super()._write(batch)
        if self.failing:
            raise apsw.FullError("database or disk is full")


kiosks = st.sampled_from(["kiosk-1", "kiosk-1", "kiosk-2"])
blocks = st.sampled_from([0, 0, 0, 1, 2, 4, 7, 99])
requests = st.sampled_from([None, None, 0, 0, 1, 2, 5, 99])
"""A request that gave a ticket, counted from the newest; one that never came for a far place."""

Draft = tuple[Any, ...]
"""A command with a place instead of a ticket_id: 0 for the one at the counter, else counted from the newest."""

counters = st.sampled_from(["1", "3"] * 4 + ["2", "9"])
known_counters = st.sampled_from(["1", "3", "1", "3", "2"])
places = st.sampled_from([0] * 8 + [1, 2, 3, 7, 999])
believed = st.sampled_from([None] * 6 + ["01", "02"])
leaders = st.sampled_from(["90"] * 6 + ["99", "01", "98", "77"])
services = st.sampled_from([*SERVICES, *SERVICES, *SERVICES, "nix"])
classes = st.sampled_from(["ordinary", "elderly", "vip"])
done = st.lists(
    st.builds(
        Performed, st.sampled_from([*SERVICES, "nix"]), st.integers(1, 3), st.sampled_from(["", "received", "?"])
    ),
    max_size=1,
)
ADVANCE = "advance"
"""Whatever comes next at a counter when all goes well; it takes a day far."""
WITH_TICKET = (
    *[cmd.RecallTicket, cmd.StartServing, cmd.FinishTicket] * 2,
    cmd.MarkNoShow,
    cmd.RestoreTicket,
    cmd.ResumeTicket,
)
"""Commands that name a counter and a ticket and nothing else that matters."""

drafts: st.SearchStrategy[Draft] = st.one_of(
    *[st.tuples(st.just(ADVANCE), st.sampled_from(["1", "3"]))] * 14,
    st.tuples(st.just(cmd.IssueTicket), services, classes),
    st.tuples(st.just(cmd.IssueTicket), st.sampled_from(SERVICES), st.sampled_from(["ordinary", "elderly"])),
    st.tuples(st.just(cmd.IssueTicket), st.sampled_from(SERVICES), st.just("ordinary")),
    st.tuples(st.just(cmd.OpenCounter), counters, st.sampled_from(["01", "01", "02", "90", "98", "77"])),
    st.tuples(st.sampled_from([cmd.CloseCounter, cmd.ContinueCounter, cmd.RaiseAlarm]), counters, believed),
    st.tuples(st.just(cmd.PauseCounter), counters, st.sampled_from(["break", "break", "weather"]), believed),
    st.tuples(st.just(cmd.AnswerAlarm), counters, counters, st.sampled_from([None, "01", "90"])),
    st.tuples(
        st.just(cmd.CallNext), counters, st.sampled_from([None, None, *SERVICES, "nix"]), st.booleans(), believed
    ),
    st.tuples(st.just("finish and call"), known_counters, places),
    st.tuples(st.just(cmd.CallTicket), counters, places),
    st.tuples(st.sampled_from(WITH_TICKET), counters, places, believed),
    st.tuples(st.sampled_from(WITH_TICKET), known_counters, places, st.none()),
    st.tuples(st.just(cmd.ServeDirectly), counters, services, classes, st.booleans()),
    st.tuples(st.just(cmd.ParkTicket), known_counters, places, st.sampled_from([1, 5, 60])),
    st.tuples(
        st.just(cmd.TransferTicket),
        known_counters,
        places,
        st.sampled_from([None, *SERVICES, "nix"]),
        st.sampled_from([None, None, "1", "2", "3", "9"]),
        st.sampled_from([None, None, "01", "02", "77"]),
        st.booleans(),
        st.sampled_from([0, 0, 10]),
    ),
    st.tuples(
        st.just(cmd.MoveTicket),
        leaders,
        places,
        st.sampled_from([None, *SERVICES, "nix"]),
        st.sampled_from([None, "1", "3", "9"]),
        st.sampled_from([None, "02", "77"]),
        st.sampled_from([None, "ordinary", "elderly", "vip"]),
    ),
    st.tuples(st.sampled_from([cmd.FinishTicket, cmd.RecordServices]), known_counters, places, done),
    st.tuples(st.just(cmd.GrantComeBack), known_counters, places, done),
    st.tuples(st.just(cmd.AddNote), known_counters, places),
    st.tuples(st.sampled_from([cmd.FlagTimes, cmd.CheckClaim]), known_counters, places, st.booleans()),
    *[st.tuples(st.just(cmd.UndoAction), known_counters, st.sampled_from([False, False, False, True]), believed)] * 2,
    st.tuples(st.just(cmd.RateAtCounter), known_counters, places, st.integers(1, 5)),
    st.tuples(st.just(cmd.DelayTicket), places, st.sampled_from([True, True, False])),
    st.tuples(st.sampled_from([cmd.SuspendService, cmd.ReopenService, cmd.ReopenService]), leaders, services),
    st.tuples(
        st.sampled_from([cmd.SuspendKiosk, cmd.ReopenKiosk, cmd.ReopenKiosk]),
        leaders,
        st.sampled_from(["kiosk-1", "x"]),
    ),
    st.tuples(
        st.just(cmd.AssignServices),
        leaders,
        counters,
        st.sampled_from([None, None, ["civil"], ["land", "results"], ["nix"]]),
        st.sampled_from(["all", "all", "priority", "ordinary"]),
    ),
    st.tuples(st.just(cmd.TakeOverCounter), leaders, counters, st.sampled_from([None, "01", "02", "98", "77"])),
    st.tuples(st.just(cmd.SendMessage), leaders, st.just("Họp lúc 10 giờ"), st.sampled_from([[], ["1"], ["9"]])),
    st.tuples(st.just(cmd.SetCounterCount), leaders, st.sampled_from([None, 1, 5])),
    st.tuples(st.just(cmd.BookAppointment), leaders, services, st.sampled_from([-5, 20, 70, 300]), classes),
    st.tuples(st.just(cmd.CheckIn), places, st.booleans()),
    st.tuples(st.just(cmd.BookPlace), services, classes),
    st.tuples(st.just(cmd.BookFromHome), services, classes, st.sampled_from("abc")),
    st.tuples(st.just(cmd.BookFromHome), st.sampled_from(FROM_HOME), st.just("ordinary"), st.sampled_from("abc")),
    *[st.tuples(st.just(cmd.ConfirmArrival), places)] * 2,
    st.tuples(st.just(cmd.AcknowledgeCall), counters, st.booleans()),
    st.tuples(
        st.just(cmd.MakeAnnouncement), leaders, st.sampled_from(["ticker", "emergency"]), st.sampled_from([None, 5])
    ),
    st.tuples(st.just(cmd.EndAnnouncement), leaders, places),
    *[st.tuples(st.just(cmd.ReserveNumbers), kiosks)] * 2,
    st.tuples(st.just(cmd.ReturnNumbers), kiosks, blocks, st.integers(0, LAST + 2)),
    *[st.tuples(st.just(cmd.HandInTicket), kiosks, blocks, st.integers(0, 2), services, classes, requests)] * 2,
    st.tuples(st.just(cmd.WithdrawRequest), kiosks, requests),
    st.tuples(st.just(cmd.ReportPrint), places, st.sampled_from(["printed", "failed", "unknown"])),
    st.tuples(st.just(cmd.CancelTicket), places, st.sampled_from(["token", "1", "3", "90", "01", "nobody"])),
    st.tuples(st.just(cmd.RateTicket), places, st.integers(1, 5), st.sampled_from([[], ["long-wait"], ["weather"]])),
)


useful: st.SearchStrategy[Draft] = st.one_of(
    *[st.tuples(st.just(ADVANCE), st.sampled_from(["1", "3"]))] * 4,
    *[st.tuples(st.just(cmd.IssueTicket), st.sampled_from(SERVICES), st.sampled_from(["ordinary", "elderly"]))] * 2,
    st.tuples(
        st.just(cmd.TransferTicket),
        st.sampled_from(["1", "3"]),
        st.just(0),
        st.sampled_from([None, *SERVICES]),
        st.sampled_from([None, "1", "2", "3"]),
        st.sampled_from([None, None, "01", "02"]),
        st.booleans(),
        st.sampled_from([0, 0, 10]),
    ),
    st.tuples(st.just(cmd.ParkTicket), st.sampled_from(["1", "3"]), st.just(0), st.sampled_from([1, 5])),
    st.tuples(st.just(cmd.ResumeTicket), st.sampled_from(["1", "3"]), st.just(0), st.none()),
    st.tuples(st.just(cmd.MarkNoShow), st.sampled_from(["1", "3"]), st.just(0), st.none()),
    st.tuples(st.just(cmd.RestoreTicket), st.sampled_from(["1", "3"]), st.just(0), st.none()),
    st.tuples(st.just(cmd.GrantComeBack), st.sampled_from(["1", "3"]), st.just(0), st.just([])),
    st.tuples(st.just(cmd.CheckIn), st.just(0), st.booleans()),
    st.tuples(st.just("finish and call"), st.sampled_from(["1", "3"]), st.just(0)),
    st.tuples(st.just(cmd.CallNext), st.sampled_from(["1", "3"]), st.none(), st.just(True), st.none()),
    st.tuples(st.just(cmd.UndoAction), st.sampled_from(["1", "3"]), st.just(False), st.none()),
    st.tuples(st.just(cmd.ReserveNumbers), kiosks),
    st.tuples(st.sampled_from(["hand in", "hand in", "hand in again"]), kiosks, blocks, requests),
    st.tuples(st.just("return"), kiosks, blocks, st.booleans()),
    st.tuples(st.just(cmd.RateAtCounter), st.sampled_from(["1", "3"]), st.just(0), st.integers(1, 5)),
)
"""What is asked for most on a busy day."""


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
        self.ids = self.lost = 0
        self.withdrawn: list[tuple[str, dt.date]] = []
        self.start()
        self.service.ledger.begin(self.clock.now)
        self.service.add_device(KIOSK, self.clock.now)
        self.service.ledger.commit()

    def start(self) -> None:
        """A server begins its life."""
        self.service = QueueService(FILE, self.storage, self.bytes)

    def command(self, draft: Draft) -> tuple[Any, Device]:
        """The command of a draft, and who asks for it."""
        kind, *rest = draft
        match kind:
            case "advance":
                return self.advance(rest[0]), DESK
            case "finish and call":
                return cmd.CallNext(rest[0], finish_ticket_id=self.named(*rest)), DESK
            case cmd.ReserveNumbers | cmd.ReturnNumbers | cmd.HandInTicket | cmd.WithdrawRequest:
                return self.of_kiosk(kind, *rest), KIOSKS[rest[0]]
            case "hand in" | "hand in again" | "return":
                return self.of_kiosk(kind, *rest), KIOSKS[rest[0]]
            case cmd.IssueTicket | cmd.BookPlace:
                return kind(*rest), KIOSK
            case cmd.ReportPrint:
                return cmd.ReportPrint(self.ticket(rest[0]), rest[1]), KIOSK
            case cmd.CheckIn:
                return cmd.CheckIn(self.claim(*rest)), KIOSK
            case cmd.CancelTicket:
                return self.cancelling(*rest)
            case cmd.RateTicket:
                return cmd.RateTicket(self.token(self.finished_ticket(rest[0])), *rest[1:]), PHONE
            case cmd.BookFromHome:
                return cmd.BookFromHome(*rest), PHONE
            case cmd.ConfirmArrival:
                return self.arriving(rest[0])
            case cmd.AcknowledgeCall:
                return self.acknowledging(*rest), WALL
            case cmd.DelayTicket:
                return cmd.DelayTicket(self.token(self.waiting(rest[0]) if rest[1] else self.ticket(rest[0]))), PHONE
            case cmd.RateAtCounter:
                last = self.model.seats[rest[0]].last_finished
                wanted = last if rest[1] == 0 and last else self.ticket(rest[1])
                return cmd.RateAtCounter(rest[0], wanted, rest[2]), BOXES[rest[0]]
        return self.of_staff(kind, rest), DESK

    def of_kiosk(self, kind: Any, kiosk_id: str, *rest: Any) -> Any:
        """What a kiosk asks for beside numbers: honestly in its own words, else whatever it likes."""
        if kind is cmd.ReserveNumbers:
            return cmd.ReserveNumbers()
        if kind is cmd.WithdrawRequest:
            return cmd.WithdrawRequest(self.request(rest[0]) or "never-came")
        block_id, block = self.block(rest[0], kiosk_id if isinstance(kind, str) else None)
        if kind == "return":
            return cmd.ReturnNumbers(block_id, block.last + 1 if rest[1] else (block.next + block.last + 2) // 2)
        if kind is cmd.ReturnNumbers:
            return cmd.ReturnNumbers(block_id, max(1, rest[1]))
        if kind is cmd.HandInTicket:
            count, service_id, class_id = max(1, block.next - 1 + rest[1]), *rest[2:4]
        else:
            last = max(block.papers, default=block.next)
            count, service_id, class_id = last if kind == "hand in again" else block.next, block.service_id, "ordinary"
        issued_at = self.clock.now - dt.timedelta(minutes=7 * count)
        instead_of = self.request(rest[-1])
        return cmd.HandInTicket(block_id, count, service_id, issued_at, class_id, instead_of=instead_of)

    def block(self, place: int, kiosk_id: str | None) -> tuple[int, Block]:
        """A block counted from the newest; an honest kiosk takes one of its own of today, if it has any."""
        every = self.model.blocks
        mine = [i for i, b in every.items() if (b.kiosk_id, b.day) == (kiosk_id, self.model.day) and b.next <= b.last]
        found = mine or list(every)
        if place >= len(found):
            return 999_999, Block("", "land", MORNING.date(), 1, LAST)
        return found[-1 - place], every[found[-1 - place]]

    def request(self, place: int | None) -> str | None:
        """A request that gave a ticket, counted from the newest, or one that never came."""
        if place is None:
            return None
        found = list(self.model.gave)
        self.lost += 1
        return found[-1 - place] if place < len(found) else f"lost-{self.lost:06}"

    def of_staff(self, kind: Any, rest: list[Any]) -> Any:
        """The command of a desk or of a supervisor."""
        match kind:
            case cmd.CallNext:
                return cmd.CallNext(rest[0], rest[1], wait=rest[2], operator_id=rest[3])
            case cmd.CloseCounter | cmd.ContinueCounter | cmd.RaiseAlarm:
                return kind(rest[0], operator_id=rest[1])
            case cmd.PauseCounter | cmd.AnswerAlarm:
                return kind(rest[0], rest[1], operator_id=rest[2])
            case cmd.CallTicket:
                turn = self.model.turns.get(self.waiting(rest[1]))
                return cmd.CallTicket(rest[0], turn.number if turn else "Z999", "theo yêu cầu")
            case cmd.RestoreTicket:
                return cmd.RestoreTicket(self.ended(rest[1]), rest[0], operator_id=rest[2])
            case cmd.ResumeTicket:
                return cmd.ResumeTicket(rest[0], self.parked(rest[1]), operator_id=rest[2])
            case cmd.AddNote:
                return cmd.AddNote(rest[0], self.named(*rest), "thiếu bản sao")
            case cmd.GrantComeBack:
                return cmd.GrantComeBack(rest[0], self.named(*rest[:2]), ["Giấy chứng sinh"], 48, rest[2])
            case cmd.TransferTicket:
                service, counter, operator, comes_back, later = rest[2:]
                ticket_id = self.named(*rest[:2])
                return cmd.TransferTicket(rest[0], ticket_id, service, counter, operator, "", comes_back, later)
            case cmd.MoveTicket:
                return cmd.MoveTicket(rest[0], self.ticket(rest[1]), *rest[2:])
            case cmd.BookAppointment:
                slot_at = self.clock.now + dt.timedelta(minutes=rest[2])
                return cmd.BookAppointment(rest[0], rest[1], slot_at, rest[3])
            case cmd.MakeAnnouncement:
                return cmd.MakeAnnouncement(rest[0], rest[1], "Cháy", minutes=rest[2])
            case cmd.EndAnnouncement:
                found = list(self.model.announced)
                return cmd.EndAnnouncement(rest[0], found[-1 - rest[1]] if rest[1] < len(found) else 999_999)
            case cmd.UndoAction:
                action = self.service.undoable(rest[0], self.clock.now)
                seq = action.first_seq if action and not rest[1] else 0
                return cmd.UndoAction(rest[0], seq, operator_id=rest[2])
        if kind in WITH_TICKET and len(rest) == 3 and not isinstance(rest[2], list | bool):
            return kind(rest[0], self.named(*rest[:2]), operator_id=rest[2])
        if kind in (cmd.FinishTicket, cmd.RecordServices, cmd.ParkTicket, cmd.FlagTimes, cmd.CheckClaim):
            return kind(rest[0], self.named(*rest[:2]), rest[2])
        return kind(*rest)

    def named(self, counter_id: str, place: int) -> int:
        """The ticket at a counter, or another."""
        held = self.model.held(counter_id) if place == 0 and counter_id in self.model.seats else None
        return held or self.ticket(place)

    def _of(self, place: int, *states: str) -> int:
        found = [i for i, turn in self.model.turns.items() if turn.state in states]
        return found[-1 - place] if place < len(found) else self.ticket(place)

    def waiting(self, place: int) -> int:
        """A waiting ticket, if there is one."""
        return self._of(place, "waiting")

    def parked(self, place: int) -> int:
        """A parked ticket, if there is one."""
        return self._of(place, "parked")

    def ended(self, place: int) -> int:
        """A ticket that can be restored, if there is one."""
        return self._of(place, "no_show", "cancelled")

    def claim(self, place: int, come_back: bool) -> str:
        """The token of an appointment or of a come-back slip."""
        appointments = [a.token for a in self.model.appointments.values()]
        slips = [turn.token for turn in self.model.turns.values() if turn.come_back]
        found = slips if come_back else appointments
        return found[-1 - place] if place < len(found) else self.token(self.ticket(place))

    def arriving(self, place: int) -> tuple[Any, Device]:
        """Who took a place from home tells that he is here, by the kiosk's code or, while it is out of use, at it."""
        found = [a.token for a in self.model.appointments.values() if a.booked]
        token = found[-1 - place] if place < len(found) else self.claim(place, come_back=False)
        if self.model.kiosk_suspended:
            return cmd.CheckIn(token), KIOSK
        reply = get_arrival_code(self.service, cmd.GetArrivalCode(), KIOSK, self.clock.now)
        assert isinstance(reply, re.ArrivalCodeReply)
        return cmd.ConfirmArrival(token, reply.arrival_code), PHONE

    def acknowledging(self, counter_id: str, said: bool) -> Any:
        """A wall tells that it showed or said what is at a counter, or what never was."""
        held = self.model.held(counter_id) if counter_id in self.model.seats else None
        at = self.service.hall.ticket(held).announced_at if held else None
        return cmd.AcknowledgeCall(held or 999_999, at or self.clock.now, said)

    def cancelling(self, place: int, who: str) -> tuple[Any, Device]:
        """A cancellation by a citizen, a counter, a supervisor, an operator or nobody."""
        called = [i for i, turn in self.model.turns.items() if turn.state in IN_HAND]
        ticket_id = called[-1] if place == 0 and called else self.ticket(place)
        if who == "token":
            return cmd.CancelTicket(token=self.token(ticket_id)), PHONE
        if who in ("90", "01"):
            return cmd.CancelTicket(ticket_id, operator_id=who), DESK
        return cmd.CancelTicket(ticket_id, counter_id=None if who == "nobody" else who), DESK

    def advance(self, counter_id: str) -> Any:
        """Open, call, start or finish, whichever is due."""
        held, seat = self.model.held(counter_id), self.model.seats[counter_id]
        if seat.operator_id is None:
            return cmd.OpenCounter(counter_id, f"0{counter_id}")
        if seat.paused:
            return cmd.ContinueCounter(counter_id)
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
        return turn.token if turn and turn.token else "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

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
            self.model = before.hearing(self.model)
            self.service.reload()
            self.forget_what_is_not_stored()
            self.model.undos.clear()
            assert without_leases(self.snapshot()) == without_leases(head), "a failed batch left something behind"
        else:
            assert not (failing and published), "told of a commit that failed"
            assert len(published) == self.service.hall.seq - seq
            self.asked += answered
            self.note_withdrawn([request.command for request, _, frame, _ in answered if not is_refused(frame)])
        finally:
            self.storage.failing = False

    @rule(drafts=st.lists(useful, min_size=2, max_size=8))
    def work(self, drafts: list[Draft]) -> None:
        """A busy quarter of an hour on a good disk."""
        for draft in drafts:
            self.ask([draft], failing=False)

    @rule(drafts=st.lists(useful, min_size=4, max_size=12))
    def work_on(self, drafts: list[Draft]) -> None:
        """Another one."""
        self.work(drafts)

    def answer(self, request: Request, device: Device, now: dt.datetime) -> bytes:
        """What the service says; whoever asks first begins the server's patience with silent pages."""
        self.model.began = self.model.began or now
        return self.service.answer(request, device, now)

    def decide(self, draft: Draft) -> tuple[Request, Device, bytes, dt.date | None]:
        """Ask one request, compare with the model; the last part says by which day its answer is stored."""
        command, device = self.command(draft)
        self.ids += 1
        request = Request(1, f"request-{self.ids:06}", command)
        now, seq = self.clock.now, self.service.hall.seq
        self.model.keep_time(now)
        self.model.asking = device.device_id
        expected = self.model.refusal(command, now)
        frame = self.answer(request, device, now)
        reply = codec.decode_answer(frame).reply
        refused = reply.code if isinstance(reply, re.Refused) else None
        assert refused == expected, (command, refused, expected)
        if refused is not None:
            assert refused in errors.REFUSALS
        else:
            self.model.happen(command, reply, now)
            if isinstance(command, cmd.MakeAnnouncement):
                self.model.make_announcement(max(self.service.hall.announcements), command, now)
            self.check_asking(command, seq)
        if isinstance(reply, re.TicketIssuedReply):
            self.model.gave[request.request_id] = reply.ticket.ticket_id, device.device_id
        self.learn_what_askers_got(now)
        assert self.answer(request, device, now) == frame, "asked again within the batch"
        stored = refused is None and self.is_kept(command, frame) and self.service.hall.seq > seq
        return request, device, frame, self.model.day if stored else None

    def check_asking(self, command: Any, seq: int) -> None:
        """Whoever got the last free number online: kiosks that could spare some were asked for them."""
        service_id = getattr(command, "service_id", "")
        online = isinstance(command, cmd.IssueTicket | cmd.ServeDirectly) and not getattr(command, "back_office", False)
        if not online or self.model.exhausted(service_id) is None:
            return
        bodies = [self.service.ledger.event(one).body for one in range(seq + 1, self.service.hall.seq + 1)]
        asked = any(isinstance(body, NumbersNeeded) and body.queue_id == service_id for body in bodies)
        assert asked == self.model.held_by_kiosks(service_id)

    def is_kept(self, command: Any, frame: bytes) -> bool:
        """Whether an answer is kept on the disk: that of a command that left an event."""
        return any(answer.reply == frame for answer in self.service.ledger.kept_answers())

    def learn_what_askers_got(self, now: dt.datetime) -> None:
        """Idle counters that asked for the next arrival get somebody as soon as anybody is there for them."""
        for counter_id, seat in self.model.seats.items():
            held = self.service.hall.counters[counter_id].ticket_id
            if seat.asks and held is not None:
                assert held in self.model.asked_for(counter_id), "called whom it may not serve"
                self.model.take_call(counter_id, held)
        for counter_id, seat in self.model.seats.items():
            if seat.asks and self.model.lease_holds(counter_id, now):
                assert not self.model.asked_for(counter_id), "somebody waits while a counter waits for him"

    @rule(place=st.integers(0, 200))
    def repeat(self, place: int) -> None:
        """The same request comes again, a moment or a day later."""
        if self.asked:
            request, device, frame, _ = self.asked[-1 - place % len(self.asked)]
            before = self.service.hall.seq
            assert self.answer(request, device, self.clock.now) == frame
            assert self.service.hall.seq == before

    def note_withdrawn(self, commands: list[Any]) -> None:
        """Requests that were given up before they came."""
        for command in commands:
            named = getattr(command, "instead_of", None) or getattr(command, "withdrawn_id", None)
            if named is not None and named.startswith("lost-") and self.model.day is not None:
                self.withdrawn.append((named, self.model.day))

    @rule(place=st.integers(0, 20))
    def a_request_that_was_given_up_comes_after_all(self, place: int) -> None:
        """It gets nothing any more, whatever was restarted since."""
        day = self.model.day
        late = [one for one, since in self.withdrawn if day and (day - since).days < 2]
        if late:
            before = self.service.hall.seq
            request = Request(1, late[-1 - place % len(late)], cmd.IssueTicket("land"))
            reply = codec.decode_answer(self.answer(request, KIOSK, self.clock.now)).reply
            assert isinstance(reply, re.Refused)
            assert reply.code == "request_id_reused"
            assert self.service.hall.seq == before

    @rule(place=st.integers(0, 200))
    def reuse_a_request_id(self, place: int) -> None:
        """Somebody asks for another thing with an old id."""
        if self.asked:
            request = self.asked[-1 - place % len(self.asked)][0]
            other = Request(1, request.request_id, cmd.IssueTicket("land", language="en"))
            before = self.service.hall.seq
            reply = codec.decode_answer(self.answer(other, KIOSK, self.clock.now)).reply
            assert isinstance(reply, re.Refused)
            assert reply.code == "request_id_reused"
            assert self.service.hall.seq == before

    @rule(draft=drafts)
    def ask_without_the_right(self, draft: Draft) -> None:
        """An auditor may not change anything."""
        command, _ = self.command(draft)
        before = self.service.hall.seq
        request = Request(1, "auditor-request", command)
        reply = codec.decode_answer(self.answer(request, Device("auditor", "auditor", "a"), self.clock.now)).reply
        assert isinstance(reply, re.Refused)
        assert reply.code == "forbidden"
        assert self.service.hall.seq == before

    @rule(minutes=st.sampled_from([0.05, 0.1, 0.5, 1, 7, 12, 65]))
    def time_passes(self, minutes: float) -> None:
        self.clock.tick(minutes)

    @rule(hours=st.sampled_from([17, 24, 26, -2, -30]))
    def the_clock_jumps(self, hours: int) -> None:
        self.clock.tick(hours * 60)

    @rule()
    def restart(self) -> None:
        before = self.snapshot()
        self.model.undos.clear()
        self.model.began = None
        for seat in self.model.seats.values():
            seat.kept = None
        for place in self.model.appointments.values():
            place.mark = ""
        if self.disk:
            self.storage.close()
            self.storage = FailingSqlite(Path(self.folder.name) / "hall.db")
        self.start()
        self.forget_what_is_not_stored()
        assert without_leases(self.snapshot()) == without_leases(before)

    def forget_what_is_not_stored(self) -> None:
        """Answers without an effect are remembered in memory only, the others for two days."""
        day = self.model.day
        self.asked = [one for one in self.asked if one[3] is not None and day and (day - one[3]).days < 2]

    # ---- what must hold ----

    def snapshot(self) -> re.Snapshot:
        """What displays get to see."""
        reply = get_snapshot(self.service, cmd.GetSnapshot(), DESK, self.clock.now)
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
        waiting = [turn.service_id for turn in model.turns.values() if turn.state == "waiting"]
        assert {s.service_id: s.waiting for s in shown.services} == {s: waiting.count(s) for s in SERVICES}
        for counter in shown.counters:
            seat = model.seats[counter.counter_id]
            assert (counter.operator_id, counter.asks_next) == (seat.operator_id, seat.asks)
            assert (counter.paused_reason_id is not None, counter.alarm_at is not None) == (seat.paused, seat.alarm)
            assert (counter.service_ids, counter.takes) == (seat.services or [], seat.takes)
        held = {c.counter_id: c.ticket.ticket_id if c.ticket else None for c in shown.counters}
        assert held == {counter_id: model.held(counter_id) for counter_id in model.seats}
        assert sorted(t.ticket_id for t in shown.calls) == sorted(filter(None, held.values()))
        tally, scores = shown.satisfaction, model.told_scores()
        assert (tally.ratings, tally.satisfied) == (len(scores), sum(score >= 4 for score in scores))
        assert tally.finished == model.finished
        stand = {i for i, (_, until) in model.announced.items() if until is None or until > self.clock.now}
        assert [one.announcement_id for one in shown.announcements] == sorted(stand)
        assert {s.service_id for s in shown.services if s.issuing == "suspended"} == model.suspended

    @invariant()
    def every_ticket_is_in_exactly_one_place(self) -> None:
        hall = self.service.hall
        at_counters = [c.ticket_id for c in hall.counters.values() if c.ticket_id]
        in_lines = [entry.ticket_id for _, entry in hall.lines.first(SERVICES, 1000)]
        parked = [ticket.ticket_id for ticket in hall.parked()]
        live = [ticket_id for ticket_id, turn in self.model.turns.items() if turn.state in LIVE]
        assert sorted(at_counters + in_lines + parked) == sorted(live), (at_counters, in_lines, parked, live)
        for ticket_id, turn in list(self.model.turns.items())[-8:]:
            ticket = hall.ticket(ticket_id)
            assert (ticket.state.value, ticket.number, ticket.rated) == (
                turn.state,
                turn.number,
                turn.score is not None,
            )

    def teardown(self) -> None:
        """fold(log) = state; numbers are unique per day and queue."""
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
            count = int(ticket.number.lstrip("ACEHS-"))
            series.setdefault((ticket.service_day, ticket.queue_id), []).append(count)
        assert all(len(set(numbers)) == len(numbers) for numbers in series.values())
        items = [numbers for (_, queue_id), numbers in series.items() if queue_id == "back-office"]
        assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in items)


HallMachine.TestCase.settings = settings(
    max_examples=2100 if LONG else 60,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
TestHallMachine = HallMachine.TestCase


def is_refused(frame: bytes) -> bool:
    """Whether an answer is a refusal."""
    return isinstance(codec.decode_answer(frame).reply, re.Refused)


def without_leases(snapshot: re.Snapshot) -> re.Snapshot:
    """A snapshot without what only the running server knows: whose pages were heard lately."""
    return replace(snapshot, counters=[replace(counter, connected=True) for counter in snapshot.counters])
