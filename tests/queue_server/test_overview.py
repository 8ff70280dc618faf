"""The hall as its head sees it: figures of services, hours and the day."""

import datetime as dt

import pytest

from protocol import commands as cmd
from protocol import replies as re
from protocol.words import Origin
from queue_server.domain.forecast import Forecast
from queue_server.domain.rows import Device
from tests.queue_server.domain.test_hours import at
from tests.queue_server.domain.test_issuing import TUESDAY, hall_at
from tests.queue_server.factories import DESK, KIOSK, PHONE, SmallHall

AUDITOR = Device("auditor-1", "auditor", "u")


@pytest.fixture
def hall() -> SmallHall:
    hall = SmallHall()
    hall.open("1", "2", "3")
    return hall


def service(hall: SmallHall, service_id: str = "land") -> re.ServiceOverview:
    return next(s for s in hall.overview().services if s.status.service_id == service_id)


def wait_and_serve(hall: SmallHall, minutes: float, counter_id: str = "1", service_id: str = "land") -> re.TicketView:
    hall.issue(service_id)
    hall.clock.tick(minutes)
    return hall.serve(counter_id)


def test_the_share_within_target_counts_first_calls_of_today(hall: SmallHall) -> None:
    assert service(hall).within_target is None, "nobody was called, so there is nothing to say"
    for minutes in (5, 30, 31):
        wait_and_serve(hall, minutes)
    assert (service(hall).called, service(hall).within_target) == (3, pytest.approx(2 / 3, abs=0.001))


def test_who_waits_past_the_target_is_counted_as_late(hall: SmallHall) -> None:
    hall.issue("land")
    hall.clock.tick(25)
    hall.issue("land")
    hall.clock.tick(6)
    shown = service(hall)
    assert (shown.status.waiting, shown.longest_minutes, shown.late) == (2, 31.0, 1)


def test_waits_by_hour_belong_to_the_local_hour_in_which_the_number_was_taken(hall: SmallHall) -> None:
    """07:30 in Việt Nam is 00:30 UTC."""
    wait_and_serve(hall, 10)
    wait_and_serve(hall, 15)
    hall.clock.tick(90)
    wait_and_serve(hall, 4)
    by_hour = {hour.hour: hour for hour in hall.overview().hours}
    assert sorted(by_hour) == [7, 8, 9], "an hour without anybody is shown too"
    assert (by_hour[7].issued, by_hour[7].called, by_hour[7].median_minutes) == (2, 2, 12.5)
    assert (by_hour[8].issued, by_hour[8].median_minutes) == (0, None)
    assert (by_hour[9].issued, by_hour[9].median_minutes) == (1, 4)


def test_a_transfer_does_not_make_a_second_wait(hall: SmallHall) -> None:
    hall.issue("land")
    hall.clock.tick(5)
    ticket_id = hall.start("1").ticket_id
    hall.clock.tick(20)
    hall.ask(cmd.TransferTicket("1", ticket_id, "civil"))
    hall.clock.tick(10)
    hall.serve("2")
    (hour,) = [hour for hour in hall.overview().hours if hour.called]
    assert (hour.called, hour.median_minutes) == (1, 5)
    assert hall.overview().today.transferred == 1


def test_who_was_served_without_waiting_improves_no_wait(hall: SmallHall) -> None:
    hall.ask(cmd.ServeDirectly("1", "land"))
    hall.ask(cmd.ServeDirectly("3", "land", back_office=True))
    overview = hall.overview()
    assert (overview.today.issued, overview.today.called) == (1, 0), "an item without a citizen is no visit"
    assert service(hall).called == 0


def test_the_day_is_told_in_numbers(hall: SmallHall) -> None:
    wait_and_serve(hall, 1)
    hall.issue("land", "elderly")
    elderly = hall.start("1")
    hall.ask(cmd.CheckClaim("1", elderly.ticket_id, valid=True))
    hall.ask(cmd.GrantComeBack("1", elderly.ticket_id, ["ảnh"], 24))
    hall.issue("civil")
    missed = hall.call("2")
    assert missed is not None
    hall.ask(cmd.MarkNoShow("2", missed.ticket_id))
    hall.issue("civil")
    parked = hall.start("2")
    hall.ask(cmd.ParkTicket("2", parked.ticket_id, 30))
    gone = hall.issue("results")
    hall.ask(cmd.CancelTicket(token=gone.token), PHONE)
    hall.issue("results")
    today = hall.overview().today
    assert today == re.DayTally(
        issued=6,
        waiting=1,
        parked=1,
        called=4,
        finished=2,
        no_shows=1,
        cancelled=1,
        priority_calls=1,
        claims_checked=1,
        come_backs_granted=1,
    )
    assert [ticket.ticket_id for ticket in hall.overview().missed] == [missed.ticket_id]


def test_appointments_of_another_day_are_not_todays() -> None:
    hall = hall_at("16:50")
    hall.ask(cmd.BookAppointment("90", "land", at("16:55")))
    hall.ask(cmd.BookAppointment("90", "land", at("09:00", TUESDAY)))
    hall.clock.now = at("17:30")
    hall.ask(cmd.BookPlace("land"), KIOSK)
    assert (hall.overview().today.appointments, hall.overview().today.checked_in) == (1, 0)


def test_a_kept_appointment_waits_from_its_slot_and_is_counted(hall: SmallHall) -> None:
    slot_at = hall.clock.now + dt.timedelta(minutes=20)
    place = hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", slot_at))
    hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token))
    hall.clock.tick(23)
    hall.serve()
    overview = hall.overview()
    assert (overview.today.appointments, overview.today.checked_in) == (1, 1)
    assert [hour.median_minutes for hour in overview.hours if hour.called] == [3]


def test_who_is_still_served_after_midnight_belongs_to_the_day_before(hall: SmallHall) -> None:
    hall.issue("land")
    old = hall.start()
    hall.clock.tick(24 * 60)
    hall.issue("civil")
    overview = hall.overview()
    assert overview.today.issued == 1
    assert old.ticket_id in [ticket.ticket_id for ticket in overview.tickets], "but it is in sight"
    hall.ask(cmd.FinishTicket("1", old.ticket_id))
    assert hall.overview().today.issued == 1


def test_what_was_taken_back_was_not(hall: SmallHall) -> None:
    hall.issue("land")
    hall.clock.tick(5)
    hall.call("1")
    hall.undo("1")
    today = hall.overview().today
    assert (today.called, today.waiting) == (0, 1)
    assert service(hall).called == 0


def test_the_forecast_to_closing_tells_when_the_last_who_waits_is_called() -> None:
    hall = hall_at("11:00")
    tickets = [hall.issue("land").ticket.ticket_id for _ in range(2)]
    hall.service.forecast = Forecast(hall.clock.now.timestamp(), tickets={tickets[0]: 5.0, tickets[1]: 45.0})
    assert service(hall).last_called_at == at("13:45"), "nobody is called in the break"
    assert hall.overview().closes_at == at("17:00")


def test_the_supervisors_number_of_counters_is_what_forecasts_reckon_with(hall: SmallHall) -> None:
    for _ in range(6):
        hall.issue("land")

    def longest() -> float:
        hall.service.refresh_forecast(hall.clock.now)
        return max(hall.service.forecast.tickets.values())

    with_three = longest()
    hall.ask(cmd.SetCounterCount("90", 1))
    assert hall.overview().counter_count == 1
    assert longest() > with_three
    hall.ask(cmd.SetCounterCount("90"))
    assert longest() == with_three


def test_devices_are_shown_with_when_they_were_heard_and_without_those_shut_out(hall: SmallHall) -> None:
    hall.enrol(KIOSK, DESK)
    hall.ask(cmd.ReportDevice(["paper_low"]), KIOSK)
    heard_at = hall.clock.now
    hall.clock.tick(1)
    kiosk, desk = hall.overview().devices
    assert (kiosk.device_id, kiosk.heard_at, kiosk.troubles) == ("kiosk-1", heard_at, ["paper_low"])
    assert desk.heard_at is None
    hall.ask(cmd.RevokeDevice("kiosk-1"))
    assert [device.device_id for device in hall.overview().devices] == ["desk"]


def test_ratings_are_told_by_fives_so_that_nobody_can_say_whose(hall: SmallHall) -> None:
    for score in (5, 4, 3, 5):
        hall.rated(score)
    assert hall.overview().satisfaction == re.Satisfaction(finished=4)
    hall.rated(1)
    assert hall.overview().satisfaction == re.Satisfaction(ratings=5, satisfied=3, finished=5)
    hall.rated(1)
    assert hall.overview().satisfaction == re.Satisfaction(ratings=5, satisfied=3, finished=6)


def test_an_auditor_reads_all_of_it_and_changes_nothing(hall: SmallHall) -> None:
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.call("1")
    for query in (
        cmd.GetOverview(),
        cmd.GetEvents(),
        cmd.GetDesk("1"),
        cmd.GetWaiting("1"),
        cmd.GetWhy(ticket_id),
        cmd.GetTicket(ticket_id=ticket_id),
        cmd.GetDevices(),
        cmd.GetSnapshot(),
        cmd.GetHall(),
    ):
        assert not isinstance(hall.ask(query, AUDITOR), re.Refused), query
    before = hall.service.hall.seq
    for command in (
        cmd.OpenCounter("2", "90"),
        cmd.CallNext("1"),
        cmd.FinishTicket("1", ticket_id),
        cmd.MoveTicket("90", ticket_id, "civil"),
        cmd.SuspendService("90", "land"),
        cmd.CancelTicket(ticket_id=ticket_id, operator_id="90"),
        cmd.KeepCounter("1"),
        cmd.ReportDevice(["x"]),
        cmd.IssueTicket("land"),
        cmd.RateTicket("x", 5),
        cmd.UndoAction("1", 1),
    ):
        assert hall.refusal(command, AUDITOR) == "forbidden", command
    assert hall.service.hall.seq == before


def test_live_tickets_are_shown_in_the_order_of_their_numbers(hall: SmallHall) -> None:
    for service_id in ("land", "civil", "land"):
        hall.issue(service_id)
    tickets = hall.overview().tickets
    assert [ticket.number for ticket in tickets] == ["A001", "C001", "A002"]
    assert all(ticket.origin is Origin.KIOSK for ticket in tickets)
