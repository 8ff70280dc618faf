"""What happened and what was answered are stored together, or not at all."""

import pytest

from protocol import codec
from protocol.errors import WrongState
from protocol.events import DayStarted, EpochStarted, ServingStarted, TicketRated
from queue_server import ledger as ledgers
from queue_server.domain.chain import START, link
from queue_server.domain.rules import rules_of
from queue_server.ledger import Ledger
from queue_server.storage.base import StorageFault, StoredAnswer, StoredRating
from queue_server.storage.memory import MemoryStorage
from tests.queue_server.factories import MORNING, SmallHall, hall_file


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def ledger(storage: MemoryStorage) -> Ledger:
    return Ledger(rules_of(hall_file()), storage)


def answer(request_id: str) -> StoredAnswer:
    return StoredAnswer(request_id, b"f", b"reply")


def test_an_epoch_begins_once(ledger: Ledger, storage: MemoryStorage) -> None:
    ledger.begin(MORNING)
    ledger.begin(MORNING)
    assert [codec.decode_event(body).body for body in ledger.commit()] == [EpochStarted("small")]
    Ledger(rules_of(hall_file()), storage).begin(MORNING)
    assert len(list(storage.events())) == 1


def test_what_is_published_is_what_is_stored_byte_for_byte_and_chained(ledger: Ledger, storage: MemoryStorage) -> None:
    ledger.begin(MORNING)
    published = ledger.commit()
    ledger.record(DayStarted(MORNING.date()), "server", MORNING)
    published += ledger.commit()
    stored = list(storage.events())
    assert [event.body for event in stored] == published
    first = link(START, published[0])
    assert [event.hash for event in stored] == [first, link(first, published[1])]


def test_nothing_to_store_stores_nothing(ledger: Ledger, storage: MemoryStorage) -> None:
    storage.failing = True
    assert ledger.commit() == []


def test_an_event_that_is_refused_leaves_no_trace() -> None:
    hall = SmallHall()
    ticket = hall.issue("land").ticket
    ledger = hall.service.ledger
    before = ledger.hall.seq
    with pytest.raises(WrongState):
        ledger.record(ServingStarted(ticket.ticket_id, ticket.number, "land", "1"), "desk", MORNING)
    assert (ledger.hall.seq, ledger.pending_events) == (before, 0)
    assert ledger.hall.lines.waiting("land") == 1


def test_a_failed_commit_forgets_events_answers_and_ratings(storage: MemoryStorage) -> None:
    hall = SmallHall(storage=storage)
    hall.open("1")
    hall.issue("land")
    served = hall.serve("1")
    ledger = hall.service.ledger
    ledger.record(TicketRated(served.ticket_id), "phone", MORNING)
    ledger.rate(StoredRating(b"r", MORNING.date(), "land", "1", 5, [], ""))
    ledger.remember(answer("rating-1"), 0)
    assert ledger.remembered("rating-1") == answer("rating-1")
    storage.failing = True
    with pytest.raises(StorageFault):
        ledger.commit()
    ledger.reload()
    storage.failing = False
    assert ledger.remembered("rating-1") is None
    assert not ledger.hall.ticket(served.ticket_id).rated
    assert ledger.commit() == []
    assert storage.ratings(MORNING.date()) == []


def test_an_answer_with_an_effect_is_stored_and_one_without_only_remembered(
    ledger: Ledger, storage: MemoryStorage
) -> None:
    ledger.remember(answer("no-effect"), ledger.pending_events)
    before = ledger.pending_events
    ledger.begin(MORNING)
    ledger.remember(answer("effect"), before)
    ledger.commit()
    assert storage.answer("effect") == answer("effect")
    assert storage.answer("no-effect") is None
    assert ledger.remembered("no-effect") == answer("no-effect")


def test_the_oldest_answers_without_effect_are_forgotten_first(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "RECENT_ANSWERS", 3)
    for i in range(5):
        ledger.remember(answer(f"request-{i}"), 0)
    assert [ledger.remembered(f"request-{i}") is not None for i in range(5)] == [False, False, True, True, True]
