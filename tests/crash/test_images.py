"""After a power cut at any moment the hall opens, and holds all that it answered; so it does on a disk that fails."""

import random
from pathlib import Path
from unittest.mock import patch

import pytest

from queue_server.storage import sqlite
from tests.conftest import LONG
from tests.crash import images
from tests.crash.disk import Operation
from tests.crash.power_cut import Platter

COUNT = 20_000 if LONG else 400
FAILING = 7_000_022
"""A history whose disk fails several syncs in a row."""


def test_no_power_cut_takes_what_was_answered() -> None:
    found = images.run(COUNT, seed=7)
    assert found.faults == []
    assert found.images >= COUNT
    assert found.answered > 50


def test_a_disk_that_fails_loses_nothing_to_a_later_power_cut() -> None:
    found = images.run(1, seed=7, history=FAILING)
    assert found.faults == []
    assert found.refused > 0, "this history must have a failing disk"


@pytest.mark.parametrize("naive", ["_open_anew", "write_again"])
def test_the_images_would_tell_of_a_storage_that_trusts_a_failed_sync(naive: str) -> None:
    if naive == "_open_anew":
        broken = patch.object(sqlite.SqliteStorage, naive, lambda _self: None)
    else:
        broken = patch("tests.crash.disk.Disk.write_again", lambda _self, _path: None)
    with broken:
        assert images.run(1, seed=7, history=FAILING).faults


def test_what_was_synced_survives_every_cut_and_what_was_not_may_not(tmp_path: Path) -> None:
    platter = Platter(random.Random(1))
    for operation in (
        Operation("create", "a.db"),
        Operation("write", "a.db", 0, b"kept"),
        Operation("sync", "a.db"),
        Operation("write", "a.db", 4, b"lost" * 500),
    ):
        platter.follow(operation)
    assert platter.after_cut("none", random.Random(1)) == {"a.db": b"kept"}
    assert platter.after_cut("all", random.Random(1)) == {"a.db": b"kept" + b"lost" * 500}
    torn = {platter.after_cut("torn", random.Random(seed))["a.db"] for seed in range(30)}
    assert len(torn) > 4
    assert all(content.startswith(b"kept") for content in torn)


def test_after_a_failed_sync_a_second_one_brings_nothing_back() -> None:
    left = set()
    for seed in range(20):
        platter = Platter(random.Random(seed))
        platter.follow(Operation("create", "a.db"))
        platter.follow(Operation("sync", "a.db"))
        platter.follow(Operation("write", "a.db", 0, b"new"))
        platter.follow(Operation("failed_sync", "a.db"))
        platter.follow(Operation("sync", "a.db"))
        left.add(platter.after_cut("all", random.Random(1))["a.db"])
    assert left == {b"", b"new"}
