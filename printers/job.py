"""One paper on its way through the printer, and what is known of it at the end."""

import logging
from collections.abc import Callable

from printers.base import PrinterState, PrinterUnreachable, PrintOutcome
from printers.dialogue import STOPPED, Dialogue
from printers.escpos import BARRIER
from printers.models import PrinterModel
from printers.printout import Printout

logger = logging.getLogger(__name__)

_FINE = (PrinterState.READY, PrinterState.PAPER_LOW)
_SIGNS = 2
"""One when all is printed, one when it is cut."""


class Job:
    """Sends a paper and weighs the printer's word; `printed` and `failed` are said only of what is sure."""

    def __init__(
        self, dialogue: Dialogue, model: PrinterModel, printout: Printout, poll: Callable[[], PrinterState]
    ) -> None:
        self._dialogue, self._model, self._printout, self._poll = dialogue, model, printout, poll
        self._handed_over = 0
        self._broken = False
        self._finished = False

    @property
    def begun(self) -> bool:
        """Whether the printer was given any of it."""
        return self._handed_over > 0

    @property
    def unfinished(self) -> bool:
        """Whether some of it may be in the printer still, so that the way must be cleared before the next.

        Of a model that never answers nobody knows; its way is cleared only after a broken connection.
        """
        return self.begun and not self._finished and (self._broken or self._model.status)

    @property
    def on_its_way(self) -> float:
        """For how many seconds a connection that breaks may still cut it short, when nobody says that it is out."""
        if self._finished or not self.begun:
            return 0.0
        return self._dialogue.seconds_for(self._handed_over) + self._model.settle_seconds

    def carry_out(self, spare_seconds: float) -> PrintOutcome:
        """Send the paper, wait for what the printer says, and return what became of it."""
        try:
            seconds = self._send(spare_seconds)
            if self._model.barrier:
                return self._weigh_signs(self._dialogue.signs(_SIGNS, seconds))
            return self._weigh_rest(seconds, spare_seconds)
        except PrinterUnreachable as error:
            logger.warning("%s", error)
            self._broken = True
            self._dialogue.close()
        self._poll()
        return "unknown" if self._handed_over >= len(self._printout.print) else "failed"

    def _send(self, spare_seconds: float) -> float:
        """Hand over all bytes, with barriers if the model answers them; returns how long the printer may take."""
        barrier = BARRIER if self._model.barrier else b""
        data = self._printout.print + barrier + self._printout.ending + barrier
        seconds = self._dialogue.seconds_for(len(data)) + spare_seconds
        try:
            self._dialogue.send_with_signs(data, seconds)
        except PrinterUnreachable as error:
            self._handed_over = error.taken
            raise
        self._handed_over = len(data)
        return seconds

    def _weigh_signs(self, signs: int) -> PrintOutcome:
        """What the printer's signs are worth, beside its state afterwards."""
        self._finished = signs >= _SIGNS
        state = self._poll()
        if self._finished and state is PrinterState.UNKNOWN:
            self._dialogue.close()
            state = self._poll()
        if self._finished:
            return "unknown" if state in (PrinterState.UNKNOWN, PrinterState.OFFLINE) else "printed"
        forgotten = signs == 0 and state in STOPPED and self._model.clears and self._dialogue.clear()
        return "failed" if forgotten and not self._dialogue.signs_heard else "unknown"

    def _weigh_rest(self, seconds: float, spare_seconds: float) -> PrintOutcome:
        """Without signs only time and the state afterwards speak, if the printer speaks at all."""
        if not self._model.status:
            self._poll()
            return "unknown"
        settled = self._dialogue.settle(self._model.settle_seconds + seconds - spare_seconds, spare_seconds)
        self._finished = self._poll() in _FINE and settled
        return "printed" if self._finished else "unknown"
