"""What the desk shows and allows, phase by phase."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from protocol.replies import CounterStatus, DeskReply, HallReply, NoteView, TicketView, Undoable
from protocol.words import Origin, Performed, TicketState
from tests.web.sample import AT, HALL, desk, snapshot, ticket
from web.desk.session import DeskSession
from web.desk.view import counter_choices, desk_state

ME = DeskSession("012", "q1")
CALLED_AT = AT + dt.timedelta(minutes=12)
CALLED = ticket(TicketState.CALLED, called_at=CALLED_AT, announced_at=CALLED_AT, counter_id="q1")
SERVING = ticket(
    TicketState.SERVING, called_at=CALLED_AT, serving_at=CALLED_AT + dt.timedelta(minutes=1), counter_id="q1"
)


def state(reply: DeskReply, language: str = "vi", hall: HallReply = HALL, session: DeskSession = ME) -> dict[str, Any]:
    return desk_state(hall, reply, {}, session, language)


def with_habits(**habits: Any) -> HallReply:
    assert HALL.habits is not None
    return replace(HALL, habits=replace(HALL.habits, **habits))


@pytest.mark.parametrize(
    ("reply", "phase", "main", "some_of_what_can_be_done"),
    [
        (desk(), "idle", "call_next", {"wait_next", "pause_counter", "serve_directly", "resume_ticket"}),
        (desk(status={"asks_next": True}), "asking", "call_next", {"wait_next", "pause_counter"}),
        (desk(status={"paused_reason_id": "break"}), "paused", "continue_counter", {"close_counter", "check_in"}),
        (desk(CALLED), "called", "start_serving", {"recall_ticket", "mark_no_show", "cancel_ticket", "park_ticket"}),
        (desk(SERVING), "serving", "finish_ticket", {"record_services", "grant_come_back", "call_next"}),
        (desk(None, None), "closed", "", set()),
        (desk(CALLED, "034"), "closed", "", set()),
    ],
)
def test_each_phase_has_one_main_deed(
    reply: DeskReply, phase: str, main: str, some_of_what_can_be_done: set[str]
) -> None:
    shown = state(reply)
    assert (shown["phase"], shown["main"]) == (phase, main)
    assert some_of_what_can_be_done <= set(shown["can"])


def test_a_call_that_no_wall_showed_is_to_be_called_aloud_until_its_citizen_is_there() -> None:
    signs = state(desk(replace(CALLED, unseen=True)))["ticket"]["signs"]
    assert [one["name"] for one in signs] == ["Màn hình chưa hiện số này: hãy gọi to"]
    assert state(desk(replace(SERVING, unseen=True)))["ticket"]["signs"] == []


def test_a_paused_counter_says_why() -> None:
    assert state(desk(status={"paused_reason_id": "break"}))["phase_text"] == "Tạm dừng: Nghỉ giải lao"


def test_a_colleagues_desk_shows_only_who_sits_there() -> None:
    shown = state(desk(CALLED, "034", tickets=[ticket()], messages=[NoteView(AT, "Họp lúc 10 giờ")]))
    assert (shown["ticket"], shown["waiting"], shown["messages"], shown["can"]) == (None, [], [], [])
    assert shown["summary"] == "Quầy này đang có Cán bộ 034 làm việc."


@pytest.mark.parametrize(("operator", "may"), [("012", False), ("034", True), ("078", True)])
def test_a_given_number_is_called_by_whom_the_hall_lets(operator: str, may: bool) -> None:
    shown = state(desk(None, operator), session=DeskSession(operator, "q1"))
    assert ("call_ticket" in shown["can"]) is may


def test_next_does_not_finish_where_the_hall_does_not_want_it() -> None:
    assert "call_next" not in state(desk(SERVING), hall=with_habits(next_finishes=False))["can"]


def test_a_called_ticket_tells_how_long_it_waited_and_since_when_it_is_called() -> None:
    shown = state(desk(replace(CALLED, recalls=2)))["ticket"]
    assert (shown["number"], shown["waited"], shown["recalls"]) == ("A007", "12 phút", "2/3 lần")
    assert (shown["since_text"], shown["since"]) == ("Từ lúc gọi", int(AT.timestamp() + 720) * 1000)


def test_a_served_ticket_counts_from_the_start() -> None:
    shown = state(desk(SERVING), "en")["ticket"]
    assert (shown["since_text"], shown["since"]) == ("Serving for", int(AT.timestamp() + 780) * 1000)


def test_a_no_show_waits_for_enough_calls_and_seconds() -> None:
    first = state(desk(CALLED))["holds"]
    assert first["mark_no_show"] == {"at": int(CALLED_AT.timestamp() + 30) * 1000, "why": "Cần gọi thêm 1 lần"}
    assert first["recall_ticket"] == {"at": int(CALLED_AT.timestamp() + 5) * 1000, "why": ""}
    assert state(desk(replace(CALLED, recalls=1)))["holds"]["mark_no_show"]["why"] == ""


def test_after_the_last_recall_the_no_show_is_offered() -> None:
    shown = state(desk(replace(CALLED, recalls=3)))
    assert shown["offer"] == "mark_no_show"
    assert "recall_ticket" not in shown["can"]
    assert shown["holds"]["recall_ticket"]["why"] == "Đã gọi lại đủ số lần"
    assert state(desk(replace(CALLED, recalls=2)))["offer"] == ""


def test_the_proof_of_a_priority_class_is_asked_for_once() -> None:
    claimed = replace(CALLED, class_id="elderly")
    assert state(desk(claimed))["ticket"]["claim"] == {"sign": "CT", "name": "Người cao tuổi", "proof": "Căn cước"}
    assert state(desk(replace(claimed, claim_valid=True)))["ticket"]["claim"] is None
    assert state(desk(CALLED))["ticket"]["claim"] is None


def test_a_result_is_needed_where_the_hall_wants_one() -> None:
    strict = with_habits(result_required=True)
    done = replace(SERVING, performed=[Performed("ho-tich", 2, "received")])
    assert state(desk(SERVING), hall=strict)["needs_result"]
    assert not state(desk(done), hall=strict)["needs_result"]
    assert not state(desk(SERVING))["needs_result"]


def test_services_done_so_far_are_named_with_quantity_and_result() -> None:
    done = replace(SERVING, performed=[Performed("ho-tich", 2, "received")])
    assert state(desk(done))["ticket"]["performed"] == ["Hộ tịch × 2 · Đã tiếp nhận hồ sơ"]


@pytest.mark.parametrize(
    ("fields", "signs"),
    [
        ({"class_id": "elderly"}, [("CT", "Người cao tuổi")]),
        ({"origin": Origin.APPOINTMENT}, [("H", "Đã đặt hẹn")]),
        ({"origin": Origin.COME_BACK}, [("BS", "Quay lại bổ sung")]),
        ({"returned": True}, [("↩", "Trở lại hàng chờ")]),
        ({}, []),
    ],
)
def test_every_sign_has_a_name(fields: dict[str, Any], signs: list[tuple[str, str]]) -> None:
    shown = state(desk(replace(CALLED, **fields)))["ticket"]["signs"]
    assert [(one["sign"], one["name"]) for one in shown] == signs


def test_a_ticket_that_must_go_back_says_where_to() -> None:
    assert state(desk(replace(SERVING, return_to_counter_id="q2")))["ticket"]["goes_back"] == (
        "Xong thì chuyển về Quầy 12"
    )


def test_a_back_office_item_has_no_come_back_slip() -> None:
    assert "grant_come_back" not in state(desk(replace(SERVING, origin=Origin.BACK_OFFICE)))["can"]


def test_notes_name_who_left_them() -> None:
    note = NoteView(AT, "Thiếu giấy chứng sinh", "q2", "012")
    assert state(desk(CALLED, notes=[note]))["notes"] == [
        {"who": "Quầy 12, 012 · Nguyễn Văn An", "text": "Thiếu giấy chứng sinh"}
    ]


def test_the_last_action_is_named_with_how_long_it_can_be_taken_back() -> None:
    until = AT + dt.timedelta(minutes=20, seconds=7)
    undo = state(desk(undoable=Undoable(8, "park_ticket", "A012", until)))["undo"]
    assert undo == {"action_seq": 8, "text": "giữ số A012", "until": int(until.timestamp()) * 1000}
    assert state(desk(undoable=Undoable(8, "dance", "", until)))["undo"]["text"] == "thao tác vừa rồi"


def test_colleagues_alarms_are_shown_and_the_own_one_is_not_raised_twice() -> None:
    shown = state(desk(status={"alarm_at": AT}, alarms=["q1", "q2"]))
    assert shown["alarms"] == [{"counter_id": "q2", "text": "Quầy 12 gọi hỗ trợ khẩn cấp!"}]
    assert shown["own_alarm"]
    assert "raise_alarm" not in shown["can"]


def test_messages_come_with_their_local_time() -> None:
    assert state(desk(messages=[NoteView(AT, "Họp lúc 10 giờ")]))["messages"] == [
        {"id": int(AT.timestamp()) * 1000, "at": "08:30", "text": "Họp lúc 10 giờ"}
    ]


def test_a_hall_that_names_no_habits_leaves_the_word_to_the_server() -> None:
    shown = state(desk(CALLED), hall=replace(HALL, habits=None))
    assert shown["holds"]["mark_no_show"] == {"at": int(CALLED_AT.timestamp()) * 1000, "why": ""}


def test_the_door_tells_which_counters_are_free_taken_or_left_behind() -> None:
    def choices(held: TicketView | None = None, connected: bool = True) -> list[tuple[str, str, str]]:
        seats = snapshot(held)
        seats.counters[0] = CounterStatus("q1", True, "012", held, connected=connected)
        return [(one["id"], one["seat"], one["who"]) for one in counter_choices(HALL, seats, "vi")]

    assert choices() == [("q1", "taken", "Cán bộ 012 đang làm việc"), ("q2", "free", "Đang trống")]
    assert choices(connected=False)[0] == ("q1", "left", "Tiếp nhận quầy: Cán bộ 012 đã mất kết nối")
