"""The kiosk's state machine: the way to a number, and everything that can go wrong on it."""

import pytest
from msgspec.structs import replace

from kiosk.flow import SETTLE_SECONDS, Flow
from kiosk.hall_now import HallNow
from kiosk.touches import (
    Back,
    Begin,
    ChooseAgency,
    ChooseClass,
    ChooseService,
    Effect,
    Home,
    Issue,
    Print,
    Speak,
    TakePlace,
    Touch,
    TryAgain,
    TurnPage,
)
from kiosk.visit import (
    CHOOSING_SECONDS,
    NO_PAPER_SECONDS,
    REFUSED_SECONDS,
    RESULT_SECONDS,
    UNREACHABLE,
    Screen,
)
from printers.layout import PlacePaper, TicketPaper
from protocol.commands import BookPlace, IssueTicket
from protocol.replies import HallReply, Snapshot
from protocol.words import Issuing
from tests.kiosk.halls import CLASSES, TOMORROW, booked, cao_bang, commune, doors, issued, snapshot


def ready(hall: HallReply, settle_seconds: float = 0, told: Snapshot | None = None) -> Flow:
    """A flow that has heard of its hall."""
    now = HallNow()
    now.take_hall(hall)
    now.take_snapshot(told or snapshot(hall))
    return Flow(now, settle_seconds=settle_seconds)


def touch(flow: Flow, *touches: Touch, now: float = 100.0) -> list[Effect]:
    """Touch one after the other, each with its own request_id."""
    effects: list[Effect] = []
    for at, what in enumerate(touches):
        effects += flow.touch(what, f"request-{at}", now)
    return effects


TO_ISSUING: tuple[Touch, ...] = (
    Begin(),
    ChooseAgency("agency-15"),
    ChooseService("service-15-0"),
    ChooseClass("ordinary"),
)


def with_number(now: float = 100.0) -> Flow:
    """A flow whose citizen has just got a number."""
    flow = ready(cao_bang())
    touch(flow, *TO_ISSUING, now=now)
    flow.issued("request-3", issued("service-15-0"), now)
    return flow


def test_four_touches_lead_to_a_number() -> None:
    flow = ready(cao_bang())
    assert touch(flow, *TO_ISSUING) == [Issue("request-3", IssueTicket("service-15-0", "ordinary", "vi"))]
    assert flow.screen is Screen.ISSUING
    [effect] = flow.issued("request-3", issued("service-15-0"), 101.0)
    assert flow.screen is Screen.RESULT
    assert isinstance(effect, Print)
    assert isinstance(effect.paper, TicketPaper)
    assert (effect.slip_id, effect.paper.number, effect.paper.counters) == (11, "A015", ("3", "4"))
    assert effect.paper.issued_at.strftime("%H:%M %z") == "08:12 +0700"
    assert effect.paper.class_name is None


def test_the_paper_is_in_the_citizens_language_and_names_the_class() -> None:
    flow = ready(cao_bang())
    touch(flow, Speak("en"), *TO_ISSUING[:-1], ChooseClass("elderly"))
    [effect] = flow.issued("request-4", issued("service-15-0", "elderly"), 101.0)
    assert isinstance(effect, Print)
    assert effect.paper.hall_name == "Cao Bằng Public Administration Service Centre"
    assert effect.paper.class_name == "Elderly (60 and over)"
    assert effect.paper.language == "en"


def test_a_hall_of_few_services_shows_them_at_once() -> None:
    flow = ready(commune())
    touch(flow, Begin())
    assert flow.screen is Screen.SERVICE
    assert flow.choices() == [ChooseService(f"s{at}") for at in range(4)]


def test_an_agency_of_one_service_needs_no_choice_of_service() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin(), ChooseAgency("agency-0"))
    assert flow.screen is Screen.PRIORITY
    assert flow.visit.service_id == "service-0-0"


def test_a_hall_without_priority_classes_does_not_ask_for_one() -> None:
    flow = ready(replace(cao_bang(), classes=CLASSES[:1]))
    effects = touch(flow, *TO_ISSUING[:-1])
    assert effects == [Issue("request-2", IssueTicket("service-15-0", "ordinary", "vi"))]


def test_an_agency_without_services_is_not_offered() -> None:
    hall = cao_bang()
    flow = ready(replace(hall, services=[found for found in hall.services if found.agency_id != "agency-3"]))
    touch(flow, Begin())
    assert ChooseAgency("agency-3") not in flow.choices()


# ---- one touch, one number ----


def test_a_second_tap_takes_no_second_number() -> None:
    flow = ready(cao_bang())
    effects = touch(flow, *TO_ISSUING, ChooseClass("ordinary"), ChooseClass("elderly"), Home(), Back(), Begin())
    assert len(effects) == 1
    assert flow.screen is Screen.ISSUING


def test_a_finger_that_bounces_does_not_touch_the_next_screen() -> None:
    flow = ready(cao_bang(), SETTLE_SECONDS)
    touch(flow, Begin(), now=100.0)
    touch(flow, ChooseAgency("agency-0"), now=100.0 + SETTLE_SECONDS / 2)
    assert flow.screen is Screen.AGENCY
    touch(flow, ChooseAgency("agency-0"), now=100.0 + SETTLE_SECONDS * 2)
    assert flow.screen is Screen.PRIORITY


def test_a_number_is_not_sent_away_by_a_finger_that_was_still_tapping() -> None:
    flow = ready(cao_bang(), SETTLE_SECONDS)
    for at, what in enumerate(TO_ISSUING):
        flow.touch(what, f"request-{at}", 100.0 + at)
    flow.issued("request-3", issued("service-15-0"), 103.1)
    touch(flow, Home(), now=103.1 + SETTLE_SECONDS * 2)
    assert flow.screen is Screen.RESULT
    touch(flow, Home(), now=103.1 + SETTLE_SECONDS * 5)
    assert flow.screen is Screen.IDLE


def test_an_answer_to_another_request_is_not_shown() -> None:
    flow = ready(cao_bang())
    touch(flow, *TO_ISSUING)
    assert flow.issued("of-somebody-else", issued("service-15-0"), 101.0) == []
    assert flow.refused("of-somebody-else", "numbers_exhausted", {}, 101.0) == []
    assert flow.screen is Screen.ISSUING


def test_a_late_answer_does_not_disturb_the_next_citizen() -> None:
    flow = ready(cao_bang())
    touch(flow, *TO_ISSUING)
    flow.refused("request-3", UNREACHABLE, {}, 110.0)
    touch(flow, Home(), Begin(), now=111.0)
    assert flow.issued("request-3", issued("service-15-0"), 112.0) == []
    assert flow.screen is Screen.AGENCY


# ---- refusals and silence ----


def test_a_refusal_is_shown_and_goes_away_by_itself() -> None:
    flow = ready(cao_bang())
    touch(flow, *TO_ISSUING)
    flow.refused("request-3", "numbers_exhausted", {}, 101.0)
    assert flow.screen is Screen.REFUSED
    assert touch(flow, TryAgain(), now=102.0) == []
    flow.tick(101.0 + REFUSED_SECONDS)
    assert flow.screen is Screen.IDLE


def test_a_request_without_answer_is_repeated_with_the_same_id() -> None:
    flow = ready(cao_bang())
    [first] = touch(flow, *TO_ISSUING)
    flow.refused("request-3", UNREACHABLE, {}, 112.0)
    assert flow.touch(TryAgain(), "another", 115.0) == [first]
    flow.issued("request-3", issued("service-15-0"), 116.0)
    assert flow.screen is Screen.RESULT


def test_a_server_that_is_away_is_said_and_comes_back_where_the_citizen_was() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin(), ChooseAgency("agency-15"))
    flow.hall.lose()
    assert flow.screen is Screen.AWAY
    assert touch(flow, ChooseService("service-15-0")) == []
    flow.hall.take_snapshot(snapshot(cao_bang()))
    assert flow.screen is Screen.SERVICE


def test_nothing_is_offered_before_the_hall_is_known() -> None:
    flow = Flow(HallNow())
    assert flow.screen is Screen.AWAY
    assert touch(flow, *TO_ISSUING) == []


def test_a_number_stays_on_the_screen_while_the_server_is_away() -> None:
    flow = with_number()
    flow.hall.lose()
    assert flow.screen is Screen.RESULT


def test_a_service_that_the_hall_no_longer_has_cannot_be_taken() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin(), ChooseAgency("agency-15"))
    flow.hall.take_hall(commune())
    assert touch(flow, ChooseService("service-15-0")) == []


# ---- paper ----


def test_a_printed_number_leaves_soon() -> None:
    flow = with_number()
    flow.printed(11, "printed", 101.0)
    assert flow.seconds_left(101.0) == RESULT_SECONDS
    flow.tick(101.0 + RESULT_SECONDS)
    assert flow.screen is Screen.IDLE


@pytest.mark.parametrize("outcome", ["failed", "unknown"])
def test_a_number_without_paper_stays_long_enough_to_be_photographed(outcome: str) -> None:
    flow = with_number()
    flow.printed(11, outcome, 101.0)  # type: ignore[arg-type]
    assert flow.seconds_left(101.0) == NO_PAPER_SECONDS


def test_the_paper_of_another_ticket_changes_nothing() -> None:
    flow = with_number()
    flow.printed(99, "failed", 101.0)
    assert flow.visit.paper is None


def test_a_printer_that_never_answers_does_not_hold_the_screen() -> None:
    flow = with_number()
    flow.tick(1_000.0)
    assert flow.screen is Screen.IDLE


# ---- the countdown, pages, languages, back and home ----


def test_somebody_who_walks_away_is_forgotten() -> None:
    flow = ready(cao_bang())
    touch(flow, Speak("en"), *TO_ISSUING[:-1], now=100.0)
    assert flow.seconds_left(110.0) == CHOOSING_SECONDS - 10
    flow.tick(100.0 + CHOOSING_SECONDS)
    assert flow.screen is Screen.IDLE
    assert (flow.visit.language, flow.visit.agency_id, flow.visit.service_id) == ("vi", None, None)


def test_every_touch_starts_the_countdown_again() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin(), now=100.0)
    touch(flow, TurnPage(1), now=140.0)
    assert flow.seconds_left(140.0) == CHOOSING_SECONDS


def test_touching_does_not_keep_a_number_on_the_screen() -> None:
    flow = with_number()
    flow.printed(11, "printed", 101.0)
    touch(flow, Speak("en"), Speak("vi"), now=110.0)
    assert flow.seconds_left(110.0) == RESULT_SECONDS - 9


def test_a_language_chosen_on_the_first_screen_is_not_left_to_the_next_citizen() -> None:
    flow = ready(cao_bang())
    touch(flow, Speak("en"), now=100.0)
    assert flow.visit.language == "en"
    flow.tick(100.0 + CHOOSING_SECONDS)
    assert flow.visit.language == "vi"


@pytest.mark.parametrize("steps", range(5))
def test_the_language_can_be_changed_on_every_screen(steps: int) -> None:
    flow = ready(cao_bang())
    touch(flow, *TO_ISSUING[:steps])
    before = flow.screen
    touch(flow, Speak("en"))
    assert flow.visit.language == "en"
    assert flow.screen is before


def test_many_agencies_are_shown_in_pages() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin())
    assert flow.pages() == 3
    touch(flow, TurnPage(2))
    assert flow.page() == 2
    touch(flow, TurnPage(3), TurnPage(-1))
    assert flow.page() == 2


def test_a_page_that_is_gone_is_not_shown() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin(), TurnPage(2))
    hall = cao_bang()
    flow.hall.take_hall(replace(hall, agencies=hall.agencies[:3]))
    assert flow.page() == 0


def test_back_leads_where_one_came_from() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin(), TurnPage(1), *TO_ISSUING[1:-1], Back())
    assert flow.screen is Screen.SERVICE
    touch(flow, Back())
    assert (flow.screen, flow.page(), flow.visit.agency_id) == (Screen.AGENCY, 1, None)
    touch(flow, Back())
    assert flow.screen is Screen.IDLE


def test_back_skips_the_choice_that_was_never_asked() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin(), ChooseAgency("agency-0"), Back())
    assert flow.screen is Screen.AGENCY


def test_home_clears_everything() -> None:
    flow = ready(cao_bang())
    touch(flow, Speak("en"), *TO_ISSUING[:-1], Home())
    assert (flow.screen, flow.visit.language, flow.visit.service_id) == (Screen.IDLE, "vi", None)


# ---- doors that are shut ----


def shut(issuing: Issuing) -> Flow:
    """A flow of a commune whose citizen touched a service that gives no numbers."""
    flow = ready(commune(), told=doors(commune(), s1=issuing))
    assert touch(flow, Begin(), ChooseService("s1")) == []
    return flow


@pytest.mark.parametrize("issuing", [Issuing.SUSPENDED, Issuing.CLOSED, Issuing.QUOTA, Issuing.CUT_OFF])
def test_a_service_without_numbers_says_so_instead_of_asking_for_one(issuing: Issuing) -> None:
    flow = shut(issuing)
    assert flow.screen is Screen.NO_NUMBER
    assert touch(flow, ChooseClass("ordinary"), Begin(), TryAgain()) == []
    touch(flow, Back())
    assert flow.screen is Screen.SERVICE


@pytest.mark.parametrize("issuing", [Issuing.SUSPENDED, Issuing.CLOSED])
def test_where_waiting_helps_no_place_of_another_day_is_offered(issuing: Issuing) -> None:
    flow = shut(issuing)
    assert touch(flow, TakePlace()) == []
    assert flow.screen is Screen.NO_NUMBER


@pytest.mark.parametrize("issuing", [Issuing.QUOTA, Issuing.CUT_OFF])
def test_a_place_of_tomorrow_is_taken_instead_and_printed(issuing: Issuing) -> None:
    flow = shut(issuing)
    assert touch(flow, TakePlace(), ChooseClass("ordinary")) == [Issue("request-1", BookPlace("s1", "ordinary"))]
    assert flow.screen is Screen.ISSUING
    [effect] = flow.booked("request-1", booked("s1"), 101.0)
    assert flow.screen is Screen.PLACE
    assert isinstance(effect, Print)
    assert isinstance(effect.paper, PlacePaper)
    assert effect.paper.service_name == "Đất đai, xây dựng"
    assert effect.paper.slot_at == TOMORROW
    assert f"{effect.paper.slot_at:%d/%m %H:%M}" == "13/01 07:30"
    flow.printed(12, "printed", 102.0)
    flow.tick(102.0 + RESULT_SECONDS)
    assert flow.screen is Screen.IDLE


def test_a_place_of_a_priority_class_is_of_that_class() -> None:
    flow = shut(Issuing.QUOTA)
    [effect] = touch(flow, TakePlace(), ChooseClass("elderly"))
    assert effect == Issue("request-1", BookPlace("s1", "elderly"))
    [printing] = flow.booked("request-1", booked("s1"), 101.0)
    assert isinstance(printing, Print)
    assert printing.paper.class_name == "Người cao tuổi (từ đủ 60 tuổi)"


def test_a_head_start_may_still_give_a_number_when_the_ordinary_ones_are_over() -> None:
    flow = shut(Issuing.CUT_OFF)
    [asked] = touch(flow, TakePlace(), ChooseClass("elderly"))
    assert asked == Issue("request-1", IssueTicket("s1", "elderly", "vi"))
    flow.refused("request-1", "cut_off", {"opens_at": TOMORROW.isoformat(), "opens": "07:30 13/01"}, 101.0)
    assert flow.screen is Screen.NO_NUMBER
    assert flow.touch(TakePlace(), "request-9", 102.0) == [Issue("request-9", BookPlace("s1", "elderly"))]


def test_a_number_refused_at_the_door_offers_a_place_without_asking_the_class_again() -> None:
    flow = ready(commune())
    touch(flow, Begin(), ChooseService("s1"), ChooseClass("merit"))
    flow.refused("request-2", "quota_reached", {"opens_at": TOMORROW.isoformat()}, 101.0)
    assert flow.screen is Screen.NO_NUMBER
    assert flow.touch(TakePlace(), "request-9", 102.0) == [Issue("request-9", BookPlace("s1", "merit"))]


def test_a_door_refused_without_a_time_offers_no_place() -> None:
    flow = ready(commune())
    touch(flow, Begin(), ChooseService("s1"), ChooseClass("merit"))
    flow.refused("request-2", "hall_closed", {"opens_at": None}, 101.0)
    assert touch(flow, TakePlace()) == []
    assert flow.screen is Screen.NO_NUMBER


def test_a_door_that_opened_again_meanwhile_leads_to_a_number() -> None:
    flow = shut(Issuing.QUOTA)
    flow.hall.take_snapshot(snapshot(commune()))
    [asked] = touch(flow, TakePlace(), ChooseClass("ordinary"))
    assert asked == Issue("request-1", IssueTicket("s1", "ordinary", "vi"))


def test_no_place_left_is_said() -> None:
    flow = shut(Issuing.QUOTA)
    touch(flow, TakePlace(), ChooseClass("ordinary"))
    flow.refused("request-1", "no_place_left", {"service_id": "s1"}, 101.0)
    assert (flow.screen, flow.visit.refusal) == (Screen.REFUSED, "no_place_left")


def test_a_place_that_nobody_answered_for_is_asked_for_again_with_the_same_id() -> None:
    flow = shut(Issuing.QUOTA)
    [first] = touch(flow, TakePlace(), ChooseClass("ordinary"))
    flow.refused("request-1", UNREACHABLE, {}, 112.0)
    assert flow.touch(TryAgain(), "another", 115.0) == [first]


def test_the_paper_of_a_number_that_may_come_too_late_says_so() -> None:
    flow = ready(commune(), told=doors(commune(), s1=Issuing.UNCERTAIN))
    touch(flow, Begin(), ChooseService("s1"), ChooseClass("ordinary"))
    [effect] = flow.issued("request-2", issued("s1"), 101.0)
    assert isinstance(effect, Print)
    assert isinstance(effect.paper, TicketPaper)
    assert effect.paper.uncertain


# ---- a kiosk out of use ----


def test_a_suspended_kiosk_offers_nothing_until_it_is_reopened() -> None:
    flow = ready(cao_bang())
    touch(flow, Begin())
    flow.hall.suspend("Bảo trì")
    assert flow.screen is Screen.SUSPENDED
    assert touch(flow, ChooseAgency("agency-0"), Begin()) == []
    flow.hall.suspended = None
    assert flow.screen is Screen.AGENCY


def test_a_refusal_tells_a_kiosk_that_it_is_out_of_use() -> None:
    flow = ready(cao_bang())
    touch(flow, Speak("en"), *TO_ISSUING)
    flow.refused("request-4", "kiosk_suspended", {"reason": "Bảo trì"}, 101.0)
    assert (flow.screen, flow.hall.suspended, flow.visit.language) == (Screen.SUSPENDED, "Bảo trì", "en")


def test_a_number_stays_on_the_screen_of_a_kiosk_that_is_suspended_then() -> None:
    flow = with_number()
    flow.hall.suspend("Bảo trì")
    assert flow.screen is Screen.RESULT
