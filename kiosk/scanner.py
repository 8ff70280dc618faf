"""A code scanner on a serial port (also USB ones in COM mode): a thread that reads it and comes back after a pull."""

import contextlib
import logging
import select
import termios
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from serial import SerialException
from serial.serialposix import Serial
from serial.tools import list_ports_linux

from kiosk.codes import LONGEST

BAUD = 9600
"""What serial scanners leave the factory with; over USB it has no meaning."""
FIRST_RETRY_SECONDS = 0.5
LAST_RETRY_SECONDS = 8.0
QUIET_SECONDS = 0.15
"""A scanner that sends no line end is silent for so long after a code."""
_LISTEN_SECONDS = 0.5
_CHUNK = 4096
_ENDS = b"\r\n\0\x03\x04"
_FAULTS = (OSError, SerialException, termios.error, ValueError)
_MAKERS = {
    0x0536: "Honeywell",  # Hand Held Products
    0x05E0: "Zebra",
    0x05F9: "Datalogic",
    0x065A: "Opticon",
    0x0C2E: "Honeywell",
    0x1EAB: "Newland",
}
"""Makers of scanners by their USB vendor id."""
_log = logging.getLogger(__name__)


class Codes:
    """Cuts what a scanner sends into codes: each ends with a line end, or with silence. Pure."""

    def __init__(self) -> None:
        self._begun = b""
        self._too_long = False

    @property
    def unfinished(self) -> bool:
        """Whether a code has begun."""
        return bool(self._begun) or self._too_long

    def take(self, data: bytes) -> list[bytes]:
        """The codes that this completes; one of more than `LONGEST` bytes is thrown away."""
        whole = []
        for byte in data:
            if byte in _ENDS:
                whole += self.end()
            elif len(self._begun) == LONGEST:
                self._begun, self._too_long = b"", True
            elif not self._too_long:
                self._begun += bytes((byte,))
        return whole

    def end(self) -> list[bytes]:
        """The code that silence completes, if one has begun."""
        begun, self._begun, self._too_long = self._begun, b"", False
        return [begun] if begun else []


class Scanner:
    """A scanner at a port; `on_code` gets each code as bytes, on the scanner's own thread, and must not wait.

    What is scanned is never logged: it may be an identity card.
    """

    def __init__(self, port: str, on_code: Callable[[bytes], None], baud: int = BAUD) -> None:
        self._port, self._baud = port, baud
        self._on_code = on_code
        self._present = False
        self._said = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def start(self) -> None:
        """Begin; a scanner that is not there yet is waited for."""
        self._thread.start()

    @property
    def present(self) -> bool:
        """Whether the scanner's port is open."""
        return self._present

    def close(self) -> None:
        """Let go of the port."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    # ---- the scanner's thread ----

    def _run(self) -> None:
        retry = FIRST_RETRY_SECONDS
        while not self._stop.is_set():
            try:
                with contextlib.closing(self._connect()) as device:
                    retry = FIRST_RETRY_SECONDS
                    self._listen(device)
            except _FAULTS as fault:
                self._lose(fault)
                self._stop.wait(retry)
                retry = min(retry * 2, LAST_RETRY_SECONDS)
        self._present = False

    def _connect(self) -> Any:
        make: Any = Serial
        device = make(self._port, self._baud, timeout=0, exclusive=True)
        device.reset_input_buffer()
        if self._said:
            _log.warning("%s: the scanner is back", self._port)
        self._said, self._present = "", True
        return device

    def _listen(self, device: Any) -> None:
        """Hand over codes; what was half read when the cable was pulled is dropped."""
        codes = Codes()
        while not self._stop.is_set():
            wait = QUIET_SECONDS if codes.unfinished else _LISTEN_SECONDS
            ready = select.select([device], [], [], wait)[0]
            for code in codes.take(device.read(_CHUNK)) if ready else codes.end():
                self._on_code(code)

    def _lose(self, fault: Exception) -> None:
        """Say it once for each way of being away."""
        self._present = False
        words = f"{self._port}: no scanner, is its cable pulled? ({fault})"
        if words != self._said:
            self._said = words
            _log.warning("%s", words)


# ---- what is attached ----------------------------------------------------------------


@dataclass(frozen=True)
class FoundScanner:
    """A serial port at which a scanner may be; `likely`: its maker makes scanners, or it calls itself one."""

    port: str
    title: str
    likely: bool


def list_scanners(ports: Iterable[Any] | None = None, by_id: Path = Path("/dev/serial/by-id")) -> list[FoundScanner]:
    """The serial ports of this machine, the likely ones first, by names that stay with the device."""
    names, here = _stable_names(by_id), cast(Any, list_ports_linux)
    found = [_found(port, names) for port in (here.comports() if ports is None else ports)]
    return sorted(found, key=lambda each: (not each.likely, each.port))


def _found(port: Any, names: dict[str, str]) -> FoundScanner:
    maker = port.manufacturer or _MAKERS.get(port.vid)
    words = " ".join(filter(None, (maker, port.product))) or port.description or ""
    called_so = any(word in words.lower() for word in ("scan", "barcode", "bar code", "imager"))
    return FoundScanner(names.get(port.device, port.device), words, called_so or port.vid in _MAKERS)


def _stable_names(by_id: Path) -> dict[str, str]:
    """The names that udev gives by maker and serial number, by device."""
    try:
        return {str(link.resolve()): str(link) for link in sorted(by_id.iterdir())}
    except OSError:
        return {}
