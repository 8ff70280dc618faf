"""What a session asks the hall beside numbers: questions about codes, and the catalogue page by page."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.stages import Screen
from kiosk.touches import ScanToken
from kiosk.visit import UNREACHABLE
from protocol.commands import CheckIn, Command, GetCatalogue, GetTicket
from protocol.errors import Forbidden, InvalidToken
from protocol.replies import CatalogueReply, Reply, TicketReply, TicketView
from protocol.views import ProcedureInfo
from protocol.words import TicketState
from tests.kiosk.booth import Booth
from tests.kiosk.halls import AT, DAY, issued
from tests.kiosk.model_hall import ModelHall, hall_of_blocks
from tests.kiosk.test_journal import FullDisk

TOKEN = "A" * 30
VIEW = TicketView(11, "A001", DAY, "s0", "ordinary", TicketState.WAITING, AT, 3)


def procedures(count: int) -> list[ProcedureInfo]:
    return [ProcedureInfo(f"1.{at:06d}", f"Thủ tục {at}", "Hộ tịch", "ubnd", "s0") for at in range(count)]


class AskedHall(ModelHall):
    """A hall that also answers questions; counts the pages of its catalogue that were asked for."""

    def __init__(self, catalogue_id: str = "c1", count: int = 5) -> None:
        super().__init__(replace(hall_of_blocks(), catalogue_id=catalogue_id))
        self.procedures = procedures(count)
        self.pages = 0
        self.found: Reply | None = None
        self.refuses_catalogue = False

    def _do(self, kiosk_id: str, request_id: str, command: Command) -> Reply:
        if isinstance(command, GetTicket):
            if self.found is None:
                raise InvalidToken
            return self.found
        if isinstance(command, CheckIn):
            return issued("s0")
        if isinstance(command, GetCatalogue):
            self.pages += 1
            if self.refuses_catalogue:
                raise Forbidden
        return super()._do(kiosk_id, request_id, command)


@pytest.fixture
def hall() -> AskedHall:
    return AskedHall()


@pytest.fixture
def booth(tmp_path: Path, hall: AskedHall) -> Booth:
    found = Booth(tmp_path / "kiosk-1.db", hall)
    found.hear()
    return found


# ---- codes ----


def test_a_ticket_before_the_scanner_is_looked_up(booth: Booth, hall: AskedHall) -> None:
    hall.found = TicketReply(VIEW, 10, [])
    booth.session.touch(ScanToken(TOKEN))
    assert booth.flow.screen is Screen.ASKING
    booth.settle()
    assert booth.flow.screen is Screen.FOUND
    assert not booth.journal.all_entries(), "a question is no touch for a number"


def test_an_appointment_before_the_scanner_is_checked_in_and_printed(booth: Booth) -> None:
    booth.session.touch(ScanToken(TOKEN))
    booth.settle()
    assert booth.flow.screen is Screen.RESULT
    [entry] = booth.journal.all_entries()
    assert entry.command == CheckIn(TOKEN, "vi")
    assert len(booth.printer.jobs) == 1


def test_a_question_without_answer_is_given_up(booth: Booth) -> None:
    booth.session.touch(ScanToken(TOKEN))
    booth.pass_time(8.5)
    assert (booth.flow.screen, booth.flow.visit.refusal) == (Screen.REFUSED, UNREACHABLE)


def test_what_a_scanner_reads_comes_to_the_screen_from_any_thread(booth: Booth, hall: AskedHall) -> None:
    hall.found = TicketReply(VIEW, 10, [])
    for garbage in (b"\xff\x00nothing", b"", b"http://elsewhere/x"):
        booth.session.scanned(garbage)
        booth.work()
        assert booth.flow.screen is Screen.IDLE
    booth.session.scanned(f"{hall.hall.public_url}/t/{TOKEN}".encode())
    assert booth.flow.screen is Screen.IDLE, "nothing happens on the scanner's own thread"
    booth.work()
    assert booth.flow.screen is Screen.ASKING


# ---- the catalogue ----


def test_the_catalogue_is_read_to_its_last_page(booth: Booth, hall: AskedHall) -> None:
    booth.pass_time(1)
    booth.settle()
    assert booth.flow.hall.procedures == tuple(procedures(5))
    assert hall.pages == 3


def test_a_catalogue_that_is_known_is_not_read_again(booth: Booth, hall: AskedHall) -> None:
    booth.pass_time(1)
    booth.settle()
    booth.crash()
    assert booth.flow.hall.procedures == tuple(procedures(5)), "also without the server"
    booth.hear()
    booth.pass_time(1)
    booth.settle()
    assert hall.pages == 3


def test_a_new_catalogue_is_read(booth: Booth, hall: AskedHall) -> None:
    booth.pass_time(1)
    booth.settle()
    hall.hall, hall.procedures = replace(hall.hall, catalogue_id="c2"), procedures(1)
    booth.hear()
    booth.pass_time(1)
    booth.settle()
    assert booth.flow.hall.procedures == tuple(procedures(1))


def test_a_page_that_does_not_come_is_asked_for_again(booth: Booth, hall: AskedHall) -> None:
    booth.pass_time(1)
    booth.client.sent.clear()
    booth.crash()
    booth.hear()
    booth.pass_time(1)
    booth.client.expire(booth.seconds + 30)
    booth.work()
    booth.settle()
    assert booth.flow.hall.procedures == tuple(procedures(5))


def test_a_hall_that_tells_no_catalogue_is_not_asked_over_and_over(tmp_path: Path) -> None:
    hall = AskedHall()
    hall.refuses_catalogue = True
    booth = Booth(tmp_path / "kiosk-1.db", hall)
    booth.hear()
    for _ in range(5):
        booth.pass_time(1)
        booth.settle()
    assert hall.pages == 1
    assert booth.flow.hall.procedures == ()


def test_pages_of_two_catalogues_are_never_mixed(tmp_path: Path) -> None:
    hall = AskedHall()
    booth = Booth(tmp_path / "kiosk-1.db", hall)
    booth.hear()
    booth.pass_time(1)
    booth.client.arrive()
    booth.work()
    hall.hall, hall.procedures = replace(hall.hall, catalogue_id="c2"), procedures(3)
    booth.hear()
    booth.pass_time(1)
    booth.settle()
    assert booth.flow.hall.procedures == tuple(procedures(3))


def test_a_hall_without_catalogue_is_not_asked_for_it(tmp_path: Path) -> None:
    hall = AskedHall(catalogue_id="")
    booth = Booth(tmp_path / "kiosk-1.db", hall)
    booth.hear()
    booth.pass_time(1)
    assert hall.pages == 0
    assert CatalogueReply("", 0, []).procedures == list(booth.flow.hall.procedures)


# ---- what staff are told ----


def test_a_journal_that_can_not_be_written_is_told(booth: Booth, hall: AskedHall) -> None:
    whole, booth.journal._db = booth.journal._db, FullDisk(booth.journal._db)  # type: ignore[assignment]
    booth.tap()
    booth.settle()
    assert booth.number() == "A001", "the server still gives numbers"
    booth.pass_time(0.25)
    booth.settle()
    assert hall.health[-1] == ["journal_damaged"]
    booth.journal._db = whole
    for _ in range(2):
        booth.pass_time(6)
        booth.settle()
    assert hall.health[-1] == []


def test_what_happened_to_the_journal_is_told_for_a_day(booth: Booth, hall: AskedHall) -> None:
    booth.journal.remember("journal_lost", DAY - dt.timedelta(days=1))
    booth.pass_time(0.25)
    booth.settle()
    assert hall.health[-1] == []


def test_what_is_wrong_beside_the_printer_is_told_too(booth: Booth, hall: AskedHall) -> None:
    booth.session.reporting.more_troubles = lambda: ["scanner_gone"]
    booth.pass_time(0.25)
    booth.settle()
    assert hall.health[-1] == ["scanner_gone"]
