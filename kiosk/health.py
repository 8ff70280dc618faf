"""What the kiosk tells the hall of itself: troubles of its printer and journal as codes, and that it lives."""

from dataclasses import dataclass

from printers.base import PrinterState, PrinterStatus

REPORT_SECONDS = 30.0
STUCK_SECONDS = 60.0
"""A printer that was not asked for so long hangs with whoever should ask it."""

_CODES = {
    PrinterState.PAPER_LOW: "paper_low",
    PrinterState.PAPER_OUT: "paper_out",
    PrinterState.COVER_OPEN: "cover_open",
    PrinterState.CUTTER_ERROR: "cutter_error",
    PrinterState.OFFLINE: "printer_offline",
    PrinterState.UNKNOWN: "printer_silent",
}


@dataclass(frozen=True)
class Own:
    """What is wrong with the kiosk beside its printer."""

    journal_damaged: bool = False
    """Its journal can't be written, or was found damaged or gone today."""
    hand_in_refused: bool = False
    """The hall would not have a number that was given while it was away."""


SOUND = Own()


def troubles_of(status: PrinterStatus, own: Own = SOUND) -> list[str]:
    """What somebody should look after, as codes; a printer that can't tell is not suspected."""
    own_codes = {"journal_damaged": own.journal_damaged, "hand_in_refused": own.hand_in_refused}
    return [*_of_printer(status), *(code for code, found in own_codes.items() if found)]


def _of_printer(status: PrinterStatus) -> list[str]:
    if status.age_seconds > STUCK_SECONDS:
        return ["printer_silent"]
    if status.needs_staff:
        return [_CODES[status.state]]
    return ["paper_ends_soon"] if status.paper_ends_soon else []


class Beat:
    """When to report: every half minute, and at once when something changed."""

    def __init__(self) -> None:
        self._told: list[str] | None = None
        self._next_at = 0.0

    def due(self, troubles: list[str], now: float) -> bool:
        """Whether these troubles are to be told at `now` (monotonic seconds); they count as told then."""
        changed = self._told is not None and troubles != self._told
        if not changed and now < self._next_at:
            return False
        self._told, self._next_at = troubles, now + REPORT_SECONDS
        return True

    def forget(self) -> None:
        """The hall did not hear it: nothing counts as told until the next beat."""
        self._told = None
