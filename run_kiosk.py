"""Start a kiosk of a hall: `python run_kiosk.py --data DIR`."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from config import logs
from config.texts import TextsError, folder_given, languages, lay_beside
from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.journal import Journal, open_journal
from kiosk.journal_file import JournalFault
from kiosk.options import WrongInputError, find_keys, parser
from kiosk.scanner import Scanner
from kiosk.screens.setup import settle
from kiosk.session import Job, Session
from kiosk.staff_pin import ask_and_set
from kiosk.staff_wiring import staff_work
from printers.base import PrinterSetupError
from printers.documents import PrinterFileError
from printers.opening import open_printer
from printers.template_file import load_template
from protocol.client import HallClient
from protocol.keys import DeviceKeys, KeyFileError, keeping
from voice.speaker import Speaker
from voice.speech import Speech

if TYPE_CHECKING:
    from kiosk.app import KioskApp
    from printers.spool import Spool

WRONG_INPUT = 2


def main(arguments: list[str]) -> int:
    """Run a kiosk until it is told to stop; returns the exit code: 0, 2 for wrong input, 3 if staff closed it."""
    options = parser().parse_args(arguments)
    if options.set_pin:
        return ask_and_set(options.data)
    logs.begin("kiosk", options.data, level=logging.WARNING)
    try:
        _settle_texts(options)
        keys = find_keys(options.data, options.keys)
        if options.pictures:
            options.pictures.mkdir(parents=True, exist_ok=True)
        journal = open_journal(options.data / f"kiosk-{keys.device_id}.db")
        printer = _open_printer(options, keys)
    except (
        WrongInputError,
        TextsError,
        KeyFileError,
        JournalFault,
        PrinterSetupError,
        PrinterFileError,
        OSError,
    ) as fault:
        sys.stderr.write(f"run_kiosk.py: {fault}\n")
        return WRONG_INPUT
    try:
        return _run(options, keys, printer, journal)
    finally:
        printer.close()


def _settle_texts(options: argparse.Namespace) -> None:
    """Use the languages of the folder given; raises TextsError or WrongInputError."""
    lay_beside(folder_given(options.texts))
    if options.language not in languages():
        raise WrongInputError(f"--language {options.language}: expected one of {', '.join(languages())}")


def _open_printer(options: argparse.Namespace, keys: DeviceKeys) -> "Spool":
    """The ticket printer; the paper of one that prints on paper is counted."""
    template = load_template(options.template, options.language) if options.template else None
    if options.printer is None:
        return open_printer(f"picture:{options.data / 'tickets'}", options.model, template=template)
    count_file = options.data / f"paper-{keys.device_id}.json"
    return open_printer(options.printer, options.model, template=template, count_file=count_file)


def _run(options: argparse.Namespace, keys: DeviceKeys, printer: "Spool", journal: Journal) -> int:
    """Open the window, connect, and stay until a signal, the window's end or staff say so; the exit code."""
    on_screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    settle(*options.size, on_screen=on_screen, full_screen=not options.window)
    app = _app(options, keys, printer, journal)
    ended = _Ending(app)
    work = staff_work(app.session, printer, options.data, options.printer or "picture", options.model, ended.stop)
    from kiosk.screens.staff import StaffWindow

    app.attach(StaffWindow(work))
    key_file = options.keys or options.data / "keys" / f"{keys.device_id}.json"
    client = HallClient(keys, app.session, keeping(key_file))
    scanner = Scanner(options.scanner, app.session.scanned) if options.scanner else None
    app.session.reporting.more_troubles = lambda: [*app.listening.troubles(), *_scanner_troubles(scanner)]
    app.session.connect(client)
    try:
        if scanner is not None:
            scanner.start()
        app.run()
    finally:
        if scanner is not None:
            scanner.close()
        app.session.close()
        client.close()
    return ended.code


def _scanner_troubles(scanner: Scanner | None) -> list[str]:
    return [] if scanner is None or scanner.present else ["scanner_gone"]


def _app(options: argparse.Namespace, keys: DeviceKeys, printer: "Spool", journal: Journal) -> "KioskApp":
    """The window with its session, and its voice."""
    from kiosk.app import KioskApp
    from voice.kivy_sound import KivySound

    def make_session(post: Callable[[Job], None], changed: Job) -> Session:
        flow = Flow(HallNow(keys.device_id), language=options.language)
        return Session(flow, printer, post, changed, journal=journal)

    def make_speaker(post: Callable[[Job], None]) -> Speaker:
        return Speaker(Speech(options.data / "speech").file_of, KivySound(), post)

    return KioskApp(make_session, options.pictures, options.played, None if options.no_voice else make_speaker)


class _Ending:
    """How the program ends: by a signal, or because staff want it with an exit code that the service manager knows."""

    def __init__(self, app: "KioskApp") -> None:
        self._app = app
        self.code = 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)

    def stop(self, code: int) -> None:
        """End soon with this exit code."""
        self.code, self._app.asked_to_stop = code, True

    def _signalled(self, *_: Any) -> None:
        self.stop(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
