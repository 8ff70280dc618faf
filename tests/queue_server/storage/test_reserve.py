"""The space that is kept for a full disk."""

from pathlib import Path

import pytest

from queue_server.storage import reserve as module
from queue_server.storage.reserve import MEGABYTE, Reserve


def roomy(monkeypatch: pytest.MonkeyPatch, free: int) -> list[int]:
    """Let the disk have so many bytes free; the list can be changed."""
    told = [free]
    monkeypatch.setattr(Reserve, "free", lambda _self: told[0])
    return told


def test_a_reserve_takes_real_blocks_of_the_disk(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", 2)
    reserve.make()
    found = (tmp_path / "reserve").stat()
    assert (reserve.held, found.st_size) == (2 * MEGABYTE, 2 * MEGABYTE)
    assert found.st_blocks * 512 >= 2 * MEGABYTE, "a sparse file would reserve nothing"


def test_a_small_disk_gives_a_tenth_of_what_is_free_and_a_larger_one_later_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = roomy(monkeypatch, 3 * MEGABYTE)
    reserve = Reserve(tmp_path / "reserve", 2)
    reserve.make()
    assert reserve.held == 300_000
    free[0] = 100 * MEGABYTE
    reserve.make()
    assert reserve.held == 2 * MEGABYTE


def test_what_was_given_up_is_taken_back_only_when_there_is_twice_as_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = roomy(monkeypatch, 100 * MEGABYTE)
    reserve = Reserve(tmp_path / "reserve", 2)
    reserve.make()
    assert reserve.give_up()
    assert not (tmp_path / "reserve").exists()
    assert not reserve.give_up(), "there is nothing left to give"
    free[0] = 3 * MEGABYTE
    reserve.make()
    assert (reserve.held, reserve.given_up) == (0, 2 * MEGABYTE)
    free[0] = 50 * MEGABYTE
    reserve.make()
    assert (reserve.held, reserve.given_up) == (2 * MEGABYTE, 0)


def test_a_reserve_of_an_earlier_start_counts(tmp_path: Path) -> None:
    Reserve(tmp_path / "reserve", 1).make()
    again = Reserve(tmp_path / "reserve", 1)
    assert again.held == MEGABYTE
    assert again.give_up()


def test_no_reserve_is_kept_where_none_is_wanted(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", 0)
    reserve.make()
    assert not (tmp_path / "reserve").exists()
    assert not reserve.give_up()


def test_a_disk_that_gives_no_blocks_leaves_no_half_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "posix_fallocate", full)
    reserve = Reserve(tmp_path / "reserve", 1)
    reserve.make()
    assert reserve.held == 0
    assert not (tmp_path / "reserve").exists()
