"""The staff's hidden corner of the kiosk as a state machine: how it is opened, the PIN pad, the service menu. Pure."""

import logging
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice

from kiosk.staff_knock import Knock
from kiosk.staff_touches import (
    AskClose,
    AskRestart,
    CheckPin,
    ChooseDoor,
    ChooseField,
    Confirm,
    Door,
    Enter,
    EraseDigit,
    Field,
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
from kiosk.touches import OpenHelperMode
from protocol.pins import PIN_DIGITS, LockOut
from protocol.words import PrintOutcome

STAYS_SECONDS = 60.0
"""So long after the last touch the corner closes by itself."""
LONGEST_OPERATOR = 12
MOST_PAPERS = 8
_SERVICE = "service"
_log = logging.getLogger(__name__)


class StaffPage(StrEnum):
    """What the corner shows; `HIDDEN`: nothing, the citizen's screen is free."""

    HIDDEN = "hidden"
    DOOR = "door"
    MENU = "menu"
    PAPERS = "papers"
    CONFIRM = "confirm"


class StaffCorner:
    """One kiosk's corner for staff; `now` is always monotonic seconds. What was done here stands in the log."""

    def __init__(self, language: str = "vi") -> None:
        self.language = language
        self.page = StaffPage.HIDDEN
        self.door: Door = "helper"
        self.field: Field = "operator"
        self.operator = ""
        self.pin_length = 0
        self.message = ""
        """The key of a text of `[staff]`; empty: nothing to say."""
        self.number = ""
        """The ticket that is printed again."""
        self.papers: tuple[LastPaper, ...] = ()
        """What can be printed again, the newest first."""
        self.closes = False
        """Whether what is to be confirmed ends the program for good."""
        self.busy = False
        """Whether a paper is being printed."""
        self._pin = ""
        self._knock = Knock()
        self._lock = LockOut()
        self._ends_at = 0.0

    # ---- what is to be seen ----

    @property
    def active(self) -> bool:
        """Whether the corner covers the citizen's screen."""
        return self.page is not StaffPage.HIDDEN

    def seconds_left(self, now: float) -> float:
        """How long until the corner closes by itself."""
        return max(self._ends_at - now, 0.0)

    def wait_seconds(self, now: float) -> float:
        """How long no PIN counts, after wrong ones."""
        return self._lock.wait_seconds(_SERVICE, now)

    @property
    def entered(self) -> bool:
        """Whether what was typed can be sent."""
        if self.door == "helper" and self.field == "operator":
            return bool(self.operator)
        return len(self._pin) in PIN_DIGITS and (self.door == "service" or bool(self.operator))

    # ---- what happens ----

    def finger_down(self, from_right: float, from_top: float, now: float) -> None:
        """A finger anywhere on the window, so many reference pixels from its corner; it may be the secret knock."""
        if self._knock.down(from_right, from_top, now) and not self.active:
            self._open(now)

    def finger_up(self, now: float) -> None:
        """The finger went away."""
        if self._knock.up(now) and not self.active:
            self._open(now)

    def touch(self, touch: StaffTouch, now: float) -> list[StaffEffect]:
        """Take a finger on the corner's own screens; a touch that has no meaning here is ignored."""
        if not self.active:
            return []
        self._ends_at = now + STAYS_SECONDS
        match touch:
            case Leave():
                self._close("left")
            case GoBack():
                self._back()
            case _ if self.page is StaffPage.DOOR:
                return self._touch_door(touch, now)
            case Confirm() if self.page is StaffPage.CONFIRM:
                return self._stop()
            case Reprint() if self.page is StaffPage.PAPERS and not self.busy:
                return self._print(touch, touch.number)
            case _ if self.page is StaffPage.MENU:
                return self._touch_menu(touch)
        return []

    def pin_checked(self, right: bool, now: float) -> None:
        """The kiosk's own PIN was right, or not."""
        if not right:
            self._lock.note_wrong(_SERVICE, now)
            _log.warning("staff corner: wrong service PIN")
            self.message = "wrong_pin"
        elif self.page is StaffPage.DOOR:
            self._lock.note_right(_SERVICE)
            _log.info("staff corner: service menu opened")
            self._show(StaffPage.MENU)

    def papers_found(self, papers: Iterable[LastPaper]) -> None:
        """The last tickets of this kiosk, the newest first."""
        self.papers = tuple(islice(papers, MOST_PAPERS))

    def printed(self, outcome: PrintOutcome) -> None:
        """What became of the test slip or the reprint."""
        _log.info("staff corner: paper %s %s", self.number or "test", outcome)
        self.busy = False
        self.message = f"paper_{outcome}"

    def tick(self, now: float) -> None:
        """Time passed."""
        if not self.active and self._knock.held(now):
            self._open(now)
        elif self.active and now >= self._ends_at:
            self._close("nobody touched it")

    # ---- the door ----

    def _open(self, now: float) -> None:
        _log.info("staff corner: opened")
        self._forget()
        self._ends_at = now + STAYS_SECONDS
        self._show(StaffPage.DOOR)

    def _touch_door(self, touch: StaffTouch, now: float) -> list[StaffEffect]:
        match touch:
            case PressDigit(digit):
                self._type(digit)
            case EraseDigit():
                self._erase()
            case ChooseField(name) if self.door == "helper":
                self.field = name
            case ChooseDoor(door):
                self._forget()
                self.door, self.field = door, "operator" if door == "helper" else "pin"
            case Enter() if self.entered:
                return self._enter(now)
        return []

    def _type(self, digit: str) -> None:
        if not (len(digit) == 1 and digit in "0123456789"):
            return
        self.message = ""
        if self.field == "operator":
            self.operator = (self.operator + digit)[:LONGEST_OPERATOR]
        else:
            self._keep_pin((self._pin + digit)[: PIN_DIGITS.stop - 1])

    def _erase(self) -> None:
        if self.field == "operator":
            self.operator = self.operator[:-1]
        else:
            self._keep_pin(self._pin[:-1])

    def _keep_pin(self, pin: str) -> None:
        self._pin, self.pin_length = pin, len(pin)

    def _enter(self, now: float) -> list[StaffEffect]:
        if self.door == "helper" and self.field == "operator":
            self.field = "pin"
            return []
        operator, pin = self.operator, self._pin
        self._keep_pin("")
        if self.door == "helper":
            self._close(f"operator {operator} asks to help")
            return [OpenHelperMode(operator, pin)]
        if self.wait_seconds(now):
            _log.warning("staff corner: service PIN refused, too many wrong ones")
            return []
        return [CheckPin(pin)]

    # ---- the menu ----

    def _touch_menu(self, touch: StaffTouch) -> list[StaffEffect]:
        match touch:
            case NoteNewRoll():
                _log.info("staff corner: a new roll of paper was put in")
                self.message = "roll_noted"
                return [touch]
            case NoteSameRoll():
                _log.info("staff corner: the roll of paper is the same")
                self.message = "same_roll_noted"
                return [touch]
            case PrintTest() if not self.busy:
                return self._print(touch, "")
            case ShowPapers():
                self.papers = ()
                self._show(StaffPage.PAPERS)
                return [touch]
            case AskRestart() | AskClose():
                self.closes = isinstance(touch, AskClose)
                self._show(StaffPage.CONFIRM)
        return []

    def _print(self, touch: PrintTest | Reprint, number: str) -> list[StaffEffect]:
        _log.info("staff corner: prints %s", f"{number} again" if number else "the test slip")
        self.busy, self.number, self.message = True, number, "printing"
        return [touch]

    def _stop(self) -> list[StaffEffect]:
        effect = StopProgram(again=not self.closes)
        self._close("program is ended" if self.closes else "program is started anew")
        return [effect]

    # ---- steps ----

    def _back(self) -> None:
        if self.page in (StaffPage.PAPERS, StaffPage.CONFIRM):
            self._show(StaffPage.MENU)
        else:
            self._close("left")

    def _show(self, page: StaffPage) -> None:
        self.page = page
        self.message = "printing" if self.busy else ""

    def _close(self, why: str) -> None:
        _log.info("staff corner: closed: %s", why)
        self._forget()
        self.page = StaffPage.HIDDEN

    def _forget(self) -> None:
        self.door, self.field, self.operator, self.message = "helper", "operator", "", ""
        self.papers = ()
        self._keep_pin("")
        self._knock.forget()
