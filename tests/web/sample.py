"""Hand-made messages of a small hall."""

import datetime as dt
from typing import Any

from protocol.replies import (
    ClassInfo,
    CounterHabits,
    CounterInfo,
    CounterStatus,
    DeskReply,
    HallReply,
    NamedInfo,
    OperatorInfo,
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
        ClassInfo("elderly", "Người cao tuổi", "Elderly", "CT", 15, 10, "Căn cước", "Identity card"),
    ],
    rating_reasons=[],
    operators=[
        OperatorInfo("012", "Nguyễn Văn An"),
        OperatorInfo("034", "Cán bộ 034", may_call_any=True),
        OperatorInfo("078", "Trần Thị Bình", role="supervisor"),
    ],
    results=[NamedInfo("received", "Đã tiếp nhận hồ sơ", "Dossier received")],
    pause_reasons=[NamedInfo("break", "Nghỉ giải lao", "Break")],
    habits=CounterHabits(
        max_recalls=3,
        recall_gap_seconds=5,
        no_show_min_calls=2,
        no_show_min_seconds=30,
        undo_seconds=10,
        lease_seconds=60,
        next_finishes=True,
        result_required=False,
        come_back_hours=48,
    ),
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


def desk(held: TicketView | None = None, operator_id: str | None = "012", **facts: Any) -> DeskReply:
    """The desk of counter q1 twenty minutes after `AT`, with an operator there; `status` changes the counter."""
    status: dict[str, Any] = facts.pop("status", {})
    empty: dict[str, Any] = {
        name: [] for name in ("tickets", "services", "parked", "missed", "done", "notes", "messages", "alarms")
    }
    counter = CounterStatus("q1", operator_id is not None, operator_id, held, **status)
    whole = {**empty, "total": len(facts.get("tickets", [])), **facts}
    return DeskReply("e", 9, AT + dt.timedelta(minutes=20), counter, **whole)


def snapshot(held: TicketView | None = None, operator_id: str | None = "012", minutes: int = 20) -> Snapshot:
    """The hall so many minutes after `AT`, with an operator at counter q1."""
    counters = [CounterStatus("q1", operator_id is not None, operator_id, held), CounterStatus("q2", False)]
    return Snapshot("e", 9, AT + dt.timedelta(minutes=minutes), AT.date(), [], counters, [], Satisfaction())
