"""What devices get to see: enough to do their work and nothing that they should not know."""

import pytest

from protocol import codec
from protocol import commands as cmd
from protocol import replies as re
from protocol.words import TicketState
from queue_server import views
from queue_server.domain.rows import Device
from queue_server.hall_view import hall_reply
from tests.queue_server.factories import DESK, KIOSK, PHONE, SmallHall, hall_file


def test_the_hall_is_described_as_its_file_says() -> None:
    described = hall_reply(hall_file())
    assert (described.hall_id, described.name, described.zone) == ("small", "Sảnh nhỏ", "Asia/Ho_Chi_Minh")
    assert [service.counter_ids for service in described.services] == [["1", "3"], ["2", "3"], ["1", "2", "3"]]
    assert described.hours["monday"] == ["00:00-24:00"]
    assert [(c.class_id, c.head_start_minutes, c.limit_minutes) for c in described.classes] == [
        ("ordinary", 0, 60),
        ("elderly", 15, 10),
    ]


@pytest.mark.parametrize(("device", "told"), [(PHONE, False), (KIOSK, False), (DESK, True)])
def test_who_works_here_is_told_to_the_devices_of_staff_only(device: Device, told: bool) -> None:
    reply = SmallHall().ask(cmd.GetHall(), device)
    assert ("Cán bộ".encode() in codec.encode(reply)) == told


def test_a_waiting_ticket_has_a_place_and_a_called_one_has_none() -> None:
    hall = SmallHall()
    hall.open("1")
    first, second = hall.issue("land"), hall.issue("land")
    hall.service.refresh_forecast(hall.clock.now)

    def look(token: str) -> re.TicketView:
        reply = hall.ask(cmd.GetTicket(token=token), PHONE)
        assert isinstance(reply, re.TicketReply)
        return reply.ticket

    assert (look(first.token).people_ahead, look(second.token).people_ahead) == (0, 1)
    waits = look(second.token)
    assert waits.wait_low_minutes is not None
    assert waits.wait_high_minutes is not None
    assert waits.wait_low_minutes <= waits.wait_high_minutes
    hall.call("1")
    called = look(first.token)
    assert called.state is TicketState.CALLED
    assert (called.counter_id, called.people_ahead, called.wait_low_minutes) == ("1", None, None)
    assert look(second.token).people_ahead == 0


def test_calls_are_told_latest_first_and_only_while_a_counter_holds_them() -> None:
    hall = SmallHall()
    hall.open("1", "2", "3")
    hall.issue("land")
    hall.issue("civil")
    hall.issue("land")
    called = []
    for counter_id in ("1", "2", "3"):
        ticket = hall.call(counter_id)
        assert ticket is not None
        called.append(ticket)
        hall.clock.tick(1)
    assert [view.number for view in views.calls(hall.service.hall)] == [view.number for view in reversed(called)]
    hall.ask(cmd.MarkNoShow("2", called[1].ticket_id))
    assert [view.counter_id for view in views.calls(hall.service.hall)] == ["3", "1"]


def test_services_count_their_people_and_their_open_counters() -> None:
    hall = SmallHall()
    hall.open("1")
    hall.issue("land")
    hall.issue("land", "elderly")
    hall.issue("civil")
    shown = {s.service_id: s for s in views.service_statuses(hall.service.hall, hall.service.forecast, hall.clock.now)}
    assert {name: (s.waiting, s.open_counters) for name, s in shown.items()} == {
        "land": (2, 1),
        "civil": (1, 0),
        "results": (0, 1),
    }


def test_a_counter_shows_who_is_there_and_whom_it_holds() -> None:
    hall = SmallHall()
    empty = views.counter_status(hall.service.hall, hall.service.hall.counters["1"])
    assert (empty.open, empty.operator_id, empty.ticket) == (False, None, None)
    hall.open("1")
    hall.issue("land")
    called = hall.call("1")
    held = views.counter_status(hall.service.hall, hall.service.hall.counters["1"])
    assert (held.open, held.operator_id, held.ticket) == (True, "01", called)
