"""What the hall's public page says, and how often the hall is asked for it."""

import asyncio
import datetime as dt
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from protocol.commands import Command, GetHall, GetSatisfaction, GetSnapshot
from protocol.errors import Forbidden, ServerUnreachable
from protocol.replies import (
    CounterStatus,
    HallReply,
    NamedInfo,
    Pulse,
    Reply,
    Satisfaction,
    SatisfactionReply,
    Satisfied,
    ServiceStatus,
    Snapshot,
)
from protocol.views import HomeHabits
from protocol.words import Issuing, TicketState
from tests.web.sample import AT, HALL, ticket
from web.app import create_app
from web.feed import Feed
from web.hall import Hall
from web.pages import STATIC, render
from web.status.hours import spans_of, week
from web.status.shared import HOLD_SECONDS, RATED_SECONDS, SharedStatus
from web.status.view import Line, status_page

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE = replace(HALL, hours={day: ["07:30-11:30", "13:30-17:00"] for day in DAYS})


def standing(*counters: CounterStatus, **status: Any) -> Snapshot:
    """The hall with one service standing so."""
    facts: dict[str, Any] = {"service_id": "ho-tich", "waiting": 4, "open_counters": 1, **status}
    return Snapshot("e", 9, AT, AT.date(), [ServiceStatus(**facts)], list(counters), [], Satisfaction())


def line(snapshot: Snapshot, language: str = "vi") -> Line:
    """What is said of the one service."""
    [(_agency, lines)] = status_page(OFFICE, snapshot, None, language).agencies
    return lines[0]


def test_a_service_names_its_numbers_at_counters_and_who_is_still_on_the_way() -> None:
    called = CounterStatus("q1", True, "012", ticket(TicketState.CALLED, number="A007"))
    served = CounterStatus("q2", True, "034", ticket(TicketState.SERVING, number="A005"))
    other = CounterStatus("q3", True, "078", ticket(TicketState.SERVING, number="B001", service_id="dat-dai"))
    said = line(standing(called, served, other))
    assert [(one.number, one.counter, one.called) for one in said.shown] == [
        ("A007", "Quầy 1", True),
        ("A005", "Quầy 12", False),
    ]


def test_a_hall_of_many_agencies_tells_each_service_in_a_row() -> None:
    assert line(standing(wait_low_minutes=5, wait_high_minutes=20)).about == "khoảng 5–20 phút"
    assert line(standing(wait_low_minutes=5, wait_high_minutes=20), "en").about == "about 5–20 min"
    assert line(standing(wait_high_minutes=20)).about == "khoảng 20 phút"
    assert line(standing()).about == ""
    assert not status_page(OFFICE, standing(), None, "vi").many
    assert status_page(of_many(20), standing(), None, "vi").many


def test_what_all_services_say_of_their_doors_is_said_once() -> None:
    hall = of_many(2)
    closed = standing(issuing=Issuing.CLOSED)
    page = status_page(hall, closed, None, "vi")
    assert page.shut == "Ngoài giờ cấp số"
    assert render("status/body.html", "vi", view=page, hall=hall).count("Ngoài giờ cấp số") == 1
    one_open = replace(hall, services=[hall.services[0], replace(hall.services[1], service_id="open")])
    assert status_page(one_open, closed, None, "vi").shut == ""


def of_many(agencies: int, services: int = 1) -> HallReply:
    """A hall of many agencies, with some services each."""
    made = [NamedInfo(f"s{one}", f"Sở Tài nguyên và Môi trường {one}", f"Department {one}") for one in range(agencies)]
    service = OFFICE.services[0]
    names = [f"{service.name} {one}" for one in range(services)]
    all_of_them = [replace(service, agency_id=one.id, name=name) for one in made for name in names]
    return replace(OFFICE, agencies=made, services=all_of_them)


@pytest.mark.browser
def test_a_hall_of_many_services_is_read_on_a_phone_without_end(phone_page: Page) -> None:
    called = CounterStatus("q1", True, "012", ticket(TicketState.CALLED, number="A007"))
    snapshot = standing(called, waiting=4, open_counters=1, wait_low_minutes=5, wait_high_minutes=20)
    hall = of_many(16, services=2)
    view = status_page(hall, snapshot, None, "vi")
    body = render("status/body.html", "vi", view=view, hall=hall)
    phone_page.set_content(render("status/page.html", "vi", view=view, hall=hall, body=body, week=[], path="/"))
    for name in ("phone.css", "status.css"):
        phone_page.add_style_tag(path=STATIC / name)
    assert phone_page.locator(".line").count() == 32
    assert phone_page.evaluate("document.documentElement.scrollHeight") < 32 * 170
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(phone_page.locator(".line").first).to_contain_text("4 người đang chờ khoảng 5–20 phút")


def test_waiting_people_and_range_are_told_while_numbers_are_given() -> None:
    said = line(standing(wait_low_minutes=10, wait_high_minutes=25))
    assert (said.waiting, said.range, said.door) == (
        "4 người đang chờ",
        "Dự kiến khoảng 10–25 phút",
        "Đang cấp số",
    )
    assert line(standing(waiting=0), "en").waiting == "Nobody is waiting"


@pytest.mark.parametrize(
    ("issuing", "opens_at", "door", "why"),
    [
        (Issuing.CLOSED, AT + dt.timedelta(hours=5), "Ngoài giờ cấp số", "Cấp số trở lại lúc 13:30."),
        (Issuing.QUOTA, AT + dt.timedelta(hours=23), "Đã hết số", "Cấp số trở lại lúc 07:30, 03/03."),
        (Issuing.CUT_OFF, None, "Đã ngừng cấp số trong hôm nay", ""),
    ],
)
def test_a_shut_door_says_why_and_until_when_and_promises_no_range(
    issuing: Issuing, opens_at: dt.datetime | None, door: str, why: str
) -> None:
    said = line(standing(issuing=issuing, opens_at=opens_at, wait_low_minutes=1, wait_high_minutes=2))
    assert (said.door, said.why, said.range, said.gives) == (door, why, "", False)


def test_a_suspended_service_repeats_the_supervisors_words() -> None:
    said = line(standing(issuing=Issuing.SUSPENDED, reason="Hệ thống đang bảo trì"))
    assert (said.door, said.why) == ("Tạm ngừng cấp số", "Hệ thống đang bảo trì")


def test_ratings_are_told_only_as_the_hall_publishes_them() -> None:
    assert status_page(OFFICE, standing(), None, "vi").rated == ""
    told = status_page(OFFICE, standing(), Satisfied(25, 24, 40), "vi").rated
    assert told == "96% hài lòng hôm nay (25 lượt đánh giá)"


def test_hours_of_today_count_holidays_and_special_days() -> None:
    special = replace(OFFICE, special_days={"2026-03-02": ["08:00-10:00"]}, holidays=[dt.date(2026, 3, 3)])
    days = [dt.date(2026, 3, day) for day in (2, 3, 4, 7)]
    assert [spans_of(special, day) for day in days] == [["08:00-10:00"], [], ["07:30-11:30", "13:30-17:00"], []]
    assert status_page(special, standing(), None, "vi").hours == "08:00–10:00"
    assert week(OFFICE, "vi") == [("Thứ Hai – Thứ Sáu", "07:30–11:30, 13:30–17:00"), ("Thứ Bảy – Chủ nhật", "nghỉ")]


# ---- how often the hall is asked ----


class Answers:
    """A hall that answers at once and counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[type[Command]] = []
        self.hall, self.snapshot = OFFICE, standing()
        self.satisfied: Reply | Forbidden = SatisfactionReply(Satisfied(25, 24, 40), {}, {}, [])

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        self.asked.append(type(command))
        answers: dict[type, Reply | Forbidden] = {
            GetHall: self.hall,
            GetSnapshot: self.snapshot,
            GetSatisfaction: self.satisfied,
        }
        future: Future[Reply] = Future()
        answer = answers[type(command)]
        if isinstance(answer, Forbidden):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future

    def close(self) -> None:
        pass


class Watched:
    """A shared page over a hall that counts."""

    def __init__(self) -> None:
        self.answers, feed = Answers(), Feed()
        feed.on_pulse(Pulse("e", 9, AT, [], Satisfaction()))
        self.hall = Hall(self.answers, self.answers, self.answers, feed)
        self.now = 100.0
        self.rendered = 0
        self.shared = SharedStatus(self._render, lambda: self.now)

    def _render(self, known: Any, language: str) -> tuple[str, str]:
        self.rendered += 1
        return f"page {language}", f"{language} {known.satisfied}"

    async def look(self, viewers: int, language: str = "vi") -> None:
        await asyncio.gather(*(self.shared.get(self.hall, language) for _ in range(viewers)))


def test_a_thousand_viewers_cost_one_question_and_one_page() -> None:
    async def run() -> None:
        watched = Watched()
        await watched.look(1000)
        await watched.look(500, "en")
        assert watched.answers.asked.count(GetSnapshot) == 1
        assert watched.rendered == 2
        watched.now += HOLD_SECONDS
        await watched.look(1000)
        assert watched.answers.asked.count(GetSnapshot) == 2
        assert watched.answers.asked.count(GetSatisfaction) == 1
        watched.now += RATED_SECONDS
        await watched.look(1)
        assert watched.answers.asked.count(GetSatisfaction) == 2

    asyncio.run(run())


def test_a_hall_that_keeps_its_ratings_to_itself_still_has_a_page() -> None:
    async def run() -> None:
        watched = Watched()
        watched.answers.satisfied = Forbidden()
        found = await watched.shared.get(watched.hall, "vi")
        assert found.body == b"vi None"

    asyncio.run(run())


def test_a_silent_hall_is_not_asked_at_all() -> None:
    async def run() -> None:
        watched = Watched()
        silent = Hall(watched.answers, watched.answers, watched.answers, Feed())
        with pytest.raises(ServerUnreachable):
            await watched.shared.get(silent, "vi")
        assert watched.answers.asked == []

    asyncio.run(run())


# ---- the page as it is served ----


def asked(watched: Watched, path: str, **headers: str) -> httpx.Response:
    """What a visitor is answered."""

    async def run() -> httpx.Response:
        app = create_app(watched.hall, pins=Path("pins.json"), secret="secret")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hall") as visitor:
            return await visitor.get(path, headers=headers)

    return asyncio.run(run())


def test_a_browser_that_has_the_part_already_is_sent_nothing() -> None:
    first = asked(Watched(), "/status")
    assert first.headers["cache-control"] == "no-cache"
    again = asked(Watched(), "/status", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = asked(Watched(), "/status?lang=en", **{"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_hall_may_keep_its_state_and_its_places_to_itself() -> None:
    watched = Watched()
    watched.answers.hall = replace(OFFICE, status_page=False)
    page = asked(watched, "/")
    assert "Quét mã QR trên phiếu" in page.text
    assert "đang chờ" not in page.text
    for path in ("/status", "/home", "/home/ho-tich", "/here/KTM4XQ"):
        assert asked(watched, path).status_code == 404


def test_the_page_offers_places_from_home_where_the_hall_gives_them() -> None:
    assert 'href="/home"' not in asked(Watched(), "/").text
    for tells in (True, False):
        watched = Watched()
        watched.answers.hall = replace(OFFICE, from_home=HomeHabits(["ho-tich"], 1), status_page=tells)
        assert 'href="/home"' in asked(watched, "/").text


def test_a_service_that_gives_no_numbers_now_gives_no_places_either() -> None:
    watched = Watched()
    watched.answers.hall = replace(OFFICE, from_home=HomeHabits(["ho-tich"], 1))
    watched.answers.snapshot = standing(issuing=Issuing.CUT_OFF)
    assert "Đã ngừng cấp số trong hôm nay" in asked(watched, "/home").text
    assert 'href="/home/ho-tich"' not in asked(watched, "/home").text
    assert "<form" not in asked(watched, "/home/ho-tich").text
