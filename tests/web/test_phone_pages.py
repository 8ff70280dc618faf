"""The phone page with a real server behind it."""

import re
from collections.abc import Iterator

import httpx
import pytest

from protocol.commands import GetTicket
from protocol.replies import TicketReply
from tests.web.running import RunningHall
from web.pages import STATIC


@pytest.fixture
def phone(running: RunningHall) -> Iterator[httpx.Client]:
    """A visitor of the hall's pages."""
    with running.visitor() as client:
        yield client


def test_the_page_of_a_waiting_ticket_names_its_number_and_place(running: RunningHall, phone: httpx.Client) -> None:
    running.issue()
    issued = running.issue()
    page = phone.get(f"/t/{issued.token}")
    assert page.status_code == 200
    assert issued.ticket.number in page.text
    for words in ("Còn 1 lượt trước quý khách", "Hộ tịch, chứng thực", "Quầy 1, Quầy 2", "giữ trang này mở"):
        assert words in page.text


def test_the_page_speaks_english_when_asked(running: RunningHall, phone: httpx.Client) -> None:
    page = phone.get(f"/t/{running.issue().token}?lang=en")
    assert "You are next" in page.text
    assert "Civil status, certification" in page.text
    assert '<html lang="en">' in page.text


def test_a_page_without_scripts_renews_itself(running: RunningHall, phone: httpx.Client) -> None:
    assert '<noscript><meta http-equiv="refresh"' in phone.get(f"/t/{running.issue().token}").text


@pytest.mark.parametrize("token", ["x", "x" * 300, "<script>alert(1)</script>", "%00", "..%2f..%2fetc"])
def test_every_forged_token_gets_the_same_page(running: RunningHall, phone: httpx.Client, token: str) -> None:
    known = running.issue().token
    nearly = ("A" if known[0] != "A" else "B") + known[1:]
    page, forged = phone.get(f"/t/{token}"), phone.get(f"/t/{nearly}")
    assert page.status_code == forged.status_code == 404
    assert "Không tìm thấy phiếu" in page.text
    assert without_language_link(page) == without_language_link(forged)


def without_language_link(page: httpx.Response) -> str:
    return re.sub(r'href="[^"]*\?lang=en"', "", page.text)


def test_opening_pages_changes_nothing(running: RunningHall, phone: httpx.Client) -> None:
    token = running.issue().token
    before = running.snapshot().seq
    for path in ("", "/state", "/leave"):
        assert phone.get(f"/t/{token}{path}").status_code == 200
    assert phone.get(f"/t/{token}/rate").status_code == 405
    assert running.snapshot().seq == before


def test_the_number_is_given_back_only_after_a_confirmation(running: RunningHall, phone: httpx.Client) -> None:
    issued = running.issue()
    asked = phone.get(f"/t/{issued.token}/leave")
    assert f"Quý khách muốn trả lại số {issued.ticket.number}?" in asked.text
    left = phone.post(f"/t/{issued.token}/leave", data={"request_id": "0123456789"}, follow_redirects=True)
    assert "Phiếu đã hết hiệu lực" in left.text
    reply = running.admin.call(GetTicket(ticket_id=issued.ticket.ticket_id))
    assert isinstance(reply, TicketReply)
    assert reply.ticket.state == "cancelled"


def test_others_go_first_only_after_a_confirmation_and_once(running: RunningHall, phone: httpx.Client) -> None:
    issued = running.issue()
    assert "/delay" in phone.get(f"/t/{issued.token}").text
    assert "quý khách không mất lượt" in phone.get(f"/t/{issued.token}/delay").text
    for request_id in ("d" * 12, "d" * 12, "e" * 12):
        form = {"request_id": request_id}
        delayed = phone.post(f"/t/{issued.token}/delay", data=form, follow_redirects=True)
        assert "Nhường lượt đến" in delayed.text
        assert "/delay" not in delayed.text
    reply = running.admin.call(GetTicket(ticket_id=issued.ticket.ticket_id))
    assert isinstance(reply, TicketReply)
    assert (reply.ticket.state, reply.ticket.delayed) == ("parked", True)
    assert phone.get(f"/t/{issued.token}/delay", follow_redirects=False).status_code == 303


def test_a_ticket_that_is_called_cannot_be_delayed_and_says_why(running: RunningHall, phone: httpx.Client) -> None:
    issued = running.issue()
    running.open("q1", "012")
    running.call_next("q1")
    refused = phone.post(f"/t/{issued.token}/delay", data={"request_id": "f" * 12})
    assert refused.status_code == 409
    assert "Phiếu đã chuyển trạng thái" in refused.text
    assert "mời đến" in refused.text


def test_a_post_from_another_site_does_nothing(running: RunningHall, phone: httpx.Client) -> None:
    issued = running.issue()
    before = running.snapshot().seq
    for origin in ("http://evil.example", "null", "", f"http://127.0.0.1:{running.port + 1}"):
        answer = phone.post(f"/t/{issued.token}/leave", data={"request_id": "x" * 12}, headers={"Origin": origin})
        assert answer.status_code == 403
    assert running.snapshot().seq == before


def test_a_served_ticket_is_rated_once_with_reasons(running: RunningHall, phone: httpx.Client) -> None:
    token = finished(running)
    assert "Lý do chưa hài lòng" in phone.get(f"/t/{token}").text
    form = {"request_id": "r" * 12, "score": "2", "reason": ["long-wait", "other"], "comment": "Chờ lâu"}
    assert "đã đánh giá" in phone.post(f"/t/{token}/rate", data=form, follow_redirects=True).text
    again = phone.post(f"/t/{token}/rate", data={**form, "request_id": "s" * 12, "score": "5"}, follow_redirects=True)
    assert "đã đánh giá" in again.text
    reply = running.admin.call(GetTicket(token=token))
    assert isinstance(reply, TicketReply)
    assert reply.ticket.rated


def test_a_rating_without_a_score_asks_again(running: RunningHall, phone: httpx.Client) -> None:
    token = finished(running)
    before = running.snapshot().satisfaction
    answer = phone.post(f"/t/{token}/rate", data={"comment": "gì đó"})
    assert answer.status_code == 422
    assert "Vui lòng chọn một mức đánh giá" in answer.text
    assert running.snapshot().satisfaction == before


def test_a_waiting_ticket_cannot_be_rated(running: RunningHall, phone: httpx.Client) -> None:
    issued = running.issue()
    before = running.snapshot().satisfaction
    answer = phone.post(f"/t/{issued.token}/rate", data={"score": "5"})
    assert answer.status_code == 409
    assert issued.ticket.number in answer.text
    assert running.snapshot().satisfaction == before


def test_the_whole_page_is_small_and_loads_nothing_from_elsewhere(running: RunningHall, phone: httpx.Client) -> None:
    page = phone.get(f"/t/{finished(running)}")
    addresses = [part.split('"')[0] for part in page.text.split('"/static/')[1:]]
    files = [phone.get(f"/static/{address}") for address in addresses]
    assert len(files) == 4
    assert all(file.status_code == 200 for file in files)
    assert len(page.content) + sum(len(file.content) for file in files) < 60_000
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text


def test_a_static_file_is_kept_for_a_year_and_nothing_beside_them_is_given(phone: httpx.Client) -> None:
    kinds = {"phone.css": "text/css", "desk/main.js": "text/javascript", "icon.svg": "image/svg+xml"}
    for name, kind in kinds.items():
        answer = phone.get(f"/static/{name}?v=1")
        assert answer.content == (STATIC / name).read_bytes()
        assert answer.headers["Content-Type"].split(";")[0] == kind
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not phone.head(f"/static/{name}").content
    for path in ("../app.py", "%2e%2e/app.py", "..%2fapp.py", "desk", "desk/", "", "/etc/passwd", "none.css"):
        assert phone.get(f"/static/{path}").status_code == 404, path


def test_every_answer_has_the_security_headers(running: RunningHall, phone: httpx.Client) -> None:
    token = running.issue().token
    for path in (f"/t/{token}", "/t/forged", "/desk/sign-in", "/static/phone.css", "/none", "/health"):
        headers = phone.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    assert phone.get(f"/t/{token}").headers["Cache-Control"] == "no-store"


def test_the_event_stream_tells_the_call_at_once(running: RunningHall, phone: httpx.Client) -> None:
    issued = running.issue()
    running.open("q1", "012")
    with phone.stream("GET", f"/t/{issued.token}/events") as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line).startswith("retry:")
        assert "You are" not in next(line for line in lines if line.startswith("data:"))
        running.call_next("q1")
        assert "Đã đến lượt, mời đến quầy số 1" in next(line for line in lines if line.startswith("data:"))


def finished(running: RunningHall) -> str:
    """The token of a ticket whose service ended."""
    token = running.issue().token
    running.open("q2", "034")
    running.serve_out("q2")
    return token
