"""`./motcua pin`: give an operator of the running hall a PIN for the desk page."""

import argparse
import getpass
import sys
from pathlib import Path

from protocol.client import HallClient
from protocol.commands import GetHall
from protocol.errors import ServerUnreachable
from protocol.keys import KeyFileError, read_keys
from protocol.pins import PinFileError, set_pin
from protocol.replies import HallReply


def main(arguments: list[str]) -> int:
    """Ask for the PIN and keep its hash; exit 0, 1 (no server, unreadable file) or 2 (wrong input)."""
    options = _parse(arguments)
    keys = options.data / "keys"
    try:
        known = _operators(keys / "desk.json")
        if options.operator not in known:
            return _fail(f"the hall has no operator {options.operator}; it has {', '.join(known)}", 2)
        set_pin(keys / "pins.json", options.operator, _ask_pin(options.operator))
    except ServerUnreachable as fault:
        return _fail(f"no answer from the queue server at {fault}: start it first", 1)
    except (ValueError, KeyFileError) as fault:
        return _fail(str(fault), 2)
    except (PinFileError, OSError) as fault:
        return _fail(str(fault), 1)
    sys.stdout.write(f"Operator {options.operator} can sign in at /desk with the new PIN.\n")
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="motcua pin", description=__doc__)
    parser.add_argument("operator", metavar="OPERATOR", help="the operator's number, as 01")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hall's data folder")
    return parser.parse_args(arguments)


def _operators(key_file: Path) -> list[str]:
    client = HallClient(read_keys(key_file))
    try:
        hall = client.call(GetHall(), within=5)
    finally:
        client.close()
    assert isinstance(hall, HallReply)
    return hall.operator_ids


def _ask_pin(operator_id: str) -> str:
    """The PIN, typed twice unseen, or one line of a pipe: never an argument, which others could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    pin = getpass.getpass(f"PIN of operator {operator_id}: ")
    if getpass.getpass("Once more: ") != pin:
        raise ValueError("the two PINs differ; nothing was changed")
    return pin


def _fail(line: str, code: int) -> int:
    sys.stderr.write(f"pin: {line}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
