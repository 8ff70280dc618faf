"""Comments on the supervisor's page: only of days that are over, only by service, in an order that tells nothing."""

import datetime as dt

import httpx

from protocol.replies import CommentInfo, Snapshot
from tests.web.rating_steps import send_rating, served
from tests.web.running import RunningHall
from tests.web.sample import HALL
from tests.web.supervisor_halls import AUDITOR, sign_in
from web.supervisor.comments import by_service


def today(running: RunningHall) -> dt.date:
    """The hall's service day."""
    snapshot: Snapshot = running.snapshot()
    assert snapshot.service_day is not None
    return snapshot.service_day


def test_comments_stand_under_their_service_by_their_letters() -> None:
    written = [CommentInfo("gone", "x"), CommentInfo("ho-tich", "Chờ lâu"), CommentInfo("ho-tich", "Ấm áp")]
    assert by_service(HALL, written, "vi") == [("Hộ tịch", ["Chờ lâu", "Ấm áp"]), ("gone", ["x"])]
    assert by_service(HALL, written[::-1], "vi") == by_service(HALL, written, "vi")
    assert by_service(HALL, written, "en")[0][0] == "Civil status"


def test_what_is_written_today_is_not_told_today(running: RunningHall, leading: httpx.Client) -> None:
    send_rating(running, served(running).token, score="2", comment="Quầy này chậm quá")
    for day in ("", today(running).isoformat(), "2999-01-01", "yesterday"):
        page = leading.get("/supervisor/comments", params={"day": day})
        assert page.status_code == 200
        assert "chậm quá" not in page.text
        yesterday = today(running) - dt.timedelta(days=1)
        assert f'value="{yesterday.isoformat()}" max="{yesterday.isoformat()}"' in page.text


def test_any_earlier_day_can_be_chosen(running: RunningHall, leading: httpx.Client) -> None:
    page = leading.get("/supervisor/comments?day=2026-03-02").text
    assert "Không có góp ý nào trong ngày này" in page
    assert "day=2026-03-01" in page
    assert "day=2026-03-03" in page
    assert leading.get("/supervisor/comments?day=0001-01-01").status_code == 200


def test_only_who_leads_reads_comments(running: RunningHall) -> None:
    with running.visitor() as auditor:
        sign_in(auditor, AUDITOR)
        assert "không có quyền" in auditor.get("/supervisor/comments").text
        assert "/supervisor/comments" not in auditor.get("/supervisor").text
    with running.visitor() as stranger:
        assert stranger.get("/supervisor/comments").headers["location"] == "/supervisor/sign-in"


def test_the_other_language_tells_the_same_day(leading: httpx.Client) -> None:
    page = leading.get("/supervisor/comments", params={"day": "2026-01-05", "x": '"><b>'}).text
    assert 'href="/supervisor/comments?day=2026-01-05&amp;x=%22%3E%3Cb%3E&amp;lang=en"' in page
    assert 'href="/supervisor/comments?lang=en"' in leading.get("/supervisor/comments").text
