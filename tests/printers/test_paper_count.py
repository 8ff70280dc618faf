"""How many tickets the roll is good for: reckoned, set right by the sensor, remembered, and renewed by staff."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.base import PrinterState
from printers.device import Mood
from printers.models import load_model
from printers.paper_count import PaperCount
from printers.roll import new_roll
from printers.spool import Spool
from printers.transport import NetworkTransport
from tests.running import eventually

MODEL = msgspec.structs.replace(load_model("epson-tm-t20"), near_end_metres=5.0)
ROWS = 880
"""110 mm."""


@pytest.fixture
def count(tmp_path):
    """A count that nobody used."""
    return PaperCount(tmp_path / "roll.json", MODEL)


def test_a_new_roll_of_80_metres_is_good_for_about_700_tickets(count):
    assert count.tickets_left == 727
    assert not count.ends_soon


def test_every_ticket_takes_its_length(count):
    for _ in range(100):
        count.spend(ROWS)
    assert count.tickets_left == 627


def test_longer_tickets_make_the_roll_good_for_fewer():
    roll = new_roll(80_000)
    for _ in range(50):
        roll = roll.after(200)
    assert roll.tickets_left < (80_000 - 50 * 200) / 180


def test_staff_are_warned_when_fewer_than_50_are_left(count):
    for _ in range(677):
        count.spend(ROWS)
    assert not count.ends_soon
    count.spend(ROWS)
    assert count.ends_soon


def test_the_count_outlives_a_restart(count, tmp_path):
    for _ in range(10):
        count.spend(ROWS)
    assert PaperCount(tmp_path / "roll.json", MODEL).tickets_left == count.tickets_left == 717


def test_the_near_end_sensor_knows_better_when_the_count_is_too_high(count):
    count.look(PrinterState.READY)
    count.look(PrinterState.PAPER_LOW)
    assert count.tickets_left == 45
    assert count.ends_soon


def test_the_near_end_sensor_knows_better_when_the_count_is_too_low(count):
    for _ in range(727):
        count.spend(ROWS)
    assert count.tickets_left == 0
    count.look(PrinterState.READY)
    assert count.tickets_left == 45


def test_after_the_sensor_spoke_the_count_goes_on(count):
    count.look(PrinterState.PAPER_LOW)
    for _ in range(10):
        count.spend(ROWS)
        count.look(PrinterState.PAPER_LOW)
    assert count.tickets_left == 35


def test_without_paper_nothing_is_left(count):
    count.look(PrinterState.PAPER_OUT)
    assert count.tickets_left == 0


@pytest.mark.parametrize("hand", [PrinterState.PAPER_OUT, PrinterState.COVER_OPEN])
def test_a_hand_in_the_printer_only_asks_and_staff_say_if_the_roll_is_new(count, hand):
    for _ in range(100):
        count.spend(ROWS)
    count.look(hand)
    assert not count.new_roll_likely
    count.look(PrinterState.READY)
    assert count.new_roll_likely
    assert count.tickets_left < 700
    count.new_roll()
    assert (count.tickets_left, count.new_roll_likely) == (727, False)


def test_staff_may_say_that_the_roll_is_the_same(count):
    count.spend(ROWS)
    count.look(PrinterState.COVER_OPEN)
    count.look(PrinterState.READY)
    count.same_roll()
    assert (count.tickets_left, count.new_roll_likely) == (726, False)


@pytest.mark.parametrize("junk", [b"", b"{", b'{"roll": 3}', b"\xff"])
def test_a_broken_file_asks_for_the_roll_and_stops_nothing(tmp_path, junk):
    path = tmp_path / "roll.json"
    path.write_bytes(junk)
    count = PaperCount(path, MODEL)
    assert count.new_roll_likely
    count.new_roll()
    assert PaperCount(path, MODEL).tickets_left == 727


def test_a_folder_that_takes_no_file_stops_nothing(tmp_path, caplog):
    count = PaperCount(tmp_path / "missing" / "roll.json", MODEL)
    count.spend(ROWS)
    assert count.tickets_left == 726
    assert "No such file" in caplog.text


@given(st.lists(st.floats(0, 500), max_size=60), st.lists(st.booleans(), max_size=60))
def test_the_count_is_never_negative_and_never_more_than_the_roll(lengths, lows):
    roll = new_roll(5_000)
    for length, low in zip(lengths, lows, strict=False):
        roll = roll.after(length).seen(low=low, near_end_mm=1_000)
        assert 0 <= roll.left_mm <= 5_000
        assert roll.tickets_left >= 0


def test_a_spool_counts_what_it_prints_and_tells_it_with_its_state(make_bench, paper, tmp_path):
    bench = make_bench()
    model = load_model("epson-tm-t20")
    count = PaperCount(tmp_path / "roll.json", model, roll_metres=1.0, warn_below=5)
    spool = Spool(NetworkTransport("127.0.0.1", bench.line.port), model, poll_seconds=0.05, paper_count=count)
    bench.spool.close()
    assert spool.status().tickets_left == 9
    for _ in range(5):
        assert spool.print(paper).result(20) == "printed"
    status = spool.status()
    assert status.tickets_left == 3
    assert status.paper_ends_soon

    bench.printer.set_mood(Mood(cover_open=True))
    eventually(lambda: spool.status().state is PrinterState.COVER_OPEN)
    bench.printer.set_mood(Mood())
    eventually(lambda: spool.status().new_roll_likely)
    spool.new_roll()
    assert not spool.status().paper_ends_soon
    spool.close()
