"""The LED sign, byte by byte, and the letters of small signs."""

import pytest

from counter.desk import Face
from counter.driver import Picture, Scan
from counter.sign import Sign
from counter.signs import blinks, last_digits, letters
from tests.counter.halls import SIGN_WORDS, face_of


def sign() -> Sign:
    """A sign with Vietnamese words."""
    return Sign(SIGN_WORDS)


@pytest.mark.parametrize(
    ("face", "shown"),
    [
        (face_of("called", "A012"), "A012 >3"),
        (face_of("serving", "A012"), "A012 >3"),
        (face_of("idle", waiting=4), "       "),
        (face_of("closed"), "       "),
        (face_of("paused"), "TAMDUNG"),
        (face_of("silent"), "-------"),
        (Face(face_of("called").phase, "12", "A012"), "A012>12"),
        (Face(face_of("called").phase, "12", "AB0012"), "AB0012 "),
        (Face(face_of("called").phase, "12", "ABC00123"), "BC00123"),
    ],
)
def test_seven_letters_say_the_number_and_the_counter(face: Face, shown: str) -> None:
    frame = sign().show(0x41, face, None)[0].frame
    assert frame == b"\x01\x41\x20" + shown.encode("ascii") + b"\x07"
    assert len(frame) == 11


def test_a_call_and_a_recall_blink_three_times_and_serving_is_steady() -> None:
    first = sign().show(0x41, face_of("called", "A012", calls=1), face_of("idle"))
    assert first == [Picture("letters", b"\x01\x41\x24A012 >3\x07")]
    again = sign().show(0x41, face_of("called", "A012", calls=2), face_of("called", "A012", calls=1))
    assert again == first
    assert sign().show(0x41, face_of("serving", "A012", calls=2), face_of("called", "A012", calls=2)) == []


@pytest.mark.parametrize("before", ["called", "serving"])
def test_it_is_cleared_when_the_ticket_leaves(before: str) -> None:
    cleared = sign().show(0x41, face_of("idle", calls=1), face_of(before, "A012", calls=1))
    assert cleared == [Picture("letters", b"\x01\x41\x20       \x07")]


def test_a_refused_key_is_nothing_for_citizens_and_a_sign_says_nothing() -> None:
    assert sign().refuse(0x41) == []
    assert sign().scan(b"\x01\x41\x31\x07") is Scan.NOISE


@pytest.mark.parametrize(("arrow", "shown"), [("left", b"A012 <3"), ("none", b"A012 -3")])
def test_the_arrow_points_where_it_was_told(arrow: str, shown: bytes) -> None:
    assert shown in Sign(SIGN_WORDS, arrow).show(0x41, face_of("serving", "A012"), None)[0].frame


def test_vietnamese_letters_lose_their_marks_and_others_are_a_question_mark() -> None:
    assert letters("Tạm đóng", 8) == b"Tam dong"
    assert letters("Đ", 3) == b"D  "
    assert letters("数 9", 3) == b"? 9"
    assert letters("a\x01\x07b", 4) == b"ab  "


def test_numbers_become_digits_and_blinks_stay_in_their_range() -> None:
    assert [last_digits(number) for number in ("A012", "", "B7", "X1234")] == ["012", "000", "007", "234"]
    assert [blinks(times) for times in (0, 1, 3, 94, 500)] == [0x22, 0x22, 0x24, 0x7F, 0x7F]
