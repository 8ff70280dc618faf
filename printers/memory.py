"""A printer that only remembers: for tests and for trying a kiosk without any device."""

from concurrent.futures import Future
from typing import TypeVar

from printers.base import PrinterState, PrinterStatus, PrintOutcome
from printers.layout import Paper

_T = TypeVar("_T")


class MemoryPrinter:
    """Keeps every printed paper in `papers`; set `state` to make it fail the way a real one would."""

    def __init__(self, state: PrinterState = PrinterState.READY, *, answers: bool = True) -> None:
        self.papers: list[Paper] = []
        self.state = state
        self.answers = answers
        self.rolls = 0
        """How many new rolls staff put in."""

    def status(self) -> PrinterStatus:
        """Return the state that was set."""
        return PrinterStatus(self.state, self.answers)

    def print(self, paper: Paper) -> "Future[PrintOutcome]":
        """Remember the paper; fails when the state does not allow to print."""
        status = self.status()
        outcome: PrintOutcome = "failed"
        if status.may_print:
            self.papers.append(paper)
            outcome = "printed" if status.answers else "unknown"
        return _done(outcome)

    def new_roll(self) -> None:
        """Count a new roll."""
        self.rolls += 1

    def same_roll(self) -> None:
        """Nothing to count."""

    def close(self) -> None:
        """Nothing to let go of."""


def _done(result: _T) -> "Future[_T]":
    """A future that has its result already."""
    future: Future[_T] = Future()
    future.set_result(result)
    return future
