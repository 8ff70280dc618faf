"""What a loudspeaker is told: the calls of its zone, who came, and what the supervisor lets be spoken."""

import datetime as dt

import pytest
from msgspec.structs import replace

from display.acknowledging import Acknowledging
from display.board import Board
from display.calls import Call
from display.speaking import Speaking
from protocol import events as ev
from protocol.commands import AcknowledgeCall
from protocol.replies import AnnouncementInfo, DisplayInfo, HallReply, Snapshot
from protocol.words import AnnouncementKind, TicketState
from tests.display import halls
from tests.display.halls import AT, called, event, snapshot

ME = "display-1"


class Heard:
    """A loudspeaker that only remembers what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int]] = []
        self.names: list[str] = []
        self.texts: list[dict[str, str]] = []
        self.halls: list[HallReply] = []
        self.times: list[dt.time | None] = []
        self.describe = self.halls.append

    def call(self, ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime) -> None:
        assert number
        assert announced_at.tzinfo
        self.said.append(("call", ticket_id))
        self.names.append(counter_name)

    def recall(self, ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime) -> None:
        assert number
        assert counter_name
        assert announced_at.tzinfo
        self.said.append(("recall", ticket_id))

    def answered(self, ticket_id: int) -> None:
        self.said.append(("answered", ticket_id))

    def speak(self, announcement_id: int, texts: dict[str, str]) -> None:
        self.said.append(("speak", announcement_id))
        self.texts.append(texts)

    def emergency(self, announcement_id: int, texts: dict[str, str]) -> None:
        self.said.append(("emergency", announcement_id))
        self.texts.append(texts)

    def end(self, announcement_id: int) -> None:
        self.said.append(("end", announcement_id))

    def tick(self, local: dt.time | None = None) -> None:
        self.times.append(local)


class Room:
    """A wall that speaks, and what it was told to say."""

    def __init__(self, first: Snapshot | None = None, *services: str) -> None:
        self.board, self.heard = Board(ME), Heard()
        self.speaking = Speaking(self.board, self.heard)
        self.board.describe(replace(halls.hall(), displays=[DisplayInfo(ME, "main", list(services), speaks=True)]))
        self.now = 0.0
        self.snapshot(first or snapshot())

    def snapshot(self, told: Snapshot) -> "Room":
        self.board.take_snapshot(told, self.now)
        self.speaking.take_snapshot(told)
        return self.tick()

    def hear(self, *bodies: ev.EventBody) -> "Room":
        for body in bodies:
            happened = event(self.board.seq + 1, body)
            self.board.take_event(happened, self.now)
            self.speaking.take_event(happened)
        return self.tick()

    def tick(self, later: float = 0.0) -> "Room":
        self.now += later
        self.speaking.tick(self.now)
        return self

    @property
    def said(self) -> list[tuple[str, int]]:
        return self.heard.said


def recalled(ticket_id: int, recalls: int = 1) -> ev.TicketRecalled:
    return ev.TicketRecalled(ticket_id, "A015", "ho-tich", "7", recalls)


def made(number: int, kind: AnnouncementKind, *, spoken: bool = True, until: dt.datetime | None = None) -> ev.EventBody:
    return ev.AnnouncementMade(number, kind, "Xin chào", "90", "Hello", until, spoken=spoken)


def test_a_call_is_said_with_its_counters_name() -> None:
    room = Room().hear(called(200, "A015", "7"))
    assert room.said == [("call", 200)]
    assert room.heard.names == ["Quầy 7"]


def test_a_repetition_and_an_answer_are_told() -> None:
    room = Room().hear(called(200, "A015", "7"), recalled(200))
    room.hear(ev.ServingStarted(200, "A015", "ho-tich", "7"))
    assert room.said == [("call", 200), ("recall", 200), ("answered", 200)]


@pytest.mark.parametrize(
    "ending",
    [
        ev.TicketFinished(200, "A015", "ho-tich", "7"),
        ev.NoShowMarked(200, "A015", "ho-tich", "7"),
        ev.TicketCancelled(200, "A015", "ho-tich", TicketState.CALLED, "staff"),
        ev.ActionUndone(
            "7",
            "cb01",
            "call_next",
            1,
            2,
            [ev.UndoneTicket(200, "A015", "ho-tich", TicketState.CALLED, TicketState.WAITING)],
        ),
    ],
)
def test_a_call_that_ended_needs_no_voice(ending: ev.EventBody) -> None:
    assert Room().hear(called(200, "A015", "7"), ending).said[-1] == ("answered", 200)


def test_a_loudspeaker_of_a_zone_says_only_its_calls() -> None:
    room = Room(None, "ho-tich").hear(called(200, "A015", "7", "ho-tich"), called(201, "D201", "8", "dat-dai"))
    room.hear(ev.ServingStarted(201, "D201", "dat-dai", "8"))
    assert room.said == [("call", 200)]


def test_what_is_called_already_when_the_wall_starts_is_not_said_again() -> None:
    assert Room(snapshot([halls.ticket(7, "1")])).said == []


def test_what_a_gap_hid_is_said_once_it_is_known_and_who_came_meanwhile_is_not() -> None:
    room = Room(snapshot([halls.ticket(7, "1"), halls.ticket(8, "2")]))
    room.snapshot(snapshot([halls.ticket(9, "3"), halls.ticket(8, "2", serving=True), halls.ticket(7, "1")], seq=120))
    assert room.said == [("answered", 8), ("call", 9)]


def test_a_repetition_that_a_gap_hid_is_said() -> None:
    room = Room(snapshot([halls.ticket(7, "1")]))
    later = replace(halls.ticket(7, "1", recalls=1), announced_at=AT + dt.timedelta(seconds=99))
    room.snapshot(snapshot([later], seq=120))
    assert room.said == [("recall", 7)]


def test_a_hall_that_went_back_to_an_older_state_is_no_news() -> None:
    room = Room(snapshot([halls.ticket(7, "1")]))
    assert room.snapshot(snapshot([halls.ticket(9, "3")], epoch="e2")).said == [("answered", 7)]


def test_the_supervisors_words_are_spoken_in_both_languages_once() -> None:
    room = Room().hear(made(101, "announcement")).tick(1.0)
    assert room.said == [("speak", 101)]
    assert room.heard.texts == [{"vi": "Xin chào", "en": "Hello"}]


def test_words_that_are_only_to_be_read_are_not_spoken() -> None:
    assert Room().hear(made(101, "announcement", spoken=False)).said == []


def test_an_emergency_is_spoken_until_it_is_ended_or_its_time_is_over() -> None:
    room = Room().hear(made(101, "emergency"), ev.AnnouncementEnded(101, "90"))
    assert room.said == []
    room.hear(made(103, "emergency")).hear(ev.AnnouncementEnded(103, "90"))
    assert room.said == [("emergency", 103), ("end", 103)]
    room.hear(made(105, "emergency", until=AT + dt.timedelta(seconds=60))).tick(61.0)
    assert room.said[2:] == [("emergency", 105), ("end", 105)]


def test_a_wall_that_starts_speaks_an_emergency_but_no_older_words() -> None:
    told = [
        AnnouncementInfo(5, "announcement", "cũ", "", AT, None, [], True),
        AnnouncementInfo(6, "emergency", "Cháy", "", AT, None, [], True),
    ]
    assert Room(replace(snapshot(), announcements=told)).said == [("emergency", 6)]


def test_words_of_an_older_state_of_the_hall_are_ended_and_not_taken_for_those_of_the_new_one() -> None:
    room = Room().hear(made(101, "emergency")).tick(1.0)
    fire = AnnouncementInfo(101, "emergency", "Lụt", "", AT, None, [], True)
    old = AnnouncementInfo(90, "announcement", "cũ", "", AT, None, [], True)
    room.snapshot(replace(snapshot(epoch="e2"), announcements=[old, fire]))
    assert room.said == [("emergency", 101), ("end", 101), ("emergency", 101)]
    assert room.heard.texts[-1] == {"vi": "Lụt"}


def test_a_call_that_an_undone_arrival_leaves_open_is_no_news_after_a_gap() -> None:
    waits = replace(halls.ticket(7, "7"), announced_at=AT)
    room = Room().hear(called(7, "A015", "7"), ev.ServingStarted(7, "A015", "ho-tich", "7"))
    undone = ev.UndoneTicket(7, "A015", "ho-tich", TicketState.SERVING, TicketState.CALLED, "7")
    room.hear(ev.ActionUndone("7", "90", "start_serving", 102, 102, [undone]))
    assert room.said == [("call", 7), ("answered", 7)]
    room.snapshot(snapshot([waits], seq=120))
    assert room.said == [("call", 7), ("answered", 7)]
    room.hear(ev.ServingStarted(7, "A015", "ho-tich", "7"), recalled(7))
    assert room.said[2:] == [("answered", 7), ("recall", 7)]


def test_the_loudspeaker_knows_the_halls_time_of_day() -> None:
    assert Room().heard.times[-1] == dt.time(8, 12, 30)


# ---- what the hall is told --------------------------------------------------------


def shown(ticket_id: int, at: dt.datetime | None = AT) -> Call:
    return Call(ticket_id, "A001", "1", "ho-tich", announced_at=at)


def test_the_hall_is_told_once_of_each_announcement_that_was_shown() -> None:
    telling = Acknowledging()
    assert telling.shown([shown(1), shown(2)]) == [AcknowledgeCall(1, AT), AcknowledgeCall(2, AT)]
    assert telling.shown([shown(1), shown(2)]) == []
    later = AT + dt.timedelta(seconds=20)
    assert telling.shown([shown(1, later), shown(2)]) == [AcknowledgeCall(1, later)]


def test_shown_and_said_are_told_apart() -> None:
    telling = Acknowledging()
    telling.shown([shown(1)])
    assert telling.said(1, AT) == [AcknowledgeCall(1, AT, said=True)]
    assert telling.said(1, AT) == []


def test_a_call_of_which_nobody_knows_the_instant_is_not_told() -> None:
    assert Acknowledging().shown([shown(1, None)]) == []
