"""What the supervisor does arrives at the hall, once, and only if it is his to do."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from protocol.client import HallClient, new_request_id
from protocol.commands import (
    CancelTicket,
    IssueTicket,
    RaiseAlarm,
)
from protocol.errors import KioskSuspended, Refusal
from protocol.words import Issuing, TicketState
from tests.web.running import RunningHall
from tests.web.supervisor_halls import (
    LEADER,
    OPERATOR,
    act,
    counter_status,
    enrolled_kiosk,
    issuing,
    overview,
    part,
    refused,
    state_of,
)


def test_a_service_is_suspended_with_its_reason_and_reopened(running: RunningHall, leading: httpx.Client) -> None:
    assert refused(act(leading, "suspend_service", service_id="ho-tich", reason="Họp đột xuất")) == ""
    assert issuing(running) is Issuing.SUSPENDED
    assert "Họp đột xuất" in part(leading, "services")
    with pytest.raises(Refusal):
        running.issue()
    assert refused(act(leading, "reopen_service", service_id="ho-tich")) == ""
    assert issuing(running) is Issuing.OPEN


def test_a_form_sent_twice_has_one_effect(running: RunningHall, leading: httpx.Client) -> None:
    press = new_request_id()
    act(leading, "suspend_service", press, service_id="ho-tich")
    seq = overview(running).seq
    assert refused(act(leading, "suspend_service", press, service_id="ho-tich")) == ""
    assert overview(running).seq == seq


def test_a_counter_passes_to_another_person_with_its_ticket(running: RunningHall, leading: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.open("q1", OPERATOR)
    running.call_next("q1")
    assert refused(act(leading, "take_over_counter", counter_id="q1", new_operator_id="034")) == ""
    status = counter_status(running, "q1")
    assert status.operator_id == "034"
    assert status.ticket is not None
    assert status.ticket.ticket_id == ticket.ticket_id


def test_who_sits_elsewhere_cannot_be_put_at_a_counter(running: RunningHall, leading: httpx.Client) -> None:
    running.open("q1", OPERATOR)
    running.open("q2", "034")
    assert "quầy q2" in refused(act(leading, "take_over_counter", counter_id="q1", new_operator_id="034"))
    assert counter_status(running, "q1").operator_id == OPERATOR
    form = leading.get("/supervisor/ask/counter?counter_id=q1").text
    assert '<option value="034" disabled>' in form


def test_a_take_over_without_a_person_does_not_clear_the_counter(running: RunningHall, leading: httpx.Client) -> None:
    running.open("q1", OPERATOR)
    assert act(leading, "take_over_counter", counter_id="q1").status_code == 400
    assert counter_status(running, "q1").open


def test_clearing_a_counter_sends_its_ticket_back(running: RunningHall, leading: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.open("q1", OPERATOR)
    running.call_next("q1")
    assert refused(act(leading, "clear_counter", counter_id="q1")) == ""
    assert not counter_status(running, "q1").open
    assert state_of(running, ticket.ticket_id) is TicketState.WAITING


def test_a_counters_services_change_for_today_and_back(running: RunningHall, leading: httpx.Client) -> None:
    fields: dict[str, Any] = {"counter_id": "q2", "service_ids": ["trap"], "takes": "priority"}
    assert refused(act(leading, "assign_services", **fields)) == ""
    assert (counter_status(running, "q2").service_ids, counter_status(running, "q2").takes) == (["trap"], "priority")
    assert refused(act(leading, "assign_services", counter_id="q2", service_ids=["ho-tich", "trap"], takes="all")) == ""
    assert (counter_status(running, "q2").service_ids, counter_status(running, "q2").takes) == ([], "all")


def test_a_number_is_moved_cancelled_and_restored(running: RunningHall, leading: httpx.Client) -> None:
    ticket = running.issue().ticket
    move: dict[str, Any] = {
        "ticket_id": ticket.ticket_id,
        "to_counter_id": "q2",
        "class_id": "elderly",
        "note": "Người nhà đi cùng",
    }
    assert refused(act(leading, "move_ticket", **move)) == ""
    moved = next(one for one in overview(running).tickets if one.ticket_id == ticket.ticket_id)
    assert (moved.to_counter_id, moved.class_id) == ("q2", "elderly")
    card = leading.get(f"/supervisor/ask/ticket?number={ticket.number.lower()}").text
    assert "Người nhà đi cùng" in card
    assert refused(act(leading, "cancel_ticket", ticket_id=ticket.ticket_id, reason="Trùng số")) == ""
    assert state_of(running, ticket.ticket_id) is TicketState.CANCELLED
    assert refused(act(leading, "restore_ticket", ticket_id=ticket.ticket_id)) == ""
    assert state_of(running, ticket.ticket_id) is TicketState.WAITING


def test_a_stale_form_gets_its_refusal_in_words(running: RunningHall, leading: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.admin.call(CancelTicket(ticket_id=ticket.ticket_id))
    said = refused(act(leading, "move_ticket", ticket_id=ticket.ticket_id, to_counter_id="q2"))
    assert said
    assert "wrong_state" not in said
    assert 'data-do="restore_ticket"' in leading.get(f"/supervisor/ask/ticket?ticket_id={ticket.ticket_id}").text


def test_help_is_answered_from_the_alert(running: RunningHall, leading: httpx.Client) -> None:
    running.open("q1", OPERATOR)
    running.desk.call(RaiseAlarm("q1"))
    assert "Quầy 1 báo khẩn cấp!" in part(leading, "alerts")
    assert refused(act(leading, "answer_alarm", counter_id="q1", alarm_counter_id="q1")) == ""
    assert counter_status(running, "q1").alarm_at is None
    assert refused(act(leading, "answer_alarm", counter_id="q1", alarm_counter_id="q1"))


def test_a_message_reaches_the_chosen_counters_alone(running: RunningHall, leading: httpx.Client) -> None:
    assert refused(act(leading, "send_message", text="Mời họp lúc 11:30", counter_ids=["q1"])) == ""
    assert [one.text for one in running.desk_of("q1").messages][:1] == ["Mời họp lúc 11:30"]
    assert "Mời họp lúc 11:30" not in [one.text for one in running.desk_of("q2").messages]


def test_forecasts_reckon_with_another_number_of_counters_until_told_otherwise(
    running: RunningHall, leading: httpx.Client
) -> None:
    assert refused(act(leading, "set_counter_count", count="2")) == ""
    assert overview(running).counter_count == 2
    assert act(leading, "set_counter_count", count="").status_code == 400
    assert act(leading, "set_counter_count", count="two").status_code == 400
    assert refused(act(leading, "clear_counter_count")) == ""
    assert overview(running).counter_count is None


@pytest.fixture
def kiosk(running: RunningHall) -> Iterator[HallClient]:
    """A kiosk of the hall."""
    found = enrolled_kiosk(running)
    yield found
    found.close()


def test_a_kiosk_is_taken_out_of_use_and_back(running: RunningHall, leading: httpx.Client, kiosk: HallClient) -> None:
    device_id = overview(running).devices[-1].device_id
    assert refused(act(leading, "suspend_kiosk", device_id=device_id, reason="Sửa máy")) == ""
    assert (overview(running).devices[-1].suspended, overview(running).devices[-1].reason) == (True, "Sửa máy")
    with pytest.raises(KioskSuspended):
        kiosk.call(IssueTicket("ho-tich"))
    assert f"Máy lấy số {device_id} đang tạm ngừng. Lý do: Sửa máy." in part(leading, "alerts")
    assert refused(act(leading, "reopen_kiosk", device_id=device_id)) == ""
    assert kiosk.call(IssueTicket("ho-tich"))


def test_only_kiosks_can_be_taken_out_of_use(leading: httpx.Client) -> None:
    assert refused(act(leading, "suspend_kiosk", device_id="desk")) == "Không có thiết bị mang tên này."
    assert 'data-do="suspend_kiosk"' not in leading.get("/supervisor/ask/device?device_id=desk").text


def test_an_appointment_gives_a_slip_with_a_qr(running: RunningHall, leading: httpx.Client) -> None:
    tomorrow = (dt.datetime.now(dt.timezone(dt.timedelta(hours=7))) + dt.timedelta(days=1)).date().isoformat()
    answer = act(
        leading, "book_appointment", service_id="ho-tich", day=tomorrow, time="09:05", class_id="ordinary"
    ).json()
    assert answer["refusal"] == ""
    booked = leading.get(f"/supervisor/ask/{answer['ask']}").text
    assert "09:05" in booked
    token = answer["ask"].partition("=")[2]
    slip = leading.get(f"/supervisor/slips/{token}").text
    assert "09:05" in slip
    assert "Hộ tịch, chứng thực" in slip
    assert leading.get(f"/supervisor/slips/{token}/qr.svg").text.startswith("<?xml")
    assert leading.get("/supervisor/slips/nobody").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "rate_ticket"},
        {"do": "suspend_service", "service_id": ""},
        {"do": "book_appointment", "service_id": "ho-tich", "day": "soon", "time": "09:00"},
        {"do": "cancel_ticket", "ticket_id": "A001"},
        {"do": "assign_services", "counter_id": "q1", "takes": "nobody"},
        {"do": "suspend_service", "service_id": "ho-tich", "request_id": "short"},
    ],
)
def test_what_is_no_order_changes_nothing(running: RunningHall, leading: httpx.Client, fields: dict[str, str]) -> None:
    seq = overview(running).seq
    answer = act(leading, **fields)
    assert answer.status_code == 400
    assert "Chưa đủ thông tin" in refused(answer)
    assert overview(running).seq == seq


def test_a_browser_cannot_act_as_another_person_or_counter(running: RunningHall, leading: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.open("q1", OPERATOR)
    act(leading, "cancel_ticket", ticket_id=ticket.ticket_id, operator_id="099", counter_id="q1", token="x")
    assert state_of(running, ticket.ticket_id) is TicketState.CANCELLED
    assert f"{LEADER})" in leading.get("/supervisor/journal").text


def test_commands_need_the_pages_own_origin_and_a_post(running: RunningHall, leading: httpx.Client) -> None:
    seq = overview(running).seq
    body = {"do": "suspend_service", "request_id": "from-elsewhere", "service_id": "ho-tich"}
    for origin in ("http://evil.example", "null"):
        assert leading.post("/supervisor/command", data=body, headers={"Origin": origin}).status_code == 403
    assert leading.get("/supervisor/command").status_code == 405
    assert overview(running).seq == seq
