"""Hand-made overviews of a small hall, and signing in to lead it."""

import datetime as dt
from typing import Any

import httpx
from msgspec.structs import replace

from protocol.client import HallClient, new_request_id
from protocol.commands import CreateEnrolment, GetOverview, GetTicket
from protocol.invitation import Invitation, accept
from protocol.keys import read_keys
from protocol.replies import (
    Alert,
    CounterStatus,
    DayTally,
    DeviceHealth,
    EnrolmentReply,
    HourWaits,
    NamedInfo,
    OperatorInfo,
    OverviewReply,
    Satisfaction,
    ServiceOverview,
    ServiceStatus,
    TicketReply,
)
from protocol.words import Issuing, TicketState
from tests.web.running import PIN, RunningHall, post
from tests.web.sample import AT, HALL
from web.supervisor.scene import Scene

LEADER, AUDITOR, OPERATOR = "078", "090", "012"
NOW = AT + dt.timedelta(minutes=30)
"""09:00 in the hall."""
LED_HALL = replace(
    HALL,
    operators=[
        OperatorInfo(OPERATOR, "Nguyễn Văn An"),
        OperatorInfo("034", "Trần Thị Bình"),
        OperatorInfo(LEADER, "Trưởng bộ phận", "supervisor"),
        OperatorInfo(AUDITOR, "Kiểm tra viên", "auditor"),
    ],
    pause_reasons=[NamedInfo("break", "Nghỉ giải lao", "Break")],
)


def service(waiting: int = 0, **fields: Any) -> ServiceOverview:
    """The one service of the hall."""
    issuing = fields.pop("issuing", Issuing.OPEN)
    reason = fields.pop("reason", "")
    facts = {"longest_minutes": 0.0, "late": 0, "called": 0, "within_target": None, "finished": 0, "no_shows": 0}
    status = ServiceStatus("ho-tich", waiting, 1, issuing=issuing, reason=reason)
    return ServiceOverview(status, **{**facts, **fields})


def scene(language: str = "vi", **fields: Any) -> Scene:
    """The hall at 09:00, closing at 17:00, with what a test says."""
    facts: dict[str, Any] = {
        "epoch": "e",
        "seq": 9,
        "at": NOW,
        "closes_at": NOW + dt.timedelta(hours=8),
        "counters": [CounterStatus("q1", open=False), CounterStatus("q2", open=False)],
        "services": [service()],
        "alerts": [],
        "devices": [],
        "hours": [],
        "today": DayTally(),
        "satisfaction": Satisfaction(),
        "tickets": [],
        "missed": [],
    }
    return Scene(LED_HALL, OverviewReply(**{**facts, **fields}), language)


def alert(code: str, **facts: Any) -> Alert:
    """An alert since ten minutes ago."""
    return Alert(code, NOW - dt.timedelta(minutes=10), facts)


def device(**fields: Any) -> DeviceHealth:
    """A kiosk that was heard ten seconds ago."""
    facts = {"device_id": "kiosk-1", "role": "kiosk", "heard_at": NOW - dt.timedelta(seconds=10), "troubles": []}
    return DeviceHealth(**{**facts, **fields})


def hour(number: int, issued: int = 4) -> HourWaits:
    """An hour in which half of the numbers were called."""
    return HourWaits(number, issued, issued // 2, 4.5, 12.0)


def sign_in(page: httpx.Client, person: str = LEADER, pin: str = PIN) -> httpx.Response:
    """Sign in to lead."""
    return page.post("/supervisor/sign-in", data={"operator": person, "pin": pin})


def act(page: httpx.Client, do: str, request_id: str = "", **fields: Any) -> httpx.Response:
    """Send a form."""
    return page.post("/supervisor/command", data={"do": do, "request_id": request_id or new_request_id(), **fields})


def refused(answer: httpx.Response) -> str:
    """What a form's answer says against it; empty: it was done."""
    return str(answer.json()["refusal"])


def enrolled_kiosk(running: RunningHall) -> HallClient:
    """A kiosk that has just joined the hall, under a name of its own."""
    reply = running.admin.call(CreateEnrolment("kiosk", f"kiosk-{new_request_id()[:6]}"))
    assert isinstance(reply, EnrolmentReply)
    server_key = read_keys(running.data / "keys" / "admin.json").server_key
    return HallClient(accept(Invitation(reply.enrolment, server_key, reply.code)))


def overview(running: RunningHall) -> OverviewReply:
    """The hall as the queue server tells it."""
    reply = running.desk.call(GetOverview())
    assert isinstance(reply, OverviewReply)
    return reply


def counter_status(running: RunningHall, counter_id: str) -> CounterStatus:
    """A counter now."""
    return next(one for one in overview(running).counters if one.counter_id == counter_id)


def state_of(running: RunningHall, ticket_id: int) -> TicketState:
    """Where a ticket stands."""
    reply = running.admin.call(GetTicket(ticket_id=ticket_id))
    assert isinstance(reply, TicketReply)
    return reply.ticket.state


def issuing(running: RunningHall) -> Issuing:
    """Whether numbers of the hall's first service are given."""
    return next(one.status.issuing for one in overview(running).services if one.status.service_id == "ho-tich")


def rate(running: RunningHall, token: str) -> None:
    """Give five stars, each from a phone of its own: many from one would raise an alert."""
    answer = post(
        f"{running.url}/t/{token}/rate",
        data={"score": "5", "request_id": new_request_id()},
        headers={"Origin": running.url, "User-Agent": new_request_id()},
    )
    assert answer.status_code == 303


def part(page: httpx.Client, name: str) -> str:
    """A part of the page as HTML."""
    return str(page.get("/supervisor/state").json()["parts"][name])
