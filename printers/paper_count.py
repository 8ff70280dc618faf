"""Counts the paper of one printer over restarts, and notices when somebody may have put a new roll in."""

import logging
import threading
from pathlib import Path

import msgspec
from msgspec import Struct

from printers.base import PrinterState
from printers.models import PrinterModel
from printers.roll import PaperRoll, new_roll

logger = logging.getLogger(__name__)

WARN_BELOW = 50
_MM_PER_METRE = 1000
_HANDS_IN = (PrinterState.PAPER_OUT, PrinterState.COVER_OPEN)
_FINE = (PrinterState.READY, PrinterState.PAPER_LOW)


class _Kept(Struct, frozen=True):
    """What the file holds."""

    roll: PaperRoll
    new_roll_likely: bool = False


class PaperCount:
    """How many tickets the roll is good for; safe for several threads, and remembered in a small file."""

    def __init__(
        self, path: Path, model: PrinterModel, roll_metres: float | None = None, warn_below: int = WARN_BELOW
    ) -> None:
        self._path, self._model, self._warn_below = path, model, warn_below
        self._length_mm = (roll_metres or model.roll_metres) * _MM_PER_METRE
        self._lock = threading.Lock()
        self._hands_in = False
        self._kept = self._read()

    @property
    def tickets_left(self) -> int:
        """For how many tickets the paper lasts."""
        return self._kept.roll.tickets_left

    @property
    def ends_soon(self) -> bool:
        """Whether staff should bring a roll."""
        return self.tickets_left < self._warn_below

    @property
    def new_roll_likely(self) -> bool:
        """Whether staff should be asked if the roll is a new one."""
        return self._kept.new_roll_likely

    def spend(self, rows: int) -> None:
        """A paper of so many rows was printed, or may have been."""
        with self._lock:
            self._keep(_Kept(self._kept.roll.after(rows / self._model.dots_per_mm), self._kept.new_roll_likely))

    def look(self, state: PrinterState) -> None:
        """The printer said how it is."""
        with self._lock:
            kept = self._seen(state)
            if kept != self._kept:
                self._keep(kept)

    def new_roll(self) -> None:
        """Staff put a new roll in."""
        with self._lock:
            self._keep(_Kept(self._kept.roll.renewed(self._length_mm)))

    def same_roll(self) -> None:
        """Staff say that the roll is still the same."""
        with self._lock:
            self._keep(_Kept(self._kept.roll))

    def _seen(self, state: PrinterState) -> _Kept:
        """What is known after the printer's word."""
        roll, likely = self._kept.roll, self._kept.new_roll_likely
        if state is PrinterState.PAPER_OUT:
            roll = roll.empty()
        if state in _HANDS_IN:
            self._hands_in = True
        elif state in _FINE:
            near_end_mm = self._model.near_end_metres * _MM_PER_METRE
            roll = roll.seen(low=state is PrinterState.PAPER_LOW, near_end_mm=near_end_mm)
            likely, self._hands_in = likely or self._hands_in, False
        return _Kept(roll, likely)

    def _read(self) -> _Kept:
        """What the file says; a new roll without a file, or with one that nobody can read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return _Kept(new_roll(self._length_mm))
        except (OSError, msgspec.DecodeError) as error:
            logger.warning("%s: %s; the roll counts as new", self._path, error)
            return _Kept(new_roll(self._length_mm), new_roll_likely=True)

    def _keep(self, kept: _Kept) -> None:
        """Remember, in a file that is either the old or the new one."""
        self._kept = kept
        unfinished = self._path.with_suffix(".part")
        try:
            unfinished.write_bytes(msgspec.json.encode(kept))
            unfinished.replace(self._path)
        except OSError as error:
            logger.warning("%s: %s", self._path, error.strerror)
