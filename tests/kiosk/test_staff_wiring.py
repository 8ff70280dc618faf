"""The staff's corner at a kiosk at work: papers come out and are reported, helper mode opens, the roll is counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.version import VERSION
from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.session import Inbox, Session
from kiosk.staff_pin import ServicePin
from kiosk.staff_touches import (
    AskRestart,
    ChooseDoor,
    Confirm,
    Enter,
    NoteNewRoll,
    NoteSameRoll,
    PressDigit,
    PrintTest,
    Reprint,
    ShowPapers,
    StaffTouch,
)
from kiosk.staff_view import StaffView
from kiosk.staff_wiring import staff_work
from kiosk.staff_work import RESTART_EXIT
from kiosk.touches import Begin, ChooseAgency, ChooseClass
from printers.papers import TestPaper, TicketPaper
from protocol.commands import OpenHelper
from tests.kiosk.halls import Client, Printer, cao_bang, pulse, snapshot

PIN = "246810"


class RollPrinter(Printer):
    """A printer that counts its paper."""

    def __init__(self) -> None:
        super().__init__()
        self.rolls: list[str] = []

    def new_roll(self) -> None:
        self.rolls.append("new")

    def same_roll(self) -> None:
        self.rolls.append("same")


class Kiosk:
    """A session without a window, and its corner."""

    def __init__(self, data: Path) -> None:
        self.inbox = Inbox()
        self.client = Client(cao_bang())
        self.printer = RollPrinter()
        self.exits: list[int] = []
        flow = Flow(HallNow(), settle_seconds=0)
        self.session = Session(flow, self.printer, self.inbox.post)
        self.work = staff_work(self.session, self.printer, data, "tcp://printer", "generic-80mm", self.exits.append)
        self.session.connect(self.client)
        self.session.on_snapshot(snapshot(self.client.hall))
        self.session.on_pulse(pulse(self.client.hall))
        self.inbox.work(0)

    def take_number(self) -> TicketPaper:
        for touch in (Begin(), ChooseAgency("agency-0"), ChooseClass("ordinary")):
            self.session.touch(touch)
        self.client.answer()
        self.inbox.work(0)
        self.printer.finish()
        self.inbox.work(0)
        paper = self.printer.jobs[-1][0]
        assert isinstance(paper, TicketPaper)
        return paper

    def open(self) -> "Kiosk":
        for _ in range(5):
            self.work.finger_down(20, 20)
            self.work.finger_up()
        return self

    def touch(self, *touches: StaffTouch) -> "Kiosk":
        for touch in touches:
            self.work.touch(touch)
        self.inbox.work(0)
        return self

    def type(self, digits: str) -> "Kiosk":
        return self.touch(*(PressDigit(digit) for digit in digits))

    def to_service(self) -> "Kiosk":
        return self.open().touch(ChooseDoor("service")).type(PIN).touch(Enter())

    def view(self) -> StaffView:
        view = self.work.view()
        assert view is not None
        return view


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    ServicePin(tmp_path).set(PIN)
    kiosk = Kiosk(tmp_path)
    yield kiosk
    kiosk.session.close()


def test_a_test_slip_comes_out_and_changes_nothing_for_the_citizen(kiosk: Kiosk) -> None:
    screen = kiosk.session.flow.screen
    kiosk.to_service().touch(PrintTest())
    paper, _ = kiosk.printer.jobs[-1]
    assert isinstance(paper, TestPaper)
    assert (paper.printer_name, paper.model) == ("tcp://printer", "generic-80mm")
    kiosk.printer.finish("unknown")
    kiosk.inbox.work(0)
    assert kiosk.view().bad
    assert kiosk.session.flow.screen is screen
    assert kiosk.client.reports() == []


def test_a_ticket_is_printed_again_with_its_mark_and_the_hall_hears_of_it(kiosk: Kiosk) -> None:
    first = kiosk.take_number()
    kiosk.to_service().touch(ShowPapers())
    shown = kiosk.view().buttons[0].touch
    assert isinstance(shown, Reprint)
    assert shown.number == first.number
    kiosk.touch(shown)
    again, _ = kiosk.printer.jobs[-1]
    assert isinstance(again, TicketPaper)
    assert (again.number, again.url, again.again) == (first.number, first.url, True)
    kiosk.printer.finish()
    kiosk.inbox.work(0)
    assert not kiosk.view().bad
    assert [(report.outcome, report.reprint) for report in kiosk.client.reports()] == [
        ("printed", False),
        ("printed", True),
    ]


def test_a_ticket_that_is_gone_meanwhile_is_said_not_to_come(kiosk: Kiosk) -> None:
    kiosk.take_number()
    kiosk.to_service().touch(ShowPapers(), Reprint("no such", "A999"))
    assert kiosk.view().bad
    assert len(kiosk.printer.jobs) == 1


def test_helper_mode_is_asked_of_the_hall(kiosk: Kiosk) -> None:
    kiosk.open().type("05").touch(Enter()).type("1357").touch(Enter())
    assert OpenHelper("05", "1357") in [asked for _, asked, _ in kiosk.client.asked]
    assert kiosk.work.view() is None


def test_the_roll_and_the_end_of_the_program_get_through(kiosk: Kiosk) -> None:
    kiosk.to_service().touch(NoteNewRoll(), NoteSameRoll(), AskRestart(), Confirm())
    assert kiosk.printer.rolls == ["new", "same"]
    assert kiosk.exits == [RESTART_EXIT]


def test_the_menu_says_that_the_server_is_away(kiosk: Kiosk) -> None:
    before = kiosk.to_service().view().facts
    kiosk.session.on_silence(5.0)
    kiosk.inbox.work(0)
    after = kiosk.view().facts
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [("Máy chủ", "Mất kết nối")]
    assert ("Phiên bản", VERSION) in after


def test_what_staff_do_is_logged_also_where_only_warnings_are(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    kiosk.to_service()
    assert "staff corner: service menu opened" in caplog.text
