"""What the screens say."""

import datetime as dt
import unicodedata
from typing import Any

import pytest
from msgspec.structs import replace

from config.texts import keys, text
from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.touches import Begin, ChooseAgency, ChooseClass, ChooseService, Speak, TakePlace, Touch
from kiosk.view import View, look
from kiosk.visit import Screen
from printers.base import PrinterState, PrinterStatus
from protocol.errors import REFUSALS
from protocol.replies import Satisfaction, ServiceStatus, Snapshot
from protocol.words import Issuing
from tests.kiosk.halls import (
    AFTERNOON,
    AT,
    DAY,
    HOURS,
    TOMORROW,
    booked,
    cao_bang,
    commune,
    doors,
    issued,
    pulse,
    snapshot,
    statuses,
)

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
def test_every_refusal_is_said_in_words_even_if_its_facts_did_not_come(code: str, language: str) -> None:
    flow, _ = seen(Speak(language), Begin(), ChooseAgency("agency-0"), ChooseClass("ordinary"))
    flow.refused("request-3", code, {"queue_id": "a", "limit": 3}, 101.0)
    view = look(flow, READY, 101.0)
    if view.screen is Screen.REFUSED:
        words = text(f"refusals.{code}", language).split("{")[0].strip()
        assert view.more.startswith(words)
    assert view.title
    assert "{" not in view.more


def test_the_facts_of_a_refusal_are_filled_in() -> None:
    flow, _ = seen(Begin(), ChooseAgency("agency-0"), ChooseClass("ordinary"))
    flow.refused("request-2", "already_waiting", {"number": "A007", "surplus": None}, 101.0)
    assert look(flow, READY, 101.0).more.startswith("Quý khách đã có số A007 cho lĩnh vực này. ")


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


# ---- doors that are shut ----


def tile(status: ServiceStatus) -> tuple[str, str, bool]:
    _, view = seen(Begin(), hall=commune(), statuses=[status])
    return view.tiles[0].waiting, view.tiles[0].span, view.tiles[0].muted


@pytest.mark.parametrize(
    ("issuing", "opens_at", "said"),
    [
        (Issuing.SUSPENDED, None, ("Tạm ngừng cấp số", "Chạm để xem", True)),
        (Issuing.CLOSED, AFTERNOON, ("Ngoài giờ cấp số", "Cấp lại 13:30", True)),
        (Issuing.CLOSED, TOMORROW, ("Ngoài giờ cấp số", "Cấp lại 07:30 13/01", True)),
        (Issuing.QUOTA, AFTERNOON, ("Đã hết số", "Cấp lại 13:30", True)),
        (Issuing.CUT_OFF, TOMORROW, ("Hết lượt hôm nay", "Chạm để xem", True)),
        (Issuing.UNCERTAIN, None, ("3 người chờ", "Chưa chắc kịp", False)),
        (Issuing.OPEN, None, ("3 người chờ", "5–9 phút", False)),
    ],
)
def test_a_tile_says_before_the_touch_whether_numbers_are_given(
    issuing: Issuing, opens_at: dt.datetime | None, said: tuple[str, str, bool]
) -> None:
    assert tile(ServiceStatus("s0", 3, 1, 5, 9, issuing, "", opens_at)) == said


def test_an_agency_is_grey_when_none_of_its_services_gives_numbers() -> None:
    closed = doors(cao_bang(), service_3_0=Issuing.CUT_OFF, service_3_1=Issuing.CUT_OFF, service_3_2=Issuing.CUT_OFF)
    _, view = seen(Begin(), statuses=closed.services)
    police = next(found for found in view.tiles if found.name == "Công an tỉnh")
    assert (police.waiting, police.muted) == ("Hết lượt hôm nay", True)
    some = doors(cao_bang(), service_3_0=Issuing.CUT_OFF)
    _, view = seen(Begin(), statuses=some.services)
    assert not any(found.muted for found in view.tiles)


def shut(issuing: Issuing, language: str = "vi") -> View:
    """The screen behind a grey tile of a commune."""
    told = doors(commune(), s1=issuing)
    return seen(Speak(language), Begin(), ChooseService("s1"), hall=commune(), statuses=told.services)[1]


def test_a_suspended_service_says_why() -> None:
    view = shut(Issuing.SUSPENDED)
    assert view.title == "Tạm ngừng cấp số"
    assert view.more.startswith("Lý do: Hệ thống đang bảo trì")
    assert (view.button, view.facts) == ("", ())


def test_a_closed_service_says_when_it_opens() -> None:
    view = shut(Issuing.CLOSED)
    assert view.facts == (("Cấp số trở lại", "13:30"),)
    assert view.button == ""


def test_a_service_that_is_cut_off_offers_the_first_places_of_tomorrow() -> None:
    view = shut(Issuing.CUT_OFF)
    assert "không kịp được phục vụ" in view.more
    assert view.facts == (("Cấp số trở lại", "07:30, Thứ Ba 13/01"),)
    assert view.button == "NHẬN CHỖ ĐẦU NGÀY 13/01"
    assert shut(Issuing.QUOTA, "en").button == "TAKE A FIRST PLACE ON 13/01"


def test_a_number_that_may_come_too_late_is_announced_before_and_after_the_touch() -> None:
    told = doors(commune(), s1=Issuing.UNCERTAIN)
    flow, view = seen(Begin(), ChooseService("s1"), hall=commune(), statuses=told.services)
    assert "không kịp" in view.notice
    flow.touch(ChooseClass("ordinary"), "request-2", 100.0)
    flow.issued("request-2", issued("s1"), 101.0)
    assert "không kịp" in look(flow, READY, 101.0).notice


def test_a_place_says_day_and_time_and_where_to_go() -> None:
    told = doors(commune(), s1=Issuing.QUOTA)
    flow, _ = seen(Begin(), ChooseService("s1"), TakePlace(), hall=commune(), statuses=told.services)
    flow.touch(ChooseClass("elderly"), "request-3", 100.0)
    flow.booked("request-3", booked("s1"), 101.0)
    view = look(flow, READY, 101.0)
    assert (view.number, view.facts[0]) == ("07:30", ("Ngày", "Thứ Ba, 13/01/2026"))
    assert view.chosen_waiting == "Người cao tuổi (từ đủ 60 tuổi)"
    flow.printed(12, "failed", 102.0)
    failed = look(flow, READY, 102.0)
    assert failed.code == booked("s1").url
    assert "Chỗ của quý khách đã được giữ" in failed.more


def test_a_suspended_kiosk_says_so_with_the_reason() -> None:
    flow, _ = seen()
    flow.hall.suspend("Đang thay giấy")
    view = look(flow, READY, 100.0)
    assert (view.title, view.chosen_name) == ("Máy lấy số tạm ngừng phục vụ", "Lý do: Đang thay giấy")
    flow.hall.suspend("")
    assert look(flow, READY, 100.0).chosen_name == ""


# ---- a hall that gives no numbers at all ----


def closed(opens_at: dt.datetime | None, hall: Any = None) -> View:
    shut_everywhere = [
        replace(status, issuing=Issuing.CLOSED, opens_at=opens_at) for status in statuses(hall or commune())
    ]
    return seen(hall=hall or commune(), statuses=shut_everywhere)[1]


def test_a_holiday_is_said_on_the_first_screen_with_the_day_it_opens_again() -> None:
    view = closed(TOMORROW, replace(commune(), holidays=[DAY]))
    assert view.title == "Hôm nay Trung tâm nghỉ"
    assert view.chosen_waiting == "Cấp số trở lại: 07:30, Thứ Ba 13/01"
    assert (view.button, view.muted) == ("NHẬN CHỖ ĐẦU NGÀY", False)


def test_a_day_with_hours_of_its_own_shows_them() -> None:
    special = replace(commune(), holidays=[DAY], special_days={"2026-01-12": ["09:00-11:00"]})
    _, view = seen(hall=special)
    assert view.chosen.endswith("09:00–11:00")


def test_a_break_is_said_on_the_first_screen_and_offers_no_other_day() -> None:
    view = closed(AFTERNOON)
    assert (view.title, view.chosen_waiting) == ("Hiện ngoài giờ cấp số", "Cấp số trở lại: 13:30")
    assert (view.button, view.muted) == ("XEM CÁC LĨNH VỰC", True)


def test_a_hall_that_is_full_for_today_says_so_on_the_first_screen() -> None:
    _, view = seen(statuses=doors(cao_bang(), everywhere=Issuing.CUT_OFF).services)
    assert view.title == "Đã ngừng cấp số trong hôm nay"
