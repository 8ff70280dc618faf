"""The emulated boxes for who has none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from counter.emulated import EmulatedCallBox, EmulatedQub, EmulatedQubDigits, EmulatedSign
from tests.running import ROOT


def test_keys_are_typed_and_the_line_is_gone_at_the_end(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "counter.emulator",
        "--link",
        str(tmp_path / "line"),
        "--qub",
        "33",
        "--sign",
        "65",
    ]
    done = subprocess.run(
        command, input="33 call\n34 call\n33 sing\nx\n\n", capture_output=True, text=True, cwd=ROOT, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    assert "33: ---, 0 beeps" in done.stdout
    assert done.stdout.count("expected the address of a box") == 3
    assert not (tmp_path / "line").is_symlink()


def test_boxes_show_what_they_were_told_and_nothing_for_others() -> None:
    qub, sign, digits = EmulatedQub(0x21), EmulatedSign(0x41), EmulatedQubDigits(0x22)
    for box in (qub, sign, digits):
        for byte in b"\x01\x21\x3b\x07\x01\x41\x24A012 >3\x07\x01\x22\x21012\x07":
            box.hear(bytes((byte,)))
    assert qub.looks() == "green fast, 1 beeps"
    assert sign.looks() == "[A012 >3] blinking 3 times"
    assert digits.looks() == "[012] blinking"


def test_a_call_box_refuses_a_wrong_sum_and_leaves_digits_that_are_left_as_they_are() -> None:
    box = EmulatedCallBox(0x16)
    box.hear(box.frame(2, bytes((0, 0, 7, 0, 1, 2))))
    assert (box.waiting, box.ticket) == ("007", "012")
    box.hear(box.frame(2, bytes((0, 0, 8, 10, 10, 10))))
    assert (box.waiting, box.ticket) == ("008", "012")
    box.hear(box.frame(2, bytes((0, 0, 9, 0, 0, 0)))[:-2] + b"\x00\x16")
    assert box.waiting == "008"


def test_a_call_box_knows_what_was_not_acknowledged() -> None:
    box = EmulatedCallBox(5)
    frame = box.press("call")
    assert box.unacknowledged == [frame]
    box.hear(b"\x00" + frame)
    assert box.unacknowledged == []


def test_a_sign_has_no_keys() -> None:
    with pytest.raises(KeyError):
        EmulatedSign(0x41).press("call")
