"""Bytes to and from a printer: serial line, network, device node or file, each call with a deadline."""

import contextlib
import os
import select
import socket
import termios
import time
from pathlib import Path
from typing import Any

from serial import SerialException
from serial.serialposix import Serial

from printers.base import PrinterUnreachable
from printers.models import Flow

_FAST = 1_000_000.0
_CHUNK = 4096
_DEAD_PEER_MS = 8000
"""A printer that was switched off acknowledges nothing; the system would go on for a quarter of an hour."""
_IDLE_SECONDS = 0.05


class _DescriptorTransport:
    """What all transports share: an open file descriptor, used with `select` so that nothing waits for ever."""

    bytes_per_second: float = _FAST

    def __init__(self, name: str) -> None:
        self._name = name
        self._descriptor: int | None = None

    def open(self, seconds: float) -> None:
        """Connect; raises PrinterUnreachable. Does nothing when open."""
        if self._descriptor is None:
            try:
                self._descriptor = self._connect(seconds)
            except (OSError, SerialException) as error:
                self.close()
                raise PrinterUnreachable(f"{self._name}: {error}") from error

    def write(self, data: bytes, seconds: float) -> None:
        """Hand over all of `data`; raises PrinterUnreachable when that fails or takes longer."""
        deadline = time.monotonic() + seconds
        rest = memoryview(data)
        while rest:
            if not self._ready(deadline, writing=True):
                taken = len(data) - len(rest)
                raise PrinterUnreachable(f"{self._name}: took {taken} of {len(data)} bytes in time", taken)
            rest = rest[self._put(rest[:_CHUNK], len(data) - len(rest)) :]

    def read(self, seconds: float) -> bytes:
        """Return what has come, waiting for the first byte; empty when nothing came in time."""
        if not self._ready(time.monotonic() + seconds, writing=False):
            return b""
        return self._take()

    def title(self, _words: str) -> None:
        """Name the next ticket; a device has no use for it."""

    def close(self) -> None:
        """Disconnect; never raises."""
        if self._descriptor is not None:
            self._disconnect(self._descriptor)
            self._descriptor = None

    def _connect(self, seconds: float, /) -> int:
        """Open the device and return its file descriptor."""
        raise NotImplementedError

    def _disconnect(self, descriptor: int, /) -> None:
        """Close the file descriptor; a device that is gone may complain."""
        with contextlib.suppress(OSError):
            os.close(descriptor)

    def _open_descriptor(self) -> int:
        """The file descriptor; raises PrinterUnreachable when closed."""
        if self._descriptor is None:
            raise PrinterUnreachable(f"{self._name}: not open")
        return self._descriptor

    def _ready(self, deadline: float, *, writing: bool) -> bool:
        """Wait until a read or write would not block, or the deadline."""
        descriptor = self._open_descriptor()
        wanted = [descriptor]
        seconds = max(0.0, deadline - time.monotonic())
        try:
            readable, writable, _ = select.select([] if writing else wanted, wanted if writing else [], [], seconds)
        except OSError as error:
            raise PrinterUnreachable(f"{self._name}: {error}") from error
        return bool(readable or writable)

    def _put(self, data: memoryview, taken: int) -> int:
        """Write once; returns how many bytes were taken, beside those that were `taken` before."""
        try:
            return os.write(self._open_descriptor(), data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise PrinterUnreachable(f"{self._name}: {error}", taken) from error

    def _take(self) -> bytes:
        """Read once."""
        try:
            data = os.read(self._open_descriptor(), _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PrinterUnreachable(f"{self._name}: {error}") from error
        if not data:
            raise PrinterUnreachable(f"{self._name}: the other side closed the connection")
        return data


class SerialTransport(_DescriptorTransport):
    """A serial port, 8 data bits without parity; `flow` is how the printer says that it must wait."""

    def __init__(self, port: str, baud: int = 115200, *, flow: Flow = "none") -> None:
        super().__init__(port)
        self.bytes_per_second = baud / 10
        self._port, self._baud, self._flow = port, baud, flow
        self._device: Any = None

    def _connect(self, seconds: float) -> int:
        """Open the port for this program alone."""
        make: Any = Serial
        self._device = make(
            self._port,
            self._baud,
            timeout=0,
            write_timeout=seconds,
            rtscts=self._flow == "rtscts",
            xonxoff=self._flow == "xonxoff",
            exclusive=True,
        )
        return int(self._device.fileno())

    def _disconnect(self, _descriptor: int) -> None:
        """Close the port; what it has not taken is dropped: closing would wait for a printer that stands still."""
        if self._device is not None:
            with contextlib.suppress(OSError, SerialException, termios.error):
                self._device.reset_output_buffer()
            with contextlib.suppress(OSError, SerialException, termios.error):
                self._device.close()
            self._device = None


class NetworkTransport(_DescriptorTransport):
    """A printer on the network, usually port 9100."""

    def __init__(self, host: str, port: int = 9100) -> None:
        super().__init__(f"{host}:{port}")
        self._address = (host, port)

    def _connect(self, seconds: float) -> int:
        """Open a connection that notices a dead printer."""
        connection = socket.create_connection(self._address, timeout=seconds)
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_PEER_MS)
        return connection.detach()


class NodeTransport(_DescriptorTransport):
    """A device node such as /dev/usb/lp0, which the kernel's printer driver serves."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path

    def _connect(self, _seconds: float) -> int:
        """Open the node for reading and writing."""
        return os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)

    def _take(self) -> bytes:
        """Read once; a USB printer with nothing to say may answer with nothing at once."""
        try:
            return super()._take()
        except PrinterUnreachable as error:
            if isinstance(error.__cause__, OSError) or self._hung_up():
                raise
            return b""

    def _hung_up(self) -> bool:
        """Whether the device behind the node is gone."""
        waiting = select.poll()
        waiting.register(self._open_descriptor(), 0)
        return any(events & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, events in waiting.poll(0))

    def read(self, seconds: float) -> bytes:
        """Return what has come; a node that is always ready to be read is not asked without rest."""
        deadline = time.monotonic() + seconds
        while not (data := super().read(deadline - time.monotonic())):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(left, _IDLE_SECONDS))
        return data


class FileTransport(_DescriptorTransport):
    """A file to which all bytes are appended; it never answers."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path

    def _connect(self, _seconds: float) -> int:
        """Open the file."""
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def read(self, _seconds: float) -> bytes:
        """Return nothing."""
        return b""
