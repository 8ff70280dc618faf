"""Questions to the printer and its answers, over a transport that may break at any moment."""

import logging
import time

from printers.answers import ERROR_KIND, STATE_KINDS, decode_state, is_barrier_byte, is_state_byte, tells_error
from printers.base import PrinterState, PrinterUnreachable, Transport
from printers.escpos import BARRIER, ask_state, resynchronise
from printers.models import PrinterModel

logger = logging.getLogger(__name__)

STOPPED = (PrinterState.PAPER_OUT, PrinterState.COVER_OPEN, PrinterState.CUTTER_ERROR)
_OPEN_SECONDS = 2.0
_LOOK_SECONDS = 0.5
"""How often the state is asked while a ticket is being printed."""
_QUIET_SECONDS = 0.2
"""After so long without a byte nothing old is on its way any more."""


class Dialogue:
    """Talks with one printer; not safe for several threads."""

    def __init__(self, transport: Transport, model: PrinterModel) -> None:
        self._transport = transport
        self._model = model
        self._states: list[int] = []
        self._barriers = 0
        self._last_fault = ""

    def state(self) -> PrinterState:
        """Ask for the state: `unknown` without an answer, `offline` if there is no printer; reconnects once."""
        for last_try in (False, True):
            try:
                self._transport.open(_OPEN_SECONDS)
                state = self._asked_state()
                self._last_fault = ""
                return state
            except PrinterUnreachable as error:
                self.close()
                if last_try and str(error) != self._last_fault:
                    self._last_fault = str(error)
                    logger.warning("no printer: %s", error)
        return PrinterState.OFFLINE

    def send(self, data: bytes, seconds: float) -> None:
        """Hand over bytes; raises PrinterUnreachable."""
        self._transport.write(data, seconds)

    def title(self, words: str) -> None:
        """Name the next ticket for transports that keep tickets as files."""
        self._transport.title(words)

    def seconds_for(self, length: int) -> float:
        """Return how long the line needs for so many bytes."""
        return length / self._transport.bytes_per_second

    def barrier(self, seconds: float) -> bool:
        """Ask for a sign that all before was carried out and wait for it; False at once when the printer stops."""
        deadline = time.monotonic() + seconds
        self._drain()
        self._barriers = 0
        self.send(BARRIER, seconds)
        while (left := deadline - time.monotonic()) > 0:
            if self._barriers or self._heard_barrier(min(left, _LOOK_SECONDS)):
                return True
            if self._asked_state() in STOPPED:
                return bool(self._barriers)
        return False

    def settle(self, seconds: float) -> bool:
        """Give the printer time to print; False at once when it stops."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_SECONDS))
            if self._asked_state() in STOPPED:
                return False
        return True

    def clear_way(self, seconds: float) -> bool:
        """Complete what an earlier, broken job left half sent; False if the printer does not say that it has."""
        self.send(resynchronise(self._model), seconds)
        if not self._model.barrier:
            return True
        passed = self.barrier(seconds)
        while self._listen(_QUIET_SECONDS):
            pass
        return passed

    def close(self) -> None:
        """Disconnect."""
        self._transport.close()

    # ---- listening ---------------------------------------------------------

    def _asked_state(self) -> PrinterState:
        """Ask all questions of the state; the first that is not answered makes it unknown."""
        if not self._model.status:
            return PrinterState.UNKNOWN
        found: dict[int, int] = {}
        for kind in STATE_KINDS:
            if not self._ask(kind, found):
                return PrinterState.UNKNOWN
        if tells_error(found):
            self._ask(ERROR_KIND, found)
        return decode_state(found)

    def _ask(self, kind: int, found: dict[int, int]) -> bool:
        """Ask one question; whether it was answered in time."""
        self._drain()
        self._states.clear()
        self.send(ask_state(kind), self._model.answer_seconds)
        deadline = time.monotonic() + self._model.answer_seconds
        while not self._states and (left := deadline - time.monotonic()) > 0:
            self._listen(left)
        if self._states:
            found[kind] = self._states[0]
        return bool(self._states)

    def _heard_barrier(self, seconds: float) -> bool:
        """Whether the sign came within these seconds."""
        deadline = time.monotonic() + seconds
        while not self._barriers and (left := deadline - time.monotonic()) > 0:
            self._listen(left)
        return bool(self._barriers)

    def _drain(self) -> None:
        """Take in all that has come already."""
        while self._listen(0):
            pass

    def _listen(self, seconds: float) -> bool:
        """Sort what comes into answers of both kinds; whether anything came."""
        data = self._transport.read(seconds)
        self._states += [byte for byte in data if is_state_byte(byte)]
        self._barriers += sum(is_barrier_byte(byte) for byte in data)
        return bool(data)
