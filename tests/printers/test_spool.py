"""The spool against the emulated printer, over a serial line and over the network."""

import pytest

from printers.base import PrinterState
from printers.device import Mood

MODELS = ["epson-tm-t20", "xprinter-80", "generic-80mm", "generic-58mm"]
FAST = {"settle_seconds": 0.3}


@pytest.mark.parametrize("front", ["pty", "tcp"])
@pytest.mark.parametrize("model", MODELS)
def test_the_qr_on_the_paper_opens_the_tickets_page(make_bench, paper, read_qr, front, model):
    bench = make_bench(front, model, **FAST)

    assert bench.outcome(paper) == "printed"

    bench.spool.close()
    bench.line.stop() if False else bench.printer.deliver()
    [picture] = bench.printer.pictures
    assert read_qr(picture) == [paper.url]


@pytest.mark.parametrize("front", ["pty", "tcp"])
@pytest.mark.parametrize(
    ("mood", "state"),
    [
        (Mood(), PrinterState.READY),
        (Mood(paper_low=True), PrinterState.PAPER_LOW),
        (Mood(paper_out=True), PrinterState.PAPER_OUT),
        (Mood(cover_open=True), PrinterState.COVER_OPEN),
        (Mood(cutter_error=True), PrinterState.CUTTER_ERROR),
        (Mood(silent=True), PrinterState.UNKNOWN),
        (Mood(swallow=True), PrinterState.UNKNOWN),
        (Mood(garbage=True), PrinterState.UNKNOWN),
    ],
    ids=str,
)
def test_each_mood_is_seen(make_bench, front, mood, state):
    bench = make_bench(front, answer_seconds=0.3)
    bench.printer.set_mood(mood)

    assert bench.state() is state
    assert bench.spool.status().state is state
