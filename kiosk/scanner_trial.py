"""`python -m kiosk.scanner_trial`: which scanners are attached, and what a kiosk makes of a code held before one."""

import argparse
import getpass
import queue
import sys
import time
from collections.abc import Callable, Sequence

from kiosk.codes import meaning
from kiosk.scanner import BAUD, Scanner, list_scanners
from kiosk.touches import ScanDossier, ScanPerson, ScanToken

DONE, WRONG_INPUT = 0, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """List scanners, or try one for some seconds; exit 0, or 2 for wrong input. No code is shown but a dossier's."""
    options = _parser().parse_args(arguments)
    if options.port and options.keyboard:
        sys.stderr.write("scanner: --port or --keyboard, not both\n")
        return WRONG_INPUT
    if options.port:
        _try_port(options.port, options.baud, options.seconds)
    elif options.keyboard:
        _try_keyboard(getpass.getpass)
    else:
        _list()
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kiosk.scanner_trial", description=__doc__)
    parser.add_argument("--port", metavar="PORT", help="try the scanner at this port, e.g. /dev/motcua-scanner")
    parser.add_argument("--baud", type=int, default=BAUD, metavar="N", help=f"its speed ({BAUD})")
    parser.add_argument("--keyboard", action="store_true", help="try a scanner that types; an empty line ends it")
    parser.add_argument("--seconds", type=float, default=30.0, metavar="N", help="how long to try a port (30)")
    return parser


def _list() -> None:
    found = list_scanners()
    for each in found:
        _say(f"{each.port}  {each.title}  {'likely a scanner' if each.likely else ''}".rstrip())
    if not found:
        _say("No serial port. A scanner that types like a keyboard has none: try it with --keyboard.")


def _try_port(port: str, baud: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
    codes: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    scanner = Scanner(port, codes.put, baud)
    scanner.start()
    _say(f"Hold codes before the scanner at {port}; this ends after {seconds:g} s.")
    deadline = clock() + seconds
    try:
        while (left := deadline - clock()) > 0:
            try:
                _say(told(codes.get(timeout=min(left, 1.0))))
            except queue.Empty:
                continue
    except KeyboardInterrupt:
        pass
    finally:
        scanner.close()


def _try_keyboard(ask: Callable[[str], str]) -> None:
    try:
        while typed := ask("Hold a code before the scanner (it stays unseen): "):
            _say(told(typed))
    except (EOFError, KeyboardInterrupt):
        return


def told(raw: bytes | str) -> str:
    """What a kiosk makes of a code, without what may be personal."""
    match meaning(raw, ""):
        case ScanToken():
            return "a paper of a hall: a ticket, an appointment or a come-back slip"
        case ScanDossier(code):
            return f"the code of a dossier: {code}"
        case ScanPerson():
            return "an identity card; its number is not shown"
        case _:
            return f"nothing that a kiosk knows ({len(raw)} signs)"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
