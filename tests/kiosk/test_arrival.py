"""The code on the first screen for who took a place from home: there while it is of use, and renewed in time."""

import datetime as dt

from msgspec.structs import replace

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.session import Inbox, Session
from kiosk.view import look
from printers.base import PrinterState, PrinterStatus
from protocol.commands import GetArrivalCode
from protocol.errors import Forbidden
from protocol.replies import ArrivalCodeReply, HallReply
from protocol.views import HomeHabits
from tests.kiosk.halls import AT, Client, Printer, commune, pulse, snapshot

MINUTE = dt.timedelta(minutes=1)


def code(letters: str = "KTM4XQ", expires_at: dt.datetime = AT + MINUTE) -> ArrivalCodeReply:
    """What the hall answers."""
    return ArrivalCodeReply(letters, f"http://10.0.0.2:8080/here/{letters}", expires_at)


def offering(hall: HallReply | None = None) -> HallReply:
    """A hall that gives places from home."""
    return replace(hall or commune(), from_home=HomeHabits(["s0"], 1))


class Kiosk:
    """A session without a window, connected to a hall."""

    def __init__(self, hall: HallReply) -> None:
        self.inbox, self.client, self.seconds = Inbox(), Client(hall), 1000.0
        flow = Flow(HallNow("kiosk-1"), settle_seconds=0)
        self.session = Session(flow, Printer(), self.inbox.post, clock=lambda: self.seconds)
        self.session.connect(self.client)
        self.session.on_snapshot(snapshot(hall))
        self.pass_time(0)

    def pass_time(self, seconds: float) -> None:
        """Let seconds pass, and the hall say that it lives."""
        self.seconds += seconds
        self.session.on_pulse(pulse(self.client.hall, AT + dt.timedelta(seconds=self.seconds - 1000)))
        self.work()

    def work(self) -> None:
        """Do what was posted, then what is due."""
        self.inbox.work(0)
        self.session.tick()

    def answer(self, reply: ArrivalCodeReply | None) -> None:
        """Answer the latest question for a code; None: refuse it."""
        future = next(f for _, c, f in reversed(self.client.asked) if isinstance(c, GetArrivalCode))
        if reply is None:
            future.set_exception(Forbidden())
        else:
            future.set_result(reply)
        self.work()

    def asked(self) -> int:
        """How often a code was asked for."""
        return sum(isinstance(command, GetArrivalCode) for _, command, _ in self.client.asked)

    def shown(self) -> tuple[str, str]:
        """The letters and the address on the screen."""
        return look(self.session.flow, PrinterStatus(PrinterState.READY), self.seconds).arrival


def test_the_first_screen_shows_the_code_where_places_are_taken_from_home() -> None:
    kiosk = Kiosk(offering())
    kiosk.answer(code())
    assert kiosk.shown() == ("KTM4XQ", "http://10.0.0.2:8080/here/KTM4XQ")


def test_a_hall_without_places_from_home_is_not_asked_and_shows_none() -> None:
    kiosk = Kiosk(commune())
    assert (kiosk.asked(), kiosk.shown()) == (0, ("", ""))


def test_the_code_is_renewed_when_its_time_is_over_and_stays_until_the_next_one_is_there() -> None:
    kiosk = Kiosk(offering())
    kiosk.answer(code())
    kiosk.pass_time(59)
    assert kiosk.asked() == 1
    kiosk.pass_time(1)
    assert (kiosk.asked(), kiosk.shown()[0]) == (2, "KTM4XQ")
    kiosk.answer(code("NEXT22", AT + 2 * MINUTE))
    assert (kiosk.asked(), kiosk.shown()[0]) == (2, "NEXT22")


def test_a_code_that_no_other_follows_goes_before_the_hall_takes_it_no_more() -> None:
    kiosk = Kiosk(offering())
    kiosk.answer(code())
    kiosk.pass_time(60)
    kiosk.answer(None)
    kiosk.pass_time(14)
    assert kiosk.shown()[0] == "KTM4XQ"
    kiosk.pass_time(1)
    assert kiosk.shown()[0] == ""


def test_a_refusal_is_asked_again_only_after_a_while() -> None:
    kiosk = Kiosk(offering())
    kiosk.answer(None)
    kiosk.pass_time(4)
    assert kiosk.asked() == 1
    kiosk.pass_time(1)
    assert kiosk.asked() == 2


def test_the_code_is_gone_while_the_server_is_away_and_asked_for_anew_afterwards() -> None:
    kiosk = Kiosk(offering())
    kiosk.answer(code())
    kiosk.session.on_silence(4.0)
    kiosk.work()
    assert kiosk.session.flow.hall.arrival is None
    kiosk.pass_time(10)
    assert kiosk.asked() == 2


def test_a_hall_that_stops_giving_places_takes_the_code_from_the_screen() -> None:
    kiosk = Kiosk(offering())
    kiosk.answer(code())
    kiosk.session.flow.hall.take_hall(commune())
    kiosk.work()
    assert kiosk.shown() == ("", "")
