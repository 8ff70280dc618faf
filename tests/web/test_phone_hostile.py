"""Hostile words in every field of the citizen's pages: none becomes markup, none is run, none says what is known."""

import html.parser
import re
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.running import eventually
from tests.web.running import RunningHall
from tests.web.small_hall import TRAP
from tests.web.test_home_pages import phone as phone
from tests.web.test_home_pages import take, token_of

TAGS = (
    "script",
    "img src=x onerror",
    "svg onload",
    "iframe srcdoc",
    "body onload",
    "a href",
    "input autofocus onfocus",
)
DEEDS = ("alert(1)", "document.title='pwned'", "fetch('//evil.example')", "javascript:alert(1)")
FRAMES = (
    "<{tag}={deed}>",
    "<{tag}>{deed}</script>",
    '"><{tag}={deed}>',
    "'><{tag}={deed}>",
    '" onmouseover="{deed}" {tag}="',
    "</textarea></title></style><{tag}={deed}>",
    "{{{{{deed}}}}}<{tag}>",
    "\u202e<{tag}={deed}>\x00",
    "=cmd|'/c {deed}'!{tag}",
)
PAYLOADS = [frame.format(tag=tag, deed=deed) for frame in FRAMES for tag in TAGS for deed in DEEDS]
FIELDS = ("arrival_code", "request_id", "class_id", "lang", "code", "service", "token", "cookie", "referer")


class Skeleton(html.parser.HTMLParser):
    """The elements and attributes of a page, without what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, tuple(name for name, _ in attrs)))


def skeleton(page: httpx.Response) -> list[tuple[str, tuple[str, ...]]]:
    """What a browser would build of a page."""
    found = Skeleton()
    found.feed(page.text)
    return found.parts


def sent(phone: httpx.Client, field: str, words: str, place: str) -> httpx.Response:
    """The page that answers words in a field."""
    printable = "".join(letter for letter in words if " " <= letter < "\x7f")
    match field:
        case "arrival_code":
            return phone.post(f"/t/{place}/here", data={"arrival_code": words})
        case "request_id":
            return phone.post(f"/t/{place}/here", data={"arrival_code": "?", "request_id": words})
        case "class_id":
            return phone.post("/home/ho-tich", data={"class_id": words})
        case "lang":
            return phone.get("/home/ho-tich", params={"lang": words})
        case "code":
            return phone.get("/here/" + quote(words, safe=""))
        case "service":
            return phone.get("/home/" + quote(words, safe=""))
        case "token":
            return phone.get("/t/" + quote(words, safe=""))
        case "cookie":
            return phone.get("/home", headers={"Cookie": f"motcua_phone={printable}"})
    return phone.get("/", headers={"Referer": printable})


def changed_by(phone: httpx.Client, field: str, payloads: list[str]) -> list[str]:
    """The words that change what a page is made of."""
    place = token_of(take(phone, "/home/trap"))
    eventually(lambda: 'class="shown"' not in phone.get("/").text)  # what the test before has left there
    known = [skeleton(sent(phone, field, words, place)) for words in ("harmless", "?", "")]
    return [words for words in payloads if skeleton(sent(phone, field, words, place)) not in known]


@pytest.mark.parametrize("field", FIELDS)
def test_no_words_in_a_field_change_what_a_page_is_made_of(phone: httpx.Client, field: str) -> None:
    some = PAYLOADS[FIELDS.index(field) :: len(FIELDS) + 2]
    assert changed_by(phone, field, some) == []


@pytest.mark.long
@pytest.mark.parametrize("field", FIELDS)
def test_none_of_all_words_in_any_field_changes_a_page(phone: httpx.Client, field: str) -> None:
    assert changed_by(phone, field, PAYLOADS) == []


@pytest.mark.parametrize(
    "path", ["//evil.example/a", "/%5Cevil.example", "/%5C/evil.example", "///evil.example", "/a%3Fb%23c"]
)
def test_no_address_makes_a_page_lead_elsewhere(running: RunningHall, path: str) -> None:
    with running.visitor() as phone:
        page = phone.get(running.url + path)
    (href,) = re.findall(r'class="language" href="([^"]*)"', page.text)
    assert "\\" not in href
    assert urljoin(running.url, href).startswith(f"{running.url}/")
    assert urlsplit(href).query == "lang=en"


@pytest.mark.browser
def test_names_of_the_hall_file_are_only_shown(running: RunningHall, phone_page: Page) -> None:
    dialogs: list[str] = []
    phone_page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    running.issue("trap")
    for path in ("/", "/home", "/home/trap", "/?lang=en", "/home/trap?lang=en"):
        phone_page.goto(running.url + path)
        expect(phone_page.get_by_text(TRAP).first).to_be_visible()
        assert phone_page.title() != "pwned"
        assert phone_page.locator("main img, main script").count() == 0
    assert dialogs == []
