"""Scanners: one on a serial line, read from a real pty, and one that types like a keyboard."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import scanner as scanner_module
from kiosk.codes import LONGEST
from kiosk.scanner import Codes, Scanner, list_scanners
from kiosk.wedge import ENTER, LEAST_KEYS, PAUSE_SECONDS, Wedge
from tests.kiosk.scanners import EmulatedScanner
from tests.running import eventually

CODE = b"H14.21-260115-0007"
CARD = "004188012345|080123456|Nông Thị Hòa|01021988|Nữ|Cao Bằng|15082021"

# ---- on a serial line --------------------------------------------------------------


class Bench:
    """An emulated scanner, the thread under test, and what it told."""

    def __init__(self, port: Path) -> None:
        self.emulated = EmulatedScanner(port)
        self.codes: list[bytes] = []
        self.scanner = Scanner(str(port), self.codes.append)

    def start(self) -> "Bench":
        self.emulated.plug()
        self.scanner.start()
        eventually(lambda: self.scanner.present, what="the port is open")
        return self


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(scanner_module, "FIRST_RETRY_SECONDS", 0.02)
    monkeypatch.setattr(scanner_module, "LAST_RETRY_SECONDS", 0.05)
    with ExitStack() as stack:
        bench = Bench(tmp_path / "scanner")
        stack.callback(bench.emulated.unplug)
        stack.callback(bench.scanner.close)
        yield bench


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\x03", b""], ids=["CR", "LF", "CRLF", "ETX", "silence"])
def test_a_code_comes_whole_however_it_ends(bench: Bench, end: bytes) -> None:
    bench.start().emulated.send(CODE + end)
    eventually(lambda: bench.codes)
    assert bench.codes == [CODE]


def test_codes_that_come_byte_by_byte_and_in_a_row_are_told_apart(bench: Bench) -> None:
    bench.start()
    for byte in CODE + b"\r\n" + CARD.encode() + b"\r\n":
        bench.emulated.send(bytes((byte,)))
    eventually(lambda: len(bench.codes) == 2)
    assert bench.codes == [CODE, CARD.encode()]


def test_a_flood_is_thrown_away_and_the_next_code_is_read(bench: Bench) -> None:
    bench.start().emulated.send(b"\xff" * 3000 + b"\r" + CODE + b"\r")
    eventually(lambda: bench.codes)
    assert bench.codes == [CODE]


def test_a_pulled_scanner_is_said_once_and_comes_back(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.start().emulated.send(CARD.encode()[:20])
    with caplog.at_level(logging.DEBUG):
        bench.emulated.unplug()
        eventually(lambda: not bench.scanner.present)
        eventually(lambda: any("is its cable pulled?" in record.message for record in caplog.records))
        bench.emulated.plug()
        eventually(lambda: bench.scanner.present)
    bench.emulated.send(CODE + b"\r")
    eventually(lambda: CODE in bench.codes)
    assert any("the scanner is back" in record.message for record in caplog.records)
    assert "00418801" not in caplog.text


def test_a_scanner_that_comes_later_is_found(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.scanner.start()
    eventually(lambda: any("is its cable pulled?" in record.message for record in caplog.records))
    bench.emulated.plug()
    eventually(lambda: bench.scanner.present)
    bench.emulated.send(CODE + b"\n")
    eventually(lambda: bench.codes == [CODE])


def test_a_scanner_that_stays_away_is_said_once(
    bench: Bench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    connect = bench.scanner._connect

    def counted() -> object:
        tries.append(1)
        return connect()

    monkeypatch.setattr(bench.scanner, "_connect", counted)
    bench.scanner.start()
    eventually(lambda: len(tries) > 5)
    assert len(caplog.records) == 1


def test_a_scanner_that_was_never_started_is_closed_as_well(tmp_path: Path) -> None:
    Scanner(str(tmp_path / "none"), print).close()


@given(st.lists(st.binary(max_size=40), max_size=40))
def test_codes_are_never_too_long_and_hold_no_line_end(pieces: list[bytes]) -> None:
    codes = Codes()
    found = [code for piece in pieces for code in codes.take(piece * 20)] + codes.end()
    assert all(0 < len(code) <= LONGEST for code in found)
    assert not any(end in code for code in found for end in b"\r\n\0")
    assert not codes.unfinished


@given(st.binary(max_size=600))
def test_bytes_in_pieces_are_the_same_codes(data: bytes) -> None:
    whole, pieces = Codes(), Codes()
    once = whole.take(data) + whole.end()
    assert [code for byte in data for code in pieces.take(bytes((byte,)))] + pieces.end() == once


# ---- what is attached -----------------------------------------------------------


def port(device: str, vid: int | None = None, product: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(device=device, vid=vid, product=product, manufacturer=None, description="n/a")


def test_likely_scanners_come_first_under_the_name_that_stays(tmp_path: Path) -> None:
    device = tmp_path / "ttyACM1"
    device.touch()
    (tmp_path / "by-id").mkdir()
    link = tmp_path / "by-id" / "usb-Zebra_DS9308-if00"
    link.symlink_to(device)
    ports = [port("/dev/ttyS0"), port(str(device), 0x05E0), port("/dev/ttyACM0", 0x1234, "USB Barcode Scanner")]
    found = list_scanners(ports, tmp_path / "by-id")
    assert [(each.port, each.likely) for each in found] == [
        ("/dev/ttyACM0", True),
        (str(link), True),
        ("/dev/ttyS0", False),
    ]
    assert [each.title for each in found] == ["USB Barcode Scanner", "Zebra", "n/a"]


def test_the_ports_of_this_machine_can_be_listed(tmp_path: Path) -> None:
    assert isinstance(list_scanners(by_id=tmp_path / "none"), list)


# ---- one that types -------------------------------------------------------------


@pytest.fixture
def typed() -> Callable[..., list[str]]:
    """What a wedge makes of words typed so many seconds apart, each ended by Enter."""
    wedge = Wedge()
    clock = [100.0]

    def type_in(*words: str, seconds: float = 0.01, end: str = ENTER) -> list[str]:
        found = []
        for key in "".join(word + end for word in words):
            clock[0] += seconds
            found.append(wedge.feed(key, clock[0]))
        return [scan for scan in found if scan]

    return type_in


@pytest.mark.parametrize("end", [ENTER, "\n", "\t"])
def test_a_fast_run_that_ends_with_enter_is_a_scan(typed: Callable[..., list[str]], end: str) -> None:
    assert typed(CARD, CODE.decode(), end=end) == [CARD, CODE.decode()]


def test_fingers_are_no_scan(typed: Callable[..., list[str]]) -> None:
    assert typed("H14.21-260115-0007", seconds=0.12) == []
    assert typed("H14.21-260115-0007", seconds=0.06) == []


def test_a_short_run_is_no_scan(typed: Callable[..., list[str]]) -> None:
    assert typed("x" * (LEAST_KEYS - 1)) == []
    assert typed("x" * LEAST_KEYS) == ["x" * LEAST_KEYS]


def test_a_run_that_is_too_long_is_thrown_away(typed: Callable[..., list[str]]) -> None:
    assert typed("x" * (LONGEST + 1), "y" * LONGEST) == ["y" * LONGEST]


def test_what_was_typed_before_a_pause_is_not_part_of_the_scan() -> None:
    wedge = Wedge()
    wedge.feed("x", 1.0)
    found = [wedge.feed(key, 1.0 + PAUSE_SECONDS + at / 100) for at, key in enumerate(CODE.decode() + ENTER, 1)]
    assert found[-1] == CODE.decode()


def test_one_late_picture_of_the_screen_does_not_break_a_scan() -> None:
    """Keys are felt when the screen is drawn: one slow frame holds some back, and then they come at once."""
    wedge = Wedge()
    at, found = 0.0, None
    for place, key in enumerate(CODE.decode() + ENTER):
        at += 0.25 if place == 7 else 0.001
        found = wedge.feed(key, at)
    assert found == CODE.decode()


def test_enter_long_after_the_run_ends_nothing() -> None:
    wedge = Wedge()
    for at, key in enumerate(CODE.decode()):
        wedge.feed(key, at / 100)
    assert wedge.feed(ENTER, 5.0) is None


def test_a_letter_that_an_input_method_wrote_at_once_is_one_key(typed: Callable[..., list[str]]) -> None:
    assert typed("Đ1-260115-0007") == ["Đ1-260115-0007"]


def test_nothing_that_was_typed_is_shown() -> None:
    wedge = Wedge()
    for at, key in enumerate(CARD):
        wedge.feed(key, at / 100)
    assert "004188012345" not in repr(wedge)


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(allow_nan=False, allow_infinity=False))))
def test_whatever_is_typed_at_whatever_time_nothing_is_raised(keys: list[tuple[str, float]]) -> None:
    wedge = Wedge()
    for key, at in keys:
        wedge.feed(key, at)
