"""The RS-485 keypad, byte by byte."""

import pytest

from counter.desk import Face
from counter.driver import Frame, Picture, Scan
from counter.keys import Key, Press
from counter.qub import Qub, QubDigits
from tests.counter.halls import WORDS, face_of


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ("01 21 31 07", Key.CALL_OR_RECALL),
        ("01 21 32 07", Key.START),
        ("01 21 33 07", Key.TRANSFER),
        ("01 21 34 07 01", Key.FINISH_OR_NO_SHOW),
    ],
)
def test_a_key_is_read(data: str, key: Key) -> None:
    assert Qub().scan(bytes.fromhex(data)) == Frame(4, 0x21, Press(key))


def test_a_whole_frame_with_a_key_that_nobody_knows_is_a_frame_without_a_press() -> None:
    assert Qub().scan(bytes.fromhex("01 21 39 07")) == Frame(4, 0x21)


@pytest.mark.parametrize("data", ["01", "01 21", "01 21 31"])
def test_the_beginning_of_a_frame_is_unfinished(data: str) -> None:
    assert Qub().scan(bytes.fromhex(data)) is Scan.UNFINISHED


@pytest.mark.parametrize("data", ["00", "07", "01 05", "01 07", "01 21 31 08", "01 21 20 41"])
def test_anything_else_is_noise(data: str) -> None:
    assert Qub().scan(bytes.fromhex(data)) is Scan.NOISE


LAMPS = [
    (face_of("silent"), 0x33),
    (face_of("closed"), 0x30),
    (face_of("paused"), 0x35),
    (face_of("idle"), 0x31),
    (face_of("idle", waiting=2), 0x34),
    (face_of("called", "A012"), 0x36),
    (face_of("serving", "A012"), 0x32),
]


@pytest.mark.parametrize(("face", "lamp"), LAMPS)
def test_each_state_has_a_lamp_of_its_own(face: Face, lamp: int) -> None:
    assert Qub().show(0x21, face, None) == [Picture("lamp", bytes((1, 0x21, lamp, 7)))]
    assert len({lamp for _, lamp in LAMPS}) == len(LAMPS)


def test_the_lamp_is_left_alone_while_nothing_changes() -> None:
    assert Qub().show(0x21, face_of("idle", waiting=3), face_of("idle", waiting=2)) == []


def test_it_beeps_when_somebody_comes_to_an_idle_counter_and_when_a_press_did_nothing() -> None:
    somebody = Qub().show(0x21, face_of("idle", waiting=1), face_of("idle"))
    assert somebody == [Picture("lamp", bytes.fromhex("01 21 3b 07"))]
    assert Qub().refuse(0x21) == [Picture("lamp", bytes.fromhex("01 21 3a 07"))]


@pytest.mark.parametrize(
    ("face", "frame"),
    [
        (face_of("called", "A012"), b"\x01\x21\x21012\x07"),
        (face_of("serving", "A012"), b"\x01\x21\x20012\x07"),
        (face_of("serving", "B1234"), b"\x01\x21\x20234\x07"),
        (face_of("idle", waiting=1), b"\x01\x21\x20GOI\x07"),
        (face_of("idle"), b"\x01\x21\x20   \x07"),
        (face_of("paused"), b"\x01\x21\x20NGH\x07"),
        (face_of("silent"), b"\x01\x21\x20---\x07"),
        (face_of("closed"), b"\x01\x21\x20OFF\x07"),
    ],
)
def test_a_keypad_with_digits_shows_the_number_or_a_word(face: Face, frame: bytes) -> None:
    assert QubDigits(WORDS).show(0x21, face, None) == [Picture("digits", frame)]


def test_a_keypad_with_digits_blinks_three_times_for_the_first_who_comes() -> None:
    shown = QubDigits(WORDS).show(0x21, face_of("idle", waiting=1), face_of("idle"))
    assert shown == [Picture("digits", b"\x01\x21\x24GOI\x07")]
    assert QubDigits(WORDS).refuse(0x21) == [Picture("digits", b"\x01\x21\x21LOI\x07")]
