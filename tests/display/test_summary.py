"""What the summary says of each service, and which services are on the page."""

import datetime as dt

import pytest
from msgspec.structs import replace

from display.board import Board
from display.summary import PAGE_SECONDS, TURN_SECONDS, Summary, compose_summary
from protocol import replies as re
from protocol.words import Issuing
from tests.display import halls
from tests.display.halls import called, event


def board(snapshot: re.Snapshot, service_ids: list[str] | None = None) -> Board:
    found = Board("wall")
    found.describe(replace(halls.hall(), displays=[re.DisplayInfo("wall", "summary", service_ids or [])]))
    found.take_snapshot(snapshot, 0.0)
    return found


def line(status: re.ServiceStatus) -> tuple[str, str]:
    """What stands beside how many wait: why no number is given, or how long who takes one waits."""
    [found] = compose_summary(board(halls.snapshot(services=[status])), 5, 2, 0.0).lines
    return found.shut[0], found.span[0]


def numbers(summary: Summary) -> dict[str, list[tuple[str, str]]]:
    return {line.service[0]: [(one.number, one.counter) for one in line.served] for line in summary.lines}


def test_a_service_shows_numbers_counters_waiting_people_and_range() -> None:
    [first, *_] = compose_summary(board(halls.busy(9)), 5, 2, 0.0).lines
    assert first.service == ("Đất đai (đăng ký, biến động, cấp đổi)", "dat-dai")
    assert [(one.number, one.counter) for one in first.served] == [("A040", "1"), ("C032", "9")]
    assert (first.waiting, first.span[0], first.shut[0]) == ("12", "5–10 phút", "")


LATER = halls.AT + dt.timedelta(hours=5)


@pytest.mark.parametrize(
    ("status", "shut", "span"),
    [
        (re.ServiceStatus("ho-tich", 1, 1, 10, 10), "", "khoảng 10 phút"),
        (re.ServiceStatus("ho-tich", 0, 1, 0, 0), "", "Không phải chờ"),
        (re.ServiceStatus("ho-tich", 0, 1), "", ""),
        (re.ServiceStatus("ho-tich", 4, 0, 10, 20), "", "Chưa có quầy mở"),
        (
            re.ServiceStatus("ho-tich", 4, 1, 1, 2, Issuing.SUSPENDED, "Bảo trì"),
            "Tạm ngừng cấp số: Bảo trì",
            "1–2 phút",
        ),
        (re.ServiceStatus("ho-tich", 4, 1, 1, 2, Issuing.SUSPENDED), "Tạm ngừng cấp số", "1–2 phút"),
        (re.ServiceStatus("ho-tich", 4, 1, 1, 2, Issuing.QUOTA), "Đã hết số", "1–2 phút"),
        (re.ServiceStatus("ho-tich", 4, 1, 1, 2, Issuing.CUT_OFF), "Hết lượt hôm nay", "1–2 phút"),
        (re.ServiceStatus("ho-tich", 0, 0, None, None, Issuing.CLOSED), "Ngoài giờ cấp số", "Chưa có quầy mở"),
        (
            re.ServiceStatus("ho-tich", 0, 1, 1, 2, Issuing.CLOSED, opens_at=LATER),
            "Cấp số từ 13:12",
            "1–2 phút",
        ),
        (
            re.ServiceStatus("ho-tich", 0, 1, 1, 2, Issuing.CLOSED, opens_at=LATER + dt.timedelta(days=1)),
            "Cấp số từ 13:12 ngày 13/01",
            "1–2 phút",
        ),
        (re.ServiceStatus("ho-tich", 0, 1, 1, 2, Issuing.UNCERTAIN), "", "1–2 phút"),
    ],
)
def test_a_service_says_how_long_it_takes_and_why_it_gives_no_numbers(
    status: re.ServiceStatus, shut: str, span: str
) -> None:
    assert line(status) == (shut, span)


def test_every_service_comes_on_within_one_round_of_pages() -> None:
    found = board(halls.busy(0))
    seen = [numbers(compose_summary(found, 3, 2, page * PAGE_SECONDS)) for page in range(3)]
    assert {name for page in seen for name in page} == set(halls.NAMES.values())


def test_a_service_with_more_numbers_than_places_shows_them_in_turn() -> None:
    found = board(halls.busy(20))
    shown = [compose_summary(found, 8, 2, at * TURN_SECONDS).lines[0] for at in range(2)]
    assert [line.page for line in shown] == ["1/2", "2/2"]
    assert len({one.number for line in shown for one in line.served}) == 3


def test_a_new_call_opens_the_page_of_its_service() -> None:
    found = board(halls.busy(3))
    found.take_event(event(101, called(200, "A015", "12", "ket-qua")), 1.0)
    shown = compose_summary(found, 3, 1, 1.1)
    assert numbers(shown)["Nhận kết quả"] == [("A015", "12")]
    assert "A015" in [call.number for call in shown.calls]
    assert shown.lines[-1].served[0].blinks


def idle() -> list[re.ServiceStatus]:
    return [re.ServiceStatus(key, 0, 1) for key in halls.NAMES]


def test_services_without_people_or_news_are_left_out_where_there_is_no_room_for_all() -> None:
    services = idle()
    services[2] = replace(services[2], issuing=Issuing.SUSPENDED)
    services[3] = replace(services[3], issuing=Issuing.CLOSED)
    services[6] = replace(services[6], waiting=2)
    told = board(halls.snapshot([halls.ticket(41, "3")], services))
    assert list(numbers(compose_summary(told, 7, 2, 0.0))) == [
        "Hộ tịch",
        "Chứng thực",
        "Căn cước, cư trú, định danh điện tử",
    ]
    assert len(compose_summary(told, 8, 2, 0.0).lines) == 8


def test_before_anybody_comes_all_services_take_turns() -> None:
    told = board(halls.snapshot(services=idle()))
    seen = [numbers(compose_summary(told, 5, 2, page * PAGE_SECONDS)) for page in range(2)]
    assert [len(page) for page in seen] == [4, 4]
    assert {name for page in seen for name in page} == set(halls.NAMES.values())


def test_only_the_services_of_its_zone_are_shown() -> None:
    shown = compose_summary(board(halls.busy(9), ["ho-tich", "ket-qua"]), 5, 2, 0.0)
    assert list(numbers(shown)) == ["Hộ tịch", "Nhận kết quả"]
