"""A place from home, from the sofa to the hall, in a real browser; and the hall's public page."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

from kiosk.codes import meaning
from kiosk.touches import ScanToken
from protocol.client import HallClient
from protocol.commands import CheckIn
from tests.running import eventually
from tests.web.looking import check
from tests.web.running import RunningHall
from tests.web.test_home_pages import kiosk as kiosk
from tests.web.test_home_pages import shown

pytestmark = pytest.mark.browser
SMALL: ViewportSize = {"width": 360, "height": 640}
TABLET: ViewportSize = {"width": 768, "height": 1024}


def test_from_the_sofa_to_a_number(running: RunningHall, phone_page: Page, kiosk: HallClient, tmp_path: Path) -> None:
    phone_page.set_viewport_size(SMALL)
    phone_page.goto(f"{running.url}/home")
    check(phone_page, tmp_path, "choose")
    phone_page.get_by_role("link", name="Hộ tịch, chứng thực").click()
    check(phone_page, tmp_path, "ask")
    phone_page.get_by_role("button", name="Giữ chỗ").click()
    main = phone_page.locator("main")
    expect(main).to_contain_text("Giờ hẹn của quý khách")
    token = phone_page.url.split("/t/")[1]
    check(phone_page, tmp_path, "place")
    phone_page.get_by_label("hoặc nhập 6 ký tự").fill("wrong2")
    phone_page.get_by_role("button", name="Tôi đã đến").click()
    expect(phone_page.get_by_role("alert")).to_contain_text("Mã này không đúng")
    check(phone_page, tmp_path, "wrong-code")
    phone_page.goto(f"{running.url}/here/{shown(kiosk).arrival_code}")
    check(phone_page, tmp_path, "here")
    phone_page.get_by_role("button", name="Tôi đã đến").click()
    expect(main).to_contain_text("Số của quý khách")
    expect(main).to_contain_text("Theo lịch hẹn lúc")
    assert phone_page.url != f"{running.url}/t/{token}"
    check(phone_page, tmp_path, "number")


def test_the_pages_from_home_on_a_tablet_in_english(running: RunningHall, phone_page: Page, tmp_path: Path) -> None:
    phone_page.set_viewport_size(TABLET)
    phone_page.goto(f"{running.url}/home/ho-tich?lang=en")
    check(phone_page, tmp_path, "ask-en")
    phone_page.goto(f"{running.url}/here/KTM4XQ?lang=en")
    expect(phone_page.locator("main")).to_contain_text("KTM4XQ")
    check(phone_page, tmp_path, "here-without-a-place-en")


def test_the_code_that_is_being_typed_is_not_swept_away(running: RunningHall, phone_page: Page) -> None:
    phone_page.goto(f"{running.url}/home/ho-tich")
    phone_page.get_by_role("button", name="Giữ chỗ").click()
    typed = phone_page.get_by_label("hoặc nhập 6 ký tự")
    typed.fill("KTM")
    with phone_page.expect_response(lambda answer: answer.url.endswith("/state")):
        phone_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(typed).to_have_value("KTM")


def test_an_open_place_turns_into_its_number_when_the_kiosk_scans_it(
    running: RunningHall, phone_page: Page, kiosk: HallClient
) -> None:
    phone_page.goto(f"{running.url}/home/ho-tich")
    phone_page.get_by_role("button", name="Giữ chỗ").click()
    token = phone_page.url.split("/t/")[1]
    picture = Image.open(io.BytesIO(phone_page.locator("svg.qr").screenshot()))
    [code] = zxingcpp.read_barcodes(picture)
    assert meaning(code.text, running.url) == ScanToken(token)
    with phone_page.expect_response(lambda answer: "/events" in answer.url):
        phone_page.reload()
    kiosk.call(CheckIn(token))
    expect(phone_page.locator("main")).to_contain_text("Số của quý khách")


@pytest.mark.parametrize(("size", "query"), [(SMALL, ""), (TABLET, "?lang=en")], ids=["small-vi", "tablet-en"])
def test_the_public_page_follows_the_hall(
    running: RunningHall, phone_page: Page, tmp_path: Path, size: ViewportSize, query: str
) -> None:
    phone_page.set_viewport_size(size)
    phone_page.goto(f"{running.url}/{query}")
    number = running.issue().ticket.number
    running.issue()
    running.open("q1", "012")
    running.call_next("q1")
    status = phone_page.locator("#status")

    def says_so() -> bool:
        phone_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        return number in (status.text_content() or "")

    eventually(says_so)
    check(phone_page, tmp_path, "busy")


def test_a_public_page_that_hears_nothing_says_so(running: RunningHall, phone_page: Page, tmp_path: Path) -> None:
    phone_page.goto(running.url)
    phone_page.route("**/status*", lambda route: route.abort())
    phone_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone_page.get_by_text("Mất kết nối, đang thử lại")).to_be_visible()
    check(phone_page, tmp_path, "stale")
    phone_page.unroute("**/status*")
    phone_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone_page.get_by_text("Mất kết nối, đang thử lại")).to_be_hidden()
