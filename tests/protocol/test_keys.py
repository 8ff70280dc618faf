"""Key files: private, whole or not at all, and clear about what is wrong."""

import stat
from pathlib import Path

import pytest

from protocol.client import new_key_pair
from protocol.keys import DeviceKeys, KeyFileError, read_keys, write_keys


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
    path.write_bytes(content)
    with pytest.raises(KeyFileError, match=r"kiosk-1\.json"):
        read_keys(path)


def test_a_missing_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="enrol this device first"):
        read_keys(tmp_path / "kiosk-1.json")
    with pytest.raises(KeyFileError):
        read_keys(tmp_path)
