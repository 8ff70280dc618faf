"""Ten more minutes, places from home, and the code on the kiosk's screen that proves who is here."""

import datetime as dt

import pytest
from msgspec.structs import replace

from config import settings as st
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState
from queue_server.domain.rows import Device
from queue_server.storage.base import StorageFault
from queue_server.storage.memory import MemoryStorage
from queue_server.verifying import verify
from tests.queue_server.factories import KIOSK, PHONE, SmallHall, hall_file, with_service

OTHER_KIOSK = Device("kiosk-2", "kiosk", "k2")


@pytest.fixture
def hall() -> SmallHall:
    file = replace(hall_file(), from_home=st.FromHome(services=["land"], per_phone=1, per_service=3))
    hall = SmallHall(file)
    hall.enrol(KIOSK, OTHER_KIOSK)
    hall.open("1", "2", "3")
    return hall


# ---- ten more minutes ----


def delay(hall: SmallHall, issued: re.TicketIssuedReply) -> re.TicketView:
    return hall.get(re.TicketReply, cmd.DelayTicket(issued.token), PHONE).ticket


def test_who_asks_for_ten_minutes_is_passed_over_and_then_stands_where_he_stood(hall: SmallHall) -> None:
    first, second, third = hall.issue(), hall.issue(), hall.issue()
    delayed = delay(hall, first)
    assert (delayed.state, delayed.delayed) == (TicketState.PARKED, True)
    assert delayed.parked_until == hall.clock.now + dt.timedelta(minutes=10)
    assert hall.serve("1").number == second.ticket.number
    hall.clock.tick(10)
    assert hall.serve("1").number == first.ticket.number, "its original time counts: before the third"
    assert hall.serve("1").number == third.ticket.number


def test_ten_minutes_are_given_once_and_only_to_who_waits(hall: SmallHall) -> None:
    issued = hall.issue()
    delay(hall, issued)
    assert hall.refusal(cmd.DelayTicket(issued.token), PHONE) == "wrong_state"
    hall.clock.tick(10)
    assert hall.refusal(cmd.DelayTicket(issued.token), PHONE) == "already_delayed"
    hall.call("1")
    assert hall.refusal(cmd.DelayTicket(issued.token), PHONE) == "wrong_state"
    assert hall.refusal(cmd.DelayTicket("A" * 30), PHONE) == "invalid_token"


def test_a_delay_survives_whatever_comes_then(hall: SmallHall) -> None:
    issued = hall.issue()
    delay(hall, issued)
    moved = hall.get(re.TicketReply, cmd.MoveTicket("90", issued.ticket.ticket_id, to_counter_id="3")).ticket
    assert (moved.state, moved.parked_until) == (TicketState.WAITING, None)
    hall.pass_time(11)
    assert hall.bodies(ev.TicketReturned) == [], "it waits already"
    hall.get(re.TicketReply, cmd.CancelTicket(token=issued.token), PHONE)
    hall.get(re.CallReply, cmd.RestoreTicket(issued.ticket.ticket_id, "1"))
    assert hall.refusal(cmd.DelayTicket(issued.token), PHONE) == "already_delayed"
    other = hall.issue()
    delay(hall, other)
    hall.get(re.TicketReply, cmd.CancelTicket(token=other.token), PHONE)
    hall.pass_time(11)
    assert hall.bodies(ev.TicketReturned) == []
    late = hall.issue()
    delay(hall, late)
    hall.clock.tick(24 * 60)
    hall.pass_time(0)
    assert hall.service.view(late.ticket.ticket_id).state is TicketState.CANCELLED
    assert verify(hall.storage) == hall.service.hall.seq


def test_who_is_back_early_is_called_from_where_he_is_set_aside(hall: SmallHall) -> None:
    issued = hall.issue()
    delay(hall, issued)
    called = hall.get(re.CallReply, cmd.ResumeTicket("1", issued.ticket.ticket_id)).ticket
    assert called is not None
    assert called.state is TicketState.CALLED


def test_no_other_device_may_ask_for_a_citizens_ten_minutes(hall: SmallHall) -> None:
    assert hall.refusal(cmd.DelayTicket(hall.issue().token), KIOSK) == "forbidden"


# ---- places from home ----


def book(hall: SmallHall, mark: str = "phone-a") -> re.PlaceReply:
    return hall.get(re.PlaceReply, cmd.BookFromHome("land", mark=mark), PHONE)


def code(hall: SmallHall, kiosk: Device = KIOSK) -> re.ArrivalCodeReply:
    return hall.get(re.ArrivalCodeReply, cmd.GetArrivalCode(), kiosk)


def test_a_place_from_home_becomes_a_number_that_counts_from_when_it_was_taken(hall: SmallHall) -> None:
    place = book(hall)
    hall.clock.tick(1)
    later = hall.issue()
    hall.clock.tick(1)
    shown = code(hall)
    arrived = hall.get(re.TicketIssuedReply, cmd.ConfirmArrival(place.token, shown.arrival_code), PHONE)
    assert arrived.ticket.people_ahead == 0
    called = hall.call("1")
    assert called is not None
    assert called.number == arrived.ticket.number
    assert called.number != later.ticket.number
    same = hall.get(re.TicketReply, cmd.GetTicket(token=place.token), PHONE)
    assert same.ticket.number == arrived.ticket.number, "the phone's page stays the same"


def test_a_place_says_whether_it_was_taken_from_home(hall: SmallHall) -> None:
    place = book(hall)
    booked = hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", hall.clock.now + dt.timedelta(hours=1)))
    assert (place.from_home, booked.from_home) == (True, False)
    asked = [hall.get(re.PlaceReply, cmd.GetPlace(one.token), PHONE).from_home for one in (place, booked)]
    assert asked == [True, False]


def test_places_from_home_are_no_appointments_of_the_day(hall: SmallHall) -> None:
    place = book(hall)
    hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", hall.clock.now + dt.timedelta(hours=1)))
    hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token), KIOSK)
    today = hall.get(re.OverviewReply, cmd.GetOverview()).today
    assert (today.appointments, today.checked_in) == (1, 0)


def test_who_comes_long_after_his_turn_is_a_walk_in(hall: SmallHall) -> None:
    place = book(hall)
    hall.clock.tick(60)
    earlier = hall.issue()
    arrived = hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token), KIOSK)
    assert arrived.ticket.people_ahead == 1
    called = hall.call("1")
    assert called is not None
    assert called.number == earlier.ticket.number


def test_a_phone_has_its_share_and_a_service_too(hall: SmallHall) -> None:
    book(hall, "phone-a")
    assert hall.refusal(cmd.BookFromHome("land", mark="phone-a"), PHONE) == "too_many_from_home"
    book(hall, "phone-b")
    book(hall, "phone-c")
    assert hall.refusal(cmd.BookFromHome("land", mark="phone-d"), PHONE) == "too_many_from_home"
    hall.clock.tick(25 * 60)
    book(hall, "phone-a")


def test_a_place_that_the_disk_did_not_take_is_nobodys_share(hall: SmallHall) -> None:
    storage = hall.storage
    assert isinstance(storage, MemoryStorage)
    storage.failing = True
    with pytest.raises(StorageFault):
        book(hall)
    hall.service.reload()
    storage.failing = False
    assert book(hall).from_home


def test_who_must_show_who_he_is_can_not_do_so_from_home() -> None:
    file = with_service(hall_file(), "land", asks_person=True)
    hall = SmallHall(replace(file, from_home=st.FromHome(services=["land"])))
    assert hall.refusal(cmd.BookFromHome("land", mark="x"), PHONE) == "not_from_home"


def test_places_are_for_nothing_but_arriving(hall: SmallHall) -> None:
    token = book(hall).token
    for command in (cmd.RateTicket(token, 5), cmd.DelayTicket(token), cmd.CancelTicket(token=token)):
        assert hall.refusal(command, PHONE) == "unknown_ticket"
    issued = hall.get(re.TicketIssuedReply, cmd.CheckIn(token), KIOSK)
    assert hall.refusal(cmd.ConfirmArrival(token, code(hall).arrival_code), PHONE) == "already_checked_in"
    assert hall.refusal(cmd.CheckIn(token), KIOSK) == "already_checked_in"
    assert hall.get(re.TicketReply, cmd.DelayTicket(token), PHONE).ticket.number == issued.ticket.number


@pytest.mark.parametrize("shut_out", [cmd.SuspendKiosk("90", "kiosk-1"), cmd.RevokeDevice("kiosk-1")])
def test_the_code_of_a_kiosk_that_is_shut_out_counts_no_more(hall: SmallHall, shut_out: cmd.Command) -> None:
    place, shown = book(hall), code(hall)
    hall.get(re.DoneReply, shut_out)
    assert hall.refusal(cmd.ConfirmArrival(place.token, shown.arrival_code), PHONE) == "wrong_arrival_code"


def test_nothing_is_booked_when_no_numbers_are_given(hall: SmallHall) -> None:
    hall.get(re.DoneReply, cmd.SuspendService("90", "land"))
    assert hall.refusal(cmd.BookFromHome("land", mark="x"), PHONE) == "service_suspended"


def test_a_place_does_not_outlive_its_day(hall: SmallHall) -> None:
    place = book(hall)
    hall.clock.tick(24 * 60)
    assert hall.refusal(cmd.CheckIn(place.token), KIOSK) == "too_late"
    assert hall.refusal(cmd.ConfirmArrival(place.token, code(hall).arrival_code), PHONE) == "too_late"
    hall.clock.tick(48 * 60)
    assert hall.refusal(cmd.CheckIn(place.token), KIOSK) == "invalid_token"


def test_a_hall_that_gives_none_says_so(hall: SmallHall) -> None:
    assert hall.refusal(cmd.BookFromHome("civil", mark="x"), PHONE) == "not_from_home"
    assert hall.refusal(cmd.BookFromHome("land"), KIOSK) == "forbidden"


def test_the_kiosks_code_changes_every_minute_and_counts_a_minute_longer(hall: SmallHall) -> None:
    place, first = book(hall), code(hall)
    assert first.expires_at <= hall.clock.now + dt.timedelta(minutes=1)
    assert first.url.endswith(f"/here/{first.arrival_code}")
    assert code(hall, OTHER_KIOSK).arrival_code != first.arrival_code
    hall.clock.tick(1)
    assert code(hall).arrival_code != first.arrival_code
    hall.clock.tick(1)
    assert hall.refusal(cmd.ConfirmArrival(place.token, first.arrival_code), PHONE) == "wrong_arrival_code"
    fresh = code(hall).arrival_code.lower()
    assert isinstance(hall.ask(cmd.ConfirmArrival(place.token, fresh), PHONE), re.TicketIssuedReply)


def test_guessing_the_code_gets_slow(hall: SmallHall) -> None:
    place = book(hall)
    codes = [hall.refusal(cmd.ConfirmArrival(place.token, f"AAAA{i}"), PHONE) for i in range(5)]
    assert codes[:3] == ["wrong_arrival_code"] * 3
    assert codes[-1] == "locked_out"


def test_only_a_place_from_home_is_confirmed_by_code(hall: SmallHall) -> None:
    assert hall.refusal(cmd.ConfirmArrival(hall.issue().token, code(hall).arrival_code), PHONE) == "invalid_token"
    booked = [e for e in hall.bodies(ev.AppointmentBooked) if e.from_home]
    assert booked == []
