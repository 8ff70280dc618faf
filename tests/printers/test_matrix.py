"""Six models and the faults of real printers: what is said of a ticket is true, and no ticket comes out twice."""

import msgspec
import pytest

from printers.base import PrinterState
from printers.device import Mood
from printers.escpos import CLEAR
from printers.layout import lay_out
from printers.models import load_model
from printers.printout import encode
from tests.printers.matrix import FAULTS, MODELS, SPEECHLESS, outcome, play, strike, times_out
from tests.running import eventually

BEFORE = {"paper out", "cover open", "cutter error", "silent", "garbage"}
"""Faults that a model which answers notices before anything is sent."""
STOPS = {"paper ends in the middle", "cover opened in the middle"}
SURE = {"near end", "slow"}
NO_KNIFE = ("xprinter-58", "cutter jams")
CELLS = [(model, fault) for model in MODELS for fault in FAULTS if (model, fault) != NO_KNIFE]
SHORT = [(model, fault) for at, fault in enumerate(FAULTS) for model in {MODELS[0], MODELS[at % len(MODELS)]}]
"""Every fault on the model that says most, and each on one of the others in turn."""


def expected(model, fault):
    """What may be said of a ticket of this model under this fault: `unknown` only where nobody can know."""
    if not model.status:
        return "unknown"
    if fault in BEFORE:
        return "failed"
    if fault in SURE:
        return "printed"
    return "failed" if fault in STOPS and model.barrier and model.clears else "unknown"


@pytest.mark.parametrize(
    ("model_name", "fault"),
    [pytest.param(*cell, id="-".join(cell), marks=() if cell in SHORT else pytest.mark.long) for cell in CELLS],
)
def test_what_is_said_of_a_ticket_is_true(make_bench, paper, tmp_path, model_name, fault):
    answer_seconds = 0.2 if fault in SPEECHLESS else 1.0
    front = "pty" if len(model_name + fault) % 2 else "tcp"
    bench = make_bench(front, model_name, settle_seconds=0.3, spare_seconds=3.0, answer_seconds=answer_seconds)

    played = play(bench, paper, FAULTS[fault], tmp_path / "alone")

    assert played.first == expected(bench.spool.model, fault)
    assert played.firsts_out <= 1
    lost = fault == "half dead in the middle" and not bench.spool.model.status
    assert played.seconds_out == (0 if lost else 1)
    if played.first != "unknown":
        assert played.firsts_out == (played.first == "printed")
    assert played.second == ("printed" if bench.spool.model.status else "unknown")


def test_a_ticket_that_comes_out_just_before_the_printer_forgets_it_is_not_called_failed(make_bench, paper, tmp_path):
    bench = make_bench(spare_seconds=5.0)
    bench.until(PrinterState.READY)
    feed = bench.printer.feed

    def closing_feed(data):
        if CLEAR in data:
            bench.printer.set_mood(Mood())
        feed(data)

    bench.printer.feed = closing_feed
    strike(bench, FAULTS["cover opened in the middle"])

    assert bench.outcome(paper) == "unknown"
    assert times_out(bench, paper, tmp_path / "alone") == 1


@pytest.mark.parametrize(
    ("model_name", "front"),
    [
        pytest.param(model, front, marks=() if (model, front) == (MODELS[0], "tcp") else pytest.mark.long)
        for model in MODELS
        for front in ("tcp", "pty", "node")
    ],
)
def test_a_line_cut_at_every_500th_byte_neither_loses_nor_doubles_a_ticket(
    make_bench, paper, tmp_path, front, model_name
):
    settle_seconds = 0.1 if load_model(model_name).status else 5.0
    bench = make_bench(front, model_name, 600, settle_seconds=settle_seconds, spare_seconds=2.0, answer_seconds=1.0)
    equal_in_length = _named(paper, "B001", 99_999, "first")
    outcome(bench, equal_in_length)  # from now on the printer keeps what it can
    before = bench.printer.received
    outcome(bench, equal_in_length)
    length = bench.printer.received - before
    positions = [*range(0, length, 500), length - 20]

    said = [_cut_at(bench, paper, at, tmp_path / f"{at}") for at in positions]

    assert {"failed"} < set(said)


def _named(paper, number, at, which):
    """A ticket of this number and of a code of its own."""
    return msgspec.structs.replace(paper, number=number, url=f"{paper.url}-{at:05}-{which}")


def _cut_at(bench, paper, at, folder):
    """Cut the line after so many bytes of a ticket, mend it, print the next; returns what was said of the first."""
    cut, after = _named(paper, "B001", at, "first"), _named(paper, "B002", at, "later")
    if not bench.spool.model.status:  # nothing is asked behind the last byte
        at = min(at, len(encode(lay_out(cut), bench.spool.model)) - 20)
    told = len(bench.printer.pictures)
    bench.printer.set_mood(Mood(drop_after=bench.printer.received + 10 + at))
    drops = bench.line.drops
    first = outcome(bench, cut)
    eventually(lambda: bench.line.drops > drops or first == "printed", what=f"the line is cut at {at}")
    bench.printer.deliver()
    bench.printer.set_mood(Mood())
    eventually(lambda: bench.line.reachable)
    second = outcome(bench, after)
    if not bench.spool.model.status:
        eventually(lambda: times_out(bench, after, folder, told) == 1, what=f"the next ticket after {at}")
    bench.printer.deliver()
    cut_out, after_out = (times_out(bench, one, folder, told) for one in (cut, after))
    assert second == ("printed" if bench.spool.model.status else "unknown"), at
    assert (cut_out <= 1, after_out) == (True, 1), at
    assert first == "unknown" or cut_out == (first == "printed"), at
    return first
