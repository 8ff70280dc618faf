"""Giving numbers: kiosks out of use, closed doors, one number per person, promises and slips."""

import datetime as dt

import pytest
from msgspec.structs import replace

from config import settings as st
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import Origin
from queue_server.domain.forecast import Forecast
from queue_server.domain.rows import Device
from tests.queue_server.domain.test_hours import MONDAY, at
from tests.queue_server.domain.test_issuing import TUESDAY, hall_at, office_file
from tests.queue_server.factories import KIOSK, SmallHall, hall_file, with_service

OTHER_KIOSK = Device("kiosk-2", "kiosk", "k2")


@pytest.fixture
def hall() -> SmallHall:
    return SmallHall()


def take(hall: SmallHall, device: Device = KIOSK, service_id: str = "land", **more: object) -> re.Reply:
    return hall.ask(cmd.IssueTicket(service_id, **more), device)  # type: ignore[arg-type]


# ---- kiosks and doors ----


def test_a_kiosk_out_of_use_gives_nothing_and_says_why_while_the_others_go_on(hall: SmallHall) -> None:
    hall.enrol(KIOSK, OTHER_KIOSK)
    hall.ask(cmd.SuspendKiosk("90", "kiosk-1", "hết giấy"))
    refused = take(hall)
    assert isinstance(refused, re.Refused)
    assert (refused.code, refused.facts["reason"]) == ("kiosk_suspended", "hết giấy")
    assert isinstance(take(hall, OTHER_KIOSK), re.TicketIssuedReply)
    hall.ask(cmd.ReopenKiosk("90", "kiosk-1"))
    assert isinstance(take(hall), re.TicketIssuedReply)


def test_a_kiosk_out_of_use_turns_no_promise_into_a_number_either(hall: SmallHall) -> None:
    hall.enrol(KIOSK)
    slot_at = hall.clock.now + dt.timedelta(minutes=10)
    place = hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", slot_at))
    hall.ask(cmd.SuspendKiosk("90", "kiosk-1"))
    assert hall.refusal(cmd.CheckIn(place.token), KIOSK) == "kiosk_suspended"
    assert hall.refusal(cmd.BookPlace("land"), KIOSK) == "kiosk_suspended"


def test_a_suspended_service_gives_no_numbers_but_who_waits_is_called(hall: SmallHall) -> None:
    hall.open("1")
    waiting = hall.issue("land").ticket
    hall.ask(cmd.SuspendService("90", "land", "mất điện"))
    refused = take(hall)
    assert isinstance(refused, re.Refused)
    assert (refused.code, refused.facts["reason"]) == ("service_suspended", "mất điện")
    called = hall.call()
    assert called is not None
    assert called.ticket_id == waiting.ticket_id


def test_a_closed_hall_says_when_it_gives_numbers_again() -> None:
    hall = hall_at("12:00")
    refused = take(hall)
    assert isinstance(refused, re.Refused)
    assert (refused.code, refused.facts["opens"]) == ("hall_closed", "13:30")
    assert dt.datetime.fromisoformat(str(refused.facts["opens_at"])) == at("13:30")


def cut_off_at(clock: str = "16:40", **more: object) -> SmallHall:
    """A hall in which whoever takes a number for land now would be called after closing time."""
    hall = hall_at(clock, office_file(**more))
    now = hall.clock.now.timestamp()
    hall.service.forecast = Forecast(now, services={("land", "ordinary"): 60.0, ("civil", "ordinary"): 5.0})
    return hall


def test_the_honest_cut_off_tells_of_tomorrow_and_leaves_other_services_open() -> None:
    hall = cut_off_at()
    refused = take(hall)
    assert isinstance(refused, re.Refused)
    assert (refused.code, refused.facts["service_id"]) == ("cut_off", "land")
    assert refused.facts["opens"] == "07:30 24/11"
    assert isinstance(take(hall, service_id="civil"), re.TicketIssuedReply)
    assert hall.log(ev.TicketIssued)[0].service_id == "civil", "a refusal takes no number"


def test_a_used_up_quota_refuses_and_says_when_there_are_numbers_again() -> None:
    hall = hall_at("09:00", with_service(office_file(), "land", day_quota=1))
    assert isinstance(take(hall), re.TicketIssuedReply)
    refused = take(hall)
    assert isinstance(refused, re.Refused)
    assert (refused.code, refused.facts["opens"]) == ("quota_reached", "07:30 24/11")


# ---- one number per person ----


@pytest.fixture
def guarded() -> SmallHall:
    return SmallHall(with_service(hall_file(), "land", asks_person=True))


def test_the_same_person_holds_one_open_number_of_a_service_that_asks(guarded: SmallHall) -> None:
    assert isinstance(take(guarded), re.Refused), "who does not say who he is gets none"
    first = take(guarded, person="001199012345")
    assert isinstance(first, re.TicketIssuedReply)
    refused = take(guarded, person="001199012345")
    assert isinstance(refused, re.Refused)
    assert (refused.code, refused.facts["number"]) == ("already_waiting", first.ticket.number)
    assert isinstance(take(guarded, person="001199054321"), re.TicketIssuedReply)
    assert isinstance(take(guarded, service_id="civil", person="001199012345"), re.TicketIssuedReply)


@pytest.mark.parametrize("typed", ["001 199 012 345", " 001199012345", "001199012345\t", "ab001"])
def test_a_person_is_the_same_however_the_number_was_typed(guarded: SmallHall, typed: str) -> None:
    plain = "AB001" if typed == "ab001" else "001199012345"
    take(guarded, person=plain)
    refused = take(guarded, person=typed)
    assert isinstance(refused, re.Refused)
    assert refused.code == "already_waiting"


def test_blanks_are_nobody(guarded: SmallHall) -> None:
    refused = take(guarded, person="   ")
    assert isinstance(refused, re.Refused)
    assert refused.code == "person_needed"


def test_when_the_number_is_served_or_cancelled_the_person_may_take_another(guarded: SmallHall) -> None:
    guarded.open("1")
    take(guarded, person="001199012345")
    guarded.serve()
    second = take(guarded, person="001199012345")
    assert isinstance(second, re.TicketIssuedReply)
    guarded.ask(cmd.CancelTicket(token=second.token), Device("phone", "phone", "p"))
    assert isinstance(take(guarded, person="001199012345"), re.TicketIssuedReply)


def test_a_repeated_request_of_a_person_is_no_second_number(guarded: SmallHall) -> None:
    command = cmd.IssueTicket("land", person="001199012345")
    first = guarded.ask(command, KIOSK, "same-request")
    assert guarded.ask(command, KIOSK, "same-request") == first


# ---- first places of tomorrow ----


def test_who_came_too_late_gets_one_of_the_first_places_of_the_next_day_of_work() -> None:
    hall = cut_off_at(places_tomorrow=2)
    place = hall.get(re.PlaceReply, cmd.BookPlace("land"), KIOSK)
    assert (place.slot_at, place.service_id) == (at("07:30", TUESDAY), "land")
    hall.get(re.PlaceReply, cmd.BookPlace("land"), KIOSK)
    assert hall.refusal(cmd.BookPlace("land"), KIOSK) == "no_place_left", "as many as the hall gives"
    assert hall.refusal(cmd.BookPlace("civil"), KIOSK) == "no_place_left", "it still gives numbers today"


def test_places_are_counted_per_service() -> None:
    hall = hall_at("17:30", office_file(places_tomorrow=1))
    hall.get(re.PlaceReply, cmd.BookPlace("land"), KIOSK)
    hall.get(re.PlaceReply, cmd.BookPlace("civil"), KIOSK)
    assert hall.refusal(cmd.BookPlace("civil"), KIOSK) == "no_place_left"


@pytest.mark.parametrize("clock", ["06:00", "12:00"])
def test_who_can_take_a_number_later_today_is_promised_no_place_of_tomorrow(clock: str) -> None:
    assert hall_at(clock).refusal(cmd.BookPlace("land"), KIOSK) == "no_place_left"


def test_a_quota_that_opens_again_today_promises_no_place_of_tomorrow() -> None:
    quotas = [st.Quota(span="08:00-11:30", count=1)]
    hall = hall_at("09:00", with_service(office_file(), "land", quotas=quotas))
    hall.issue("land")
    assert hall.refusal(cmd.BookPlace("land"), KIOSK) == "no_place_left"


def test_before_a_weekend_the_first_places_are_those_of_monday() -> None:
    friday = MONDAY + dt.timedelta(days=4)
    hall = hall_at("17:30", day=friday)
    place = hall.get(re.PlaceReply, cmd.BookPlace("land"), KIOSK)
    assert place.slot_at == at("07:30", MONDAY + dt.timedelta(days=7))


def test_a_first_place_goes_before_everybody_who_came_when_the_doors_opened() -> None:
    hall = hall_at("17:30")
    place = hall.get(re.PlaceReply, cmd.BookPlace("land"), KIOSK)
    hall.clock.now = at("07:00", TUESDAY) + dt.timedelta(seconds=1)
    early = hall.issue("land").ticket
    hall.clock.now = at("07:25", TUESDAY)
    kept = hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token), KIOSK).ticket
    assert kept.people_ahead == 0
    hall.open("1")
    called = hall.call()
    assert called is not None
    assert called.ticket_id == kept.ticket_id
    assert early.ticket_id < kept.ticket_id


def test_a_promise_is_kept_once_and_not_by_another_day() -> None:
    hall = hall_at("17:30")
    place, other = (hall.get(re.PlaceReply, cmd.BookPlace("land"), KIOSK) for _ in range(2))
    assert hall.refusal(cmd.CheckIn(place.token), KIOSK) == "too_early"
    hall.clock.now = at("07:20", TUESDAY)
    hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token), KIOSK)
    assert hall.refusal(cmd.CheckIn(place.token), KIOSK) == "already_checked_in"
    hall.clock.now = at("07:20", TUESDAY + dt.timedelta(days=1))
    assert hall.refusal(cmd.CheckIn(other.token), KIOSK) in ("too_late", "invalid_token")


def test_nobody_checks_in_while_the_hall_gives_no_numbers() -> None:
    hall = hall_at("09:00")
    place = hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", at("13:30")))
    hall.clock.now = at("13:00")
    assert hall.refusal(cmd.CheckIn(place.token), KIOSK) == "hall_closed"


@pytest.mark.parametrize(
    ("slot_at", "why"),
    [
        (at("08:00"), "it is past"),
        (at("12:00"), "the break"),
        (at("17:00"), "closing time"),
        (at("10:00", MONDAY + dt.timedelta(days=5)), "a Saturday"),
        (dt.datetime(2026, 11, 23, 10, 0), "no zone"),  # noqa: DTZ001
        (dt.datetime.max.replace(tzinfo=dt.UTC), "the end of the calendar"),
        (dt.datetime.min.replace(tzinfo=dt.UTC), "its beginning"),
    ],
)
def test_no_appointment_is_made_for_a_time_when_nobody_works(slot_at: dt.datetime, why: str) -> None:
    assert hall_at("09:00").refusal(cmd.BookAppointment("90", "land", slot_at)) == "invalid_slot", why


def test_a_strangers_token_is_nobodys_promise(hall: SmallHall) -> None:
    issued = hall.issue("land")
    assert hall.refusal(cmd.CheckIn(issued.token)) == "invalid_token", "a number is no slip"
    assert hall.refusal(cmd.CheckIn("AAAA")) == "invalid_token"


# ---- come-back slips ----


def granted(hall: SmallHall, hours: int = 24) -> re.ComeBackReply:
    """A slip given for a ticket that was issued five minutes before."""
    hall.issue("land")
    hall.clock.tick(5)
    ticket = hall.start()
    return hall.get(re.ComeBackReply, cmd.GrantComeBack("1", ticket.ticket_id, ["Giấy khai sinh"], hours))


def test_who_comes_back_counts_from_the_time_of_the_first_ticket(hall: SmallHall) -> None:
    hall.open("1")
    slip = granted(hall)
    hall.clock.tick(30)
    waiting = [hall.issue("land").ticket for _ in range(3)]
    hall.clock.tick(40)
    again = hall.get(re.TicketIssuedReply, cmd.CheckIn(slip.token))
    assert (again.ticket.origin, again.ticket.people_ahead) == (Origin.COME_BACK, 0)
    assert hall.ticket(again.ticket.ticket_id).counts_since == slip.ticket.issued_at
    called = hall.call()
    assert called is not None
    assert called.ticket_id == again.ticket.ticket_id
    assert called.ticket_id not in [ticket.ticket_id for ticket in waiting]
    assert called.number != slip.ticket.number, "the old number is served and done"


def test_a_second_slip_still_counts_from_the_very_first_time(hall: SmallHall) -> None:
    hall.open("1")
    slip = granted(hall)
    hall.clock.tick(30)
    hall.get(re.TicketIssuedReply, cmd.CheckIn(slip.token))
    ticket = hall.start()
    second = hall.get(re.ComeBackReply, cmd.GrantComeBack("1", ticket.ticket_id, ["Bản sao"], 24))
    hall.clock.tick(30)
    third = hall.get(re.TicketIssuedReply, cmd.CheckIn(second.token))
    assert hall.ticket(third.ticket.ticket_id).counts_since == slip.ticket.issued_at


def test_a_slip_is_good_once_and_until_its_hour(hall: SmallHall) -> None:
    hall.open("1")
    slip, other = granted(hall, 2), granted(hall, 2)
    assert slip.until == slip.ticket.finished_at + dt.timedelta(hours=2)  # type: ignore[operator]
    hall.get(re.TicketIssuedReply, cmd.CheckIn(slip.token))
    assert hall.refusal(cmd.CheckIn(slip.token)) == "already_checked_in"
    hall.clock.tick(2 * 60 + 0.1)
    assert hall.refusal(cmd.CheckIn(other.token)) == "too_late"


def test_a_slip_is_good_over_night_and_no_quota_stops_it() -> None:
    file = with_service(hall_file(), "land", day_quota=1)
    hall = SmallHall(replace(file))
    hall.open("1")
    slip = granted(hall, 48)
    hall.clock.tick(24 * 60)
    hall.issue("land")
    assert hall.refusal(cmd.IssueTicket("land")) == "quota_reached"
    again = hall.get(re.TicketIssuedReply, cmd.CheckIn(slip.token))
    assert again.ticket.people_ahead == 0


def test_slips_are_counted_when_given_and_when_used(hall: SmallHall) -> None:
    hall.open("1")
    slip = granted(hall)
    granted(hall)
    hall.get(re.TicketIssuedReply, cmd.CheckIn(slip.token))
    today = hall.overview().today
    assert (today.come_backs_granted, today.come_backs_used) == (2, 1)
