"""Every way to give a rating that is not one's own, and what the database would tell about those that were given."""

import base64
import itertools
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from protocol import commands as cmd
from protocol import replies as re
from protocol.errors import InvalidToken
from queue_server.domain.roles import ALLOWED
from queue_server.domain.rows import Device
from queue_server.domain.token import make_token, read_token
from queue_server.sealing import FileSealer
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import DESK, PHONE, SmallHall

TABLET = Device("tablet", "tablet", "t")
BOX = Device("box", "counter", "b", "1")
MAC_BYTES = 16
SCORES = [1, 5, 2, 2, 4, 3, 5, 1, 3, 4, 4, 5] * 5
"""In an order that nobody could guess from the scores alone."""


@pytest.fixture
def hall() -> SmallHall:
    """A small hall with two open counters."""
    hall = SmallHall()
    hall.open("1", "3")
    return hall


# ---- before, twice, too late, for another ---------------------------------------


def test_nobody_rates_before_the_service_has_ended(hall: SmallHall) -> None:
    issued = hall.issue("land")
    ticket_id = issued.ticket.ticket_id
    steps: list[cmd.Command | None] = [
        None,
        cmd.CallNext("1"),
        cmd.StartServing("1", ticket_id),
        cmd.ParkTicket("1", ticket_id, 10),
        cmd.ResumeTicket("1", ticket_id),
        cmd.MarkNoShow("1", ticket_id),
        cmd.RestoreTicket(ticket_id, "1"),
        cmd.CancelTicket(ticket_id=ticket_id),
    ]
    for step in steps:
        if step is not None:
            assert not isinstance(hall.ask(step), re.Refused), step
        assert hall.refusal(cmd.RateTicket(issued.token, 5), PHONE) == "not_yet_served"
        assert hall.refusal(cmd.RateAtCounter("1", ticket_id, 5), TABLET) == "not_at_this_counter"
    assert hall.scores() == []


def test_a_ticket_has_one_rating_whichever_way_the_second_comes(hall: SmallHall) -> None:
    issued = hall.issue("land")
    served = hall.serve("1")
    hall.get(re.DoneReply, cmd.RateTicket(issued.token, 2), PHONE)
    assert hall.refusal(cmd.RateTicket(issued.token, 5), PHONE) == "already_rated"
    assert hall.refusal(cmd.RateAtCounter("1", served.ticket_id, 5), TABLET) == "already_rated"
    assert hall.refusal(cmd.RateAtCounter("1", served.ticket_id, 5), BOX) == "already_rated"
    assert hall.scores() == [2]


def test_a_rating_that_is_sent_again_counts_once(hall: SmallHall) -> None:
    issued = hall.issue("land")
    hall.serve("1")
    for _ in range(3):
        hall.ask(cmd.RateTicket(issued.token, 4), PHONE, "the-same-request")
    assert hall.scores() == [4]


def test_a_rating_closes_after_the_hours_of_the_hall(hall: SmallHall) -> None:
    issued = hall.issue("land")
    served = hall.serve("1")
    hall.clock.tick(24 * 60 + 1)
    assert hall.refusal(cmd.RateTicket(issued.token, 5), PHONE) == "rating_closed"
    assert hall.refusal(cmd.RateAtCounter("1", served.ticket_id, 5), TABLET) == "rating_closed"


def test_a_counter_rates_only_who_it_served_last(hall: SmallHall) -> None:
    hall.issue("land")
    first = hall.serve("1")
    hall.issue("land")
    second = hall.serve("3")
    assert hall.refusal(cmd.RateAtCounter("1", second.ticket_id, 5), TABLET) == "not_at_this_counter"
    assert hall.refusal(cmd.RateAtCounter("3", first.ticket_id, 5), TABLET) == "not_at_this_counter"
    hall.issue("land")
    third = hall.serve("1")
    assert hall.refusal(cmd.RateAtCounter("1", first.ticket_id, 5), TABLET) == "not_at_this_counter"
    assert isinstance(hall.ask(cmd.RateAtCounter("1", third.ticket_id, 5), TABLET), re.DoneReply)
    assert hall.scores() == [5]


def test_a_token_is_of_one_ticket_one_hall_and_one_life_of_its_database(hall: SmallHall) -> None:
    mine, other = hall.issue("land"), hall.issue("land")
    hall.serve("1")
    hall.serve("1")
    swapped = make_token(b"other key" * 4, hall.service.hall.epoch, other.ticket.ticket_id)
    old = make_token(hall.storage.token_key, "another epoch", mine.ticket.ticket_id)
    mixed = other.token[:8] + mine.token[8:]
    for token in (swapped, old, mixed, mine.token[:-1], mine.token + "A", mine.token.swapcase(), "x", "/" * 30):
        assert hall.refusal(cmd.RateTicket(token, 5), PHONE) in {"invalid_token", "unknown_ticket"}
    assert hall.scores() == []


# ---- who may ask ------------------------------------------------------------------


@pytest.mark.parametrize("role", ["desk", "kiosk", "display", "admin", "auditor"])
def test_no_device_but_those_of_citizens_rates(hall: SmallHall, role: str) -> None:
    issued = hall.issue("land")
    served = hall.serve("1")
    device = Device(role, role, "k")
    assert hall.refusal(cmd.RateTicket(issued.token, 5), device) == "forbidden"
    assert hall.refusal(cmd.RateAtCounter("1", served.ticket_id, 5), device) == "forbidden"
    assert hall.scores() == []


def test_the_desks_of_officers_may_ask_for_no_rating() -> None:
    assert DESK.role not in ALLOWED[cmd.RateTicket] | ALLOWED[cmd.RateAtCounter]
    assert ALLOWED[cmd.RateTicket] == {"phone"}
    assert ALLOWED[cmd.RateAtCounter] == {"counter", "tablet"}
    assert not [kind for kind, roles in ALLOWED.items() if "tablet" in roles and _changes(kind)]


def _changes(kind: type) -> bool:
    return kind is not cmd.RateAtCounter and not kind.__name__.startswith("Get")


def test_a_box_rates_at_its_own_counter_only(hall: SmallHall) -> None:
    hall.issue("land")
    served = hall.serve("3")
    assert hall.refusal(cmd.RateAtCounter("3", served.ticket_id, 5), BOX) == "forbidden"
    assert hall.scores() == []


# ---- guessing ---------------------------------------------------------------------


@pytest.mark.parametrize("tries", [100_000, pytest.param(10_000_000, marks=pytest.mark.long)])
def test_random_tokens_are_never_taken(hall: SmallHall, tries: int) -> None:
    """Half of them guess everything; the other half know the ticket and guess its 128 bits."""
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.serve("1")
    key, epoch = hall.storage.token_key, hall.service.hall.epoch
    assert read_token(key, epoch, make_token(key, epoch, ticket_id)) == ticket_id
    known = ticket_id.to_bytes(6, "big")
    accepted = sum(_taken(key, epoch, body) for body in itertools.islice(_guesses(known), tries))
    assert accepted == 0


def _guesses(known: bytes) -> Iterator[bytes]:
    """Bodies of tokens without end: wholly random ones, and ones for a ticket that is known."""
    size = len(known) + MAC_BYTES
    while True:
        noise = os.urandom(2 * size * 4096)
        for at in range(0, len(noise), 2 * size):
            yield noise[at : at + size]
            yield known + noise[at + size : at + size + MAC_BYTES]


def _taken(key: bytes, epoch: str, body: bytes) -> bool:
    try:
        read_token(key, epoch, base64.urlsafe_b64encode(body)[:30].decode())
    except InvalidToken:
        return False
    return True


def test_random_tokens_are_refused_by_the_whole_server(hall: SmallHall) -> None:
    hall.issue("land")
    hall.serve("1")
    lengths = (22, 24, 31, 16, 6, 96)
    for _, size in zip(range(600), itertools.cycle(lengths), strict=False):
        token = base64.urlsafe_b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        assert hall.refusal(cmd.RateTicket(token, 5), PHONE) == "invalid_token"
    assert hall.scores() == []


# ---- what the database tells --------------------------------------------------------


class Rated:
    """A hall on disk in which each of `SCORES` was given, one after the other, and the ids under which they lie."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "hall.db"
        self.storage = SqliteStorage(self.path)
        self.hall = SmallHall(storage=self.storage)
        self.hall.service.random = secrets.token_bytes
        self.hall.open("1")
        self.ids: list[bytes] = []
        for score in SCORES:
            self.hall.rated(score)
            self.ids += [one for one in self._stored() if one not in self.ids]
        self.storage.tidy()

    def _stored(self) -> list[bytes]:
        day = self.hall.service.hall.day
        assert day is not None
        return [rating.rating_id for rating in self.storage.ratings(day.service_day)]


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Rated:
    """The hall of the tests below, which only look."""
    return Rated(tmp_path_factory.mktemp("rated"))


def correlation(places: list[int]) -> float:
    """Spearman's rank correlation of places with the order in which the ratings were given."""
    ranks = {place: rank for rank, place in enumerate(sorted(places))}
    count = len(places)
    return 1 - 6 * sum((at - ranks[place]) ** 2 for at, place in enumerate(places)) / (count * (count**2 - 1))


LOOSE = 0.6
"""More than four standard deviations for so many ratings in no order."""


def test_the_ids_of_ratings_keep_no_order(rated: Rated) -> None:
    assert len(rated.ids) == len(SCORES)
    assert abs(correlation([int.from_bytes(one, "big") for one in rated.ids])) < LOOSE


def test_no_table_but_the_ratings_holds_a_score(rated: Rated) -> None:
    reader = apsw.Connection(str(rated.path), flags=apsw.SQLITE_OPEN_READONLY)
    tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert {"events", "tickets", "rows", "answers", "ratings"} <= set(tables)
    for table in set(tables) - {"ratings"}:
        held = [str(row).lower() for row in reader.execute(f"SELECT * FROM {table}")]
        assert not [row for row in held if "score" in row or any(one.hex() in row for one in rated.ids)], table
    reader.close()


def test_the_answers_of_ratings_are_alike_whatever_the_score(rated: Rated) -> None:
    reader = apsw.Connection(str(rated.path), flags=apsw.SQLITE_OPEN_READONLY)
    replies = [bytes(reply) for (reply,) in reader.execute("SELECT reply FROM answers") if b'"done"' in bytes(reply)]
    reader.close()
    assert len(replies) == len(SCORES)
    assert len({len(reply) for reply in replies}) == 1


def test_the_log_says_that_a_ticket_was_rated_and_nothing_of_how(rated: Rated) -> None:
    log = rated.hall.stored_log()
    assert log.count(b'"ticket_rated"') == len(SCORES)
    assert b"score" not in log
    bodies = [event.body for event in rated.storage.events() if b'"ticket_rated"' in event.body]
    assert not any(one in body or one.hex().encode() in body for body in bodies for one in rated.ids)


def test_the_write_ahead_log_keeps_no_rating_after_tidying(rated: Rated) -> None:
    log = rated.path.with_name("hall.db-wal")
    kept = log.read_bytes() if log.exists() else b""
    assert not [one for one in rated.ids if one in kept]


def test_the_bytes_of_the_file_keep_no_order_either(rated: Rated) -> None:
    content = rated.path.read_bytes()
    places = [content.rfind(one) for one in rated.ids]
    assert -1 not in places
    assert abs(correlation(places)) < LOOSE


def test_what_is_sealed_tells_no_time(tmp_path: Path) -> None:
    sealed = FileSealer(tmp_path / "seal.key").seal(b"0901 234 567")
    assert int.from_bytes(base64.urlsafe_b64decode(sealed)[1:9], "big") == 0
