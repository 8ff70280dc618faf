"""The staff's corner of the kiosk: nobody finds it by chance, nobody gets in without a PIN, and it closes by itself."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.texts import text
from kiosk.staff import MOST_PAPERS, STAYS_SECONDS, StaffCorner, StaffPage
from kiosk.staff_knock import CORNER, PRESS_SECONDS, TAPS, TAPS_WITHIN_SECONDS, Knock
from kiosk.staff_touches import (
    AskClose,
    AskRestart,
    CheckPin,
    ChooseDoor,
    ChooseField,
    Condition,
    Confirm,
    Enter,
    EraseDigit,
    GoBack,
    LastPaper,
    Leave,
    NoteNewRoll,
    NoteSameRoll,
    PressDigit,
    PrintTest,
    Reprint,
    ShowPapers,
    StaffEffect,
    StaffTouch,
    StopProgram,
)
from kiosk.staff_view import look
from kiosk.touches import OpenHelperMode
from printers.base import PrinterState, PrinterStatus
from protocol.pins import LockOut
from protocol.words import PrintOutcome

READY = PrinterStatus(PrinterState.READY, tickets_left=340)
PAPERS = tuple(LastPaper(str(at), f"A{at:03}", "Hộ tịch", f"08:{at:02}") for at in range(12, 2, -1))
FINE = Condition(READY, "0.1.0", has_pin=True)


class Hand:
    """A finger on the corner, which takes half a second for everything, and a PIN that is right."""

    def __init__(self, pin: str = "246810") -> None:
        self.corner = StaffCorner("en")
        self.now = 1000.0
        self.right = pin
        self.effects: list[StaffEffect] = []

    def knock(self) -> "Hand":
        for _ in range(TAPS):
            self.now += 0.5
            self.corner.finger_down(60, 60, self.now)
            self.corner.finger_up(self.now + 0.1)
        return self

    def touch(self, *touches: StaffTouch) -> "Hand":
        for touch in touches:
            self.now += 0.5
            for effect in self.corner.touch(touch, self.now):
                self.effects.append(effect)
                if isinstance(effect, ShowPapers):
                    self.corner.papers_found(PAPERS)
                if isinstance(effect, CheckPin):
                    self.corner.pin_checked(effect.pin == self.right, self.now)
        return self

    def type(self, digits: str) -> "Hand":
        return self.touch(*(PressDigit(digit) for digit in digits))

    def to_service(self, pin: str = "246810") -> "Hand":
        return self.touch(ChooseDoor("service")).type(pin).touch(Enter())

    def wait(self, seconds: float) -> "Hand":
        self.now += seconds
        self.corner.tick(self.now)
        return self

    @property
    def page(self) -> StaffPage:
        return self.corner.page

    def message(self) -> str:
        return look(self.corner, FINE, self.now).message


@pytest.fixture
def hand() -> Hand:
    return Hand().knock()


@pytest.fixture
def service(hand: Hand) -> Hand:
    return hand.to_service()


# ---- the knock --------------------------------------------------------------------


def test_five_taps_in_the_corner_open_the_door() -> None:
    hand = Hand()
    assert not hand.corner.active
    assert hand.knock().page is StaffPage.DOOR


def taps(count: int, seconds: float, right: float = 10, top: float = 10) -> bool:
    knock = Knock()
    return any(knock.down(right, top, at * seconds) for at in range(count))


def test_fewer_taps_slow_taps_and_taps_elsewhere_do_not() -> None:
    assert taps(TAPS, TAPS_WITHIN_SECONDS / TAPS)
    assert not taps(TAPS - 1, 0.1)
    assert not taps(50, TAPS_WITHIN_SECONDS / (TAPS - 1) + 0.1)
    assert not taps(TAPS, 0.1, right=CORNER + 1)
    assert not taps(TAPS, 0.1, top=CORNER + 1)
    assert not taps(TAPS, 0.1, top=-1)


def test_a_tap_elsewhere_spoils_the_knock() -> None:
    knock = Knock()
    found = [knock.down(10 if at != 3 else 500, 10, at / 10) for at in range(TAPS + 2)]
    assert not any(found)


def test_a_long_press_in_the_corner_opens_the_door_while_the_finger_is_there() -> None:
    hand = Hand()
    hand.corner.finger_down(5, 5, hand.now)
    assert not hand.wait(PRESS_SECONDS - 0.1).corner.active
    assert hand.wait(0.2).page is StaffPage.DOOR


def test_a_long_press_that_ends_between_two_ticks_counts_too() -> None:
    hand = Hand()
    hand.corner.finger_down(5, 5, hand.now)
    hand.corner.finger_up(hand.now + PRESS_SECONDS + 0.1)
    assert hand.corner.active


def test_a_short_press_opens_nothing_later() -> None:
    hand = Hand()
    hand.corner.finger_down(5, 5, hand.now)
    hand.corner.finger_up(hand.now + 1)
    assert not hand.wait(60).corner.active


# ---- helping ---------------------------------------------------------------------


def test_operator_number_and_pin_ask_for_helper_mode_and_give_the_screen_back(hand: Hand) -> None:
    hand.type("05").touch(Enter()).type("1357").touch(Enter())
    assert hand.effects == [OpenHelperMode("05", "1357")]
    assert not hand.corner.active


def test_what_was_typed_wrongly_can_be_taken_back(hand: Hand) -> None:
    hand.type("06").touch(EraseDigit()).type("5").touch(Enter()).type("1358").touch(EraseDigit()).type("7")
    hand.touch(ChooseField("operator")).type("1").touch(EraseDigit(), ChooseField("pin"), Enter())
    assert hand.effects == [OpenHelperMode("05", "1357")]


def test_a_number_or_pin_that_is_not_whole_is_not_sent(hand: Hand) -> None:
    assert not look(hand.corner, FINE, hand.now).can_enter
    hand.touch(Enter()).type("05").touch(Enter()).type("135").touch(Enter())
    assert hand.effects == []
    assert hand.corner.active


def test_another_door_forgets_what_was_typed(hand: Hand) -> None:
    hand.type("05").touch(Enter()).type("1357").touch(ChooseDoor("service"), ChooseDoor("helper"))
    assert (hand.corner.operator, hand.corner.pin_length) == ("", 0)


# ---- the service menu ----------------------------------------------------------------


def test_the_kiosk_s_own_pin_opens_the_service_menu(service: Hand) -> None:
    assert service.page is StaffPage.MENU


def test_a_wrong_pin_is_said_and_opens_nothing(hand: Hand) -> None:
    hand.to_service("000000")
    assert (hand.page, hand.message()) == (StaffPage.DOOR, text("staff.wrong_pin", "en"))
    assert hand.type("2").message() == ""


def test_after_three_wrong_pins_even_the_right_one_must_wait_and_the_wait_grows(hand: Hand) -> None:
    for _ in range(LockOut.FREE):
        hand.to_service("000000")
    first = hand.corner.wait_seconds(hand.now)
    assert 0 < first <= LockOut.FIRST_SECONDS
    assert not look(hand.corner, FINE, hand.now).can_enter
    hand.effects.clear()
    assert hand.to_service().page is StaffPage.DOOR
    assert hand.effects == [], "it is not even checked"
    assert "Too many wrong PINs" in hand.message()
    hand.wait(LockOut.FIRST_SECONDS).to_service("000000")
    assert hand.corner.wait_seconds(hand.now) > first
    assert hand.wait(2 * LockOut.FIRST_SECONDS).to_service().page is StaffPage.MENU


def test_leaving_and_coming_back_does_not_shorten_the_wait(hand: Hand) -> None:
    for _ in range(LockOut.FREE):
        hand.to_service("000000")
    waits = hand.corner.wait_seconds(hand.now)
    hand.touch(Leave()).knock()
    assert hand.corner.wait_seconds(hand.now) == waits - 0.5 * (TAPS + 1)


def test_a_pin_that_is_found_right_too_late_opens_nothing(hand: Hand) -> None:
    hand.touch(Leave())
    hand.corner.pin_checked(right=True, now=hand.now)
    assert not hand.corner.active


def test_what_the_menu_offers_is_done(service: Hand) -> None:
    service.touch(NoteNewRoll())
    assert service.message() == "The new roll is noted."
    service.touch(PrintTest())
    assert service.message() == "Printing…"
    assert service.effects[-2:] == [NoteNewRoll(), PrintTest()]


def test_a_roll_that_may_be_new_is_asked_about(service: Hand) -> None:
    likely = Condition(PrinterStatus(PrinterState.READY, new_roll_likely=True), "0.1.0", True)
    view = look(service.corner, likely, service.now)
    assert view.message == text("staff.roll_asked", "en")
    assert [button.touch for button in view.buttons[:2]] == [NoteNewRoll(), NoteSameRoll()]
    assert service.touch(NoteSameRoll()).effects[-1] == NoteSameRoll()
    assert NoteSameRoll() not in [button.touch for button in look(service.corner, FINE, service.now).buttons]


@pytest.mark.parametrize("outcome", ["printed", "failed", "unknown"])
def test_what_became_of_the_paper_is_said(service: Hand, outcome: PrintOutcome) -> None:
    service.touch(PrintTest()).corner.printed(outcome)
    assert service.message() == text(f"staff.paper_{outcome}", "en")
    assert look(service.corner, FINE, service.now).bad is (outcome != "printed")


def test_one_paper_is_printed_at_a_time(service: Hand) -> None:
    service.touch(PrintTest(), PrintTest(), ShowPapers(), Reprint("12", "A012"))
    assert service.effects.count(PrintTest()) == 1
    assert not any(isinstance(effect, Reprint) for effect in service.effects)
    service.corner.printed("printed")
    service.touch(Reprint("12", "A012"))
    assert service.effects[-1] == Reprint("12", "A012")


def test_the_last_tickets_are_shown_the_newest_first_and_forgotten_on_leaving(service: Hand) -> None:
    assert service.touch(ShowPapers()).page is StaffPage.PAPERS
    first, *others = look(service.corner, FINE, service.now).buttons
    assert (first.touch, first.text, first.more) == (Reprint("12", "A012"), "A012  08:12", "Hộ tịch")
    assert len(others) + 1 == MOST_PAPERS < len(PAPERS)
    service.touch(Leave())
    assert service.corner.papers == ()


def test_a_kiosk_that_printed_nothing_yet_says_so(service: Hand) -> None:
    service.touch(ShowPapers()).corner.papers_found(())
    assert look(service.corner, FINE, service.now).more == "There is no ticket to print again."


@pytest.mark.parametrize(("ask", "again"), [(AskRestart(), True), (AskClose(), False)])
def test_the_program_ends_only_when_that_is_confirmed(service: Hand, ask: StaffTouch, again: bool) -> None:
    service.touch(ask, GoBack())
    assert service.page is StaffPage.MENU
    service.effects.clear()
    service.touch(Confirm())
    assert service.effects == []
    service.touch(ask, Confirm())
    assert service.effects == [StopProgram(again)]
    assert not service.corner.active


def test_back_leads_to_the_menu_and_from_there_out(service: Hand) -> None:
    assert service.touch(ShowPapers(), GoBack()).page is StaffPage.MENU
    assert not service.touch(GoBack()).corner.active


# ---- it closes by itself -------------------------------------------------------------------


def test_untouched_the_corner_closes_and_forgets_what_was_typed(hand: Hand) -> None:
    hand.type("05").touch(Enter()).type("1357").wait(STAYS_SECONDS - 1)
    assert hand.corner.active
    assert not hand.wait(1).corner.active
    assert (hand.corner.operator, hand.corner.pin_length) == ("", 0)
    assert hand.knock().effects == []


def test_every_touch_gives_it_its_time_again(service: Hand) -> None:
    for _ in range(5):
        service.wait(STAYS_SECONDS - 1).touch(NoteNewRoll())
    assert service.page is StaffPage.MENU


def test_a_hidden_corner_takes_no_touches() -> None:
    hand = Hand().touch(ChooseDoor("service"), PressDigit("1"), Confirm(), PrintTest())
    assert hand.effects == []
    assert not hand.corner.active


def touches() -> st.SearchStrategy[StaffTouch]:
    return st.one_of(
        st.builds(PressDigit, st.characters()),
        st.sampled_from(
            [
                *(EraseDigit(), Enter(), Confirm(), GoBack(), Leave(), PrintTest(), ShowPapers(), NoteNewRoll()),
                *(AskRestart(), AskClose(), ChooseDoor("service"), ChooseDoor("helper"), ChooseField("operator")),
                *(ChooseField("pin"), Reprint("1", "A001")),
            ]
        ),
    )


@given(st.lists(touches(), max_size=40))
def test_without_the_pin_no_touches_lead_to_anything_but_a_question_for_it(found: list[StaffTouch]) -> None:
    hand = Hand(pin="none").knock().touch(*found)
    assert all(isinstance(effect, CheckPin | OpenHelperMode) for effect in hand.effects)
    assert hand.page in (StaffPage.DOOR, StaffPage.HIDDEN)
    assert isinstance(look(hand.corner, FINE, hand.now).title, str)


# ---- the log ----------------------------------------------------------------------


def test_all_that_is_done_is_logged_but_no_pin(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    hand = Hand().knock().to_service("000000").to_service()
    hand.touch(NoteNewRoll(), PrintTest())
    hand.corner.printed("printed")
    hand.touch(ShowPapers(), Reprint("12", "A012"), GoBack(), AskClose(), Confirm())
    hand.knock().type("05").touch(Enter()).type("1357").touch(Enter())
    said = [record.message.removeprefix("staff corner: ") for record in caplog.records]
    assert said == [
        "opened",
        "wrong service PIN",
        "service menu opened",
        "a new roll of paper was put in",
        "prints the test slip",
        "paper test printed",
        "prints A012 again",
        "closed: program is ended",
        "opened",
        "closed: operator 05 asks to help",
    ]
    assert not any(pin in caplog.text + repr(hand.effects) for pin in ("246810", "000000", "1357"))


# ---- what it says ------------------------------------------------------------------


def test_a_pin_is_shown_as_dots(hand: Hand) -> None:
    hand.type("05").touch(Enter()).type("1357")
    operator, pin = look(hand.corner, FINE, hand.now).fields
    assert (operator.value, pin.value, pin.chosen) == ("05", "••••", True)


def test_a_kiosk_without_a_service_pin_says_how_to_set_one(hand: Hand) -> None:
    hand.touch(ChooseDoor("service")).type("2468")
    view = look(hand.corner, Condition(READY, "0.1.0", has_pin=False), hand.now)
    assert "--set-pin" in view.message
    assert not view.can_enter


def test_the_menu_says_how_the_kiosk_is(service: Hand) -> None:
    condition = Condition(PrinterStatus(PrinterState.PAPER_LOW, tickets_left=12), "0.1.0", True, 3, away=True)
    facts = dict(look(service.corner, condition, service.now).facts)
    assert list(facts.values()) == ["Paper ends soon", "12", "No connection", "3", "0.1.0"]


def test_a_printer_that_never_tells_is_not_called_silent_by_fault(service: Hand) -> None:
    silent = Condition(PrinterStatus(PrinterState.UNKNOWN, answers=False), "0.1.0", True)
    broken = Condition(PrinterStatus(PrinterState.UNKNOWN), "0.1.0", True)
    said = [look(service.corner, each, service.now).facts[0][1] for each in (silent, broken)]
    assert said == ["This model tells no state", "Does not answer"]
    assert look(service.corner, silent, service.now).facts[1][1] == "Not known"


def test_who_ends_the_program_learns_that_numbers_are_kept(service: Hand) -> None:
    view = look(service.touch(AskClose()).corner, Condition(READY, "0.1.0", True, to_hand_in=7), service.now)
    assert "7 numbers" in view.more


def test_every_state_of_a_printer_has_words(service: Hand) -> None:
    for state in PrinterState:
        assert look(service.corner, Condition(PrinterStatus(state), "0.1.0", True), service.now).facts[0][1]
