"""What a tablet shows, how it is paired, and what a form becomes: without a hall."""

import datetime as dt
from pathlib import Path

import pytest
from starlette.datastructures import FormData

from protocol.replies import DeskReply, TicketView
from protocol.words import Origin, TicketState
from tests.web.sample import AT, desk, ticket
from web.rating.draft import command_of, read_draft
from web.rating.pairing import CODE_MINUTES, VOTE_MINUTES, Tablets
from web.rating.phase import tablet_now
from web.rating.voting import NoVote, read_vote

NOW = AT + dt.timedelta(minutes=20)
"""When the desks of `tests.web.sample` are looked at."""


def ended(seconds_ago: float = 10, **fields: object) -> TicketView:
    facts = {"finished_at": NOW - dt.timedelta(seconds=seconds_ago), "counter_id": "q1", **fields}
    return ticket(TicketState.FINISHED, **facts)


# ---- what it shows -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("looked_at", "kind", "number"),
    [
        (desk(), "idle", ""),
        (desk(operator_id=None), "closed", ""),
        (desk(status={"paused_reason_id": "break"}), "paused", ""),
        (desk(ticket(TicketState.CALLED)), "called", "A007"),
        (desk(ticket(TicketState.SERVING)), "serving", "A007"),
        (desk(ticket(TicketState.SERVING, origin=Origin.BACK_OFFICE)), "idle", ""),
    ],
)
def test_the_tablet_follows_its_counter(looked_at: DeskReply, kind: str, number: str) -> None:
    now = tablet_now(looked_at, 30)
    assert (now.kind, now.number, now.stars) == (kind, number, None)


def test_stars_stand_for_their_seconds_after_the_end() -> None:
    stars = tablet_now(desk(done=[ended(10)]), 30).stars
    assert stars is not None
    assert (stars.ticket_id, stars.number, stars.seconds) == (7, "A007", 20)
    assert tablet_now(desk(done=[ended(30)]), 30).stars is None
    assert tablet_now(desk(done=[ended(31)]), 60).stars is not None


def test_who_serves_cannot_end_the_stars_by_calling_on() -> None:
    for state in (TicketState.CALLED, TicketState.SERVING):
        now = tablet_now(desk(ticket(state, ticket_id=8, number="A008"), done=[ended(3)]), 30)
        assert now.stars is not None
        assert now.stars.number == "A007"
        assert now.number == "A008"


def test_nothing_is_asked_of_who_has_rated_nor_where_no_citizen_was() -> None:
    assert tablet_now(desk(done=[ended(rated=True)]), 30).stars is None
    assert tablet_now(desk(done=[ended(origin=Origin.BACK_OFFICE)]), 30).stars is None


def test_only_the_last_who_was_served_is_asked() -> None:
    stars = tablet_now(desk(done=[ended(2, ticket_id=9), ended(8, ticket_id=8)]), 30).stars
    assert stars is not None
    assert stars.ticket_id == 9


# ---- pairing -----------------------------------------------------------------------------


class Minutes:
    """A clock that goes only when told."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> dt.datetime:
        return self.now

    def go(self, minutes: float) -> None:
        self.now += dt.timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Minutes:
    return Minutes()


@pytest.fixture
def tablets(tmp_path: Path, clock: Minutes) -> Tablets:
    return Tablets(tmp_path / "keys" / "tablets.json", clock)


def test_a_code_pairs_one_tablet_with_its_counter_once(tablets: Tablets) -> None:
    code, until = tablets.invite("q1")
    assert until == AT + dt.timedelta(minutes=CODE_MINUTES)
    tablet = tablets.pair(f" {code[:4].lower()}-{code[4:]} ")
    assert tablet is not None
    assert tablet.counter_id == "q1"
    assert tablets.pair(code) is None


def test_a_code_ends_with_its_minutes_with_a_newer_one_and_with_unpairing(tablets: Tablets, clock: Minutes) -> None:
    late, _ = tablets.invite("q1")
    clock.go(CODE_MINUTES + 0.1)
    assert tablets.pair(late) is None
    older, _ = tablets.invite("q1")
    other, _ = tablets.invite("q2")
    newer, _ = tablets.invite("q1")
    assert tablets.pair(older) is None
    tablets.unpair("q1")
    assert tablets.pair(newer) is None
    assert tablets.pair(other) is not None


def test_what_is_no_code_pairs_nothing(tablets: Tablets) -> None:
    tablets.invite("q1")
    assert [word for word in ("", "AAAAAAAA", "\0", "Ấ" * 8, "A" * 999) if tablets.pair(word)] == []


def test_a_cookie_is_good_for_one_counter_until_it_is_unpaired_and_over_restarts(
    tablets: Tablets, tmp_path: Path
) -> None:
    tablet = tablets.pair(tablets.invite("q1")[0])
    assert tablet is not None
    cookie = tablets.cookie(tablet)
    again = Tablets(tmp_path / "keys" / "tablets.json")
    assert again.known(cookie, "q1") == tablet
    assert again.known(cookie, "q2") is None
    assert again.known(cookie + "x", "q1") is None
    assert again.known(f"{cookie[:-3]}AAA", "q1") is None
    again.unpair("q1")
    assert again.known(cookie, "q1") is None


def test_the_file_is_its_owners_alone_and_holds_no_code(tablets: Tablets, tmp_path: Path) -> None:
    code, _ = tablets.invite("q1")
    path = tmp_path / "keys" / "tablets.json"
    assert path.stat().st_mode & 0o077 == 0
    assert code not in path.read_text()


def test_a_broken_file_unpairs_everybody_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "tablets.json"
    path.write_text("{")
    assert Tablets(path).at("q1") == []
    assert "every tablet must be paired anew" in caplog.text


# ---- the vote of a tablet ---------------------------------------------------------------------


def test_a_ballot_is_of_one_tablet_one_ticket_and_some_minutes(tablets: Tablets) -> None:
    mine, other = (tablets.pair(tablets.invite("q1")[0]) for _ in range(2))
    assert mine is not None
    assert other is not None
    ballot = tablets.ballot(mine, 7)
    assert tablets.ticket_of(ballot, mine) == 7
    assert tablets.ticket_of(ballot, other) is None
    assert tablets.ticket_of(tablets.cookie(mine), mine) is None
    assert tablets.ticket_of(ballot[:-1], mine) is None
    assert VOTE_MINUTES >= 2


def test_a_vote_keeps_reasons_and_words_of_low_scores_only(tablets: Tablets) -> None:
    tablet = tablets.pair(tablets.invite("q1")[0])
    assert tablet is not None
    said = [("reason", f"r{n}") for n in (1, 1, 2, 3, 4)] + [("comment", " Chờ lâu ")]
    form = [("ballot", tablets.ballot(tablet, 7)), *said]
    low = read_vote(FormData([*form, ("score", "3")]), tablet, tablets)
    assert (low.counter_id, low.ticket_id, low.score) == ("q1", 7, 3)
    assert (low.reasons, low.comment) == (["r1", "r2", "r3"], "Chờ lâu")
    high = read_vote(FormData([*form, ("score", "4")]), tablet, tablets)
    assert (high.reasons, high.comment) == ([], "")
    for score in ("", "0", "6", "5.0", "five", "-1"):
        with pytest.raises(NoVote):
            read_vote(FormData([*form, ("score", score)]), tablet, tablets)


# ---- the form of a phone --------------------------------------------------------------------


def test_a_form_becomes_a_rating_and_what_does_not_fit_is_left_out() -> None:
    fields = [("score", "2"), ("request_id", "a" * 12), ("reason", "long-wait"), ("comment", "Dòng một\r\nDòng hai")]
    criteria = [("criterion:time", "1"), ("criterion:attitude", ""), ("criterion:result", "9")]
    draft = read_draft(FormData([*fields, *criteria, ("contact", " 0901 234 567 ")]))
    assert draft.fault == ""
    command = command_of(draft, "t", "m")
    assert (command.score, command.reasons, command.criteria) == (2, ["long-wait"], {"time": 1})
    assert (command.comment, command.contact, command.mark) == ("Dòng một\nDòng hai", "0901 234 567", "m")


def test_a_form_without_score_or_with_too_many_reasons_says_what_to_change() -> None:
    many = [("reason", f"r{n}") for n in range(4)]
    assert read_draft(FormData([])).fault == "phone.score_missing"
    assert read_draft(FormData([("score", "3"), *many])).fault == "rating.too_many_reasons"
    content = read_draft(FormData([("score", "4"), *many]))
    assert content.fault == ""
    assert command_of(content, "t", "").reasons == []


def test_a_draft_gives_back_all_that_was_typed() -> None:
    sent = [("request_id", "a" * 12), ("score", "1"), ("comment", "Ý kiến"), ("contact", "an@vi.du")]
    sent += [("reason", "x"), ("reason", "y"), ("criterion:time", "5")]
    draft = read_draft(FormData([*sent]))
    assert sorted(draft.fields()) == sorted(sent)
    assert read_draft(FormData([*draft.fields()])) == draft
