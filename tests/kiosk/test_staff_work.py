"""What staff do in their corner is carried out: the PIN is checked, papers come, the program ends."""

import datetime as dt
import io
import json
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.entries import Entry
from kiosk.hall_now import HallNow
from kiosk.staff import StaffCorner, StaffPage
from kiosk.staff_papers import last_papers, paper_again
from kiosk.staff_pin import ServicePin, ask_and_set
from kiosk.staff_touches import (
    AskClose,
    AskRestart,
    ChooseDoor,
    Condition,
    Confirm,
    Enter,
    LastPaper,
    NoteNewRoll,
    NoteSameRoll,
    PressDigit,
    PrintTest,
    Reprint,
    ShowPapers,
    StaffTouch,
)
from kiosk.staff_work import CLOSE_EXIT, RESTART_EXIT, Means, StaffWork, Told
from kiosk.touches import OpenHelperMode, Touch
from printers.base import PrinterState, PrinterStatus
from protocol.commands import BookPlace, IssueTicket
from protocol.replies import HallReply, PlaceReply, TicketIssuedReply, TicketView
from protocol.words import TicketState
from tests.kiosk.halls import AT, DAY, TOMORROW, commune, snapshot

PIN = "246810"


class Kiosk:
    """A kiosk at work, as far as its corner for staff goes."""

    def __init__(self, data: Path) -> None:
        self.told: list[object] = []
        self.printing: list[Told] = []
        self.pin = ServicePin(data)
        means = Means(
            lambda: Condition(PrinterStatus(PrinterState.READY), "0.1.0", self.pin.is_set),
            lambda: [LastPaper("r1", "A012", "Hộ tịch", "08:12")],
            self._touch,
            self.printing.append,
            self._print_again,
            lambda new: self.told.append(("new roll", new)),
            lambda code: self.told.append(("exit", code)),
        )
        self.now = 0.0
        self.work = StaffWork(StaffCorner("en"), self.pin, means, lambda: self.now)

    def _touch(self, touch: Touch) -> None:
        self.told.append(touch)

    def _print_again(self, paper_id: str, told: Told) -> None:
        self.told.append(paper_id)
        self.printing.append(told)

    def knock(self) -> "Kiosk":
        for _ in range(5):
            self.work.finger_down(20, 20)
            self.work.finger_up()
        return self

    def touch(self, *touches: StaffTouch) -> "Kiosk":
        for touch in touches:
            self.work.touch(touch)
        return self

    def type(self, digits: str) -> "Kiosk":
        return self.touch(*(PressDigit(digit) for digit in digits))

    def to_service(self, pin: str = PIN) -> "Kiosk":
        return self.knock().touch(ChooseDoor("service")).type(pin).touch(Enter())


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    kiosk = Kiosk(tmp_path)
    kiosk.pin.set(PIN)
    return kiosk


def test_nothing_is_to_be_seen_before_the_knock_and_after_a_minute(kiosk: Kiosk) -> None:
    assert kiosk.work.view() is None
    assert kiosk.knock().work.view() is not None
    kiosk.now = 61.0
    kiosk.work.tick()
    assert kiosk.work.view() is None


def test_helper_mode_is_asked_for_through_the_citizen_s_screens(kiosk: Kiosk) -> None:
    kiosk.knock().type("05").touch(Enter()).type("1357").touch(Enter())
    assert kiosk.told == [OpenHelperMode("05", "1357")]


def test_the_pin_of_the_data_folder_opens_the_menu_and_no_other(kiosk: Kiosk) -> None:
    assert kiosk.to_service("135790").work.corner.page is StaffPage.DOOR
    assert kiosk.type(PIN).touch(Enter()).work.corner.page is StaffPage.MENU


def test_papers_are_printed_and_what_became_of_them_is_said(kiosk: Kiosk) -> None:
    kiosk.to_service().touch(NoteNewRoll(), NoteSameRoll(), PrintTest())
    kiosk.printing.pop()("failed")
    view = kiosk.work.view()
    assert view is not None
    assert (view.message, view.bad) == ("It was not printed.", True)
    kiosk.touch(ShowPapers(), Reprint("r1", "A012"))
    kiosk.printing.pop()("printed")
    assert kiosk.told == [("new roll", True), ("new roll", False), "r1"]


@pytest.mark.parametrize(("ask", "code"), [(AskClose(), CLOSE_EXIT), (AskRestart(), RESTART_EXIT)])
def test_the_program_ends_with_a_code_that_says_whether_it_comes_back(kiosk: Kiosk, ask: StaffTouch, code: int) -> None:
    kiosk.to_service().touch(ask, Confirm())
    assert kiosk.told == [("exit", code)]


# ---- the PIN -----------------------------------------------------------------------


def test_the_pin_is_kept_as_a_hash_that_only_its_owner_can_read(kiosk: Kiosk, tmp_path: Path) -> None:
    path = tmp_path / "kiosk-pin.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PIN not in path.read_text()
    assert list(json.loads(path.read_text())) == ["service"]


def test_without_a_pin_nobody_gets_in(tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path).to_service()
    assert kiosk.work.corner.page is StaffPage.DOOR
    view = kiosk.work.view()
    assert view is not None
    assert "--set-pin" in view.message


def test_a_pin_file_that_can_not_be_read_opens_nothing(
    kiosk: Kiosk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kiosk-pin.json").write_text("{")
    assert kiosk.to_service().work.corner.page is StaffPage.DOOR
    assert kiosk.work.view() is not None
    assert "can't be read" in caplog.text


def test_the_pin_is_set_on_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PIN + "\n"))
    assert ask_and_set(tmp_path) == 0
    assert ServicePin(tmp_path).is_right(PIN)
    assert "is set" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "123", "abcd", "1" * 13])
def test_what_is_no_pin_is_refused_and_changes_nothing(
    kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    assert ask_and_set(tmp_path) == 2
    assert kiosk.pin.is_right(PIN)
    assert "digits" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask_and_set(tmp_path / "none") == 2
    assert "no such folder" in capsys.readouterr().err


# ---- the last tickets -------------------------------------------------------------------


@pytest.fixture
def hall() -> HallNow:
    found, now = commune(), HallNow()
    now.take_hall(found)
    now.take_snapshot(snapshot(found))
    return now


def entry(hall: HallReply, at: int, day: dt.date = DAY, **more: object) -> Entry:
    service = hall.services[0]
    ticket = TicketView(
        ticket_id=at,
        number=f"A{at:03}",
        service_day=day,
        service_id=service.service_id,
        class_id="ordinary",
        state=TicketState.WAITING,
        issued_at=AT + dt.timedelta(minutes=at),
    )
    reply = TicketIssuedReply(ticket, "token", f"http://hall/t/{at}", service.counter_ids)
    return replace(Entry(f"r{at}", AT, IssueTicket(service.service_id, language="en"), reply=reply), **more)


def place(hall: HallReply) -> Entry:
    service_id = hall.services[0].service_id
    reply = PlaceReply(7, service_id, TOMORROW, "token", "http://hall/t/7")
    return Entry("r-place", AT, BookPlace(service_id), reply=reply)


def known(hall: HallNow) -> HallReply:
    assert hall.hall is not None
    return hall.hall


def numbers(entries: Iterable[Entry], hall: HallNow) -> list[str]:
    return [paper.number for paper in last_papers(entries, hall)]


def test_the_tickets_of_today_are_listed_the_newest_first(hall: HallNow) -> None:
    of = known(hall)
    entries = [entry(of, 1, DAY - dt.timedelta(days=1)), entry(of, 2), place(of), Entry("r-none", AT), entry(of, 3)]
    assert numbers([*entries, entry(of, 4, withdraw_id="w")], hall) == ["A003", "A002"]
    assert next(iter(last_papers(entries, hall))) == LastPaper("r3", "A003", of.services[0].name, "08:15")


def test_the_paper_of_a_ticket_is_the_same_again_with_its_mark(hall: HallNow) -> None:
    paper = paper_again(entry(known(hall), 5), hall)
    assert paper is not None
    assert (paper.number, paper.language, paper.url, paper.reprint) == ("A005", "en", "http://hall/t/5", True)


def test_only_tickets_have_a_paper_to_print_again(hall: HallNow) -> None:
    assert paper_again(place(known(hall)), hall) is None
    assert paper_again(Entry("r-none", AT), hall) is None
