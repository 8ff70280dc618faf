"""What is personal is erased in every storage alike, and nothing beside it."""

import datetime as dt
from pathlib import Path

import pytest

from queue_server.storage.base import Batch, Storage, StoredCallback, StoredNote, StoredRating
from queue_server.storage.memory import MemoryStorage
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import MORNING

DAY = MORNING.date()
BEFORE = DAY - dt.timedelta(days=1)
OLDER = DAY - dt.timedelta(days=2)


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return MemoryStorage() if request.param == "memory" else SqliteStorage(tmp_path / "hall.db")


def rating(number: int, day: dt.date, comment: str) -> StoredRating:
    return StoredRating(bytes([number]) * 16, day, "land", "1", 4, [], comment)


def callback(name: str, day: dt.date) -> StoredCallback:
    return StoredCallback(name, day, name.encode())


def test_comments_of_days_before_are_erased_and_their_scores_stay(storage: Storage) -> None:
    ratings = [rating(1, OLDER, "chậm"), rating(2, OLDER, ""), rating(3, BEFORE, "tốt")]
    storage.commit(Batch(ratings=ratings))
    assert storage.erasable("comments", BEFORE) == 1
    storage.commit(Batch(erasures={"comments": BEFORE}))
    assert storage.erasable("comments", DAY) == 1
    assert {(one.score, one.comment) for one in storage.ratings(OLDER)} == {(4, "")}
    assert [one.comment for one in storage.ratings(BEFORE)] == ["tốt"]


def test_requests_to_be_called_back_are_told_oldest_first_and_erased_by_name_and_by_day(storage: Storage) -> None:
    storage.commit(Batch(callbacks=[callback("c", DAY), callback("a", OLDER), callback("b", BEFORE)]))
    assert [one.callback_id for one in storage.callbacks()] == ["a", "b", "c"]
    storage.commit(Batch(erased_callbacks=["b", "nobody's"]))
    assert storage.callbacks() == [callback("a", OLDER), callback("c", DAY)]
    assert storage.erasable("callbacks", DAY) == 1
    storage.commit(Batch(erasures={"callbacks": DAY}))
    assert storage.callbacks() == [callback("c", DAY)]


def test_what_was_told_and_what_describes_the_hall_is_kept_as_it_came_last(storage: Storage) -> None:
    assert (storage.tallies(), storage.description()) == (None, None)
    for word in (b"first", b"second"):
        storage.commit(Batch(tallies=word))
        storage.describe(word)
    storage.commit(Batch())
    assert (storage.tallies(), storage.description()) == (b"second", b"second")


def test_rows_that_are_dropped_are_gone_and_dropping_twice_is_harmless(storage: Storage) -> None:
    for _ in range(2):
        storage.commit(Batch(rows={"suspension:land": None}))
        assert storage.rows() == {}
    storage.tidy()
    storage.close()


SECRET = "chỉ mình biết"
ERASING = [
    Batch(erased_notes=[1]),
    Batch(erasures={"notes": DAY}),
    Batch(erased_callbacks=[SECRET]),
    Batch(erasures={"callbacks": DAY}),
]


@pytest.mark.parametrize("erasing", ERASING, ids=["a note", "old notes", "a request", "old requests"])
def test_what_was_erased_is_in_no_file_after_the_next_tidying(tmp_path: Path, erasing: Batch) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.tidy()
    notes = "notes" in erasing.erasures or erasing.erased_notes
    for number, day, text in ((1, BEFORE, SECRET), *((number, DAY, f"later {number}") for number in range(2, 9))):
        note = StoredNote(number, day, 7, MORNING, "1", "01", text)
        storage.commit(Batch(notes=[note]) if notes else Batch(callbacks=[callback(text, day)]))
    storage.tidy()
    assert holding_it(tmp_path) == ["hall.db", "hall.db-wal"]
    storage.commit(erasing)
    storage.tidy()
    assert holding_it(tmp_path) == []
    storage.close()


def holding_it(folder: Path) -> list[str]:
    return [file.name for file in sorted(folder.iterdir()) if SECRET.encode() in file.read_bytes()]
