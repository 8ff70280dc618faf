"""What a counter's desk shows: its own line in its own order, and what concerns it of the rest."""

import pytest

from protocol import commands as cmd
from protocol import replies as re
from queue_server.domain.rows import Device
from tests.queue_server.factories import SmallHall


@pytest.fixture
def hall() -> SmallHall:
    hall = SmallHall()
    hall.open("1", "2", "3")
    return hall


def numbers(tickets: list[re.TicketView]) -> list[str]:
    return [ticket.number for ticket in tickets]


def test_the_line_holds_whom_this_counter_may_call_in_its_order(hall: SmallHall) -> None:
    hall.issue("civil")
    hall.issue("land")
    hall.clock.tick(5)
    hall.issue("results")
    hall.issue("land", "elderly")
    for_another = hall.issue("land").ticket
    hall.ask(cmd.MoveTicket("90", for_another.ticket_id, to_counter_id="3"))
    for_me = hall.issue("civil").ticket
    hall.ask(cmd.MoveTicket("90", for_me.ticket_id, to_counter_id="1"))
    desk = hall.desk("1")
    assert numbers(desk.tickets) == ["A002", "A001", "E001", "C002"]
    assert desk.total == 4
    first = hall.call("1")
    assert first is not None
    assert first.number == "A002", "and the first of the list is who is called"


def test_each_service_tells_who_waits_how_long_and_how_many_too_long(hall: SmallHall) -> None:
    hall.issue("land")
    hall.clock.tick(20)
    hall.issue("land")
    hall.clock.tick(11)
    shown = {service.service_id: service for service in hall.desk("1").services}
    assert sorted(shown) == ["land", "results"]
    land = shown["land"]
    assert (land.waiting, land.longest_minutes, land.late) == (2, 31.0, 1)
    assert (shown["results"].waiting, shown["results"].longest_minutes) == (0, 0.0)


def test_the_tabs_show_parked_missed_and_done_of_this_counter(hall: SmallHall) -> None:
    for _ in range(4):
        hall.issue("land")
    done = hall.serve("1")
    parked = hall.start("1")
    hall.ask(cmd.ParkTicket("1", parked.ticket_id, 20, "chờ"))
    missed = hall.call("1")
    assert missed is not None
    hall.ask(cmd.MarkNoShow("1", missed.ticket_id))
    other = hall.serve("3")
    desk = hall.desk("1")
    assert numbers(desk.done) == [done.number]
    assert numbers(desk.parked) == [parked.number]
    assert numbers(desk.missed) == [missed.number]
    assert numbers(hall.desk("3").done) == [other.number]
    assert numbers(hall.desk("3").missed) == [missed.number], "another counter of the service may restore it"
    assert numbers(hall.desk("2").missed) == []


def test_the_tabs_are_todays_and_survive_a_restart(hall: SmallHall) -> None:
    hall.issue("land")
    done = hall.serve("1")
    again = SmallHall(storage=hall.storage)
    again.clock.now = hall.clock.now
    assert numbers(again.desk("1").done) == [done.number]
    hall.pass_time(24 * 60)
    assert numbers(hall.desk("1").done) == []


def test_the_newest_stands_first_and_a_list_has_an_end(hall: SmallHall) -> None:
    for _ in range(5):
        hall.issue("land")
    done = []
    for _ in range(3):
        done.append(hall.serve("1").number)
        hall.clock.tick(1)
    assert numbers(hall.desk("1").done) == done[::-1]
    short = hall.get(re.DeskReply, cmd.GetDesk("1", 1))
    assert (len(short.done), len(short.tickets), short.total) == (1, 1, 2)


def test_a_ticket_with_the_time_until_it_comes_back_is_shown_where_it_is_parked(hall: SmallHall) -> None:
    hall.issue("land")
    parked = hall.start("1")
    hall.ask(cmd.ParkTicket("1", parked.ticket_id, 20))
    (shown,) = hall.desk("1").parked
    assert shown.parked_until is not None
    assert (shown.parked_until - hall.clock.now).total_seconds() == 20 * 60
    assert hall.desk("3").parked == [], "it is meant for counter 1"


def test_each_waiting_ticket_tells_whether_it_came_back_and_for_whom_it_waits(hall: SmallHall) -> None:
    hall.issue("land")
    ticket = hall.start("1")
    hall.ask(cmd.TransferTicket("1", ticket.ticket_id, "civil", to_counter_id="2", comes_back=True))
    (shown,) = hall.desk("2").tickets
    assert (shown.returned, shown.to_counter_id, shown.return_to_counter_id) == (True, "2", "1")


def test_what_can_be_taken_back_is_named_with_its_number_and_end(hall: SmallHall) -> None:
    hall.issue("land")
    called = hall.call("1")
    undoable = hall.desk("1").undoable
    assert called is not None
    assert undoable is not None
    assert (undoable.action, undoable.number) == ("call_next", "A001")
    assert hall.desk("3").undoable is None


def test_a_counters_own_box_sees_its_own_desk_only(hall: SmallHall) -> None:
    box = Device("box-1", "counter", "b", counter_id="1")
    assert isinstance(hall.ask(cmd.GetDesk("1"), box), re.DeskReply)
    assert hall.refusal(cmd.GetDesk("2"), box) == "forbidden"
