"""A printer's state as the codes of troubles that a supervisor reads."""

import pytest

from kiosk.health import Own, troubles_of
from printers.base import PrinterState, PrinterStatus


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (PrinterState.READY, []),
        (PrinterState.PAPER_LOW, ["paper_low"]),
        (PrinterState.PAPER_OUT, ["paper_out"]),
        (PrinterState.COVER_OPEN, ["cover_open"]),
        (PrinterState.CUTTER_ERROR, ["cutter_error"]),
        (PrinterState.OFFLINE, ["printer_offline"]),
        (PrinterState.UNKNOWN, ["printer_silent"]),
    ],
)
def test_every_state_has_its_code(state: PrinterState, told: list[str]) -> None:
    assert troubles_of(PrinterStatus(state)) == told


def test_a_printer_that_can_never_tell_is_not_suspected() -> None:
    assert troubles_of(PrinterStatus(PrinterState.UNKNOWN, answers=False)) == []


def test_a_printer_that_nobody_could_ask_for_a_minute_is_silent() -> None:
    assert troubles_of(PrinterStatus(PrinterState.READY, age_seconds=61.0)) == ["printer_silent"]


def test_a_roll_that_ends_soon_is_told_before_the_printer_notices() -> None:
    assert troubles_of(PrinterStatus(PrinterState.READY, paper_ends_soon=True)) == ["paper_ends_soon"]
    assert troubles_of(PrinterStatus(PrinterState.PAPER_LOW, paper_ends_soon=True)) == ["paper_low"]


def test_troubles_of_the_kiosk_itself_are_told_beside_the_printers() -> None:
    own = Own(journal_damaged=True, hand_in_refused=True)
    told = troubles_of(PrinterStatus(PrinterState.PAPER_OUT), own)
    assert told == ["paper_out", "journal_damaged", "hand_in_refused"]
