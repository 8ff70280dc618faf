"""A serial line with everything that happens to one, on a real pty."""

import contextlib
import logging
import os
import tty
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from counter import line as line_module
from counter.bus import Box, Bus, Pressed
from counter.call_box import CallBox
from counter.driver import Driver, Picture
from counter.emulated import NEVER, EmulatedBox, EmulatedCallBox, EmulatedQub, EmulatedSign
from counter.emulator import EmulatedLine
from counter.keys import Key, Press
from counter.line import Line
from counter.qub import Qub
from counter.sign import Sign
from tests.counter.halls import SIGN_WORDS, face_of
from tests.running import eventually

QUB, SIGN, BOX = 0x21, 0x41, 0x05


class Bench:
    """Emulated boxes on a line, and the line under test with what it told."""

    def __init__(self, port: Path, emulated: EmulatedLine | None) -> None:
        drivers: dict[int, Driver] = {QUB: Qub(), SIGN: Sign(SIGN_WORDS), BOX: CallBox()}
        self.bus = Bus({address: Box(driver, "1") for address, driver in drivers.items()})
        self.emulated = emulated
        self.pressed: list[Pressed] = []
        self.states: list[bool] = []
        self.line = Line(str(port), 57600, self.bus, self.pressed.append, self.states.append)

    def keys(self) -> list[Key]:
        """What was pressed."""
        return [pressed.press.key for pressed in self.pressed]

    def until_up(self, times: int = 1) -> None:
        """Wait until the line has come up so many times."""
        eventually(lambda: self.states.count(True) >= times, what=f"the line is up, {self.states}")

    def show(self, address: int, phase: str, number: str = "") -> None:
        """Show a face on a box."""
        self.line.show(address, self.bus.show(address, face_of(phase, number), None))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back quickly."""
    monkeypatch.setattr(line_module, "FIRST_RETRY_SECONDS", 0.02)
    monkeypatch.setattr(line_module, "LAST_RETRY_SECONDS", 0.05)


BenchMaker = Callable[..., Bench]


@pytest.fixture
def make_bench(tmp_path: Path, quick: None) -> Iterator[BenchMaker]:
    with ExitStack() as stack:

        def make(*boxes: EmulatedBox, echoes: bool = False) -> Bench:
            emulated = stack.enter_context(EmulatedLine(tmp_path / "line", boxes, echoes=echoes))
            bench = Bench(emulated.link, emulated)
            bench.line.start()
            stack.callback(bench.line.close)
            bench.until_up()
            return bench

        yield make


def test_keys_come_in_and_pictures_go_out(make_bench: BenchMaker) -> None:
    qub, sign = EmulatedQub(QUB), EmulatedSign(SIGN)
    bench = make_bench(qub, sign)
    bench.emulated.press(QUB, "call")  # type: ignore[union-attr]
    eventually(bench.pressed.__len__)
    assert bench.pressed == [Pressed(QUB, Press(Key.CALL_OR_RECALL))]
    bench.show(QUB, "serving", "A012")
    bench.show(SIGN, "serving", "A012")
    eventually(lambda: (qub.lamp, sign.letters) == ("green", "A012 >3"))


def test_a_call_box_gets_its_acknowledgement_without_waiting_for_the_hall(make_bench: BenchMaker) -> None:
    box = EmulatedCallBox(BOX)
    bench = make_bench(box)
    bench.emulated.press(BOX, "call")  # type: ignore[union-attr]
    bench.emulated.press(BOX, "rate-3")  # type: ignore[union-attr]
    eventually(lambda: not box.unacknowledged)
    assert bench.pressed == [Pressed(BOX, Press(Key.CALL)), Pressed(BOX, Press(Key.RATE, 5))]


def test_bytes_that_come_one_by_one_amid_noise_are_a_key(make_bench: BenchMaker) -> None:
    bench = make_bench(EmulatedQub(QUB))
    for byte in b"\x07\xff\x01" + b"\x01\x21\x31\x07" + b"\x68":
        bench.emulated.say(bytes((byte,)))  # type: ignore[union-attr]
    eventually(lambda: bench.keys() == [Key.CALL_OR_RECALL])


def test_an_adapter_that_hears_itself_presses_no_keys(make_bench: BenchMaker) -> None:
    qub, box = EmulatedQub(QUB), EmulatedCallBox(BOX)
    bench = make_bench(qub, box, echoes=True)
    bench.show(QUB, "serving", "A012")  # the green lamp has the bytes of the start key
    eventually(lambda: qub.lamp == "green")
    bench.emulated.press(BOX, "call")  # type: ignore[union-attr]
    eventually(lambda: bench.keys() == [Key.CALL] and not box.unacknowledged)
    bench.emulated.press(BOX, "recall")  # type: ignore[union-attr]
    eventually(lambda: len(bench.pressed) > 1)
    assert bench.keys() == [Key.CALL, Key.RECALL]
    eventually(lambda: bench.emulated.heard.count(b"\xff\x68") == 2, what="one acknowledgement each")


def test_a_pulled_cable_is_said_once_and_the_line_comes_back(
    make_bench: BenchMaker, caplog: pytest.LogCaptureFixture
) -> None:
    qub = EmulatedQub(QUB)
    bench = make_bench(qub)
    with caplog.at_level(logging.WARNING):
        bench.emulated.unplug()  # type: ignore[union-attr]
        eventually(lambda: bench.states == [True, False])
        bench.show(QUB, "called", "A012")  # nobody can see it: forgotten
        bench.emulated.plug()  # type: ignore[union-attr]
        bench.until_up(2)
    told = [record.message for record in caplog.records]
    assert any("is the cable pulled?" in words for words in told)
    assert any("the line is back" in words for words in told)
    assert qub.lamp == NEVER
    bench.show(QUB, "serving", "A012")
    bench.emulated.press(QUB, "call")  # type: ignore[union-attr]
    eventually(lambda: qub.lamp == "green" and bench.keys() == [Key.CALL_OR_RECALL])


def test_a_line_that_is_not_there_yet_is_found_when_it_comes(
    tmp_path: Path, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(tmp_path / "line", None)
    bench.line.start()
    try:
        eventually(lambda: any("is the cable pulled?" in record.message for record in caplog.records))
        with EmulatedLine(tmp_path / "line", [EmulatedQub(QUB)]) as emulated:
            bench.until_up()
            emulated.press(QUB, "call")
            eventually(lambda: bench.keys() == [Key.CALL_OR_RECALL])
    finally:
        bench.line.close()
    assert bench.states[0] is True


def fill(descriptor: int) -> None:
    """Write until nothing more is taken."""
    os.set_blocking(descriptor, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(descriptor, bytes(4096)):
            pass


def test_a_line_that_takes_nothing_never_holds_anybody_up(
    tmp_path: Path, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    (tmp_path / "line").symlink_to(os.ttyname(theirs))
    bench = Bench(tmp_path / "line", None)
    bench.line.start()
    try:
        bench.until_up()

        def given_up() -> bool:
            fill(theirs)
            bench.show(QUB, "called", "A012")
            return False in bench.states

        eventually(given_up, what="the full line is given up")
    finally:
        bench.line.close()
        os.close(ours)
        os.close(theirs)
    assert any("it takes no bytes" in record.message for record in caplog.records)


def test_two_programs_do_not_share_a_line(make_bench: BenchMaker, caplog: pytest.LogCaptureFixture) -> None:
    first = make_bench(EmulatedQub(QUB))
    second = Bench(first.emulated.link, None)  # type: ignore[union-attr]
    second.line.start()
    try:
        eventually(lambda: any("exclusively" in record.message for record in caplog.records))
    finally:
        second.line.close()
    assert second.states == []


def test_the_bursts_of_many_counters_end_with_the_newest_picture(make_bench: BenchMaker) -> None:
    sign = EmulatedSign(SIGN)
    bench = make_bench(sign)
    for number in range(500):
        bench.line.show(SIGN, [Picture("letters", b"\x01\x41\x20A%03d >3\x07" % number)])
    eventually(lambda: sign.letters == "A499 >3")
    assert bench.emulated.heard.count(b"\x01\x41") < 10  # type: ignore[union-attr]
