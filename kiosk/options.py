"""What may be typed to start a kiosk, and which key file is meant."""

import argparse
import re
from pathlib import Path

from config.texts import FALLBACK
from protocol.keys import DeviceKeys, read_keys


class WrongInputError(Exception):
    """What was typed can't be meant; the message says what was expected."""


def parser() -> argparse.ArgumentParser:
    """The command line of a kiosk."""
    made = argparse.ArgumentParser("run_kiosk.py", description="The touch screen on which citizens take a number.")
    made.add_argument("--data", type=Path, required=True, help="folder with keys/ and tickets/; the journal lies there")
    made.add_argument("--keys", type=Path, help="key file of this kiosk (default: the only DATA/keys/kiosk*.json)")
    made.add_argument("--set-pin", action="store_true", help="set the PIN of the staff's corner, and nothing else")
    _add_devices(made)
    _add_window(made)
    return made


def _add_devices(made: argparse.ArgumentParser) -> None:
    made.add_argument("--printer", help="address of the ticket printer (default: picture:DATA/tickets)")
    made.add_argument("--model", default="picture", help="model of the printer (default: picture)")
    made.add_argument("--template", type=Path, metavar="FILE", help="how the tickets of the hall look")
    made.add_argument("--scanner", metavar="PORT", help="serial port of a code scanner, e.g. /dev/ttyACM0")
    made.add_argument("--no-voice", action="store_true", help="offer no spoken guidance")


def _add_window(made: argparse.ArgumentParser) -> None:
    made.add_argument("--size", type=_size, default=(1080, 1920), help="of the window (default: 1080x1920)")
    shown = made.add_mutually_exclusive_group()
    shown.add_argument("--window", action="store_true", help="a window instead of the full screen")
    shown.add_argument("--fullscreen", action="store_true", help="the full screen (default where there is one)")
    made.add_argument("--texts", type=Path, metavar="DIR", help="a folder of further languages, or of other words")
    made.add_argument("--language", default=FALLBACK, metavar="CODE", help="of the first screen (default: vi)")
    made.add_argument("--pictures", type=Path, metavar="FOLDER", help="write a PNG of each screen there")
    made.add_argument(
        "--played",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="for demonstrations only: a scripted finger takes numbers, one touch every so many seconds",
    )


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
