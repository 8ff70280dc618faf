"""Joins the staff's corner to a kiosk at work: its session, its journal, its printer."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from config.version import VERSION
from kiosk.link import Prints
from kiosk.session import Session
from kiosk.staff import StaffCorner
from kiosk.staff_papers import last_papers, paper_again
from kiosk.staff_pin import ServicePin
from kiosk.staff_touches import Condition, LastPaper
from kiosk.staff_work import Means, StaffWork, Told
from kiosk.touches import Print
from printers.papers import TestPaper

_NO_TICKET = -1
"""The test slip belongs to no ticket, place or procedure."""


class CountsPaper(Prints, Protocol):
    """A printer that can be told of its roll; `printers.spool.Spool` is one."""

    def new_roll(self) -> None:
        """Staff put a new roll in."""

    def same_roll(self) -> None:
        """Staff say that the roll is still the same."""


def staff_work(
    session: Session, printer: CountsPaper, data: Path, printer_name: str, model: str, stop: Callable[[int], None]
) -> StaffWork:
    """The corner of a kiosk with this data folder; `stop` ends the program with an exit code."""
    logging.getLogger(StaffCorner.__module__).setLevel(logging.INFO)  # what was done is kept, whatever else is not
    pin = ServicePin(data)

    def condition() -> Condition:
        return Condition(printer.status(), VERSION, pin.is_set, session.to_hand_in, session.flow.hall.away)

    def papers() -> Iterable[LastPaper]:
        return last_papers(session.journal.all_entries(), session.flow.hall)

    def print_test(told: Told) -> None:
        session.print_for_staff(Print(_NO_TICKET, _test_paper(session, printer_name, model)), told)

    def print_again(paper_id: str, told: Told) -> None:
        entry = next((each for each in session.journal.all_entries() if each.request_id == paper_id), None)
        paper = paper_again(entry, session.flow.hall) if entry else None
        if entry is None or paper is None:
            told("failed")
        else:
            session.print_for_staff(Print(entry.ticket_id, paper, reprint=True), told)

    def note_roll(new: bool) -> None:
        printer.new_roll() if new else printer.same_roll()

    means = Means(condition, papers, session.touch, print_test, print_again, note_roll, stop)
    return StaffWork(StaffCorner(), pin, means)


def _test_paper(session: Session, printer_name: str, model: str) -> TestPaper:
    now = session.flow.hall.local() or dt.datetime.now().astimezone()
    url = f"MOTCUA {now:%Y-%m-%d %H:%M:%S} {model}"
    return TestPaper(printer_name=printer_name, model=model, url=url, printed_at=now)
