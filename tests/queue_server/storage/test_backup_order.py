"""A backup that is made between two tidyings tells no more of ratings than the hall's own database."""

import itertools
import secrets
from pathlib import Path

import pytest

from queue_server.backup import back_up
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import SmallHall

COUNT = 60


def test_a_backup_counts_when_its_name_is_on_the_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SmallHall(storage=SqliteStorage(tmp_path / "hall.db")).storage.close()
    there: list[bool] = []
    target = tmp_path / "copies" / "copy.db"
    target.parent.mkdir()

    def settle(folder: Path) -> None:
        there.append(folder == target.parent and target.exists())

    monkeypatch.setattr("queue_server.storage.in_place.settle_folder", settle)
    reader = SqliteStorage(tmp_path / "hall.db", writing=False)
    back_up(reader, target)
    reader.close()
    assert there == [True]


def test_a_backup_keeps_no_order_of_ratings_either(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "hall.db")
    hall = SmallHall(storage=storage)
    hall.service.random = secrets.token_bytes
    hall.open("1")
    ids: list[bytes] = []
    day = hall.clock.now.date()
    for number in range(COUNT):
        hall.rated(1 + number % 5)
        ids += [one.rating_id for one in storage.ratings(day) if one.rating_id not in ids]
    reader = SqliteStorage(tmp_path / "hall.db", writing=False)
    back_up(reader, tmp_path / "copy.db")
    reader.close()
    storage.close()
    content = (tmp_path / "copy.db").read_bytes()
    assert all(content.count(one) == 2 for one in ids), "in the table and in its index, and nowhere else"
    for places in ([content.find(one) for one in ids], [content.rfind(one) for one in ids]):
        falls = sum(later < earlier for earlier, later in itertools.pairwise(places))
        assert COUNT / 4 < falls < COUNT * 3 / 4, "as in no order"
