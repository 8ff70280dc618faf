"""The emulated printer behind a serial line (pty) or a network port: `python -m printers.emulator --tcp 9100`."""

import argparse
import contextlib
import errno
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
import tty
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, get_type_hints

from printers.base import PrinterSetupError
from printers.device import EmulatedPrinter, Mood, features_of
from printers.interpreter import Features
from printers.models import load_model

_TICK_SECONDS = 0.02
_CHUNK = 4096
_MOODS = [name for name, kind in get_type_hints(Mood).items() if kind is bool]


class _Line:
    """A thread that carries bytes between one connection and the printer."""

    def __init__(self, printer: EmulatedPrinter) -> None:
        self.printer = printer
        self.drops = 0
        """How often the mood broke the connection."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="emulated-printer", daemon=True)

    @property
    def address(self) -> str:
        """Where a kiosk finds this printer."""
        raise NotImplementedError

    def start(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Hang up and write what is on the paper still."""
        self._stop.set()
        self._thread.join()
        self.printer.deliver()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _run(self) -> None:
        """Serve until stopped."""
        raise NotImplementedError

    def _serve(self, descriptor: int) -> bool:
        """Carry bytes both ways until the other side hangs up, or the mood does; whether it was the mood."""
        while not self._stop.is_set():
            answers = self.printer.take_answers()
            if answers:
                os.write(descriptor, answers)
            if not select.select([descriptor], [], [], _TICK_SECONDS)[0]:
                continue
            data = os.read(descriptor, self._appetite())
            if not data:
                return False
            self.printer.feed(data)
            if self._must_drop():
                return True
        return False

    def _appetite(self) -> int:
        """How many bytes to take now; a slow line takes only what fits into one tick, and waits."""
        mood = self.printer.mood
        appetite = _CHUNK
        if mood.baud is not None:
            time.sleep(_TICK_SECONDS)
            appetite = max(1, int(mood.baud / 10 * _TICK_SECONDS))
        if mood.drop_after is not None:
            appetite = max(1, min(appetite, mood.drop_after - self.printer.received))
        return appetite

    @property
    def reachable(self) -> bool:
        """Whether the other side of a broken connection can be told, and make a new one."""
        return True

    def _must_drop(self) -> bool:
        """Whether the mood breaks the connection now."""
        mood = self.printer.mood
        return mood.drop_after is not None and self.printer.received >= mood.drop_after


class PtyLine(_Line):
    """A printer on a serial line: open `path` as one would open /dev/ttyUSB0.

    With a `link` the path stays the same when the device vanishes, as a cable that is pulled out, and comes back.
    """

    def __init__(self, printer: EmulatedPrinter, link: Path | None = None) -> None:
        super().__init__(printer)
        self._link = link
        self._appeared = 0
        self._appear()

    @property
    def address(self) -> str:
        """Where a kiosk finds this printer."""
        return f"serial:{self.path}"

    @property
    def reachable(self) -> bool:
        """Whether the device is there."""
        return not self._gone and self._appeared > self.drops

    def stop(self) -> None:
        """Hang up."""
        super().stop()
        self._vanish()

    def _run(self) -> None:
        """Serve until stopped; a serial line has no connections, but its adapter can be pulled out."""
        while not self._stop.is_set():
            dropped = False
            with _lost_connections_ignored():
                dropped = self._serve(self._ours)
            if dropped:
                self._vanish()
                self.drops += 1
                while self._must_drop() and not self._stop.wait(_TICK_SECONDS):
                    pass
                self.printer.take_answers()
                self._appear()

    def _appear(self) -> None:
        """Make the device."""
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.path = os.ttyname(self._theirs)
        """The device's path."""
        if self._link is not None:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(self.path)
            self.path = str(self._link)
        self._gone = False
        self._appeared += 1

    def _vanish(self) -> None:
        """Remove the device."""
        if self._gone:
            return
        self._gone = True
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        os.close(self._ours)
        os.close(self._theirs)


class TcpLine(_Line):
    """A printer on the network; `port` 0 takes a free one. Like most of its kind it serves one connection at a time."""

    def __init__(self, printer: EmulatedPrinter, port: int = 0, host: str = "127.0.0.1") -> None:
        super().__init__(printer)
        self._listener = socket.create_server((host, port))
        self._listener.settimeout(_TICK_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        """The port it listens on."""

    @property
    def address(self) -> str:
        """Where a kiosk finds this printer."""
        return f"tcp://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Hang up and give the port free."""
        super().stop()
        self._listener.close()

    def _run(self) -> None:
        """Serve one connection after the other."""
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            dropped = False
            with connection, _lost_connections_ignored():
                connection.settimeout(None)
                if self.printer.mood.half_closed:
                    connection.shutdown(socket.SHUT_WR)
                dropped = self._serve(connection.fileno())
            self.drops += dropped
            self.printer.take_answers()


@contextlib.contextmanager
def _lost_connections_ignored() -> Iterator[None]:
    """A client may go away at any moment."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ECONNRESET, errno.EIO):
            raise


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator until interrupted; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        printer = _printer(options)
    except PrinterSetupError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    printer.set_mood(Mood(**dict.fromkeys(options.mood or (), True), baud=options.baud))
    try:
        line: _Line = PtyLine(printer, options.link) if options.pty else TcpLine(printer, options.tcp)
    except OSError as error:
        sys.stderr.write(f"port {options.tcp}: {error.strerror}\n")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with line:
        sys.stdout.write(f"printer at {line.address}, tickets in {options.folder}\n")
        sys.stdout.flush()
        _report_until_interrupted(printer)
    return 0


def _printer(options: argparse.Namespace) -> EmulatedPrinter:
    """A printer like the model named, or one of the width named that can do everything."""
    if options.model is None:
        return EmulatedPrinter(options.folder, options.width, Features(barrier=not options.no_barrier))
    model = load_model(options.model)
    return EmulatedPrinter(options.folder, model.width_dots, features_of(model))


def _report_until_interrupted(printer: EmulatedPrinter) -> None:
    """Name every ticket as it is written; a shell that started this in the background ignores interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    told = 0
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            for picture in printer.pictures[told:]:
                sys.stdout.write(f"{picture}\n")
                sys.stdout.flush()
                told += 1
            time.sleep(0.1)


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m printers.emulator", description="An ESC/POS printer that writes PNG."
    )
    front = parser.add_mutually_exclusive_group(required=True)
    front.add_argument("--tcp", type=int, metavar="PORT", help="listen on this port of this machine")
    front.add_argument("--pty", action="store_true", help="make a serial device and name it")
    parser.add_argument("--link", type=Path, metavar="PATH", help="name the serial device so, too")
    parser.add_argument("--folder", type=Path, default=Path("tickets"), help="where the PNG files go")
    parser.add_argument("--width", type=int, default=576, choices=(384, 576), help="printable dots: 58 or 80 mm paper")
    parser.add_argument("--model", help="be like this model (config/printers/) instead")
    parser.add_argument("--baud", type=int, help="take bytes no faster than a serial line of this speed")
    parser.add_argument("--no-barrier", action="store_true", help="do not answer GS r")
    parser.add_argument(
        "--mood", action="append", choices=_MOODS, help="what is wrong with the printer; may be repeated"
    )
    return parser


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    sys.exit(main())
