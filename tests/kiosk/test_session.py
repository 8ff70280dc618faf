"""The session carries out what the flow decides, and reports the paper."""

from collections.abc import Callable

import pytest

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.route import Wish
from kiosk.session import Inbox, Session
from kiosk.touches import Begin, ChooseAgency, ChooseClass, ChooseService, TakePlace
from kiosk.visit import Screen
from kiosk.visitor import NoNumberError, take_number
from printers.base import PrinterState
from protocol.commands import ReportPrint
from protocol.errors import Forbidden, NumbersExhausted, ServerUnreachable, refusal
from protocol.words import Issuing
from tests.kiosk.halls import Client, Printer, cao_bang, commune, doors, issued, pulse, snapshot


class Kiosk:
    """A session without a window, with a client and a printer that do what the test says."""

    def __init__(self, *, connect: bool = True) -> None:
        self.inbox = Inbox()
        self.client = Client(cao_bang())
        self.printer = Printer()
        self.changes = 0
        self.now = 1000.0
        flow = Flow(HallNow(), settle_seconds=0)
        self.session = Session(flow, self.printer, self.inbox.post, self._changed, lambda: self.now)
        self.flow = self.session.flow
        if connect:
            self.session.connect(self.client)
            self.session.on_snapshot(snapshot(self.client.hall))
            self.inbox.work(0)

    def _changed(self) -> None:
        self.changes += 1

    def ask(self) -> None:
        """Touch until a number is asked for."""
        for touch in (Begin(), ChooseAgency("agency-0"), ChooseClass("ordinary")):
            self.session.touch(touch)

    def do(self, happening: Callable[[], None]) -> None:
        """Let something happen on another thread's behalf, and the session hear of it."""
        happening()
        self.inbox.work(0)


def test_a_touch_asks_the_hall_with_its_own_request_id() -> None:
    kiosk = Kiosk()
    kiosk.session.touch(Begin())
    kiosk.session.touch(ChooseAgency("agency-0"))
    kiosk.session.touch(ChooseClass("elderly"), "made-by-the-finger")
    [(request_id, asked)] = kiosk.client.issues()
    assert request_id == "made-by-the-finger"
    assert (asked.service_id, asked.class_id) == ("service-0-0", "elderly")


def test_a_number_is_printed_and_its_paper_reported() -> None:
    kiosk = Kiosk()
    kiosk.ask()
    kiosk.do(kiosk.client.answer)
    assert kiosk.flow.screen is Screen.RESULT
    assert kiosk.printer.jobs[0][0].name == "20260112-081200-A015"
    assert not kiosk.client.reports()
    kiosk.do(kiosk.printer.finish)
    assert kiosk.client.reports() == [ReportPrint(11, "printed", "")]
    assert kiosk.flow.visit.paper == "printed"


def test_a_printer_without_paper_is_not_given_the_ticket() -> None:
    kiosk = Kiosk()
    kiosk.ask()
    kiosk.printer.state = PrinterState.PAPER_OUT
    kiosk.do(kiosk.client.answer)
    assert not kiosk.printer.jobs
    assert kiosk.client.reports() == [ReportPrint(11, "failed", "paper_out")]
    assert kiosk.flow.visit.paper == "failed"


def test_a_printer_that_breaks_is_reported_as_failed(caplog: pytest.LogCaptureFixture) -> None:
    kiosk = Kiosk()
    kiosk.ask()
    kiosk.do(kiosk.client.answer)
    kiosk.do(lambda: kiosk.printer.jobs[0][1].set_exception(OSError("cable pulled")))
    assert kiosk.client.reports() == [ReportPrint(11, "failed", "cable pulled")]
    assert "A015 was not printed: cable pulled" in caplog.text


def test_a_report_is_repeated_until_the_hall_has_heard_it() -> None:
    kiosk = Kiosk()
    kiosk.ask()
    kiosk.do(kiosk.client.answer)
    kiosk.client.away = True
    kiosk.do(kiosk.printer.finish)
    kiosk.client.away = False
    kiosk.do(lambda: None)
    kiosk.do(lambda: None)
    reports = [(request_id, asked) for request_id, asked, _ in kiosk.client.asked if isinstance(asked, ReportPrint)]
    assert len(reports) > 1
    assert len(set(reports)) == 1


def test_a_refusal_is_shown() -> None:
    kiosk = Kiosk()
    kiosk.ask()
    kiosk.do(lambda: kiosk.client.answer(NumbersExhausted(queue_id="a")))
    assert (kiosk.flow.screen, kiosk.flow.visit.refusal) == (Screen.REFUSED, "numbers_exhausted")
    assert not kiosk.printer.jobs


def test_a_refusal_newer_than_this_program_keeps_its_code() -> None:
    kiosk = Kiosk()
    kiosk.ask()
    kiosk.do(lambda: kiosk.client.answer(refusal("moon_phase", {"day": 3})))
    assert kiosk.flow.visit.refusal == "moon_phase"


def test_no_answer_at_all_offers_another_try() -> None:
    kiosk = Kiosk()
    kiosk.ask()
    kiosk.do(lambda: kiosk.client.answer(ServerUnreachable()))
    assert kiosk.flow.can_try_again


def test_silence_and_return_are_shown_and_the_settings_asked_for_again() -> None:
    kiosk = Kiosk()
    before = kiosk.client.asked_hall
    kiosk.do(lambda: kiosk.session.on_silence(4.0))
    assert kiosk.flow.screen is Screen.AWAY
    kiosk.client.hall = commune()
    kiosk.do(lambda: kiosk.session.on_pulse(pulse(commune())))
    kiosk.inbox.work(0)
    assert kiosk.flow.screen is Screen.IDLE
    assert kiosk.client.asked_hall == before + 1
    assert kiosk.flow.hall.hall == commune()


def test_settings_that_did_not_come_are_asked_for_until_they_do() -> None:
    kiosk = Kiosk(connect=False)
    kiosk.client.away = True
    kiosk.session.connect(kiosk.client)
    kiosk.client.away = False
    kiosk.inbox.work(0)
    kiosk.inbox.work(0)
    assert kiosk.flow.hall.hall == cao_bang()


def test_after_its_end_a_session_asks_nothing() -> None:
    kiosk = Kiosk()
    kiosk.session.close()
    kiosk.ask()
    assert not kiosk.client.issues()


def test_a_citizen_without_window_takes_a_number_from_the_last_page() -> None:
    kiosk = Kiosk()
    kiosk.client.answers_at_once = True
    kiosk.printer.prints_at_once = True
    reply = take_number(kiosk.session, kiosk.inbox, Wish("service-19-0", "merit", "en"))
    assert reply == issued("service-19-0", "merit")
    [(_, asked)] = kiosk.client.issues()
    assert (asked.service_id, asked.class_id, asked.language) == ("service-19-0", "merit", "en")
    assert kiosk.flow.screen is Screen.IDLE
    assert kiosk.client.reports()


def test_a_citizen_without_window_hears_of_a_refusal() -> None:
    kiosk = Kiosk()
    kiosk.client.answers_at_once = True
    kiosk.client.refuses = NumbersExhausted()
    with pytest.raises(NoNumberError, match="numbers_exhausted"):
        take_number(kiosk.session, kiosk.inbox, Wish("service-19-0"))


def test_a_citizen_who_wants_what_the_hall_has_not_gives_up() -> None:
    kiosk = Kiosk()
    with pytest.raises(NoNumberError, match="not within"):
        take_number(kiosk.session, kiosk.inbox, Wish("nowhere"), within=0.3)


def test_the_hall_is_asked_once_at_a_time() -> None:
    kiosk = Kiosk()
    before = kiosk.client.asked_hall
    kiosk.session.on_snapshot(snapshot(cao_bang()))
    kiosk.session.on_snapshot(snapshot(cao_bang()))
    kiosk.inbox.work(0)
    assert kiosk.client.asked_hall == before + 1


# ---- a place instead of a number ----


def test_a_place_is_printed_and_no_ticket_is_reported_for_it() -> None:
    kiosk = Kiosk()
    kiosk.session.on_snapshot(doors(cao_bang(), service_15_0=Issuing.CUT_OFF))
    kiosk.inbox.work(0)
    for touch in (Begin(), ChooseAgency("agency-15"), ChooseService("service-15-0"), TakePlace()):
        kiosk.session.touch(touch)
    kiosk.session.touch(ChooseClass("ordinary"))
    [asked] = kiosk.client.places()
    assert (asked.service_id, asked.class_id) == ("service-15-0", "ordinary")
    kiosk.do(kiosk.client.answer)
    assert kiosk.flow.screen is Screen.PLACE
    kiosk.do(kiosk.printer.finish)
    assert kiosk.flow.visit.paper == "printed"
    assert kiosk.printer.jobs[0][0].name == "20260113-073000-place-12"
    assert kiosk.client.reports() == []


def test_a_citizen_without_window_takes_no_place_of_another_day() -> None:
    kiosk = Kiosk()
    kiosk.session.on_snapshot(doors(cao_bang(), service_19_0=Issuing.CUT_OFF))
    kiosk.inbox.work(0)
    with pytest.raises(NoNumberError, match="cut_off"):
        take_number(kiosk.session, kiosk.inbox, Wish("service-19-0"))
    assert kiosk.flow.screen is Screen.IDLE


# ---- how the kiosk is ----


def test_a_kiosk_tells_every_half_minute_that_it_lives() -> None:
    kiosk = Kiosk()
    for kiosk.now in (1000.0, 1000.25, 1029.9, 1030.0, 1059.0, 1060.1):
        kiosk.session.tick()
    assert kiosk.client.health() == [[], [], []]


def test_a_trouble_and_its_end_are_told_at_once() -> None:
    kiosk = Kiosk()
    for state in (PrinterState.READY, PrinterState.PAPER_LOW, PrinterState.PAPER_OUT, PrinterState.READY):
        kiosk.printer.state = state
        kiosk.session.tick()
        kiosk.session.tick()
    assert kiosk.client.health() == [[], ["paper_low"], ["paper_out"], []]


def test_what_the_hall_did_not_hear_is_told_again_with_the_next_beat() -> None:
    kiosk = Kiosk()
    kiosk.client.away = True
    kiosk.session.tick()
    kiosk.inbox.work(0)
    kiosk.client.away = False
    kiosk.now += 30.0
    kiosk.session.tick()
    assert kiosk.client.health() == [[], []]


def test_a_hall_that_does_not_want_to_hear_is_not_told_more_often(caplog: pytest.LogCaptureFixture) -> None:
    kiosk = Kiosk()
    kiosk.client.refuses = Forbidden(role="kiosk")
    for _ in range(5):
        kiosk.session.tick()
        kiosk.inbox.work(0)
    assert len(kiosk.client.health()) == 1
