"""Small halls and tickets for tests of the rules."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec.structs import replace

from config import settings as st
from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.commands import Command, Request
from protocol.events import EventBody
from queue_server.domain.rows import Device
from queue_server.domain.ticket import Ticket
from queue_server.service import QueueService
from queue_server.storage.base import Storage
from queue_server.storage.memory import MemoryStorage

MORNING = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
"""07:30 on a Monday in Việt Nam."""


ALWAYS_OPEN = st.Hours(**{key: ["00:00-24:00"] for key in st.WEEKDAYS}, issue_before_minutes=0, cut_off=False)
"""Tests of everything but hours run at any hour."""
EASY_WORK = st.CounterWork(
    recall_gap_seconds=0,
    no_show_min_calls=1,
    no_show_min_seconds=0,
    results=[st.NamedTable(id=r, name=r, name_en=r) for r in ("received", "must_supplement")],
    pause_reasons=[st.NamedTable(id="break", name="Nghỉ giải lao", name_en="Break")],
)
OPERATORS = [
    *[st.Operator(id=f"{i:02}", name=f"Cán bộ {i:02}") for i in range(1, 9)],
    st.Operator(id="90", name="Trưởng Trung tâm", role="supervisor"),
    st.Operator(id="98", name="Thanh tra", role="auditor"),
    st.Operator(id="99", name="Quản trị", role="administrator"),
]


def hall_file(
    *,
    services: dict[str, float] | None = None,
    counters: dict[str, list[str]] | None = None,
    own: dict[str, list[str]] | None = None,
    limits: bool = True,
    last: int = 999,
    calling: st.Calling | None = None,
    hours: st.Hours | None = None,
    work: st.CounterWork | None = None,
    operators: list[st.Operator] | None = None,
) -> st.HallFile:
    """A hall of a few services (id → minutes) and counters (id → services), each service with a queue of its own."""
    services = services or {"land": 15.0, "civil": 8.0, "results": 4.0}
    counters = counters or {"1": ["land", "results"], "2": ["civil", "results"], "3": ["land", "civil", "results"]}
    return st.HallFile(
        hall=st.HallTable(id="small", name="Sảnh nhỏ", name_en="Small hall"),
        hours=hours or ALWAYS_OPEN,
        counter_work=work or EASY_WORK,
        calling=calling or st.Calling(limits=limits),
        rating=st.Rating(reasons=[st.NamedTable(id="long-wait", name="Chờ lâu", name_en="Long wait")]),
        classes=[
            st.PriorityClass(id="ordinary", name="Thường", name_en="Ordinary", limit_minutes=60),
            st.PriorityClass(id="elderly", name="Cao tuổi", name_en="Elderly", head_start_minutes=15, limit_minutes=10),
        ],
        queues=[st.Queue(id=s, prefix="ACEGHK"[i], last=last) for i, s in enumerate(services)],
        agencies=[st.Agency(id="office", name="Văn phòng", name_en="Office")],
        services=[
            st.Service(id=s, name=s, name_en=s, agency="office", queue=s, minutes=m) for s, m in services.items()
        ],
        counters=[
            st.Counter(id=c, name=f"Quầy {c}", services=s, own=(own or {}).get(c, [])) for c, s in counters.items()
        ],
        operators=operators or OPERATORS,
    )


def with_service(file: st.HallFile, service_id: str, **fields: Any) -> st.HallFile:
    """The hall file with some fields of one service changed."""
    services = [replace(s, **fields) if s.id == service_id else s for s in file.services]
    return replace(file, services=services)


def with_operator(file: st.HallFile, operator_id: str, **fields: Any) -> st.HallFile:
    """The hall file with some fields of one operator changed."""
    operators = [replace(o, **fields) if o.id == operator_id else o for o in file.operators]
    return replace(file, operators=operators)


Reply = TypeVar("Reply", bound=re.Reply)
Body = TypeVar("Body", bound=EventBody)


class Clock:
    """A clock that goes only when told."""

    def __init__(self, now: dt.datetime = MORNING) -> None:
        self.now = now

    def tick(self, minutes: float) -> None:
        """Let minutes pass."""
        self.now += dt.timedelta(minutes=minutes)


def counting_bytes() -> Callable[[int], bytes]:
    """Bytes that are different each time, and the same in each run."""
    numbers = itertools.count(1)
    return lambda count: next(numbers).to_bytes(count, "big")


ADMIN = Device("admin", "admin", "a")
KIOSK = Device("kiosk-1", "kiosk", "k")
DESK = Device("desk", "desk", "d")
PHONE = Device("phone", "phone", "p")


class SmallHall:
    """A service over a storage, with every command committed at once."""

    def __init__(self, file: st.HallFile | None = None, storage: Storage | None = None, first_id: int = 0) -> None:
        self.clock = Clock()
        self.storage = storage or MemoryStorage()
        self.service = QueueService(file or hall_file(), self.storage, counting_bytes())
        self.service.ledger.begin(self.clock.now)
        self._ids: Iterator[str] = (f"request-{i:06}" for i in itertools.count(first_id))

    def ask(self, command: Command, device: Device = ADMIN, request_id: str | None = None) -> re.Reply:
        """The reply to a command, after its commit."""
        request = Request(1, request_id or next(self._ids), command)
        frame = self.service.answer(request, device, self.clock.now)
        self.service.ledger.commit()
        return codec.decode_answer(frame).reply

    def refusal(self, command: Command, device: Device = ADMIN, request_id: str | None = None) -> str:
        """The code with which a command is refused."""
        reply = self.ask(command, device, request_id)
        assert isinstance(reply, re.Refused), reply
        return reply.code

    def issue(self, service_id: str = "land", class_id: str = "ordinary") -> re.TicketIssuedReply:
        """Take a number."""
        reply = self.ask(cmd.IssueTicket(service_id, class_id))
        assert isinstance(reply, re.TicketIssuedReply), reply
        return reply

    def open(self, *counter_ids: str) -> None:
        """Put operators at counters."""
        for counter_id in counter_ids:
            reply = self.ask(cmd.OpenCounter(counter_id, f"0{counter_id}"))
            assert isinstance(reply, re.CounterReply), reply

    def call(self, counter_id: str = "1") -> re.TicketView | None:
        """Call next."""
        reply = self.ask(cmd.CallNext(counter_id))
        assert isinstance(reply, re.CallReply), reply
        return reply.ticket

    def serve(self, counter_id: str = "1") -> re.TicketView:
        """Call next, start and finish."""
        ticket = self.call(counter_id)
        assert ticket is not None
        self.ask(cmd.StartServing(counter_id, ticket.ticket_id))
        reply = self.ask(cmd.FinishTicket(counter_id, ticket.ticket_id))
        assert isinstance(reply, re.CallReply)
        assert reply.ticket is not None
        return reply.ticket

    def rated(self, score: int, counter_id: str = "1") -> re.TicketView:
        """Issue, serve and rate one ticket."""
        issued = self.issue("land")
        served = self.serve(counter_id)
        assert served.ticket_id == issued.ticket.ticket_id
        assert isinstance(self.ask(cmd.RateTicket(issued.token, score), PHONE), re.DoneReply)
        return served

    def scores(self) -> list[int]:
        """All scores that are stored for today, sorted."""
        day = self.service.hall.day
        assert day is not None
        return sorted(rating.score for rating in self.service.ledger.storage.ratings(day.service_day))

    def start(self, counter_id: str = "1") -> re.TicketView:
        """Call next and start."""
        ticket = self.call(counter_id)
        assert ticket is not None
        started = self.get(re.CallReply, cmd.StartServing(counter_id, ticket.ticket_id)).ticket
        assert started is not None
        return started

    def get(self, kind: type[Reply], command: Command, device: Device = ADMIN) -> Reply:
        """The reply to a command, which must be of this kind."""
        reply = self.ask(command, device)
        assert isinstance(reply, kind), reply
        return reply

    def desk(self, counter_id: str = "1") -> re.DeskReply:
        """What a counter's desk shows."""
        return self.get(re.DeskReply, cmd.GetDesk(counter_id))

    def overview(self) -> re.OverviewReply:
        """What the head of the hall sees."""
        return self.get(re.OverviewReply, cmd.GetOverview())

    def ticket(self, ticket_id: int) -> Ticket:
        """A ticket as the hall knows it."""
        return self.service.hall.ticket(ticket_id)

    def log(self, kind: type[Body]) -> list[Body]:
        """The events of one kind, oldest first."""
        bodies = [codec.decode_event(event.body).body for event in self.storage.events()]
        return [body for body in bodies if isinstance(body, kind)]

    def stored_log(self) -> bytes:
        """The log's bytes."""
        return b"".join(event.body for event in self.storage.events())

    def undo(self, counter_id: str = "1") -> re.Reply:
        """Take back a counter's last action."""
        action = self.desk(counter_id).undoable
        return self.ask(cmd.UndoAction(counter_id, action.action_seq if action else 0))

    def pass_time(self, minutes: float) -> None:
        """Let minutes pass, and the server do what it does without being asked."""
        self.clock.tick(minutes)
        self.service.tick(self.clock.now)
        self.service.ledger.commit()

    def bodies(self, kind: type[Body]) -> list[Body]:
        """The events of one kind in the log."""
        every = (codec.decode_event(event.body).body for event in self.storage.events())
        return [body for body in every if isinstance(body, kind)]

    def enrol(self, *devices: Device) -> None:
        """Let devices belong to the hall."""
        for device in devices:
            self.service.add_device(device, self.clock.now)
        self.service.ledger.commit()
