"""The printer that only remembers behaves like one."""

from printers.base import PrinterState
from printers.memory import MemoryPrinter


def test_it_remembers_what_it_printed(paper):
    printer = MemoryPrinter()
    assert printer.print(paper).result(0) == "printed"
    assert printer.papers == [paper]


def test_it_fails_like_a_printer_without_paper(paper):
    printer = MemoryPrinter(PrinterState.PAPER_OUT)
    assert printer.print(paper).result(0) == "failed"
    assert printer.status().needs_staff
    assert printer.papers == []


def test_a_printer_that_never_answers_prints_and_cannot_say(paper):
    printer = MemoryPrinter(PrinterState.UNKNOWN, answers=False)
    assert printer.status().may_print
    assert not printer.status().needs_staff
    assert printer.print(paper).result(0) == "unknown"
