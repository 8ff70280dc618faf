"""Halls and days made up for the rehearsal's engine: who comes, when, for how long; no log behind them."""

import datetime as dt
import random
from dataclasses import dataclass, field

from msgspec.structs import replace

from config import settings as st
from protocol.events import CounterOpened, Event, EventBody
from protocol.words import Origin
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket
from queue_server.rehearsal.past import SECOND, PastDay, Stay
from tests.queue_server.factories import MORNING, hall_file

MINUTE = 60 * SECOND
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
OPENS = (MORNING - _EPOCH) // dt.timedelta(microseconds=1)


def at(minute: float) -> int:
    """A minute after the hall opened, in microseconds."""
    return OPENS + round(minute * MINUTE)


@dataclass
class SimulatedDay:
    """A day in the making."""

    rules: Rules
    day: PastDay = field(default_factory=PastDay)

    def staff(self, minute: float, body: EventBody) -> None:
        """Let something happen at a counter."""
        event = Event("simulated", len(self.day.staffing) + 1, MORNING + dt.timedelta(minutes=minute), "desk", body)
        self.day.staffing.append((at(minute), event))

    def open_all(self, minute: float = 0) -> None:
        """Put an operator at every counter."""
        for place, counter_id in enumerate(self.rules.counters, 1):
            self.staff(minute, CounterOpened(counter_id, f"op-{place}"))

    def come(
        self,
        minute: float,
        service_id: str,
        takes_minutes: float,
        class_id: str = "ordinary",
        slot: float | None = None,
    ) -> list[Stay]:
        """Let somebody take a number, or keep an appointment at minute `slot`."""
        ticket_id = len(self.day.visits) + 1
        issued_at = MORNING + dt.timedelta(minutes=minute)
        ticket = Ticket(
            ticket_id, f"T{ticket_id:03}", MORNING.date(), service_id, service_id, class_id, "vi", issued_at
        )
        if slot is not None:
            slot_at = MORNING + dt.timedelta(minutes=slot)
            before = slot_at - dt.timedelta(minutes=self.rules.calling.appointment_minutes)
            since = min(issued_at, before)
            ticket = replace(ticket, origin=Origin.APPOINTMENT, slot_at=slot_at, on_time=True, counts_since=since)
        stays = [Stay(ticket, at(minute), at(minute), "", at(minute + takes_minutes))]
        self.day.visits.append(stays)
        return stays

    def send_on(self, stays: list[Stay], service_id: str, takes_minutes: float) -> None:
        """Let a visit go on with another service once its last one is over."""
        last = stays[-1]
        assert last.ended is not None
        sent = replace(last.ticket, service_id=service_id, returned=True)
        stays.append(Stay(sent, last.ended, last.ended, "", last.ended + round(takes_minutes * MINUTE)))

    def until(self, minute: float) -> PastDay:
        """The day, which ends at a minute."""
        self.day.ends = at(minute)
        return self.day


def provincial_hall(calling: st.Calling) -> st.HallFile:
    """12 counters and 30 services: each service has two counters that know it, one of them as its own field."""
    luck = random.Random(30)
    minutes = {f"s{i:02}": float(luck.choice([4, 5, 6, 8, 8, 10, 12, 15])) for i in range(30)}
    ids = list(minutes)
    own = {str(c + 1): [ids[i] for i in range(30) if i % 12 == c] for c in range(12)}
    counters = [
        st.Counter(id=c, name=c, services=[*mine, *own[str(int(c) % 12 + 1)]], own=mine) for c, mine in own.items()
    ]
    return replace(
        hall_file(calling=calling),
        queues=[st.Queue(id=s, prefix="A") for s in ids],
        services=[st.Service(id=s, name=s, name_en=s, agency="office", queue=s, minutes=m) for s, m in minutes.items()],
        counters=counters,
    )


def provincial_day(rules: Rules, seed: int, *, priority: float, load: float = 1.0, tickets: int = 480) -> PastDay:
    """A day with an overloaded morning; one in twenty is sent on to another service, as many have an appointment."""
    luck = random.Random(seed)
    simulated = SimulatedDay(rules)
    simulated.open_all()
    services = list(rules.services)
    for _ in range(round(tickets * load)):
        minute = luck.triangular(-20, 400, 60) if luck.random() < 0.8 else luck.uniform(-20, 440)
        service_id = luck.choice(services)
        takes = 0.5 + rules.services[service_id].minutes * luck.lognormvariate(-0.1, 0.45)
        class_id = "elderly" if luck.random() < priority else "ordinary"
        slot = minute + luck.uniform(-10, 20) if luck.random() < 0.05 else None
        stays = simulated.come(minute, service_id, takes, class_id, slot)
        if luck.random() < 0.05:
            simulated.send_on(stays, luck.choice(services), takes / 2)
    return simulated.until(1200)
