"""A thousand payloads through every field of ratings, comments, call-backs and announcements: none is run.

The pages are filled by the program's own templates and opened without its Content-Security-Policy: escaping alone must
do. One test goes the whole way through a real hall.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from protocol.client import HallClient
from protocol.commands import RateTicket
from protocol.keys import read_keys
from protocol.replies import AnnouncementInfo, CallbackInfo, HallReply, NamedInfo, RatingHabits
from tests.running import PATIENCE, eventually
from tests.web.clocked_hall import ClockedHall
from tests.web.payloads import HARMLESS, PAYLOADS
from tests.web.rating_steps import served
from tests.web.sample import AT
from tests.web.sessions import lead
from tests.web.supervisor_halls import LED_HALL, scene
from web.pages import render
from web.phone.view import PhonePage
from web.rating.draft import Draft
from web.rating.pairing import CODE_LETTERS
from web.supervisor import announcing
from web.supervisor.scene import Scene
from web.supervisor.session import SupervisorSession

pytestmark = pytest.mark.browser
SESSION = SupervisorSession("078", "Trưởng bộ phận", "supervisor")
PLACES: dict[str, Any] = {"hall": LED_HALL, "session": SESSION, "leads": True, "here": "/supervisor/x", "notice": ""}
COUNT = """() => ({
  hits: window.hits || 0,
  elements: document.querySelectorAll("*").length,
  handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).length,
  scripts: document.querySelectorAll("script, iframe, object, base, svg [onload], a[href^='javascript']").length,
})"""  # noqa: E501


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that counts what was run in it, and answers every question of the browser with no."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    context.set_default_timeout(1000 * PATIENCE)
    context.add_init_script("window.hits = 0; window.pwned = window.alert = () => { window.hits += 1; };")
    yield context.new_page()
    context.close()


def looked_at(page: Page, html: str) -> dict[str, int]:
    """What a browser makes of a page: touched everywhere, as somebody would who looks for trouble."""
    page.set_content(html, wait_until="load")
    page.evaluate(
        """() => { for (const one of document.querySelectorAll("body *")) {
          for (const kind of ["mouseover", "focus", "toggle", "error", "load"]) one.dispatchEvent(new Event(kind));
        } }"""
    )
    found: dict[str, int] = page.evaluate(COUNT)
    return found


def phone_hall(words: list[str]) -> HallReply:
    """A hall whose reasons and criteria are named so."""
    reasons = [NamedInfo(f"r{place}", one, one) for place, one in enumerate(words[:60])]
    return replace(
        LED_HALL, name=words[0], rating_reasons=reasons, rating=RatingHabits(reasons[:10], 30, callbacks=True)
    )


def comments_page(words: list[str]) -> str:
    days = {"day": AT.date(), "newest": AT.date(), "before": "2026-03-01", "after": ""}
    return render("supervisor/comments.html", "vi", groups=[(words[0], words)], **days, **PLACES)


def callbacks_page(words: list[str]) -> str:
    callbacks = [CallbackInfo(str(place), AT.date(), one[:100], one) for place, one in enumerate(words)]
    return render("supervisor/callbacks.html", "vi", callbacks=callbacks, **PLACES)


def announcements(words: list[str]) -> Scene:
    made = [
        AnnouncementInfo(
            place, ("ticker", "announcement", "emergency")[place % 3], one[:300], "", AT, None, [one], True
        )
        for place, one in enumerate(words)
    ]
    seen = scene()
    return Scene(seen.hall, seen.overview, "vi", made)


def announcements_part(words: list[str]) -> str:
    return render("supervisor/announcements.html", "vi", running=announcing.running(announcements(words)), leads=True)


def unsent_page(words: list[str]) -> str:
    fields = [pair for one in words for pair in Draft("a" * 12, 1, (one,), {one: 1}, one, one).fields()]
    return render("rating/unsent.html", "vi", hall=LED_HALL, token=words[0], fields=fields, path="/t/x")


def again_pages(words: list[str]) -> str:
    hall = phone_hall(words)
    view = PhonePage("rate", "A001", "x", "finished", "x", counter="Quầy 1")
    drafts = [Draft("a" * 12, 2, ("r1",), {"r1": 3}, one, one) for one in words]
    values = {"hall": hall, "view": view, "token": "t", "notice": words[1], "request_id": "a" * 12, "path": "/t/x"}
    first = render("rating/again.html", "vi", draft=drafts[0], **values)
    parts = [str(render("phone/rate.html", "vi", draft=draft, **values)) for draft in drafts[1::20]]
    return first + "".join(parts)


def pair_pages(words: list[str]) -> str:
    return "".join(
        render("rating/pair.html", "vi", hall=LED_HALL, counter=one, base="/counter/x/rating", code=one, notice=one)
        for one in words[::10]
    )


def code_pages(words: list[str]) -> str:
    codes = [one[:CODE_LETTERS] for one in words]
    return pair_pages(codes)


@pytest.mark.parametrize(
    "make",
    [comments_page, callbacks_page, announcements_part, unsent_page, again_pages, pair_pages, code_pages],
)
def test_a_thousand_payloads_stay_words(page: Page, make: Callable[[list[str]], str]) -> None:
    harmless = looked_at(page, make(HARMLESS))
    hostile = looked_at(page, make(PAYLOADS))
    assert len(PAYLOADS) == 1000
    assert hostile["hits"] == 0
    assert hostile == harmless


def test_the_same_payloads_do_run_where_nobody_escapes(page: Page) -> None:
    page.set_content("<div id=place></div>")
    page.evaluate("(words) => { document.getElementById('place').innerHTML = words.join(' '); }", PAYLOADS[45:90])
    expect(page.locator("img").first).to_be_attached()
    eventually(lambda: page.evaluate("window.hits") > 0)


# ---- the whole way ---------------------------------------------------------------------------------


def packed(words: list[str], letters: int = 1000) -> list[str]:
    """The words in as few comments as they fit into."""
    comments = [""]
    for one in words:
        if len(comments[-1]) + len(one) + 1 > letters:
            comments.append("")
        comments[-1] += f"{one}\n"
    return comments


def test_what_citizens_wrote_is_read_the_day_after_as_words(tmp_path: Path, desk_page: Page) -> None:
    evening = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
    hall = ClockedHall(tmp_path, evening)
    try:
        phone = HallClient(read_keys(hall.data / "keys" / "phone.json"))
        for comment in packed(PAYLOADS):
            phone.call(RateTicket(served(hall).token, 2, comment=comment))
            phone.call(RateTicket(served(hall).token, 2, comment=comment, contact=comment[:100]))
        phone.close()
        lead(desk_page, hall)
        desk_page.goto(f"{hall.url}/supervisor/comments")
        expect(desk_page.locator("main")).to_contain_text("Không có góp ý nào")
        hall.go_on(evening + dt.timedelta(days=1))
        desk_page.goto(f"{hall.url}/supervisor/comments")
        expect(desk_page.locator("h2")).to_have_text("02/03/2026")
        expect(desk_page.locator(".said li")).to_have_count(len(packed(PAYLOADS)))
        expect(desk_page.locator(".said h3")).to_contain_text("Hộ tịch")
        desk_page.screenshot(path=tmp_path / "comments.png")
        desk_page.goto(f"{hall.url}/supervisor/callbacks")
        expect(desk_page.locator(".callbacks li")).to_have_count(len(packed(PAYLOADS)))
        assert desk_page.evaluate("document.querySelectorAll('main script, main img, main iframe').length") == 0
    finally:
        hall.close()
