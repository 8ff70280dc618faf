"""Work beside the window: whoever hangs in it holds up neither the window nor the end of the program."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def aside(work: Callable[[], T], name: str) -> "Future[T]":
    """Do it in a thread of this name, which is given up when the program ends."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as fault:  # noqa: BLE001 - told to who waits for it
            done.set_exception(fault)

    Thread(target=run, name=name, daemon=True).start()
    return done
