"""Tells the system's service manager that a program is ready and lives (sd_notify(3)); elsewhere it does nothing."""

import os
import time

import sdnotify  # type: ignore[import-untyped]

MICROSECONDS = 1_000_000
BEATS = 3
"""So often is told within the time after which a silent program is ended and started again."""


class Watchdog:
    """To be called from the program's own loop: one that hangs is silent, and started again.

    `WATCHDOG_PID` is not looked at: the program of a screen runs below the script that systemd started.
    """

    def __init__(self) -> None:
        self._notifier = sdnotify.SystemdNotifier() if os.environ.get("NOTIFY_SOCKET") else None
        if self._notifier is not None and self._notifier.socket is not None:
            self._notifier.socket.setblocking(False)  # a service manager that hangs must not hang the hall
        given = os.environ.get("WATCHDOG_USEC", "")
        self._every = int(given) / MICROSECONDS / BEATS if given.isdecimal() else None
        self._next = 0.0
        self._ready = False

    def alive(self) -> None:
        """Tell once that the program is ready, then now and then that it lives."""
        if not self._ready:
            self._ready = True
            self._tell("READY=1")
        now = time.monotonic()
        if self._every is not None and now >= self._next:
            self._next = now + self._every
            self._tell("WATCHDOG=1")

    def ending(self) -> None:
        """Tell that the program ends in order."""
        self._tell("STOPPING=1")
        if self._notifier is not None and self._notifier.socket is not None:
            self._notifier.socket.close()

    def _tell(self, state: str) -> None:
        if self._notifier is not None:
            self._notifier.notify(state)
