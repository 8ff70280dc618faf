"""PINs: hashed on disk, right ones open, wrong ones get slow."""

import stat
from pathlib import Path

import pytest

from protocol.pins import LockOut, PinFileError, check_pin, has_pin, set_pin


def test_the_right_pin_opens_and_every_other_does_not(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "pins.json"
    set_pin(path, "012", "2468")
    assert has_pin(path, "012")
    assert not has_pin(path, "013")
    assert check_pin(path, "012", "2468")
    for operator, pin in (("012", "2469"), ("012", ""), ("012", "2468 "), ("013", "2468"), ("", ""), ("013", "")):
        assert not check_pin(path, operator, pin)


def test_the_file_is_private_and_holds_no_pin(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    set_pin(path, "012", "13572468")
    set_pin(path, "034", "13572468")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "13572468" not in path.read_text()
    assert len(set(path.read_text().split('"'))) > 4
    assert check_pin(path, "012", "13572468")


def test_a_new_pin_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    set_pin(path, "012", "1111")
    set_pin(path, "034", "3333")
    set_pin(path, "012", "2222")
    assert not check_pin(path, "012", "1111")
    assert check_pin(path, "012", "2222")
    assert check_pin(path, "034", "3333")


@pytest.mark.parametrize("pin", ["", "123", "12a4", "1" * 13, "١٢٣٤", "12 34"])
def test_a_pin_that_is_none_is_not_stored(tmp_path: Path, pin: str) -> None:
    with pytest.raises(ValueError, match="4 to 12 digits"):
        set_pin(tmp_path / "pins.json", "012", pin)
    assert not (tmp_path / "pins.json").exists()


def test_a_damaged_file_is_reported_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    path.write_text("{")
    with pytest.raises(PinFileError, match=r"pins\.json"):
        set_pin(path, "012", "1234")
    assert path.read_text() == "{"


def test_without_a_file_nobody_gets_in(tmp_path: Path) -> None:
    assert not check_pin(tmp_path / "pins.json", "012", "1234")


def test_the_first_wrong_pins_are_free_then_the_wait_doubles_up_to_a_bound() -> None:
    lock, now, waits = LockOut(), 1000.0, []
    for _ in range(20):
        now += lock.wait_seconds("012", now)
        lock.note_wrong("012", now)
        waits.append(lock.wait_seconds("012", now))
    assert waits[:5] == [0, 0, 5, 10, 20]
    assert waits[-1] == 300
    assert waits == sorted(waits)


def test_waiting_is_each_operators_own_and_ends() -> None:
    lock = LockOut()
    for _ in range(3):
        lock.note_wrong("012", 0.0)
    assert lock.wait_seconds("012", 4.0) == 1.0
    assert lock.wait_seconds("034", 4.0) == 0
    assert lock.wait_seconds("012", 5.0) == 0


def test_the_right_pin_clears_the_count() -> None:
    lock = LockOut()
    for _ in range(2):
        lock.note_wrong("012", 0.0)
    lock.note_right("012")
    lock.note_wrong("012", 0.0)
    assert lock.wait_seconds("012", 0.0) == 0


def test_counting_wrong_pins_takes_bounded_memory() -> None:
    lock = LockOut(operators=10)
    for number in range(1000):
        for _ in range(3):
            lock.note_wrong(str(number), 0.0)
    waiting = [number for number in range(1000) if lock.wait_seconds(str(number), 0.0)]
    assert waiting == list(range(990, 1000))
