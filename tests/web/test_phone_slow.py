"""The citizen's pages on a poor phone: little to load, on a 2G network, without scripts, in a browser of years ago."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from protocol.commands import RecallTicket
from tests.running import eventually
from tests.web.looking import check
from tests.web.running import RunningHall
from web.pages import STATIC

pytestmark = pytest.mark.browser
MOST_BYTES = 60_000
SMALL: ViewportSize = {"width": 360, "height": 640}
TABLET: ViewportSize = {"width": 768, "height": 1024}


class Loaded:
    """What a page has loaded: each request, and the bytes that came for it over the network."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        self.bytes = 0
        self._network = page.context.new_cdp_session(page)
        self._network.send("Network.enable")
        self._network.on("Network.loadingFinished", self._finished)
        self._network.on("Network.dataReceived", self._received)
        self._open: dict[str, int] = {}
        page.on("response", self._answered)

    def slow_down(self) -> None:
        """2G: 250 kbit/s down, 50 kbit/s up, 300 ms away."""
        speed = {"offline": False, "latency": 300, "downloadThroughput": 31_250, "uploadThroughput": 6_250}
        self._network.send("Network.emulateNetworkConditions", speed)

    @property
    def weight(self) -> int:
        """Bytes with their headers, of streams that still run as well."""
        return self.bytes + sum(self._open.values())

    def _answered(self, response: Response) -> None:
        self.addresses.append(response.url)

    def _received(self, told: dict[str, object]) -> None:
        known = self._open.get(str(told["requestId"]), 0)
        self._open[str(told["requestId"])] = known + int(str(told["dataLength"]))

    def _finished(self, told: dict[str, object]) -> None:
        self._open.pop(str(told["requestId"]), None)
        self.bytes += int(float(str(told["encodedDataLength"])))


def test_a_ticket_is_followed_over_2g_within_60_kb_and_six_requests(running: RunningHall, phone_page: Page) -> None:
    running.issue()
    mine = running.issue()
    running.open("q1", "012")
    loaded = Loaded(phone_page)
    loaded.slow_down()
    with phone_page.expect_response(lambda answer: "/events" in answer.url):
        phone_page.goto(f"{running.url}/t/{mine.token}")
    main = phone_page.locator("main")
    expect(main).to_contain_text("Còn 1 lượt trước quý khách")
    running.call_next("q1")
    expect(main).to_contain_text("Quý khách là người tiếp theo")
    assert len(loaded.addresses) <= 6, loaded.addresses
    assert all(address.startswith(running.url) for address in loaded.addresses)
    assert 0 < loaded.weight < MOST_BYTES


@pytest.mark.parametrize("path", ["/", "/home", "/home/ho-tich", "/here/KTM4XQ"])
def test_the_public_pages_are_light_as_well(running: RunningHall, phone_page: Page, path: str) -> None:
    loaded = Loaded(phone_page)
    phone_page.goto(running.url + path, wait_until="networkidle")
    assert len(loaded.addresses) <= 5, loaded.addresses
    assert all(address.startswith(running.url) for address in loaded.addresses)
    assert 0 < loaded.weight < MOST_BYTES


def test_everything_a_waiting_citizen_can_do_works_without_scripts(running: RunningHall, browser: Browser) -> None:
    mine = running.issue()
    context = browser.new_context(java_script_enabled=False, viewport=SMALL)
    page = context.new_page()
    page.goto(f"{running.url}/t/{mine.token}?lang=en")
    page.get_by_role("link", name="I need 10 more minutes").click()
    page.get_by_role("button", name="Yes, I need 10 more minutes").click()
    expect(page.locator("main")).to_contain_text("Others go first until")
    expect(page.get_by_role("link", name="I need 10 more minutes")).to_have_count(0)
    page.get_by_role("link", name="Give the number back").click()
    page.get_by_role("button", name="Yes, give it back").click()
    expect(page.locator("main")).to_contain_text("This ticket is no longer valid")
    page.goto(f"{running.url}/?lang=en")
    page.get_by_role("link", name="Take a place from home").click()
    page.get_by_role("link", name="Civil status").click()
    page.get_by_label("Elderly").check()
    page.get_by_role("button", name="Take a place").click()
    expect(page.locator("main")).to_contain_text("This is a place in the line, not a number yet")
    page.get_by_label("or type the 6 letters").fill("WRONG2")
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_role("alert")).to_contain_text("The code is wrong or expired")
    context.close()


def test_ten_more_minutes_are_explained_taken_once_and_shown(
    running: RunningHall, phone_page: Page, tmp_path: Path
) -> None:
    mine, _other = running.issue(), running.issue()
    phone_page.set_viewport_size(SMALL)
    phone_page.goto(f"{running.url}/t/{mine.token}")
    check(phone_page, tmp_path, "waiting")
    phone_page.get_by_role("link", name="Tôi cần thêm 10 phút").click()
    expect(phone_page.locator("main")).to_contain_text("quý khách không mất lượt")
    check(phone_page, tmp_path, "delay-ask")
    phone_page.get_by_role("button", name="Có, tôi cần thêm 10 phút").click()
    main = phone_page.locator("main")
    expect(main).to_contain_text("Nhường lượt đến")
    expect(main).to_contain_text("vẫn tính theo thời gian lấy số ban đầu")
    expect(phone_page.get_by_role("link", name="Tôi cần thêm 10 phút")).to_have_count(0)
    check(phone_page, tmp_path, "delayed")
    phone_page.set_viewport_size(TABLET)
    phone_page.goto(f"{running.url}/t/{mine.token}?lang=en")
    expect(main).to_contain_text("From")
    check(phone_page, tmp_path, "delayed-en-tablet")


def test_a_call_rings_after_one_tap_and_again_when_it_is_repeated(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue()
    running.open("q1", "012")
    phone_page.add_init_script(
        "window.rung = []; Navigator.prototype.vibrate = (how) => { rung.push(how); return true; };"
    )
    phone_page.goto(f"{running.url}/t/{mine.token}")
    phone_page.get_by_role("button", name="Bật chuông báo khi đến lượt").click()
    eventually(lambda: phone_page.evaluate("rung.length") == 1)
    running.call_next("q1")
    eventually(lambda: phone_page.evaluate("rung.length") == 2)
    running.desk.call(RecallTicket("q1", mine.ticket.ticket_id))
    eventually(lambda: phone_page.evaluate("rung.length") == 3)
    expect(phone_page.locator("main")).to_contain_text("Đã gọi lại 1 lần")


NEWER_SCRIPT = {
    "Array.prototype.at": r"\.at\(",
    "findLast": r"\.findLast",
    "toSorted and the like": r"\.to(Sorted|Reversed|Spliced)\(",
    "structuredClone": r"structuredClone",
    "Object.hasOwn": r"Object\.hasOwn",
    "private names": r"this\.#",
    "lookbehind": r"\(\?<[=!]",
    "randomUUID": r"randomUUID",
    "AbortSignal.timeout": r"AbortSignal\.",
    "error causes": r"cause:",
    "unprefixed AudioContext alone": r"new AudioContext",
}
NEWER_STYLE = {
    "flex gap": r"\{[^{}]*display:\s*(?:inline-)?flex[^{}]*[;\s]gap:",
    "inset": r"[;{\s]inset:",
    "aspect-ratio": r"[;{\s]aspect-ratio:",
    "dynamic viewport": r"\d[dsl]v[hw]\b",
    ":has": r":has\(",
    ":is and :where": r":(is|where)\(",
    "layers, containers, nesting": r"@layer|@container|(?<=[;{}\s])&",
    "color-mix": r"color-mix|oklch|oklab",
}
"""What Chrome 86 and Safari 14 do not know."""


@pytest.mark.parametrize("name", ["phone.js", "status.js", "phone.css", "status.css"])
def test_a_browser_of_2020_understands_the_files(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    plain = re.sub(r"@supports selector\(:has\(\*\)\) \{\n(?:  .*\n)*\}", "", text)
    newer = NEWER_SCRIPT if name.endswith(".js") else NEWER_STYLE
    assert [what for what, sign in newer.items() if re.search(sign, plain)] == []
