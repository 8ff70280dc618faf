"""Every remembered answer is found again: whatever its id, whoever stored it, and also after a disk that failed."""

import datetime as dt
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.rows import Day
from queue_server.storage.base import Batch, StorageFault, StoredAnswer
from queue_server.storage.sqlite import SqliteStorage

IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=4)
DAY = dt.date(2026, 11, 23)
STEPS = st.one_of(
    st.tuples(st.just("commit"), st.lists(IDS, max_size=3, unique=True)),
    st.tuples(st.just("fail"), st.lists(IDS, min_size=1, max_size=3, unique=True)),
    st.tuples(
        st.sampled_from(["load", "start", "follow", "forget", "next day"]), st.lists(IDS, max_size=2, unique=True)
    ),
)


class Played:
    """One database through its life; after each step every id is looked up."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.storage = self._started()
        self.day = DAY
        self.stored: dict[str, dt.date] = {}

    def _started(self) -> SqliteStorage:
        storage = SqliteStorage(self.path)
        storage.load()
        return storage

    def step(self, kind: str, ids: list[str]) -> None:
        if kind == "next day":
            self.day += dt.timedelta(days=1)
        fresh = [request_id for request_id in ids if request_id not in self.stored]
        batch = Batch(
            rows={"day": Day(self.day)},
            answers=[StoredAnswer(request_id, b"f", request_id.encode()) for request_id in fresh],
        )
        if kind == "fail":
            return self._fail(batch)
        if kind == "forget":
            self.storage.forget_answers(self.day)
            self.stored = {request_id: day for request_id, day in self.stored.items() if day >= self.day}
        elif kind == "load":
            self.storage.load()
        elif kind in ("start", "follow"):
            self.storage.close()
            if kind == "follow":
                return self._follow(batch, fresh)
            self.storage = self._started()
        self._commit(self.storage, batch, fresh)
        return None

    def _commit(self, storage: SqliteStorage, batch: Batch, ids: list[str]) -> None:
        storage.commit(batch)
        self.stored |= dict.fromkeys(ids, self.day)

    def _follow(self, batch: Batch, ids: list[str]) -> None:
        """Another object, as a second machine's, stores a batch; then this one serves the folder."""
        follower = SqliteStorage(self.path)
        self._commit(follower, batch, ids)
        follower.close()
        self.storage = self._started()

    def _fail(self, batch: Batch) -> None:
        """The disk fails at the end of a batch, or fails to say that it did not."""
        self.storage._db.set_commit_hook(lambda: True)
        try:
            with pytest.raises(StorageFault):
                self.storage.commit(batch)
        finally:
            self.storage._db.set_commit_hook(None)

    def check(self, ids: set[str]) -> None:
        for request_id in ids | self.stored.keys():
            found = self.storage.answer(request_id)
            assert (found.reply if found else None) == (request_id.encode() if request_id in self.stored else None)


@settings(max_examples=40)
@given(steps=st.lists(STEPS, max_size=12))
def test_an_answer_is_found_at_every_time_and_no_other_is(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[str]]]
) -> None:
    played = Played(tmp_path_factory.mktemp("answers") / "hall.db")
    try:
        named: set[str] = set()
        for kind, ids in steps:
            named |= set(ids)
            played.step(kind, ids)
            played.check(named)
    finally:
        played.storage.close()


def test_what_another_connection_stored_is_found_after_a_batch_that_failed_for_it(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    storage.load()
    other = apsw.Connection(str(tmp_path / "hall.db"))
    other.execute("INSERT INTO answers VALUES ('request-9', X'66', X'61', '2026-11-23')")
    other.close()
    with pytest.raises(StorageFault, match="UNIQUE"):  # nothing is done twice, whatever was remembered of it
        storage.commit(Batch(answers=[StoredAnswer("request-9", b"f", b"b")]))
    storage.load()
    assert storage.answer("request-9") == StoredAnswer("request-9", b"f", b"a")
    storage.close()
