"""What makes a machine the hall's server travels to the second one whole, and is nobody else's to read there."""

import stat
from pathlib import Path

from protocol.keys import write_private
from queue_server.standby.key_files import KeyFiles, take
from web.sign_ins import SignIns


def test_what_changed_travels_once_and_lies_there_for_its_owner_only(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_private(first / "pins.json", {"01": "hash"})
    write_private(first / "kiosk-1.json", "a device of another machine")
    files = KeyFiles(first)
    body = files.changed()
    assert body is not None
    assert files.changed() is None
    take(second, body)
    assert [path.name for path in second.iterdir()] == ["pins.json"]
    assert (second / "pins.json").read_bytes() == (first / "pins.json").read_bytes()
    assert stat.S_IMODE((second / "pins.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(second.stat().st_mode) == 0o700


def test_who_signed_out_stays_so_on_the_machine_that_takes_over(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    session: dict[str, object] = {}
    sign_ins = SignIns(first / "ended_sign_ins.json")
    sign_ins.begin(session, {"operator_id": "01"})
    copied = dict(session)
    sign_ins.end(session)
    body = KeyFiles(first).changed()
    assert body is not None
    take(second, body)
    assert not SignIns(second / "ended_sign_ins.json").hold(copied)
