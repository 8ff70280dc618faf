"""What the head of the hall should look at, each from its threshold on and not before."""

import pytest
from msgspec.structs import replace

from config.settings import Alerts
from protocol import commands as cmd
from protocol import replies as re
from queue_server.domain.forecast import Forecast
from queue_server.domain.rows import Device
from tests.queue_server.domain.test_issuing import hall_at
from tests.queue_server.factories import KIOSK, SmallHall, hall_file

THRESHOLDS = Alerts(wait_minutes=20, idle_minutes=3, service_factor=2.0, pause_minutes=15, device_seconds=60)


@pytest.fixture
def hall() -> SmallHall:
    hall = SmallHall(replace(hall_file(), alerts=THRESHOLDS))
    hall.open("1")
    return hall


def alerts(hall: SmallHall) -> list[re.Alert]:
    """The alerts, with every open counter's page heard just now."""
    for counter in hall.service.hall.counters.values():
        if counter.operator_id:
            hall.ask(cmd.KeepCounter(counter.counter_id))
    return hall.overview().alerts


def codes(hall: SmallHall) -> list[str]:
    return [alert.code for alert in alerts(hall)]


def test_a_quiet_hall_has_nothing_to_look_at(hall: SmallHall) -> None:
    hall.clock.tick(60)
    assert codes(hall) == []


def test_a_wait_is_pointed_at_from_its_minutes_on(hall: SmallHall) -> None:
    hall.issue("civil")
    hall.clock.tick(19.9)
    assert codes(hall) == []
    hall.clock.tick(0.1)
    (alert,) = alerts(hall)
    assert (alert.code, alert.facts["service_id"], alert.facts["minutes"]) == ("long_wait", "civil", 20)


def test_a_counter_is_idle_while_people_wait_only_when_both_last_long_enough(hall: SmallHall) -> None:
    hall.clock.tick(60)
    came_at = hall.clock.now
    hall.issue("land")
    assert codes(hall) == [], "a quiet counter whose first citizen has just come does nothing wrong"
    hall.clock.tick(2.9)
    assert codes(hall) == []
    hall.clock.tick(0.1)
    (alert,) = alerts(hall)
    assert (alert.code, alert.facts["counter_id"], alert.facts["waiting"]) == ("idle_while_waiting", "1", 1)
    assert alert.since == came_at


def test_a_counter_that_has_just_finished_is_not_idle_yet(hall: SmallHall) -> None:
    hall.issue("land")
    hall.issue("land")
    hall.clock.tick(10)
    hall.serve()
    hall.clock.tick(2.9)
    assert codes(hall) == []
    hall.clock.tick(0.1)
    assert codes(hall) == ["idle_while_waiting"]


def test_who_waits_for_another_counter_alone_makes_no_counter_idle(hall: SmallHall) -> None:
    hall.open("3")
    hall.ask(cmd.ServeDirectly("3", "land"))
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.ask(cmd.MoveTicket("90", ticket_id, to_counter_id="3"))
    hall.clock.tick(10)
    assert codes(hall) == [], "counter 1 may not call him"


def test_who_waits_for_this_counter_although_it_does_not_serve_his_service_counts(hall: SmallHall) -> None:
    ticket_id = hall.issue("civil").ticket.ticket_id
    hall.ask(cmd.MoveTicket("90", ticket_id, to_counter_id="1"))
    hall.clock.tick(10)
    assert codes(hall) == ["idle_while_waiting"]


def test_a_service_is_long_from_its_multiple_of_the_mean_on(hall: SmallHall) -> None:
    hall.issue("land")
    hall.start()
    hall.clock.tick(29.9)
    assert codes(hall) == []
    hall.clock.tick(0.1)
    (alert,) = alerts(hall)
    assert (alert.code, alert.facts["number"]) == ("long_service", "A001")


def test_a_pause_is_long_from_its_minutes_on(hall: SmallHall) -> None:
    hall.ask(cmd.PauseCounter("1", "break"))
    hall.issue("land")
    hall.clock.tick(14.9)
    assert codes(hall) == [], "a paused counter is not idle"
    hall.clock.tick(0.1)
    (alert,) = alerts(hall)
    assert (alert.code, alert.facts["reason_id"]) == ("long_pause", "break")


def test_a_counter_whose_page_is_gone_is_pointed_at(hall: SmallHall) -> None:
    hall.clock.tick(1.1)
    (alert,) = hall.overview().alerts
    assert (alert.code, alert.facts["counter_id"], alert.facts["operator_id"]) == ("connection_lost", "1", "01")


def test_a_devices_trouble_such_as_paper_low_is_pointed_at_until_it_is_over(hall: SmallHall) -> None:
    hall.enrol(KIOSK)
    hall.ask(cmd.ReportDevice(["paper_low", "cover_open"]), KIOSK)
    found = alerts(hall)
    assert [(a.code, a.facts["trouble"]) for a in found] == [
        ("device_trouble", "paper_low"),
        ("device_trouble", "cover_open"),
    ]
    hall.ask(cmd.ReportDevice(), KIOSK)
    assert codes(hall) == []


def test_a_device_that_reports_itself_is_pointed_at_when_it_is_silent(hall: SmallHall) -> None:
    desk = Device("desk", "desk", "d")
    hall.enrol(KIOSK, desk)
    hall.ask(cmd.ReportDevice(), KIOSK)
    hall.ask(cmd.GetHall(), desk)
    hall.clock.tick(1)
    assert codes(hall) == []
    hall.clock.tick(0.1)
    (alert,) = alerts(hall)
    assert (alert.code, alert.facts["device_id"]) == ("device_silent", "kiosk-1"), "pages do not report themselves"


def test_what_the_supervisor_shut_stays_in_sight_with_its_reason(hall: SmallHall) -> None:
    hall.enrol(KIOSK)
    hall.ask(cmd.ReportDevice(), KIOSK)
    hall.ask(cmd.SuspendService("90", "civil", "hỏng máy ký số"))
    hall.ask(cmd.SuspendKiosk("90", "kiosk-1", "thay giấy"))
    assert [(a.code, a.facts["reason"]) for a in alerts(hall)] == [
        ("service_suspended", "hỏng máy ký số"),
        ("kiosk_suspended", "thay giấy"),
    ]


def test_who_would_be_called_after_closing_time_is_pointed_at() -> None:
    hall = hall_at("16:30")
    ticket_id = hall.issue("land").ticket.ticket_id
    for minutes, expected in ((29.0, []), (31.0, ["after_closing"]), (8 * 60.0, ["after_closing"])):
        hall.service.forecast = Forecast(hall.clock.now.timestamp(), tickets={ticket_id: minutes})
        assert codes(hall) == expected, minutes


def test_calls_for_help_come_first_and_the_rest_by_urgency(hall: SmallHall) -> None:
    hall.enrol(KIOSK)
    hall.ask(cmd.ReportDevice(["paper_out"]), KIOSK)
    hall.ask(cmd.SuspendService("90", "results"))
    hall.issue("civil")
    hall.clock.tick(25)
    hall.ask(cmd.ReportDevice(["paper_out"]), KIOSK)
    hall.ask(cmd.RaiseAlarm("1"))
    found = alerts(hall)
    assert [alert.code for alert in found] == ["alarm", "device_trouble", "long_wait", "service_suspended"]
    assert found[0].since == hall.clock.now


def test_a_server_that_has_just_started_gives_devices_time_to_be_heard(hall: SmallHall) -> None:
    hall.enrol(KIOSK)
    again = SmallHall(storage=hall.storage, first_id=1000)
    again.clock.now = hall.clock.now
    assert [alert.code for alert in again.overview().alerts] == []
