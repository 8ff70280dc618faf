"""Frames in a stream: split, doubled, amid noise, of several families, and echoes."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from counter.call_box import CallBox, frame
from counter.driver import Driver, Frame
from counter.echo import LATE_SECONDS, SOON_SECONDS, Echo
from counter.framing import PATIENCE_SECONDS, Splitter
from counter.keys import Key
from counter.qub import Qub
from counter.sign import Sign
from tests.counter.halls import SIGN_WORDS

CALL, START = b"\x01\x21\x31\x07", b"\x01\x21\x32\x07"
BOX_CALL = frame(5, 1, b"\x0c")
FAMILIES: Sequence[Driver] = (Qub(), CallBox(), Sign(SIGN_WORDS))


def keys(splitter: Splitter, data: bytes, now: float = 0.0) -> list[Key | None]:
    """The keys in some bytes."""
    return [found.press.key if found.press else None for found in splitter.feed(data, now)]


def test_frames_of_several_families_come_out_of_one_stream() -> None:
    assert keys(Splitter(FAMILIES), CALL + BOX_CALL + START) == [Key.CALL_OR_RECALL, Key.CALL, Key.START]


@given(st.lists(st.integers(1, 5), max_size=30))
def test_it_does_not_matter_how_the_bytes_are_split(sizes: list[int]) -> None:
    splitter, stream, seen = Splitter(FAMILIES), BOX_CALL + CALL + b"\x00\x55" + BOX_CALL + START, list[Key | None]()
    for size in [*sizes, len(stream)]:
        seen += keys(splitter, stream[:size])
        stream = stream[size:]
    assert seen == [Key.CALL, Key.CALL_OR_RECALL, Key.CALL, Key.START]
    assert splitter.take_noise() == b"\x00\x55"
    assert splitter.take_noise() == b""


@given(st.binary(max_size=40))
def test_after_any_noise_and_a_moment_the_next_frame_is_understood(noise: bytes) -> None:
    splitter = Splitter(FAMILIES)
    list(splitter.feed(noise, 0.0))
    list(splitter.feed(b"", PATIENCE_SECONDS + 0.1))
    assert keys(splitter, BOX_CALL, PATIENCE_SECONDS + 0.2)[-1:] == [Key.CALL]


@given(st.binary(max_size=200))
def test_nothing_that_comes_makes_it_fail_or_keep_more_than_a_frame(data: bytes) -> None:
    splitter = Splitter(FAMILIES)
    frames = list(splitter.feed(data, 0.0))
    kept = len(data) - len(splitter.noise) - sum(found.size for found in frames)
    assert 0 <= kept < 12


def test_a_frame_cut_short_is_given_up_and_the_next_one_is_heard() -> None:
    splitter = Splitter(FAMILIES)
    assert keys(splitter, BOX_CALL[:7]) == []
    assert keys(splitter, BOX_CALL, 0.1) == [Key.CALL]
    assert splitter.take_noise() == BOX_CALL[:7]


def test_a_frame_whose_rest_never_comes_is_dropped_by_itself() -> None:
    splitter = Splitter(FAMILIES)
    assert keys(splitter, CALL[:3]) == []
    assert keys(splitter, b"", PATIENCE_SECONDS + 0.1) == []
    assert splitter.take_noise() == CALL[:3]


SIGN = b"\x01\x41\x24A012 >3\x07"


def test_what_was_sent_is_not_taken_for_a_key_when_it_comes_back() -> None:
    splitter, green = Splitter(FAMILIES), START  # the green lamp has the bytes of the start key
    splitter.wrote(green, 0.0)
    assert keys(splitter, green[:2], 0.01) == []
    assert keys(splitter, green[2:], 0.02) == []
    assert splitter.take_noise() == b""
    assert keys(splitter, green, 0.03) == [Key.START], "it can come back only once"


def test_until_an_adapter_is_known_an_echo_is_expected_for_a_moment_only() -> None:
    splitter = Splitter(FAMILIES)
    splitter.wrote(START, 0.0)
    assert keys(splitter, START, SOON_SECONDS + 0.1) == [Key.START]


def test_an_adapter_that_gave_back_no_sign_has_no_echo_and_every_key_is_heard() -> None:
    splitter = Splitter(FAMILIES)
    splitter.wrote(SIGN, 0.0)
    now = SOON_SECONDS + 0.1
    splitter.wrote(START, now)
    assert keys(splitter, START, now + 0.01) == [Key.START]


def test_an_adapter_that_gave_back_a_sign_gives_back_everything_however_late() -> None:
    splitter = Splitter(FAMILIES)
    splitter.wrote(SIGN, 0.0)
    assert keys(splitter, SIGN, 0.1) == []
    splitter.wrote(START, 1.0)
    assert keys(splitter, START, 1.0 + LATE_SECONDS - 0.1) == []


def test_an_echo_later_than_it_was_believed_is_learned_still() -> None:
    splitter = Splitter(FAMILIES)
    splitter.wrote(SIGN, 0.0)
    assert keys(splitter, b"", 1.0) == []
    assert keys(splitter, SIGN, 1.1) == []
    assert splitter.take_noise() == b""
    splitter.wrote(START, 1.2)
    assert keys(splitter, START, 1.3) == []


def test_an_echo_lost_on_the_way_does_not_swallow_a_later_key() -> None:
    splitter = Splitter(FAMILIES)
    for sent in (SIGN, START, SIGN):
        splitter.wrote(sent, 0.0)
    assert keys(splitter, SIGN + SIGN + START, 0.1) == [Key.START]


def test_an_adapter_that_was_changed_for_one_without_echo_is_believed_after_a_while() -> None:
    splitter = Splitter(FAMILIES)
    splitter.wrote(SIGN, 0.0)
    assert keys(splitter, SIGN, 0.1) == []
    for now in (10.0, 20.0, 30.0, 40.0):
        splitter.wrote(SIGN, now)
        assert keys(splitter, CALL, now + LATE_SECONDS) == [Key.CALL_OR_RECALL]
    splitter.wrote(START, 42.5)
    assert keys(splitter, START, 42.6) == [Key.START]


def test_an_acknowledgement_proves_nothing_since_a_box_sends_the_same() -> None:
    splitter, unknown = Splitter(FAMILIES), frame(5, 1, b"\x55")
    splitter.wrote(unknown, 0.0)
    assert keys(splitter, unknown, 0.1) == []
    splitter.wrote(BOX_CALL, 1.0)
    assert keys(splitter, BOX_CALL, 1.0 + SOON_SECONDS) == [Key.CALL]


def test_what_never_comes_back_is_not_remembered_for_ever() -> None:
    echo = Echo()
    for second in range(1000):
        echo.wrote(SIGN, float(second), proof=True)
    assert len(echo._sent) <= LATE_SECONDS + 1


def test_a_key_between_echoes_is_heard() -> None:
    splitter = Splitter(FAMILIES)
    for sent in (SIGN, START, BOX_CALL):
        splitter.wrote(sent, 0.0)
    assert keys(splitter, SIGN + CALL + START + BOX_CALL, 0.1) == [Key.CALL_OR_RECALL]
    assert splitter.take_noise() == b""


def test_a_whole_frame_is_kept_in_one_piece() -> None:
    found = list(Splitter(FAMILIES).feed(CALL, 0.0))
    assert [type(each) for each in found] == [Frame]
