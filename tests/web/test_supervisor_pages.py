"""The supervisor's page with a real server behind it: who may look, who may act, and what arrives at the hall."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from protocol.client import HallClient, new_request_id
from protocol.commands import (
    CancelTicket,
    GetTicket,
    IssueTicket,
    RaiseAlarm,
    ReopenService,
    SuspendService,
)
from protocol.errors import KioskSuspended, NotPermitted, Refusal
from protocol.replies import CounterStatus, TicketReply
from protocol.words import Issuing, TicketState
from tests.web.running import RunningHall
from tests.web.small_hall import TRAP
from tests.web.supervisor_halls import (
    AUDITOR,
    LEADER,
    OPERATOR,
    act,
    client,
    enrolled_kiosk,
    overview,
    refused,
    sign_in,
)
from web.desk.pins import LockOut


@pytest.fixture
def page(running: RunningHall) -> Iterator[httpx.Client]:
    """A supervisor who is signed in."""
    with client(running) as found:
        assert sign_in(found).headers["location"] == "/supervisor"
        yield found
    running.desk.call(ReopenService(LEADER, "ho-tich"))


@pytest.fixture
def auditor(running: RunningHall) -> Iterator[httpx.Client]:
    """An auditor who is signed in."""
    with client(running) as found:
        assert sign_in(found, AUDITOR).status_code == 303
        yield found


def counter(running: RunningHall, counter_id: str) -> CounterStatus:
    return next(one for one in overview(running).counters if one.counter_id == counter_id)


def state_of(running: RunningHall, ticket_id: int) -> TicketState:
    reply = running.admin.call(GetTicket(ticket_id=ticket_id))
    assert isinstance(reply, TicketReply)
    return reply.ticket.state


def issuing(running: RunningHall) -> Issuing:
    return next(one.status.issuing for one in overview(running).services if one.status.service_id == "ho-tich")


def rate(running: RunningHall, token: str) -> None:
    answer = httpx.post(
        f"{running.url}/t/{token}/rate",
        data={"score": "5", "request_id": new_request_id()},
        headers={"Origin": running.url},
    )
    assert answer.status_code == 303


def part(page: httpx.Client, name: str) -> str:
    return str(page.get("/supervisor/state").json()["parts"][name])


# ---- who may look ----


def test_signing_in_sets_a_strict_cookie_of_its_own(running: RunningHall) -> None:
    with client(running) as page:
        cookie = sign_in(page).headers["set-cookie"].lower()
        assert cookie.startswith("motcua_supervisor=")
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/supervisor" in cookie
        assert "Trưởng bộ phận" in page.get("/supervisor").text


def test_an_operator_is_not_let_in_with_the_right_pin(running: RunningHall) -> None:
    with client(running) as page:
        answer = sign_in(page, OPERATOR)
        assert answer.status_code == 403
        assert "giám sát, quản trị và kiểm tra viên" in answer.text
        assert page.get("/supervisor").headers["location"] == "/supervisor/sign-in"


def test_a_wrong_pin_gets_slow_here_as_at_the_desk(running: RunningHall) -> None:
    with client(running) as page:
        for _ in range(LockOut.FREE):
            assert sign_in(page, "091", "0000").status_code == 403
        assert "Nhập sai nhiều lần" in sign_in(page, "091").text


def test_without_a_session_nothing_is_told(running: RunningHall) -> None:
    with client(running) as page:
        for path in ("state", "events", "ask/counter?counter_id=q1", "charts/waits.svg"):
            assert page.get(f"/supervisor/{path}").status_code == 401
        for path in ("/supervisor", "/supervisor/journal", "/supervisor/slips/x"):
            assert page.get(path).headers["location"] == "/supervisor/sign-in"
        assert act(page, "suspend_service", service_id="ho-tich").status_code == 401


def test_a_desks_cookie_is_no_supervisors(running: RunningHall) -> None:
    with client(running) as desk:
        desk.post("/desk/sign-in", data={"operator": LEADER, "pin": "2468", "counter": "q3"})
        value = desk.cookies["motcua_desk"]
    with client(running) as page:
        page.cookies.set("motcua_supervisor", value, path="/supervisor")
        assert page.get("/supervisor/state").status_code == 401


def test_signing_out_ends_the_session(page: httpx.Client) -> None:
    assert page.post("/supervisor/sign-out").headers["location"] == "/supervisor/sign-in"
    assert page.get("/supervisor/state").status_code == 401


def test_the_page_shows_counters_services_and_numbers(running: RunningHall, page: httpx.Client) -> None:
    ticket = running.issue(class_id="elderly").ticket
    running.open("q1", OPERATOR)
    shown = page.get("/supervisor").text
    for said in ("Quầy 1", "Cán bộ thử (012)", "Hộ tịch, chứng thực", ticket.number, "Rảnh"):
        assert said in shown


def test_names_are_only_text(running: RunningHall, page: httpx.Client) -> None:
    running.issue("trap")
    running.desk.call(SuspendService(LEADER, "trap", TRAP[:200]))
    for path in ("/supervisor", "/supervisor/ask/service?service_id=trap", "/supervisor/journal"):
        shown = page.get(path).text
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown
    running.desk.call(ReopenService(LEADER, "trap"))


# ---- acting ----


def test_a_service_is_suspended_with_its_reason_and_reopened(running: RunningHall, page: httpx.Client) -> None:
    assert refused(act(page, "suspend_service", service_id="ho-tich", reason="Họp đột xuất")) == ""
    assert issuing(running) is Issuing.SUSPENDED
    assert "Họp đột xuất" in part(page, "services")
    with pytest.raises(Refusal):
        running.issue()
    assert refused(act(page, "reopen_service", service_id="ho-tich")) == ""
    assert issuing(running) is Issuing.OPEN


def test_a_form_sent_twice_has_one_effect(running: RunningHall, page: httpx.Client) -> None:
    press = new_request_id()
    act(page, "suspend_service", press, service_id="ho-tich")
    seq = overview(running).seq
    assert refused(act(page, "suspend_service", press, service_id="ho-tich")) == ""
    assert overview(running).seq == seq


def test_a_counter_passes_to_another_person_with_its_ticket(running: RunningHall, page: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.open("q1", OPERATOR)
    running.call_next("q1")
    assert refused(act(page, "take_over_counter", counter_id="q1", new_operator_id="034")) == ""
    status = counter(running, "q1")
    assert status.operator_id == "034"
    assert status.ticket is not None
    assert status.ticket.ticket_id == ticket.ticket_id


def test_who_sits_elsewhere_cannot_be_put_at_a_counter(running: RunningHall, page: httpx.Client) -> None:
    running.open("q1", OPERATOR)
    running.open("q2", "034")
    assert "quầy q2" in refused(act(page, "take_over_counter", counter_id="q1", new_operator_id="034"))
    assert counter(running, "q1").operator_id == OPERATOR
    form = page.get("/supervisor/ask/counter?counter_id=q1").text
    assert '<option value="034" disabled>' in form


def test_a_take_over_without_a_person_does_not_clear_the_counter(running: RunningHall, page: httpx.Client) -> None:
    running.open("q1", OPERATOR)
    assert act(page, "take_over_counter", counter_id="q1").status_code == 400
    assert counter(running, "q1").open


def test_clearing_a_counter_sends_its_ticket_back(running: RunningHall, page: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.open("q1", OPERATOR)
    running.call_next("q1")
    assert refused(act(page, "clear_counter", counter_id="q1")) == ""
    assert not counter(running, "q1").open
    assert state_of(running, ticket.ticket_id) is TicketState.WAITING


def test_a_counters_services_change_for_today_and_back(running: RunningHall, page: httpx.Client) -> None:
    fields: dict[str, Any] = {"counter_id": "q2", "service_ids": ["trap"], "takes": "priority"}
    assert refused(act(page, "assign_services", **fields)) == ""
    assert (counter(running, "q2").service_ids, counter(running, "q2").takes) == (["trap"], "priority")
    assert refused(act(page, "assign_services", counter_id="q2", service_ids=["ho-tich", "trap"], takes="all")) == ""
    assert (counter(running, "q2").service_ids, counter(running, "q2").takes) == ([], "all")


def test_a_number_is_moved_cancelled_and_restored(running: RunningHall, page: httpx.Client) -> None:
    ticket = running.issue().ticket
    move: dict[str, Any] = {
        "ticket_id": ticket.ticket_id,
        "to_counter_id": "q2",
        "class_id": "elderly",
        "note": "Người nhà đi cùng",
    }
    assert refused(act(page, "move_ticket", **move)) == ""
    moved = next(one for one in overview(running).tickets if one.ticket_id == ticket.ticket_id)
    assert (moved.to_counter_id, moved.class_id) == ("q2", "elderly")
    card = page.get(f"/supervisor/ask/ticket?number={ticket.number.lower()}").text
    assert "Người nhà đi cùng" in card
    assert refused(act(page, "cancel_ticket", ticket_id=ticket.ticket_id, reason="Trùng số")) == ""
    assert state_of(running, ticket.ticket_id) is TicketState.CANCELLED
    assert refused(act(page, "restore_ticket", ticket_id=ticket.ticket_id)) == ""
    assert state_of(running, ticket.ticket_id) is TicketState.WAITING


def test_a_stale_form_gets_its_refusal_in_words(running: RunningHall, page: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.admin.call(CancelTicket(ticket_id=ticket.ticket_id))
    said = refused(act(page, "move_ticket", ticket_id=ticket.ticket_id, to_counter_id="q2"))
    assert said
    assert "wrong_state" not in said
    assert 'data-do="restore_ticket"' in page.get(f"/supervisor/ask/ticket?ticket_id={ticket.ticket_id}").text


def test_help_is_answered_from_the_alert(running: RunningHall, page: httpx.Client) -> None:
    running.open("q1", OPERATOR)
    running.desk.call(RaiseAlarm("q1"))
    assert "Quầy 1 báo khẩn cấp!" in part(page, "alerts")
    assert refused(act(page, "answer_alarm", counter_id="q1", alarm_counter_id="q1")) == ""
    assert counter(running, "q1").alarm_at is None
    assert refused(act(page, "answer_alarm", counter_id="q1", alarm_counter_id="q1"))


def test_a_message_reaches_the_chosen_counters_alone(running: RunningHall, page: httpx.Client) -> None:
    assert refused(act(page, "send_message", text="Mời họp lúc 11:30", counter_ids=["q1"])) == ""
    assert [one.text for one in running.desk_of("q1").messages][:1] == ["Mời họp lúc 11:30"]
    assert "Mời họp lúc 11:30" not in [one.text for one in running.desk_of("q2").messages]


def test_forecasts_reckon_with_another_number_of_counters_until_told_otherwise(
    running: RunningHall, page: httpx.Client
) -> None:
    assert refused(act(page, "set_counter_count", count="2")) == ""
    assert overview(running).counter_count == 2
    assert act(page, "set_counter_count", count="").status_code == 400
    assert act(page, "set_counter_count", count="two").status_code == 400
    assert refused(act(page, "clear_counter_count")) == ""
    assert overview(running).counter_count is None


@pytest.fixture
def kiosk(running: RunningHall) -> Iterator[HallClient]:
    """A kiosk of the hall."""
    found = enrolled_kiosk(running)
    yield found
    found.close()


def test_a_kiosk_is_taken_out_of_use_and_back(running: RunningHall, page: httpx.Client, kiosk: HallClient) -> None:
    device_id = overview(running).devices[-1].device_id
    assert refused(act(page, "suspend_kiosk", device_id=device_id, reason="Sửa máy")) == ""
    assert (overview(running).devices[-1].suspended, overview(running).devices[-1].reason) == (True, "Sửa máy")
    with pytest.raises(KioskSuspended):
        kiosk.call(IssueTicket("ho-tich"))
    assert f"Máy lấy số {device_id} đang tạm ngừng. Lý do: Sửa máy." in part(page, "alerts")
    assert refused(act(page, "reopen_kiosk", device_id=device_id)) == ""
    assert kiosk.call(IssueTicket("ho-tich"))


def test_only_kiosks_can_be_taken_out_of_use(page: httpx.Client) -> None:
    assert refused(act(page, "suspend_kiosk", device_id="desk")) == "Không có thiết bị mang tên này."
    assert 'data-do="suspend_kiosk"' not in page.get("/supervisor/ask/device?device_id=desk").text


def test_an_appointment_gives_a_slip_with_a_qr(running: RunningHall, page: httpx.Client) -> None:
    tomorrow = (dt.datetime.now(dt.timezone(dt.timedelta(hours=7))) + dt.timedelta(days=1)).date().isoformat()
    answer = act(page, "book_appointment", service_id="ho-tich", day=tomorrow, time="09:05", class_id="ordinary").json()
    assert answer["refusal"] == ""
    booked = page.get(f"/supervisor/ask/{answer['ask']}").text
    assert "09:05" in booked
    token = answer["ask"].partition("=")[2]
    slip = page.get(f"/supervisor/slips/{token}").text
    assert "09:05" in slip
    assert "Hộ tịch, chứng thực" in slip
    assert page.get(f"/supervisor/slips/{token}/qr.svg").text.startswith("<?xml")
    assert page.get("/supervisor/slips/nobody").status_code == 404


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
def test_what_is_no_order_changes_nothing(running: RunningHall, page: httpx.Client, fields: dict[str, str]) -> None:
    seq = overview(running).seq
    answer = act(page, **fields)
    assert answer.status_code == 400
    assert "Chưa đủ thông tin" in refused(answer)
    assert overview(running).seq == seq


def test_a_browser_cannot_act_as_another_person_or_counter(running: RunningHall, page: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.open("q1", OPERATOR)
    act(page, "cancel_ticket", ticket_id=ticket.ticket_id, operator_id="099", counter_id="q1", token="x")
    assert state_of(running, ticket.ticket_id) is TicketState.CANCELLED
    assert f"{LEADER})" in page.get("/supervisor/journal").text


def test_commands_need_the_pages_own_origin_and_a_post(running: RunningHall, page: httpx.Client) -> None:
    seq = overview(running).seq
    body = {"do": "suspend_service", "request_id": "from-elsewhere", "service_id": "ho-tich"}
    for origin in ("http://evil.example", "null"):
        assert page.post("/supervisor/command", data=body, headers={"Origin": origin}).status_code == 403
    assert page.get("/supervisor/command").status_code == 405
    assert overview(running).seq == seq


# ---- who only looks ----


def test_an_auditor_sees_everything_and_no_form(running: RunningHall, auditor: httpx.Client) -> None:
    ticket = running.issue().ticket
    running.open("q1", OPERATOR)
    running.desk.call(RaiseAlarm("q1"))
    running.desk.call(SuspendService(LEADER, "trap"))
    pages = ["/supervisor", "/supervisor/ask/counter?counter_id=q1", "/supervisor/ask/service?service_id=trap"]
    pages += [f"/supervisor/ask/ticket?ticket_id={ticket.ticket_id}", "/supervisor/ask/message"]
    for address in [*pages, "/supervisor/ask/forecast", "/supervisor/ask/appointment", "/supervisor/journal"]:
        answer = auditor.get(address)
        assert answer.status_code == 200
        assert "data-do=" not in answer.text
    running.desk.call(ReopenService(LEADER, "trap"))


def test_an_auditor_is_refused_by_the_page_and_by_the_hall(running: RunningHall, auditor: httpx.Client) -> None:
    seq = overview(running).seq
    answer = act(auditor, "suspend_service", service_id="ho-tich")
    assert (answer.status_code, "không có quyền" in refused(answer)) == (403, True)
    with pytest.raises(NotPermitted):
        running.desk.call(SuspendService(AUDITOR, "ho-tich"))
    assert overview(running).seq == seq


# ---- explaining and reading ----


def test_a_supervisor_reads_why_one_and_not_the_other(running: RunningHall, page: httpx.Client) -> None:
    first = running.issue().ticket
    elderly = running.issue(class_id="elderly").ticket
    running.open("q1", OPERATOR)
    called = running.call_next("q1").ticket
    assert called is not None
    assert called.number == elderly.number
    told = page.get(f"/supervisor/ask/why?number={elderly.number}&other={first.number}").text
    assert f"Vì sao gọi {elderly.number}, không phải {first.number}?" in told
    assert "Ai nhiều điểm hơn được gọi trước." in told
    assert "Người cao tuổi" in told
    english = page.get(f"/supervisor/ask/why?number={elderly.number}&other={first.number}&lang=en").text
    assert "Most points are called first." in english


def test_a_finished_number_is_found_again(running: RunningHall, page: httpx.Client) -> None:
    number = running.issue().ticket.number
    running.open("q2", OPERATOR)
    running.serve_out("q2")
    card = page.get(f"/supervisor/ask/ticket?number={number}").text
    assert "Hoàn thành" in card
    assert "Z999" in page.get("/supervisor/ask/ticket?number=Z999").text


def test_ratings_arrive_in_the_tally_without_telling_a_vote(running: RunningHall, page: httpx.Client) -> None:
    running.open("q2", OPERATOR)
    before = overview(running).satisfaction.ratings
    issued = [running.issue() for _ in range(5)]
    running.serve_out("q2")
    for one in issued:
        rate(running, one.token)
    assert overview(running).satisfaction.ratings == before + 5
    assert "100 %" in part(page, "figures")


def test_the_journal_names_who_where_and_what_and_can_be_narrowed(running: RunningHall, page: httpx.Client) -> None:
    ticket = running.issue().ticket
    other = running.issue().ticket
    running.open("q2", OPERATOR)
    running.call_next("q2")
    act(page, "cancel_ticket", ticket_id=other.ticket_id, reason="Trùng số")
    journal = page.get("/supervisor/journal").text
    assert f"Gọi số {ticket.number} đến Quầy 2 (đúng lượt)." in journal
    assert f"Hủy số {other.number}. Lý do: Trùng số." in journal
    mine = page.get(f"/supervisor/journal?ticket={ticket.number}").text
    assert f"Cấp số {ticket.number}," in mine
    assert other.number not in mine
    led = page.get(f"/supervisor/journal?operator={LEADER}").text
    assert f"Hủy số {other.number}" in led
    assert f"Gọi số {ticket.number}" not in led
    assert "Hôm nay không có số này." in page.get("/supervisor/journal?ticket=Z1").text


def test_the_journal_goes_back_to_the_first_event(running: RunningHall, page: httpx.Client) -> None:
    address, seen = "/supervisor/journal", 0
    while address:
        shown = page.get(address).text
        seen += shown.count("<tr><td")
        found = shown.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = found.replace("&amp;", "&") if 'rel="next"' in shown else ""
    assert seen >= overview(running).seq


def test_the_charts_are_pictures(running: RunningHall, page: httpx.Client) -> None:
    running.issue()
    for chart in ("waits", "flow"):
        answer = page.get(f"/supervisor/charts/{chart}.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
    assert page.get("/supervisor/charts/other.svg").status_code == 404
