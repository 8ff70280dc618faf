"""A kiosk that is cut off at every single step of its work: before and after each word to disk, hall and printer."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LONG
from tests.kiosk.booth import Booth
from tests.kiosk.exact import assert_exact, bring_to_rest
from tests.kiosk.model_hall import ModelHall


class Cut(BaseException):
    """The power is gone."""


class Fuse:
    """Cuts the power at a step of the work, before or after it is done; counts the steps."""

    def __init__(self, step: int = -1, *, before: bool = True) -> None:
        self.step, self.before = step, before
        self.steps = 0

    def through(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def fused(*values: Any, **named: Any) -> Any:
            here, self.steps = self.steps, self.steps + 1
            if here == self.step and self.before:
                raise Cut
            done = work(*values, **named)
            if here == self.step:
                raise Cut
            return done

        return fused


def put(fuse: Fuse, booth: Booth) -> None:
    """Let all that leaves the program go through the fuse."""
    booth.journal._write = fuse.through(booth.journal._write)  # type: ignore[method-assign]
    booth.client.ask = fuse.through(booth.client.ask)  # type: ignore[method-assign]
    booth.printer.print = fuse.through(SlowPrint(booth))  # type: ignore[method-assign]


class SlowPrint:
    """The printer's own `print`; what it was given before the cut may come out."""

    def __init__(self, booth: Booth) -> None:
        self._print = type(booth.printer).print
        self._printer = booth.printer

    def __call__(self, paper: Any) -> Any:
        future = self._print(self._printer, paper)
        self._printer.jobs[-1].out = True
        return future


def work_a_while(booth: Booth) -> None:
    """One number of the hall's, one that is not answered, one of the kiosk's own, the hand-in."""
    booth.tap()
    booth.settle()
    booth.printer.finish()
    booth.work()
    booth.tap()
    booth.client.arrive(answered=False)
    booth.lose_server()
    booth.printer.finish()
    booth.work()
    booth.tap("s1")
    booth.printer.finish()
    booth.work()
    booth.hear()


def begin(tmp_path: Path) -> tuple[ModelHall, Booth]:
    hall = ModelHall()
    booth = Booth(tmp_path / "kiosk-1.db", hall)
    booth.hear()
    return hall, booth


def test_cut_off_at_any_step_everything_is_exact(tmp_path: Path) -> None:
    _, booth = begin(tmp_path / "whole")
    whole = Fuse()
    put(whole, booth)
    work_a_while(booth)
    assert whole.steps > 20
    booth.cut()
    for step, before in itertools.product(range(whole.steps), (True, False)):
        for seconds in (5.0, 300.0) if LONG else (5.0 if step % 2 else 300.0,):
            cut_at(tmp_path / f"{step}-{before}-{seconds}", Fuse(step, before=before), seconds)


def cut_at(folder: Path, fuse: Fuse, seconds: float) -> None:
    """Work until the cut, come back after so many seconds, serve one more citizen without the server, and count."""
    hall, booth = begin(folder)
    put(fuse, booth)
    with pytest.raises(Cut):
        work_a_while(booth)
    booth.printer = fresh(booth)
    booth.crash(seconds)
    booth.lose_server()
    booth.tap()
    booth.printer.finish()
    booth.work()
    bring_to_rest(booth)
    assert_exact(hall, [booth])
    booth.cut()


def fresh(booth: Booth) -> Any:
    """The same printer with its papers, without the fuse."""
    del booth.printer.print  # type: ignore[method-assign]
    return booth.printer
