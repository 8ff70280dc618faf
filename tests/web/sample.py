"""Hand-made messages of a small hall."""

import datetime as dt
from typing import Any

from protocol.replies import (
    ClassInfo,
    CounterInfo,
    CounterStatus,
    HallReply,
    NamedInfo,
    Satisfaction,
    ServiceInfo,
    Snapshot,
    TicketReply,
    TicketView,
)
from protocol.words import TicketState

AT = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)
HALL = HallReply(
    hall_id="thu",
    name="Trung tâm",
    name_en="Centre",
    address="",
    zone="Asia/Ho_Chi_Minh",
    public_url="http://127.0.0.1",
    hours={},
    agencies=[NamedInfo("a", "Cơ quan", "Agency")],
    services=[ServiceInfo("ho-tich", "Hộ tịch", "Civil status", "a", "a", ["q1", "q2"])],
    counters=[CounterInfo("q1", "Quầy 1", ["ho-tich"]), CounterInfo("q2", "Quầy số 12", ["ho-tich"])],
    classes=[
        ClassInfo("ordinary", "Công dân", "Ordinary", "", 0, 60),
        ClassInfo("elderly", "Người cao tuổi", "Elderly", "CT", 15, 10),
    ],
    rating_reasons=[],
)


def ticket(state: TicketState = TicketState.WAITING, **fields: Any) -> TicketView:
    """A ticket of 2 March 2026, 08:30 local time."""
    facts: dict[str, Any] = {
        "ticket_id": 7,
        "number": "A007",
        "service_day": dt.date(2026, 3, 2),
        "service_id": "ho-tich",
        "class_id": "ordinary",
        "state": state,
        "issued_at": AT,
    }
    return TicketView(**{**facts, **fields})


def answer(state: TicketState = TicketState.WAITING, **fields: Any) -> TicketReply:
    """A reply to `GetTicket`."""
    return TicketReply(ticket(state, **fields), 9, ["q1", "q2"])


def snapshot(held: TicketView | None = None, operator_id: str | None = "012", minutes: int = 20) -> Snapshot:
    """The hall so many minutes after `AT`, with an operator at counter q1."""
    counters = [CounterStatus("q1", operator_id is not None, operator_id, held), CounterStatus("q2", False)]
    return Snapshot("e", 9, AT + dt.timedelta(minutes=minutes), AT.date(), [], counters, [], Satisfaction())
