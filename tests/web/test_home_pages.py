"""Places from home with a real server behind the pages: taken, kept to each phone's share, confirmed in the hall."""

import contextlib
import datetime as dt
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.session import Inbox, Session
from kiosk.view import look
from printers.base import PrinterState, PrinterStatus
from protocol.client import HallClient
from protocol.commands import BookAppointment, CreateEnrolment, GetArrivalCode, ReturnNumbers
from protocol.keys import DeviceKeys
from protocol.replies import ArrivalCodeReply, PlaceReply
from queue_server.enrolling import enrol_here
from tests.kiosk.halls import Printer
from tests.running import PATIENCE, eventually
from tests.web.running import RunningHall
from tests.web.test_phone_given_alone import blocks_of
from web.home.phones import COOKIE, LIFE_SECONDS, PLACES_KEPT, Phones, new_phone
from web.home.routes import PHONES_AT_ONCE

CIVIL = "/home/ho-tich"


_addresses = (f"127.0.1.{host}" for host in itertools.count(1))


def visitor(running: RunningHall, address: str) -> httpx.Client:
    """A phone at an address."""
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=running.url, headers={"Origin": running.url}, transport=transport, timeout=PATIENCE)


@pytest.fixture
def phone(running: RunningHall) -> Iterator[httpx.Client]:
    """A phone at an address of its own."""
    with visitor(running, next(_addresses)) as client:
        yield client


@pytest.fixture
def kiosk(running: RunningHall, tmp_path: Path) -> Iterator[HallClient]:
    """A kiosk of the hall, whose screen shows the code."""
    with contextlib.closing(HallClient(enrolled(running, tmp_path))) as client:
        yield client


def enrolled(running: RunningHall, tmp_path: Path) -> DeviceKeys:
    """The keys of a new kiosk."""
    return enrol_here(running.admin, tmp_path, CreateEnrolment("kiosk", tmp_path.name))


def shown(kiosk: HallClient) -> ArrivalCodeReply:
    """What the kiosk's screen shows now."""
    reply = kiosk.call(GetArrivalCode())
    assert isinstance(reply, ArrivalCodeReply)
    return reply


def take(phone: httpx.Client, path: str = CIVIL, **fields: str) -> httpx.Response:
    """Read the page of a service, and take a place."""
    found = re.search(r'name="request_id" value="([^"]+)"', phone.get(path).text)
    assert found is not None
    return phone.post(path, data={"request_id": found[1], "class_id": "ordinary", **fields})


def token_of(taken: httpx.Response) -> str:
    """The token of the place that was taken."""
    assert taken.status_code == 303, taken.text
    return taken.headers["location"].split("/t/")[1].split("?")[0]


def confirm(phone: httpx.Client, token: str, code: str) -> httpx.Response:
    """Type a code on the page of a place."""
    form = {"request_id": f"here-{token[:20]}-{code}"[:64], "arrival_code": code}
    return phone.post(f"/t/{token}/here", data=form)


def test_who_is_at_home_reads_how_long_it_would_take_and_what_a_place_is(phone: httpx.Client) -> None:
    assert "Hộ tịch, chứng thực" in phone.get("/home").text
    eventually(lambda: "Không có người chờ" in phone.get(CIVIL).text)
    page = phone.get(CIVIL).text
    for words in ("chưa phải số thứ tự", "báo đã đến tại máy lấy số", "2 chỗ một ngày"):
        assert words in page
    assert "This is a place in the line, not a number yet" in phone.get(f"{CIVIL}?lang=en").text


def test_a_place_becomes_a_number_by_the_code_on_the_kiosk(phone: httpx.Client, kiosk: HallClient) -> None:
    token = token_of(take(phone))
    place = phone.get(f"/t/{token}").text
    assert "Giờ hẹn của quý khách" in place
    assert 'class="qr"' in place
    assert "Chỗ của quý khách" in phone.get("/home").text
    typed = " ".join(shown(kiosk).arrival_code.lower())
    arrived = confirm(phone, token, typed)
    assert arrived.status_code == 303
    assert re.search(r"A\d{3}", phone.get(arrived.headers["location"]).text)
    assert re.search(r"A\d{3}", phone.get(f"/t/{token}").text)


def test_what_a_kiosk_shows_on_its_first_screen_is_what_the_hall_takes(
    running: RunningHall, phone: httpx.Client, tmp_path: Path
) -> None:
    inbox = Inbox()
    session = Session(Flow(HallNow(tmp_path.name), settle_seconds=0), Printer(), inbox.post)
    with contextlib.closing(HallClient(enrolled(running, tmp_path), session)) as client:
        session.connect(client)

        def letters() -> str:
            inbox.work(0.05)
            session.tick()
            return look(session.flow, PrinterStatus(PrinterState.READY), 0.0).arrival[0]

        eventually(letters)
        arrived = confirm(phone, token_of(take(phone)), letters())
        session.close()
        give_back(client)
    assert arrived.status_code == 303


def give_back(kiosk: HallClient) -> None:
    """Return the numbers that a kiosk has reserved: other tests need them."""
    for block in blocks_of(kiosk):
        kiosk.call(ReturnNumbers(block.block_id, block.last + 1))


def test_a_second_confirmation_leads_to_the_same_number(phone: httpx.Client, kiosk: HallClient) -> None:
    token, code = token_of(take(phone)), shown(kiosk).arrival_code
    first = confirm(phone, token, code)
    again = phone.post(f"/t/{token}/here", data={"arrival_code": code})
    assert again.status_code == 303
    number = re.search(r"A\d{3}", phone.get(first.headers["location"]).text)
    assert number is not None
    assert number[0] in phone.get(again.headers["location"]).text


def test_the_qr_of_the_kiosk_offers_one_tap_to_the_phone_that_holds_a_place(
    phone: httpx.Client, kiosk: HallClient
) -> None:
    token = token_of(take(phone))
    code = shown(kiosk)
    here = phone.get(code.url.partition("/here/")[1] + code.arrival_code)
    assert f'action="/t/{token}/here"' in here.text
    assert f'value="{code.arrival_code}"' in here.text
    assert confirm(phone, token, code.arrival_code).status_code == 303
    again = phone.get(f"/here/{code.arrival_code}").text
    assert f"/t/{token}/here" not in again
    assert "Đã nhận số" in again
    assert "Đã nhận số" in phone.get("/home").text


def test_a_phone_without_a_place_is_asked_for_nothing_and_told_what_to_do(phone: httpx.Client) -> None:
    page = phone.get("/here/KTM4XQ").text
    assert "KTM4XQ" in page
    assert "Nếu chưa giữ chỗ" in page
    assert "<form" not in page
    assert "<input" not in page


@pytest.mark.parametrize("code", ["WRONG2", "000000"])
def test_a_code_that_no_kiosk_shows_gives_no_number(phone: httpx.Client, kiosk: HallClient, code: str) -> None:
    token = token_of(take(phone))
    assert shown(kiosk).arrival_code != code
    refused = confirm(phone, token, code)
    assert refused.status_code == 409
    assert "Mã này không đúng hoặc đã hết hạn" in refused.text
    assert "Giờ hẹn của quý khách" in phone.get(f"/t/{token}").text


@pytest.mark.parametrize("typed", ["", "a", "?!", "x" * 400])
def test_what_is_no_code_is_asked_for_again(phone: httpx.Client, typed: str) -> None:
    token = token_of(take(phone))
    answer = confirm(phone, token, typed)
    assert answer.status_code == 422
    assert "Vui lòng nhập mã" in answer.text


def test_a_phone_takes_its_share_and_no_more(phone: httpx.Client, running: RunningHall) -> None:
    for _ in range(2):
        assert take(phone).status_code == 303
    seq = running.snapshot().seq
    refused = take(phone)
    assert refused.status_code == 409
    assert "Hôm nay đã hết lượt giữ chỗ từ nhà" in refused.text
    assert f'action="{CIVIL}"' in refused.text
    assert running.snapshot().seq == seq


def test_a_second_press_takes_no_second_place(phone: httpx.Client) -> None:
    first = take(phone, request_id="the-same-press")
    assert token_of(take(phone, request_id="the-same-press")) == token_of(first)


def test_who_drops_his_cookies_comes_to_the_end_of_what_his_address_may_take(running: RunningHall) -> None:
    address = next(_addresses)
    answers = []
    for _ in range(PHONES_AT_ONCE + 1):
        with visitor(running, address) as fresh:
            answers.append(take(fresh, "/home/trap").status_code)
    assert answers == [*[303] * PHONES_AT_ONCE, 429]
    with visitor(running, next(_addresses)) as neighbour:
        assert take(neighbour, "/home/trap").status_code == 303


def test_a_browser_without_cookies_is_told_so(running: RunningHall, phone: httpx.Client) -> None:
    before = running.snapshot().seq
    refused = phone.post(CIVIL, data={"class_id": "ordinary"})
    assert refused.status_code == 409
    assert "không lưu cookie" in refused.text
    forged = phone.post(CIVIL, data={"class_id": "ordinary"}, headers={"Cookie": f"{COOKIE}=e30.aaaa.bbbb"})
    assert forged.status_code == 409
    assert running.snapshot().seq == before


def test_a_service_or_class_that_is_none_is_not_taken(running: RunningHall, phone: httpx.Client) -> None:
    assert phone.get("/home/none").status_code == 404
    assert phone.post("/home/none", data={}).status_code == 404
    assert take(phone, class_id="<script>").status_code == 422


def test_an_appointment_is_led_to_the_scanner_instead(
    running: RunningHall, phone: httpx.Client, kiosk: HallClient
) -> None:
    slot_at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
    place = running.desk.call(BookAppointment("078", "ho-tich", slot_at))
    assert isinstance(place, PlaceReply)
    answer = confirm(phone, place.token, shown(kiosk).arrival_code)
    assert answer.status_code == 409
    assert "trước máy quét" in answer.text


def test_the_token_of_nothing_gets_the_page_of_every_forged_token(phone: httpx.Client) -> None:
    answer = confirm(phone, "forged", "KTM4XQ")
    assert answer.status_code == 404
    assert "Không tìm thấy phiếu" in answer.text


def test_a_mark_is_another_each_day_and_says_nothing_of_the_phone() -> None:
    phones, phone = Phones("secret"), new_phone()
    marks = {phones.mark(phone, dt.date(2026, 3, day)) for day in (2, 3)}
    assert len(marks) == 2
    assert phones.mark(phone, dt.date(2026, 3, 2)) in marks
    assert all(phone.chance not in mark and len(mark) <= 64 for mark in marks)
    assert Phones("other").mark(phone, dt.date(2026, 3, 2)) not in marks


def test_a_cookie_is_believed_only_as_it_was_given() -> None:
    phones, phone = Phones("secret"), new_phone().with_place("t1")
    assert phones.known(phones.cookie(phone)) == phone
    for forged in ("", "x", phones.cookie(phone)[:-1], Phones("other").cookie(phone)):
        assert phones.known(forged) is None
    assert LIFE_SECONDS == 24 * 3600


def test_a_phone_remembers_its_latest_places() -> None:
    phone = new_phone()
    for number in range(PLACES_KEPT + 2):
        phone = phone.with_place(f"t{number}")
    assert phone.with_place("t3").places[:2] == ["t3", "t6"]
    assert len(phone.places) == PLACES_KEPT
