"""A small hall as its counters' boxes see it."""

import datetime as dt
import itertools
from collections.abc import Iterator

from counter.desk import Desk, Face, Phase
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState

NOW = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)
WORDS = {"silent": "---", "closed": "OFF", "paused": "NGH", "waiting": "GOI", "refused": "LOI"}
SIGN_WORDS = {"silent": "-------", "paused": "TAMDUNG"}
HABITS = re.CounterHabits(5, 5, 2, 30, 10, 60, next_finishes=True, result_required=False, come_back_hours=48)
HALL = re.HallReply(
    hall_id="h",
    name="Trung tâm",
    name_en="Centre",
    address="",
    zone="Asia/Ho_Chi_Minh",
    public_url="http://127.0.0.1",
    hours={},
    agencies=[],
    services=[],
    counters=[re.CounterInfo("1", "Quầy 1", ["land", "tax"]), re.CounterInfo("c2", "Quầy 12", ["tax"])],
    classes=[],
    rating_reasons=[],
    pause_reasons=[re.NamedInfo("break", "Nghỉ", "Break"), re.NamedInfo("meeting", "Họp", "Meeting")],
    habits=HABITS,
)


def view(ticket_id: int = 7, number: str = "A012", state: str = "called", **more: object) -> re.TicketView:
    """A ticket."""
    return re.TicketView(ticket_id, number, NOW.date(), "land", "ordinary", TicketState(state), NOW, **more)  # type: ignore[arg-type]


def statuses(land: int = 0, tax: int = 0) -> list[re.ServiceStatus]:
    """Who waits."""
    return [re.ServiceStatus("land", land, 1), re.ServiceStatus("tax", tax, 1)]


def snapshot(*counters: re.CounterStatus, land: int = 0, tax: int = 0, seq: int = 100) -> re.Snapshot:
    """The hall at one moment."""
    return re.Snapshot("e", seq, NOW, NOW.date(), statuses(land, tax), list(counters), [], re.Satisfaction())


def pulse(land: int = 0, tax: int = 0) -> re.Pulse:
    """The hall lives."""
    return re.Pulse("e", 100, NOW, statuses(land, tax), re.Satisfaction())


def desk_reply(counter: re.CounterStatus, *, seq: int = 10_000, **lists: list[re.TicketView]) -> re.DeskReply:
    """A counter's desk."""
    return re.DeskReply(
        "e", seq, NOW, counter, [], 0, [], lists.get("parked", []), [], lists.get("done", []), [], [], []
    )


_seqs: Iterator[int] = itertools.count(101)


def event(body: ev.EventBody) -> ev.Event:
    """The next event of the log."""
    return ev.Event("e", next(_seqs), NOW, "desk", body)


def called(ticket_id: int = 7, number: str = "A012", counter_id: str = "1") -> ev.Event:
    """A call."""
    reason = ev.CallReason(ev.CallRule.TURN, 1.0, [])
    return event(ev.TicketCalled(ticket_id, number, "land", counter_id, "05", reason))


def open_desk(*events: ev.Event, land: int = 0) -> Desk:
    """Counter 1 with operator 05 at it, after some events."""
    desk = Desk("1")
    desk.describe(HALL)
    desk.take_snapshot(snapshot(re.CounterStatus("1", open=True, operator_id="05"), land=land), 0.0)
    for each in events:
        desk.take_event(each, 0.0)
    return desk


def face_of(phase: str, number: str = "", waiting: int = 0, calls: int = 0, finished: int = 0) -> Face:
    """A face of counter 3."""
    return Face(Phase(phase), "3", number, waiting, calls, finished)
