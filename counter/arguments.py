"""The command line of the counter program, read and checked before anything is opened."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from config.texts import FALLBACK, languages, text
from counter.bus import Box
from counter.call_box import CallBox
from counter.desk import Phase
from counter.driver import Driver
from counter.orders import Presets
from counter.qub import Qub, QubDigits
from counter.sign import ARROWS, Sign
from protocol.errors import MotcuaError
from protocol.keys import DeviceKeys, read_keys

_EPILOG = """
BOX is ADDRESS=NAME: the address set in the box, decimal or as 0x20, and the name of the key file DIR/keys/NAME.json
of its counter, made with ./motcua enrol --role counter. Several boxes may be of one counter, and boxes of several
families may share a line, if they have the same speed and no address twice:

  python -m counter --data DIR --line /dev/ttyUSB0 --qub 0x21=quay-1 --sign 0x41=quay-1 --operator quay-1=05

Each line is a run of the program. docs/hardware.md tells what the keys and lamps mean.
"""


class WrongInput(MotcuaError):
    """An argument that can't be used; its message is for the person who typed it."""


class Setup(Struct, frozen=True):
    """One line: its port and speed, the folder of keys and log, its boxes by address, the counters they belong to."""

    port: str
    baud: int
    data: Path
    boxes: dict[int, Box]
    keys: dict[str, DeviceKeys]
    """The key of each counter, by counter id."""
    presets: dict[str, Presets]


class _Parser(argparse.ArgumentParser):
    """Wrong arguments are one line."""

    def error(self, message: str) -> "None":  # type: ignore[override]
        raise WrongInput(message)


def read_arguments(arguments: Sequence[str]) -> Setup:
    """Read the command line and the key files it names; raises WrongInput or KeyFileError."""
    options = _parser().parse_args(arguments)
    pairs = [(driver, box) for driver in _drivers(options) for box in getattr(options, _option(driver))]
    if not pairs:
        raise WrongInput("name a box at least: --qub, --qub-digits, --call-box or --sign ADDRESS=NAME")
    keys = {name: _counter_keys(options.data, name) for name in dict.fromkeys(name for _, (_, name) in pairs)}
    _refuse_double({name: key.counter_id or "" for name, key in keys.items()})
    return Setup(
        options.line,
        options.baud or _baud([driver for driver, _ in pairs]),
        options.data,
        _boxes(pairs, keys),
        {key.counter_id or "": key for key in keys.values()},
        _presets(options, keys),
    )


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m counter",
        description="Call keypads, call boxes and LED signs of the counters on one serial line.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="DIR", help="the folder whose keys/ holds a key for each counter")
    add("--line", required=True, metavar="PORT", help="the serial port, as /dev/ttyUSB0")
    add("--baud", type=int, choices=(1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200), metavar="N",
        help="the line's speed (usual for the family: qub and sign 57600, call-box 9600)")  # fmt: skip
    add("--qub", type=_box, action="append", default=[], metavar="BOX", help="an RS-485 keypad with a lamp")
    add("--qub-digits", type=_box, action="append", default=[], metavar="BOX", help="one with three digits instead")
    add("--call-box", type=_box, action="append", default=[], metavar="BOX", help="a call box with rating keys")
    add("--sign", type=_box, action="append", default=[], metavar="BOX", help="an LED sign of seven letters")
    add("--arrow", choices=ARROWS, default="right", help="where the signs' arrow points (right)")
    add("--operator", type=_pair, action="append", default=[], metavar="NAME=OPERATOR",
        help="who opens the counter with the call key; without, the counter is opened elsewhere")  # fmt: skip
    add("--transfer", type=_pair, action="append", default=[], metavar="NAME=SERVICE",
        help="the service to which the transfer key sends; without, the key does nothing")  # fmt: skip
    add("--language", default=FALLBACK, choices=languages(), help="of the words on signs (vi)")
    return parser


def _pair(written: str) -> tuple[str, str]:
    name, mark, value = written.partition("=")
    if not (name and mark and value):
        raise argparse.ArgumentTypeError(f"{written!r}: expected NAME=VALUE")
    return name, value


def _box(written: str) -> tuple[int, str]:
    address, name = _pair(written)
    try:
        return int(address, 0), name
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r}: expected ADDRESS=NAME, as 33=quay-1 or 0x21=quay-1") from None


def _drivers(options: argparse.Namespace) -> list[Driver]:
    keypad = _words("keypad", (Phase.SILENT, Phase.CLOSED, Phase.PAUSED, "waiting", "refused"), options.language)
    sign = _words("sign", (Phase.SILENT, Phase.PAUSED), options.language)
    return [Qub(), QubDigits(keypad), CallBox(), Sign(sign, options.arrow)]


def _words(box: str, names: Sequence[str], language: str) -> dict[str, str]:
    return {name: text(f"counter.{box}_{name}", language) for name in names}


def _option(driver: Driver) -> str:
    return driver.family.replace("-", "_")


def _counter_keys(data: Path, name: str) -> DeviceKeys:
    path = data / "keys" / f"{name}.json"
    if "/" in name:
        raise WrongInput(f"{name!r}: expected the name of a key file in {data / 'keys'}, without its folder")
    keys = read_keys(path)
    if keys.role != "counter" or keys.counter_id is None:
        raise WrongInput(f"{path}: the key of a {keys.role}, expected that of a counter")
    return keys


def _refuse_double(counter_of: dict[str, str]) -> None:
    for name, counter_id in counter_of.items():
        others = [other for other, at in counter_of.items() if at == counter_id and other != name]
        if others:
            raise WrongInput(f"{name} and {others[0]} are both keys of counter {counter_id}: use one of them")


def _boxes(pairs: list[tuple[Driver, tuple[int, str]]], keys: dict[str, DeviceKeys]) -> dict[int, Box]:
    boxes: dict[int, Box] = {}
    for driver, (address, name) in pairs:
        if address not in driver.addresses:
            first, last = driver.addresses[0], driver.addresses[-1]
            raise WrongInput(f"--{driver.family} {address}={name}: its addresses are {first} to {last}")
        if address in boxes:
            raise WrongInput(f"--{driver.family} {address}={name}: another box has this address already")
        boxes[address] = Box(driver, keys[name].counter_id or "")
    return boxes


def _baud(drivers: list[Driver]) -> int:
    speeds = {driver.baud: driver.family for driver in drivers}
    if len(speeds) > 1:
        told = ", ".join(f"{family} {baud}" for baud, family in sorted(speeds.items()))
        raise WrongInput(f"boxes on one line need one speed ({told}): set them alike and tell it with --baud")
    return drivers[0].baud


def _presets(options: argparse.Namespace, keys: dict[str, DeviceKeys]) -> dict[str, Presets]:
    for option, told in (("--operator", options.operator), ("--transfer", options.transfer)):
        for name, value in told:
            if name not in keys:
                raise WrongInput(f"{option} {name}={value}: no box has the name {name}; there are {', '.join(keys)}")
    operators, services = dict(options.operator), dict(options.transfer)
    return {key.counter_id or "": Presets(operators.get(name), services.get(name)) for name, key in keys.items()}
