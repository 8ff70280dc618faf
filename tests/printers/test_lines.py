"""Lines to printers that come and go: half-closed networks, nodes that vanish, printers that are switched on later."""

import os
import time
from pathlib import Path

import msgspec
import pytest

from printers.base import PrinterSetupError, PrinterState, PrinterUnreachable
from printers.device import EmulatedPrinter, Mood, features_of
from printers.dialogue import Dialogue
from printers.emulator import PtyLine, TcpLine
from printers.models import load_model
from printers.opening import open_printer, open_transport
from printers.spool import Spool
from printers.transport import NodeTransport, SerialTransport
from tests.running import eventually, free_ports

EPSON = load_model("epson-tm-t20")


def test_a_network_printer_that_will_not_speak_any_more_is_offline(make_bench, paper):
    bench = make_bench()
    bench.until(PrinterState.READY)
    bench.printer.set_mood(Mood(half_closed=True, drop_after=0))
    bench.until(PrinterState.OFFLINE)
    bench.printer.set_mood(Mood(half_closed=True))
    assert bench.outcome(paper) == "failed"
    bench.printer.set_mood(Mood())
    bench.until(PrinterState.READY)
    assert bench.outcome(paper) == "printed"


def test_a_network_printer_that_never_speaks_prints_though_it_says_so_at_once(make_bench, paper, read_qr):
    bench = make_bench(model_name="no-status-80mm")
    bench.printer.set_mood(Mood(half_closed=True))
    assert bench.outcome(paper) == "unknown"
    eventually(lambda: len(bench.printer.pictures) == 1)
    assert bench.outcome(paper) == "unknown"
    eventually(lambda: len(bench.printer.pictures) == 2)
    assert read_qr(bench.printer.pictures[1]) == [paper.url]


def test_a_usb_node_that_vanishes_and_comes_back_is_found_again(make_bench, paper):
    bench = make_bench("node")
    assert bench.outcome(paper) == "printed"
    bench.printer.set_mood(Mood(drop_after=0))
    bench.until(PrinterState.OFFLINE)
    assert bench.outcome(paper) == "failed"
    bench.printer.set_mood(Mood())
    bench.until(PrinterState.READY)
    assert bench.outcome(paper) == "printed"
    assert len(bench.printer.pictures) == 2


@pytest.mark.parametrize("front", ["tcp", "serial"])
def test_a_printer_that_is_switched_on_later_is_found(tmp_path, paper, front):
    [port], path = free_ports(1), tmp_path / "ttyUSB0"
    address = f"tcp://127.0.0.1:{port}" if front == "tcp" else f"serial:{path}"
    spool = open_printer(address, "epson-tm-t20", poll_seconds=0.05)
    eventually(lambda: spool.status().state is PrinterState.OFFLINE)
    printer = EmulatedPrinter(tmp_path / "tickets", features=features_of(EPSON))
    with TcpLine(printer, port) if front == "tcp" else PtyLine(printer, path):
        eventually(lambda: spool.status().state is PrinterState.READY)
        assert spool.print(paper).result(20) == "printed"
        spool.close()


def test_a_node_that_has_nothing_to_say_is_waited_for_without_haste(tmp_path):
    node = NodeTransport(Path("/dev/null"))
    node.open(1)
    began, used = time.monotonic(), time.process_time()
    assert node.read(0.3) == b""
    assert time.monotonic() - began >= 0.3
    assert time.process_time() - used < 0.25
    node.close()


def test_what_was_taken_before_a_line_broke_is_known(tmp_path):
    reading, writing = os.pipe()
    node = NodeTransport(Path(f"/dev/fd/{writing}"))
    node.open(1)
    os.set_blocking(writing, False)
    with pytest.raises(PrinterUnreachable) as caught:
        node.write(bytes(500_000), 0.2)
    assert 0 < caught.value.taken < 500_000
    node.close()
    os.close(reading)
    os.close(writing)


# ---- flow control and speed --------------------------------------------------------


def opened(address, model_name):
    """The serial transport of an address."""
    transport = open_transport(address, load_model(model_name))
    assert isinstance(transport, SerialTransport)
    return transport._baud, transport._flow


def test_speed_and_flow_control_are_the_models_unless_the_address_says_otherwise():
    assert opened("serial:/dev/ttyUSB0", "xprinter-58") == (9600, "rtscts")
    assert opened("serial:/dev/ttyUSB0", "generic-80mm") == (115200, "none")
    assert opened("serial:/dev/ttyUSB0?baud=19200&flow=xonxoff", "xprinter-58") == (19200, "xonxoff")
    assert opened("serial:/dev/ttyUSB0?rtscts=1", "generic-80mm") == (115200, "rtscts")
    assert opened("serial:/dev/ttyUSB0?rtscts=0", "xprinter-58") == (9600, "none")


@pytest.mark.parametrize("flow", ["none", "rtscts", "xonxoff"])
@pytest.mark.parametrize("baud", [9600, 115200])
def test_a_ticket_is_printed_with_every_flow_control_and_speed(tmp_path, paper, flow, baud):
    printer = EmulatedPrinter(tmp_path / "tickets", features=features_of(EPSON))
    with PtyLine(printer, tmp_path / "line") as line:
        spool = open_printer(f"{line.address}?baud={baud}&flow={flow}", "epson-tm-t20", poll_seconds=0.05)
        assert spool.print(paper).result(30) == "printed"
        spool.close()
    assert len(printer.pictures) == 1


def test_an_unknown_flow_control_is_told_the_nearest():
    with pytest.raises(PrinterSetupError, match="did you mean 'xonxoff'"):
        open_transport("serial:/dev/ttyUSB0?flow=xon", EPSON)


# ---- answers that come late ---------------------------------------------------------


class LateLine:
    """A line whose printer answers one question too late: each answer comes only when the next is asked."""

    bytes_per_second = 1e6

    def __init__(self, answers):
        self.answers = dict(zip((1, 2, 4), answers, strict=True))
        self.due, self.asked = b"", b""

    def open(self, seconds):
        """Always there."""

    def write(self, data, seconds):
        """Take a question; what was asked before is answered now."""
        self.due += self.asked
        self.asked = bytes((self.answers[data[2]],)) if data[:2] == b"\x10\x04" and data[2] != 3 else b""

    def read(self, seconds):
        """What is due."""
        found, self.due = self.due, b""
        if not found:
            time.sleep(min(seconds, 0.01))
        return found

    def close(self):
        """What is late is lost."""
        self.due, self.asked = b"", b""


@pytest.mark.parametrize("answers", [(0x1A, 0x16, 0x12), (0x1A, 0x32, 0x7E), (0x12, 0x12, 0x1E)])
def test_an_answer_that_comes_late_is_not_taken_for_another(answers):
    model = msgspec.structs.replace(load_model("generic-80mm"), answer_seconds=0.05)
    dialogue = Dialogue(LateLine(answers), model)
    assert {dialogue.state() for _ in range(12)} == {PrinterState.UNKNOWN}


def test_noise_among_the_answers_makes_the_state_unknown(make_bench):
    bench = make_bench(answer_seconds=0.3)
    bench.printer.set_mood(Mood(garbage=True))
    bench.until(PrinterState.UNKNOWN)
    assert not bench.spool.status().may_print


def test_a_printer_keeps_the_headings_and_is_given_them_once(make_bench, paper):
    bench = make_bench(poll_seconds=600)
    lengths = []
    for _ in range(3):
        before = bench.printer.received
        assert bench.outcome(paper) == "printed"
        lengths.append(bench.printer.received - before)
    assert lengths[0] > lengths[1] + 3000
    assert lengths[2] <= lengths[1]


def test_a_printer_that_does_not_keep_what_it_was_given_is_not_given_it_again(tmp_path, paper):
    printer = EmulatedPrinter(tmp_path / "tickets", features=features_of(load_model("bixolon-srp-350")))
    with TcpLine(printer) as line:
        spool = open_printer(line.address, "epson-tm-t20", poll_seconds=600)
        assert isinstance(spool, Spool)
        lengths = []
        for _ in range(3):
            before = printer.received
            assert spool.print(paper).result(30) == "printed"
            lengths.append(printer.received - before)
        spool.close()
    assert lengths[0] > lengths[1] + 3000
    assert lengths[1] == lengths[2]
