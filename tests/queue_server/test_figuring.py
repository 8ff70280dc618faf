"""Rows of a day that was played by hand: what became of each visit, and how the counters spent their time."""

import datetime as dt
from zoneinfo import ZoneInfo

from figures.rows import Rows, Visit
from protocol import commands as cmd
from protocol.words import TicketState
from queue_server.day_events import events_of, service_days
from queue_server.figuring import rows_of_day
from queue_server.night_seats import seats_before
from tests.queue_server.factories import MORNING, PHONE, SmallHall

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = MORNING.date()


def rows(hall: SmallHall, day: dt.date = DAY, *, votes: bool = True) -> Rows:
    """The rows as the programs make them."""
    return rows_of_day(day, events_of(hall.storage, day), hall.storage.ratings(day) if votes else None, ZONE)


def only(hall: SmallHall) -> Visit:
    (visit,) = rows(hall).visits
    return visit


def undo(hall: SmallHall) -> None:
    """Take back the last action of counter 1."""
    action = hall.desk("1").undoable
    assert action is not None
    hall.ask(cmd.UndoAction("1", action.action_seq))


def state_seconds(hall: SmallHall, day: dt.date = DAY) -> dict[tuple[str, str], float]:
    """Seconds by counter and state."""
    found: dict[tuple[str, str], float] = {}
    for span in rows(hall, day).spans:
        key = span.counter, span.state
        found[key] = found.get(key, 0.0) + span.seconds
    return found


def test_a_citizen_who_leaves_and_one_whom_the_day_outlasts_gave_up_but_not_one_whom_staff_cancels() -> None:
    hall = SmallHall()
    hall.open("1")
    left, cancelled, outlasted = hall.issue(), hall.issue(), hall.issue()
    hall.ask(cmd.CancelTicket(token=left.token), PHONE)
    hall.ask(cmd.CancelTicket(ticket_id=cancelled.ticket.ticket_id))
    hall.clock.tick(24 * 60)
    hall.issue()
    assert [visit.outcome for visit in rows(hall).visits] == ["abandoned", "cancelled", "abandoned"]
    assert hall.ticket(outlasted.ticket.ticket_id).state is TicketState.CANCELLED
    assert [visit.outcome for visit in rows(hall, DAY + dt.timedelta(days=1)).visits] == ["open"]


def test_the_hour_is_that_of_the_hall_and_the_weekday_that_of_the_day() -> None:
    hall = SmallHall()
    hall.issue()
    visit = only(hall)
    assert (visit.service_day, visit.weekday, visit.hour) == (DAY, 0, 7)


def test_a_transferred_visit_has_two_stays_and_its_wait_belongs_to_the_first() -> None:
    hall = SmallHall()
    hall.open("1", "2")
    hall.issue("land")
    hall.clock.tick(10)
    ticket = hall.start("1")
    hall.clock.tick(5)
    hall.ask(cmd.TransferTicket(counter_id="1", ticket_id=ticket.ticket_id, service_id="civil"))
    hall.clock.tick(3)
    hall.serve("2")
    found = rows(hall)
    assert [(stay.service, stay.counter, stay.end) for stay in found.stays] == [
        ("land", "1", "transferred"),
        ("civil", "2", "served"),
    ]
    assert [stay.waiting_seconds for stay in found.stays] == [600.0, None]
    assert [stay.service_seconds for stay in found.stays] == [300.0, 0.0]
    assert (found.visits[0].service, found.visits[0].transferred, found.visits[0].outcome) == ("civil", True, "served")


def test_who_is_served_without_a_number_neither_waited_nor_walked() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.ask(cmd.ServeDirectly("1", "land"))
    (stay,) = rows(hall).stays
    assert (stay.waiting_seconds, stay.walk_seconds, stay.end) == (None, None, "open")
    assert only(hall).origin == "direct"


def test_times_that_are_flagged_as_wrong_are_in_no_row() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue()
    hall.clock.tick(9)
    ticket = hall.serve("1")
    hall.ask(cmd.FlagTimes("1", ticket.ticket_id, True))
    found = rows(hall)
    assert found.visits[0].times_wrong
    assert found.visits[0].waiting_seconds is found.stays[0].walk_seconds is found.stays[0].service_seconds is None
    assert found.visits[0].outcome == "served"


def test_what_was_undone_did_not_happen() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue()
    hall.call("1")
    undo(hall)
    assert (only(hall).called, only(hall).waiting_seconds, rows(hall).stays) == (False, None, [])


def test_votes_are_told_without_their_ticket_and_not_before_they_may_be() -> None:
    hall = SmallHall()
    hall.open("1")
    issued = hall.issue()
    hall.serve("1")
    hall.ask(cmd.RateTicket(issued.token, 2, ["long-wait"]), PHONE)
    told, kept_back = rows(hall), rows(hall, votes=False)
    assert [(vote.service, vote.counter, vote.criterion, vote.score) for vote in told.votes] == [("land", "1", "", 2)]
    assert [reason.reason for reason in told.reasons] == ["long-wait"]
    assert told.visits[0].rateable
    assert told.stays[0].rateable
    assert kept_back.votes == kept_back.reasons == []
    assert not kept_back.visits[0].rateable, "else the response rate would say that nobody voted"


def test_a_counters_day_is_idle_called_serving_and_paused() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.clock.tick(10)
    hall.issue()
    ticket = hall.call("1")
    assert ticket is not None
    hall.clock.tick(1)
    hall.ask(cmd.StartServing("1", ticket.ticket_id))
    hall.clock.tick(20)
    hall.ask(cmd.FinishTicket("1", ticket.ticket_id))
    hall.ask(cmd.PauseCounter("1", "break"))
    hall.clock.tick(5)
    hall.ask(cmd.ContinueCounter("1"))
    hall.clock.tick(4)
    hall.ask(cmd.CloseCounter("1"))
    assert state_seconds(hall) == {
        ("1", "idle"): 840.0,
        ("1", "called"): 60.0,
        ("1", "serving"): 1200.0,
        ("1", "paused"): 300.0,
    }
    assert {span.operator for span in rows(hall).spans} == {"01"}


def test_time_is_cut_at_full_hours() -> None:
    hall = SmallHall()
    hall.clock.tick(15)
    hall.open("1")
    hall.clock.tick(90)
    hall.ask(cmd.CloseCounter("1"))
    assert [(span.hour, span.seconds) for span in rows(hall).spans] == [(7, 900.0), (8, 3600.0), (9, 900.0)]


def test_a_counter_that_nobody_closed_is_open_until_its_last_event() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.clock.tick(30)
    hall.issue()
    hall.serve("1")
    hall.clock.tick(24 * 60)
    hall.issue()
    assert state_seconds(hall) == {("1", "idle"): 1800.0}, "not the night"
    assert state_seconds(hall, DAY + dt.timedelta(days=1)) == {}


def test_a_call_that_was_undone_leaves_the_counter_idle() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue()
    hall.call("1")
    hall.clock.tick(0.1)
    undo(hall)
    hall.clock.tick(10)
    hall.ask(cmd.CloseCounter("1"))
    assert state_seconds(hall) == {("1", "called"): 6.0, ("1", "idle"): 600.0}


def test_a_log_that_has_not_begun_has_no_day() -> None:
    assert service_days(SmallHall().storage) == []


def test_a_number_that_was_given_by_what_was_undone_stands_for_nobody() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.ask(cmd.ServeDirectly("1", "land"))
    hall.clock.tick(0.1)
    undo(hall)
    assert (rows(hall).visits, rows(hall).stays) == ([], [])


def test_who_is_served_past_midnight_is_a_visit_of_his_day_and_the_counter_is_not_idle_on_the_next() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue()
    hall.clock.tick(16 * 60)
    ticket = hall.start("1")
    hall.clock.tick(60)
    hall.issue("civil")
    hall.ask(cmd.RecordServices("1", ticket.ticket_id, []))
    hall.clock.tick(20)
    hall.ask(cmd.FinishTicket("1", ticket.ticket_id))
    tomorrow = DAY + dt.timedelta(days=1)
    assert hall.storage.days() == [DAY, tomorrow]
    assert (only(hall).outcome, rows(hall).stays[0].service_seconds) == ("served", 80 * 60)
    seats = seats_before(hall.storage, tomorrow)
    assert [(seat.counter.counter_id, seat.counter.operator_id) for seat in seats] == [("1", "01")]
    found = rows_of_day(tomorrow, events_of(hall.storage, tomorrow), [], ZONE, seats)
    assert {(span.state, span.operator): span.seconds for span in found.spans} == {("serving", "01"): 1200.0}
