"""The page of a promised place, and of the ticket that it becomes."""

import datetime as dt

import httpx
import pytest

from protocol.commands import BookAppointment, CheckIn
from protocol.replies import PlaceReply, TicketIssuedReply
from tests.web.running import RunningHall, get, post, stream

SUPERVISOR = "078"


def book(running: RunningHall, minutes: float = 30) -> PlaceReply:
    """Promise a place so many minutes from now."""
    slot_at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)
    reply = running.desk.call(BookAppointment(SUPERVISOR, "ho-tich", slot_at))
    assert isinstance(reply, PlaceReply)
    return reply


def check_in(running: RunningHall, place: PlaceReply) -> TicketIssuedReply:
    """Let the citizen of a place arrive."""
    reply = running.desk.call(CheckIn(place.token))
    assert isinstance(reply, TicketIssuedReply)
    return reply


def shown(running: RunningHall, token: str, path: str = "") -> httpx.Response:
    return get(f"{running.url}/t/{token}{path}")


def test_the_page_of_a_place_says_when_to_come(running: RunningHall) -> None:
    place = book(running)
    page = shown(running, place.token)
    assert page.status_code == 200
    local = place.slot_at.astimezone(dt.timezone(dt.timedelta(hours=7)))
    for words in ("Giờ hẹn của quý khách", f"{local:%H:%M}", f"{local:%d/%m/%Y}", "Hộ tịch, chứng thực"):
        assert words in page.text
    assert "/leave" not in page.text


@pytest.mark.parametrize("path", ["", "/state"])
def test_after_its_check_in_a_place_shows_the_ticket(running: RunningHall, path: str) -> None:
    place = book(running)
    number = check_in(running, place).ticket.number
    assert number in shown(running, place.token, path).text
    assert "Theo lịch hẹn lúc" in shown(running, place.token, path).text


def test_a_place_that_was_checked_in_gives_back_and_rates_like_its_ticket(running: RunningHall) -> None:
    place = book(running)
    issued = check_in(running, place)
    for token in (place.token, issued.token):
        assert "/leave" in shown(running, token).text
    running.open("q2", "034")
    running.serve_out("q2")
    for token in (place.token, issued.token):
        assert "<form" in shown(running, token).text


def test_the_open_page_of_a_place_turns_into_its_ticket(running: RunningHall) -> None:
    place = book(running)
    with stream("GET", f"{running.url}/t/{place.token}/events") as answer:
        lines = answer.iter_lines()
        assert '"kind": "place"' in next(line for line in lines if line.startswith("data:"))
        number = check_in(running, place).ticket.number
        assert number in next(line for line in lines if line.startswith("data:"))
        assert [line for line in lines if line.startswith("data:")] == []


def test_a_place_cannot_be_given_back_from_its_page(running: RunningHall) -> None:
    place = book(running)
    asked = get(f"{running.url}/t/{place.token}/leave", follow_redirects=False)
    assert asked.status_code == 303
    form = {"request_id": "of-a-place-1"}
    left = post(f"{running.url}/t/{place.token}/leave", data=form, headers={"Origin": running.url})
    assert left.status_code == 409
    assert "Giờ hẹn của quý khách" in left.text
