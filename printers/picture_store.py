"""The pictures that a printer keeps for good, so that logo and headings travel only once."""

from printers.dialogue import Dialogue
from printers.escpos import BARRIER
from printers.lines import Line
from printers.models import PrinterModel
from printers.printout import pictures_to_keep

_WRITING_SECONDS = 10.0
"""How long a printer may take to write its memory."""


class PictureStore:
    """Knows which pictures the printer keeps, by the printer's own word.

    A picture is stored at most once in the life of this object: the memory wears out, and a printer that does not list
    what it was given shall not be given it again and again.
    """

    def __init__(self, dialogue: Dialogue, model: PrinterModel) -> None:
        self._dialogue, self._model = dialogue, model
        self._kept: frozenset[str] = frozenset()
        self._connection = -1
        self._given: set[str] = set()

    def ready_for(self, lines: list[Line]) -> frozenset[str]:
        """Store what these lines need, and return the keys of what the printer keeps; raises PrinterUnreachable."""
        wanted = pictures_to_keep(lines, self._model)
        if wanted:
            self._look()
            missing = [key for key in wanted if key not in self._kept and key not in self._given]
            if missing:
                self._give(missing, b"".join(wanted[key] for key in missing))
        return self._kept

    def _look(self) -> None:
        """Ask once for each connection: another printer may be at the line."""
        if self._connection != self._dialogue.connection:
            self._kept = self._dialogue.kept_pictures()
            self._connection = self._dialogue.connection

    def _give(self, keys: list[str], data: bytes) -> None:
        """Store pictures, and believe only the printer that it has them."""
        self._given.update(keys)
        seconds = self._dialogue.seconds_for(len(data)) + _WRITING_SECONDS
        self._dialogue.send_with_signs(data + BARRIER * self._model.barrier, seconds)
        self._dialogue.signs(int(self._model.barrier), seconds)
        self._kept = self._dialogue.kept_pictures()
