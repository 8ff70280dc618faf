"""The hall's public page with a real server behind it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.running import eventually
from tests.web.running import RunningHall


@pytest.fixture
def visitor(running: RunningHall) -> Iterator[httpx.Client]:
    """Somebody who only looks."""
    with running.visitor() as client:
        yield client


def test_everybody_reads_who_is_served_how_many_wait_and_whether_numbers_are_given(
    running: RunningHall, visitor: httpx.Client
) -> None:
    called, _waiting = running.issue().ticket, running.issue()
    running.open("q1", "012")
    running.call_next("q1")
    eventually(lambda: called.number in visitor.get("/").text)
    page = visitor.get("/")
    for words in ("Quầy 1", "mời đến quầy", "1 người đang chờ", "Đang cấp số", "00:00–24:00", "1 Đường Thử"):
        assert words in page.text
    english = visitor.get("/?lang=en").text
    for words in ("Counter 1", "please come", "1 waiting", "Numbers are given", "Civil status, certification"):
        assert words in english


def test_without_scripts_the_page_loads_itself_anew(visitor: httpx.Client) -> None:
    assert '<noscript><meta http-equiv="refresh"' in visitor.get("/").text


def test_an_open_page_learns_by_its_part_that_something_has_changed(
    running: RunningHall, visitor: httpx.Client
) -> None:
    eventually(lambda: "người đang chờ" not in visitor.get("/status").text)
    before = visitor.get("/status").headers["etag"]
    running.issue()
    eventually(lambda: "1 người đang chờ" in visitor.get("/status").text)
    assert visitor.get("/status").headers["etag"] != before


def test_the_page_and_its_part_set_no_cookie_and_name_no_person(running: RunningHall, visitor: httpx.Client) -> None:
    running.open("q1", "012")
    for path in ("/", "/status"):
        answer = visitor.get(path)
        assert "set-cookie" not in answer.headers
        assert "Cán bộ thử" not in answer.text
