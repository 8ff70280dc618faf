"""The desk with a real server behind it: who may do what, and nothing twice."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from protocol.client import new_request_id
from protocol.commands import CloseCounter, GetTicket
from protocol.pins import LockOut
from protocol.replies import CounterStatus, TicketReply
from tests.web.running import PIN, RunningHall


def sign_in(desk: httpx.Client, operator: str = "012", counter: str = "q2", pin: str = PIN) -> httpx.Response:
    return desk.post("/desk/sign-in", data={"operator": operator, "pin": pin, "counter": counter})


def order(desk: httpx.Client, deed: str, *, request_id: str = "", **fields: Any) -> dict[str, Any]:
    body = {"request_id": request_id or new_request_id(), "do": deed, **fields}
    answer = desk.post("/desk/command", json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


@pytest.fixture
def desk(running: RunningHall) -> Iterator[httpx.Client]:
    """An operator signed in at counter q2."""
    with running.visitor() as found:
        assert sign_in(found).headers["location"] == "/desk"
        yield found


def counter(running: RunningHall, counter_id: str) -> CounterStatus:
    return next(one for one in running.snapshot().counters if one.counter_id == counter_id)


def test_signing_in_opens_the_counter_and_sets_a_strict_cookie(running: RunningHall) -> None:
    with running.visitor() as desk:
        cookie = sign_in(desk).headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/desk" in cookie
        assert counter(running, "q2").operator_id == "012"
        assert "012 · Cán bộ thử" in desk.get("/desk").text


def test_a_wrong_pin_opens_nothing_and_gets_slow(running: RunningHall) -> None:
    with running.visitor() as desk:
        for _ in range(LockOut.FREE):
            answer = sign_in(desk, operator="056", pin="0000")
            assert answer.status_code == 403
            assert "không đúng" in answer.text
        locked = sign_in(desk, operator="056")
        assert locked.status_code == 403
        assert "Nhập sai nhiều lần" in locked.text
        assert sign_in(desk, operator="034", counter="q1").status_code == 303
    assert not counter(running, "q2").open


def test_a_counter_that_a_colleague_has_is_refused_in_words(running: RunningHall) -> None:
    running.open("q2", "034")
    with running.visitor() as desk:
        assert "Cán bộ 034 đang làm việc" in desk.get("/desk/sign-in").text
        answer = sign_in(desk)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        assert 'class="notice"' in answer.text


def test_without_a_session_there_is_no_state_and_no_command(running: RunningHall) -> None:
    with running.visitor() as desk:
        assert desk.get("/desk").headers["location"] == "/desk/sign-in"
        assert desk.get("/desk/state").status_code == 401
        assert desk.get("/desk/events").status_code == 401
        assert desk.post("/desk/command", json={}).status_code == 401


def test_a_forged_cookie_is_no_session(running: RunningHall, desk: httpx.Client) -> None:
    value = desk.cookies["motcua_desk"]
    with running.visitor() as other:
        other.cookies.set("motcua_desk", value[:-2] + ("aa" if value[-2:] != "aa" else "bb"), path="/desk")
        assert other.get("/desk/state").status_code == 401


def test_a_whole_ticket(running: RunningHall, desk: httpx.Client) -> None:
    ticket = running.issue(class_id="elderly").ticket
    state = order(desk, "call_next")["state"]
    assert (state["phase"], state["ticket"]["number"]) == ("called", ticket.number)
    assert state["ticket"]["signs"] == [{"kind": "class", "sign": "CT", "name": "Người cao tuổi"}]
    assert order(desk, "recall_ticket", ticket_id=ticket.ticket_id)["state"]["ticket"]["recalls"] == "1/5 lần"
    assert order(desk, "start_serving", ticket_id=ticket.ticket_id)["state"]["phase"] == "serving"
    assert order(desk, "finish_ticket", ticket_id=ticket.ticket_id)["state"]["phase"] == "idle"
    nobody = order(desk, "call_next")
    assert (nobody["refusal"], nobody["said"]) == ("", "Không có số đang chờ cho quầy này.")


def test_one_press_sent_twice_has_one_effect(running: RunningHall, desk: httpx.Client) -> None:
    number = running.issue().ticket.number
    running.issue()
    press = new_request_id()
    first = order(desk, "call_next", request_id=press)["state"]
    seq = running.snapshot().seq
    again = order(desk, "call_next", request_id=press)["state"]
    assert again["ticket"]["number"] == first["ticket"]["number"] == number
    assert running.snapshot().seq == seq


def test_a_cancel_sent_twice_is_not_refused_the_second_time(running: RunningHall, desk: httpx.Client) -> None:
    ticket = running.issue().ticket
    order(desk, "call_next")
    press = new_request_id()
    for _ in range(2):
        answer = order(desk, "cancel_ticket", ticket_id=ticket.ticket_id, request_id=press)
        assert (answer["refusal"], answer["state"]["phase"]) == ("", "idle")


def test_a_stale_page_gets_the_refusal_in_words_and_the_true_state(running: RunningHall, desk: httpx.Client) -> None:
    ticket = running.issue().ticket
    order(desk, "call_next")
    running.no_show("q2", ticket.ticket_id)
    answer = order(desk, "start_serving", ticket_id=ticket.ticket_id)
    assert answer["refusal"]
    assert answer["refusal"] != "wrong_state"
    assert answer["state"]["phase"] == "idle"


def test_the_browser_cannot_choose_another_counter(running: RunningHall, desk: httpx.Client) -> None:
    running.open("q1", "034")
    running.issue()
    body = {"request_id": "choose-a-counter", "do": "call_next", "counter_id": "q1"}
    assert desk.post("/desk/command", json=body).status_code == 400
    assert counter(running, "q1").ticket is None


def test_a_colleagues_ticket_cannot_be_cancelled(running: RunningHall, desk: httpx.Client) -> None:
    running.open("q1", "034")
    ticket = running.issue().ticket
    running.call_next("q1")
    assert order(desk, "cancel_ticket", ticket_id=ticket.ticket_id)["refusal"]
    reply = running.admin.call(GetTicket(ticket_id=ticket.ticket_id))
    assert isinstance(reply, TicketReply)
    assert reply.ticket.state == "called"


def test_an_old_session_cannot_act_once_a_colleague_has_the_counter(running: RunningHall, desk: httpx.Client) -> None:
    stolen = dict(desk.cookies)
    running.desk.call(CloseCounter("q2"))
    running.open("q2", "034")
    running.issue()
    with running.visitor() as thief:
        thief.cookies.update(stolen)
        answer = order(thief, "call_next")
        assert answer["refusal"]
        assert answer["state"]["phase"] == "closed"
        thief.post("/desk/sign-out")
    assert counter(running, "q2").ticket is None
    assert counter(running, "q2").operator_id == "034"


def test_who_copied_a_cookie_is_signed_out_with_its_owner(running: RunningHall, desk: httpx.Client) -> None:
    stolen = dict(desk.cookies)
    desk.post("/desk/sign-out")
    with running.visitor() as thief:
        thief.cookies.update(stolen)
        assert thief.get("/desk/state").status_code == 401
        assert thief.get("/desk").headers["location"] == "/desk/sign-in"


def test_commands_need_the_pages_own_origin(running: RunningHall, desk: httpx.Client) -> None:
    running.issue()
    body = {"request_id": "from-elsewhere", "do": "call_next"}
    for origin in ("http://evil.example", "null"):
        assert desk.post("/desk/command", json=body, headers={"Origin": origin}).status_code == 403
    assert counter(running, "q2").ticket is None


def test_a_get_never_changes_anything(running: RunningHall, desk: httpx.Client) -> None:
    before = running.snapshot().seq
    assert desk.get("/desk/command").status_code == 405
    assert desk.get("/desk/sign-out").status_code == 405
    for path in ("/desk", "/desk/state", "/desk/sign-in"):
        desk.get(path)
    assert running.snapshot().seq == before


def test_signing_out_closes_the_counter_but_never_leaves_a_called_citizen(
    running: RunningHall, desk: httpx.Client
) -> None:
    running.issue()
    state = order(desk, "call_next")["state"]
    assert desk.post("/desk/sign-out").status_code == 409
    assert counter(running, "q2").open
    order(desk, "mark_no_show", ticket_id=state["ticket"]["ticket_id"])
    assert desk.post("/desk/sign-out").headers["location"] == "/desk/sign-in"
    assert not counter(running, "q2").open
    assert desk.get("/desk/state").status_code == 401


def test_signing_in_again_after_a_lost_cookie_continues_at_the_counter(
    running: RunningHall, desk: httpx.Client
) -> None:
    number = running.issue().ticket.number
    order(desk, "call_next")
    with running.visitor() as again:
        assert sign_in(again).status_code == 303
        assert again.get("/desk/state").json()["ticket"]["number"] == number


def test_a_restarted_web_process_keeps_the_session(fresh: RunningHall) -> None:
    with fresh.visitor() as desk:
        sign_in(desk)
        fresh.web.terminate()
        assert fresh.web.wait() == 0
        fresh.web = fresh.start_web()
        fresh.wait_until_online()
        assert desk.get("/desk/state").json()["phase"] == "idle"


def test_a_body_that_is_too_large_is_refused(running: RunningHall, desk: httpx.Client) -> None:
    assert desk.post("/desk/command", content=b"x" * 20_000).status_code == 413


def test_names_of_services_are_only_text(running: RunningHall, desk: httpx.Client) -> None:
    token = running.issue("trap").token
    assert "<img src=x" not in desk.get(f"/t/{token}").text
    assert "&lt;img src=x" in desk.get(f"/t/{token}").text


def test_browsers_keep_scripts_only_under_their_own_version(running: RunningHall, desk: httpx.Client) -> None:
    found = re.search(r'src="(/desk/scripts/\w+/main\.js)"', desk.get("/desk").text)
    assert found is not None
    script = desk.get(found[1])
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]
    assert desk.get("/desk/scripts/0123456789ab/main.js").headers["cache-control"] == "no-store"
    assert desk.get("/desk/scripts/0123456789ab/routes.py").status_code == 404


def test_a_slip_is_for_staff_and_for_come_backs_only(running: RunningHall, desk: httpx.Client) -> None:
    plain = running.issue()
    assert desk.get(f"/desk/slip/{plain.token}").status_code == 404
    assert desk.get("/desk/slip/nonsense/qr.svg").status_code == 404
    order(desk, "call_next")
    order(desk, "start_serving", ticket_id=plain.ticket.ticket_id)
    papers = ["Giấy chứng sinh <b>bản gốc</b>"]
    given = order(desk, "grant_come_back", ticket_id=plain.ticket.ticket_id, papers=papers, hours=24)
    assert "Giấy chứng sinh &lt;b&gt;bản gốc&lt;/b&gt;" in desk.get(given["slip"]).text
    assert desk.get(f"{given['slip']}/qr.svg").headers["content-type"].startswith("image/svg+xml")
    with running.visitor() as stranger:
        assert stranger.get(given["slip"]).headers["location"] == "/desk/sign-in"
        assert stranger.get(f"{given['slip']}/qr.svg").status_code == 403


def test_an_undo_sent_twice_is_done_once(running: RunningHall, desk: httpx.Client) -> None:
    ticket = running.issue().ticket
    undo = order(desk, "call_next")["state"]["undo"]
    assert undo["text"] == f"gọi số {ticket.number}"
    press = new_request_id()
    for _ in range(2):
        answer = order(desk, "undo_action", action_seq=undo["action_seq"], request_id=press)
        assert (answer["refusal"], answer["state"]["phase"]) == ("", "idle")
    assert order(desk, "undo_action", action_seq=undo["action_seq"])["code"] == "undo_impossible"
