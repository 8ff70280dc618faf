"""Key files: private, whole or not at all, and clear about what is wrong."""

import os
import stat
from pathlib import Path

import pytest

from protocol.client import new_key_pair
from protocol.keys import DeviceKeys, KeyFileError, read_keys, why_not_private, write_keys, write_private_bytes


def keys(name: str = "kiosk-1") -> DeviceKeys:
    return DeviceKeys(name, "kiosk", *new_key_pair(), "s" * 40, "tcp://h:1", "tcp://h:2")


def test_a_key_file_reads_back_and_only_its_owner_may(tmp_path: Path) -> None:
    path, written = tmp_path / "new" / "keys" / "kiosk-1.json", keys()
    write_keys(path, written)
    assert read_keys(path) == written
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_writing_again_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "kiosk-1.json"
    write_keys(path, keys("a-much-longer-name-than-the-second"))
    second = keys()
    write_keys(path, second)
    assert read_keys(path) == second
    assert [file.name for file in tmp_path.iterdir()] == ["kiosk-1.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"device_id":"x"}', b"\xff\xfe", b'{"device_id":"\xff"}'])
def test_a_broken_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kiosk-1.json"
    write_private_bytes(path, content)
    with pytest.raises(KeyFileError, match=r"kiosk-1\.json: (?!others)"):
        read_keys(path)


def test_a_missing_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="enrol this device first"):
        read_keys(tmp_path / "kiosk-1.json")
    with pytest.raises(KeyFileError):
        read_keys(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
def test_a_key_file_that_others_may_read_or_change_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "kiosk-1.json"
    write_keys(path, keys())
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {path}"):
        read_keys(path)
    path.chmod(0o600)
    assert read_keys(path).device_id == "kiosk-1"


def test_a_folder_in_which_others_may_put_files_holds_no_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "kiosk-1.json"
    write_keys(path, keys())
    path.parent.chmod(0o777)
    with pytest.raises(KeyFileError, match=f"chmod 700 {path.parent}"):
        read_keys(path)
    path.parent.chmod(0o755)
    read_keys(path)


def test_a_link_in_the_place_of_a_key_file_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    target, path = tmp_path / "target", tmp_path / "keys" / "kiosk-1.json"
    target.write_text("mine")
    path.parent.mkdir()
    path.symlink_to(target)
    for name in (".new", ".json.new"):
        path.with_suffix(name).symlink_to(target)
    write_keys(path, keys())
    assert target.read_text() == "mine"
    assert not path.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_is_never_open_to_others_not_even_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    real_fsync = os.fsync

    def look(descriptor: int) -> None:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    earlier = os.umask(0)
    try:
        write_keys(tmp_path / "keys" / "kiosk-1.json", keys())
    finally:
        os.umask(earlier)
    assert seen == [0o600]


def test_a_disk_that_does_not_take_it_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, first = tmp_path / "kiosk-1.json", keys()
    write_keys(path, first)

    def fail(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        write_keys(path, keys())
    assert read_keys(path) == first
    assert [file.name for file in tmp_path.iterdir()] == ["kiosk-1.json"]


def test_a_data_folder_that_others_may_look_into_is_told_with_the_cure(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    assert why_not_private(folder) is None
    folder.chmod(0o755)
    assert f"chmod 700 {folder}" in (why_not_private(folder) or "")
