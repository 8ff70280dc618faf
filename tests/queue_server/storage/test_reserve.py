"""The space that is kept for a full disk."""

from pathlib import Path

import pytest

from queue_server.storage import reserve as module
from queue_server.storage.reserve import MEGABYTE, NoReserve, Reserve


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
    assert reserve.given_up == 0


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


def test_a_small_reserve_is_made_anew_only_when_it_can_be_twice_as_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = roomy(monkeypatch, 3 * MEGABYTE)
    reserve = Reserve(tmp_path / "reserve", 2)
    reserve.make()
    free[0] = 6 * MEGABYTE - reserve.held - 1
    reserve.make()
    assert reserve.held == 300_000
    free[0] += 1
    reserve.make()
    assert reserve.held == 600_000, "a tenth of what would be free without it"


def test_a_reserve_that_somebody_replaced_stops_nobody_when_it_is_given_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reserve = Reserve(tmp_path / "reserve", 1)
    reserve.make()
    (tmp_path / "reserve").unlink()
    (tmp_path / "reserve").mkdir()
    assert reserve.give_up()
    assert reserve.held == 0
    assert "the disk is full: the reserve of 1000000 bytes is given up" in caplog.text


def test_what_was_given_up_is_taken_back_only_when_there_is_twice_as_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = roomy(monkeypatch, 100 * MEGABYTE)
    reserve = Reserve(tmp_path / "reserve", 2)
    reserve.make()
    assert reserve.give_up()
    assert not (tmp_path / "reserve").exists()
    assert not reserve.give_up(), "there is nothing left to give"
    free[0] = 4 * MEGABYTE - 1
    reserve.make()
    assert (reserve.held, reserve.given_up) == (0, 2 * MEGABYTE)
    free[0] = 4 * MEGABYTE
    reserve.make()
    assert (reserve.held, reserve.given_up) == (400_000, 0)
    free[0] = 50 * MEGABYTE
    reserve.make()
    assert reserve.held == 2 * MEGABYTE


def test_a_reserve_of_an_earlier_start_counts(tmp_path: Path) -> None:
    Reserve(tmp_path / "reserve", 1).make()
    again = Reserve(tmp_path / "reserve", 1)
    assert (again.held, again.given_up) == (MEGABYTE, 0)
    assert again.give_up()


def test_no_reserve_is_kept_where_none_is_wanted(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve", 0)
    reserve.make()
    assert not (tmp_path / "reserve").exists()
    assert not reserve.give_up()


def test_who_keeps_no_reserve_takes_none_and_leaves_files_of_that_name_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    none = NoReserve()
    none.make()
    assert not list(tmp_path.iterdir())
    (tmp_path / "reserve").write_text("somebody's")
    none = NoReserve()
    assert not none.give_up()
    none.make()
    assert (tmp_path / "reserve").read_text() == "somebody's"


def test_a_disk_that_gives_no_blocks_leaves_no_half_reserve_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "posix_fallocate", full)
    reserve = Reserve(tmp_path / "reserve", 1)
    reserve.make()
    assert reserve.held == 0
    assert not (tmp_path / "reserve").exists()
    assert "No space left on device" in caplog.text
