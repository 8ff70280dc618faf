"""The supervisor's page with a real server behind it: who may look, what is explained, what is read."""

from collections.abc import Iterator

import httpx
import pytest

from protocol.commands import (
    RaiseAlarm,
    ReopenService,
    SuspendService,
)
from protocol.errors import NotPermitted
from protocol.pins import LockOut
from tests.web.running import RunningHall
from tests.web.small_hall import TRAP
from tests.web.supervisor_halls import AUDITOR, LEADER, OPERATOR, act, overview, part, rate, refused, sign_in


@pytest.fixture
def auditor(running: RunningHall) -> Iterator[httpx.Client]:
    """An auditor who is signed in."""
    with running.visitor() as found:
        assert sign_in(found, AUDITOR).status_code == 303
        yield found


# ---- who may look ----


def test_signing_in_sets_a_strict_cookie_of_its_own(running: RunningHall) -> None:
    with running.visitor() as page:
        cookie = sign_in(page).headers["set-cookie"].lower()
        assert cookie.startswith("motcua_supervisor=")
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/supervisor" in cookie
        assert "Trưởng bộ phận" in page.get("/supervisor").text


def test_an_operator_is_not_let_in_with_the_right_pin(running: RunningHall) -> None:
    with running.visitor() as page:
        answer = sign_in(page, OPERATOR)
        assert answer.status_code == 403
        assert "giám sát, quản trị và kiểm tra viên" in answer.text
        assert page.get("/supervisor").headers["location"] == "/supervisor/sign-in"


def test_a_wrong_pin_gets_slow_here_as_at_the_desk(running: RunningHall) -> None:
    with running.visitor() as page:
        for _ in range(LockOut.FREE):
            assert sign_in(page, "091", "0000").status_code == 403
        assert "Nhập sai nhiều lần" in sign_in(page, "091").text


def test_without_a_session_nothing_is_told(running: RunningHall) -> None:
    with running.visitor() as page:
        for path in ("state", "events", "ask/counter?counter_id=q1", "charts/waits.svg"):
            assert page.get(f"/supervisor/{path}").status_code == 401
        for path in ("/supervisor", "/supervisor/journal", "/supervisor/slips/x"):
            assert page.get(path).headers["location"] == "/supervisor/sign-in"
        assert act(page, "suspend_service", service_id="ho-tich").status_code == 401


def test_a_desks_cookie_is_no_supervisors(running: RunningHall) -> None:
    with running.visitor() as desk:
        desk.post("/desk/sign-in", data={"operator": LEADER, "pin": "2468", "counter": "q3"})
        value = desk.cookies["motcua_desk"]
    with running.visitor() as page:
        page.cookies.set("motcua_supervisor", value, path="/supervisor")
        assert page.get("/supervisor/state").status_code == 401


def test_signing_out_ends_the_session(leading: httpx.Client) -> None:
    assert leading.post("/supervisor/sign-out").headers["location"] == "/supervisor/sign-in"
    assert leading.get("/supervisor/state").status_code == 401


def test_the_page_shows_counters_services_and_numbers(running: RunningHall, leading: httpx.Client) -> None:
    ticket = running.issue(class_id="elderly").ticket
    running.open("q1", OPERATOR)
    shown = leading.get("/supervisor").text
    for said in ("Quầy 1", "Cán bộ thử (012)", "Hộ tịch, chứng thực", ticket.number, "Rảnh"):
        assert said in shown


def test_names_are_only_text(running: RunningHall, leading: httpx.Client) -> None:
    running.issue("trap")
    running.desk.call(SuspendService(LEADER, "trap", TRAP[:200]))
    for path in ("/supervisor", "/supervisor/ask/service?service_id=trap", "/supervisor/journal"):
        shown = leading.get(path).text
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown
    running.desk.call(ReopenService(LEADER, "trap"))


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


def test_a_supervisor_reads_why_one_and_not_the_other(running: RunningHall, leading: httpx.Client) -> None:
    first = running.issue().ticket
    elderly = running.issue(class_id="elderly").ticket
    running.open("q1", OPERATOR)
    called = running.call_next("q1").ticket
    assert called is not None
    assert called.number == elderly.number
    told = leading.get(f"/supervisor/ask/why?number={elderly.number}&other={first.number}").text
    assert f"Vì sao gọi {elderly.number}, không phải {first.number}?" in told
    assert "Ai nhiều điểm hơn được gọi trước." in told
    assert "Người cao tuổi" in told
    english = leading.get(f"/supervisor/ask/why?number={elderly.number}&other={first.number}&lang=en").text
    assert "Most points are called first." in english


def test_a_finished_number_is_found_again(running: RunningHall, leading: httpx.Client) -> None:
    number = running.issue().ticket.number
    running.open("q2", OPERATOR)
    running.serve_out("q2")
    card = leading.get(f"/supervisor/ask/ticket?number={number}").text
    assert "Hoàn thành" in card
    assert "Z999" in leading.get("/supervisor/ask/ticket?number=Z999").text


@pytest.mark.parametrize(
    "address",
    [
        f"ask/ticket?ticket_id={9 * 10**30}",
        "ask/ticket?number=" + "9" * 500,
        "ask/why?number=Z1&other=",
        "ask/counter?counter_id=" + "q" * 500,
        "ask/booked?token=",
        f"journal?before={9 * 10**30}",
        "journal?before=-4&counter=nowhere",
    ],
)
def test_nonsense_in_an_address_gets_words_and_no_fault(leading: httpx.Client, address: str) -> None:
    assert leading.get(f"/supervisor/{address}").status_code == 200


def test_ratings_arrive_in_the_tally_without_telling_a_vote(running: RunningHall, leading: httpx.Client) -> None:
    running.open("q2", OPERATOR)
    before = overview(running).satisfaction.ratings
    issued = [running.issue() for _ in range(5)]
    running.serve_out("q2")
    for one in issued:
        rate(running, one.token)
    assert overview(running).satisfaction.ratings == before + 5
    assert "100 %" in part(leading, "figures")


def test_the_journal_names_who_where_and_what_and_can_be_narrowed(running: RunningHall, leading: httpx.Client) -> None:
    ticket = running.issue().ticket
    other = running.issue().ticket
    running.open("q2", OPERATOR)
    running.call_next("q2")
    act(leading, "cancel_ticket", ticket_id=other.ticket_id, reason="Trùng số")
    journal = leading.get("/supervisor/journal").text
    assert f"Gọi số {ticket.number} đến Quầy 2 (đúng lượt)." in journal
    assert f"Hủy số {other.number}. Lý do: Trùng số." in journal
    mine = leading.get(f"/supervisor/journal?ticket={ticket.number}").text
    assert f"Cấp số {ticket.number}," in mine
    assert other.number not in mine
    led = leading.get(f"/supervisor/journal?operator={LEADER}").text
    assert f"Hủy số {other.number}" in led
    assert f"Gọi số {ticket.number}" not in led
    assert "Hôm nay không có số này." in leading.get("/supervisor/journal?ticket=Z1").text


def test_the_journal_goes_back_to_the_first_event(running: RunningHall, leading: httpx.Client) -> None:
    address, seen = "/supervisor/journal", 0
    while address:
        shown = leading.get(address).text
        seen += shown.count("<tr><td")
        found = shown.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = found.replace("&amp;", "&") if 'rel="next"' in shown else ""
    assert seen >= overview(running).seq


def test_the_charts_are_pictures(running: RunningHall, leading: httpx.Client) -> None:
    running.issue()
    for chart in ("waits", "flow"):
        answer = leading.get(f"/supervisor/charts/{chart}.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
    assert leading.get("/supervisor/charts/other.svg").status_code == 404
