"""A kiosk without a window at a real hall: doors that shut and open, its own suspension, its health."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tomli_w

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.route import Wish, next_touch
from kiosk.session import Inbox, Session
from kiosk.touches import (
    ChooseClass,
    ChooseProcedure,
    ChooseService,
    Home,
    OpenHelperMode,
    ScanToken,
    Search,
    TakeNumber,
    TakePlace,
    TypeLetter,
)
from kiosk.visit import Screen
from kiosk.visitor import take_number
from printers.base import PrinterState
from printers.layout import PlacePaper
from printers.memory import MemoryPrinter
from protocol.client import HallClient
from protocol.commands import (
    GetOverview,
    GetPlace,
    GetTicket,
    ReopenKiosk,
    ReopenService,
    SuspendKiosk,
    SuspendService,
)
from protocol.pins import set_pin
from protocol.replies import OverviewReply, PlaceReply, TicketReply
from protocol.words import Issuing
from tests.conftest import ROOT, RunningHall, eventually, hall_file_at_free_ports

SOURCE = ROOT / "config" / "halls" / "xa.toml"


class Kiosk:
    """A session that works for itself, with a printer that remembers."""

    def __init__(self, hall: RunningHall, first: Screen = Screen.IDLE) -> None:
        self.inbox, self.printer = Inbox(), MemoryPrinter()
        self.flow = Flow(HallNow("kiosk-1"), settle_seconds=0)
        self.session = Session(self.flow, self.printer, self.inbox.post)
        self.client = HallClient(hall.keys("kiosk-1"), self.session)
        self.session.connect(self.client)
        self.until(first)

    def work(self, condition: Callable[[], object], within: float = 20.0) -> None:
        """Let time pass and answers come until a condition holds."""

        def turn() -> object:
            self.inbox.work(0.05)
            self.session.tick()
            return condition()

        eventually(turn, within=within, what=f"on the screen {self.flow.screen}")

    def until(self, screen: Screen) -> None:
        self.work(lambda: self.flow.screen is screen)

    def choose(self, service_id: str) -> None:
        """Tap to a service, as far as that goes without an answer of the hall."""
        while self.flow.screen not in (Screen.NO_NUMBER, Screen.PRIORITY):
            touch = next_touch(self.flow, Wish(service_id))
            assert touch is not None
            self.session.touch(touch)

    def door(self, service_id: str) -> Issuing:
        return self.flow.hall.door(service_id).issuing


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RunningHall]:
    """A commune whose first service has one number a day."""
    document = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    document["hall"]["catalogue"] = str((SOURCE.parent / document["hall"]["catalogue"]).resolve())
    document["services"][0]["day_quota"] = 1
    source = tmp_path / "source" / "xa.toml"
    source.parent.mkdir()
    source.write_text(tomli_w.dumps(document), encoding="utf-8")
    hall_file, web_port = hall_file_at_free_ports(source, tmp_path, calling={"appointment_early_minutes": 0})
    running = RunningHall(hall_file, tmp_path / "data", web_port)
    running.join("kiosk", "kiosk-1")
    yield running
    running.close()


@pytest.fixture
def kiosk(hall: RunningHall) -> Iterator[Kiosk]:
    found = Kiosk(hall)
    yield found
    found.session.close()
    found.client.close()


def leader(hall: RunningHall) -> str:
    """The person who leads the hall."""
    operators = tomllib.loads(hall.hall_file.read_text(encoding="utf-8"))["operators"]
    return str(next(one["id"] for one in operators if one.get("role") in ("supervisor", "administrator")))


def test_when_the_numbers_are_used_up_a_place_of_tomorrow_is_taken(hall: RunningHall, kiosk: Kiosk) -> None:
    service_id = kiosk.flow.hall.services()[0].service_id
    take_number(kiosk.session, kiosk.inbox, Wish(service_id))
    kiosk.work(lambda: kiosk.door(service_id) is Issuing.QUOTA)
    kiosk.choose(service_id)
    kiosk.session.touch(TakePlace())
    kiosk.session.touch(ChooseClass("ordinary"))
    kiosk.until(Screen.PLACE)
    kiosk.work(lambda: kiosk.flow.visit.paper == "printed")
    slip, place = kiosk.printer.papers[-1], kiosk.flow.visit.place
    assert isinstance(slip, PlacePaper)
    assert place is not None
    kept = hall.client("phone").call(GetPlace(place.token))
    assert isinstance(kept, PlaceReply)
    assert (kept.slot_at, slip.url) == (slip.slot_at, place.url)
    assert slip.slot_at.date() > kiosk.flow.hall.local().date()  # type: ignore[union-attr]


def test_a_suspended_service_says_why_until_it_is_reopened(hall: RunningHall, kiosk: Kiosk) -> None:
    service_id, desk = kiosk.flow.hall.services()[1].service_id, hall.client("desk")
    desk.call(SuspendService(leader(hall), service_id, "Mất điện"))
    kiosk.work(lambda: kiosk.door(service_id) is Issuing.SUSPENDED)
    kiosk.choose(service_id)
    assert kiosk.flow.screen is Screen.NO_NUMBER
    assert kiosk.flow.visit.door is not None
    assert kiosk.flow.visit.door.reason == "Mất điện"
    kiosk.session.touch(Home())
    desk.call(ReopenService(leader(hall), service_id))
    kiosk.work(lambda: kiosk.door(service_id) is Issuing.OPEN)


def test_a_suspended_kiosk_shuts_and_learns_it_again_after_a_restart(hall: RunningHall, kiosk: Kiosk) -> None:
    desk = hall.client("desk")
    desk.call(SuspendKiosk(leader(hall), "kiosk-1", "Bảo trì"))
    kiosk.until(Screen.SUSPENDED)
    kiosk.session.close()
    kiosk.client.close()
    again = Kiosk(hall, Screen.SUSPENDED)
    try:
        assert again.flow.hall.suspended == "Bảo trì"
        desk.call(ReopenKiosk(leader(hall), "kiosk-1"))
        again.until(Screen.IDLE)
    finally:
        again.session.close()
        again.client.close()


def test_the_head_of_the_hall_hears_of_a_printer_in_trouble(hall: RunningHall, kiosk: Kiosk) -> None:
    desk = hall.client("desk")

    def troubles() -> list[str]:
        overview = desk.call(GetOverview())
        assert isinstance(overview, OverviewReply)
        return next(found.troubles for found in overview.devices if found.device_id == "kiosk-1")

    kiosk.printer.state = PrinterState.PAPER_OUT
    kiosk.work(lambda: troubles() == ["paper_out"])
    kiosk.printer.state = PrinterState.READY
    kiosk.work(lambda: troubles() == [])


def search(kiosk: Kiosk, letters: str) -> None:
    """Look for a procedure by its words, once the hall's list has come."""
    kiosk.work(lambda: kiosk.flow.hall.procedures)
    kiosk.session.touch(Search())
    for letter in letters:
        kiosk.session.touch(TypeLetter(letter))


def test_a_procedure_found_by_its_words_stands_on_the_ticket(hall: RunningHall, kiosk: Kiosk) -> None:
    search(kiosk, "khai sinh")
    code = "1.001193"
    kiosk.session.touch(ChooseProcedure(code))
    kiosk.session.touch(TakeNumber())
    kiosk.session.touch(ChooseClass("ordinary"))
    kiosk.work(lambda: kiosk.flow.visit.paper == "printed")
    assert kiosk.flow.visit.reply is not None
    known = hall.client("desk").call(GetTicket(kiosk.flow.visit.reply.ticket.ticket_id))
    assert isinstance(known, TicketReply)
    assert known.ticket.procedure_code == code


def test_a_ticket_before_the_scanner_says_how_it_stands(kiosk: Kiosk) -> None:
    reply = take_number(kiosk.session, kiosk.inbox, Wish("chung-thuc"))
    kiosk.session.touch(ScanToken(reply.token))
    kiosk.until(Screen.FOUND)
    found = kiosk.flow.visit.found
    assert isinstance(found, TicketReply)
    assert (found.ticket.number, found.ticket.people_ahead) == (reply.ticket.number, 0)


def test_a_place_of_another_day_before_the_scanner_is_too_early(kiosk: Kiosk) -> None:
    service_id = kiosk.flow.hall.services()[0].service_id
    take_number(kiosk.session, kiosk.inbox, Wish(service_id))
    kiosk.work(lambda: kiosk.door(service_id) is Issuing.QUOTA)
    kiosk.choose(service_id)
    kiosk.session.touch(TakePlace())
    kiosk.session.touch(ChooseClass("ordinary"))
    kiosk.work(lambda: kiosk.flow.visit.paper == "printed")
    assert kiosk.flow.visit.place is not None
    token = kiosk.flow.visit.place.token
    kiosk.session.touch(Home())
    kiosk.session.touch(ScanToken(token))
    kiosk.until(Screen.REFUSED)
    assert kiosk.flow.visit.refusal == "too_early"


def test_a_code_of_another_hall_is_refused_in_words(kiosk: Kiosk) -> None:
    kiosk.session.touch(ScanToken("of-another-hall"))
    kiosk.until(Screen.REFUSED)
    assert kiosk.flow.visit.refusal == "invalid_token"


def test_only_who_has_a_pin_takes_numbers_for_others(hall: RunningHall, kiosk: Kiosk) -> None:
    set_pin(hall.data / "keys" / "pins.json", leader(hall), "135790")
    kiosk.session.touch(OpenHelperMode(leader(hall), "000000"))
    kiosk.until(Screen.REFUSED)
    kiosk.session.touch(Home())
    kiosk.session.touch(OpenHelperMode(leader(hall), "135790"))
    kiosk.until(Screen.HELPER)
    kiosk.session.touch(ChooseClass("elderly"))
    kiosk.session.touch(ChooseService("chung-thuc"))
    kiosk.work(lambda: kiosk.flow.visit.paper == "printed")
    assert kiosk.flow.visit.reply is not None
    assert kiosk.flow.visit.reply.ticket.class_id == "elderly"
