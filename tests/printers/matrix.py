"""A printer with a fault, a ticket, the fault's end, and the next ticket: what was said, and what came out."""

from pathlib import Path

import msgspec
from msgspec import Struct
from PIL import Image, ImageChops

from printers.base import PrinterState
from printers.device import EmulatedPrinter, Mood
from printers.layout import TicketPaper, lay_out
from printers.printout import encode
from tests.printers.conftest import Bench
from tests.running import eventually

MODELS = ["epson-tm-t20", "epson-tm-t88", "bixolon-srp-350", "xprinter-80", "xprinter-58", "no-status-80mm"]
_MARGIN = 32
"""The emulated paper's white edge, in dots."""


class Fault(Struct, frozen=True, kw_only=True):
    """A mood, from before the ticket or from its middle on, and the state that is true while it lasts."""

    mood: Mood
    middle: bool = False
    state: PrinterState | None = None
    """None: nobody can say, so that only `unknown` or `offline` may be shown."""


FAULTS = {
    "paper out": Fault(mood=Mood(paper_out=True), state=PrinterState.PAPER_OUT),
    "paper ends in the middle": Fault(mood=Mood(rows_left=200), state=PrinterState.PAPER_OUT),
    "near end": Fault(mood=Mood(paper_low=True), state=PrinterState.PAPER_LOW),
    "cover open": Fault(mood=Mood(cover_open=True), state=PrinterState.COVER_OPEN),
    "cover opened in the middle": Fault(mood=Mood(cover_open=True), middle=True, state=PrinterState.COVER_OPEN),
    "cutter error": Fault(mood=Mood(cutter_error=True), state=PrinterState.CUTTER_ERROR),
    "cutter jams": Fault(mood=Mood(cutter_jams=True), state=PrinterState.CUTTER_ERROR),
    "silent": Fault(mood=Mood(silent=True)),
    "falls silent in the middle": Fault(mood=Mood(silent=True), middle=True),
    "half dead in the middle": Fault(mood=Mood(swallow=True), middle=True),
    "slow": Fault(mood=Mood(baud=57600), state=PrinterState.READY),
    "garbage": Fault(mood=Mood(garbage=True)),
    "garbage in the middle": Fault(mood=Mood(garbage=True), middle=True),
}
SPEECHLESS = ("silent", "falls silent in the middle", "half dead in the middle", "garbage", "garbage in the middle")


class Played(Struct, frozen=True, kw_only=True):
    """What was said of two tickets, what was shown meanwhile, and how often each came out whole."""

    first: str
    second: str
    shown: PrinterState
    firsts_out: int
    seconds_out: int


def play(bench: Bench, paper: TicketPaper, fault: Fault, folder: Path) -> Played:
    """Print a ticket under a fault, mend the printer, and print the next ticket."""
    again = msgspec.structs.replace(paper, number="A016", url=paper.url + "2")
    _until_settled(bench)
    strike(bench, fault)
    first = outcome(bench, paper)
    shown = _shown(bench, fault)
    bench.printer.set_mood(Mood())
    bench.printer.deliver()
    _until_settled(bench)
    second = outcome(bench, again)
    bench.line.stop()
    firsts, seconds = (times_out(bench, one, folder) for one in (paper, again))
    return Played(first=first, second=second, shown=shown, firsts_out=firsts, seconds_out=seconds)


def outcome(bench: Bench, paper: TicketPaper) -> str:
    """What is said of a ticket, once a printer that says nothing has taken it."""
    taken = bench.printer.received
    said = bench.outcome(paper)
    if not bench.spool.model.status and bench.printer.mood.drop_after is None:
        length = len(encode(lay_out(paper), bench.spool.model))
        eventually(lambda: bench.printer.received >= taken + length, within=30, what="all bytes are taken")
    return said


def strike(bench: Bench, fault: Fault) -> None:
    """Let the fault begin: now, or when half of a ticket has come."""
    if not fault.middle:
        bench.printer.set_mood(fault.mood)
        return
    printer, feed, at = bench.printer, bench.printer.feed, bench.printer.received + 5000

    def counting_feed(data: bytes) -> None:
        before = max(0, at - printer.received)
        if before >= len(data):
            feed(data)
            return
        printer.feed = feed  # type: ignore[method-assign]
        feed(data[:before])
        printer.set_mood(fault.mood)
        feed(data[before:])

    printer.feed = counting_feed  # type: ignore[method-assign]


def times_out(bench: Bench, paper: TicketPaper, folder: Path, since: int = 0) -> int:
    """How often this ticket came out whole, whatever was on the paper above it."""
    model = bench.spool.model
    alone = EmulatedPrinter(folder / paper.number, model.width_dots)
    alone.feed(encode(lay_out(paper), model))
    alone.deliver()
    return sum(_ends_like(picture, alone.pictures[0]) for picture in bench.printer.pictures[since:])


def _ends_like(picture: Path, wanted: Path) -> bool:
    """Whether the lower part of a picture is another one."""
    with Image.open(picture) as found, Image.open(wanted) as whole:
        rows = whole.height - _MARGIN
        if found.height < rows:
            return False
        lower, expected = (
            one.convert("L").crop((0, one.height - rows, one.width, one.height)) for one in (found, whole)
        )
        return ImageChops.difference(lower, expected).getbbox() is None


def _until_settled(bench: Bench) -> None:
    """Wait until the printer may print, as far as anybody can say."""
    eventually(lambda: bench.spool.status().may_print, within=30, what="it may print")


def _shown(bench: Bench, fault: Fault) -> PrinterState:
    """The state shown once it is the true one, or that of a printer of which nothing is known."""
    true = {fault.state, PrinterState.UNKNOWN, PrinterState.OFFLINE} - {None}
    if fault.state and bench.spool.model.status:
        true = {fault.state}
    eventually(lambda: bench.spool.status().state in true, within=30, what=f"{fault.state} is shown")
    return bench.spool.status().state
