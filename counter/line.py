"""One serial line: a thread that opens it, reads, writes in turn, and comes back after the cable was pulled."""

import contextlib
import logging
import os
import select
import termios
import threading
import time
from collections.abc import Callable
from typing import Any

from serial import SerialException
from serial.serialposix import Serial

from counter.bus import Bus, Pressed
from counter.driver import Picture
from counter.outbox import Outbox

FIRST_RETRY_SECONDS = 0.5
LAST_RETRY_SECONDS = 8.0
WRITE_SECONDS = 0.5
"""A line that takes nothing for so long is as good as pulled."""
_LISTEN_SECONDS = 0.2
_CHUNK = 4096
_FAULTS = (OSError, SerialException, termios.error)
_log = logging.getLogger(__name__)


class Line:
    """The line of a bus; `pressed` and `changed` (True: open) are called on its own thread and must not wait."""

    def __init__(
        self,
        port: str,
        baud: int,
        bus: Bus,
        pressed: Callable[[Pressed], None],
        changed: Callable[[bool], None],
    ) -> None:
        self._port, self._baud = port, baud
        self._bus = bus
        self._pressed, self._changed = pressed, changed
        self._outbox = Outbox()
        self._lock = threading.Lock()
        self._open = False
        self._woken, self._wake = os.pipe()
        for end in (self._woken, self._wake):
            os.set_blocking(end, False)
        self._stop = threading.Event()
        self._said = ""
        self._thread = threading.Thread(target=self._run, name="counter-line", daemon=True)

    # ---- from any thread ----

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def show(self, address: int, pictures: list[Picture]) -> None:
        """Have pictures written soon; they are forgotten while the line is down."""
        gap = self._bus.gap_seconds(address)
        with self._lock:
            if not self._open:
                return
            for picture in pictures:
                self._outbox.put(address, picture, gap)
        self._poke()

    def close(self) -> None:
        """Let go of the line."""
        self._stop.set()
        self._poke()
        self._thread.join(timeout=5)
        os.close(self._wake)
        os.close(self._woken)

    def _poke(self) -> None:
        with contextlib.suppress(BlockingIOError):  # a full pipe wakes as well
            os.write(self._wake, b"x")

    # ---- on the line's thread ----

    def _run(self) -> None:
        retry = FIRST_RETRY_SECONDS
        while not self._stop.is_set():
            try:
                with contextlib.closing(self._connect()) as device:
                    retry = FIRST_RETRY_SECONDS
                    while not self._stop.is_set():
                        self._turn(device)
            except _FAULTS as fault:
                self._lose(fault)
                self._stop.wait(retry)
                retry = min(retry * 2, LAST_RETRY_SECONDS)

    def _connect(self) -> Any:
        make: Any = Serial
        device = make(self._port, self._baud, timeout=0, write_timeout=WRITE_SECONDS, exclusive=True)
        self._bus.restart()
        if self._said:
            _log.warning("%s: the line is back", self._port)
        self._said = ""
        self._switch(on=True)
        return device

    def _turn(self, device: Any) -> None:
        self._write(device)
        with self._lock:
            wait = self._outbox.wait(time.monotonic(), _LISTEN_SECONDS)
        ready = select.select([device, self._woken], [], [], wait)[0]
        if self._woken in ready:
            os.read(self._woken, _CHUNK)
        heard = self._bus.take(device.read(_CHUNK) if device in ready else b"", time.monotonic())
        with self._lock:
            for answer in heard.answers:
                self._outbox.answer(answer)
        self._write(device)
        for pressed in heard.presses:
            self._pressed(pressed)

    def _write(self, device: Any) -> None:
        while True:
            with self._lock:
                frame = self._outbox.next(time.monotonic())
            if frame is None:
                return
            if not select.select([], [device], [], WRITE_SECONDS)[1]:
                raise SerialException("it takes no bytes")
            self._bus.wrote(frame, time.monotonic())
            device.write(frame)

    def _lose(self, fault: Exception) -> None:
        """Say it once for each way of being down."""
        words = f"{self._port}: the line is down, is the cable pulled? ({fault})"
        if words != self._said:
            self._said = words
            _log.warning("%s", words)
        self._switch(on=False)

    def _switch(self, *, on: bool) -> None:
        with self._lock:
            changed, self._open = self._open is not on, on
            self._outbox.clear()
        if changed:
            self._changed(on)
