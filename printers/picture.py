"""The picture printer: tickets become PNG files instead of paper, for demonstrations and halls without paper."""

from pathlib import Path

from printers.base import PrinterUnreachable
from printers.device import EmulatedPrinter
from printers.interpreter import Features


class PictureTransport:
    """Hands the same bytes that a real printer gets to the emulated one, in this process."""

    bytes_per_second = 10_000_000.0

    def __init__(self, folder: Path, width_dots: int, features: Features | None = None) -> None:
        self.printer = EmulatedPrinter(folder, width_dots, features)
        self._folder = folder

    def open(self, _seconds: float) -> None:
        """Make the folder; raises PrinterUnreachable if that cannot be."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PrinterUnreachable(f"{self._folder}: {error.strerror}") from error

    def write(self, data: bytes, _seconds: float) -> None:
        """Print; raises PrinterUnreachable if the picture cannot be written."""
        try:
            self.printer.feed(data)
        except OSError as error:
            raise PrinterUnreachable(f"{self._folder}: {error.strerror}") from error

    def read(self, _seconds: float) -> bytes:
        """Return the printer's answers."""
        return self.printer.take_answers()

    def title(self, words: str) -> None:
        """Name the picture of the next ticket."""
        self.printer.title = words

    def close(self) -> None:
        """Nothing to let go of."""
