"""The boxes of one line."""

import logging

import pytest

from counter.bus import BOUNCE_SECONDS, Box, Bus, Pressed
from counter.call_box import CallBox, frame
from counter.keys import Key, Press
from counter.qub import Qub
from counter.sign import Sign
from tests.counter.halls import SIGN_WORDS, face_of

CALL = b"\x01\x21\x31\x07"
PRESSED = [Pressed(0x21, Press(Key.CALL_OR_RECALL))]


@pytest.fixture
def bus() -> Bus:
    """A keypad and a sign of counter 1, a call box of counter 2."""
    return Bus({0x21: Box(Qub(), "1"), 0x41: Box(Sign(SIGN_WORDS), "1"), 5: Box(CallBox(), "2")})


def test_a_bounce_is_one_press_and_a_second_press_is_another(bus: Bus) -> None:
    assert bus.take(CALL + CALL, 0.0).presses == PRESSED
    assert bus.take(CALL, 0.1).presses == []
    assert bus.take(CALL, 0.1 + BOUNCE_SECONDS).presses == PRESSED


def test_a_stuck_key_is_one_press_however_long(bus: Bus) -> None:
    heard = [bus.take(CALL, 0.1 * step).presses for step in range(200)]
    assert sum(map(len, heard)) == 1


def test_different_keys_and_boxes_do_not_wait_for_each_other(bus: Bus) -> None:
    heard = bus.take(CALL + b"\x01\x21\x32\x07" + frame(5, 1, b"\x0c"), 0.0)
    assert [(pressed.address, pressed.press.key) for pressed in heard.presses] == [
        (0x21, Key.CALL_OR_RECALL),
        (0x21, Key.START),
        (5, Key.CALL),
    ]


def test_every_frame_of_a_call_box_is_acknowledged_also_a_repeated_one(bus: Bus) -> None:
    sent = frame(5, 1, b"\x0c")
    heard = bus.take(sent + sent, 0.0)
    assert (heard.answers, len(heard.presses)) == ([sent, sent], 1)


def test_a_box_that_nobody_has_is_dropped_without_an_answer_and_said(
    bus: Bus, caplog: pytest.LogCaptureFixture
) -> None:
    heard = bus.take(frame(9, 1, b"\x0c") + b"\x01\x30\x31\x07", 0.0)
    assert (heard.answers, heard.presses) == ([], [])
    assert [record.message for record in caplog.records] == [
        "a box at address 9 speaks, but no counter has it: dropped",
        "a box at address 48 speaks, but no counter has it: dropped",
    ]


def test_noise_and_unknown_keys_are_said_once_in_a_while(bus: Bus, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for step in range(50):
            bus.take(b"\x00\x01\x21\x39\x07", step * 0.1)
        assert len(caplog.records) == 2
        bus.take(b"\x00", 20.0)
    assert any("noise on the line, dropped: 00" in record.message for record in caplog.records)
    assert "49 more" in caplog.records[-1].message


def test_each_box_is_shown_in_its_own_way(bus: Bus) -> None:
    faces = [bus.show(address, face_of("called", "A012"), None)[0].frame[0] for address in (0x21, 0x41, 5)]
    assert faces == [0x01, 0x01, 0xFF]
    assert bus.gap_seconds(0x41) == 0.2


def test_half_a_frame_of_before_does_not_spoil_a_line_that_came_back(bus: Bus) -> None:
    bus.take(CALL[:3], 0.0)
    bus.restart()
    assert bus.take(b"\x07" + CALL, 0.1).presses == PRESSED
