"""The command `restore`: put a backup in the hall's place, and say in plain sentences what that means for the day."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from protocol.errors import MotcuaError
from protocol.events import NumbersVoided
from queue_server import folder
from queue_server.restoring import VOID, Restored, queues_of, restore


class NoBackup(MotcuaError):
    """What was named can't be restored; nothing was done."""


def parser_into(parser: argparse.ArgumentParser) -> None:
    """Tell a parser the options of `restore`."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hall's data folder")
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `backup` made")
    parser.add_argument(
        "--void",
        type=_count,
        default=VOID,
        metavar="N",
        help="so many numbers of each queue nobody gets today, since they may be on paper (default: %(default)s; "
        "0: no number was given since the backup)",
    )
    parser.add_argument(
        "--clock-is-right", action="store_true", help="restore although the backup is months old or of tomorrow"
    )


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no count: 0 or more is expected")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Restore and tell; raises NoBackup, Broken, ClockWrong, StorageFault or OSError, and nothing changed then."""
    data, backup = options.data, options.file
    if not backup.is_file():
        raise NoBackup(f"{backup}: there is no such file; name one that ./motcua backup made")
    if (data / "hall.db").exists() and backup.samefile(data / "hall.db"):
        raise NoBackup(f"{backup} is the hall's own database: name a backup")
    lock = folder.lock(data)
    try:
        done = restore(data, backup, dt.datetime.now(dt.UTC), void=options.void, clock_is_right=options.clock_is_right)
    finally:
        lock.close()
    sys.stdout.write("".join(f"{line}\n" for line in _told(done, data, backup)))
    return 0


def _told(done: Restored, data: Path, backup: Path) -> list[str]:
    lines = [f"{data}: the hall goes on from {backup}, which was checked; its log has {done.seq} events now."]
    if done.aside:
        lines.append(f"What was there before is kept as {done.aside}.")
    names = queues_of(data / "hall.db")
    lines += [_voided(names, body) for body in done.voided]
    if done.voided:
        lines.append("Who holds such a number takes a new one; what kiosks gave by themselves of them is handed in.")
    if done.unread:
        lines.append("What was there before can't be read: devices that joined or were shut out since the backup are")
        lines.append("not known. Look at the list of devices on the supervisor's page.")
    lines += [f"Enrol again: {device.device_id} ({device.role})." for device in done.to_enrol]
    lines += [f"Shut out again: {device_id}." for device_id in done.shut_out]
    if not (data / "keys" / "server.json").exists():
        lines.append(f"{data / 'keys'} holds no key of the server, and a backup holds none: put a copy of that folder")
        lines.append("there if you have one; else every device must be enrolled again, and every PIN set again.")
    return [*lines, "Start the server. A request that was answered since the backup gets a new answer."]


def _voided(names: dict[str, tuple[str, int]], body: NumbersVoided) -> str:
    prefix, digits = names.get(body.queue_id, ("", 1))
    first, last = (f"{prefix}{number:0{digits}d}" for number in (body.first, body.last))
    return f"{body.service_day}: nobody gets the numbers {first} to {last} of {body.queue_id}."
