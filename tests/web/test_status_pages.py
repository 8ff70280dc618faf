"""The hall's public page with a real server behind it."""

import httpx

from tests.running import eventually
from tests.web.running import RunningHall


def test_everybody_reads_who_is_served_how_many_wait_and_whether_numbers_are_given(running: RunningHall) -> None:
    called, _waiting = running.issue().ticket, running.issue()
    running.open("q1", "012")
    running.call_next("q1")
    eventually(lambda: called.number in shown(running).text)
    page = shown(running)
    for words in ("Quầy 1", "mời đến quầy", "1 người đang chờ", "Đang cấp số", "00:00–24:00", "1 Đường Thử"):
        assert words in page.text


def shown(running: RunningHall, path: str = "/") -> httpx.Response:
    with running.visitor() as visitor:
        return visitor.get(path)
