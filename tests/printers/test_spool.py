"""The spool against the emulated printer, over a serial line and over the network."""

import socket
import threading
from pathlib import Path

import msgspec
import pytest
from PIL import Image, ImageChops

from printers.base import PrinterState, PrinterUnreachable
from printers.device import EmulatedPrinter, Mood
from printers.emulator import TcpLine
from printers.layout import TicketPaper, lay_out
from printers.models import load_model
from printers.printout import encode
from printers.spool import Spool
from printers.transport import FileTransport, NetworkTransport, SerialTransport
from tests.running import eventually

MODELS = ["epson-tm-t20", "xprinter-80", "generic-80mm", "generic-58mm"]
FRONTS = ["pty", "tcp"]
STOPPING = [Mood(paper_out=True), Mood(cover_open=True), Mood(cutter_error=True)]
SPEECHLESS = [Mood(silent=True), Mood(swallow=True), Mood(garbage=True)]


def named(mood: Mood) -> str:
    """The mood's name in a test's name."""
    return "+".join(key for key, value in msgspec.structs.asdict(mood).items() if value) or "fine"


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("model", MODELS)
def test_the_qr_on_the_paper_opens_the_tickets_page(make_bench, paper, read_qr, front, model):
    bench = make_bench(front, model, settle_seconds=0.3)

    assert bench.outcome(paper) == "printed"

    bench.printer.deliver()
    [picture] = bench.printer.pictures
    assert read_qr(picture) == [paper.url]


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize(
    ("mood", "state"),
    [
        (Mood(), PrinterState.READY),
        (Mood(paper_low=True), PrinterState.PAPER_LOW),
        (Mood(paper_out=True), PrinterState.PAPER_OUT),
        (Mood(cover_open=True), PrinterState.COVER_OPEN),
        (Mood(cutter_error=True), PrinterState.CUTTER_ERROR),
        *((mood, PrinterState.UNKNOWN) for mood in SPEECHLESS),
    ],
    ids=lambda value: named(value) if isinstance(value, Mood) else value,
)
def test_each_mood_is_seen(make_bench, front, mood, state):
    bench = make_bench(front, answer_seconds=0.3 if mood in SPEECHLESS else 5.0)
    bench.printer.set_mood(mood)

    bench.until(state)


def test_the_state_is_known_without_asking(make_bench, until):
    bench = make_bench()
    until(lambda: bench.spool.status().state is PrinterState.READY)

    bench.printer.set_mood(Mood(paper_out=True))

    until(lambda: bench.spool.status().state is PrinterState.PAPER_OUT)
    assert not bench.spool.status().may_print


@pytest.mark.parametrize("mood", [*STOPPING, *SPEECHLESS], ids=named)
def test_nothing_is_sent_to_a_printer_that_is_not_fine(make_bench, paper, mood):
    bench = make_bench(answer_seconds=0.3 if mood in SPEECHLESS else 5.0)
    bench.printer.set_mood(mood)

    assert bench.outcome(paper) == "failed"

    bench.printer.set_mood(Mood())
    bench.printer.deliver()
    assert bench.printer.pictures == []


def test_low_paper_still_prints(make_bench, paper):
    bench = make_bench()
    bench.printer.set_mood(Mood(paper_low=True))

    assert bench.outcome(paper) == "printed"
    assert bench.spool.status().needs_staff


@pytest.mark.parametrize("front", FRONTS)
def test_paper_that_ends_in_the_middle_of_a_ticket_is_a_failure(make_bench, paper, read_qr, front):
    bench = make_bench(front, spare_seconds=120)
    bench.printer.set_mood(Mood(rows_left=200))

    assert bench.outcome(paper) == "failed"
    assert bench.spool.status().state is PrinterState.PAPER_OUT

    bench.printer.set_mood(Mood())
    again = msgspec.structs.replace(paper, number="A016", url=paper.url + "2")
    assert bench.outcome(again) == "printed"
    assert read_qr(bench.printer.pictures[-1]) == [again.url]


@pytest.mark.parametrize("front", FRONTS)
def test_nobody_knows_what_became_of_a_ticket_when_the_printer_falls_silent(make_bench, paper, front):
    bench = make_bench(front, answer_seconds=1.0, spare_seconds=1.0)
    swallow_from = len(encode(lay_out(paper), bench.spool.model)) // 2
    _when_received(bench.printer, swallow_from, Mood(swallow=True))

    assert bench.outcome(paper) == "unknown"
    assert bench.spool.status().state is PrinterState.UNKNOWN
    assert bench.printer.pictures == []


def test_a_model_without_barrier_is_believed_only_when_it_is_fine_after_printing(make_bench, paper):
    bench = make_bench(model_name="xprinter-80", settle_seconds=0.6)
    bench.printer.set_mood(Mood(rows_left=200))

    assert bench.outcome(paper) == "unknown"


def test_a_model_that_never_answers_prints_and_nobody_knows(make_bench, paper, read_qr, until):
    bench = make_bench(model_name="no-status-80mm")
    bench.printer.set_mood(Mood(silent=True))

    bench.until(PrinterState.UNKNOWN)
    assert bench.spool.status().may_print
    assert bench.outcome(paper) == "unknown"
    until(lambda: bool(bench.printer.pictures))
    assert read_qr(bench.printer.pictures[0]) == [paper.url]


@pytest.mark.parametrize("share", [0.0, 0.002, 0.1, 0.33, 0.5, 0.75, 0.9, 0.99, 0.999])
def test_a_connection_cut_in_the_middle_leaves_the_next_ticket_whole(make_bench, paper, tmp_path, share):
    bench = make_bench(poll_seconds=600)
    assert bench.outcome(paper) == "printed"  # from now on the printer keeps the headings
    before = bench.printer.received
    assert bench.outcome(paper) == "printed"
    length = bench.printer.received - before - 36
    bench.printer.set_mood(Mood(drop_after=bench.printer.received + 9 + max(1, int(length * share))))

    assert bench.outcome(paper) in ("failed", "unknown")
    assert len(bench.printer.pictures) == 2

    bench.printer.set_mood(Mood())
    again = msgspec.structs.replace(paper, number="A016", url=paper.url + "2", reprint=True)
    assert bench.outcome(again) == "printed"
    _assert_ends_like(bench.printer.pictures[-1], again, tmp_path / "expected")


def test_a_printer_that_was_switched_off_and_on_is_found_again(make_bench, paper, tmp_path, until):
    bench = make_bench()
    bench.until(PrinterState.READY)
    bench.line.stop()
    until(lambda: bench.spool.status().state is PrinterState.OFFLINE)
    assert bench.outcome(paper) == "failed"

    with TcpLine(EmulatedPrinter(tmp_path / "again"), bench.line.port) as line:
        until(lambda: bench.spool.status().state is PrinterState.READY)
        assert bench.outcome(paper) == "printed"
        assert len(line.printer.pictures) == 1


def test_a_connection_that_went_stale_between_two_tickets_costs_none(make_bench, paper, tmp_path):
    bench = make_bench(poll_seconds=600)
    assert bench.outcome(paper) == "printed"
    bench.line.stop()

    with TcpLine(EmulatedPrinter(tmp_path / "again"), bench.line.port):
        assert bench.outcome(paper) == "printed"


def test_a_ticket_over_a_slow_serial_line_is_waited_for(make_bench, paper):
    bench = make_bench("pty")
    bench.printer.set_mood(Mood(baud=38400))

    assert bench.outcome(paper) == "printed"


def test_tickets_come_out_in_the_order_in_which_they_were_asked_for(make_bench, paper, read_qr):
    bench = make_bench()
    papers = [msgspec.structs.replace(paper, url=f"{paper.url}{n}") for n in range(5)]

    outcomes = [bench.spool.print(each) for each in papers]
    bench.spool.close()

    assert [outcome.result(0) for outcome in outcomes] == ["printed"] * 5
    assert [read_qr(picture) for picture in bench.printer.pictures] == [[each.url] for each in papers]
    assert bench.spool.print(paper).result(0) == "failed"


def test_a_ticket_cancelled_in_line_is_not_printed(make_bench, paper):
    bench = make_bench("pty")
    bench.printer.set_mood(Mood(baud=38400))
    first, second, third = (bench.spool.print(paper) for _ in range(3))

    assert second.cancel()

    assert (first.result(30), third.result(30)) == ("printed", "printed")
    assert len(bench.printer.pictures) == 2


def test_no_call_waits_for_a_printer_that_takes_nothing(paper):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        transport = NetworkTransport("127.0.0.1", deaf.getsockname()[1])
        spool = Spool(transport, load_model("epson-tm-t20"), poll_seconds=0.05, spare_seconds=0.5)
        outcome = spool.print(paper)
        assert not outcome.done()
        assert spool.status().state is PrinterState.UNKNOWN
        assert outcome.result(20) == "failed"
        spool.close()


def test_a_fault_in_one_ticket_does_not_stop_the_next(make_bench, paper, caplog):
    bench = make_bench()
    endless = msgspec.structs.replace(paper, url="x" * 5000)

    with pytest.raises(ValueError, match="version"):
        bench.spool.print(endless).result(20)

    assert "A015" in caplog.text
    assert bench.outcome(paper) == "printed"


def test_a_device_that_is_not_there_is_offline(tmp_path, paper):
    spool = Spool(SerialTransport(str(tmp_path / "ttyUSB9")), load_model("epson-tm-t20"), poll_seconds=0.05)
    eventually(lambda: spool.status().state is PrinterState.OFFLINE)
    assert spool.print(paper).result(20) == "failed"
    spool.close()


def test_a_transport_gives_up_when_the_other_side_takes_nothing():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        transport = NetworkTransport("127.0.0.1", deaf.getsockname()[1])
        transport.open(2)
        with pytest.raises(PrinterUnreachable, match="in time"):
            transport.write(bytes(20_000_000), 0.3)
        transport.close()
        with pytest.raises(PrinterUnreachable, match="not open"):
            transport.write(b"x", 0.1)


def test_a_file_takes_the_bytes_of_a_ticket(tmp_path, paper, read_qr):
    path = tmp_path / "tickets.bin"
    model = load_model("no-status-58mm")
    spool = Spool(FileTransport(path), model, poll_seconds=0.05)
    assert spool.print(paper).result(20) == "unknown"
    spool.close()

    printer = EmulatedPrinter(tmp_path, model.width_dots)
    printer.feed(path.read_bytes())
    printer.deliver()
    assert read_qr(printer.pictures[0]) == [paper.url]


def _assert_ends_like(picture: Path, paper: TicketPaper, folder: Path) -> None:
    """The picture's lower part is this ticket, whole, whatever an earlier ticket left above it."""
    undisturbed = EmulatedPrinter(folder)
    undisturbed.feed(encode(lay_out(paper), load_model("epson-tm-t20")))
    with Image.open(picture) as found, Image.open(undisturbed.pictures[0]) as expected:
        rows = expected.height - 32
        lower = found.convert("L").crop((0, found.height - rows, found.width, found.height))
        wanted = expected.convert("L").crop((0, expected.height - rows, expected.width, expected.height))
        assert ImageChops.difference(lower, wanted).getbbox() is None


def _when_received(printer: EmulatedPrinter, count: int, mood: Mood) -> None:
    """Change the printer's mood once it has taken so many more bytes than status questions need."""
    feed, lock, total = printer.feed, threading.Lock(), [0]

    def counting_feed(data: bytes) -> None:
        with lock:
            total[0] += len(data) if len(data) > 3 else 0
            if total[0] >= count:
                printer.set_mood(mood)
        feed(data)

    printer.feed = counting_feed  # type: ignore[method-assign]
