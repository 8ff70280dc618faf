"""Random months of a small hall, played through the real commands: whatever can happen in a hall, happens.

What is refused changes nothing and is of no interest here; the same seed plays the same month.
"""

import datetime as dt
import json
import random
from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from config import settings as st
from protocol import commands as cmd
from protocol import replies as re
from protocol.words import Performed, TicketState
from queue_server.domain.rows import Device
from queue_server.domain.ticket import Ticket
from queue_server.outside import Outside
from queue_server.service import QueueService
from queue_server.storage.memory import MemoryStorage
from tests.queue_server.factories import EASY_WORK, OPERATORS, PHONE, Clock, SmallHall, counting_bytes, hall_file

ZONE = dt.timezone(dt.timedelta(hours=7))
DESK, ADMIN = Device("desk", "desk", "d"), Device("admin", "admin", "a")
KIOSKS = [Device("kiosk-1", "kiosk", "k1"), Device("kiosk-2", "kiosk", "k2")]
BOXES = [Device(f"box-{counter_id}", "counter", "b", counter_id=counter_id) for counter_id in "1234"]
LEADER = "90"
SERVICES = {"land": 15.0, "civil": 8.0, "results": 4.0, "certify": 6.0}
COUNTERS = {
    "1": ["land", "results"],
    "2": ["civil", "certify"],
    "3": ["land", "civil", "results", "certify"],
    "4": ["results"],
}
PROCEDURES = {
    "1.000001": ("land", "Đất đai"),
    "1.000002": ("land", "Đo đạc"),
    "2.000001": ("civil", "Hộ tịch"),
    "2.000002": ("certify", "Chứng thực"),
    "2.000003": ("civil", "Hộ tịch"),
}
STEP_SECONDS = 70.0
OPENS, CLOSES = dt.time(7, 30), dt.time(17, 0)


def month_hall() -> st.HallFile:
    """Four services of two agencies, four counters; a rating with two criteria."""
    plain = hall_file(services=SERVICES, counters=COUNTERS, last=400, work=replace(EASY_WORK, undo_seconds=60))
    named = [st.NamedTable(id=i, name=i, name_en=i) for i in ("attitude", "time")]
    services = [
        replace(s, agency="justice" if s.id in ("civil", "certify") else "office", target_minutes=t)
        for s, t in zip(plain.services, (30, 15, 5, 10), strict=True)
    ]
    return replace(
        plain,
        agencies=[*plain.agencies, st.Agency(id="justice", name="Tư pháp", name_en="Justice")],
        services=services,
        operators=OPERATORS,
        kiosk=st.Kiosk(block_size=4),
        rating=st.Rating(reasons=plain.rating.reasons, criteria=named, open_hours=240),
        from_home=st.FromHome(services=["civil"], per_phone=20),
    )


def month_procedures() -> st.Catalogue:
    """A handful of procedures, each in a field."""
    found = [
        st.Procedure(code=code, name=f"Thủ tục {code}", field=field, agency="office")
        for code, (_service, field) in PROCEDURES.items()
    ]
    return st.Catalogue(procedures=found)


class RandomMonth:
    """Plays a month: `busy` steps on a mean day, each some minutes after the last."""

    def __init__(self, seed: int, *, days: int = 31, busy: int = 60, first: dt.date | None = None) -> None:
        self.luck = random.Random(seed)
        self.storage = MemoryStorage()
        self.hall = SmallHall(month_hall(), self.storage)
        self.hall.service = QueueService(
            month_hall(), self.storage, counting_bytes(), Outside(procedures=month_procedures())
        )
        self.file = month_hall()
        self.first = first or dt.date(2026, 1, 1) + dt.timedelta(days=30 * self.luck.randrange(24))
        self.days, self.busy = days, busy
        self.tokens: dict[int, str] = {}
        self.claims: list[str] = []
        self.requests: list[str] = []
        self._count = 0
        self._deeds, self._weights = zip(*self._what_happens(), strict=True)

    @property
    def clock(self) -> Clock:
        """The hall's clock."""
        return self.hall.clock

    def play(self) -> "RandomMonth":
        """Play it to its end."""
        self.clock.now = self._at(self.first, OPENS)
        self.hall.service.ledger.begin(self.clock.now)
        self.hall.enrol(*KIOSKS, *BOXES)
        for count in range(self.days):
            day = self.first + dt.timedelta(days=count)
            if day.weekday() < 5 or self.luck.random() < 0.1:
                self._play_day(day)
        return self

    def _play_day(self, day: dt.date) -> None:
        self.clock.now = max(self.clock.now, self._at(day, OPENS))
        self.hall.pass_time(self.luck.uniform(0, 40))
        steps = round(self.busy * self.luck.lognormvariate(0, 0.4))
        gap = (self._at(day, CLOSES) - self.clock.now).total_seconds() / max(steps, 1)
        for _ in range(steps):
            self.clock.now += dt.timedelta(seconds=self.luck.expovariate(1 / self.luck.choice([0.3, 20, gap, gap])))
            if self.luck.random() < 0.1:
                self.hall.service.refresh_forecast(self.clock.now)
            self.luck.choices(self._deeds, self._weights)[0]()
            if self.luck.random() < 0.3:
                self.hall.pass_time(0)
        self._evening()

    def _evening(self) -> None:
        """Some days a counter works past midnight; else most go home in good order."""
        if self.luck.random() < 0.6:
            for counter_id in COUNTERS:
                self._forward(counter_id)
                if self.luck.random() < 0.7:
                    self._forward(counter_id)
        for counter_id in COUNTERS:
            self.ask(cmd.CloseCounter(counter_id, reason_id=self.luck.choice([None, "break"])))

    def _what_happens(self) -> list[tuple[Callable[[], Any], int]]:
        return [
            (self._come, 20),
            (lambda: self._forward(self._counter()), 45),
            (self._undo, 6),
            (self._rate, 8),
            (self._send_on, 3),
            (self._set_aside, 3),
            (self._resume, 2),
            (self._miss, 3),
            (self._restore, 2),
            (self._leave, 2),
            (self._cancel, 1),
            (self._serve_directly, 2),
            (self._come_back, 3),
            (self._check_in, 3),
            (self._appoint, 1),
            (self._book_from_home, 2),
            (self._arrive, 2),
            (self._rate_at_counter, 3),
            (self._flag_later, 1),
            (self._alarm, 1),
            (self._assign, 1),
            (self._cancel_at_counter, 1),
            (self._call_number, 1),
            (self._delay, 2),
            (self._remark, 4),
            (self._pause, 3),
            (self._relieve, 1),
            (self._move, 1),
            (self._give_alone, 4),
            (self._withdraw, 1),
        ]

    # ---- asking ----

    @staticmethod
    def _at(day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, ZONE).astimezone(dt.UTC)

    def ask(self, command: cmd.Command, device: Device = DESK) -> re.Reply:
        """Ask, and remember what citizens would have in their hands."""
        self._count += 1
        request_id = f"request-{self._count:07}"
        reply = self.hall.ask(command, device, request_id)
        if isinstance(reply, re.TicketIssuedReply):
            self.tokens[reply.ticket.ticket_id] = reply.token
            self.requests.append(request_id)
        if isinstance(reply, re.PlaceReply | re.ComeBackReply):
            self.claims.append(reply.token)
        return reply

    def _counter(self) -> str:
        return self.luck.choice(list(COUNTERS))

    def _service(self) -> str:
        return self.luck.choice(list(SERVICES))

    def _class(self) -> str:
        return self.luck.choices(["ordinary", "elderly"], [3, 1])[0]

    def _some(self, tickets: Iterable[Ticket], *states: TicketState) -> Ticket | None:
        found = [ticket for ticket in tickets if ticket.state in states]
        return self.luck.choice(found) if found else None

    def _live(self, *states: TicketState) -> Ticket | None:
        return self._some(self.hall.service.hall.tickets.values(), *states)

    def _ended(self, *states: TicketState) -> Ticket | None:
        return self._some(self.hall.service.hall.ended.values(), *states)

    def _in_hand(self, state: TicketState) -> tuple[str, int] | None:
        found = self._live(state)
        return (found.counter_id, found.ticket_id) if found and found.counter_id else None

    # ---- citizens ----

    def _come(self) -> None:
        code, (service_id, _field) = self.luck.choice(list(PROCEDURES.items()))
        told = self.luck.random() < 0.5
        service_id, procedure = (service_id, code) if told else (self._service(), None)
        self.ask(cmd.IssueTicket(service_id, self._class(), procedure_code=procedure), self.luck.choice(KIOSKS))

    def _leave(self) -> None:
        found = self._live(TicketState.WAITING, TicketState.CALLED, TicketState.PARKED)
        if found and found.ticket_id in self.tokens:
            self.ask(cmd.CancelTicket(token=self.tokens[found.ticket_id]), PHONE)

    def _delay(self) -> None:
        found = self._live(TicketState.WAITING)
        if found and found.ticket_id in self.tokens:
            self.ask(cmd.DelayTicket(self.tokens[found.ticket_id]), PHONE)

    def _rate(self) -> None:
        served = [t for t in self.hall.service.hall.ended.values() if t.state is TicketState.FINISHED and not t.rated]
        if not served:
            return
        ticket = self.luck.choice(served)
        score, criteria = self.luck.choices([1, 2, 3, 4, 5], [1, 1, 2, 5, 9])[0], {}
        if self.luck.random() < 0.5:
            criteria = {name: self.luck.randint(1, 5) for name in ("attitude", "time") if self.luck.random() < 0.8}
        reasons = ["long-wait"] if score <= 3 and self.luck.random() < 0.7 else []
        if ticket.ticket_id in self.tokens:
            self.ask(cmd.RateTicket(self.tokens[ticket.ticket_id], score, reasons, criteria=criteria), PHONE)

    def _check_in(self) -> None:
        if self.claims:
            self.ask(cmd.CheckIn(self.luck.choice(self.claims[-6:])), KIOSKS[0])

    def _book_from_home(self) -> None:
        self.ask(cmd.BookFromHome("civil", self._class(), mark=f"phone-{self.luck.randrange(9)}"), PHONE)

    def _arrive(self) -> None:
        """Who took a place at home reads the code off a kiosk's screen."""
        shown = self.ask(cmd.GetArrivalCode(), KIOSKS[0])
        if isinstance(shown, re.ArrivalCodeReply) and self.claims:
            self.ask(cmd.ConfirmArrival(self.luck.choice(self.claims[-6:]), shown.arrival_code), PHONE)

    def _rate_at_counter(self) -> None:
        for box in self.luck.sample(BOXES, len(BOXES)):
            last = self.hall.service.hall.counters[box.counter_id or ""].last_finished_id
            if last is not None:
                score, criteria = self.luck.randint(1, 5), {"time": self.luck.randint(1, 5)}
                self.ask(cmd.RateAtCounter(box.counter_id or "", last, score, [], criteria=criteria), box)
                return

    # ---- counters ----

    def _forward(self, counter_id: str) -> None:
        """Whatever comes next when all goes well."""
        counter = self.hall.service.hall.counters[counter_id]
        if counter.operator_id is None:
            self.ask(cmd.OpenCounter(counter_id, self.luck.choice([f"0{counter_id}", f"0{counter_id}", "07", "08"])))
        elif counter.paused_reason_id is not None:
            self.ask(cmd.ContinueCounter(counter_id))
        elif counter.ticket_id is None:
            self.ask(cmd.CallNext(counter_id, wait=self.luck.random() < 0.2))
        elif self.hall.ticket(counter.ticket_id).state is TicketState.CALLED:
            self.ask(cmd.StartServing(counter_id, counter.ticket_id))
        elif self.luck.random() < 0.2:
            self.ask(cmd.CallNext(counter_id, finish_ticket_id=counter.ticket_id))
        else:
            self.ask(cmd.FinishTicket(counter_id, counter.ticket_id, self._performed()))

    def _performed(self) -> list[Performed]:
        if self.luck.random() < 0.6:
            return []
        code, (service_id, _field) = self.luck.choice(list(PROCEDURES.items()))
        return [Performed(service_id, self.luck.randint(1, 3), "received", code)]

    def _undo(self) -> None:
        for counter_id in self.luck.sample(list(COUNTERS), len(COUNTERS)):
            action = self.hall.service.undoable(counter_id, self.clock.now)
            if action is not None:
                self.ask(cmd.UndoAction(counter_id, action.first_seq))
                return

    def _send_on(self) -> None:
        held = self._in_hand(self.luck.choice([TicketState.SERVING, TicketState.SERVING, TicketState.CALLED]))
        if held:
            service_id, counter_id = self.luck.choice([None, self._service()]), self.luck.choice([None, "3", "4"])
            operator_id, later = self.luck.choice([None, None, "01", "07"]), self.luck.choice([0, 0, 10])
            back = self.luck.random() < 0.3
            self.ask(cmd.TransferTicket(*held, service_id, counter_id, operator_id, "", back, later))

    def _set_aside(self) -> None:
        held = self._in_hand(self.luck.choice([TicketState.SERVING, TicketState.CALLED]))
        if held:
            self.ask(cmd.ParkTicket(*held, self.luck.choice([1, 5, 30, 480])))

    def _resume(self) -> None:
        found = self._live(TicketState.PARKED)
        if found:
            self.ask(cmd.ResumeTicket(found.to_counter_id or self._counter(), found.ticket_id))

    def _miss(self) -> None:
        held = self._in_hand(TicketState.CALLED)
        if held:
            self.ask(cmd.RecallTicket(*held) if self.luck.random() < 0.3 else cmd.MarkNoShow(*held))

    def _restore(self) -> None:
        found = self._ended(TicketState.NO_SHOW, TicketState.CANCELLED)
        if found:
            self.ask(cmd.RestoreTicket(found.ticket_id, self._counter()))

    def _serve_directly(self) -> None:
        back_office = self.luck.random() < 0.3
        self.ask(cmd.ServeDirectly(self._counter(), self._service(), self._class(), back_office))

    def _come_back(self) -> None:
        held = self._in_hand(TicketState.SERVING)
        if held:
            self.ask(cmd.GrantComeBack(*held, ["Bản sao"], self.luck.choice([2, 48]), self._performed()))

    def _remark(self) -> None:
        held = self._in_hand(self.luck.choice([TicketState.SERVING, TicketState.CALLED]))
        if held:
            choice = self.luck.randrange(4)
            if choice == 0:
                self.ask(cmd.FlagTimes(*held, self.luck.random() < 0.8))
            elif choice == 1:
                self.ask(cmd.RecordServices(*held, self._performed()))
            else:
                self.ask(cmd.CheckClaim(*held, self.luck.random() < 0.5))

    def _flag_later(self) -> None:
        """The times of a visit that is over were wrong after all."""
        found = self._ended(TicketState.FINISHED)
        if found and found.counter_id:
            self.ask(cmd.FlagTimes(found.counter_id, found.ticket_id))

    def _alarm(self) -> None:
        self.ask(cmd.RaiseAlarm(self._counter()))
        self.ask(cmd.AnswerAlarm(self._counter(), self._counter()))

    def _cancel_at_counter(self) -> None:
        found = self._live(TicketState.WAITING, TicketState.CALLED, TicketState.SERVING)
        if found:
            self.ask(cmd.CancelTicket(found.ticket_id, counter_id=found.counter_id or self._counter()))

    def _call_number(self) -> None:
        found = self._live(TicketState.WAITING)
        counter_id = self._counter()
        if found:
            self.ask(cmd.OpenCounter(counter_id, LEADER))
            self.ask(cmd.CallTicket(counter_id, found.number, "theo yêu cầu"))

    def _pause(self) -> None:
        self.ask(cmd.PauseCounter(self._counter(), "break"))

    # ---- leaders ----

    def _relieve(self) -> None:
        self.ask(cmd.TakeOverCounter(LEADER, self._counter(), self.luck.choice([None, "05", "06"])))

    def _assign(self) -> None:
        services = self.luck.choice([None, ["civil"], ["land", "certify"]])
        self.ask(cmd.AssignServices(LEADER, self._counter(), services, self.luck.choice(["all", "all", "priority"])))

    def _move(self) -> None:
        found = self._live(*TicketState)
        if found:
            where = self.luck.choice([None, "3"])
            self.ask(
                cmd.MoveTicket(
                    LEADER, found.ticket_id, self._service(), where, None, self.luck.choice([None, "elderly"])
                )
            )

    def _cancel(self) -> None:
        found = self._live(TicketState.WAITING, TicketState.CALLED, TicketState.PARKED)
        if found:
            self.ask(cmd.CancelTicket(found.ticket_id, operator_id=LEADER))

    def _appoint(self) -> None:
        slot_at = self.clock.now + dt.timedelta(minutes=self.luck.choice([5, 30, 50, 1440]))
        self.ask(cmd.BookAppointment(LEADER, self._service(), slot_at, self._class()))

    # ---- kiosks without their server ----

    def _give_alone(self) -> None:
        kiosk = self.luck.choice(KIOSKS)
        reply = self.ask(cmd.ReserveNumbers(), kiosk)
        mine = [b for b in self.hall.service.hall.blocks.values() if b.kiosk_id == kiosk.device_id]
        today = self.clock.now.astimezone(ZONE).date()
        blocks = [b for b in mine if b.service_day <= today and len(b.used) < b.last - b.first + 1]
        if not isinstance(reply, re.BlocksReply) or not blocks:
            return
        block = self.luck.choice(blocks)
        count = next(n for n in range(block.first, block.last + 1) if n not in block.used)
        minutes = self.luck.uniform(0, 90) + (today - block.service_day).days * 24 * 60
        issued_at = self.clock.now - dt.timedelta(minutes=minutes)
        instead_of = self.requests[-1] if self.requests and self.luck.random() < 0.1 else None
        self.ask(
            cmd.HandInTicket(block.block_id, count, block.queue_id, issued_at, self._class(), instead_of=instead_of),
            kiosk,
        )

    def _withdraw(self) -> None:
        if self.requests:
            self.ask(cmd.WithdrawRequest(self.luck.choice(self.requests[-8:])), self.luck.choice(KIOSKS))

    # ---- what others read ----

    def raw_log(self) -> list[dict[str, Any]]:
        """The log as it lies on disk, as plain JSON."""
        return [json.loads(event.body) for event in self.storage.events()]
