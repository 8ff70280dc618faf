"""The administrator's commands: enrol, verify, report, keep-figures, rehearse, promote, backup, restore."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path

from config import logs
from config.loading import SettingsError
from protocol.errors import InvalidEnrolmentCode, MotcuaError, Refusal, ServerUnreachable
from protocol.invitation import InvitationError
from protocol.keys import KeyFileError
from queue_server import rehearsing, reporting, restore_command
from queue_server.backup import back_up, note_backup
from queue_server.enrolling import enrol, parser_into
from queue_server.keeping_figures import keep_while_parent_lives, look_once
from queue_server.standby import promoting
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import Broken, verify


class WrongInput(MotcuaError):
    """What was asked for can't be: nothing was done."""


def main(arguments: list[str]) -> int:
    """Run one command; exit 0 done, 1 failed, 2 wrong input."""
    options = _parse(arguments)
    try:
        return int(_COMMANDS[options.command](options))
    except (
        WrongInput,
        restore_command.NoBackup,
        reporting.NothingToReport,
        SettingsError,
        InvitationError,
        KeyFileError,
    ) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    except InvalidEnrolmentCode:
        sys.stderr.write("the code is unknown, used or expired: make a new invitation at the server\n")
        return 1
    except Refusal as refusal:
        sys.stderr.write(f"the hall refused: {refusal} ({(refusal.__doc__ or '').strip()})\n")
        return 1
    except ServerUnreachable as fault:
        sys.stderr.write(f"no answer from the queue server at {fault}: is it running?\n")
        return 1
    except (MotcuaError, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="motcua")
    commands = parser.add_subparsers(dest="command", required=True)
    parser_into(commands.add_parser("enrol", help="let a device join the hall"))
    checking = commands.add_parser("verify", help="check the log's chain and that it adds up to the state")
    report = commands.add_parser("report", help="the figures of a day or of several, from the log")
    reporting.parser_into(report)
    keeping = commands.add_parser("keep-figures", help="bring the rows of the web's report pages up to date")
    keeping.add_argument("--hall", type=Path, metavar="FILE", help="the hall file: it names procedures and staff")
    keeping.add_argument("--with-parent", action="store_true", help="look every minute, until the starter ends")
    rehearsing.parser_into(commands.add_parser("rehearse", help="play past days again under other rules of the line"))
    promoting.parser_into(commands.add_parser("promote", help="let the second machine take the hall over"))
    backup = commands.add_parser("backup", help="copy the database, also while the hall runs")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore_command.parser_into(commands.add_parser("restore", help="put a backup in the hall's place"))
    for command in (checking, report, keeping, backup):
        command.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hall's data folder")
    return parser.parse_args(arguments)


def _open(data: Path) -> SqliteStorage:
    path = data / "hall.db"
    if not path.is_file():
        raise WrongInput(f"{path}: there is no hall's database; --data must name the folder of a hall's server")
    return SqliteStorage(path, writing=False)


def _verify(options: argparse.Namespace) -> int:
    storage = _open(options.data)
    try:
        events = verify(storage)
        if damage := storage.damage():
            raise Broken(f"the file is damaged, although its log is sound: {damage}")
    finally:
        storage.close()
    sys.stdout.write(f"{events} events: the chain is unbroken and adds up to the state.\n")
    return 0


def _report(options: argparse.Namespace) -> int:
    storage = _open(options.data)
    try:
        return _write(reporting.reported(storage, options), options)
    finally:
        storage.close()


def _keep_figures(options: argparse.Namespace) -> int:
    logs.begin("figures", options.data)
    if options.with_parent:
        keep_while_parent_lives(options.data, options.hall, os.getppid())
    else:
        _open(options.data).close()
        look_once(options.data, options.hall)
    return 0


def _write(rendered: bytes, options: argparse.Namespace) -> int:
    if options.output:
        options.output.write_bytes(rendered)
    elif reporting.form_of(options) == "xlsx" and sys.stdout.isatty():
        raise WrongInput("a workbook is no text: tell a file with --output FILE")
    else:
        sys.stdout.buffer.write(rendered)
        sys.stdout.buffer.flush()
    return 0


def _backup(options: argparse.Namespace) -> int:
    if options.file.exists():
        raise WrongInput(f"{options.file} exists already: name a new file")
    storage = _open(options.data)
    try:
        seq = back_up(storage, options.file)
        note_backup(options.data, options.file, seq, storage.epoch, dt.datetime.now(dt.UTC))
    finally:
        storage.close()
    sys.stdout.write(f"{options.file}: copied and checked.\n")
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "enrol": enrol,
    "verify": _verify,
    "report": _report,
    "keep-figures": _keep_figures,
    "rehearse": rehearsing.rehearse,
    "promote": promoting.promote,
    "backup": _backup,
    "restore": restore_command.run,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
