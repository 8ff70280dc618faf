"""The kiosk's state machine: the way to a number, and everything that can go wrong on it."""

import pytest
from msgspec.structs import replace

from kiosk.flow import (
    CHOOSING_SECONDS,
    NO_PAPER_SECONDS,
    REFUSED_SECONDS,
    RESULT_SECONDS,
    SETTLE_SECONDS,
    UNREACHABLE,
    Flow,
    Screen,
)
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
    Touch,
    TryAgain,
    TurnPage,
)
from protocol.commands import IssueTicket
from protocol.replies import HallReply
from tests.kiosk.halls import CLASSES, cao_bang, commune, issued, snapshot


def ready(hall: HallReply, settle_seconds: float = 0) -> Flow:
    """A flow that has heard of its hall."""
    now = HallNow()
    now.take_hall(hall)
    now.take_snapshot(snapshot(hall))
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
    assert (effect.ticket_id, effect.paper.number, effect.paper.counters) == (11, "A015", ("3", "4"))
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
    assert flow.tile_ids() == ["s0", "s1", "s2", "s3"]


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
    assert "agency-3" not in flow.tile_ids()


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
