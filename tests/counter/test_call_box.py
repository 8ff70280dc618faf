"""The call box with rating keys, byte by byte."""

import pytest

from counter.call_box import CallBox, frame
from counter.driver import Frame, Picture, Scan
from counter.keys import Key, Press
from tests.counter.halls import face_of

CALL = bytes.fromhex("ff 68 03 03 68 05 01 0c 12 16")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"\x0c", Key.CALL),
        (b"\x0d", Key.RECALL),
        (b"\x0b", Key.FINISH),
        (b"\x12", Key.PAUSE),
        (b"\x13", Key.TRANSFER),
        (b"\x0f", Key.START),
        (b"\x06\x0f", Key.NO_SHOW),
        (b"\x00\x0f", Key.HOLD),
        (b"\x03\x0f", Key.RESUME),
        (b"\x09\x0f", Key.CLOSE),
        (b"\x01\x02\x0c", Key.CALL),
    ],
)
def test_a_key_is_read_and_acknowledged_with_the_same_frame(data: bytes, key: Key) -> None:
    sent = frame(5, 0x01, data)
    assert CallBox().scan(sent) == Frame(len(sent), 5, Press(key), sent)


def test_the_frame_of_the_call_key_is_as_the_vendor_has_it() -> None:
    assert frame(5, 0x01, b"\x0c") == CALL


@pytest.mark.parametrize("data", [b"\x0e", b"\x11", b"\x05\x0f", b"\x01\x02\x0f", b"\x55"])
def test_unknown_keys_are_acknowledged_and_mean_nothing(data: bytes) -> None:
    sent = frame(5, 0x01, data)
    assert CallBox().scan(sent) == Frame(len(sent), 5, None, sent)


@pytest.mark.parametrize(("pressed", "score"), [(0, 2), (1, 3), (2, 4), (3, 5)])
def test_a_rating_becomes_a_score_and_is_thanked_for(pressed: int, score: int) -> None:
    sent = frame(5, 0x11, bytes((pressed,)))
    found = CallBox().scan(sent)
    assert isinstance(found, Frame)
    assert found.press == Press(Key.RATE, score)
    thanks = bytearray(sent)
    thanks[6], thanks[8] = 0x01, sent[8] - 0x10
    assert found.answer == bytes(thanks)


@pytest.mark.parametrize("data", [b"\x04", b"\xff", b"\x01\x01"])
def test_a_rating_outside_the_four_keys_is_none(data: bytes) -> None:
    found = CallBox().scan(frame(5, 0x11, data))
    assert isinstance(found, Frame)
    assert found.press is None


@pytest.mark.parametrize("size", range(1, len(CALL)))
def test_the_beginning_of_a_frame_is_unfinished(size: int) -> None:
    assert CallBox().scan(CALL[:size]) is Scan.UNFINISHED


@pytest.mark.parametrize(
    "data",
    [
        "00",
        "68",
        "ff 00",
        "ff 68 02",
        "ff 68 06",
        "ff 68 03 04",
        "ff 68 03 03 00",
        "ff 68 03 03 68 05 01 0c 13 16",
        "ff 68 03 03 68 05 01 0c 12 17",
    ],
)
def test_wrong_lengths_sums_and_ends_are_noise(data: str) -> None:
    assert CallBox().scan(bytes.fromhex(data)) is Scan.NOISE


def test_it_shows_waiting_people_and_the_ticket() -> None:
    shown = CallBox().show(5, face_of("called", "A012", waiting=27), None)
    assert shown == [Picture("digits", bytes.fromhex("ff 68 08 08 68 05 02 00 02 07 00 01 02 13 16"))]
    assert CallBox().show(5, face_of("idle", waiting=5000), None)[0].frame[7:13] == b"\x09\x09\x09\x00\x00\x00"


def test_it_beeps_for_the_first_who_comes_and_twice_for_a_press_that_did_nothing() -> None:
    beep = bytes.fromhex("ff 68 02 02 68 05 03 08 16")
    assert Picture("beep", beep) in CallBox().show(5, face_of("idle", waiting=1), face_of("idle"))
    assert [picture.frame for picture in CallBox().refuse(5)] == [beep, beep]
    assert len({picture.slot for picture in CallBox().refuse(5)}) == 2


def test_the_rating_opens_when_a_service_ended_wherever_that_was_said() -> None:
    shown = CallBox().show(5, face_of("idle", finished=1), face_of("serving", "A012"))
    assert Picture("rating", bytes.fromhex("ff 68 03 03 68 05 01 0b 11 16")) in shown


def test_nothing_is_sent_while_nothing_changes() -> None:
    assert CallBox().show(5, face_of("serving", "A012"), face_of("called", "A012")) == []
