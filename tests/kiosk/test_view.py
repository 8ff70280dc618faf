"""What the screens say."""

import datetime as dt
import unicodedata
from typing import Any

import pytest
from msgspec.structs import replace

from config.texts import keys, text
from kiosk.flow import Flow, Screen
from kiosk.hall_now import HallNow
from kiosk.touches import Begin, ChooseAgency, ChooseClass, ChooseService, Speak, Touch
from kiosk.view import View, look
from printers.base import PrinterState, PrinterStatus
from protocol.errors import REFUSALS
from protocol.replies import Satisfaction, ServiceStatus, Snapshot
from tests.kiosk.halls import AT, DAY, HOURS, cao_bang, commune, issued, pulse, snapshot

READY = PrinterStatus(PrinterState.READY)


def seen(*touches: Touch, hall: Any = None, printer: PrinterStatus = READY, statuses: Any = None) -> tuple[Flow, View]:
    """The flow and its view after touches."""
    known, hall = HallNow(), hall or cao_bang()
    known.take_hall(hall)
    known.take_snapshot(
        Snapshot("e", 1, AT, DAY, statuses, [], [], Satisfaction()) if statuses is not None else snapshot(hall)
    )
    flow = Flow(known, settle_seconds=0)
    for at, touch in enumerate(touches):
        flow.touch(touch, f"request-{at}", 100.0)
    return flow, look(flow, printer, 100.0)


def test_the_first_screen_greets_and_says_how_busy_the_hall_is() -> None:
    _, view = seen()
    assert view.title == "Kính chào quý khách!"
    assert view.chosen_waiting == "Đang chờ: 406 người"
    assert view.chosen == "Giờ làm việc hôm nay: 07:30–11:30, 13:30–17:00"
    assert (view.frame.clock, view.frame.date) == ("08:12", "Thứ Hai, 12/01/2026")


@pytest.mark.parametrize(
    ("local", "said"),
    [
        ("2026-01-12 06:00", "Giờ làm việc hôm nay"),
        ("2026-01-12 12:10", "Ngoài giờ làm việc"),
        ("2026-01-12 17:01", "Ngoài giờ làm việc"),
        ("2026-01-11 09:00", "Hôm nay Trung tâm nghỉ"),
    ],
)
def test_the_first_screen_says_when_the_hall_is_closed(local: str, said: str) -> None:
    flow, _ = seen()
    instant = dt.datetime.fromisoformat(f"{local}+07:00")
    flow.hall.take_pulse(pulse(cao_bang(), instant))
    assert look(flow, READY, 100.0).chosen.startswith(said)


def test_a_service_says_who_waits_and_how_long_before_it_is_touched() -> None:
    _, view = seen(Begin(), ChooseAgency("agency-15"))
    first = view.tiles[0]
    assert (first.name, first.waiting, first.span) == (
        "Đăng ký đất đai, tài sản gắn liền với đất",
        "9 người chờ",
        "27–48 phút",
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (ServiceStatus("s0", 3, 1, 10, 10), ("3 người chờ", "khoảng 10 phút")),
        (ServiceStatus("s0", 0, 1, 0, 4), ("Chưa có ai chờ", "dưới 5 phút")),
        (ServiceStatus("s0", 2, 1), ("2 người chờ", "")),
        (ServiceStatus("s0", 2, 0, 5, 9), ("2 người chờ", "Chưa có quầy mở")),
    ],
)
def test_the_waiting_is_said_honestly(status: ServiceStatus, said: tuple[str, str]) -> None:
    _, view = seen(Begin(), hall=commune(), statuses=[status])
    assert (view.tiles[0].waiting, view.tiles[0].span) == said


def test_no_priority_is_the_first_answer() -> None:
    _, view = seen(Begin(), ChooseAgency("agency-0"))
    assert view.tiles[0].touch == ChooseClass("ordinary")
    assert [tile.sign for tile in view.tiles[1:]] == ["60+", "KT", "CC", "MT"]


def test_the_result_tells_number_people_ahead_range_and_counters() -> None:
    flow, _ = seen(Begin(), ChooseAgency("agency-15"), ChooseService("service-15-0"), ChooseClass("ordinary"))
    flow.issued("request-3", issued("service-15-0"), 101.0)
    view = look(flow, READY, 101.0)
    assert view.number == "A015"
    assert [value for _, value in view.facts] == ["12", "25–40 phút", "Quầy 3, 4"]
    assert view.code == ""
    flow.printed(11, "printed", 102.0)
    assert look(flow, READY, 102.0).title == "Mời quý khách nhận phiếu bên dưới"


def test_counters_with_names_of_their_own_are_named() -> None:
    hall = cao_bang()
    counters = [replace(counter, name=f"Quầy {counter.name}") for counter in hall.counters]
    flow, _ = seen(
        Begin(),
        ChooseAgency("agency-15"),
        ChooseService("service-15-0"),
        ChooseClass("ordinary"),
        hall=replace(hall, counters=counters),
    )
    flow.issued("request-3", issued("service-15-0"), 101.0)
    assert look(flow, READY, 101.0).facts[2][1] == "Quầy 3, Quầy 4"


def test_a_number_without_paper_shows_the_address_of_its_page() -> None:
    flow, _ = seen(Begin(), ChooseAgency("agency-15"), ChooseService("service-15-0"), ChooseClass("ordinary"))
    flow.issued("request-3", issued("service-15-0"), 101.0)
    flow.printed(11, "failed", 102.0)
    view = look(flow, READY, 102.0)
    assert view.code == f"http://10.0.0.2:8080/t/{'t' * 16}"
    assert view.title == "Không in được phiếu"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PrinterState.READY, ""),
        (PrinterState.PAPER_LOW, ""),
        (PrinterState.PAPER_OUT, "Máy in hết giấy"),
        (PrinterState.OFFLINE, "Máy in đang gặp sự cố"),
        (PrinterState.UNKNOWN, "Máy in đang gặp sự cố"),
    ],
)
def test_a_printer_in_trouble_is_said_before_the_touch(state: PrinterState, said: str) -> None:
    for touches in ((), (Begin(),), (Begin(), ChooseAgency("agency-0"))):
        _, view = seen(*touches, printer=PrinterStatus(state))
        assert view.notice.startswith(said)
        assert bool(view.notice) == bool(said)


def test_a_printer_that_cannot_tell_is_not_called_broken() -> None:
    _, view = seen(printer=PrinterStatus(PrinterState.UNKNOWN, answers=False))
    assert view.notice == ""


def test_a_slow_server_is_explained() -> None:
    flow, view = seen(Begin(), ChooseAgency("agency-0"), ChooseClass("ordinary"))
    assert (view.screen, view.more) == (Screen.ISSUING, "")
    assert "thử lại" in look(flow, READY, 102.0).more


@pytest.mark.parametrize("code", sorted(REFUSALS))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_refusal_is_said_in_words(code: str, language: str) -> None:
    flow, _ = seen(Speak(language), Begin(), ChooseAgency("agency-0"), ChooseClass("ordinary"))
    flow.refused("request-3", code, {"queue_id": "a", "limit": 3}, 101.0)
    assert look(flow, READY, 101.0).more == text(f"refusals.{code}", language)


def test_a_refusal_newer_than_this_program_is_said_too() -> None:
    flow, _ = seen(Begin(), ChooseAgency("agency-0"), ChooseClass("ordinary"))
    flow.refused("request-2", "moon_phase", {}, 101.0)
    assert look(flow, READY, 101.0).more == text("refusals.refused")


def test_the_seconds_left_are_told_except_on_the_first_screen() -> None:
    flow, view = seen(Begin())
    assert view.frame.seconds_left == "Tự động kết thúc sau 45 giây"
    assert look(flow, READY, 110.5).frame.seconds_left == "Tự động kết thúc sau 34 giây"
    _, view = seen(Speak("en"))
    assert view.frame.seconds_left == ""


def test_english_citizens_read_english_names() -> None:
    _, view = seen(Speak("en"), Begin())
    assert view.tiles[0].name == "Committee for Ethnic Minority Affairs"
    assert view.frame.hall_name == "Cao Bằng Public Administration Service Centre"


def test_both_languages_have_all_the_kiosks_words_in_nfc() -> None:
    ours = {key for key in keys("vi") | keys("en") if key.startswith(("kiosk.", "refusals."))}
    for language in ("vi", "en"):
        assert ours <= keys(language)
        assert all(text(key, language) == unicodedata.normalize("NFC", text(key, language)) for key in ours)
    assert set(HOURS) <= {key.removeprefix("kiosk.") for key in ours}
