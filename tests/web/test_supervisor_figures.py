"""The figures, counters, services and devices of the supervisor's page."""

import datetime as dt
from typing import Any

import pytest

from protocol.replies import CounterStatus, DayTally, Satisfaction
from protocol.words import Issuing, TicketState
from tests.web.sample import AT, ticket
from tests.web.supervisor_halls import NOW, OPERATOR, alert, device, hour, scene, service
from web.supervisor.charts import flow_svg, hour_rows, version, waits_svg
from web.supervisor.counters import tiles
from web.supervisor.devices import device_rows
from web.supervisor.head import Figure, closing, figures
from web.supervisor.scene import percent
from web.supervisor.services import service_rows

CALLED = ticket(TicketState.CALLED, class_id="elderly", called_at=AT + dt.timedelta(minutes=20), counter_id="q1")
SERVING = ticket(TicketState.SERVING, called_at=AT, serving_at=AT + dt.timedelta(minutes=25), counter_id="q1")


def figure(key: str, **fields: Any) -> Figure:
    return next(one for one in figures(scene(**fields)) if one.key == key)


def test_the_longest_wait_names_its_service_and_is_marked_past_the_target() -> None:
    found = figure("longest", services=[service(3, longest_minutes=42.7)])
    assert (found.value, found.more, found.bad) == ("42 phút", "Hộ tịch", True)
    assert not figure("longest", services=[service(3, longest_minutes=12.0)]).bad
    assert figure("longest").value == "–"


def test_the_share_within_target_weighs_services_by_their_calls() -> None:
    both = [service(called=30, within_target=1.0), service(called=10, within_target=0.2)]
    found = figure("within", services=both)
    assert (found.value, found.more, found.bad) == ("80 %", "trong 40 lượt gọi", False)
    assert figure("within").value == "–"


def test_ratings_show_nothing_below_five() -> None:
    few = figure("satisfied", satisfaction=Satisfaction(4, 4, 10))
    assert (few.value, few.more) == ("–", "chưa đủ 5 lượt đánh giá")
    found = figure("satisfied", satisfaction=Satisfaction(20, 19, 40))
    assert (found.value, found.more) == ("95 %", "20 phiếu · phản hồi 50 %")


def test_almost_all_is_not_all() -> None:
    assert [percent(share) for share in (0.0, 0.001, 0.5, 0.999, 1.0)] == ["0 %", "1 %", "50 %", "99 %", "100 %"]


def test_counters_at_work_do_not_count_paused_ones() -> None:
    counters = [
        CounterStatus("q1", open=True, operator_id=OPERATOR),
        CounterStatus("q2", open=True, operator_id="034", paused_reason_id="break"),
    ]
    found = figure("counters", counters=counters, counter_count=5)
    assert (found.value, found.more) == ("1/2", "dự báo tính 5 quầy")


def test_served_people_are_counted_with_those_who_did_not_come() -> None:
    found = figure("served", today=DayTally(issued=9, finished=5, no_shows=2))
    assert (found.value, found.more) == ("5", "9 số đã cấp · 2 vắng mặt")


def test_closing_time_is_told_before_and_after_it() -> None:
    assert closing(scene()) == "Đóng cửa lúc 17:00"
    assert closing(scene(closes_at=NOW - dt.timedelta(minutes=30))) == "Đã đóng cửa lúc 08:30"
    assert closing(scene(closes_at=None)) == "Hôm nay không làm việc"


@pytest.mark.parametrize(
    ("status", "state", "sign", "word"),
    [
        (CounterStatus("q1", open=False), "closed", "–", "đóng"),
        (CounterStatus("q1", open=True, operator_id=OPERATOR), "idle", "○", "Rảnh"),
        (CounterStatus("q1", open=True, operator_id=OPERATOR, ticket=CALLED), "called", "◐", "Đã gọi"),
        (CounterStatus("q1", open=True, operator_id=OPERATOR, ticket=SERVING), "serving", "●", "Đang phục vụ"),
        (
            CounterStatus("q1", open=True, operator_id=OPERATOR, paused_reason_id="break"),
            "paused",
            "‖",
            "Nghỉ giải lao",
        ),
        (
            CounterStatus("q1", open=True, operator_id=OPERATOR, ticket=SERVING, connected=False),
            "lost",
            "✕",
            "Mất kết nối",
        ),
    ],
)
def test_a_counter_has_one_state_with_a_sign_and_a_word(
    status: CounterStatus, state: str, sign: str, word: str
) -> None:
    tile = tiles(scene(counters=[status]))[0]
    assert (tile.state, tile.sign, tile.word) == (state, sign, word)


def test_a_counter_tells_who_holds_which_number_since_when() -> None:
    status = CounterStatus("q1", open=True, operator_id=OPERATOR, ticket=CALLED, since=AT)
    tile = tiles(scene(counters=[status]))[0]
    assert (tile.operator, tile.number, tile.priority, tile.service) == ("Nguyễn Văn An (012)", "A007", "CT", "Hộ tịch")
    assert tile.since == int((AT + dt.timedelta(minutes=20)).timestamp() * 1000)


def test_a_changed_counter_is_marked() -> None:
    status = CounterStatus("q1", open=True, operator_id=OPERATOR, service_ids=["ho-tich"], takes="priority")
    assert tiles(scene(counters=[status]))[0].marks == ("Chỉ số ưu tiên", "Lĩnh vực đã đổi")


def test_every_counter_of_the_hall_is_shown_even_if_the_server_forgot_it() -> None:
    assert [tile.name for tile in tiles(scene(counters=[]))] == ["Quầy 1", "Quầy 12"]


def test_a_service_that_would_end_after_closing_time_says_so() -> None:
    late = service_rows(scene(services=[service(5, last_called_at=NOW + dt.timedelta(hours=8, minutes=10))]))[0]
    assert (late.outlook, late.outlook_text) == ("too_late", "17:10")
    on_time = service_rows(scene(services=[service(5, last_called_at=NOW + dt.timedelta(hours=1))]))[0]
    assert (on_time.outlook, on_time.outlook_text) == ("in_time", "10:00")
    assert service_rows(scene(services=[service(5)]))[0].outlook == "unknown"
    assert service_rows(scene(services=[service(0)]))[0].outlook == "none"


def test_only_services_without_people_or_trouble_may_be_folded_away() -> None:
    assert service_rows(scene(services=[service(0)]))[0].quiet
    assert not service_rows(scene(services=[service(1)]))[0].quiet
    suspended = service_rows(scene(services=[service(0, issuing=Issuing.SUSPENDED, reason="Họp")]))[0]
    assert (suspended.quiet, suspended.issuing_text, suspended.reason) == (False, "Tạm ngừng cấp số", "Họp")


def test_devices_tell_their_trouble_their_silence_and_their_suspension() -> None:
    rows = device_rows(
        scene(
            devices=[
                device(device_id="phone", role="phone", heard_at=None),
                device(device_id="k1", troubles=["paper_out", "new_kind"]),
                device(device_id="k2"),
                device(device_id="k3", heard_at=None),
                device(device_id="k4", suspended=True, troubles=["paper_out"], reason="Sửa máy"),
                device(device_id="admin", role="admin"),
            ],
            alerts=[alert("device_silent", device_id="k3")],
        )
    )
    assert [(row.device_id, row.state) for row in rows] == [
        ("k1", "trouble"),
        ("k2", "well"),
        ("k3", "silent"),
        ("k4", "suspended"),
        ("phone", "used"),
    ]
    assert rows[0].troubles == "hết giấy · new_kind"


def test_the_charts_need_nothing_from_elsewhere_and_change_only_with_their_figures() -> None:
    full = scene(hours=[hour(7), hour(8)])
    for draw in (waits_svg, flow_svg):
        drawn = draw(full).decode()
        assert " src=" not in drawn
        assert "href=" not in drawn
        assert "8h" in drawn
    assert version([hour(7)]) == version([hour(7)])
    assert version([hour(7)]) != version([hour(7, 6)])
    assert hour_rows(full)[0] == ("7:00", "4", "2", "4,5", "12")


def test_a_day_without_numbers_has_charts_that_say_so() -> None:
    assert "Chưa gọi số nào hôm nay" in waits_svg(scene()).decode()
    assert "Chưa có số nào hôm nay" in flow_svg(scene()).decode()
