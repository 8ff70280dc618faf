"""A counter's tablet over HTTP, with a real server: who is paired, who may vote, what it is told."""

import json
from collections.abc import Iterator

import httpx
import pytest

from protocol.client import new_request_id
from protocol.commands import RateAtCounter, RateTicket
from protocol.errors import Forbidden
from tests.web.rating_steps import new_code, paired, send_rating, served, unpair
from tests.web.running import PIN, RunningHall
from tests.web.supervisor_halls import sign_in

PAGE = "/counter/q1/rating"


@pytest.fixture
def tablet(running: RunningHall) -> Iterator[httpx.Client]:
    """A tablet at counter q1."""
    with paired(running) as found:
        yield found
    unpair(running)


def ballot_of(tablet: httpx.Client, page: str = PAGE) -> str:
    """The ballot that the tablet holds now."""
    return str(tablet.get(f"{page}/state").json()["stars"]["ballot"])


def vote(tablet: httpx.Client, ballot: str, score: int = 5, page: str = PAGE, **fields: object) -> httpx.Response:
    """Send a vote as the tablet's page does."""
    body = {"ballot": ballot, "score": str(score), "request_id": new_request_id(), **fields}
    return tablet.post(f"{page}/vote", data=body)


def last(running: RunningHall, counter_id: str = "q1") -> bool:
    """Whether the ticket that a counter finished last is rated."""
    return running.desk_of(counter_id).done[0].rated


# ---- pairing ------------------------------------------------------------------------------


def test_an_unpaired_tablet_is_asked_for_a_code_and_told_nothing(running: RunningHall) -> None:
    number = served(running).ticket.number
    with running.visitor() as stranger:
        page = stranger.get(PAGE)
        assert page.status_code == 200
        assert "Mã ghép máy" in page.text
        assert number not in page.text
        for path in ("state", "events"):
            assert stranger.get(f"{PAGE}/{path}").status_code == 403
        assert stranger.post(f"{PAGE}/vote", data={"score": "5"}).status_code == 403
        assert stranger.get("/counter/none/rating").status_code == 404


def test_a_code_works_once_and_leads_to_its_own_counter(running: RunningHall) -> None:
    code = new_code(running, "q2")
    with running.visitor() as tablet:
        answer = tablet.post(f"{PAGE}/pair", data={"code": code})
        assert answer.headers["location"] == "/counter/q2/rating"
        assert "data-view" in tablet.get("/counter/q2/rating").text
        assert "Mã ghép máy" in tablet.get(PAGE).text
        assert tablet.get(f"{PAGE}/state").status_code == 403
    with running.visitor() as late:
        refused = late.post(f"{PAGE}/pair", data={"code": code})
        assert refused.status_code == 403
        assert "đã dùng hoặc đã hết hạn" in refused.text
    unpair(running, "q2")


def test_its_cookie_is_strict_and_goes_to_no_other_page(running: RunningHall) -> None:
    with running.visitor() as tablet:
        cookie = tablet.post(f"{PAGE}/pair", data={"code": new_code(running)}).headers["set-cookie"].lower()
        assert cookie.startswith("motcua_tablet=")
        assert {"httponly", "samesite=strict", "path=/counter"} <= {part.strip() for part in cookie.split(";")}
    unpair(running)


def test_a_tablet_that_moves_to_another_counter_leaves_none_behind(running: RunningHall, tablet: httpx.Client) -> None:
    assert tablet.post(f"{PAGE}/pair", data={"code": new_code(running, "q2")}).status_code == 303
    with running.visitor() as leader:
        sign_in(leader)
        rows = leader.get("/supervisor/tablets").text.split("<tr>")
    assert [row.count('class="since"') for row in rows if "Quầy 1<" in row or "Quầy 2<" in row] == [0, 1]
    unpair(running, "q2")


def test_the_page_has_nothing_that_leads_away(tablet: httpx.Client) -> None:
    page = tablet.get(PAGE).text
    assert "<a " not in page
    assert "<form" not in page
    assert len(page) + sum(len(tablet.get(f"/static/rating.{kind}").content) for kind in ("css", "js")) < 60_000


def test_an_unpaired_tablet_has_lost_its_counter_at_once(running: RunningHall, tablet: httpx.Client) -> None:
    served(running)
    ballot = ballot_of(tablet)
    unpair(running)
    assert tablet.get(f"{PAGE}/state").status_code == 403
    assert vote(tablet, ballot).status_code == 403
    assert not last(running)


# ---- voting ---------------------------------------------------------------------------------


def test_who_was_served_rates_once_at_the_tablet(running: RunningHall, tablet: httpx.Client) -> None:
    mine = served(running)
    ballot = ballot_of(tablet)
    assert vote(tablet, ballot, 2, reason=["long-wait", "other"], comment="Chờ lâu").json() == {"refusal": ""}
    assert last(running)
    assert "đã được đánh giá" in vote(tablet, ballot).json()["refusal"]
    assert tablet.get(f"{PAGE}/state").json()["stars"] is None
    assert send_rating(running, mine.token).status_code == 303


def test_a_vote_sent_again_under_its_id_is_taken_once(running: RunningHall, tablet: httpx.Client) -> None:
    served(running)
    ballot, request_id = ballot_of(tablet), new_request_id()
    for _ in range(3):
        assert vote(tablet, ballot, request_id=request_id).json() == {"refusal": ""}


def test_a_tablet_whose_phone_was_quicker_shows_no_stars(running: RunningHall, tablet: httpx.Client) -> None:
    mine = served(running)
    send_rating(running, mine.token)
    assert tablet.get(f"{PAGE}/state").json()["stars"] is None


@pytest.mark.parametrize("state", ["waiting", "called", "serving"])
def test_before_the_end_there_is_no_ballot(running: RunningHall, tablet: httpx.Client, state: str) -> None:
    running.open("q1", "012")
    running.issue()
    if state != "waiting":
        called = running.call_next("q1").ticket
        assert called is not None
        if state == "serving":
            running.start("q1", called.ticket_id)
    seen = tablet.get(f"{PAGE}/state").json()
    assert seen["stars"] is None
    assert seen["kind"] == {"waiting": "idle"}.get(state, state)


def test_a_forged_ballot_and_that_of_another_tablet_are_refused(running: RunningHall, tablet: httpx.Client) -> None:
    served(running)
    ballot = ballot_of(tablet)
    with paired(running, "q2") as other:
        served(running, "q2", "034")
        foreign = ballot_of(other, "/counter/q2/rating")
        for word in ("", "x", ballot[:-2] + "AA", foreign, ballot.swapcase()):
            assert vote(tablet, word).status_code == 400
        assert vote(other, ballot, page="/counter/q2/rating").status_code == 400
        assert vote(other, foreign).status_code == 403
    assert not last(running)
    assert not last(running, "q2")
    unpair(running, "q2")


def test_a_page_of_the_desk_cannot_vote(running: RunningHall, tablet: httpx.Client) -> None:
    served(running)
    ballot = ballot_of(tablet)
    with running.visitor() as officer:
        officer.post("/desk/sign-in", data={"operator": "034", "pin": PIN, "counter": "q3"})
        assert vote(officer, ballot).status_code == 403
        for path in ("rate", "rating", "vote", "command"):
            answer = officer.post(f"/desk/{path}", data={"do": "rate_at_counter", "score": "5", "ballot": ballot})
            assert answer.status_code in {400, 404, 405}
        for name in officer.cookies:
            tablet.cookies.set(name, officer.cookies[name], path="/desk")
    for sender in (f"{running.url}/desk", f"{running.url}/", "", f"{running.url}/counter/q2/rating"):
        tablet.headers["Referer"] = sender
        assert vote(tablet, ballot).status_code == 403
    assert not last(running)


def test_the_keys_of_the_desk_cannot_vote(running: RunningHall) -> None:
    mine = served(running)
    with pytest.raises(Forbidden):
        running.desk.call(RateAtCounter("q1", mine.ticket.ticket_id, 5))
    with pytest.raises(Forbidden):
        running.desk.call(RateTicket(mine.token, 5))
    assert not last(running)


# ---- the stream ---------------------------------------------------------------------------------


def test_the_stream_tells_each_step_and_that_the_hall_lives(running: RunningHall, tablet: httpx.Client) -> None:
    running.open("q1", "012")
    with tablet.stream("GET", f"{PAGE}/events") as stream:
        lines = stream.iter_lines()
        assert _next(lines, "state")["kind"] == "idle"
        assert _next(lines, "beat") == {"hall": True}
        mine = running.issue()
        running.call_next("q1")
        told = _next(lines, "state")
        while told["kind"] == "idle":
            told = _next(lines, "state")
        assert (told["kind"], told["number"]) == ("called", mine.ticket.number)


def test_an_open_tablet_is_counted_as_a_tablet_and_not_as_a_desk(running: RunningHall, tablet: httpx.Client) -> None:
    before = running.health()
    with tablet.stream("GET", f"{PAGE}/events") as stream:
        lines = stream.iter_lines()
        assert _next(lines, "beat") == {"hall": True}
        now = running.health()
    assert (now["desks"], now["tablets"]) == (before["desks"], before["tablets"] + 1)


def _next(lines: Iterator[str], event: str) -> dict[str, object]:
    """The data of the next event of this name."""
    for line in lines:
        if line == f"event: {event}":
            found = json.loads(next(lines).removeprefix("data: "))
            assert isinstance(found, dict)
            return found
    raise AssertionError(f"the stream ended without {event}")


def test_restarts_unpair_no_tablet_and_wrong_codes_get_slow(fresh: RunningHall) -> None:
    with paired(fresh) as tablet:
        served(fresh)
        ballot = ballot_of(tablet)
        fresh.web.terminate()
        fresh.web.wait()
        fresh.web = fresh.start_web()
        fresh.wait_until_online()
        assert vote(tablet, ballot).json() == {"refusal": ""}
        fresh.server.terminate()
        fresh.server.wait()
        assert vote(tablet, ballot).status_code == 503
        fresh.server = fresh.start_server()
        served(fresh)
        assert vote(tablet, ballot_of(tablet)).json() == {"refusal": ""}
        assert last(fresh)
    _wrong_codes_get_slow(fresh)


def _wrong_codes_get_slow(fresh: RunningHall) -> None:
    """In a hall of its own, since others pair tablets from the same address."""
    code = new_code(fresh)
    with fresh.visitor() as guesser:
        tried = [guesser.post(f"{PAGE}/pair", data={"code": "A" * 8}) for _ in range(5)]
        assert [one.status_code for one in tried] == [403, 403, 403, 429, 429]
        assert "Vui lòng chờ một lát" in tried[-1].text
        assert guesser.post(f"{PAGE}/pair", data={"code": code}).status_code == 303  # whoever guesses at that address
