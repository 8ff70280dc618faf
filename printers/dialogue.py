"""Questions to the printer and its answers, over a transport that may break at any moment."""

import logging
import time
from collections.abc import Callable

from printers.answers import ERROR_KIND, STATE_KINDS, Heard, decode_state, tells_error
from printers.base import PrinterState, PrinterUnreachable, Transport
from printers.escpos import CLEAR, LIST_HEARD, LIST_KEPT, ask_state, begin_afresh, resynchronise
from printers.models import PrinterModel

logger = logging.getLogger(__name__)

STOPPED = (PrinterState.PAPER_OUT, PrinterState.COVER_OPEN, PrinterState.CUTTER_ERROR)
_OPEN_SECONDS = 2.0
_LOOK_SECONDS = 0.5
"""How often the state is asked while a ticket is being printed."""
_QUIET_SECONDS = 0.2
"""After so long without a byte nothing old is on its way any more."""
_PATIENT_POLLS = 3
"""After so many questions without an answer the connection is made anew."""
_KEYS_BEGIN = b"\x72"
_CLEARED = b"\x25"


class Dialogue:
    """Talks with one printer; not safe for several threads."""

    def __init__(self, transport: Transport, model: PrinterModel) -> None:
        self._transport = transport
        self._model = model
        self._heard = Heard()
        self._unanswered = 0
        self.fault: PrinterUnreachable | None = None
        """Why there is no printer; none if there is one."""
        self.connection = 0
        """Counts the connections: what was known of the printer may be wrong after each."""

    def state(self) -> PrinterState:
        """Ask for the state: `unknown` without an answer, `offline` if there is no printer; reconnects once."""
        for last_try in (False, True):
            try:
                self._transport.open(_OPEN_SECONDS)
                self._notice_end(last_try)
                state = self._asked_state()
                self.fault = None
                self._mind(state)
                return state
            except PrinterUnreachable as error:
                self.close()
                if last_try and str(error) != str(self.fault or ""):
                    logger.warning("no printer: %s", error)
                self.fault = error if last_try else self.fault
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

    def send_with_signs(self, data: bytes, seconds: float) -> None:
        """Hand over bytes with barriers in them; what was heard of earlier ones does not count."""
        self._drain()
        self._heard.barriers = self._heard.noise = 0
        self.send(data, seconds)

    def signs(self, wanted: int, seconds: float) -> int:
        """Wait for the signs of so many barriers; returns how many came, at once when the printer stops.

        Where there was noise among the answers, none counts.
        """
        deadline = time.monotonic() + seconds
        while self._heard.barriers < wanted and (left := deadline - time.monotonic()) > 0:
            if self._wait(lambda: self._heard.barriers >= wanted, min(left, _LOOK_SECONDS)):
                break
            if self._asked_state() in STOPPED:
                break
        return 0 if self._heard.noise else self._heard.barriers

    @property
    def signs_heard(self) -> int:
        """How many signs came since the last bytes with barriers in them."""
        return self._heard.barriers

    def settle(self, seconds: float, spare_seconds: float) -> bool:
        """Give the printer time to print, and more until it answers; False at once when it stops."""
        deadline = time.monotonic() + seconds
        state = PrinterState.UNKNOWN
        while (left := deadline - time.monotonic()) > 0 or (state is PrinterState.UNKNOWN and left > -spare_seconds):
            time.sleep(min(max(left, 0.0), _LOOK_SECONDS))
            state = self._asked_state()
            if state in STOPPED:
                return False
        return True

    def clear_way(self, seconds: float) -> bool:
        """Get rid of what an earlier, broken job left half sent; False if the printer does not say that it is gone."""
        if self._model.clears:
            return self.clear() and self._begun_afresh(seconds)
        self.send_with_signs(resynchronise(self._model), seconds)
        if not self._model.barrier:
            return True
        passed = self.signs(1, seconds) >= 1
        while self._listen(_QUIET_SECONDS):
            pass
        return passed

    def clear(self) -> bool:
        """Have the printer forget all that is not printed yet; whether it said that it has."""
        self._drain()
        self._heard.expect_block()
        self.send(CLEAR, self._model.answer_seconds)
        return self._wait(lambda: _CLEARED in self._heard.blocks, self._model.answer_seconds)

    def kept_pictures(self) -> frozenset[str]:
        """Ask which pictures the printer keeps, by key; none if it does not say."""
        keys = b""
        self._drain()
        self._heard.expect_block()
        self.send(LIST_KEPT, self._model.answer_seconds)
        while self._wait(lambda: bool(self._heard.blocks), self._model.answer_seconds):
            block = self._heard.blocks.pop()
            self.send(LIST_HEARD, self._model.answer_seconds)
            if not block.startswith(_KEYS_BEGIN):
                return frozenset()
            keys += block[2:]
            if block[1:2] != b"\x41":
                break
        return frozenset(keys[at : at + 2].decode("latin-1") for at in range(0, len(keys) - 1, 2))

    def close(self) -> None:
        """Disconnect."""
        self._transport.close()
        self._heard.forget()
        self._unanswered = 0
        self.connection += 1

    # ---- listening ---------------------------------------------------------

    def _begun_afresh(self, seconds: float) -> bool:
        self.send(begin_afresh(self._model), seconds)
        return True

    def _notice_end(self, last_try: bool) -> None:
        """Notice a connection that ended, of a printer that is never asked; some only say that they will not speak."""
        if not self._model.status and not last_try:
            while self._listen(0):
                pass

    def _mind(self, state: PrinterState) -> None:
        """Make the connection anew when nothing is heard over it any more."""
        silent = self._model.status and state is PrinterState.UNKNOWN
        self._unanswered = self._unanswered + 1 if silent else 0
        if self._unanswered >= _PATIENT_POLLS:
            self.close()

    def _asked_state(self) -> PrinterState:
        """Ask all questions of the state; the first that is not answered makes it unknown, as noise does."""
        if not self._model.status:
            return PrinterState.UNKNOWN
        self._drain()
        noise = self._heard.noise
        if not all(self._ask(kind) for kind in STATE_KINDS):
            return PrinterState.UNKNOWN
        found = {kind: self._heard.answers[kind] for kind in STATE_KINDS}
        if tells_error(found) and self._ask(ERROR_KIND):
            found[ERROR_KIND] = self._heard.answers[ERROR_KIND]
        return PrinterState.UNKNOWN if self._heard.noise > noise else decode_state(found)

    def _ask(self, kind: int) -> bool:
        """Ask one question; whether it, and all before it, were answered in time."""
        self._heard.ask(kind)
        self.send(ask_state(kind), self._model.answer_seconds)
        return self._wait(lambda: not self._heard.open_questions, self._model.answer_seconds)

    def _wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Listen until the condition holds; whether it did within these seconds."""
        deadline = time.monotonic() + seconds
        while not condition() and (left := deadline - time.monotonic()) > 0:
            self._listen(left)
        return condition()

    def _drain(self) -> None:
        """Take in all that has come already, of a printer that speaks at all."""
        while self._model.status and self._listen(0):
            pass

    def _listen(self, seconds: float) -> bool:
        """Sort what comes; whether anything came."""
        data = self._transport.read(seconds)
        self._heard.take(data)
        return bool(data)
