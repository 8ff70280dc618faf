"""Start a kiosk of a hall: `python run_kiosk.py --data DIR`."""

import argparse
import logging
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.texts import FALLBACK, languages
from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.journal import Journal, open_journal
from kiosk.journal_file import JournalFault
from kiosk.scanner import Scanner
from kiosk.screens.setup import settle
from kiosk.session import Job, Session
from printers.base import PrinterSetupError
from printers.documents import PrinterFileError
from printers.opening import open_printer
from printers.template_file import load_template
from protocol.client import HallClient
from protocol.keys import DeviceKeys, KeyFileError, read_keys

if TYPE_CHECKING:
    from kiosk.app import KioskApp
    from printers.spool import Spool

DONE, WRONG_INPUT = 0, 2


class WrongInputError(Exception):
    """What was typed can't be meant; the message says what was expected."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("run_kiosk.py", description="The touch screen on which citizens take a number.")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with keys/ and tickets/; the journal lies there"
    )
    parser.add_argument("--keys", type=Path, help="key file of this kiosk (default: the only DATA/keys/kiosk*.json)")
    parser.add_argument("--printer", help="address of the ticket printer (default: picture:DATA/tickets)")
    parser.add_argument("--model", default="picture", help="model of the printer (default: picture)")
    parser.add_argument("--template", type=Path, metavar="FILE", help="how the tickets of the hall look")
    parser.add_argument("--scanner", metavar="PORT", help="serial port of a code scanner, e.g. /dev/ttyACM0")
    parser.add_argument("--size", type=_size, default=(1080, 1920), help="of the window (default: 1080x1920)")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--window", action="store_true", help="a window instead of the full screen")
    shown.add_argument("--fullscreen", action="store_true", help="the full screen (default where there is one)")
    parser.add_argument("--language", default=FALLBACK, choices=languages(), help="of the first screen (default: vi)")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="write a PNG of each screen there")
    parser.add_argument(
        "--played",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="for demonstrations only: a scripted finger takes numbers, one touch every so many seconds",
    )
    return parser


def _size(words: str) -> tuple[int, int]:
    """`1080x1920` as pixels."""
    found = re.fullmatch(r"(\d{3,5})x(\d{3,5})", words)
    if found is None:
        raise argparse.ArgumentTypeError(f"{words!r}: expected WIDTHxHEIGHT, e.g. 1080x1920")
    return int(found[1]), int(found[2])


def _seconds(words: str) -> float:
    """A positive number of seconds."""
    if re.fullmatch(r"\d+(\.\d+)?", words) is None or float(words) < 0.1:
        raise argparse.ArgumentTypeError(f"{words!r}: expected seconds, at least 0.1")
    return float(words)


def find_keys(data: Path, given: Path | None) -> DeviceKeys:
    """Read the key file given, or the only kiosk's in the data folder; raises WrongInputError or KeyFileError."""
    if given is None:
        found = sorted((data / "keys").glob("kiosk*.json"))
        if len(found) != 1:
            names = ", ".join(path.name for path in found) or "none"
            raise WrongInputError(f"{data / 'keys'}: expected one kiosk*.json, found {names}; name it with --keys")
        given = found[0]
    keys = read_keys(given)
    if keys.role != "kiosk":
        raise WrongInputError(f"{given}: the key of a {keys.role}, expected that of a kiosk")
    return keys


def main(arguments: list[str]) -> int:
    """Run a kiosk until it is told to stop; returns the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        keys = find_keys(options.data, options.keys)
        if options.pictures:
            options.pictures.mkdir(parents=True, exist_ok=True)
        journal = open_journal(options.data / f"kiosk-{keys.device_id}.db")
        printer = _open_printer(options, keys)
    except (WrongInputError, KeyFileError, JournalFault, PrinterSetupError, PrinterFileError, OSError) as fault:
        sys.stderr.write(f"run_kiosk.py: {fault}\n")
        return WRONG_INPUT
    try:
        _run(options, keys, printer, journal)
    finally:
        printer.close()
    return DONE


def _open_printer(options: argparse.Namespace, keys: DeviceKeys) -> "Spool":
    """The ticket printer; the paper of one that prints on paper is counted."""
    template = load_template(options.template, options.language) if options.template else None
    if options.printer is None:
        return open_printer(f"picture:{options.data / 'tickets'}", options.model, template=template)
    count_file = options.data / f"paper-{keys.device_id}.json"
    return open_printer(options.printer, options.model, template=template, count_file=count_file)


def _run(options: argparse.Namespace, keys: DeviceKeys, printer: "Spool", journal: Journal) -> None:
    """Open the window, connect, and stay until a signal or the window's end."""
    on_screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    settle(*options.size, on_screen=on_screen, full_screen=not options.window)
    from kiosk.app import KioskApp

    def make_session(post: Callable[[Job], None], changed: Job) -> Session:
        flow = Flow(HallNow(keys.device_id), language=options.language)
        return Session(flow, printer, post, changed, journal=journal)

    app = KioskApp(make_session, options.pictures, options.played)
    _stop_on_signals(app)
    client = HallClient(keys, app.session)
    scanner = Scanner(options.scanner, app.session.scanned) if options.scanner else None
    app.session.connect(client)
    try:
        if scanner is not None:
            app.session.reporting.more_troubles = lambda: [] if scanner.present else ["scanner_gone"]
            scanner.start()
        app.run()
    finally:
        if scanner is not None:
            scanner.close()
        app.session.close()
        client.close()


def _stop_on_signals(app: "KioskApp") -> None:
    def stop(*_: Any) -> None:
        app.asked_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
